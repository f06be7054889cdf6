// `str`: slots and the methods that programs need first. ref: Objects/unicodeobject.c.
#include <cstring>

#include "analyzer/base/unicode/character.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/format.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/int_conversions.h"
#include "runtime/object/iterators.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"
#include "runtime/object/str_methods.h"

namespace krait::object {

bool isPrintable(char32_t c) { return unicode::isPrintable(c); }

// ref: unicode_repr.
void addStrRepr(StrBuilder& out, const Str* s) {
  bool single = false, dbl = false;
  for (int64_t i = 0; i < s->length; ++i) {
    single |= s->at(i) == '\'';
    dbl |= s->at(i) == '"';
  }
  char quote = single && !dbl ? '"' : '\'';
  out.add(quote);
  for (int64_t i = 0; i < s->length; ++i) {
    char32_t c = s->at(i);
    if (c == static_cast<char32_t>(quote) || c == '\\') {
      out.add('\\');
      out.add(c);
    } else if (c == '\n') {
      out.addAscii("\\n");
    } else if (c == '\r') {
      out.addAscii("\\r");
    } else if (c == '\t') {
      out.addAscii("\\t");
    } else if (isPrintable(c)) {
      out.add(c);
    } else {
      out.addAscii(format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", static_cast<unsigned>(c)));
    }
  }
  out.add(quote);
}

static Str* self(Value v) { return v.as<Str>(); }
static Ref repr(Thread& t, Value v) {
  StrBuilder out;
  addStrRepr(out, self(v));
  return out.finish(t);
}
static Ref str(Thread& t, Value v) {
  if (isExactStr(v)) return Ref::of(v);
  StrBuilder copy;
  copy.add(self(v));
  return copy.finish(t);
}
static Fallible<int64_t> hash(Thread&, Value v) { return strHash(self(v)); }
static Ref compare(Thread&, Value a, Value b, CompareOp op) {
  if (!isStr(a) || !isStr(b)) return Ref::notImplemented();
  if (op == CompareOp::kEq) return Ref::boolean(strEqual(self(a), self(b)));
  if (op == CompareOp::kNe) return Ref::boolean(!strEqual(self(a), self(b)));
  int order = strCompare(self(a), self(b));
  switch (op) {
    case CompareOp::kLt: return Ref::boolean(order < 0);
    case CompareOp::kLe: return Ref::boolean(order <= 0);
    case CompareOp::kGt: return Ref::boolean(order > 0);
    default: return Ref::boolean(order >= 0);
  }
}
static Fallible<int64_t> length(Thread&, Value v) { return self(v)->length; }
static Fallible<bool> contains(Thread& t, Value v, Value item) {
  if (!isStr(item)) return raiseTypeError(t, "'in <string>' requires string as left operand, not %s", typeNameOf(t, item));
  return strContains(self(v), self(item));
}
static Ref getItem(Thread& t, Value v, Value key) {
  Str* s = self(v);
  if (isExact(key, TypeId::kSlice)) {
    SliceBounds b = TRY(sliceBounds_py(t, key, s->length));
    if (b.step == 1) return strSlice(t, s, b.start, b.start + b.length);
    StrBuilder out;
    for (int64_t i = 0; i < b.length; ++i) out.add(s->at(b.start + i * b.step));
    return out.finish(t);
  }
  if (!isIntLike(key) && typeOf(t, key)->slots.index == nullptr) return raiseTypeError(t, "string indices must be integers, not '%s'", typeNameOf(t, key));
  return strFromChar(t, s->at(TRY(checkIndex_py(t, key, s->length, "string index out of range"))));
}
static Ref concat(Thread& t, Value a, Value b) {
  if (!isStr(b)) return raiseTypeError(t, "can only concatenate str (not \"%s\") to str", typeNameOf(t, b));
  return strConcat(t, self(a), self(b));
}
static Ref repeat(Thread& t, Value v, Value count) {
  int64_t n = TRY(toSize_py(t, count));
  Str* s = self(v);
  if (n <= 0 || s->length == 0) return Ref::of(t.isolate->empty_str);
  if (n == 1) return str(t, v);
  if (n > (int64_t{1} << 44) / s->length || !canAllocate(static_cast<size_t>(n * s->length * s->kind))) return raiseMemoryError(t);
  Ref r = newStrBuffer(t, s->length * n, s->is_ascii ? 0x7F : s->kind == 1 ? 0xFF : s->kind == 2 ? 0xFFFF : 0x10FFFF);
  char* to = static_cast<char*>(r.as<Str>()->data());
  size_t bytes = static_cast<size_t>(s->length) * s->kind;
  for (int64_t i = 0; i < n; ++i) std::memcpy(to + static_cast<size_t>(i) * bytes, s->data1(), bytes);
  return r;
}
static Ref iterate(Thread& t, Value v) { return newIterator(t, v.as<Str>()->is_ascii ? t.types().str_ascii_iterator : t.types().str_iterator, v); }
static Ref modulo(Thread& t, Value a, Value b) {
  if (!isStr(a)) return Ref::notImplemented();
  return percentFormat_py(t, self(a), b);
}
static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (nargs == 1 && type == t.types().str && (keywords == nullptr || keywords->size == 0)) {
    return str_py(t, args[0]);
  }
  BoundArguments a;
  if (nargs > 3) return raiseTypeError(t, "str expected at most 3 arguments, got %u", nargs);
  TRY(bindArguments_py(t, "str", "(object=<unset>, encoding=<unset>, errors=<unset>)", args, nargs, keywords, a));
  Ref r;
  for (int i = 1; i <= 2; ++i) {
    if (a[i].defined() && !isStr(a[i])) return raiseTypeError(t, "str() argument '%s' must be str, not %s", i == 1 ? "encoding" : "errors", typeNameOf(t, a[i]));
  }
  if (a[0].isUndefined()) r = Ref::of(t.isolate->empty_str);
  else if (a[1].isUndefined() && a[2].isUndefined()) r = TRY(str_py(t, a[0]));
  else if (isStr(a[0])) return raiseTypeError(t, "decoding str is not supported");
  else r = TRY(decode_py(t, a[0], a[1], a[2]));
  if (!isStr(r.get())) {
    return raiseTypeError(t, "'%s' decoder returned '%s' instead of 'str'; use codecs.decode() to decode to arbitrary types", isStr(a[1]) ? toUtf8(a[1].as<Str>()).c_str() : "utf-8", typeNameOf(t, r.get()));
  }
  if (type == t.types().str) return r;
  Str* from = r.as<Str>();
  Str* made = allocate<Str>(type, static_cast<size_t>(from->length + 1) * from->kind + 16);
  made->length = from->length;
  made->kind = from->kind;
  made->is_ascii = from->is_ascii;
  std::memcpy(made->data(), from->data1(), static_cast<size_t>(from->length + 1) * from->kind);
  gcTrack(made);  // its attributes may lead back to it
  return Ref::steal(made);
}

void initStrType(Isolate& isolate) {
  Type* type = isolate.types.str = makeType(isolate, {.name = "str", .id = TypeId::kStr, .size = sizeof(Str), .flags = kTypeBaseable | kTypeMatchSelf,
      .methods = kStrMethods,
      .doc = "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\nCreate a new string object from the given object. If encoding or\nerrors is specified, then the object must expose a data buffer\nthat will be decoded using the given encoding and error handler.\nOtherwise, returns the result of object.__str__() (if defined)\nor repr(object).\nencoding defaults to 'utf-8'.\nerrors defaults to 'strict'."});
  Slots& s = type->slots;
  s.repr = repr;
  s.str = str;
  s.hash = hash;
  s.compare = compare;
  s.length = length;
  s.contains = contains;
  s.get_item = getItem;
  s.concat = concat;
  s.repeat = repeat;
  s.iter = iterate;
  s.binary[static_cast<int>(BinaryOp::kMod)] = modulo;
  s.make = make;
}

}  // namespace krait::object
