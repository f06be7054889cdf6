// The `array` module: arrays of one C type. ref: Modules/arraymodule.c (messages as there).
#include <cstdlib>
#include <cstring>

#include "runtime/modules/audit.h"
#include "runtime/modules/module_table.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/heap.h"
#include "runtime/object/import.h"
#include "runtime/object/int.h"
#include "runtime/object/int_conversions.h"
#include "runtime/object/plain_key.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

struct Array : Object {
  char code;
  uint8_t item_size;
  uint8_t* data;
  int64_t size, capacity;  // in items
  int64_t exports;
};
struct ArrayIterator : Object {
  Value array;
  int64_t at;
};
struct ArrayState {
  Type *array, *iterator;
};
static ArrayState* state;
static Array* self(Value v) { return v.as<Array>(); }
static Array* self(const Value* a) { return a[0].as<Array>(); }
static bool isArray(Value v) { return v.isHeap() && isSubtype(v.object()->type, state->array); }
static int64_t bytesOf(const Array* a) { return a->size * a->item_size; }
static bool isText(const Array* a) { return a->code == 'u' || a->code == 'w'; }

static int sizeOfCode(char c) {
  switch (c) {
    case 'b': case 'B': return 1;
    case 'h': case 'H': return 2;
    case 'i': case 'I': case 'f': case 'u': case 'w': return 4;
    case 'l': case 'L': case 'q': case 'Q': case 'd': return 8;
    default: return 0;
  }
}
// --- items
template <class T>
static T load(const uint8_t* p) {
  T v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
static Ref itemAt(Thread& t, const Array* a, int64_t i) {
  const uint8_t* p = a->data + i * a->item_size;
  switch (a->code) {
    case 'b': return newIntSmall(load<int8_t>(p));
    case 'B': return newIntSmall(*p);
    case 'h': return newIntSmall(load<int16_t>(p));
    case 'H': return newIntSmall(load<uint16_t>(p));
    case 'i': return newIntSmall(load<int32_t>(p));
    case 'I': return newIntSmall(load<uint32_t>(p));
    case 'f': return newFloat(load<float>(p));
    case 'd': return newFloat(load<double>(p));
    case 'u': case 'w': return strFromChar(t, load<uint32_t>(p));
    case 'L': case 'Q': return newIntUnsigned(t, load<uint64_t>(p));
    default: return newInt(t, load<int64_t>(p));
  }
}
struct IntRange {
  const char* name;
  int64_t low;
  uint64_t high;
};
static Status storeInt_py(Thread& t, const Array* a, uint8_t* p, Value v) {
  Ref n = TRY(toIndex_py(t, v));
  int64_t value = 0;
  uint64_t bits = 0;
  bool is_long = a->item_size == 8, is_unsigned = a->code >= 'A' && a->code <= 'Z';
  if (is_long && is_unsigned) {
    if (!intFitsUnsigned(n.get(), bits)) {
      if (intIsNegative(n.get())) return raiseOverflowError(t, a->code == 'Q' ? "can't convert negative int to unsigned" : "can't convert negative value to unsigned int");
      return raiseOverflowError(t, a->code == 'Q' ? "int too big to convert" : "Python int too large to convert to C unsigned long");
    }
    std::memcpy(p, &bits, 8);
    return kDone;
  }
  if (!intFits(n.get(), value)) {
    if (a->code == 'q') return raiseOverflowError(t, "int too big to convert");
    if (a->code == 'I') return raiseOverflowError(t, intIsNegative(n.get()) ? "can't convert negative value to unsigned int" : "Python int too large to convert to C unsigned long");
    return raiseOverflowError(t, "Python int too large to convert to C long");
  }
  if (!is_long) {
    if (a->code == 'I' && value < 0) return raiseOverflowError(t, "can't convert negative value to unsigned int");
    static constexpr const char* kNames[] = {"signed char", "unsigned byte integer", "signed short integer", "unsigned short", "", "unsigned int"};
    int64_t low = is_unsigned ? 0 : -(1ll << (8 * a->item_size - 1)), high = is_unsigned ? (1ll << (8 * a->item_size)) - 1 : -low - 1;
    int name = (a->item_size == 1 ? 0 : a->item_size == 2 ? 2 : 4) + is_unsigned;
    if (value < low || value > high) {
      if (a->code == 'i') return raiseOverflowError(t, value > 0 ? "signed integer is greater than maximum" : "signed integer is less than minimum");
      return raiseOverflowError(t, "%s is %s", kNames[name], value > high ? "greater than maximum" : "less than minimum");
    }
  }
  std::memcpy(p, &value, a->item_size);
  return kDone;
}
static Status storeItem_py(Thread& t, const Array* a, uint8_t* p, Value v) {
  if (a->code == 'f' || a->code == 'd') {
    double d = TRY(toDouble_py(t, v));
    float f = static_cast<float>(d);
    if (a->code == 'f') std::memcpy(p, &f, 4);
    else std::memcpy(p, &d, 8);
    return kDone;
  }
  if (isText(a)) {
    if (!isStr(v)) return raiseTypeError(t, "array item must be a unicode character, not %s", typeNameOf(t, v));
    if (v.as<Str>()->length != 1) {
      return raiseTypeError(t, "array item must be a unicode character, not a string of length %ld", static_cast<long>(v.as<Str>()->length));
    }
    uint32_t c = v.as<Str>()->at(0);
    std::memcpy(p, &c, 4);
    return kDone;
  }
  return storeInt_py(t, a, p, v);
}

// --- memory
static Ref newArray(Type* type, char code) {
  Array* a = allocate<Array>(type);
  a->code = code;
  a->item_size = static_cast<uint8_t>(sizeOfCode(code));
  return Ref::steal(a);
}
static Status resize(Thread& t, Array* a, int64_t size) {
  if (a->exports > 0 && size != a->size) return raise(t, errors(t).buffer_error, "cannot resize an array that is exporting buffers");
  if (size > a->capacity || size < a->capacity / 4) {
    int64_t capacity = size + (size >> 4) + (size < 8 ? 3 : 7);
    if (size > (int64_t{1} << 44) / a->item_size) return raiseMemoryError(t);
    uint8_t* data = static_cast<uint8_t*>(std::realloc(a->data, static_cast<size_t>(capacity * a->item_size)));
    if (data == nullptr) return raiseMemoryError(t);
    a->data = data;
    a->capacity = capacity;
  }
  a->size = size;
  return kDone;
}
// Replaces `removed` items at `at` by room for `added`.
static Status splice(Thread& t, Array* a, int64_t at, int64_t removed, int64_t added) {
  int64_t tail = a->size - at - removed;
  if (a->exports > 0 && added != removed) return raise(t, errors(t).buffer_error, "cannot resize an array that is exporting buffers");
  if (added < removed) std::memmove(a->data + (at + added) * a->item_size, a->data + (at + removed) * a->item_size, static_cast<size_t>(tail * a->item_size));
  TRY(resize(t, a, a->size - removed + added));
  if (added > removed) std::memmove(a->data + (at + added) * a->item_size, a->data + (at + removed) * a->item_size, static_cast<size_t>(tail * a->item_size));
  return kDone;
}
static Status insertAt_py(Thread& t, Array* a, int64_t at, Value v) {
  uint8_t item[8];
  TRY(storeItem_py(t, a, item, v));
  if (at > a->size) at = a->size;
  TRY(splice(t, a, at, 0, 1));
  std::memcpy(a->data + at * a->item_size, item, a->item_size);
  return kDone;
}
static Status extendFrom_py(Thread& t, Array* a, Value v) {
  if (isArray(v)) {
    if (self(v)->code != a->code) return raiseTypeError(t, "can only extend with array of same kind");
    int64_t old = a->size, more = self(v)->size;
    TRY(resize(t, a, old + more));
    if (more > 0) std::memcpy(a->data + old * a->item_size, self(v)->data, static_cast<size_t>(more * a->item_size));
    return kDone;
  }
  Iteration it(t, v);
  while (it.next()) TRY(insertAt_py(t, a, a->size, it.value()));
  if (it.raised()) return kRaised;
  return kDone;
}
static Status appendBytes(Thread& t, Array* a, std::string_view bytes) {
  if (bytes.size() % a->item_size != 0) return raiseValueError(t, "bytes length not a multiple of item size");
  int64_t old = a->size;
  TRY(resize(t, a, old + static_cast<int64_t>(bytes.size()) / a->item_size));
  if (!bytes.empty()) std::memcpy(a->data + old * a->item_size, bytes.data(), bytes.size());
  return kDone;
}
static Status appendText(Thread& t, Array* a, Str* text) {
  int64_t old = a->size;
  TRY(resize(t, a, old + text->length));
  for (int64_t i = 0; i < text->length; ++i) {
    uint32_t c = text->at(i);
    std::memcpy(a->data + (old + i) * 4, &c, 4);
  }
  return kDone;
}

// --- construction
static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0 && type == state->array) return raiseTypeError(t, "array.array() takes no keyword arguments");
  if (nargs < 1) return raiseTypeError(t, "array() takes at least 1 argument (0 given)");
  if (nargs > 2) return raiseTypeError(t, "array() takes at most 2 arguments (%u given)", nargs);
  if (!isStr(args[0])) return raiseTypeError(t, "array() argument 1 must be a unicode character, not %s", typeNameOf(t, args[0]));
  if (args[0].as<Str>()->length != 1) {
    return raiseTypeError(t, "array() argument 1 must be a unicode character, not a string of length %ld", static_cast<long>(args[0].as<Str>()->length));
  }
  TRY(audit_py(t, "array.__new__", {args[0], nargs == 2 ? args[1] : Value()}));
  char32_t c = args[0].as<Str>()->at(0);
  char code = c < 128 ? static_cast<char>(c) : '\0';
  if (sizeOfCode(code) == 0) return raiseValueError(t, "bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)");
  if (code == 'u') TRY(warn_py(t, errors(t).deprecation_warning, 1, "The 'u' type code is deprecated and will be removed in Python 3.16"));
  Value initial = nargs == 2 ? args[1] : Value();
  Ref r = newArray(type, code);
  Array* a = self(r.get());
  if (initial.isUndefined()) return r;
  if (isStr(initial) && !isText(a)) return raiseTypeError(t, "cannot use a str to initialize an array with typecode '%c'", code);
  if (isArray(initial) && isText(self(initial)) != isText(a)) {
    return isText(self(initial)) ? raiseTypeError(t, "cannot use a unicode array to initialize an array with typecode '%c'", code) : raiseTypeError(t, "array item must be a unicode character, not int");
  }
  if (isStr(initial)) TRY(appendText(t, a, initial.as<Str>()));
  else if (isBytes(initial) || isByteArray(initial)) {
    Buffer bytes;
    TRY(bytes.acquire(t, initial));
    TRY(appendBytes(t, a, bytes.view()));
  } else if (isArray(initial) && self(initial)->code == code) TRY(extendFrom_py(t, a, initial));
  else {
    Ref items = TRY(tupleFromIterable_py(t, initial));
    for (int64_t i = 0; i < items.as<Tuple>()->size; ++i) TRY(insertAt_py(t, a, a->size, items.as<Tuple>()->items()[i]));
  }
  return r;
}
static Ref sameKind(const Array* a) { return newArray(state->array, a->code); }

