// The `_struct` module: values to and from packed bytes. A format is parsed once into a list of fields; Struct objects keep
// theirs. ref: Modules/_struct.c (messages and alignment rules as there).
#include <bit>
#include <cstring>
#include <vector>

#include "runtime/modules/module_table.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

struct Field {
  char code;
  int64_t count;   // repeats; of 's' and 'p' the length in bytes
  int64_t offset;
  int64_t size;    // of one item
};
struct Layout {
  std::vector<Field> fields;
  int64_t size = 0, values = 0;
  bool big_endian = false;
  bool is_native = true;  // '@': native sizes and alignment
};
struct StructObject : Object {
  Layout* layout;
  Value format;
};
struct StructIterator : Object {
  Value owner, buffer_owner;
  Buffer* buffer;
  int64_t at;
};
struct StructState {
  Type *struct_type, *iterator, *error;
  Str* cache_name;
};
static StructState* state;

static int64_t sizeOf(char c, bool native) {
  switch (c) {
    case 'x': case 'b': case 'B': case 'c': case '?': case 's': case 'p': return 1;
    case 'h': case 'H': case 'e': return 2;
    case 'i': case 'I': case 'f': return 4;
    case 'l': case 'L': return native ? 8 : 4;
    case 'q': case 'Q': case 'd': case 'F': return 8;
    case 'D': return 16;
    case 'n': case 'N': case 'P': return native ? 8 : 0;
    default: return 0;
  }
}
static int64_t alignmentOf(char c, int64_t size) { return c == 'D' ? 8 : c == 'F' ? 4 : size; }

static Status parseLayout(Thread& t, std::string_view text, Layout& out) {
  size_t i = 0;
  if (!text.empty() && std::string_view("@=<>!").find(text[0]) != std::string_view::npos) {
    out.is_native = text[0] == '@';
    out.big_endian = text[0] == '>' || text[0] == '!';
    i = 1;
  }
  while (i < text.size()) {
    char c = text[i++];
    if (c == ' ' || (c >= '\t' && c <= '\r')) continue;
    int64_t count = 1;
    if (c >= '0' && c <= '9') {
      count = c - '0';
      while (i < text.size() && text[i] >= '0' && text[i] <= '9') {
        if (__builtin_mul_overflow(count, 10, &count) || __builtin_add_overflow(count, text[i] - '0', &count)) {
          return raise(t, state->error, "total struct size too long");
        }
        ++i;
      }
      if (i == text.size()) return raise(t, state->error, "repeat count given without format specifier");
      c = text[i++];
    }
    int64_t size = sizeOf(c, out.is_native);
    if (size == 0) return raise(t, state->error, "bad char in struct format");
    if (out.is_native) {
      int64_t align = alignmentOf(c, size);
      out.size = (out.size + align - 1) / align * align;
    }
    int64_t total;
    if (__builtin_mul_overflow(size, count, &total) || __builtin_add_overflow(out.size, total, &total)) {
      return raise(t, state->error, "total struct size too long");
    }
    if (c == 's' || c == 'p') {
      out.fields.push_back({c, count, out.size, 1});
      ++out.values;
    } else if (c != 'x' && count > 0) {
      out.fields.push_back({c, count, out.size, size});
      out.values += count;
    }
    out.size = total;
  }
  return kDone;
}

