#include "runtime/object/code_replace.h"

#include <algorithm>
#include <cstring>

#include "runtime/bytecode/instruction.h"
#include "runtime/object/bytes.h"
#include "runtime/object/code_bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/int.h"
#include "runtime/object/native.h"
#include "runtime/object/suggestions.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

CodeImages code_images;

// --- the image: six bits a byte, each with the bit that says "more follows" in CPython's exception tables, so that dis, which
// reads such tables, finds an entry that never ends and shows none.
constexpr uint8_t kMoreFollows = 0x40;
constexpr uint8_t kSixBits = 0x3F;
static std::string toSixBits(std::string_view data) {
  std::string out;
  uint32_t held = 0;
  int bits = 0;
  for (char c : data) {
    held = held << 8 | static_cast<uint8_t>(c);
    for (bits += 8; bits >= 6; bits -= 6) out += static_cast<char>(kMoreFollows | (held >> (bits - 6) & kSixBits));
  }
  if (bits > 0) out += static_cast<char>(kMoreFollows | (held << (6 - bits) & kSixBits));
  return out;
}
static std::string fromSixBits(std::string_view data) {
  std::string out;
  uint32_t held = 0;
  int bits = 0;
  for (char c : data) {
    held = held << 6 | (static_cast<uint8_t>(c) & kSixBits);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>(held >> bits);
  }
  return out;
}
Ref codeImage(Thread& t, Value code) {
  if (code_images.write == nullptr) return newBytes(t, "");
  std::string image;
  TRY(code_images.write(t, code, image));
  return newBytes(t, toSixBits(image));
}

// --- copies
static CodeParts partsOf(Code* c) {
  CodeParts p;
  p.instructions.assign(c->instructions, c->instructions + c->instruction_count);
  for (Instruction& i : p.instructions) i.op = bytecode::plainOp(i.op);
  if (c->packed_size > 0) p.positions.assign(positionsOf(c), positionsOf(c) + c->instruction_count);
  p.handlers.assign(c->handlers, c->handlers + c->handler_count);
  p.cache_names.assign(c->cache_names, c->cache_names + c->cache_count);
  auto names = [](Tuple* from, std::vector<Value>& to) { to.assign(from->items(), from->items() + from->size); };
  names(c->local_names, p.local_names);
  names(c->cell_names, p.cell_names);
  names(c->free_names, p.free_names);
  p.cell_registers.assign(c->cell_registers, c->cell_registers + c->cell_names->size);
  p.flags = c->flags;
  p.register_count = c->register_count;
  p.arg_count = c->arg_count;
  p.positional_only = c->positional_only;
  p.keyword_only = c->keyword_only;
  p.first_line = c->first_line;
  p.name = c->name;
  p.qualname = c->qualname;
  p.filename = c->filename;
  return p;
}
static const char* const kAttributes[] = {"co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_nlocals", "co_stacksize", "co_flags", "co_code",
    "co_consts", "co_names", "co_varnames", "co_filename", "co_name", "co_qualname", "co_firstlineno", "co_linetable", "co_exceptiontable", "co_freevars", "co_cellvars"};
