// The opcode table.
#include "runtime/bytecode/instruction.h"

#include "analyzer/base/check.h"

namespace krait::bytecode {

namespace {
constexpr Operand W = Operand::kWrite, R = Operand::kRead, M = Operand::kModify, K = Operand::kConstant, N = Operand::kCache,
                  J = Operand::kJump, I = Operand::kNumber, L = Operand::kLow, H = Operand::kHigh, _ = Operand::kNone;
constexpr OpInfo kInfos[] = {
#define OP(Name, a, b, c) {#Name, a, b, c},
#include "runtime/bytecode/opcodes.def"
};
}  // namespace

const OpInfo& infoOf(Op op) {
  CHECK(op < Op::kCount, "the opcode exists");
  return kInfos[static_cast<int>(op)];
}

Op plainOp(Op op) {
  switch (op) {
    case Op::kLoadAttrSlot: case Op::kLoadAttrModule: case Op::kLoadAttrClass: case Op::kLoadAttrMember: case Op::kLoadAttrProperty: case Op::kLoadAttrOfType:
    case Op::kLoadAttrDict: case Op::kLoadAttrStored: case Op::kLoadAttrStoredOfType:
      return Op::kLoadAttr;
    case Op::kStoreAttrSlot: case Op::kStoreAttrMember: case Op::kStoreAttrDict: case Op::kStoreAttrOfType: return Op::kStoreAttr;
    case Op::kLoadMethodCached: case Op::kLoadMethodSlot: case Op::kLoadMethodModule: case Op::kLoadMethodStatic: case Op::kLoadMethodOfType:
    case Op::kLoadMethodDict:
      return Op::kLoadMethod;
    default: return op;
  }
}

}  // namespace krait::bytecode