// --- one item
static uint64_t loadBits(const uint8_t* p, int64_t size, bool big) {
  uint64_t v = 0;
  for (int64_t i = 0; i < size; ++i) v |= static_cast<uint64_t>(p[big ? size - 1 - i : i]) << (8 * i);
  return v;
}
static void storeBits(uint8_t* p, int64_t size, bool big, uint64_t v) {
  for (int64_t i = 0; i < size; ++i) p[big ? size - 1 - i : i] = static_cast<uint8_t>(v >> (8 * i));
}
static double halfToDouble(uint16_t h) {
  int exponent = (h >> 10) & 31;
  double fraction = h & 1023, r;
  if (exponent == 31) r = fraction == 0 ? __builtin_inf() : __builtin_nan("");
  else if (exponent == 0) r = fraction * 0x1p-24;
  else r = (1024 + fraction) * __builtin_ldexp(1.0, exponent - 25);
  return h & 0x8000 ? -r : r;
}
// Rounds half to even; false on overflow.
static bool doubleToHalf(double d, uint16_t& out) {
  uint16_t sign = std::bit_cast<uint64_t>(d) >> 63 ? 0x8000 : 0;
  double a = __builtin_fabs(d);
  if (d != d) out = sign | 0x7E00;
  else if (__builtin_isinf(d)) out = sign | 0x7C00;
  else {
    int exponent;
    (void)__builtin_frexp(a, &exponent);
    if (a == 0) exponent = -13;
    if (exponent < -13) exponent = -13;
    double scaled = __builtin_nearbyint(__builtin_ldexp(a, 11 - exponent));
    if (scaled >= 2048) scaled /= 2, ++exponent;
    if (exponent > 16) return false;
    uint16_t bits = static_cast<uint16_t>(scaled);
    out = static_cast<uint16_t>(sign | (bits >= 1024 ? (exponent + 14) << 10 | (bits & 1023) : bits));
  }
  return true;
}
static double loadDouble(const uint8_t* p, int64_t size, bool big) {
  uint64_t bits = loadBits(p, size, big);
  if (size == 2) return halfToDouble(static_cast<uint16_t>(bits));
  return size == 4 ? static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(bits))) : std::bit_cast<double>(bits);
}
static Ref loadItem(Thread& t, char code, const uint8_t* p, int64_t size, bool big) {
  switch (code) {
    case 'c': return newBytes(t, {reinterpret_cast<const char*>(p), 1});
    case '?': return Ref::boolean(*p != 0);
    case 'e': case 'f': case 'd': return newFloat(loadDouble(p, size, big));
    case 'F': case 'D': return newComplex(t, loadDouble(p, size / 2, big), loadDouble(p + size / 2, size / 2, big));
    case 'B': case 'H': case 'I': case 'L': case 'Q': case 'N': case 'P': return newIntUnsigned(t, loadBits(p, size, big));
    default: {
      int shift = static_cast<int>(64 - 8 * size);
      return newInt(t, static_cast<int64_t>(loadBits(p, size, big) << shift) >> shift);
    }
  }
}
static constexpr const char* kTooLarge = "int too large to convert";

static Status storeInteger_py(Thread& t, const Layout& layout, char code, uint8_t* p, int64_t size, Value v) {
  Ref index;
  if (isIntLike(v)) index = Ref::of(v);
  else if (typeOf(t, v)->slots.index != nullptr) index = TRY(toIndex_py(t, v));
  else return raise(t, state->error, "required argument is not an integer");
  bool is_unsigned = code >= 'A' && code <= 'Z';
  uint64_t bits = 0;
  int64_t value = 0;
  bool fits = is_unsigned ? intFitsUnsigned(index.get(), bits) && (size == 8 || bits >> (8 * size) == 0)
                          : intFits(index.get(), value) && (size == 8 || (value >= -(1ll << (8 * size - 1)) && value < 1ll << (8 * size - 1)));
  if (!fits && code == 'P' && intFits(index.get(), value)) fits = true, bits = static_cast<uint64_t>(value);
  if (!fits) {
    if (is_unsigned) {
      uint64_t top = size == 8 ? ~0ull : (1ull << (8 * size)) - 1;
      if (code == 'P') return raise(t, state->error, kTooLarge);
      return raise(t, state->error, "'%c' format requires 0 <= number <= %llu", code, static_cast<unsigned long long>(top));
    }
    long long low = static_cast<long long>(-(1ull << (8 * size - 1)));
    return raise(t, state->error, "'%c' format requires %lld <= number <= %lld", code, low, -(low + 1));
  }
  storeBits(p, size, layout.big_endian, is_unsigned ? bits : static_cast<uint64_t>(value));
  return kDone;
}
static Status storeDouble(Thread& t, uint8_t* p, int64_t size, bool big, double d, char code) {
  if (size == 2) {
    uint16_t half;
    if (!doubleToHalf(d, half)) return raiseOverflowError(t, "float too large to pack with e format");
    storeBits(p, 2, big, half);
  } else if (size == 4) {
    float f = static_cast<float>(d);
    if (__builtin_isinf(f) && !__builtin_isinf(d)) return raiseOverflowError(t, "float too large to pack with %c format", code == 'F' ? 'f' : code);
    storeBits(p, 4, big, std::bit_cast<uint32_t>(f));
  } else {
    storeBits(p, 8, big, std::bit_cast<uint64_t>(d));
  }
  return kDone;
}
static Status storeItem_py(Thread& t, const Layout& layout, char code, uint8_t* p, int64_t size, Value v) {
  switch (code) {
    case 'c':
      if (!isBytes(v) || v.as<Bytes>()->size != 1) return raise(t, state->error, "char format requires a bytes object of length 1");
      *p = v.as<Bytes>()->data()[0];
      return kDone;
    case '?':
      *p = TRY(isTrue_py(t, v));
      return kDone;
    case 'e': case 'f': case 'd': {
      if (!isFloatLike(v) && !isIntLike(v) && typeOf(t, v)->slots.to_float == nullptr && typeOf(t, v)->slots.index == nullptr) {
        return raise(t, state->error, "required argument is not a float");
      }
      Fallible<double> d = toDouble_py(t, v);
      if (d.raised()) {
        clearException(t);
        return raise(t, state->error, "required argument is not a float");
      }
      // The machine's own float takes what is too large for infinity.
      if (code == 'f' && layout.is_native) {
        storeBits(p, 4, layout.big_endian, std::bit_cast<uint32_t>(static_cast<float>(d.value)));
        return kDone;
      }
      return storeDouble(t, p, size, layout.big_endian, d.value, code);
    }
    case 'F': case 'D': {
      Ref c = isStr(v) ? Ref() : callArgs_py(t, t.types().complex, v);
      if (!c) {
        clearException(t);
        return raise(t, state->error, "required argument is not a complex");
      }
      TRY(storeDouble(t, p, size / 2, layout.big_endian, c.as<Complex>()->real, code));
      return storeDouble(t, p + size / 2, size / 2, layout.big_endian, c.as<Complex>()->imag, code);
    }
    default: return storeInteger_py(t, layout, code, p, size, v);
  }
}

