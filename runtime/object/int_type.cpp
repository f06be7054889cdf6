// `int` and `bool`. ref: Objects/longobject.c, Objects/boolobject.c.
#include <algorithm>
#include <bit>
#include <cstring>

#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/format.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

#define BOTH_INTS() \
  if (!isIntLike(a) || !isIntLike(b)) return Ref::notImplemented()
template <Ref (*F)(Thread&, Value, Value)>
static Ref operation(Thread& t, Value a, Value b) {
  BOTH_INTS();
  return F(t, a, b);
}
template <char Op>
static Ref bitwise(Thread& t, Value a, Value b) {
  BOTH_INTS();
  return intBitwise(t, a, b, Op);
}
static Ref power(Thread& t, Value a, Value b, Value m) {
  if (!isIntLike(a) || !isIntLike(b) || !isIntLike(m)) return Ref::notImplemented();
  return intPowMod(t, a, b, m);
}
static Ref self(Thread& t, Value v) {
  if (isExactInt(v)) return Ref::of(v);
  IntView view(v);
  return newIntFromLimbs(t, view.limbs, view.size, view.is_negative);
}
static Ref absolute(Thread& t, Value v) { return intIsNegative(v) ? intNegative(t, v) : self(t, v); }
static Fallible<bool> truth(Thread&, Value v) { return !intIsZero(v); }
static Ref toFloat(Thread& t, Value v) { return newFloat(TRY(intToDouble(t, v))); }
static Fallible<int64_t> hash(Thread&, Value v) { return intHash(v); }
static Ref repr(Thread& t, Value v) { return intToStr_py(t, v); }
static Ref compare(Thread&, Value a, Value b, CompareOp op) {
  if (!isIntLike(a) || !isIntLike(b)) return Ref::notImplemented();
  int order = intCompare(a, b);
  switch (op) {
    case CompareOp::kLt: return Ref::boolean(order < 0);
    case CompareOp::kLe: return Ref::boolean(order <= 0);
    case CompareOp::kEq: return Ref::boolean(order == 0);
    case CompareOp::kNe: return Ref::boolean(order != 0);
    case CompareOp::kGt: return Ref::boolean(order > 0);
    case CompareOp::kGe: return Ref::boolean(order >= 0);
  }
  return Ref();
}

static int64_t countDigits(std::string_view digits) { return static_cast<int64_t>(digits.size()) - std::count(digits.begin(), digits.end(), '_'); }

// ref: _PyLong_FromByteArray text forms.
Ref intFromText(Thread& t, Value text, int base) {
  std::string s = isStr(text) ? std::string() : isBytes(text) ? std::string(text.as<Bytes>()->view()) : std::string(text.as<ByteArray>()->view());
  if (isStr(text)) {
    Str* str = text.as<Str>();
    for (int64_t i = 0; i < str->length; ++i) {
      char32_t c = str->at(i);
      int digit = c < 0x80 ? -1 : decimalDigit(c);
      if (digit >= 0) s += static_cast<char>('0' + digit);
      else if (c < 0x80) s += static_cast<char>(c);
      else s += isSpaceChar(c) ? ' ' : '?';
    }
  }
  size_t begin = s.find_first_not_of(" \t\n\r\f\v"), end = s.find_last_not_of(" \t\n\r\f\v");
  std::string body = begin == std::string::npos ? "" : s.substr(begin, end - begin + 1);
  bool negative = false;
  size_t at = 0;
  if (at < body.size() && (body[at] == '+' || body[at] == '-')) negative = body[at++] == '-';
  int real_base = base;
  auto prefix = [&](char c) { return at + 1 < body.size() && body[at] == '0' && (body[at + 1] | 32) == c; };
  bool skip = false;
  if (base == 0) {
    real_base = prefix('x') ? 16 : prefix('o') ? 8 : prefix('b') ? 2 : 10;
    skip = real_base != 10;
  } else {
    skip = (base == 16 && prefix('x')) || (base == 8 && prefix('o')) || (base == 2 && prefix('b'));
  }
  if (skip) {
    at += 2;
    if (at < body.size() && body[at] == '_') ++at;
  }
  std::string digits = body.substr(at);
  bool bad_zero = base == 0 && real_base == 10 && digits.size() > 1 && digits[0] == '0' && digits.find_first_not_of("0_") != std::string::npos;
  if ((real_base & (real_base - 1)) != 0 && t.isolate->int_max_str_digits > 0 && countDigits(digits) > t.isolate->int_max_str_digits) {
    return raiseValueError(t, "Exceeds the limit (%ld digits) for integer string conversion: value has %zu digits; use sys.set_int_max_str_digits() to increase the limit",
                           static_cast<long>(t.isolate->int_max_str_digits), static_cast<size_t>(countDigits(digits)));
  }
  Ref r = bad_zero ? Ref() : intFromDigits(t, digits, real_base, negative);
  if (r) return r;
  std::string shown = reprText_py(t, text);
  size_t shown_end = 0;  // of the first 200 characters
  for (int n = 0; shown_end < shown.size() && n < 200; ++n) {
    do ++shown_end;
    while (shown_end < shown.size() && (shown[shown_end] & 0xC0) == 0x80);
  }
  return raiseValueError(t, "invalid literal for int() with base %d: %s", base, shown.substr(0, shown_end).c_str());
}

