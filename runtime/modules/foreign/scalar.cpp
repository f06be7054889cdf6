// C values in memory and Python's: one load and one store for each code. ref: Modules/_ctypes/cfield.c.
#include <algorithm>
#include <complex>
#include <cstring>

#include "runtime/modules/foreign/foreign.h"
#include "runtime/object/float.h"

namespace krait::modules::foreign {

int64_t sizeOfCode(char code) {
  switch (code) {
    case 'b': case 'B': case 'c': case '?': return 1;
    case 'h': case 'H': case 'v': return 2;
    case 'i': case 'I': case 'f': case 'u': return 4;
    case 'g': case 'D': return 16;
    case 'G': return 32;
    case 'l': case 'L': case 'q': case 'Q': case 'd': case 'F': case 'z': case 'Z': case 'P': case 'O': case 'X': return 8;
    default: return 0;
  }
}
ffi_type* ffiTypeOf(char code) {
  switch (code) {
    case 'b': return &ffi_type_sint8;
    case 'B': case 'c': case '?': return &ffi_type_uint8;
    case 'h': case 'v': return &ffi_type_sint16;
    case 'H': return &ffi_type_uint16;
    case 'i': case 'u': return &ffi_type_sint32;
    case 'I': return &ffi_type_uint32;
    case 'f': return &ffi_type_float;
    case 'd': return &ffi_type_double;
    case 'g': return &ffi_type_longdouble;
    case 'F': return &ffi_type_complex_float;
    case 'D': return &ffi_type_complex_double;
    case 'G': return &ffi_type_complex_longdouble;
    case 'l': case 'q': return &ffi_type_sint64;
    case 'L': case 'Q': return &ffi_type_uint64;
    default: return &ffi_type_pointer;
  }
}

template <class T>
static T load(const uint8_t* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}
template <class T>
static Ref complexAt(Thread& t, const uint8_t* at) {
  return newComplex(t, static_cast<double>(load<T>(at)), static_cast<double>(load<T>(at + sizeof(T))));
}
static Ref pointerText(Thread& t, const uint8_t* at, bool is_wide) {
  const char* text = load<const char*>(at);
  if (text == nullptr) return Ref::none();
  if (!is_wide) return newBytes(t, text);
  return newStrUtf32(t, reinterpret_cast<const uint32_t*>(text), static_cast<int64_t>(wcslen(reinterpret_cast<const wchar_t*>(text))));
}

Ref loadScalar(Thread& t, const uint8_t* at, char code, bool is_swapped) {
  uint8_t turned[32];
  if (is_swapped) {
    std::reverse_copy(at, at + sizeOfCode(code), turned);
    at = turned;
  }
  switch (code) {
    case 'b': return newIntSmall(load<int8_t>(at));
    case 'B': return newIntSmall(*at);
    case 'h': return newIntSmall(load<int16_t>(at));
    case 'H': return newIntSmall(load<uint16_t>(at));
    case 'i': return newIntSmall(load<int32_t>(at));
    case 'I': return newIntSmall(load<uint32_t>(at));
    case 'l': case 'q': return newInt(t, load<int64_t>(at));
    case 'L': case 'Q': return newIntUnsigned(t, load<uint64_t>(at));
    case '?': return Ref::boolean(*at != 0);
    case 'v': return Ref::boolean(load<int16_t>(at) != 0);
    case 'f': return newFloat(load<float>(at));
    case 'd': return newFloat(load<double>(at));
    case 'g': return newFloat(static_cast<double>(load<long double>(at)));
    case 'F': return complexAt<float>(t, at);
    case 'D': return complexAt<double>(t, at);
    case 'G': return complexAt<long double>(t, at);
    case 'c': return newBytes(t, {reinterpret_cast<const char*>(at), 1});
    case 'u': {
      uint32_t c = load<uint32_t>(at);
      if (c > 0x10FFFF) return raiseValueError(t, "character U+%x is not in range [U+0000; U+10ffff]", c);
      return strFromChar(t, c);
    }
    case 'z': return pointerText(t, at, false);
    case 'Z': return pointerText(t, at, true);
    case 'O': {
      Value v = load<Value>(at);
      if (v.isUndefined()) return raiseValueError(t, "PyObject is NULL");
      return Ref::of(v);
    }
    default: {
      uint64_t word = load<uint64_t>(at);
      return word == 0 ? Ref::none() : newIntUnsigned(t, word);
    }
  }
}

// The low 64 bits of any int, as C's conversions keep them.
static uint64_t lowBits(Value v) {
  IntView view(v);
  uint64_t word = view.size == 0 ? 0 : view.limbs[0];
  return view.is_negative ? 0 - word : word;
}
static Status storeWord_py(Thread& t, uint8_t* out, int64_t size, Value v) {
  Ref n = TRY(toIndex_py(t, v));
  uint64_t word = lowBits(n.get());
  std::memcpy(out, &word, static_cast<size_t>(size));
  return kDone;
}
static Status storeReal_py(Thread& t, uint8_t* out, char code, Value v) {
  double d = TRY(toDouble_py(t, v));
  float f = static_cast<float>(d);
  long double g = d;
  if (code == 'f') std::memcpy(out, &f, sizeof f);
  else if (code == 'd') std::memcpy(out, &d, sizeof d);
  else std::memcpy(out, &g, 10);
  return kDone;
}
template <class T>
static void putComplex(uint8_t* out, double real, double imag) {
  T parts[2] = {static_cast<T>(real), static_cast<T>(imag)};
  std::memcpy(out, parts, sizeof parts);
}
static Status storeComplex_py(Thread& t, uint8_t* out, char code, Value v) {
  Ref number = TRY(callArgs_py(t, Value(t.types().complex), v));
  double real = number.as<Complex>()->real, imag = number.as<Complex>()->imag;
  if (code == 'F') putComplex<float>(out, real, imag);
  else if (code == 'D') putComplex<double>(out, real, imag);
  else putComplex<long double>(out, real, imag);
  return kDone;
}
static Status storeChar_py(Thread& t, uint8_t* out, Value v) {
  int64_t n;
  if (isBytes(v) && v.as<Bytes>()->size == 1) *out = *v.as<Bytes>()->data();
  else if (isByteArray(v) && v.as<ByteArray>()->size == 1) *out = *v.as<ByteArray>()->data;
  else if (isIntLike(v) && intFits(v, n) && n >= 0 && n <= 255) *out = static_cast<uint8_t>(n);
  else if (isBytes(v) || isByteArray(v)) {
    int64_t size = isBytes(v) ? v.as<Bytes>()->size : v.as<ByteArray>()->size;
    return raiseTypeError(t, "one character bytes, bytearray, or an integer in range(256) expected, not %s of length %ld", isBytes(v) ? "bytes" : "bytearray", static_cast<long>(size));
  } else if (isIntLike(v)) return raiseTypeError(t, "integer not in range(256)");
  else return raiseTypeError(t, "one character bytes, bytearray, or an integer in range(256) expected, not %s", typeNameOf(t, v));
  return kDone;
}
static Status storeWide_py(Thread& t, uint8_t* out, Value v) {
  if (!isStr(v)) return raiseTypeError(t, "a unicode character expected, not instance of %s", typeNameOf(t, v));
  if (v.as<Str>()->length != 1) return raiseTypeError(t, "a unicode character expected, not a string of length %ld", static_cast<long>(v.as<Str>()->length));
  uint32_t c = v.as<Str>()->at(0);
  std::memcpy(out, &c, sizeof c);
  return kDone;
}
// Text in memory of its own, as wchar_t.
static Ref wideCopy(Thread& t, Str* text) {
  Ref copy = TRY(newBytesBuffer(t, (text->length + 1) * 4));
  uint32_t* at = reinterpret_cast<uint32_t*>(copy.as<Bytes>()->data());
  for (int64_t i = 0; i < text->length; ++i) at[i] = text->at(i);
  at[text->length] = 0;
  return copy;
}
static Status storePointer_py(Thread& t, uint8_t* out, char code, Value v, Ref& keep) {
  uint64_t word = 0;
  if (isIntLike(v)) word = lowBits(v);
  else if (code == 'z' && isBytes(v)) word = reinterpret_cast<uint64_t>(v.as<Bytes>()->data()), keep = Ref::of(v);
  else if (code == 'Z' && isStr(v)) keep = wideCopy(t, v.as<Str>()), word = reinterpret_cast<uint64_t>(keep.as<Bytes>()->data());
  else if (!v.isNone()) {
    if (code == 'P') return raiseTypeError(t, "cannot be converted to pointer");
    return raiseTypeError(t, "%s or integer address expected instead of %s instance", code == 'z' ? "bytes" : "unicode string", typeNameOf(t, v));
  }
  std::memcpy(out, &word, sizeof word);
  return kDone;
}

static Status storeNative_py(Thread& t, uint8_t* out, char code, Value v, Ref& keep) {
  switch (code) {
    case 'b': case 'B': case 'h': case 'H': case 'i': case 'I': case 'l': case 'L': case 'q': case 'Q': return storeWord_py(t, out, sizeOfCode(code), v);
    case '?': *out = TRY(isTrue_py(t, v)); return kDone;
    case 'v': {
      int16_t truth = TRY(isTrue_py(t, v)) ? -1 : 0;
      std::memcpy(out, &truth, sizeof truth);
      return kDone;
    }
    case 'f': case 'd': case 'g': return storeReal_py(t, out, code, v);
    case 'F': case 'D': case 'G': return storeComplex_py(t, out, code, v);
    case 'c': return storeChar_py(t, out, v);
    case 'u': return storeWide_py(t, out, v);
    case 'O':
      keep = Ref::of(v);
      std::memcpy(out, &v, sizeof v);
      return kDone;
    default: return storePointer_py(t, out, code, v, keep);
  }
}
Status storeScalar_py(Thread& t, uint8_t* at, char code, bool is_swapped, Value v, Ref& keep) {
  if (!is_swapped) return storeNative_py(t, at, code, v, keep);
  uint8_t native[32];
  TRY(storeNative_py(t, native, code, v, keep));
  std::reverse_copy(native, native + sizeOfCode(code), at);
  return kDone;
}

}  // namespace krait::modules::foreign
