// CodeUnit: a code object as plain data: what the compiler makes, the verifier checks, the disassembler prints and an
// image of compiled modules stores. No runtime object is needed to have one. Texts in views belong to the interner of the
// compilation, which must outlive the unit.
//
// What always holds for a unit that verify() accepts: every operand is inside its table, every jump and handler leads to an
// instruction, and execution cannot run past the last one.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/bytecode/instruction.h"

namespace krait::bytecode {

// A call window begins with the words of the callee's frame header; the arguments follow (see runtime/object/frame.h, which
// must agree).
inline constexpr uint32_t kWindowHeader = 11;

// CodeUnit::flags; the numbers are CPython's (inspect.CO_…).
enum UnitFlag : uint32_t {
  kCodeOptimized = 1, kCodeNewLocals = 2, kCodeVarargs = 4, kCodeVarkeywords = 8, kCodeNested = 16, kCodeGenerator = 32,
  kCodeCoroutine = 128, kCodeAsyncGenerator = 512, kCodeFutureAnnotations = 0x1000000, kCodeHasDocstring = 0x4000000,
  kCodeMethod = 0x8000000,
};

enum class ConstantKind : uint8_t {
  kNone, kTrue, kFalse, kEllipsis, kInt, kBigInt, kFloat, kComplex, kStr, kBytes, kTuple, kFrozenSet, kCode
};

struct Constant {
  ConstantKind kind = ConstantKind::kNone;
  uint8_t base = 10;            // kBigInt: of the digits in `text`, which may begin with '-'
  int64_t integer = 0;          // kInt: the value; kCode: index of the child
  double real = 0, imag = 0;    // kFloat, kComplex
  std::string text;             // kStr: UTF-8 (lone surrogates as three bytes); kBytes; kBigInt
  std::vector<Constant> items;  // kTuple, kFrozenSet
};

// The instructions [begin, end) have the handler: on an exception registers from `level` on are released, the exception is
// put into register `target`, and execution goes on at `handler`. Inner ranges come first.
struct UnitHandler {
  uint32_t begin, end, handler;
  uint16_t level, target;
};

// Lines from 1, columns from 0 in UTF-8 bytes; 0xffff: unknown or too far right.
struct UnitPosition {
  uint32_t line = 1, end_line = 1;
  uint16_t column = 0xffff, end_column = 0xffff;
};

struct CodeUnit {
  std::vector<Instruction> instructions;
  std::vector<UnitPosition> positions;  // one for each instruction
  std::vector<UnitHandler> handlers;
  std::vector<Constant> constants;
  std::vector<std::string_view> cache_names;
  std::vector<std::string_view> local_names;  // of registers [0, size)
  std::vector<std::string_view> cell_names;
  std::vector<uint32_t> cell_registers;       // of cell_names; below local_names.size()
  std::vector<std::string_view> free_names;   // of the registers behind the locals
  uint32_t flags = 0;                         // UnitFlag
  uint32_t register_count = 0;
  uint32_t arg_count = 0, positional_only = 0, keyword_only = 0;
  uint32_t first_line = 1;
  std::string_view name;
  std::string qualname;
  std::vector<std::unique_ptr<CodeUnit>> children;
};

}  // namespace krait::bytecode