// int(x): __int__, __index__, text. ref: PyNumber_Long.
static Ref fromObject(Thread& t, Value v) {
  if (isExactInt(v)) return Ref::of(v);
  if (v.isBool()) return newIntSmall(v.isTrue());
  const Slots& slots = typeOf(t, v)->slots;
  if (slots.to_int != nullptr) {
    Ref r = TRY(slots.to_int(t, v));
    if (isExactInt(r.get())) return r;
    if (isIntLike(r.get())) {
      TRY(warn_py(t, errors(t).deprecation_warning, 1, "__int__ returned non-int (type %s).  The ability to return an instance of a strict subclass of int is deprecated, "
                  "and may be removed in a future version of Python.", typeNameOf(t, r.get())));
      return self(t, r.get());
    }
    return raiseTypeError(t, "__int__ returned non-int (type %s)", typeNameOf(t, r.get()));
  }
  if (slots.index != nullptr) {
    Ref r = TRY(toIndex_py(t, v));
    return self(t, r.get());
  }
  if (isStr(v) || isBytes(v) || isByteArray(v)) return intFromText(t, v, 10);
  if (isBytesLike(v)) {
    Buffer bytes;
    Ref copy = bytes.acquire(t, v).failed ? Ref() : newBytes(t, bytes.view());
    if (copy) return intFromText(t, copy.get(), 10);
    clearException(t);
  }
  return raiseTypeError(t, "int() argument must be a string, a bytes-like object or a real number, not '%s'", typeNameOf(t, v));
}
static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (nargs == 1 && type == t.types().int_ && (keywords == nullptr || keywords->size == 0)) return fromObject(t, args[0]);
  BoundArguments a;
  if (nargs > 2) return raiseTypeError(t, "int expected at most 2 arguments, got %u", nargs);
  TRY(bindArguments_py(t, "int", "(x=<unset>, /, base=<unset>)", args, nargs, keywords, a));
  Ref r;
  if (a[0].isUndefined()) {
    if (a[1].defined()) return raiseTypeError(t, "int() missing string argument");
    r = newIntSmall(0);
  } else if (a[1].isUndefined()) {
    r = TRY(fromObject(t, a[0]));
  } else {
    Ref wanted = TRY(toIndex_py(t, a[1]));
    int64_t base = -1;
    if (!intFits(wanted.get(), base)) base = -1;
    if ((base != 0 && base < 2) || base > 36) return raiseValueError(t, "int() base must be >= 2 and <= 36, or 0");
    if (!isStr(a[0]) && !isBytes(a[0]) && !isByteArray(a[0])) return raiseTypeError(t, "int() can't convert non-string with explicit base");
    r = TRY(intFromText(t, a[0], static_cast<int>(base)));
  }
  if (type == t.types().int_) return r;
  IntView view(r.get());
  Int* i = allocate<Int>(type, static_cast<size_t>(view.size) * 8 + (type->dict_offset == 0xFFFFFFFFu ? 8 : 0));
  i->size = static_cast<int32_t>(view.size);
  i->is_negative = view.is_negative;
  std::memcpy(i->limbs(), view.limbs, view.size * 8);
  gcTrack(i);
  return Ref::steal(i);
}