// --- whole structures
static Status packInto_py(Thread& t, const Layout& layout, const Value* values, uint8_t* out) {
  std::memset(out, 0, static_cast<size_t>(layout.size));
  for (const Field& f : layout.fields) {
    uint8_t* p = out + f.offset;
    if (f.code == 's' || f.code == 'p') {
      Value v = *values++;
      if (!isBytes(v) && !isByteArray(v)) return raise(t, state->error, "argument for '%c' must be a bytes object", f.code);
      Buffer source;
      TRY(source.acquire(t, v));
      int64_t room = f.code == 's' ? f.count : f.count - 1, n = source.size() < room ? source.size() : room;
      if (f.code == 'p' && f.count > 0) *p++ = static_cast<uint8_t>(n < 255 ? n : 255);
      if (n > 0) std::memcpy(p, source.data(), static_cast<size_t>(n));
      continue;
    }
    for (int64_t i = 0; i < f.count; ++i, p += f.size) {
      Value v = *values++;
      if (!storeItem_py(t, layout, f.code, p, f.size, v).raised()) continue;
      if (!isIntLike(v) || !pendingMatches(t, errors(t).overflow_error)) return kRaised;
      clearException(t);
      return raise(t, state->error, kTooLarge);
    }
  }
  return kDone;
}
static Ref unpack(Thread& t, const Layout& layout, const uint8_t* data) {
  Ref out = newTuple(t, layout.values);
  Value* at = out.as<Tuple>()->items();
  for (const Field& f : layout.fields) {
    const uint8_t* p = data + f.offset;
    if (f.code == 's' || f.code == 'p') {
      int64_t n = f.count;
      if (f.code == 'p') {
        n = f.count == 0 ? 0 : *p++;
        if (n > f.count - 1) n = f.count > 0 ? f.count - 1 : 0;
      }
      *at++ = newBytes(t, {reinterpret_cast<const char*>(p), static_cast<size_t>(n)}).release();
      continue;
    }
    for (int64_t i = 0; i < f.count; ++i, p += f.size) *at++ = loadItem(t, f.code, p, f.size, layout.big_endian).release();
  }
  return out;
}

