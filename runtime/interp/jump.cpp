// Assignment to f_lineno: a trace function sends its frame to another line. That may be done where the temporaries that the code
// at the target relies on (iterators of loops, exit methods, exceptions being handled) are there already and came from the same
// kind of instruction; those of blocks that are left are released. ref: frame_setlineno (Objects/frameobject.c).
#include <vector>

#include "runtime/bytecode/effects.h"
#include "runtime/interp/interpreter.h"
#include "runtime/interp/trace.h"
#include "runtime/object/int.h"

namespace krait::interp {

namespace {
// What filled each temporary: 0 nothing, kFromHandler an exception that a handler caught, kUnclear different things by the way
// taken, else the number of the instruction plus one.
constexpr uint32_t kFromHandler = 0xFFFFFFFEu, kUnclear = 0xFFFFFFFFu;
using Sources = std::vector<uint32_t>;

struct Flow {
  const Code* code;
  uint32_t fixed;              // registers of variables, which come first
  std::vector<Sources> entry;  // by instruction; empty: not reached
  std::vector<bool> reached;
  std::vector<uint32_t> work;
};
}  // namespace

static Instruction plain(const Code* code, uint32_t index) {
  Instruction i = code->instructions[index];
  i.op = bytecode::plainOp(i.op);
  return i;
}
static void flowTo(Flow& f, uint32_t target, const Sources& state) {
  if (!f.reached[target]) {
    f.reached[target] = true;
    f.entry[target] = state;
    f.work.push_back(target);
    return;
  }
  Sources& known = f.entry[target];
  bool changed = false;
  for (size_t r = 0; r < state.size(); ++r) {
    if (known[r] == state[r] || known[r] == kUnclear) continue;
    known[r] = kUnclear;
    changed = true;
  }
  if (changed) f.work.push_back(target);
}
static void flowToHandler(Flow& f, uint32_t index, const Sources& state) {
  for (uint32_t k = 0; k < f.code->handler_count; ++k) {
    const HandlerRange& h = f.code->handlers[k];
    if (index < h.begin || index >= h.end) continue;
    Sources after = state;
    for (uint32_t r = h.level < f.fixed ? f.fixed : h.level; r < f.code->register_count; ++r) after[r - f.fixed] = 0;
    after[h.target - f.fixed] = kFromHandler;
    return flowTo(f, h.handler, after);
  }
}
static void setAll(const Flow& f, Sources& state, const std::vector<uint32_t>& registers, uint32_t source) {
  for (uint32_t r : registers) {
    if (r >= f.fixed) state[r - f.fixed] = source;
  }
}
static void follow(Flow& f, uint32_t index) {
  Sources state = f.entry[index];
  Instruction i = plain(f.code, index);
  bytecode::Effects e;
  bytecode::effectsOf(i, e);
  flowToHandler(f, index, state);
  setAll(f, state, e.empties, 0);
  int64_t target = 0;
  if (bytecode::jumpTarget(i, index, target)) {
    Sources taken = state;
    setAll(f, taken, e.empties_on_jump, 0);
    if (e.fills_on_jump) setAll(f, taken, e.fills, index + 1);
    flowTo(f, static_cast<uint32_t>(target), taken);
  }
  setAll(f, state, e.fills, index + 1);
  if (!bytecode::isTerminal(i.op) && index + 1 < f.code->instruction_count) flowTo(f, index + 1, state);
}
static Flow flowOf(const Code* code) {
  Flow f{code, code->local_count + code->free_count, {}, {}, {}};
  f.entry.resize(code->instruction_count);
  f.reached.resize(code->instruction_count);
  flowTo(f, 0, Sources(code->register_count - f.fixed, 0));
  while (!f.work.empty()) {
    uint32_t index = f.work.back();
    f.work.pop_back();
    follow(f, index);
  }
  return f;
}

// The first instruction behind what a function begins with.
static uint32_t bodyOf(const Code* code) {
  uint32_t at = 0;
  for (uint32_t i = 0; i < code->instruction_count; ++i) {
    Op op = code->instructions[i].op;
    if (op == Op::kReturnGenerator) at = i + 1;
    else if (i == at && (op == Op::kMakeCell || op == Op::kLoadClosure)) at = i + 1;
  }
  return at;
}
// Whether a line begins at the instruction.
static bool beginsLine(const Code* code, uint32_t i) {
  const SourcePosition* positions = positionsOf(code);
  return positions[i].line != 0 && (i == 0 || positions[i].line != positions[i - 1].line);
}
// Whether code that expects what the instruction behind `wanted` made can do with what the one behind `present` made.
static bool isAlike(const Flow& f, uint32_t wanted, uint32_t present) {
  if (wanted == kUnclear || present == kUnclear || present == 0) return false;
  if (wanted == present) return true;
  if (wanted == kFromHandler || present == kFromHandler) return false;
  return plain(f.code, wanted - 1).op == plain(f.code, present - 1).op;
}
// Why `target` cannot be gone to from `source`; null when it can.
static const char* whyNot(const Flow& f, const Sources& source, uint32_t target) {
  if (!f.reached[target]) return "can't jump into an exception handler, or code may be unreachable";
  const Sources& wanted = f.entry[target];
  for (size_t r = wanted.size(); r-- > 0;) {
    if (wanted[r] == 0 || isAlike(f, wanted[r], source[r])) continue;
    if (wanted[r] == kFromHandler) return "can't jump into an 'except' block as there's no exception";
    if (wanted[r] == kUnclear) return "incompatible stacks";
    Op op = plain(f.code, wanted[r] - 1).op;
    if (op == Op::kPushHandled) return "can't jump into an 'except' block as there's no exception";
    if (op == Op::kGetIter || op == Op::kGetAIter || op == Op::kGetYieldFromIter) return "can't jump into the body of a for loop";
    return "incompatible stacks";
  }
  return nullptr;
}
// Locals without value at the target might be read unchecked there: they become None, with a warning.
static Status bindLocals_py(Thread& t, Frame* f) {
  int unbound = 0;
  Value* registers = f->registers();
  for (uint32_t i = 0; i < f->code->local_count; ++i) unbound += registers[i].isUndefined();
  if (unbound == 0) return kDone;
  TRY(warn_py(t, errors(t).runtime_warning, 1, "assigning None to %d unbound local%s", unbound, unbound == 1 ? "" : "s"));
  for (uint32_t i = 0; i < f->code->local_count; ++i) {
    if (registers[i].isUndefined()) registers[i] = Value::none();
  }
  return kDone;
}

Status checkJumpEvent(Thread& t, FrameObject* o);  // trace.cpp

static Status setLine_py(Thread& t, FrameObject* o, Value line) {
  if (line.isUndefined()) return raise(t, errors(t).attribute_error, "cannot delete attribute");
  if (!isIntLike(line) || line.isBool()) return raiseValueError(t, "lineno must be an integer");
  TRY(checkJumpEvent(t, o));
  int64_t wanted = TRY(toInt64_py(t, line));
  Frame* frame = o->frame;
  const Code* code = frame->code;
  if (wanted < code->first_line) return raiseValueError(t, "line %ld comes before the current code block", static_cast<long>(wanted));
  uint32_t begin = bodyOf(code);
  const SourcePosition* positions = positionsOf(code);
  int64_t chosen = -1;
  for (uint32_t i = begin; i < code->instruction_count; ++i) {
    int64_t own = positions[i].line;
    if (beginsLine(code, i) && own >= wanted && (chosen < 0 || own < chosen)) chosen = own;
  }
  if (chosen < 0) return raiseValueError(t, "line %ld comes after the current code block", static_cast<long>(wanted));
  Flow flow = flowOf(code);
  const Sources source = flow.entry[o->traced_pc - code->instructions];
  const char* problem = nullptr;
  int64_t target = -1, best = -1;
  for (uint32_t i = begin; i < code->instruction_count; ++i) {
    if (positions[i].line != chosen || !beginsLine(code, i)) continue;
    if (const char* why = whyNot(flow, source, i)) {
      if (problem == nullptr) problem = why;
      continue;
    }
    int64_t held = 0;
    for (uint32_t s : flow.entry[i]) held += s != 0;
    if (held <= best) continue;
    best = held;
    target = i;
  }
  if (target < 0) return raiseValueError(t, "%s", problem);
  TRY(bindLocals_py(t, frame));
  frame->pc = code->instructions + target;
  return kDone;
}

void finishJump(Thread& t, Frame* f, const Instruction* from) {
  Flow flow = flowOf(f->code);
  const Sources source = flow.entry[from - f->code->instructions], target = flow.entry[instructionIndex(f)];
  Value* temporaries = f->registers() + flow.fixed;
  for (size_t r = source.size(); r-- > 0;) {
    if (source[r] == 0 || target[r] != 0) continue;
    bool is_handled = source[r] != kFromHandler && source[r] != kUnclear && plain(f->code, source[r] - 1).op == Op::kPushHandled;
    Value old = temporaries[r];
    temporaries[r] = Value();
    if (is_handled) {
      Value current = t.handled->value;
      t.handled->value = old.isNone() ? Value() : old;
      old = current;
    }
    decref(old);
  }
}

}  // namespace krait::interp

namespace krait::object {
extern Status (*set_frame_line)(Thread& t, FrameObject* frame, Value line);
}
namespace krait::interp {
void installJumps() { object::set_frame_line = setLine_py; }
}  // namespace krait::interp
