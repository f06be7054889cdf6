#include "runtime/bytecode/verify.h"

#include <algorithm>

#include "runtime/bytecode/effects.h"

namespace krait::bytecode {

namespace {

enum Holding : uint8_t { kUnseen, kEmpty, kFull, kEither };

// What each temporary holds; fixed registers are not followed.
using State = std::vector<uint8_t>;

struct Verifier {
  const CodeUnit& unit;
  uint32_t fixed;
  std::string problem = {};
  std::vector<State> entry;  // by instruction, for targets of jumps and handlers; empty: not reached yet
  std::vector<bool> is_target;
  std::vector<uint32_t> work;

  bool fail(uint32_t index, const std::string& what) {
    if (problem.empty()) problem = std::to_string(index) + " " + infoOf(unit.instructions[index].op).name + ": " + what;
    return false;
  }
};

}  // namespace

static std::string checkTables(const CodeUnit& unit) {
  size_t count = unit.instructions.size();
  if (count == 0) return "no instructions";
  if (unit.positions.size() != count) return "positions do not match instructions";
  size_t fixed = unit.local_names.size() + unit.free_names.size();
  if (unit.register_count < fixed || unit.register_count > 0xffff) return "register count";
  if (unit.cell_names.size() != unit.cell_registers.size()) return "cells";
  for (uint32_t r : unit.cell_registers) {
    if (r >= unit.local_names.size()) return "cell register " + std::to_string(r);
  }
  size_t parameters = size_t{unit.arg_count} + unit.keyword_only;
  if (parameters > unit.local_names.size() || unit.positional_only > unit.arg_count) return "parameters";
  for (const Constant& c : unit.constants) {
    if (c.kind == ConstantKind::kCode && static_cast<uint64_t>(c.integer) >= unit.children.size()) return "code constant";
  }
  for (const UnitHandler& h : unit.handlers) {
    bool inside = h.begin < h.end && h.end <= count && h.handler < count;
    if (!inside || h.level > unit.register_count || h.target >= unit.register_count || h.target < fixed) return "handler range";
  }
  if (!isTerminal(unit.instructions.back().op)) return "code runs past its end";
  return std::string();
}

static bool checkRegister(Verifier& v, uint32_t index, uint32_t reg) {
  if (reg < v.unit.register_count) return true;
  return v.fail(index, "register " + std::to_string(reg) + " of " + std::to_string(v.unit.register_count));
}

static bool isCell(const Verifier& v, uint32_t reg) {
  if (reg >= v.unit.local_names.size()) return reg < v.fixed;
  return std::find(v.unit.cell_registers.begin(), v.unit.cell_registers.end(), reg) != v.unit.cell_registers.end();
}

static bool checkCells(Verifier& v, uint32_t index, const Instruction& i) {
  switch (i.op) {
    case Op::kLoadDeref:
    case Op::kStoreDeref: return isCell(v, i.b) || v.fail(index, "not a cell");
    case Op::kDeleteDeref:
    case Op::kMakeCell: return isCell(v, i.a) || v.fail(index, "not a cell");
    case Op::kLoadFromDictOrDeref: return isCell(v, i.c) || v.fail(index, "not a cell");
    case Op::kLoadClosure: return i.b < v.unit.free_names.size() || v.fail(index, "not a free variable");
    case Op::kCheckBound:
    case Op::kDeleteFast: return i.a < v.unit.local_names.size() || v.fail(index, "not a local");
    default: return true;
  }
}

// Operands inside their tables, whatever the path.
static bool checkOperands(Verifier& v, uint32_t index) {
  const Instruction& i = v.unit.instructions[index];
  if (i.op >= Op::kCount) return v.fail(0, "unknown opcode");
  const OpInfo& info = infoOf(i.op);
  const Operand kinds[3] = {info.a, info.b, info.c};
  const uint16_t values[3] = {i.a, i.b, i.c};
  for (int k = 0; k < 3; ++k) {
    if (kinds[k] == Operand::kConstant && values[k] >= v.unit.constants.size()) return v.fail(index, "constant");
    if (kinds[k] == Operand::kCache && values[k] >= v.unit.cache_names.size()) return v.fail(index, "name");
    bool is_register = kinds[k] == Operand::kRead || kinds[k] == Operand::kWrite || kinds[k] == Operand::kModify;
    // Empty groups and an absent exception name no register.
    bool unused = (i.op == Op::kRaise && k < 2 && i.c <= k) || (i.c == 0 && k == 1 && (i.op >= Op::kBuildTuple && i.op <= Op::kBuildString));
    bool is_nothing = i.op == Op::kUnpackSequence && k == 0 && i.c == 0;  // `() = x` fills no register
    if (is_register && !unused && !is_nothing && !checkRegister(v, index, values[k])) return false;
  }
  if (i.op == Op::kLoadConst && static_cast<uint32_t>(i.bc()) >= v.unit.constants.size()) return v.fail(index, "constant");
  int64_t target = 0;
  if (jumpTarget(i, index, target)) {
    if (target < 0 || target >= static_cast<int64_t>(v.unit.instructions.size())) return v.fail(index, "jump outside of the code");
    v.is_target[static_cast<size_t>(target)] = true;
  }
  Effects e;
  effectsOf(i, e);
  for (const std::vector<uint32_t>* list : {&e.reads, &e.empties, &e.fills}) {
    for (uint32_t reg : *list) {
      if (!checkRegister(v, index, reg)) return false;
    }
  }
  return checkCells(v, index, i);
}

// Joins `state` into the state at a target; queues it when that changed.
static void flowTo(Verifier& v, uint32_t target, const State& state) {
  State& known = v.entry[target];
  if (known.empty()) {
    known = state;
    if (known.empty()) known.push_back(kUnseen);
    v.work.push_back(target);
    return;
  }
  bool changed = false;
  for (size_t r = 0; r < state.size(); ++r) {
    if (known[r] == state[r] || known[r] == kEither) continue;
    known[r] = kEither;
    changed = true;
  }
  if (changed) v.work.push_back(target);
}

static void flowToHandlers(Verifier& v, uint32_t index, const State& state) {
  for (const UnitHandler& h : v.unit.handlers) {
    if (index < h.begin || index >= h.end) continue;
    State after = state;
    for (uint32_t r = h.level; r < v.unit.register_count; ++r) {
      if (r >= v.fixed) after[r - v.fixed] = kEmpty;
    }
    after[h.target - v.fixed] = kFull;
    flowTo(v, h.handler, after);
    return;  // the first range that contains it
  }
}

static bool checkWindow(Verifier& v, uint32_t index, const Effects& e, const State& state, bool has_names) {
  if (e.window < static_cast<int64_t>(v.fixed)) return v.fail(index, "a call window among the variables");
  for (uint32_t r = static_cast<uint32_t>(e.window) + (has_names ? 2 : 1); r < v.unit.register_count; ++r) {
    bool is_argument = r >= e.window + kWindowHeader && r < e.window_end;
    if (!is_argument && state[r - v.fixed] != kEmpty) return v.fail(index, "register " + std::to_string(r) + " is held in a call window");
  }
  return true;
}

static bool checkLeaving(Verifier& v, uint32_t index, const Instruction& i, const State& state) {
  for (uint32_t r = v.fixed; r < v.unit.register_count; ++r) {
    if (i.op == Op::kReturn && r == i.a) continue;
    if (state[r - v.fixed] != kEmpty) return v.fail(index, "register " + std::to_string(r) + " is held at return");
  }
  return true;
}

// Runs from a target to the next terminal instruction or target.
static bool followFrom(Verifier& v, uint32_t start) {
  State state = v.entry[start];
  if (v.fixed == v.unit.register_count) state.clear();
  Effects e;
  for (uint32_t index = start;; ++index) {
    if (index != start && v.is_target[index]) {
      flowTo(v, index, state);
      return true;
    }
    const Instruction& i = v.unit.instructions[index];
    effectsOf(i, e);
    flowToHandlers(v, index, state);
    for (uint32_t r : e.reads) {
      if (r >= v.fixed && state[r - v.fixed] != kFull) return v.fail(index, "register " + std::to_string(r) + " may be empty");
    }
    if (e.window >= 0 && !checkWindow(v, index, e, state, i.op == Op::kCallKw || i.op == Op::kCallMethodKw)) return false;
    if ((i.op == Op::kReturn || i.op == Op::kReturnConst) && !checkLeaving(v, index, i, state)) return false;
    int64_t target = 0;
    bool jumps = jumpTarget(i, index, target);
    auto set = [&](const std::vector<uint32_t>& registers, uint8_t holding) {
      for (uint32_t r : registers) {
        if (r >= v.fixed) state[r - v.fixed] = holding;
      }
    };
    set(e.empties, kEmpty);
    if (jumps) {
      State taken = state;
      auto setTaken = [&](const std::vector<uint32_t>& registers, uint8_t holding) {
        for (uint32_t r : registers) {
          if (r >= v.fixed) taken[r - v.fixed] = holding;
        }
      };
      setTaken(e.empties_on_jump, kEmpty);
      if (e.fills_on_jump) setTaken(e.fills, kFull);
      flowTo(v, static_cast<uint32_t>(target), taken);
    }
    set(e.fills, kFull);
    if (isTerminal(i.op)) return true;
  }
}

std::string verify(const CodeUnit& unit) {
  std::string problem = checkTables(unit);
  if (!problem.empty()) return problem;
  Verifier v{.unit = unit, .fixed = static_cast<uint32_t>(unit.local_names.size() + unit.free_names.size())};
  v.entry.resize(unit.instructions.size());
  v.is_target.resize(unit.instructions.size(), false);
  for (uint32_t i = 0; i < unit.instructions.size(); ++i) {
    if (!checkOperands(v, i)) return v.problem;
  }
  for (const UnitHandler& h : unit.handlers) v.is_target[h.handler] = true;
  flowTo(v, 0, State(unit.register_count - v.fixed, kEmpty));
  while (!v.work.empty()) {
    uint32_t start = v.work.back();
    v.work.pop_back();
    if (!followFrom(v, start)) return v.problem;
  }
  return std::string();
}

std::string verifyAll(const CodeUnit& unit) {
  std::string problem = verify(unit);
  if (!problem.empty()) return unit.qualname + ": " + problem;
  for (const auto& child : unit.children) {
    problem = verifyAll(*child);
    if (!problem.empty()) return problem;
  }
  return std::string();
}

}  // namespace krait::bytecode