// --- methods
static Ref bitLength(Thread& t, const Value* a) { return newInt(t, intBitLength(a[0])); }
static Ref bitCount(Thread& t, const Value* a) {
  IntView view(a[0]);
  int64_t n = 0;
  for (int64_t i = 0; i < view.size; ++i) n += std::popcount(view.limbs[i]);
  return newInt(t, n);
}
static Ref same(Thread& t, const Value* a) { return self(t, a[0]); }
static Ref isInteger(Thread&, const Value*) { return Ref::boolean(true); }
static Ref asRatio(Thread& t, const Value* a) {
  Ref n = self(t, a[0]);
  return tupleOf(t, {n.get(), Value::fromInt(1)});
}
static Ref roundMethod(Thread& t, const Value* a) {
  if (a[1].isUndefined() || a[1].isNone()) return self(t, a[0]);
  Ref digits = TRY(toIndex_py(t, a[1]));
  if (!intIsNegative(digits.get())) return self(t, a[0]);
  Ref minus = TRY(intNegative(t, digits.get()));
  Ref unit = TRY(intPow(t, Value::fromInt(10), minus.get()));
  // Round half to even: q, r = divmod(x, unit).
  Ref q = TRY(intFloorDiv(t, a[0], unit.get())), r = TRY(intMod(t, a[0], unit.get()));
  Ref twice = TRY(intAdd(t, r.get(), r.get()));
  int order = intCompare(twice.get(), unit.get());
  bool odd = IntView(q.get()).size > 0 && (IntView(q.get()).limbs[0] & 1);
  if (order > 0 || (order == 0 && odd)) q = TRY(intAdd(t, q.get(), Value::fromInt(1)));
  return intMul(t, q.get(), unit.get());
}
static Ref toBytes(Thread& t, const Value* a) {
  int64_t length = TRY(toInt64_py(t, a[1]));
  if (!isStr(a[2])) return raiseTypeError(t, "to_bytes() argument 'byteorder' must be str, not %s", typeNameOf(t, a[2]));
  if (length < 0) return raiseValueError(t, "length argument must be non-negative");
  bool little = strEquals(a[2].as<Str>(), "little");
  if (!little && !strEquals(a[2].as<Str>(), "big")) return raiseValueError(t, "byteorder must be either 'little' or 'big'");
  bool is_signed = TRY(isTrue_py(t, a[3]));
  bool negative = intIsNegative(a[0]);
  if (negative && !is_signed) return raiseOverflowError(t, "can't convert negative int to unsigned");
  Ref value = Ref::of(a[0]);
  if (negative) value = TRY(intInvert(t, a[0]));  // ~x has the complement's bits
  IntView view(value.get());
  int64_t bits = intBitLength(value.get()) + (is_signed ? 1 : 0);
  bool zero = view.size == 0 && !negative;
  if (!zero && bits > length * 8) return raiseOverflowError(t, "int too big to convert");
  if (length > int64_t{1} << 46 || !canAllocate(static_cast<size_t>(length) * 2)) return raiseMemoryError(t);
  std::string out(length, '\0');
  for (int64_t i = 0; i < length; ++i) {
    uint8_t byte = i / 8 < view.size ? static_cast<uint8_t>(view.limbs[i / 8] >> (i % 8 * 8)) : 0;
    if (negative) byte = static_cast<uint8_t>(~byte);
    out[little ? i : length - 1 - i] = static_cast<char>(byte);
  }
  return newBytes(t, out);
}
static Ref fromBytes(Thread& t, const Value* a) {
  if (!isStr(a[2])) return raiseTypeError(t, "from_bytes() argument 'byteorder' must be str, not %s", typeNameOf(t, a[2]));
  bool little = strEquals(a[2].as<Str>(), "little");
  if (!little && !strEquals(a[2].as<Str>(), "big")) return raiseValueError(t, "byteorder must be either 'little' or 'big'");
  const Slots& slots = typeOf(t, a[1])->slots;  // bytes() of what is only an index would be that many zeros
  bool converts = typeLookup(typeOf(t, a[1]), intern(*t.isolate, "__bytes__")).defined() || slots.iter != nullptr || slots.get_buffer != nullptr || slots.get_item != nullptr;
  if (isStr(a[1]) || !converts) return raiseTypeError(t, "cannot convert '%s' object to bytes", typeNameOf(t, a[1]));
  Ref bytes = TRY(callArgs_py(t, t.types().bytes, a[1]));
  bool is_signed = TRY(isTrue_py(t, a[3]));
  std::string_view data = bytes.as<Bytes>()->view();
  size_t n = data.size();
  bool negative = is_signed && n > 0 && (data[little ? n - 1 : 0] & 0x80);
  std::vector<uint64_t> limbs((n + 7) / 8 + 1, 0);
  for (size_t i = 0; i < n; ++i) {
    uint8_t byte = static_cast<uint8_t>(data[little ? i : n - 1 - i]);
    if (negative) byte = static_cast<uint8_t>(~byte);
    limbs[i / 8] |= static_cast<uint64_t>(byte) << (i % 8 * 8);
  }
  Ref r = newIntFromLimbs(t, limbs.data(), static_cast<int64_t>(limbs.size()), false);
  if (negative) r = intInvert(t, r.get());
  if (a[0] == Value(t.types().int_)) return r;
  return callArgs_py(t, a[0], r.get());
}
static Ref formatMethod(Thread& t, const Value* a) { return formatInt_py(t, a[0], a[1]); }
static Ref newArgs(Thread& t, const Value* a) {
  Ref n = self(t, a[0]);
  return tupleOf(t, {n.get()});
}
static Ref zero(Thread&, Value) { return newIntSmall(0); }
static Ref one(Thread&, Value) { return newIntSmall(1); }

