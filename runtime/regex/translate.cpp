// From the library's code list to instructions. The list is a tree written flat: an operator that has a body is followed
// by the distance to its end. Each body is translated by a recursive call, with a budget for the depth.
#include "runtime/regex/opcodes.h"
#include "runtime/regex/program.h"

namespace krait::regex {

namespace {

constexpr int kMaxDepth = 3000;

using Code = std::span<const uint32_t>;

struct Translator {
  Program& program;
  bool is_bad = false;
  int depth = 0;
  uint32_t last_label = kNone;  // something leads to this instruction: it must stay one of its own

  uint32_t here() const { return static_cast<uint32_t>(program.code.size()); }
  uint32_t emit(Op op, uint32_t a = 0, uint32_t b = 0, uint32_t c = 0) {
    program.code.push_back({.op = op, .a = a, .b = b, .c = c});
    return here() - 1;
  }
  uint32_t addSet(CharSet set) {
    program.sets.push_back(std::move(set));
    return static_cast<uint32_t>(program.sets.size()) - 1;
  }
  uint32_t label() { return last_label = here(); }
  uint32_t addRegister() { return program.registers++; }
  size_t fail() {
    is_bad = true;
    return 0;
  }

  void translateBody(Code code);
  size_t translateOne(Code code);
  size_t translateOperator(Code code);
  void addLiteral(uint32_t c);
  size_t translateLiteral(Code code, CaseMode mode, bool negated);
  size_t translateSet(Code code, CaseMode mode);
  size_t translateBranch(Code code);
  size_t translateOneRepeat(Code code, Op op);
  size_t translateLoop(Code code);
  size_t translatePossessive(Code code);
  size_t translateLook(Code code, bool negated);
  size_t translateAtomic(Code code);
  size_t translateGroupRef(Code code, CaseMode mode);
  size_t translateIfGroup(Code code);
};

// The body of an operator whose distance stands at code[at]: from `begin` to there; without the operator's own end mark.
bool bodyOf(Code code, size_t at, size_t begin, Code* body, size_t* end) {
  if (at >= code.size()) return false;
  size_t target = at + code[at];
  if (target > code.size() || target < begin) return false;
  *body = code.subspan(begin, target - begin);
  *end = target;
  return true;
}

// Takes the SUCCESS from the end of a body.
bool dropSuccess(Code* body) {
  if (body->empty() || body->back() != static_cast<uint32_t>(SreOp::kSuccess)) return false;
  *body = body->first(body->size() - 1);
  return true;
}

void Translator::translateBody(Code code) {
  while (!code.empty() && !is_bad) {
    size_t used = translateOne(code);
    if (used == 0 || used > code.size()) {
      is_bad = true;
      break;
    }
    code = code.subspan(used);
  }
}

size_t Translator::translateOne(Code code) {
  if (++depth > kMaxDepth) return fail();
  size_t used = translateOperator(code);
  --depth;
  return used;
}

size_t Translator::translateOperator(Code code) {
  switch (static_cast<SreOp>(code[0])) {
    case SreOp::kFailure: emit(Op::kFail); return 1;
    case SreOp::kAny: emit(Op::kAny); return 1;
    case SreOp::kAnyAll: emit(Op::kAnyAll); return 1;
    case SreOp::kLiteral: return translateLiteral(code, CaseMode::kExact, false);
    case SreOp::kNotLiteral: return translateLiteral(code, CaseMode::kExact, true);
    case SreOp::kLiteralIgnore: return translateLiteral(code, CaseMode::kAscii, false);
    case SreOp::kNotLiteralIgnore: return translateLiteral(code, CaseMode::kAscii, true);
    case SreOp::kLiteralUniIgnore: return translateLiteral(code, CaseMode::kUnicode, false);
    case SreOp::kNotLiteralUniIgnore: return translateLiteral(code, CaseMode::kUnicode, true);
    case SreOp::kLiteralLocIgnore: return translateLiteral(code, CaseMode::kLocale, false);
    case SreOp::kNotLiteralLocIgnore: return translateLiteral(code, CaseMode::kLocale, true);
    case SreOp::kIn: return translateSet(code, CaseMode::kExact);
    case SreOp::kInIgnore: return translateSet(code, CaseMode::kAscii);
    case SreOp::kInUniIgnore: return translateSet(code, CaseMode::kUnicode);
    case SreOp::kInLocIgnore: return translateSet(code, CaseMode::kLocale);
    case SreOp::kGroupRef: return translateGroupRef(code, CaseMode::kExact);
    case SreOp::kGroupRefIgnore: return translateGroupRef(code, CaseMode::kAscii);
    case SreOp::kGroupRefUniIgnore: return translateGroupRef(code, CaseMode::kUnicode);
    case SreOp::kGroupRefLocIgnore: return translateGroupRef(code, CaseMode::kLocale);
    case SreOp::kGroupRefExists: return translateIfGroup(code);
    case SreOp::kBranch: return translateBranch(code);
    case SreOp::kRepeatOne: return translateOneRepeat(code, Op::kRepeatOne);
    case SreOp::kMinRepeatOne: return translateOneRepeat(code, Op::kLazyOne);
    case SreOp::kPossessiveRepeatOne: return translateOneRepeat(code, Op::kPossessiveOne);
    case SreOp::kRepeat: return translateLoop(code);
    case SreOp::kPossessiveRepeat: return translatePossessive(code);
    case SreOp::kAtomicGroup: return translateAtomic(code);
    case SreOp::kAssert: return translateLook(code, false);
    case SreOp::kAssertNot: return translateLook(code, true);
    case SreOp::kInfo: {
      Code body;
      size_t end;
      return bodyOf(code, 1, 2, &body, &end) ? end : fail();
    }
    case SreOp::kAt:
      if (code.size() < 2 || code[1] >= static_cast<uint32_t>(SreAt::kCount)) return fail();
      emit(Op::kAt, code[1]);
      return 2;
    case SreOp::kCategory: {
      if (code.size() < 2 || code[1] >= static_cast<uint32_t>(SreCategory::kCount)) return fail();
      CharSet set;
      set.code = {code[0], code[1], static_cast<uint32_t>(SreOp::kFailure)};
      set.finish();
      emit(Op::kSet, addSet(std::move(set)));
      return 2;
    }
    case SreOp::kMark:
      if (code.size() < 2 || code[1] >= program.groups * 2) return fail();
      emit(Op::kMark, code[1], code[1] / 2 + 1);
      return 2;
    default: return fail();
  }
}

// Literals in a row become one string.
void Translator::addLiteral(uint32_t c) {
  std::vector<uint32_t>& strings = program.strings;
  Instruction* last = here() > 0 && last_label != here() ? &program.code.back() : nullptr;
  if (last != nullptr && last->op == Op::kString && last->a + last->b == strings.size()) {
    strings.push_back(c);
    ++last->b;
  } else if (last != nullptr && last->op == Op::kChar) {
    strings.insert(strings.end(), {last->a, c});
    *last = {.op = Op::kString, .a = static_cast<uint32_t>(strings.size()) - 2, .b = 2};
  } else {
    emit(Op::kChar, c);
  }
}

size_t Translator::translateLiteral(Code code, CaseMode mode, bool negated) {
  if (code.size() < 2) return fail();
  if (mode == CaseMode::kExact && !negated) addLiteral(code[1]);
  else if (mode == CaseMode::kExact) emit(Op::kNotChar, code[1]);
  else emit(Op::kSet, addSet(literalSet(code[1], mode, negated)));
  return 2;
}

size_t Translator::translateSet(Code code, CaseMode mode) {
  Code body;
  size_t end;
  if (!bodyOf(code, 1, 2, &body, &end) || checkSetCode(body) != body.size()) return fail();
  CharSet set;
  set.mode = mode;
  set.code.assign(body.begin(), body.end());
  set.finish();
  emit(Op::kSet, addSet(std::move(set)));
  return end;
}

size_t Translator::translateGroupRef(Code code, CaseMode mode) {
  if (code.size() < 2 || code[1] >= program.groups) return fail();
  emit(Op::kGroupRef, code[1], static_cast<uint32_t>(mode));
  return 2;
}

// BRANCH (distance alternative JUMP distance)… FAILURE(0): each jump leads to the end.
size_t Translator::translateBranch(Code code) {
  uint32_t branch = emit(Op::kBranch, kNone);
  std::vector<uint32_t> jumps;
  uint32_t previous = kNone;
  size_t at = 1;
  size_t count = 0;
  size_t branch_end = 0;
  while (at < code.size() && code[at] != 0) {
    Code body;
    size_t end;
    if (!bodyOf(code, at, at + 1, &body, &end) || body.size() < 2) return fail();
    if (body[body.size() - 2] != static_cast<uint32_t>(SreOp::kJump)) return fail();
    size_t target = end - 1 + body.back();
    if (branch_end != 0 && target != branch_end) return fail();
    branch_end = target;
    if (previous != kNone) program.code[previous].b = here();
    previous = emit(Op::kAlternative, kNone);
    translateBody(body.first(body.size() - 2));
    if (is_bad) return 0;
    jumps.push_back(emit(Op::kJump));
    at = end;
    ++count;
  }
  if (count == 0 || at >= code.size() || branch_end != at + 1) return fail();
  for (uint32_t jump : jumps) program.code[jump].a = label();
  program.code[branch].b = label();
  return at + 1;
}

size_t Translator::translateOneRepeat(Code code, Op op) {
  Code body;
  size_t end;
  if (code.size() < 4 || !bodyOf(code, 1, 4, &body, &end) || !dropSuccess(&body) || code[2] > code[3]) return fail();
  emit(op, 0, code[2], code[3]);
  uint32_t item = here();
  translateBody(body);
  if (is_bad || here() != item + 1) return fail();
  label();
  switch (program.code[item].op) {
    case Op::kChar:
    case Op::kNotChar:
    case Op::kSet:
    case Op::kAny:
    case Op::kAnyAll:
    case Op::kFail: return end;
    default: return fail();
  }
}

size_t Translator::translateLoop(Code code) {
  Code body;
  size_t end;
  if (code.size() < 4 || !bodyOf(code, 1, 4, &body, &end) || end >= code.size() || code[2] > code[3]) return fail();
  SreOp until = static_cast<SreOp>(code[end]);
  if (until != SreOp::kMaxUntil && until != SreOp::kMinUntil) return fail();
  uint32_t loop = static_cast<uint32_t>(program.loops.size());
  uint32_t register_index = addRegister();
  program.loops.push_back({code[2], code[3], here() + 1, kNone, false});
  uint32_t enter = emit(Op::kLoopEnter, register_index);
  translateBody(body);
  if (is_bad) return 0;
  program.code[enter].b = label();
  emit(until == SreOp::kMaxUntil ? Op::kLoopMax : Op::kLoopMin, loop, register_index);
  if (until == SreOp::kMinUntil) emit(Op::kLoopRetry, loop, register_index);
  return end + 1;
}

size_t Translator::translatePossessive(Code code) {
  Code body;
  size_t end;
  if (code.size() < 4 || !bodyOf(code, 1, 4, &body, &end) || end >= code.size() || code[2] > code[3]) return fail();
  if (static_cast<SreOp>(code[end]) != SreOp::kSuccess) return fail();
  uint32_t loop = static_cast<uint32_t>(program.loops.size());
  uint32_t counters = addRegister();
  uint32_t heights = addRegister();
  program.loops.push_back({code[2], code[3], here() + 1, kNone, false});
  uint32_t enter = emit(Op::kPossessiveEnter, counters, 0, heights);
  translateBody(body);
  if (is_bad) return 0;
  program.code[enter].b = label();
  emit(Op::kPossessiveNext, loop, counters, heights);
  return end + 1;
}

size_t Translator::translateAtomic(Code code) {
  Code body;
  size_t end;
  if (!bodyOf(code, 1, 2, &body, &end) || !dropSuccess(&body)) return fail();
  uint32_t register_index = addRegister();
  emit(Op::kGroupBegin, register_index);
  translateBody(body);
  emit(Op::kGroupEnd, register_index);
  return end;
}

size_t Translator::translateLook(Code code, bool negated) {
  Code body;
  size_t end;
  if (code.size() < 3 || !bodyOf(code, 1, 3, &body, &end) || !dropSuccess(&body)) return fail();
  uint32_t register_index = addRegister();
  uint32_t begin = emit(negated ? Op::kLookNotBegin : Op::kLookBegin, register_index, code[2]);
  translateBody(body);
  emit(negated ? Op::kLookNotEnd : Op::kLookEnd, register_index);
  program.code[begin].c = label();
  return end;
}

// GROUPREF_EXISTS group distance yes [JUMP distance no]: the distance leads to `no`, or to the end.
size_t Translator::translateIfGroup(Code code) {
  Code yes;
  size_t end;
  if (code.size() < 3 || code[1] >= program.groups || code[2] < 2 || code.size() < 2 + code[2] - 1) return fail();
  end = 2 + code[2] - 1;
  yes = code.subspan(3, end - 3);
  uint32_t test = emit(Op::kIfGroup, code[1]);
  bool has_no = false;
  size_t no_end = end;
  // A `yes` that ends with a jump over the rest has a `no`; only walking through `yes` tells an operator from an operand.
  Code rest = yes;
  while (!rest.empty() && !is_bad) {
    if (static_cast<SreOp>(rest[0]) == SreOp::kJump) {
      if (rest.size() != 2) return fail();
      has_no = true;
      no_end = end - 1 + rest[1];
      break;
    }
    size_t used = translateOne(rest);
    if (used == 0 || used > rest.size()) return fail();
    rest = rest.subspan(used);
  }
  if (is_bad) return 0;
  if (!has_no) {
    program.code[test].b = label();
    return end;
  }
  if (no_end < end || no_end > code.size()) return fail();
  uint32_t jump = emit(Op::kJump);
  program.code[test].b = label();
  translateBody(code.subspan(end, no_end - end));
  program.code[jump].a = label();
  return no_end;
}

// The least width that the pattern's INFO block states.
uint32_t minWidth(Code code) {
  if (code.size() < 5 || static_cast<SreOp>(code[0]) != SreOp::kInfo) return 0;
  return code[3];
}

}  // namespace

std::unique_ptr<Program> translate(std::span<const uint32_t> code, uint32_t groups) {
  if (code.empty() || groups > code.size() || !dropSuccess(&code)) return nullptr;
  auto program = std::make_unique<Program>();
  program->groups = groups;
  program->min_width = minWidth(code);
  Translator translator{*program};
  translator.translateBody(code);
  if (translator.is_bad) return nullptr;
  translator.emit(Op::kAccept);
  analyzeFirsts(*program);
  program->code.shrink_to_fit();
  program->sets.shrink_to_fit();
  program->strings.shrink_to_fit();
  program->firsts.shrink_to_fit();
  program->branch_tables.shrink_to_fit();
  program->loops.shrink_to_fit();
  return program;
}

}  // namespace krait::regex