constexpr size_t kCount = std::size(kAttributes);
constexpr size_t kAtLeast = 16;  // the last two may be left out
enum Attribute : size_t { kArgCount, kPosOnly, kKwOnly, kNLocals, kStackSize, kFlags, kCode, kConsts, kNames, kVarNames, kFileName, kName, kQualName, kFirstLine, kLineTable, kExceptionTable, kFreeVars, kCellVars };
enum class Wants { Number, Bytes, Tuple, Str };
static Wants wantsOf(size_t which) {
  if (which <= kFlags || which == kFirstLine) return Wants::Number;
  if (which == kCode || which == kLineTable || which == kExceptionTable) return Wants::Bytes;
  return which == kFileName || which == kName || which == kQualName ? Wants::Str : Wants::Tuple;
}
// A value of the right kind; `shown` is what the message calls it.
static Status checkKind(Thread& t, size_t which, Value value, const std::string& shown, bool is_copy) {
  Wants wants = wantsOf(which);
  if (wants == Wants::Number) {
    int n = TRY(toCInt_py(t, value));
    if (n < 0 && is_copy && which != kFirstLine) return raiseValueError(t, "%s must be a positive integer", kAttributes[which]);
    static const char* const kNames[] = {"argcount", "posonlyargcount", "kwonlyargcount", "nlocals", "stacksize", "flags"};
    if (n < 0 && which <= kFlags) return raiseValueError(t, "code: %s must not be negative", kNames[which]);
    return kDone;
  }
  bool is_good = wants == Wants::Bytes ? isBytes(value) : wants == Wants::Str ? isStr(value) : isTuple(value);
  if (!is_good) return raiseTypeError(t, "%s must be %s, not %s", shown.c_str(), wants == Wants::Bytes ? "bytes" : wants == Wants::Str ? "str" : "tuple", typeNameOf(t, value));
  if (wants != Wants::Tuple || which == kConsts) return kDone;
  for (int64_t i = 0; i < value.as<Tuple>()->size; ++i) {
    Value name = (*value.as<Tuple>())[i];
    if (!isStr(name) && is_copy) return raise(t, errors(t).system_error, "non-string found in code slot");
    if (!isStr(name)) return raiseTypeError(t, "name tuples must contain only strings, not '%s'", typeNameOf(t, name));
  }
  return kDone;
}
static RaisedTag refuse(Thread& t, size_t which) { return raise(t, errors(t).not_implemented_error, "code.replace() with this %s", kAttributes[which]); }
static Str* interned(Thread& t, Value name) { return internStr(*t.isolate, name.as<Str>()); }

// The attributes of `c` as they are shown, with those of `given` (Undefined: as it is) in their place.
struct Change {
  Thread& t;
  Code* c;
  const Value* given;  // [kCount]
  CodeParts p;