// --- Struct
static StructObject* self(Value v) { return v.as<StructObject>(); }
static void structDealloc(Object* o) {
  delete static_cast<StructObject*>(o)->layout;
  decref(static_cast<StructObject*>(o)->format);
}
static Status setFormat(Thread& t, StructObject* s, Value format) {
  Ref bytes = isStr(format) ? callMethod_py(t, format, intern(*t.isolate, "encode"), Value(intern(*t.isolate, "ascii"))) : Ref::of(format);
  if (!bytes) return kRaised;
  if (!isBytes(bytes.get())) return raiseTypeError(t, "Struct() argument 1 must be a str or bytes object, not %s", typeNameOf(t, format));
  if (bytes.as<Bytes>()->view().find('\0') != std::string_view::npos) return raise(t, state->error, "embedded null character");
  Layout* layout = new Layout();
  if (parseLayout(t, bytes.as<Bytes>()->view(), *layout).failed) {
    delete layout;
    return kRaised;
  }
  delete s->layout;
  s->layout = layout;
  decref(s->format);
  s->format = share(format);
  return kDone;
}
static Ref structMake(Thread&, Type* type, const Value*, uint32_t, Tuple*) { return Ref::steal(allocate<StructObject>(type)); }
static Status structInit(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "Struct", "(format)", args, nargs, keywords, a));
  return setFormat(t, self(v), a[0]);
}
static Fallible<const Layout*> layoutOf(Thread& t, Value v) {
  if (self(v)->layout == nullptr) return raiseRuntimeError(t, "Struct object is not initialized");
  return self(v)->layout;
}
static Status checkCount(Thread& t, const Layout& layout, const char* function, int64_t given) {
  if (given == layout.values) return kDone;
  return raise(t, state->error, "%s expected %ld items for packing (got %ld)", function, static_cast<long>(layout.values), static_cast<long>(given));
}
static Ref packValues(Thread& t, const Layout& layout, const Value* values, int64_t n) {
  TRY(checkCount(t, layout, "pack", n));
  Ref out = TRY(newBytesBuffer(t, layout.size));
  TRY(packInto_py(t, layout, values, out.as<Bytes>()->data()));
  return out;
}
static Ref packBuffer(Thread& t, const Layout& layout, Value target, Value offset_value, const Value* values, int64_t n) {
  TRY(checkCount(t, layout, "pack_into", n));
  Buffer out;
  TRY(out.acquireWritable(t, target));
  int64_t offset = TRY(toInt64_py(t, offset_value)), start = offset;
  long size = static_cast<long>(layout.size), length = static_cast<long>(out.size()), at = static_cast<long>(offset);
  if (start < 0) {
    if (start + layout.size > 0) return raise(t, state->error, "no space to pack %ld bytes at offset %ld", size, at);
    if (start + out.size() < 0) return raise(t, state->error, "offset %ld out of range for %ld-byte buffer", at, length);
    start += out.size();
  }
  if (out.size() - start < layout.size) {
    return raise(t, state->error, "pack_into requires a buffer of at least %lu bytes for packing %ld bytes at offset %lu (actual buffer size is %ld)",
                 static_cast<unsigned long>(layout.size) + static_cast<unsigned long>(start), size, static_cast<unsigned long>(start), length);
  }
  TRY(packInto_py(t, layout, values, out.data() + start));
  return Ref::none();
}
static Ref unpackAll(Thread& t, const Layout& layout, Value source) {
  Buffer in;
  TRY(in.acquire(t, source));
  if (in.size() != layout.size) return raise(t, state->error, "unpack requires a buffer of %ld bytes", static_cast<long>(layout.size));
  return unpack(t, layout, in.data());
}
static Ref unpackFrom(Thread& t, const Layout& layout, Value source, Value offset_value) {
  Buffer in;
  TRY(in.acquire(t, source));
  int64_t offset = TRY(toInt64_py(t, offset_value)), start = offset;
  long size = static_cast<long>(layout.size), length = static_cast<long>(in.size()), at = static_cast<long>(offset);
  if (start < 0) {
    if (start + layout.size > 0) return raise(t, state->error, "not enough data to unpack %ld bytes at offset %ld", size, at);
    if (start + in.size() < 0) return raise(t, state->error, "offset %ld out of range for %ld-byte buffer", at, length);
    start += in.size();
  }
  if (in.size() - start < layout.size) {
    return raise(t, state->error, "unpack_from requires a buffer of at least %lu bytes for unpacking %ld bytes at offset %lu (actual buffer size is %ld)",
                 static_cast<unsigned long>(layout.size) + static_cast<unsigned long>(start), size, static_cast<unsigned long>(start), length);
  }
  return unpack(t, layout, in.data() + start);
}
static Ref newIterator(Thread& t, Value owner, const Layout& layout, Value source) {
  if (layout.size == 0) return raise(t, state->error, "cannot iteratively unpack with a struct of length 0");
  Buffer* buffer = new Buffer();
  if (buffer->acquire(t, source).failed) {
    delete buffer;
    return kRaised;
  }
  if (buffer->size() % layout.size != 0) {
    delete buffer;
    return raise(t, state->error, "iterative unpacking requires a buffer of a multiple of %ld bytes", static_cast<long>(layout.size));
  }
  StructIterator* it = allocate<StructIterator>(state->iterator);
  it->owner = share(owner);
  it->buffer = buffer;
  return Ref::steal(it);
}
static Ref iteratorNext(Thread& t, Value v) {
  StructIterator* it = v.as<StructIterator>();
  if (it->buffer == nullptr) return Ref();
  const Layout& layout = *self(it->owner)->layout;
  if (it->at >= it->buffer->size()) {
    delete it->buffer;
    it->buffer = nullptr;
    return Ref();
  }
  Ref r = unpack(t, layout, it->buffer->data() + it->at);
  it->at += layout.size;
  return r;
}
static Ref iteratorHint(Thread& t, const Value* a) {
  StructIterator* it = a[0].as<StructIterator>();
  return newInt(t, it->buffer == nullptr ? 0 : (it->buffer->size() - it->at) / self(it->owner)->layout->size);
}

