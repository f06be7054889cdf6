#include "runtime/compile/materialize.h"

#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/float.h"
#include "runtime/object/frame.h"
#include "runtime/object/int.h"
#include "runtime/object/str.h"

namespace krait::compile {

using bytecode::CodeUnit;
using bytecode::Constant;
using bytecode::ConstantKind;
using namespace krait::object;

static_assert(bytecode::kWindowHeader == kFrameWords, "call windows leave room for a frame's header");

// Strings that look like names are interned, as CPython does: code compares them by identity.
static bool looksLikeName(std::string_view text) {
  for (char ch : text) {
    bool ok = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '_';
    if (!ok) return false;
  }
  return true;
}

static Ref bigInt(Thread& t, const Constant& c) {
  bool negative = !c.text.empty() && c.text[0] == '-';
  return intFromDigits(t, std::string_view(c.text).substr(negative), c.base, negative);
}

static Ref constantValue(Thread& t, const CodeUnit& unit, const Constant& c, Str* filename);

static Ref itemsOf(Thread& t, const CodeUnit& unit, const Constant& c, Str* filename) {
  Ref tuple = newTuple(t, static_cast<int64_t>(c.items.size()));
  for (size_t i = 0; i < c.items.size(); ++i) {
    Ref item = TRY(constantValue(t, unit, c.items[i], filename));
    tuple.as<Tuple>()->items()[i] = item.release();
  }
  return tuple;
}

static Ref constantValue(Thread& t, const CodeUnit& unit, const Constant& c, Str* filename) {
  switch (c.kind) {
    case ConstantKind::kNone: return Ref::none();
    case ConstantKind::kTrue: return Ref::boolean(true);
    case ConstantKind::kFalse: return Ref::boolean(false);
    case ConstantKind::kEllipsis: return Ref::steal(Value::ellipsis());
    case ConstantKind::kInt: return newInt(t, c.integer);
    case ConstantKind::kBigInt: return bigInt(t, c);
    case ConstantKind::kFloat: return newFloat(c.real);
    case ConstantKind::kComplex: return newComplex(t, c.real, c.imag);
    case ConstantKind::kStr:
      if (looksLikeName(c.text)) return Ref::of(intern(*t.isolate, c.text));
      return newStr(t, c.text);
    case ConstantKind::kBytes: return newBytes(t, c.text);
    case ConstantKind::kTuple: return itemsOf(t, unit, c, filename);
    case ConstantKind::kFrozenSet: {
      Ref items = TRY(itemsOf(t, unit, c, filename));
      return setFromIterable_py(t, t.types().frozenset, items.get());
    }
    case ConstantKind::kCode: return materialize(t, *unit.children[static_cast<size_t>(c.integer)], filename);
  }
  UNREACHABLE("every kind of constant is handled");
}

static void addNames(Thread& t, std::vector<Value>& to, const std::vector<std::string_view>& names) {
  for (std::string_view name : names) to.push_back(intern(*t.isolate, name));
}

Ref materialize(Thread& t, const CodeUnit& unit, Str* filename) {
  CodeParts parts;
  parts.instructions = unit.instructions;
  for (const bytecode::UnitPosition& p : unit.positions) parts.positions.push_back({p.line, p.end_line, p.column, p.end_column});
  for (const bytecode::UnitHandler& h : unit.handlers) parts.handlers.push_back({h.begin, h.end, h.handler, h.level, h.target});
  std::vector<Ref> values;
  for (const Constant& c : unit.constants) values.push_back(TRY(constantValue(t, unit, c, filename)));
  for (Ref& value : values) parts.constants.push_back(value.release());
  for (std::string_view name : unit.cache_names) parts.cache_names.push_back(intern(*t.isolate, name));
  addNames(t, parts.local_names, unit.local_names);
  addNames(t, parts.cell_names, unit.cell_names);
  addNames(t, parts.free_names, unit.free_names);
  parts.cell_registers = unit.cell_registers;
  parts.flags = unit.flags;
  parts.register_count = unit.register_count;
  parts.arg_count = unit.arg_count;
  parts.positional_only = unit.positional_only;
  parts.keyword_only = unit.keyword_only;
  parts.first_line = unit.first_line;
  parts.name = intern(*t.isolate, unit.name);
  parts.qualname = intern(*t.isolate, unit.qualname);
  parts.filename = filename;
  return newCode(t, parts);
}

}  // namespace krait::compile
