// co_code: what tools that read it (inspect.getclosurevars, modulefinder, dis) may learn from CPython's opcodes. The instructions that
// name something stand there under CPython 3.14's numbers, each with its caches; every other is a NOP.
// ref: Lib/_opcode_metadata.py, Lib/dis.py.
#include <string>

#include "runtime/bytecode/instruction.h"
#include "runtime/object/bytes.h"
#include "runtime/object/code.h"
#include "runtime/object/code_bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/str.h"

namespace krait::object {

namespace {
using bytecode::Instruction;
using bytecode::Op;

enum CodeUnit : uint8_t {
  kNop = 27, kExtendedArg = 69, kDeleteAttr = 61, kDeleteGlobal = 64, kDeleteName = 65, kImportFrom = 72, kImportName = 73, kLoadAttr = 80, kLoadConst = 82,
  kLoadGlobal = 92, kLoadName = 93, kLoadSmallInt = 94, kStoreAttr = 110, kStoreGlobal = 115, kStoreName = 116,
};
struct Named {
  Op op;
  uint8_t unit;
  int shift, low, caches;  // the argument is index << shift | low
};
constexpr Named kNamed[] = {
    {Op::kLoadGlobal, kLoadGlobal, 1, 0, 4}, {Op::kStoreGlobal, kStoreGlobal, 0, 0, 0}, {Op::kDeleteGlobal, kDeleteGlobal, 0, 0, 0},
    {Op::kLoadName, kLoadName, 0, 0, 0}, {Op::kStoreName, kStoreName, 0, 0, 0}, {Op::kDeleteName, kDeleteName, 0, 0, 0},
    {Op::kLoadAttr, kLoadAttr, 1, 0, 9}, {Op::kLoadMethod, kLoadAttr, 1, 1, 9}, {Op::kStoreAttr, kStoreAttr, 0, 0, 4},
    {Op::kDeleteAttr, kDeleteAttr, 0, 0, 0}, {Op::kImportName, kImportName, 0, 0, 0}, {Op::kImportFrom, kImportFrom, 0, 0, 0}};

void addUnit(std::string& out, uint8_t op, uint32_t arg, int caches = 0) {
  for (int shift = 24; shift > 0; shift -= 8) {
    if (arg >> shift == 0) continue;
    out += static_cast<char>(kExtendedArg);
    out += static_cast<char>(arg >> shift & 0xff);
  }
  out += static_cast<char>(op);
  out += static_cast<char>(arg & 0xff);
  out.append(static_cast<size_t>(caches) * 2, '\0');
}
bool importsNames(const Code* c) {
  for (uint32_t i = 0; i < c->instruction_count; ++i) {
    if (bytecode::plainOp(c->instructions[i].op) == Op::kImportName) return true;
  }
  return false;
}
// The instruction before `at` that writes the register, or null.
const Instruction* writerOf(const Code* c, uint32_t at, uint16_t reg) {
  for (uint32_t i = at; i-- > 0;) {
    const Instruction& in = c->instructions[i];
    if (in.a == reg && bytecode::infoOf(in.op).a == bytecode::Operand::kWrite) return &in;
  }
  return nullptr;
}
// Level and names of an import, which CPython loads as constants.
void addImportArguments(std::string& out, const Code* c, Tuple* constants, uint32_t at) {
  uint16_t reg = c->instructions[at].b;
  const Instruction *level = writerOf(c, at, reg), *names = writerOf(c, at, static_cast<uint16_t>(reg + 1));
  addUnit(out, kLoadSmallInt, level != nullptr && level->op == Op::kLoadInt ? level->b : 0);
  uint32_t index = 0;
  for (int64_t i = 0; i < constants->size; ++i) {
    if (constants->items()[i].isNone()) index = static_cast<uint32_t>(i);
  }
  if (names != nullptr && names->op == Op::kLoadConst) index = static_cast<uint32_t>(names->bc());
  addUnit(out, kLoadConst, index);
}
}  // namespace

Ref codeConstants(Thread& t, const Code* c) {
  Ref list = newList(t);
  bool has_none = false;
  for (uint32_t i = 0; i < c->constant_count; ++i) {
    has_none = has_none || c->constants[i].isNone();
    listAppend(list.as<List>(), c->constants[i]);
  }
  if (!has_none && importsNames(c)) listAppend(list.as<List>(), Value::none());
  return tupleFrom(t, list.as<List>()->items, list.as<List>()->size);
}
Ref codeNameTuple(Thread& t, const Code* c) {
  Ref seen = newDict(t);
  for (uint32_t i = 0; i < c->cache_count; ++i) dictSetStr(seen.as<Dict>(), c->cache_names[i], Value::none());
  Ref list = dictKeysList(t, seen.as<Dict>());
  return tupleFrom(t, list.as<List>()->items, list.as<List>()->size);
}
Ref codeUnits(Thread& t, const Code* c) {
  Ref names = codeNameTuple(t, c), constants = codeConstants(t, c);
  std::string out;
  for (uint32_t i = 0; i < c->instruction_count; ++i) {
    const Instruction& in = c->instructions[i];
    Op op = bytecode::plainOp(in.op);
    const Named* named = nullptr;
    for (const Named& n : kNamed) named = n.op == op ? &n : named;
    if (named == nullptr) {
      addUnit(out, kNop, 0);
      continue;
    }
    bytecode::OpInfo info = bytecode::infoOf(op);
    uint16_t cache = info.c == bytecode::Operand::kCache ? in.c : info.b == bytecode::Operand::kCache ? in.b : in.a;
    uint32_t index = 0;
    for (int64_t k = 0; k < names.as<Tuple>()->size; ++k) {
      if (strEqual(names.as<Tuple>()->items()[k].as<Str>(), c->cache_names[cache])) index = static_cast<uint32_t>(k);
    }
    if (op == Op::kImportName) addImportArguments(out, c, constants.as<Tuple>(), i);
    addUnit(out, named->unit, index << named->shift | static_cast<uint32_t>(named->low), named->caches);
  }
  return newBytes(t, out);
}

// --- co_linetable. ref: Objects/locations.md: entries of a byte `1 kind(4) size-1(3)` and numbers of six bits a byte.
enum LocationKind : uint8_t { kNoColumn = 13, kLong = 14, kNoPlace = 15 };
static void addNumber(std::string& out, uint32_t n) {
  for (; n >= 64; n >>= 6) out += static_cast<char>(64 | (n & 63));
  out += static_cast<char>(n);
}
static void addSigned(std::string& out, int64_t n) { addNumber(out, n < 0 ? static_cast<uint32_t>(-n) << 1 | 1 : static_cast<uint32_t>(n) << 1); }
constexpr uint16_t kUnknownColumn = 0xFFFF;
std::string locationTable(const Code* c) {
  std::string out;
  int64_t line = c->first_line;
  for (uint32_t i = 0; i < c->instruction_count && c->packed_size > 0; ++i) {
    const SourcePosition& p = positionsOf(c)[i];
    LocationKind kind = p.line == 0 ? kNoPlace : p.column == kUnknownColumn && p.end_line == p.line ? kNoColumn : kLong;
    out += static_cast<char>(0x80 | kind << 3);
    if (kind == kNoPlace) continue;
    addSigned(out, p.line - line);
    line = p.line;
    if (kind == kNoColumn) continue;
    addNumber(out, p.end_line - p.line);
    addNumber(out, p.column == kUnknownColumn ? 0 : p.column + 1u);
    addNumber(out, p.end_column == kUnknownColumn ? 0 : p.end_column + 1u);
  }
  return out;
}
std::vector<SourcePosition> readLocationTable(std::string_view table, uint32_t first_line, uint32_t count) {
  constexpr SourcePosition kUnknown{0, 0, kUnknownColumn, kUnknownColumn};
  std::vector<SourcePosition> out;
  int64_t line = first_line;
  size_t at = 0;
  auto byte = [&] { return at < table.size() ? static_cast<uint8_t>(table[at++]) : uint8_t{0}; };
  auto number = [&] {
    uint64_t n = 0;
    for (int shift = 0;; shift += 6) {
      uint8_t b = byte();
      if (shift < 60) n |= static_cast<uint64_t>(b & 63) << shift;
      if ((b & 64) == 0) return static_cast<int64_t>(n);
    }
  };
  auto step = [&] {
    int64_t n = number();
    line += (n & 1) != 0 ? -(n >> 1) : n >> 1;
  };
  auto column = [](int64_t n) { return n <= 0 || n > kUnknownColumn ? kUnknownColumn : static_cast<uint16_t>(n - 1); };
  while (at < table.size() && out.size() < count) {
    uint8_t first = byte();
    int kind = first >> 3 & 15;
    SourcePosition p = kUnknown;
    int64_t end = 0, begin_column = 0, end_column = 0;
    if (kind == kLong || kind == kNoColumn) step();
    if (kind == kLong) {
      end = number();
      begin_column = number();
      end_column = number();
    } else if (kind < 10) {
      uint8_t second = byte();
      begin_column = (kind << 3 | second >> 4) + 1;
      end_column = begin_column + (second & 15);
    } else if (kind < kNoColumn) {
      line += kind - 10;
      begin_column = byte() + 1;
      end_column = byte() + 1;
    }
    if (kind != kNoPlace && line > 0) p = {static_cast<uint32_t>(line), static_cast<uint32_t>(line + end), column(begin_column), column(end_column)};
    for (int i = 0; i <= (first & 7) && out.size() < count; ++i) out.push_back(p);
  }
  if (!out.empty()) out.resize(count, kUnknown);
  return out;
}

}  // namespace krait::object