static Ref structPack(Thread& t, const Value* a) { return packValues(t, *TRY(layoutOf(t, a[0])), a[1].as<Tuple>()->items(), a[1].as<Tuple>()->size); }
static Ref structPackInto(Thread& t, const Value* a) {
  return packBuffer(t, *TRY(layoutOf(t, a[0])), a[1], a[2], a[3].as<Tuple>()->items(), a[3].as<Tuple>()->size);
}
static Ref structUnpack(Thread& t, const Value* a) { return unpackAll(t, *TRY(layoutOf(t, a[0])), a[1]); }
static Ref structUnpackFrom(Thread& t, const Value* a) { return unpackFrom(t, *TRY(layoutOf(t, a[0])), a[1], a[2]); }
static Ref structIterUnpack(Thread& t, const Value* a) { return newIterator(t, a[0], *TRY(layoutOf(t, a[0])), a[1]); }
static Ref getFormat(Thread& t, Value v) {
  TRY(layoutOf(t, v));
  Value f = self(v)->format;
  return isStr(f) ? Ref::of(f) : newStr(t, f.as<Bytes>()->view());
}
static Ref getSize(Thread& t, Value v) { return newInt(t, TRY(layoutOf(t, v))->size); }
static Ref structRepr(Thread& t, Value v) {
  Ref format = TRY(getFormat(t, v));
  return newStr(t, std::string(shortTypeName(typeOf(t, v))) + "(" + reprText_py(t, format.get()) + ")");
}
static const NativeDef kStructMethods[] = {{"pack", "($self, *values)", structPack}, {"pack_into", "($self, buffer, offset, *values)", structPackInto},
    {"unpack", "($self, buffer, /)", structUnpack}, {"unpack_from", "($self, /, buffer, offset=0)", structUnpackFrom},
    {"iter_unpack", "($self, buffer, /)", structIterUnpack}, {nullptr, nullptr, nullptr}};
static const GetSetDef kStructGetSets[] = {{"format", getFormat}, {"size", getSize}, {nullptr, nullptr}};
static const NativeDef kIteratorMethods[] = {{"__length_hint__", "($self, /)", iteratorHint}, {nullptr, nullptr, nullptr}};

