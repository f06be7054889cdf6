// The last step of a code object: jumps get their distances, positions their lines, handlers their targets.
#include "runtime/bytecode/verify.h"
#include "runtime/codegen/emit.h"

namespace krait::codegen {

static bool isUnconditional(Op op) { return op == Op::kJump; }

// Where a jump to `target` ends when it leads to unconditional forward jumps.
// A jump that has a line of its own is not passed over: tracing must see it.
static uint32_t threaded(CompileContext& c, uint32_t from, const std::vector<uint32_t>& jump_target, uint32_t target) {
  const std::vector<Instruction>& code = c.u->code->instructions;
  const std::vector<TextRange>& ranges = c.u->ranges;
  for (int hops = 0; hops < 8 && target < code.size() && isUnconditional(code[target].op); ++hops) {
    uint32_t next = jump_target[target];
    bool has_line = ranges[target] != kNowhere && (ranges[from] == kNowhere || c.lines.lineOf(ranges[target].begin) != c.lines.lineOf(ranges[from].begin));
    if (has_line) break;
    if (next <= target) break;
    target = next;
  }
  return target;
}

static bool patchJumps(CompileContext& c) {
  UnitContext& u = *c.u;
  std::vector<Instruction>& code = u.code->instructions;
  std::vector<uint32_t> jump_target(code.size(), 0);
  for (const PendingJump& j : u.jumps) jump_target[j.instruction] = static_cast<uint32_t>(u.labels[j.label].position);
  for (const PendingJump& j : u.jumps) {
    DCHECK(u.labels[j.label].position >= 0, "every used label is bound");
    bool is_backward = jump_target[j.instruction] <= j.instruction;
    uint32_t target = is_backward ? jump_target[j.instruction] : threaded(c, j.instruction, jump_target, jump_target[j.instruction]);
    auto distanceTo = [&](uint32_t to) { return static_cast<int64_t>(to) - (static_cast<int64_t>(j.instruction) + 1); };
    int64_t distance = distanceTo(target);
    // A short jump to a far one stays as it is.
    if (j.is_short && distance > 32767) distance = distanceTo(jump_target[j.instruction]);
    Instruction& i = code[j.instruction];
    if (!j.is_short) {
      i.setBc(static_cast<int32_t>(distance));
    } else if (distance >= -32768 && distance <= 32767) {
      i.c = static_cast<uint16_t>(static_cast<int16_t>(distance));
    } else {
      return false;
    }
  }
  return true;
}

static void fillPositions(CompileContext& c) {
  UnitContext& u = *c.u;
  u.code->positions.resize(u.ranges.size());
  auto column = [](uint32_t v) { return static_cast<uint16_t>(v < 0xffff ? v : 0xffff); };
  TextRange last{1, 0};
  bytecode::UnitPosition position;
  for (size_t i = 0; i < u.ranges.size(); ++i) {
    if (u.ranges[i] != last) {
      last = u.ranges[i];
      if (last == kNowhere) {
        u.code->positions[i] = position = {0, 0, 0xffff, 0xffff};
        continue;
      }
      uint32_t line = c.lines.lineOf(last.begin);
      uint32_t end_line = c.lines.lineOf(last.end);
      position = {line + 1, end_line + 1, column(last.begin - c.lines.lineStart(line)), column(last.end - c.lines.lineStart(end_line))};
    }
    u.code->positions[i] = position;
  }
}

static void emitClearingHandlers(CompileContext& c) {
  for (const ClearingHandler& h : c.u->clearing) {
    c.u->top = h.level;
    bindLabel(c, h.label);
    if (!c.u->is_reachable) continue;
    at(c, h.range);
    uint16_t exception = allocTemp(c);
    uint32_t begin = static_cast<uint32_t>(c.u->code->instructions.size());
    for (uint16_t r : h.registers) emit(c, Op::kClear, r);
    emit(c, Op::kReraise, exception);
    if (!h.outer.valid()) continue;
    uint32_t end = static_cast<uint32_t>(c.u->code->instructions.size());
    c.u->code->handlers.push_back({begin, end, h.outer.id, h.outer_level, h.outer_level});
  }
}

bool finishUnit(CompileContext& c) {
  UnitContext& u = *c.u;
  emitClearingHandlers(c);
  DCHECK(!u.is_reachable, "code ends in a return");
  if (c.failed) return true;
  if (!patchJumps(c)) return false;
  for (bytecode::UnitHandler& h : u.code->handlers) h.handler = static_cast<uint32_t>(u.labels[h.handler].position);
  u.code->register_count = u.max_top;
  fillPositions(c);
#ifdef KRAIT_VERIFY
  std::string problem = bytecode::verify(*u.code);
  if (!problem.empty()) checkFailed(__FILE__, __LINE__, (std::string(u.code->qualname) + ": " + problem).c_str());
#endif
  return true;
}

}  // namespace krait::codegen