// --- methods
static Ref append(Thread& t, const Value* a) {
  TRY(insertAt_py(t, self(a), self(a)->size, a[1]));
  return Ref::none();
}
static Ref insert(Thread& t, const Value* a) {
  int64_t at = TRY(toInt64_py(t, a[1]));
  if (at < 0) at = at + self(a)->size < 0 ? 0 : at + self(a)->size;
  TRY(insertAt_py(t, self(a), at, a[2]));
  return Ref::none();
}
static Ref extend(Thread& t, const Value* a) {
  TRY(extendFrom_py(t, self(a), a[1]));
  return Ref::none();
}
static Ref clearMethod(Thread& t, const Value* a) {
  TRY(resize(t, self(a), 0));
  return Ref::none();
}
static Ref pop(Thread& t, const Value* a) {
  int64_t at = TRY(toInt64_py(t, a[1]));
  if (self(a)->size == 0) return raiseIndexError(t, "pop from empty array");
  if (at < 0) at += self(a)->size;
  if (at < 0 || at >= self(a)->size) return raiseIndexError(t, "pop index out of range");
  Ref item = itemAt(t, self(a), at);
  TRY(splice(t, self(a), at, 1, 0));
  return item;
}
static Fallible<int64_t> find_py(Thread& t, Value v, Value wanted, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end && i < self(v)->size; ++i) {
    Ref item = itemAt(t, self(v), i);
    if (TRY(equals_py(t, item.get(), wanted))) return i;
  }
  return int64_t{-1};
}
static Ref indexMethod(Thread& t, const Value* a) {
  int64_t size = self(a)->size, begin = TRY(toIndexClamped_py(t, a[2])), end = a[3].isUndefined() ? size : TRY(toIndexClamped_py(t, a[3]));
  if (begin < 0) begin = begin + size < 0 ? 0 : begin + size;
  if (end < 0) end += size;
  int64_t i = TRY(find_py(t, a[0], a[1], begin, end));
  return i < 0 ? Ref(raiseValueError(t, "array.index(x): x not in array")) : newIntSmall(i);
}
static Ref removeMethod(Thread& t, const Value* a) {
  int64_t i = TRY(find_py(t, a[0], a[1], 0, self(a)->size));
  if (i < 0) return raiseValueError(t, "array.remove(x): x not in array");
  TRY(splice(t, self(a), i, 1, 0));
  return Ref::none();
}
static Ref count(Thread& t, const Value* a) {
  int64_t n = 0;
  for (int64_t i = 0; i < self(a)->size; ++i) {
    Ref item = itemAt(t, self(a), i);
    n += TRY(equals_py(t, item.get(), a[1]));
  }
  return newIntSmall(n);
}
static void swapItems(Array* a, int64_t i, int64_t j) {
  uint8_t item[8];
  std::memcpy(item, a->data + i * a->item_size, a->item_size);
  std::memcpy(a->data + i * a->item_size, a->data + j * a->item_size, a->item_size);
  std::memcpy(a->data + j * a->item_size, item, a->item_size);
}
static Ref reverse(Thread&, const Value* a) {
  for (int64_t i = 0, j = self(a)->size - 1; i < j; ++i, --j) swapItems(self(a), i, j);
  return Ref::none();
}
static Ref byteSwap(Thread&, const Value* a) {
  Array* s = self(a);
  for (int64_t i = 0; i < s->size; ++i) {
    uint8_t* p = s->data + i * s->item_size;
    for (int x = 0, y = s->item_size - 1; x < y; ++x, --y) std::swap(p[x], p[y]);
  }
  return Ref::none();
}
static Ref tolist(Thread& t, const Value* a) {
  Ref list = newList(t, self(a)->size);
  for (int64_t i = 0; i < self(a)->size; ++i) listAppendSteal(list.as<List>(), itemAt(t, self(a), i).release());
  return list;
}
static Ref fromList(Thread& t, const Value* a) {
  if (!isList(a[1])) return raiseTypeError(t, "arg must be list");
  int64_t old = self(a)->size;
  for (int64_t i = 0; i < a[1].as<List>()->size; ++i) {
    Ref item = Ref::of(a[1].as<List>()->items[i]);
    if (insertAt_py(t, self(a), self(a)->size, item.get()).failed) {
      self(a)->size = old;
      return kRaised;
    }
  }
  return Ref::none();
}
static Ref toBytes(Thread& t, const Value* a) { return newBytes(t, {reinterpret_cast<const char*>(self(a)->data), static_cast<size_t>(bytesOf(self(a)))}); }
static Ref fromBytes(Thread& t, const Value* a) {
  Buffer bytes;
  TRY(bytes.acquire(t, a[1]));
  if (bytes.info().item_size != 1) return raiseTypeError(t, "a bytes-like object is required");
  TRY(appendBytes(t, self(a), bytes.view()));
  return Ref::none();
}
static Ref toUnicode(Thread& t, const Value* a) {
  if (!isText(self(a))) return raiseValueError(t, "tounicode() may only be called on unicode type arrays ('u' or 'w')");
  const uint32_t* chars = reinterpret_cast<const uint32_t*>(self(a)->data);
  for (int64_t i = 0; i < self(a)->size; ++i) {
    if (chars[i] > 0x10FFFF) return raiseValueError(t, "character U+%x is not in range [U+0000; U+10ffff]", chars[i]);
  }
  return newStrUtf32(t, chars, self(a)->size);
}
static Ref fromUnicode(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "fromunicode() argument must be str, not %s", typeNameOf(t, a[1]));
  if (!isText(self(a))) return raiseValueError(t, "fromunicode() may only be called on unicode type arrays ('u' or 'w')");
  TRY(appendText(t, self(a), a[1].as<Str>()));
  return Ref::none();
}
static Ref toFile(Thread& t, const Value* a) {
  Ref bytes = toBytes(t, a), done = TRY(callMethod_py(t, a[1], t.names().write, bytes.get()));
  return Ref::none();
}
static Ref fromFile(Thread& t, const Value* a) {
  int64_t n = TRY(toInt64_py(t, a[2]));
  if (n < 0) return raiseValueError(t, "negative count");
  Ref bytes = TRY(callMethod_py(t, a[1], t.names().read, Value::fromInt(n * self(a)->item_size)));
  if (!isBytes(bytes.get())) return raiseTypeError(t, "read() didn't return bytes");
  TRY(appendBytes(t, self(a), bytes.as<Bytes>()->view()));
  if (bytes.as<Bytes>()->size != n * self(a)->item_size) return raise(t, errors(t).eof_error, "read() didn't return enough bytes");
  return Ref::none();
}
static Ref copy(Thread& t, const Value* a) {
  Ref r = sameKind(self(a));
  TRY(extendFrom_py(t, self(r.get()), a[0]));
  return r;
}
static Ref bufferInfo(Thread& t, const Value* a) {
  Ref address = newInt(t, static_cast<int64_t>(reinterpret_cast<uintptr_t>(self(a)->data)));
  return tupleOf(t, {address.get(), Value::fromInt(self(a)->size)});
}
static int machineFormat(char code) {  // ref: arraymodule.c, enum machine_format_code
  switch (code) {
    case 'B': return 0;
    case 'b': return 1;
    case 'H': return 2;
    case 'h': return 4;
    case 'I': return 6;
    case 'i': return 8;
    case 'L': case 'Q': return 10;
    case 'l': case 'q': return 12;
    case 'f': return 14;
    case 'd': return 16;
    default: return 20;
  }
}
static Ref reduceEx(Thread& t, const Value* a) {
  int64_t protocol = TRY(toInt64_py(t, a[1]));
  Ref dict = findAttr_py(t, a[0], t.names().d_dict), code = newStr(t, {&self(a)->code, 1});
  if (!dict && isPending(t)) return Ref();
  Value extra = dict ? dict.get() : Value::none();
  if (protocol < 3) {
    Ref list = TRY(tolist(t, a)), args = tupleOf(t, {code.get(), list.get()});
    return tupleOf(t, {Value(typeOf(t, a[0])), args.get(), extra});
  }
  Ref make = TRY(importAttr_py(t, "array", "_array_reconstructor")), bytes = toBytes(t, a);
  Ref args = tupleOf(t, {Value(typeOf(t, a[0])), code.get(), Value::fromInt(machineFormat(self(a)->code)), bytes.get()});
  return tupleOf(t, {make.get(), args.get(), extra});
}
// The items of another machine's format are read one by one.
static Status appendForeign_py(Thread& t, Value made, int64_t format, Value bytes) {
  static constexpr const char* kFormats[] = {"B", "b", "<H", ">H", "<h", ">h", "<I", ">I", "<i", ">i", "<Q", ">Q", "<q", ">q", "<f", ">f", "<d", ">d"};
  static constexpr const char* kEncodings[] = {"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"};
  if (format >= 18) {
    Ref encoding = newStr(t, kEncodings[format - 18]), text = TRY(callMethod_py(t, bytes, intern(*t.isolate, "decode"), encoding.get()));
    TRY(callMethod_py(t, made, intern(*t.isolate, "fromunicode"), text.get()));
    return kDone;
  }
  static constexpr int64_t kSizes[] = {1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 8, 8, 8, 8, 4, 4, 8, 8};
  if (bytes.as<Bytes>()->size % kSizes[format] != 0) return raiseValueError(t, "bytes length not a multiple of item size");
  Ref unpack = TRY(importAttr_py(t, "struct", "iter_unpack")), text = newStr(t, kFormats[format]), items = TRY(callArgs_py(t, unpack.get(), text.get(), bytes));
  Iteration it(t, items.get());
  while (it.next()) TRY(callMethod_py(t, made, t.names().append, it.value().as<Tuple>()->items()[0]));
  if (it.raised()) return kRaised;
  return kDone;
}
// (type, code, format, bytes). ref: array__array_reconstructor_impl.
static Ref reconstruct(Thread& t, const Value* a) {
  if (!isType(a[0])) return raiseTypeError(t, "first argument must be a type object, not %s", typeNameOf(t, a[0]));
  if (!isSubtype(a[0].as<Type>(), state->array)) return raiseTypeError(t, "%s is not a subtype of array.array", typeName(a[0].as<Type>()));
  int64_t format = TRY(toInt64_py(t, a[2]));
  if (format < 0 || format > 21) return raiseValueError(t, "third argument must be a valid machine format code.");
  if (!isBytes(a[3])) return raiseTypeError(t, "fourth argument should be bytes, not %s", typeNameOf(t, a[3]));
  Ref made = TRY(callArgs_py(t, a[0], a[1]));
  bool is_swapped = format >= 2 && format < 20 && format % 2 == 1;
  if (format - is_swapped != machineFormat(self(made.get())->code)) {
    TRY(appendForeign_py(t, made.get(), format, a[3]));
    return made;
  }
  TRY(appendBytes(t, self(made.get()), a[3].as<Bytes>()->view()));
  if (is_swapped) {
    Value v = made.get();
    Ref done = byteSwap(t, &v);
  }
  return made;
}

