// The 64-bit instruction of the register machine: an opcode, flags and three 16-bit operands (see opcodes.def). bc()
// reads b and c as one signed 32-bit number.
#pragma once

#include <cstddef>
#include <cstdint>

namespace krait::bytecode {

enum class Op : uint8_t {
#define OP(Name, a, b, c) k##Name,
#include "runtime/bytecode/opcodes.def"
  kCount,
};

enum InstructionFlag : uint8_t {
  kFreeB = 1,      // b is a temporary in its last use
  kFreeC = 2,
  kFreeA = 4,      // for instructions that read a
  kInplace = 8,    // operators: the augmented assignment
  kWhenTrue = 16,  // jumps: taken when the condition holds
  kNoCell = 32,    // LoadClosure's register is a class body's
};

// Operand c of MatchSequence: a length to have, exactly or at least; 0: any.
constexpr uint32_t lengthForm(size_t length, bool is_least) {
  return is_least && length == 0 ? 0 : static_cast<uint32_t>(2 * length + (is_least ? 0 : 1));
}
constexpr bool fitsLength(uint32_t form, int64_t length) { return form % 2 == 1 ? length == form / 2 : length >= form / 2; }

struct Instruction {
  Op op;
  uint8_t flags = 0;
  uint16_t a = 0, b = 0, c = 0;

  int32_t bc() const { return static_cast<int32_t>(b | static_cast<uint32_t>(c) << 16); }
  void setBc(int32_t v) {
    b = static_cast<uint16_t>(v);
    c = static_cast<uint16_t>(static_cast<uint32_t>(v) >> 16);
  }
};
static_assert(sizeof(Instruction) == 8);

enum class Operand : uint8_t { kNone, kWrite, kRead, kModify, kConstant, kCache, kJump, kNumber, kLow, kHigh };
struct OpInfo {
  const char* name;
  Operand a, b, c;
};
// `op` < Op::kCount.
const OpInfo& infoOf(Op op);

// The opcode that the compiler emitted where the interpreter has specialised it since.
Op plainOp(Op op);

// What the compiler stores with MakeFunction's parts.
enum class FunctionPart : uint8_t { kDefaults, kKeywordDefaults, kAnnotations, kClosure, kAnnotate, kTypeParams };

enum class Intrinsic : uint8_t {
  kPrint, kImportStar, kStopIterationError, kUnaryPositive, kTypeVar, kParamSpec, kTypeVarTuple, kSubscriptGeneric,
  kTypeAlias, kTemplate, kInterpolation, kTypeVarWithBound, kTypeVarWithConstraints, kSetDefault, kPrepareReraiseStar,
  kSetupAnnotations, kAwaitableNull,
};

// What CheckType tests when it is no parameter.
enum Tested : uint16_t { kTestedVariable = 0xfffe, kTestedResult = 0xffff };

// What Observe's value is.
enum class Observed : uint8_t { kExpression, kParameter, kResult };

}  // namespace krait::bytecode