// --- functions: the layouts of formats seen are kept in a dictionary of Structs. a[0] is the module.
static constexpr int64_t kMaxCached = 100;
static Ref cached(Thread& t, Value module, Value format) {
  Value cache = dictGetStr(module.as<Module>()->dict, state->cache_name);
  Value found = dictGet_py(t, cache.as<Dict>(), format);
  if (found.defined()) return Ref::of(found);
  if (isPending(t)) return Ref();
  Ref made = TRY(callArgs_py(t, state->struct_type, format));
  if (cache.as<Dict>()->used > kMaxCached) dictClear(cache.as<Dict>());
  TRY(dictSet_py(t, cache.as<Dict>(), format, made.get()));
  return made;
}
static Ref packFn(Thread& t, const Value* a) {
  Ref s = TRY(cached(t, a[0], a[1]));
  return packValues(t, *self(s.get())->layout, a[2].as<Tuple>()->items(), a[2].as<Tuple>()->size);
}
static Ref packIntoFn(Thread& t, const Value* a) {
  Ref s = TRY(cached(t, a[0], a[1]));
  return packBuffer(t, *self(s.get())->layout, a[2], a[3], a[4].as<Tuple>()->items(), a[4].as<Tuple>()->size);
}
static Ref unpackFn(Thread& t, const Value* a) {
  Ref s = TRY(cached(t, a[0], a[1]));
  return unpackAll(t, *self(s.get())->layout, a[2]);
}
static Ref unpackFromFn(Thread& t, const Value* a) {
  Ref s = TRY(cached(t, a[0], a[1]));
  return unpackFrom(t, *self(s.get())->layout, a[2], a[3]);
}
static Ref iterUnpackFn(Thread& t, const Value* a) {
  Ref s = TRY(cached(t, a[0], a[1]));
  return newIterator(t, s.get(), *self(s.get())->layout, a[2]);
}
static Ref calcSizeFn(Thread& t, const Value* a) {
  Ref s = TRY(cached(t, a[0], a[1]));
  return newInt(t, self(s.get())->layout->size);
}
static Ref clearCache(Thread& t, const Value* a) {
  dictClear(dictGetStr(a[0].as<Module>()->dict, state->cache_name).as<Dict>());
  return Ref::none();
}
static const NativeDef kFunctions[] = {{"pack", "($self, format, /, *values)", packFn}, {"pack_into", "($self, format, buffer, offset, /, *values)", packIntoFn},
    {"unpack", "($self, format, buffer, /)", unpackFn}, {"unpack_from", "($self, format, /, buffer, offset=0)", unpackFromFn},
    {"iter_unpack", "($self, format, buffer, /)", iterUnpackFn}, {"calcsize", "($self, format, /)", calcSizeFn},
    {"_clearcache", "($self, /)", clearCache}, {nullptr, nullptr, nullptr}};

static Status initModule(Thread& t, Module* m) {
  state = new StructState();
  state->cache_name = intern(*t.isolate, "_cache");
  Ref bases = tupleOf(t, {errors(t).exception}), ns = newDict(t), name = newStr(t, "error"), module = newStr(t, "struct");
  dictSetStr(ns.as<Dict>(), t.names().d_module, module.get());
  Ref error = TRY(callArgs_py(t, t.types().type, name.get(), bases.get(), ns.get()));
  state->error = error.as<Type>();
  moduleSet(t, m, "error", error.release());
  state->struct_type = makeType(*t.isolate, {.name = "_struct.Struct", .size = sizeof(StructObject), .flags = kTypeBaseable | kTypeWeakrefable, .methods = kStructMethods,
                                             .getsets = kStructGetSets});
  Slots& s = state->struct_type->slots;
  s.dealloc = structDealloc;
  s.make = structMake;
  s.init = structInit;
  s.repr = structRepr;
  readyType(*t.isolate, state->struct_type);
  moduleSetType(t, m, state->struct_type);
  state->iterator = makeType(*t.isolate, {.name = "_struct.unpack_iterator", .size = sizeof(StructIterator), .flags = kTypeDisallowNew, .methods = kIteratorMethods});
  Slots& i = state->iterator->slots;
  i.dealloc = [](Object* o) {
    delete static_cast<StructIterator*>(o)->buffer;
    decref(static_cast<StructIterator*>(o)->owner);
  };
  i.iter = [](Thread&, Value v) -> Ref { return Ref::of(v); };
  i.next = iteratorNext;
  readyType(*t.isolate, state->iterator);
  moduleSet(t, m, "_cache", newDict(t).get());
  return kDone;
}
extern const NativeModule kStructModule;
const NativeModule kStructModule = {"_struct", "Functions to convert between Python values and C structs.", kFunctions, initModule};

}  // namespace krait::modules