// --- slots
static Fallible<int64_t> length(Thread&, Value v) { return self(v)->size; }
static Ref getItem(Thread& t, Value v, Value key) {
  Array* a = self(v);
  Ref plain = TRY(plainKey_py(t, key));
  key = plain.get();
  if (isExact(key, TypeId::kSlice)) {
    SliceBounds s = TRY(sliceBounds_py(t, key, a->size));
    Ref r = sameKind(a);
    TRY(resize(t, self(r.get()), s.length));
    for (int64_t i = 0; i < s.length; ++i) {
      std::memcpy(self(r.get())->data + i * a->item_size, a->data + (s.start + i * s.step) * a->item_size, a->item_size);
    }
    return r;
  }
  if (!isIntLike(key) && typeOf(t, key)->slots.index == nullptr) return raiseTypeError(t, "array indices must be integers");
  return itemAt(t, a, TRY(checkIndex_py(t, key, a->size, "array index out of range")));
}
static Status deleteSlice(Thread& t, Array* a, SliceBounds s) {
  if (s.step < 0) s.start += s.step * (s.length - 1), s.step = -s.step;
  if (s.step == 1) return splice(t, a, s.start, s.length, 0);
  for (int64_t i = s.length - 1; i >= 0; --i) TRY(splice(t, a, s.start + i * s.step, 1, 0));
  return kDone;
}
static Status setItem(Thread& t, Value v, Value key, Value value) {
  Array* a = self(v);
  Ref plain = TRY(plainKey_py(t, key));
  key = plain.get();
  if (!isExact(key, TypeId::kSlice)) {
    if (!isIntLike(key) && typeOf(t, key)->slots.index == nullptr) return raiseTypeError(t, "array indices must be integers");
    int64_t i = TRY(checkIndex_py(t, key, a->size, value.isUndefined() ? "array assignment index out of range" : "array assignment index out of range"));
    if (value.isUndefined()) return splice(t, a, i, 1, 0);
    uint8_t item[8];
    TRY(storeItem_py(t, a, item, value));
    if (i < a->size) std::memcpy(a->data + i * a->item_size, item, a->item_size);
    return kDone;
  }
  SliceBounds s = TRY(sliceBounds_py(t, key, a->size));
  if (value.isUndefined()) return deleteSlice(t, a, s);
  if (!isArray(value)) return raiseTypeError(t, "can only assign array (not \"%s\") to array slice", typeNameOf(t, value));
  if (self(value)->code != a->code) return raiseTypeError(t, "bad argument type for built-in operation");
  Value args[1] = {value};
  Ref source = TRY(copy(t, args));
  Array* from = self(source.get());
  if (s.step == 1) {
    TRY(splice(t, a, s.start, s.length, from->size));
    // Both may have no memory at all.
    if (from->size > 0) std::memcpy(a->data + s.start * a->item_size, from->data, static_cast<size_t>(bytesOf(from)));
    return kDone;
  }
  if (from->size != s.length) {
    return raiseValueError(t, "attempt to assign array of size %ld to extended slice of size %ld", static_cast<long>(from->size), static_cast<long>(s.length));
  }
  for (int64_t i = 0; i < s.length; ++i) std::memcpy(a->data + (s.start + i * s.step) * a->item_size, from->data + i * a->item_size, a->item_size);
  return kDone;
}
static Fallible<bool> contains(Thread& t, Value v, Value item) { return TRY(find_py(t, v, item, 0, self(v)->size)) >= 0; }
static Ref concat(Thread& t, Value a, Value b) {
  if (!isArray(b)) return raiseTypeError(t, "can only append array (not \"%s\") to array", typeNameOf(t, b));
  if (self(a)->code != self(b)->code) return raiseTypeError(t, "bad argument type for built-in operation");
  Ref r = TRY(copy(t, &a));
  TRY(extendFrom_py(t, self(r.get()), b));
  return r;
}
static Ref inplaceConcat(Thread& t, Value a, Value b) {
  if (!isArray(b)) return raiseTypeError(t, "can only extend array with array (not \"%s\")", typeNameOf(t, b));
  TRY(extendFrom_py(t, self(a), b));
  return Ref::of(a);
}
static Ref inplaceRepeat(Thread& t, Value v, Value times) {
  int64_t n = TRY(toSize_py(t, times));
  Array* a = self(v);
  int64_t size = a->size;
  if (n <= 0) TRY(resize(t, a, 0));
  else if (size > 0) {
    if (n > (int64_t{1} << 44) / (size * a->item_size)) return raiseMemoryError(t);
    TRY(resize(t, a, size * n));
    for (int64_t i = 1; i < n; ++i) std::memcpy(a->data + i * size * a->item_size, a->data, static_cast<size_t>(size * a->item_size));
  }
  return Ref::of(v);
}
static Ref repeat(Thread& t, Value a, Value times) {
  Ref r = TRY(copy(t, &a));
  return inplaceRepeat(t, r.get(), times);
}
static Ref compare(Thread& t, Value a, Value b, CompareOp op) {
  if (!isArray(b)) return Ref::notImplemented();
  if ((op == CompareOp::kEq || op == CompareOp::kNe) && self(a)->size != self(b)->size) return Ref::boolean(op == CompareOp::kNe);
  int64_t common = self(a)->size < self(b)->size ? self(a)->size : self(b)->size;
  for (int64_t i = 0; i < common; ++i) {
    Ref x = TRY(itemAt(t, self(a), i)), y = TRY(itemAt(t, self(b), i));
    if (TRY(compareTrue_py(t, x.get(), y.get(), CompareOp::kEq))) continue;
    if (op == CompareOp::kEq || op == CompareOp::kNe) return Ref::boolean(op == CompareOp::kNe);
    return compare_py(t, x.get(), y.get(), op);
  }
  return compare_py(t, Value::fromInt(self(a)->size), Value::fromInt(self(b)->size), op);
}
static Ref repr(Thread& t, Value v) {
  std::string out = std::string(shortTypeName(typeOf(t, v))) + "('" + self(v)->code + "'";
  if (self(v)->size > 0) {
    Ref contents = TRY(isText(self(v)) ? toUnicode(t, &v) : tolist(t, &v));
    Ref text = TRY(repr_py(t, contents.get()));
    out += ", " + toUtf8(text.as<Str>());
  }
  return newStr(t, out + ")");
}
static Ref iterate(Thread&, Value v) {
  ArrayIterator* it = allocate<ArrayIterator>(state->iterator);
  it->array = share(v);
  return Ref::steal(it);
}
static Ref iteratorNext(Thread& t, Value v) {
  ArrayIterator* it = v.as<ArrayIterator>();
  if (it->array.isUndefined()) return Ref();
  if (it->at < self(it->array)->size) return itemAt(t, self(it->array), it->at++);
  Ref gone = Ref::steal(it->array);
  it->array = Value();
  return Ref();
}
static Ref iteratorReduce(Thread& t, const Value* a) {
  ArrayIterator* it = a[0].as<ArrayIterator>();
  Ref make = Ref::of(dictGetStr(t.isolate->builtins, intern(*t.isolate, "iter"))), empty = newTuple(t, 0);
  bool is_done = it->array.isUndefined();
  Ref args = tupleOf(t, {is_done ? empty.get() : it->array});
  return is_done ? tupleOf(t, {make.get(), args.get()}) : tupleOf(t, {make.get(), args.get(), Value::fromInt(it->at)});
}
static Ref iteratorSetState(Thread& t, const Value* a) {
  ArrayIterator* it = a[0].as<ArrayIterator>();
  int64_t at = TRY(toInt64_py(t, a[1]));
  if (it->array.defined()) it->at = at < 0 ? 0 : at > self(it->array)->size ? self(it->array)->size : at;
  return Ref::none();
}
static const NativeDef kIteratorMethods[] = {{"__reduce__", "($self, /)", iteratorReduce, "Return state information for pickling."},
    {"__setstate__", "($self, state, /)", iteratorSetState, "Set state information for unpickling."}, {nullptr, nullptr, nullptr}};