static const NativeDef kMethods[] = {
    {"bit_length", "($self, /)", bitLength, "Number of bits necessary to represent self in binary."},
    {"bit_count", "($self, /)", bitCount, "Number of ones in the binary representation of the absolute value of self."},
    {"conjugate", "($self, /)", same, "Returns self, the complex conjugate of any int."},
    {"is_integer", "($self, /)", isInteger, "Returns True. Exists for duck type compatibility with float.is_integer."},
    {"as_integer_ratio", "($self, /)", asRatio, "Return a pair of integers, whose ratio is equal to the original int."},
    {"to_bytes", "($self, /, length=1, byteorder='big', *, signed=False)", toBytes, "Return an array of bytes representing an integer."},
    {"from_bytes", "($type, /, bytes, byteorder='big', *, signed=False)", fromBytes, "Return the integer represented by the given array of bytes."},
    {"__trunc__", "($self, /)", same}, {"__floor__", "($self, /)", same}, {"__ceil__", "($self, /)", same},
    {"__round__", "($self, ndigits=<unset>, /)", roundMethod}, {"__getnewargs__", "($self, /)", newArgs},
    {"__format__", "($self, format_spec, /)", formatMethod}, {nullptr, nullptr, nullptr}};
static Ref realOf(Thread& t, Value v) { return self(t, v); }
static const GetSetDef kGetSets[] = {{"real", realOf}, {"imag", zero}, {"numerator", realOf}, {"denominator", one}, {nullptr, nullptr}};