  Fallible<bool> differs_py(size_t which) {
    if (given[which].isUndefined()) return false;
    Ref own = TRY(getAttrNamed_py(t, c, kAttributes[which]));
    return !TRY(equals_py(t, own.get(), given[which]));
  }
  // New names in the place of the old ones, which may stand in several lists. Those of cells alone are not among co_varnames.
  Status rename(size_t which) {
    Ref own = TRY(getAttrNamed_py(t, c, kAttributes[which]));
    Tuple *from = own.as<Tuple>(), *to = given[which].as<Tuple>();
    if (from->size > to->size || (which != kNames && from->size != to->size)) return refuse(t, which);
    auto renamed = [&](Value name) -> Value {
      for (int64_t i = 0; i < from->size; ++i) {
        if (strEqual((*from)[i].as<Str>(), name.as<Str>())) return interned(t, (*to)[i]);
      }
      return name;
    };
    if (which == kNames) {
      for (Str*& name : p.cache_names) name = renamed(name).as<Str>();
      return kDone;
    }
    if (which != kFreeVars) for (Value& name : p.local_names) name = renamed(name);
    if (which != kFreeVars) for (Value& name : p.cell_names) name = renamed(name);
    if (which == kFreeVars) for (Value& name : p.free_names) name = renamed(name);
    return kDone;
  }
  // All lines count from the first.
  void moveTo(int64_t first_line) {
    int64_t step = first_line - p.first_line;
    p.first_line = static_cast<uint32_t>(first_line);
    for (SourcePosition& at : p.positions) {
      if (at.line == 0) continue;
      at.line = static_cast<uint32_t>(std::max<int64_t>(at.line + step, 1));
      at.end_line = static_cast<uint32_t>(std::max<int64_t>(at.end_line + step, 1));
    }
  }
  Status apply(size_t which) {
    Value value = given[which];
    switch (which) {
      case kFlags: p.flags = static_cast<uint32_t>(TRY(toInt64_py(t, value))); return kDone;
      case kFirstLine: moveTo(TRY(toInt64_py(t, value))); return kDone;
      case kName: p.name = interned(t, value); return kDone;
      case kQualName: p.qualname = interned(t, value); return kDone;
      case kFileName: p.filename = value.as<Str>(); return kDone;
      case kStackSize: return kDone;  // ours follows from the instructions
      case kLineTable:
        p.positions = readLocationTable(value.as<Bytes>()->view(), p.first_line, c->instruction_count);
        return kDone;
      case kExceptionTable:
        if (value.as<Bytes>()->size > 0) return refuse(t, which);
        p.handlers.clear();
        return kDone;
      case kNames: case kVarNames: case kFreeVars: case kCellVars: return rename(which);
      case kNLocals: return raiseValueError(t, "code: co_nlocals != len(co_varnames)");
      default: return refuse(t, which);
    }
  }
};
static Ref changed(Thread& t, Code* c, const Value* given) {
  Change change{t, c, given, partsOf(c)};
  if (given[kNLocals].defined() && given[kVarNames].defined()) {
    Ref size = newInt(t, given[kVarNames].as<Tuple>()->size);
    if (!TRY(equals_py(t, size.get(), given[kNLocals]))) return raiseValueError(t, "code: co_nlocals != len(co_varnames)");
  }
  for (size_t which = 0; which < kCount; ++which) {
    if (which == kConsts || !TRY(change.differs_py(which))) continue;
    if (which == kNLocals && given[kVarNames].defined()) continue;
    TRY(change.apply(which));
  }
  Value constants = given[kConsts];
  if (constants.defined() && constants.as<Tuple>()->size < c->constant_count) return refuse(t, kConsts);
  for (uint32_t i = 0; i < c->constant_count; ++i) change.p.constants.push_back(share(constants.defined() ? (*constants.as<Tuple>())[i] : c->constants[i]));
  for (int64_t i = c->constant_count; constants.defined() && i < constants.as<Tuple>()->size; ++i) change.p.constants.push_back(share((*constants.as<Tuple>())[i]));
  return newCode(t, change.p);
}
// ref: code_replace_impl.
Ref codeReplace(Thread& t, const Value* a) {
  Value given[kCount];
  Value key, value;
  for (int64_t at = 0; dictNext(a[1].as<Dict>(), at, key, value);) {
    std::string name = toUtf8(key.as<Str>());
    size_t which = 0;
    while (which < kCount && name != kAttributes[which]) ++which;
    if (which == kCount) {
      std::vector<std::string> others(kAttributes, kAttributes + kCount);
      return raiseTypeError(t, "%s", unexpectedKeywordText("replace", name, others).c_str());
    }
    TRY(checkKind(t, which, value, "replace() argument '" + name + "'", true));
    given[which] = value;
  }
  return changed(t, a[0].as<Code>(), given);
}
// ref: code_new_impl.
Ref codeMake(Thread& t, Type*, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0) return raiseTypeError(t, "code() takes no keyword arguments");
  if (nargs < kAtLeast) return raiseTypeError(t, "code expected at least %zu arguments, got %u", kAtLeast, nargs);
  if (nargs > kCount) return raiseTypeError(t, "code expected at most %zu arguments, got %u", kCount, nargs);
  Value given[kCount];
  Ref none = newTuple(t, 0);
  given[kFreeVars] = given[kCellVars] = none.get();
  for (size_t i = 0; i < nargs; ++i) {
    TRY(checkKind(t, i, args[i], "code() argument " + std::to_string(i + 1), false));
    given[i] = args[i];
  }
  std::string image = fromSixBits(given[kExceptionTable].as<Bytes>()->view());
  Ref base = code_images.read == nullptr || image.empty() ? Ref() : code_images.read(t, image);
  if (!base || !isExact(base.get(), TypeId::kCode)) {
    clearException(t);
    return raise(t, errors(t).not_implemented_error, "code() without the co_exceptiontable of a code object of this interpreter");
  }
  given[kExceptionTable] = given[kCode] = Value();  // they are what the image has
  return changed(t, base.as<Code>(), given);
}

}  // namespace krait::object