static Status getBufferOf(Thread&, Value v, BufferInfo& out) {
  Array* a = self(v);
  static uint8_t none[1];
  out.data = a->data != nullptr ? a->data : none;
  out.size = bytesOf(a);
  out.is_read_only = false;
  out.format = a->code;
  out.item_size = a->item_size;
  ++a->exports;
  return kDone;
}
static void releaseBufferOf(Value v) { --self(v)->exports; }
static Ref getCode(Thread& t, Value v) { return newStr(t, {&self(v)->code, 1}); }
static Ref getItemSize(Thread&, Value v) { return newIntSmall(self(v)->item_size); }
static Ref aliasFor(Thread& t, const Value* a) { return callArgs_py(t, t.types().generic_alias, a[0], a[1]); }

static const NativeDef kMethods[] = {
    {"append", "($self, v, /)", append, "Append new value v to the end of the array."}, {"buffer_info", "($self, /)", bufferInfo},
    {"byteswap", "($self, /)", byteSwap}, {"clear", "($self, /)", clearMethod, "Remove all items from the array."}, {"__copy__", "($self, /)", copy},
    {"__deepcopy__", "($self, unused, /)", copy}, {"count", "($self, v, /)", count}, {"extend", "($self, bb, /)", extend},
    {"fromfile", "($self, f, n, /)", fromFile}, {"fromlist", "($self, list, /)", fromList}, {"frombytes", "($self, buffer, /)", fromBytes},
    {"fromunicode", "($self, ustr, /)", fromUnicode}, {"index", "($self, v, start=0, stop=<unset>, /)", indexMethod}, {"insert", "($self, i, v, /)", insert},
    {"pop", "($self, i=-1, /)", pop}, {"__reduce_ex__", "($self, value, /)", reduceEx}, {"remove", "($self, v, /)", removeMethod},
    {"reverse", "($self, /)", reverse}, {"tofile", "($self, f, /)", toFile}, {"tolist", "($self, /)", tolist}, {"tobytes", "($self, /)", toBytes},
    {"tounicode", "($self, /)", toUnicode}, {"__class_getitem__", "($type, object, /)", aliasFor, "See PEP 585"}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"typecode", getCode}, {"itemsize", getItemSize}, {nullptr, nullptr}};
