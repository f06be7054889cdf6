// Code: a compiled function, class body or module. Immutable but for its inline caches and for instructions that
// specialise themselves in place. Registers: parameters, other locals, cells and free variables, then temporaries.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/bytecode/instruction.h"
#include "runtime/object/type.h"

namespace krait::object {

using bytecode::Instruction;

enum CodeFlag : uint32_t {
  kCodeOptimized = 1, kCodeNewLocals = 2, kCodeVarargs = 4, kCodeVarkeywords = 8, kCodeNested = 16, kCodeGenerator = 32,
  kCodeCoroutine = 128, kCodeIterableCoroutine = 256, kCodeAsyncGenerator = 512, kCodeFutureAnnotations = 0x1000000,
  kCodeHasDocstring = 0x4000000, kCodeMethod = 0x8000000,
};

struct InlineCache {
  Str* name;            // interned, owned by the isolate
  uint32_t version;     // type or keys version the entry is valid for; 0: empty
  uint32_t slot;        // slot or entry number
  uint16_t misses;
  uint16_t kind;
  Shape* shape;
  Shape* next_shape;    // StoreAttrSlot: the shape after adding
  Value value;          // borrowed: kept alive by the type's dictionary for `version`
};

// [begin, end) instruction indices; on an exception registers from `level` on are released, the exception is put
// into register `target`, and execution goes on at `handler`. Inner ranges come first.
struct HandlerRange {
  uint32_t begin, end, handler;
  uint16_t level;
  uint16_t target;
};

struct SourcePosition {
  uint32_t line;
  uint32_t end_line;
  uint16_t column;      // UTF-8 bytes; 0xFFFF: unknown
  uint16_t end_column;
};

struct Code : Object {
  Instruction* instructions;
  uint32_t instruction_count;
  uint32_t flags;
  Value* constants;
  uint32_t constant_count;
  uint32_t cache_count;
  InlineCache* caches;       // null until the code runs for the first time (makeCaches)
  Str** cache_names;         // [cache_count], interned
  HandlerRange* handlers;
  uint32_t handler_count;
  uint32_t register_count;   // all registers
  uint32_t local_count;      // parameters and locals, cells included, without free variables
  uint32_t free_count;
  uint32_t arg_count;        // positional parameters
  uint32_t positional_only;
  uint32_t keyword_only;
  uint32_t first_line;
  uint8_t* packed_positions;  // see packPositions
  uint32_t packed_size;
  void* arrays;               // the block of instructions, constants, names, handlers and, when the image has them not, positions
  SourcePosition* positions;  // one per instruction; null until asked for (positionsOf)
  Tuple* local_names;        // of registers [0, local_count)
  Tuple* cell_names;
  Tuple* free_names;         // registers [local_count, local_count + free_count)
  Str* name;
  Str* qualname;
  Str* filename;
  uint32_t* cell_registers;  // registers that MakeCell turned into cells, by cell_names
};

struct CodeParts {
  std::vector<Instruction> instructions;
  std::vector<SourcePosition> positions;
  std::string_view packed_positions;  // instead of `positions`
  bool packed_lasts = false;          // the memory of packed_positions is never freed
  std::vector<HandlerRange> handlers;
  std::vector<Value> constants;      // owned, taken over
  std::vector<Str*> cache_names;     // interned
  std::vector<Value> local_names;    // borrowed Strs
  std::vector<Value> cell_names, free_names;
  std::vector<uint32_t> cell_registers;
  uint32_t flags = 0, register_count = 0, arg_count = 0, positional_only = 0, keyword_only = 0, first_line = 1;
  Str *name = nullptr, *qualname = nullptr, *filename = nullptr;
};
Ref newCode(Thread& t, const CodeParts& parts);
// The slots of the type `code` for == and hash().
void fillCodeSlots(Type* type);
// Makes the inline caches of code that is about to run.
void makeCaches(Code* code);
// The positions of all instructions, unpacked on the first call.
const SourcePosition* positionsOf(const Code* code);
// Positions as a few bytes each: 0 the same as before; else 1 + zigzag(line step) below 254 and the end on the same line, or
// 255 with both lines in full; then the two columns plus one, as numbers of seven bits a byte.
std::vector<SourcePosition> unpackPositions(std::string_view packed, uint32_t count);
std::string packPositions(const SourcePosition* positions, size_t count);

// A Python function.
struct Function : Object {
  Code* code;
  Dict* globals;
  Value builtins;      // Dict
  Value defaults;      // Tuple or Undefined
  Value kw_defaults;   // Dict or Undefined
  Value closure;       // Tuple of cells or Undefined
  Value name, qualname, doc, module;
  Value annotations;   // Dict or Undefined
  Value annotate;      // callable or Undefined
  Value type_params;   // Tuple or Undefined
  Dict* dict;
};
Ref newFunction(Thread& t, Code* code, Dict* globals);

struct Cell : Object {
  Value value;
};
Ref newCell(Thread& t, Value contents);

struct Module : Object {
  Dict* dict;
};
Ref newModule(Thread& t, std::string_view name);

}  // namespace krait::object
