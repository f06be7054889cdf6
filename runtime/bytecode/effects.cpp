#include "runtime/bytecode/effects.h"

namespace krait::bytecode {

void Effects::clear() {
  reads.clear();
  empties.clear();
  fills.clear();
  empties_on_jump.clear();
  fills_on_jump = true;
  window = window_end = -1;
}

static void addRange(std::vector<uint32_t>& to, uint32_t first, uint32_t count) {
  for (uint32_t k = 0; k < count; ++k) to.push_back(first + k);
}

static void consume(Effects& e, uint32_t first, uint32_t count) {
  addRange(e.reads, first, count);
  addRange(e.empties, first, count);
}

static void generic(const Instruction& i, Effects& e) {
  const OpInfo& info = infoOf(i.op);
  auto operand = [&](Operand kind, uint16_t reg, uint8_t free_flag) {
    if (kind == Operand::kRead || kind == Operand::kModify) e.reads.push_back(reg);
    if (kind == Operand::kRead && (i.flags & free_flag)) e.empties.push_back(reg);
    if (kind == Operand::kWrite || kind == Operand::kModify) e.fills.push_back(reg);
  };
  operand(info.a, i.a, kFreeA);
  operand(info.b, i.b, kFreeB);
  operand(info.c, i.c, kFreeC);
}

static void call(const Instruction& i, Effects& e, uint32_t args, bool has_names) {
  uint32_t end = i.b + kWindowHeader + args;
  consume(e, i.b, 1);
  if (has_names) consume(e, i.b + 1u, 1);
  consume(e, i.b + kWindowHeader, args);
  e.fills.push_back(i.a);
  e.window = i.b;
  e.window_end = end;
}

void effectsOf(const Instruction& i, Effects& e) {
  e.clear();
  switch (i.op) {
    case Op::kTake:
      consume(e, i.b, 1);
      e.fills.push_back(i.a);
      return;
    case Op::kClear: e.empties.push_back(i.a); return;
    case Op::kBuildTuple:
    case Op::kBuildList:
    case Op::kBuildSet:
    case Op::kBuildString:
    case Op::kBuildSlice:
      consume(e, i.b, i.c);
      e.fills.push_back(i.a);
      return;
    case Op::kGetSlice:
      e.reads.push_back(i.b);
      if (i.flags & kFreeB) e.empties.push_back(i.b);
      consume(e, i.c, 2);
      e.fills.push_back(i.a);
      return;
    case Op::kSetSlice:
      e.reads.push_back(i.a);
      if (i.flags & kFreeA) e.empties.push_back(i.a);
      consume(e, i.b, 2);
      e.reads.push_back(i.c);
      if (i.flags & kFreeC) e.empties.push_back(i.c);
      return;
    case Op::kBuildMap:
      consume(e, i.b, i.c * 2u);
      e.fills.push_back(i.a);
      return;
    case Op::kImportName:
    case Op::kLoadSuperAttr:
    case Op::kIntrinsic2:
      consume(e, i.b, 2);
      e.fills.push_back(i.a);
      return;
    case Op::kListToTuple:
      consume(e, i.b, 1);
      e.fills.push_back(i.a);
      return;
    case Op::kUnpackSequence:
    case Op::kUnpackEx: {
      e.reads.push_back(i.b);
      if (i.flags & kFreeB) e.empties.push_back(i.b);
      uint32_t count = i.op == Op::kUnpackSequence ? i.c : (i.c & 0xffu) + (i.c >> 8) + 1;
      addRange(e.fills, i.a, count);
      return;
    }
    case Op::kForIter:
      e.reads.push_back(i.b);
      e.fills.push_back(i.a);
      e.empties_on_jump.push_back(i.b);
      e.fills_on_jump = false;
      return;
    case Op::kPopHandled:
    case Op::kEndAsyncFor: consume(e, i.a, 1); return;
    case Op::kReraise: e.reads.push_back(i.a); return;
    case Op::kCheckGroupMatch:
      e.reads.push_back(i.b);
      e.reads.push_back(i.c);
      if (i.flags & kFreeC) e.empties.push_back(i.c);
      e.fills.push_back(i.a);
      e.fills.push_back(i.b);
      return;
    case Op::kWithEnter:
      e.reads.push_back(i.b);
      if (i.flags & kFreeB) e.empties.push_back(i.b);
      addRange(e.fills, i.a - 1u, 2);
      return;
    case Op::kMatchClass:
      addRange(e.reads, i.b, 3);
      addRange(e.empties, i.b + 1u, 2);
      if (i.flags & kFreeB) e.empties.push_back(i.b);
      e.fills.push_back(i.a);
      return;
    case Op::kLoadMethod:
    case Op::kLoadMethodCached:
    case Op::kLoadMethodDict:
    case Op::kLoadMethodSlot:
    case Op::kLoadMethodModule:
    case Op::kLoadMethodStatic:
    case Op::kLoadMethodOfType:
      e.reads.push_back(i.b);
      if (i.flags & kFreeB) e.empties.push_back(i.b);
      e.fills.push_back(i.a);
      e.fills.push_back(i.a + kWindowHeader);
      return;
    case Op::kCall: return call(i, e, i.c, false);
    case Op::kCallMethod: return call(i, e, i.c + 1u, false);
    case Op::kCallKw: return call(i, e, i.c, true);
    case Op::kCallMethodKw: return call(i, e, i.c + 1u, true);
    case Op::kCallEx: return call(i, e, i.c + 1u, false);
    case Op::kRaise:
      if (i.c > 0) e.reads.push_back(i.a);
      if (i.c > 1) e.reads.push_back(i.b);
      return;
    default: return generic(i, e);
  }
}

bool isTerminal(Op op) {
  return op == Op::kReturn || op == Op::kReturnConst || op == Op::kRaise || op == Op::kReraise || op == Op::kJump || op == Op::kJumpBack;
}

bool jumpTarget(const Instruction& i, uint32_t index, int64_t& target) {
  const OpInfo& info = infoOf(i.op);
  if (info.c == Operand::kJump) {
    target = static_cast<int64_t>(index) + 1 + static_cast<int16_t>(i.c);
    return true;
  }
  bool is_wide = i.op == Op::kJump || i.op == Op::kJumpBack || i.op == Op::kJumpIf || i.op == Op::kJumpIfNone;
  if (is_wide) target = static_cast<int64_t>(index) + 1 + i.bc();
  return is_wide;
}

}  // namespace krait::bytecode