static const NativeDef kFunctions[] = {{"_array_reconstructor", "(arraytype, typecode, mformat_code, items, /)", reconstruct}, {nullptr, nullptr, nullptr}};

static Status initModule(Thread& t, Module* m) {
  state = new ArrayState();
  Type* type = state->array = makeType(*t.isolate, {.name = "array.array", .size = sizeof(Array), .flags = kTypeBaseable | kTypeWeakrefable | kTypeMatchSequence,
      .methods = kMethods, .getsets = kGetSets, .doc = "array(typecode [, initializer]) -> array"});
  Slots& s = type->slots;
  s.dealloc = [](Object* o) { std::free(static_cast<Array*>(o)->data); };
  s.make = make;
  s.repr = repr;
  s.compare = compare;
  s.iter = iterate;
  s.length = length;
  s.get_item = getItem;
  s.set_item = setItem;
  s.contains = contains;
  s.concat = concat;
  s.repeat = repeat;
  s.inplace_concat = inplaceConcat;
  s.inplace_repeat = inplaceRepeat;
  s.get_buffer = getBufferOf;
  s.release_buffer = releaseBufferOf;
  readyType(*t.isolate, type);
  state->iterator = makeType(*t.isolate, {.name = "array.arrayiterator", .size = sizeof(ArrayIterator), .flags = kTypeDisallowNew, .methods = kIteratorMethods});
  state->iterator->slots.dealloc = [](Object* o) { decref(static_cast<ArrayIterator*>(o)->array); };
  state->iterator->slots.iter = [](Thread&, Value v) -> Ref { return Ref::of(v); };
  state->iterator->slots.next = iteratorNext;
  readyType(*t.isolate, state->iterator);
  moduleSetType(t, m, type);
  moduleSet(t, m, "ArrayType", type);
  Ref codes = newStr(t, "bBuwhHiIlLqQfd");
  moduleSet(t, m, "typecodes", codes.get());
  Ref sequence = TRY(importAttr_py(t, "collections.abc", "MutableSequence"));
  TRY(callMethod_py(t, sequence.get(), intern(*t.isolate, "register"), Value(state->array)));
  return kDone;
}
extern const NativeModule kArrayModule;
const NativeModule kArrayModule = {"array", "This module defines an object type which can efficiently represent an array of basic values.", kFunctions, initModule};

}  // namespace krait::modules
