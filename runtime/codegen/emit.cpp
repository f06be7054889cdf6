#include "runtime/codegen/emit.h"

namespace krait::codegen {

static constexpr uint32_t kMaxDepth = 4000;
static constexpr uint32_t kMaxRegisters = 60000;

DepthGuard::DepthGuard(CompileContext& c, NodeId node) : c_(c), ok_(++c.depth <= kMaxDepth && !c.failed) {
  if (ok_ || c.failed) return;
  failTooDeep(c, node);
}

void failTooDeep(CompileContext& c, NodeId node) {
  fail(c, node, "maximum recursion depth exceeded during compilation");
  c.error.is_recursion = true;
}

void fail(CompileContext& c, NodeId node, std::string message) {
  if (c.failed) return;
  c.failed = true;
  c.error.message = std::move(message);
  c.error.range = c.ast.range(node);
}

uint16_t allocTemp(CompileContext& c, uint32_t count) {
  uint16_t first = c.u->top;
  reserveTo(c, first + count);
  return first;
}

void reserveTo(CompileContext& c, uint32_t reg) {
  if (reg > kMaxRegisters) {
    fail(c, c.u->node, "too many values at once in one function");
    return;
  }
  c.u->top = static_cast<uint16_t>(reg);
  if (reg > c.u->max_top) c.u->max_top = reg;
}

uint16_t workRegister(CompileContext& c, uint16_t dst) { return isTemp(c, dst) ? dst : allocTemp(c); }

void settle(CompileContext& c, uint16_t work, uint16_t dst) {
  if (work != dst) emit(c, Op::kTake, dst, work);
}

static Instruction* append(CompileContext& c, Op op, uint32_t a, uint8_t flags) {
  UnitContext& u = *c.u;
  if (!u.is_reachable) return nullptr;
  u.code->instructions.push_back({op, flags, static_cast<uint16_t>(a), 0, 0});
  u.ranges.push_back(u.here);
  return &u.code->instructions.back();
}

static bool leavesFrame(Op op) {
  return op == Op::kReturn || op == Op::kReturnConst || op == Op::kRaise || op == Op::kReraise;
}

void emit(CompileContext& c, Op op, uint32_t a, uint32_t b, uint32_t cc, uint8_t flags) {
  Instruction* i = append(c, op, a, flags);
  if (i == nullptr) return;
  if (b > 0xffff || cc > 0xffff) return fail(c, c.u->node, "too many values at once in one function");
  i->b = static_cast<uint16_t>(b);
  i->c = static_cast<uint16_t>(cc);
  if (leavesFrame(op)) markUnreachable(c);
}

void emitWide(CompileContext& c, Op op, uint32_t a, uint32_t bc, uint8_t flags) {
  Instruction* i = append(c, op, a, flags);
  if (i != nullptr) i->setBc(static_cast<int32_t>(bc));
}

void moveTo(CompileContext& c, const Operand& o, uint16_t reg) {
  DCHECK(!o.is_constant, "constants are loaded, not moved");
  if (o.reg == reg) return;
  emit(c, o.is_temp ? Op::kTake : Op::kMove, reg, o.reg);
}

// --- control flow

Label newLabel(CompileContext& c) {
  c.u->labels.push_back({});
  return {static_cast<uint32_t>(c.u->labels.size() - 1)};
}

void bindLabel(CompileContext& c, Label label) {
  UnitContext& u = *c.u;
  LabelState& state = u.labels[label.id];
  state.position = static_cast<int64_t>(u.code->instructions.size());
  if (!u.is_reachable && !state.is_used) return;
  if (state.is_used) u.bound.intersect(state.bound);
  u.is_reachable = true;
  u.last_bound = state.position;
}

void bindLoop(CompileContext& c, Label label) {
  c.u->bound.without(c.u->deletable);
  bindLabel(c, label);
}

// Notes that the instruction just appended jumps to the label.
static void linkJump(CompileContext& c, Label label, bool is_short) {
  UnitContext& u = *c.u;
  LabelState& state = u.labels[label.id];
  state.is_used = true;
  state.bound.intersect(u.bound);
  u.jumps.push_back({static_cast<uint32_t>(u.code->instructions.size() - 1), label.id, is_short});
}

void jump(CompileContext& c, Label label) {
  if (!c.u->is_reachable) return;
  bool backward = c.u->labels[label.id].position >= 0;
  append(c, backward ? Op::kJumpBack : Op::kJump, 0, 0);
  linkJump(c, label, false);
  markUnreachable(c);
}

void jumpIf(CompileContext& c, const Operand& o, Label label, bool when) {
  uint8_t flags = static_cast<uint8_t>(freeA(o) | (when ? bytecode::kWhenTrue : 0));
  if (append(c, Op::kJumpIf, o.reg, flags) != nullptr) linkJump(c, label, false);
}

void jumpIfNone(CompileContext& c, const Operand& o, Label label, bool when) {
  uint8_t flags = static_cast<uint8_t>(freeA(o) | (when ? bytecode::kWhenTrue : 0));
  if (append(c, Op::kJumpIfNone, o.reg, flags) != nullptr) linkJump(c, label, false);
}

void jumpCompare(CompileContext& c, Op op, const Operand& left, const Operand& right, Label label, bool when) {
  uint8_t flags = static_cast<uint8_t>(freeA(left) | freeB(right));
  if (c.u->long_jumps) {
    // Over a jump with 32 bits.
    Label over = newLabel(c);
    Instruction* i = append(c, op, left.reg, static_cast<uint8_t>(flags | (when ? 0 : bytecode::kWhenTrue)));
    if (i == nullptr) return;
    i->b = right.reg;
    linkJump(c, over, true);
    append(c, Op::kJump, 0, 0);
    linkJump(c, label, false);
    bindLabel(c, over);
    return;
  }
  Instruction* i = append(c, op, left.reg, static_cast<uint8_t>(flags | (when ? bytecode::kWhenTrue : 0)));
  if (i == nullptr) return;
  i->b = right.reg;
  linkJump(c, label, true);
}

void emitNearJumping(CompileContext& c, Op op, uint16_t a, uint16_t b, Label label) {
  Instruction* i = append(c, op, a, 0);
  if (i == nullptr) return;
  i->b = b;
  linkJump(c, label, true);
}

void emitJumping(CompileContext& c, Op op, uint16_t a, uint16_t b, Label label, uint8_t flags) {
  Instruction* i = append(c, op, a, flags);
  if (i == nullptr) return;
  i->b = b;
  if (!c.u->long_jumps) return linkJump(c, label, true);
  Label taken = newLabel(c), over = newLabel(c);
  linkJump(c, taken, true);
  append(c, Op::kJump, 0, 0);
  linkJump(c, over, false);
  bindLabel(c, taken);
  append(c, Op::kJump, 0, 0);
  linkJump(c, label, false);
  bindLabel(c, over);
}

// --- handler ranges

void openRange(CompileContext& c, Block& block) {
  if (!block.handler.valid()) return;
  block.range_begin = static_cast<uint32_t>(c.u->code->instructions.size());
  // The protected code may delete variables before it raises.
  BoundSet bound = c.u->bound;
  bound.without(c.u->deletable);
  c.u->labels[block.handler.id].bound.intersect(bound);
}

void closeRange(CompileContext& c, Block& block) {
  if (!block.handler.valid()) return;
  uint32_t end = static_cast<uint32_t>(c.u->code->instructions.size());
  if (end == block.range_begin) return;
  c.u->labels[block.handler.id].is_used = true;
  // `handler` holds the label until the unit is finished.
  c.u->code->handlers.push_back({block.range_begin, end, block.handler.id, block.level, block.level});
  block.range_begin = end;
}

size_t pushBlock(CompileContext& c, Block block, bool protects) {
  if (protects) {
    block.handler = newLabel(c);
    block.level = c.u->top;
    openRange(c, block);
  }
  c.u->blocks.push_back(block);
  return c.u->blocks.size() - 1;
}

Block popBlock(CompileContext& c) {
  closeRange(c, c.u->blocks.back());
  Block block = c.u->blocks.back();
  c.u->blocks.pop_back();
  return block;
}

uint16_t beginHandler(CompileContext& c, const Block& block) {
  DCHECK(!c.u->is_reachable, "a handler is entered only by its exceptions");
  c.u->top = block.level;
  bindLabel(c, block.handler);
  return allocTemp(c);
}

// --- caches

uint32_t addCache(CompileContext& c, NameId name) {
  std::vector<std::string_view>& caches = c.u->code->cache_names;
  if (!c.u->is_reachable) return 0;
  if (caches.size() >= 0xf000) return sharedCache(c, name);
  caches.push_back(c.names.text(name));
  return static_cast<uint32_t>(caches.size() - 1);
}

uint32_t sharedCache(CompileContext& c, NameId name) {
  if (!c.u->is_reachable) return 0;
  std::vector<std::string_view>& caches = c.u->code->cache_names;
  auto [it, is_new] = c.u->shared_caches.try_emplace(name.value, static_cast<uint32_t>(caches.size()));
  if (is_new) {
    if (caches.size() >= 0xffff) fail(c, c.u->node, "too many names in one code block");
    caches.push_back(c.names.text(name));
  }
  return it->second & 0xffff;
}

}  // namespace krait::codegen