void installLimbMemory();  // int.cpp
void initIntType(Isolate& isolate) {
  installLimbMemory();
  Type* type = isolate.types.int_ = makeType(isolate, {.name = "int", .id = TypeId::kInt, .size = sizeof(Int), .flags = kTypeBaseable | kTypeMatchSelf,
      .methods = kMethods, .getsets = kGetSets,
      .doc = "int([x]) -> integer\nint(x, base=10) -> integer\n\nConvert a number or string to an integer, or return 0 if no arguments\nare given."});
  Slots& s = type->slots;
  auto set = [&](BinaryOp op, Ref (*f)(Thread&, Value, Value)) { s.binary[static_cast<int>(op)] = f; };
  set(BinaryOp::kAdd, operation<intAdd>);
  set(BinaryOp::kSub, operation<intSub>);
  set(BinaryOp::kMul, operation<intMul>);
  set(BinaryOp::kTrueDiv, operation<intTrueDiv>);
  set(BinaryOp::kFloorDiv, operation<intFloorDiv>);
  set(BinaryOp::kMod, operation<intMod>);
  set(BinaryOp::kDivMod, operation<intDivMod>);
  set(BinaryOp::kPow, operation<intPow>);
  set(BinaryOp::kLShift, operation<intShiftLeft>);
  set(BinaryOp::kRShift, operation<intShiftRight>);
  set(BinaryOp::kAnd, bitwise<'&'>);
  set(BinaryOp::kOr, bitwise<'|'>);
  set(BinaryOp::kXor, bitwise<'^'>);
  s.power = power;
  s.negative = intNegative;
  s.positive = self;
  s.absolute = absolute;
  s.invert = intInvert;
  s.truth = truth;
  s.to_int = self;
  s.to_float = toFloat;
  s.index = self;
  s.hash = hash;
  s.repr = repr;
  s.compare = compare;
  s.make = make;
}

// --- bool
static Ref boolRepr(Thread& t, Value v) { return Ref::of(intern(*t.isolate, v.isTrue() ? "True" : "False")); }
static Ref boolMake(Thread& t, Type*, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0) return raiseTypeError(t, "bool() takes no keyword arguments");
  if (nargs > 1) return raiseTypeError(t, "bool expected at most 1 argument, got %u", nargs);
  return Ref::boolean(nargs == 1 && TRY(isTrue_py(t, args[0])));
}
template <char Op>
static Ref boolBitwise(Thread& t, Value a, Value b) {
  if (!a.isBool() || !b.isBool()) return bitwise<Op>(t, a, b);
  bool x = a.isTrue(), y = b.isTrue();
  return Ref::boolean(Op == '&' ? x && y : Op == '|' ? x || y : x != y);
}
static Ref boolInvert(Thread& t, Value v) {
  TRY(warn_py(t, errors(t).deprecation_warning, 1,
              "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the bitwise inversion of the underlying int object "
              "and is usually not what you expect from negating a bool. Use the 'not' operator for boolean negation or ~int(x) if you really want the bitwise inversion of the underlying int."));
  return intInvert(t, v);
}
void initBoolType(Isolate& isolate) {
  Type* type = isolate.types.bool_ = makeType(isolate, {.name = "bool", .id = TypeId::kBool, .base = isolate.types.int_,
      .doc = "Returns True when the argument is true, False otherwise.\nThe builtins True and False are the only two instances of the class bool.\nThe class bool is a subclass of the class int, and cannot be subclassed."});
  type->layout = TypeId::kInt;
  type->slots.repr = boolRepr;
  type->slots.make = boolMake;
  type->slots.binary[static_cast<int>(BinaryOp::kAnd)] = boolBitwise<'&'>;
  type->slots.binary[static_cast<int>(BinaryOp::kOr)] = boolBitwise<'|'>;
  type->slots.binary[static_cast<int>(BinaryOp::kXor)] = boolBitwise<'^'>;
  type->slots.invert = boolInvert;
}

}  // namespace krait::object
