// `float` and `complex`. ref: Objects/floatobject.c, Objects/complexobject.c.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>

#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/format.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"
#include "runtime/object/type_names.h"

namespace krait::object {

// 1: converted, 0: not a number of ours, -1: raised.
static int toDouble(Thread& t, Value v, double& out) {
  if (isFloatLike(v)) {
    out = floatValue(v);
    return 1;
  }
  if (!isIntLike(v)) return 0;
  Fallible<double> d = intToDouble(t, v);
  out = d.value;
  return d.failed ? -1 : 1;
}
#define OPERANDS                               \
  double x, y;                                 \
  int okay = toDouble(t, a, x);                \
  if (okay > 0) okay = toDouble(t, b, y);      \
  if (okay < 0) return Ref();                  \
  if (okay == 0) return Ref::notImplemented()
static Ref add(Thread& t, Value a, Value b) { OPERANDS; return newFloat(x + y); }
static Ref sub(Thread& t, Value a, Value b) { OPERANDS; return newFloat(x - y); }
static Ref mul(Thread& t, Value a, Value b) { OPERANDS; return newFloat(x * y); }
static Ref divide(Thread& t, Value a, Value b) {
  OPERANDS;
  if (y == 0) return raise(t, errors(t).zero_division_error, "division by zero");
  return newFloat(x / y);
}
static Ref floorDivide(Thread& t, Value a, Value b) {
  OPERANDS;
  if (y == 0) return raise(t, errors(t).zero_division_error, "division by zero");
  return newFloat(floatFloorDiv(x, y));
}
static Ref modulo(Thread& t, Value a, Value b) {
  OPERANDS;
  if (y == 0) return raise(t, errors(t).zero_division_error, "division by zero");
  return newFloat(floatModulo(x, y));
}
static Ref divMod(Thread& t, Value a, Value b) {
  OPERANDS;
  if (y == 0) return raise(t, errors(t).zero_division_error, "division by zero");
  return tupleOf(t, {Value::fromDouble(floatFloorDiv(x, y)), Value::fromDouble(floatModulo(x, y))});
}
static Ref complexPower(Thread& t, Value a, Value b);
static Ref power(Thread& t, Value a, Value b) {
  OPERANDS;
  Ref r = floatPow(t, x, y);
  if (!r || !r.get().isNotImplemented()) return r;
  return complexPower(t, a, b);
}
static Ref compare(Thread& t, Value a, Value b, CompareOp op) {
  double x = floatValue(a);
  int order;
  if (isFloatLike(b)) {
    double y = floatValue(b);
    order = x < y ? -1 : x > y ? 1 : x == y ? 0 : 2;
  } else if (isIntLike(b)) {
    int reversed = compareIntFloat(b, x);
    order = reversed == 2 ? 2 : -reversed;
  } else {
    return Ref::notImplemented();
  }
  if (order == 2) return Ref::boolean(op == CompareOp::kNe);
  switch (op) {
    case CompareOp::kLt: return Ref::boolean(order < 0);
    case CompareOp::kLe: return Ref::boolean(order <= 0);
    case CompareOp::kEq: return Ref::boolean(order == 0);
    case CompareOp::kNe: return Ref::boolean(order != 0);
    case CompareOp::kGt: return Ref::boolean(order > 0);
    default: return Ref::boolean(order >= 0);
  }
}
static Fallible<int64_t> hash(Thread&, Value v) {
  double d = floatValue(v);
  if (std::isnan(d)) return static_cast<int64_t>(std::rotr(v.bits, 4)) == -1 ? -2 : static_cast<int64_t>(std::rotr(v.bits, 4));
  return floatHash(d);
}
static Ref repr(Thread& t, Value v) { return newStr(t, floatRepr(floatValue(v))); }
static Fallible<bool> truth(Thread&, Value v) { return floatValue(v) != 0; }
static Ref negative(Thread&, Value v) { return newFloat(-floatValue(v)); }
static Ref positive(Thread&, Value v) { return newFloat(floatValue(v)); }
static Ref absolute(Thread&, Value v) { return newFloat(std::fabs(floatValue(v))); }
static Ref toInt(Thread& t, Value v) { return newIntFromDouble(t, floatValue(v)); }

static Ref parse(Thread& t, Value v, std::string text) {
  double d;
  if (text.find('\0') == std::string::npos && floatFromText(text, d)) return newFloat(d);
  return raiseValueError(t, "could not convert string to float: %s", reprText_py(t, v).c_str());
}
static Ref fromObject(Thread& t, Value v) {
  if (v.isFloat()) return Ref::of(v);
  if (isStr(v) && (isExact(v, TypeId::kStr) || typeOf(t, v)->slots.to_float == nullptr)) {
    std::string text;
    for (int64_t i = 0; i < v.as<Str>()->length; ++i) {
      char32_t c = v.as<Str>()->at(i);
      if (c < 0x80) text += static_cast<char>(c);
      else if (isSpaceChar(c)) text += ' ';
      else if (decimalDigit(c) >= 0) text += static_cast<char>('0' + decimalDigit(c));
      else text += '?';
    }
    return parse(t, v, text);
  }
  if (isBytes(v)) return parse(t, v, std::string(v.as<Bytes>()->view()));
  if (isByteArray(v)) return parse(t, v, std::string(v.as<ByteArray>()->view()));
  if (typeOf(t, v)->slots.to_float == nullptr && typeOf(t, v)->slots.index == nullptr && isBytesLike(v)) {
    Buffer bytes;
    if (!bytes.acquire(t, v).failed) return parse(t, v, std::string(bytes.view()));
    clearException(t);
  }
  if (!isIntLike(v) && !isFloatLike(v) && typeOf(t, v)->slots.to_float == nullptr && typeOf(t, v)->slots.index == nullptr) {
    return raiseTypeError(t, "float() argument must be a string or a real number, not '%s'", typeNameOf(t, v));
  }
  return newFloat(TRY(toDouble_py(t, v)));
}
static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0 && type->slots.init == t.types().float_->slots.init) return raiseTypeError(t, "float() takes no keyword arguments");
  if (nargs > 1) return raiseTypeError(t, "float expected at most 1 argument, got %u", nargs);
  Ref r = nargs == 0 ? newFloat(0) : TRY(fromObject(t, args[0]));
  if (type == t.types().float_) return r;
  Float* f = allocate<Float>(type);
  f->value = floatValue(r.get());
  gcTrack(f);
  return Ref::steal(f);
}

// --- methods
static Ref isInteger(Thread&, const Value* a) {
  double d = floatValue(a[0]);
  return Ref::boolean(std::isfinite(d) && std::floor(d) == d);
}
static Ref asRatio(Thread& t, const Value* a) {
  double d = floatValue(a[0]);
  if (std::isinf(d)) return raiseOverflowError(t, "cannot convert Infinity to integer ratio");
  if (std::isnan(d)) return raiseValueError(t, "cannot convert NaN to integer ratio");
  int exponent;
  double m = std::frexp(d, &exponent);
  for (int i = 0; i < 300 && m != std::floor(m); ++i) {
    m *= 2;
    --exponent;
  }
  Ref n = TRY(newIntFromDouble(t, m)), den = newIntSmall(1);
  Ref power_of_2 = TRY(intShiftLeft(t, Value::fromInt(1), Value::fromInt(std::abs(exponent))));
  if (exponent > 0) n = TRY(intMul(t, n.get(), power_of_2.get()));
  else den = std::move(power_of_2);
  return tupleOf(t, {n.get(), den.get()});
}
static Ref truncMethod(Thread& t, const Value* a) { return newIntFromDouble(t, floatValue(a[0])); }
static Ref floorMethod(Thread& t, const Value* a) { return newIntFromDouble(t, std::floor(floatValue(a[0]))); }
static Ref ceilMethod(Thread& t, const Value* a) { return newIntFromDouble(t, std::ceil(floatValue(a[0]))); }
static Ref conjugate(Thread&, const Value* a) { return newFloat(floatValue(a[0])); }
static Ref roundMethod(Thread& t, const Value* a) {
  double x = floatValue(a[0]);
  if (a[1].isUndefined() || a[1].isNone()) {
    double r = std::round(x);
    if (std::fabs(x - r) == 0.5) r = 2.0 * std::round(x / 2.0);
    return newIntFromDouble(t, r);
  }
  Ref places = TRY(toIndex_py(t, a[1]));
  int64_t n = TRY(toIndexClamped_py(t, places.get()));
  if (!std::isfinite(x) || n > 323) return newFloat(x);
  if (n < -308) return newFloat(0.0 * x);
  double r;
  if (n >= 0) {
    std::string text = floatFormat(x, 'f', static_cast<int>(n), false, false);
    r = std::strtod(text.c_str(), nullptr);
  } else {
    double p = std::pow(10.0, static_cast<double>(-n)), y = x / p, z = std::round(y);
    if (std::fabs(y - z) == 0.5) z = 2.0 * std::round(y / 2.0);
    r = z * p;
  }
  if (!std::isfinite(r)) return raiseOverflowError(t, "rounded value too large to represent");
  return newFloat(r);
}
static Ref hexMethod(Thread& t, const Value* a) {
  double d = floatValue(a[0]);
  if (!std::isfinite(d)) return repr(t, a[0]);
  if (d == 0) return newStr(t, std::signbit(d) ? "-0x0.0p+0" : "0x0.0p+0");
  int exponent;
  double m = std::frexp(std::fabs(d), &exponent);
  int shift = 1 - std::max(-1021 - exponent, 0);
  m = std::ldexp(m, shift);
  exponent -= shift;
  std::string digits(1, static_cast<char>('0' + static_cast<int>(m)));
  m -= static_cast<int>(m);
  digits += '.';
  for (int i = 0; i < 13; ++i) {
    m *= 16;
    digits += "0123456789abcdef"[static_cast<int>(m)];
    m -= static_cast<int>(m);
  }
  return strFormat(t, "%s0x%sp%c%d", std::signbit(d) ? "-" : "", digits.c_str(), exponent < 0 ? '-' : '+', std::abs(exponent));
}
// The value of a hexadecimal text that strtod took, rounded once (strtod rounds subnormal ones twice). ref: float_fromhex_impl.
static double hexValue(const std::string& text) {
  size_t at = text.find_first_of("xX") + 1;
  uint64_t mantissa = 0;
  int64_t exponent = 0;
  bool behind_point = false;
  for (; at < text.size() && (text[at] | 32) != 'p'; ++at) {
    if (text[at] == '.') {
      behind_point = true;
      continue;
    }
    int digit = text[at] <= '9' ? text[at] - '0' : (text[at] | 32) - 'a' + 10;
    if (mantissa >> 58 == 0) {
      mantissa = mantissa << 4 | static_cast<uint64_t>(digit);
      exponent -= behind_point ? 4 : 0;
    } else {
      mantissa |= digit != 0;  // only that there is more matters
      exponent += behind_point ? 0 : 4;
    }
  }
  if (at < text.size()) exponent += std::clamp<int64_t>(std::strtoll(text.c_str() + at + 1, nullptr, 10), -1000000000, 1000000000);
  if (mantissa == 0) return 0;
  int64_t bits = 64 - std::countl_zero(mantissa), lowest = std::max<int64_t>(exponent + bits - 53, -1074), drop = lowest - exponent;
  if (drop > 62) return 0;
  if (drop > 0) {
    uint64_t rest = mantissa & ((uint64_t{1} << drop) - 1), half = uint64_t{1} << (drop - 1);
    mantissa >>= drop;
    mantissa += rest > half || (rest == half && (mantissa & 1));
    exponent = lowest;
  }
  return std::ldexp(static_cast<double>(mantissa), static_cast<int>(std::min<int64_t>(exponent, 10000)));
}
static Ref fromHex(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "bad argument type for built-in operation");
  std::string s = toUtf8(a[1].as<Str>());
  if (s.find('\0') != std::string::npos) return raiseValueError(t, "invalid hexadecimal floating-point string");
  size_t begin = s.find_first_not_of(" \t\n\r\f\v"), end = s.find_last_not_of(" \t\n\r\f\v");
  s = begin == std::string::npos ? "" : s.substr(begin, end - begin + 1);
  size_t digits = s.find_first_not_of("+-");
  std::string body = digits == std::string::npos ? "" : s.substr(digits);
  bool special = !body.empty() && ((body[0] | 32) == 'i' || (body[0] | 32) == 'n');
  std::string prefixed = special || (body.size() > 1 && (body[1] | 32) == 'x') ? s : s.substr(0, digits == std::string::npos ? 0 : digits) + "0x" + body;
  char* rest = nullptr;
  double d = std::strtod(prefixed.c_str(), &rest);
  if (body.empty() || rest == prefixed.c_str() || *rest != 0) return raiseValueError(t, "invalid hexadecimal floating-point string");
  if (!special) d = std::copysign(hexValue(prefixed), prefixed[0] == '-' ? -1.0 : 1.0);
  if (std::isinf(d) && !special) return raiseOverflowError(t, "hexadecimal value too large to represent as a float");
  Ref r = newFloat(d);
  if (a[0] == Value(t.types().float_)) return r;
  return callArgs_py(t, a[0], r.get());
}
static Ref fromNumber(Thread& t, const Value* a) {
  Ref r = newFloat(TRY(toDouble_py(t, a[1])));
  if (a[0] == Value(t.types().float_)) return r;
  return callArgs_py(t, a[0], r.get());
}
static Ref formatMethod(Thread& t, const Value* a) { return formatFloat_py(t, a[0], a[1]); }
static Ref newArgs(Thread& t, const Value* a) { return tupleOf(t, {Value::fromDouble(floatValue(a[0]))}); }
static Ref getFormat(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "__getformat__() argument must be str, not %s", typeNameOf(t, a[1]));
  if (!strEquals(a[1].as<Str>(), "double") && !strEquals(a[1].as<Str>(), "float")) return raiseValueError(t, "__getformat__() argument 1 must be 'double' or 'float'");
  return newStr(t, "IEEE, little-endian");
}
static Ref real(Thread&, Value v) { return newFloat(floatValue(v)); }
static Ref imag(Thread&, Value) { return newFloat(0.0); }
static const NativeDef kMethods[] = {
    {"is_integer", "($self, /)", isInteger, "Return True if the float is an integer."},
    {"as_integer_ratio", "($self, /)", asRatio, "Return a pair of integers, whose ratio is exactly equal to the original float."},
    {"conjugate", "($self, /)", conjugate, "Return self, the complex conjugate of any float."}, {"hex", "($self, /)", hexMethod, "Return a hexadecimal representation of a floating-point number."},
    {"fromhex", "($type, string, /)", fromHex, "Create a floating-point number from a hexadecimal string."},
    {"from_number", "($type, number, /)", fromNumber, "Convert real number to a floating-point number."},
    {"__trunc__", "($self, /)", truncMethod}, {"__floor__", "($self, /)", floorMethod}, {"__ceil__", "($self, /)", ceilMethod},
    {"__round__", "($self, ndigits=None, /)", roundMethod}, {"__format__", "($self, format_spec, /)", formatMethod},
    {"__getnewargs__", "($self, /)", newArgs}, {"__getformat__", "($type, typestr, /)", getFormat}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"real", real}, {"imag", imag}, {nullptr, nullptr}};

void initFloatType(Isolate& isolate) {
  Type* type = isolate.types.float_ = makeType(isolate, {.name = "float", .id = TypeId::kFloat, .size = sizeof(Float), .flags = kTypeBaseable | kTypeMatchSelf,
      .methods = kMethods, .getsets = kGetSets, .doc = "Convert a string or number to a floating-point number, if possible."});
  Slots& s = type->slots;
  auto set = [&](BinaryOp op, Ref (*f)(Thread&, Value, Value)) { s.binary[static_cast<int>(op)] = f; };
  set(BinaryOp::kAdd, add);
  set(BinaryOp::kSub, sub);
  set(BinaryOp::kMul, mul);
  set(BinaryOp::kTrueDiv, divide);
  set(BinaryOp::kFloorDiv, floorDivide);
  set(BinaryOp::kMod, modulo);
  set(BinaryOp::kDivMod, divMod);
  set(BinaryOp::kPow, power);
  s.compare = compare;
  s.hash = hash;
  s.repr = repr;
  s.truth = truth;
  s.negative = negative;
  s.positive = positive;
  s.absolute = absolute;
  s.to_int = toInt;
  s.to_float = positive;
  s.make = make;
}

// --- complex
static bool toComplex(Thread& t, Value v, double& re, double& im) {
  if (hasLayout(v, TypeId::kComplex)) {
    re = v.as<Complex>()->real;
    im = v.as<Complex>()->imag;
    return true;
  }
  im = 0;
  return toDouble(t, v, re) > 0;
}
#define COMPLEX_OPERANDS            \
  double ar, ai, br, bi;            \
  if (!toComplex(t, a, ar, ai) || !toComplex(t, b, br, bi)) return isPending(t) ? Ref() : Ref::notImplemented()
// A real number has no imaginary part that would take part in the arithmetic. ref: complex_add and others of 3.14.
static bool isReal(Value v) { return !hasLayout(v, TypeId::kComplex); }
static double unitOf(double d) { return std::copysign(std::isinf(d) ? 1.0 : 0.0, d); }
static void zeroNan(double& d) {
  if (std::isnan(d)) d = std::copysign(0.0, d);
}
static Ref complexAdd(Thread& t, Value a, Value b) {
  COMPLEX_OPERANDS;
  return newComplex(t, ar + br, isReal(a) ? bi : isReal(b) ? ai : ai + bi);
}
static Ref complexSub(Thread& t, Value a, Value b) {
  COMPLEX_OPERANDS;
  return newComplex(t, ar - br, isReal(a) ? -bi : isReal(b) ? ai : ai - bi);
}
// Infinities that were computed as nan+nanj are recovered. ref: _Py_c_prod; C11, annex G.5.1.
static Ref complexMul(Thread& t, Value a, Value b) {
  COMPLEX_OPERANDS;
  if (isReal(a)) return newComplex(t, ar * br, ar * bi);
  if (isReal(b)) return newComplex(t, ar * br, ai * br);
  double rr = ar * br, ii = ai * bi, ri = ar * bi, ir = ai * br, re = rr - ii, im = ri + ir;
  if (!std::isnan(re) || !std::isnan(im)) return newComplex(t, re, im);
  bool again = false;
  if (std::isinf(ar) || std::isinf(ai)) {
    ar = unitOf(ar), ai = unitOf(ai);
    zeroNan(br), zeroNan(bi);
    again = true;
  }
  if (std::isinf(br) || std::isinf(bi)) {
    br = unitOf(br), bi = unitOf(bi);
    zeroNan(ar), zeroNan(ai);
    again = true;
  }
  if (!again && (std::isinf(rr) || std::isinf(ii) || std::isinf(ri) || std::isinf(ir))) {
    zeroNan(ar), zeroNan(ai), zeroNan(br), zeroNan(bi);
    again = true;
  }
  if (!again) return newComplex(t, re, im);
  return newComplex(t, HUGE_VAL * (ar * br - ai * bi), HUGE_VAL * (ar * bi + ai * br));
}
// ref: _Py_c_quot, _Py_cr_quot, _Py_rc_quot; C11, annex G.5.2.
static Ref complexDiv(Thread& t, Value a, Value b) {
  COMPLEX_OPERANDS;
  if (br == 0 && bi == 0) return raise(t, errors(t).zero_division_error, "division by zero");
  if (isReal(b)) return newComplex(t, ar / br, ai / br);
  bool real = isReal(a);
  double re = std::nan(""), im = re;
  if (std::fabs(br) >= std::fabs(bi)) {
    double ratio = bi / br, denominator = br + bi * ratio;
    re = (real ? ar : ar + ai * ratio) / denominator;
    im = (real ? -ar * ratio : ai - ar * ratio) / denominator;
  } else if (std::fabs(bi) >= std::fabs(br)) {
    double ratio = br / bi, denominator = br * ratio + bi;
    re = (real ? ar * ratio : ar * ratio + ai) / denominator;
    im = (real ? -ar : ai * ratio - ar) / denominator;
  }
  if (!std::isnan(re) || !std::isnan(im)) return newComplex(t, re, im);
  if (!real && (std::isinf(ar) || std::isinf(ai)) && std::isfinite(br) && std::isfinite(bi)) {
    double x = unitOf(ar), y = unitOf(ai);
    return newComplex(t, HUGE_VAL * (x * br + y * bi), HUGE_VAL * (y * br - x * bi));
  }
  if ((std::isinf(br) || std::isinf(bi)) && std::isfinite(ar) && std::isfinite(ai)) {
    double x = unitOf(br), y = unitOf(bi);
    if (real) return newComplex(t, 0.0 * (ar * x), 0.0 * (-ar * y));
    return newComplex(t, 0.0 * (ar * x + ai * y), 0.0 * (ai * x - ar * y));
  }
  return newComplex(t, re, im);
}
// ref: _Py_ADJUST_ERANGE2.
static Ref powerInRange(Thread& t, double re, double im) {
  if (std::isinf(re) || std::isinf(im)) return raiseOverflowError(t, "complex exponentiation");
  return newComplex(t, re, im);
}
static Ref complexPower(Thread& t, Value a, Value b) {
  COMPLEX_OPERANDS;
  if (br == 0 && bi == 0) return newComplex(t, 1, 0);
  if (ar == 0 && ai == 0) {
    if (bi != 0 || br < 0) return raise(t, errors(t).zero_division_error, "zero to a negative or complex power");
    return newComplex(t, 0, 0);
  }
  if (bi == 0 && br == std::floor(br) && std::fabs(br) <= 100) {
    int64_t n = static_cast<int64_t>(std::fabs(br));
    Ref r = newComplex(t, 1, 0), power = newComplex(t, ar, ai);
    for (; n > 0; n >>= 1) {
      if (n & 1) r = TRY(complexMul(t, r.get(), power.get()));
      power = TRY(complexMul(t, power.get(), power.get()));
    }
    if (br < 0) r = TRY(complexDiv(t, newComplex(t, 1, 0).get(), r.get()));
    return powerInRange(t, r.as<Complex>()->real, r.as<Complex>()->imag);
  }
  double vabs = std::hypot(ar, ai), len = std::pow(vabs, br), at = std::atan2(ai, ar), phase = at * br;
  if (bi != 0) {
    len *= std::exp(-at * bi);
    phase += bi * std::log(vabs);
  }
  return powerInRange(t, len * std::cos(phase), len * std::sin(phase));
}
static Ref complexRepr(Thread& t, Value v) {
  Complex* c = v.as<Complex>();
  auto text = [](double d) { return floatFormat(d, 'r', 0, false, false); };
  if (c->real == 0 && !std::signbit(c->real)) return newStr(t, text(c->imag) + "j");
  std::string im = text(c->imag);
  return newStr(t, "(" + text(c->real) + (im[0] == '-' ? "" : "+") + im + "j)");
}
static Ref complexCompare(Thread& t, Value a, Value b, CompareOp op) {
  if (op != CompareOp::kEq && op != CompareOp::kNe) return Ref::notImplemented();
  Complex* c = a.as<Complex>();
  bool same;
  if (hasLayout(b, TypeId::kComplex)) same = c->real == b.as<Complex>()->real && c->imag == b.as<Complex>()->imag;
  else if (isFloatLike(b)) same = c->imag == 0 && c->real == floatValue(b);
  else if (isIntLike(b)) same = c->imag == 0 && compareIntFloat(b, c->real) == 0;
  else return Ref::notImplemented();
  (void)t;
  return Ref::boolean(same == (op == CompareOp::kEq));
}
static Fallible<int64_t> complexHash(Thread&, Value v) {
  Complex* c = v.as<Complex>();
  uint64_t h = static_cast<uint64_t>(floatHash(c->real)) + 1000003u * static_cast<uint64_t>(floatHash(c->imag));
  return static_cast<int64_t>(h) == -1 ? -2 : static_cast<int64_t>(h);
}
static Fallible<bool> complexTruth(Thread&, Value v) { return v.as<Complex>()->real != 0 || v.as<Complex>()->imag != 0; }
static Ref complexNegative(Thread& t, Value v) { return newComplex(t, -v.as<Complex>()->real, -v.as<Complex>()->imag); }
static Ref complexPositive(Thread& t, Value v) { return newComplex(t, v.as<Complex>()->real, v.as<Complex>()->imag); }
static Ref complexAbs(Thread& t, Value v) {
  double r = std::hypot(v.as<Complex>()->real, v.as<Complex>()->imag);
  if (std::isinf(r) && std::isfinite(v.as<Complex>()->real) && std::isfinite(v.as<Complex>()->imag)) return raiseOverflowError(t, "absolute value too large");
  return newFloat(r);
}
static bool parseComplex(std::string s, double& re, double& im) {
  while (!s.empty() && s.front() == ' ') s.erase(0, 1);
  while (!s.empty() && s.back() == ' ') s.pop_back();
  if (s.size() > 1 && s.front() == '(' && s.back() == ')') {
    s = s.substr(1, s.size() - 2);
    while (!s.empty() && s.front() == ' ') s.erase(0, 1);
    while (!s.empty() && s.back() == ' ') s.pop_back();
  }
  re = im = 0;
  if (s.empty()) return false;
  if ((s.back() | 32) != 'j') return floatFromText(s, re);
  s.pop_back();
  size_t split = std::string::npos;
  for (size_t i = 1; i < s.size(); ++i) {
    if ((s[i] == '+' || s[i] == '-') && (s[i - 1] | 32) != 'e') split = i;
  }
  std::string first = split == std::string::npos ? "" : s.substr(0, split), second = split == std::string::npos ? s : s.substr(split);
  if (second.empty() || second == "+" || second == "-") second += "1";
  if (!first.empty() && !floatFromText(first, re)) return false;
  return floatFromText(second, im);
}
// As UTF-8, with digits of any script as ASCII digits and blanks of any kind as spaces. ref: _PyUnicode_TransformDecimalAndSpaceToASCII.
static std::string plainDigits(const Str* text) {
  std::string out;
  for (int64_t i = 0; i < text->length; ++i) {
    char32_t c = text->at(i);
    if (isSpaceChar(c)) out += ' ';
    else if (int digit = decimalDigit(c); digit >= 0) out += static_cast<char>('0' + digit);
    else appendUtf8(out, c);
  }
  return out;
}
static Ref complexFormat(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "__format__() argument must be str, not %s", typeNameOf(t, a[1]));
  return formatComplex_py(t, a[0], a[1]);
}
static Ref complexPowMod(Thread& t, Value, Value, Value) { return raiseValueError(t, "complex modulo"); }
static Ref complexMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "complex", "(real=<unset>, imag=<unset>)", args, nargs, keywords, a));
  double re = 0, im = 0;
  bool has_imag = false;
  bool is_alone = nargs == 1 && (keywords == nullptr || keywords->size == 0);  // complex(x): x may be text or complex
  if (a[0].defined() && isStr(a[0]) && !is_alone) return raiseTypeError(t, "complex() argument 'real' must be a real number, not str");
  if (a[0].defined() && isStr(a[0])) {
    if (!parseComplex(plainDigits(a[0].as<Str>()), re, im)) return raiseValueError(t, "complex() arg is a malformed string");
  } else {
    Ref held;
    if (a[0].defined()) {
      Ref method = hasLayout(a[0], TypeId::kComplex) ? Ref() : findSpecial_py(t, a[0], t.names().d_complex);
      if (!method && isPending(t)) return Ref();
      if (method) held = TRY(call_py(t, method.get(), nullptr, 0));
      if (held && !hasLayout(held.get(), TypeId::kComplex)) return raiseTypeError(t, "__complex__ returned non-complex (type %s)", typeNameOf(t, held.get()));
      Value v = held ? held.get() : a[0];
      bool warns = !is_alone && hasLayout(v, TypeId::kComplex);
      if (warns) TRY(warn_py(t, errors(t).deprecation_warning, 1, "complex() argument 'real' must be a real number, not %s", typeNameOf(t, a[0])));
      if (hasLayout(v, TypeId::kComplex)) re = v.as<Complex>()->real, im = v.as<Complex>()->imag, has_imag = true;
      else if (typeOf(t, v)->slots.to_float == nullptr && typeOf(t, v)->slots.index == nullptr) {
        if (is_alone) return raiseTypeError(t, "complex() argument must be a string or a number, not %s", fullTypeName(t, v).c_str());
        return raiseTypeError(t, "complex() argument 'real' must be a real number, not %s", fullTypeName(t, v).c_str());
      }
      else re = TRY(toDouble_py(t, v));
    }
    if (a[1].defined()) {
      if (isStr(a[1])) return raiseTypeError(t, "complex() argument 'imag' must be a real number, not str");
      bool is_complex = hasLayout(a[1], TypeId::kComplex);
      if (!is_complex && typeOf(t, a[1])->slots.to_float == nullptr && typeOf(t, a[1])->slots.index == nullptr) {
        return raiseTypeError(t, "complex() argument 'imag' must be a real number, not %s", fullTypeName(t, a[1]).c_str());
      }
      if (is_complex) {
        TRY(warn_py(t, errors(t).deprecation_warning, 1, "complex() argument 'imag' must be a real number, not %s", typeNameOf(t, a[1])));
        re -= a[1].as<Complex>()->imag;
        im = has_imag ? im + a[1].as<Complex>()->real : a[1].as<Complex>()->real;
      } else {
        double d = TRY(toDouble_py(t, a[1]));
        im = has_imag ? im + d : d;
      }
    }
  }
  Complex* c = allocate<Complex>(type);
  c->real = re;
  c->imag = im;
  if (type->has(kTypeHeap)) gcTrack(c);
  return Ref::steal(c);
}
static Ref complexReal(Thread&, Value v) { return newFloat(v.as<Complex>()->real); }
static Ref complexImag(Thread&, Value v) { return newFloat(v.as<Complex>()->imag); }
static Ref complexConjugate(Thread& t, const Value* a) { return newComplex(t, a[0].as<Complex>()->real, -a[0].as<Complex>()->imag); }
static Ref complexSelf(Thread& t, const Value* a) { return complexPositive(t, a[0]); }
static Ref complexNewArgs(Thread& t, const Value* a) { return tupleOf(t, {Value::fromDouble(a[0].as<Complex>()->real), Value::fromDouble(a[0].as<Complex>()->imag)}); }
static Ref complexFromNumber(Thread& t, const Value* a) {
  bool is_number = hasLayout(a[1], TypeId::kComplex) || typeOf(t, a[1])->slots.to_float != nullptr || typeOf(t, a[1])->slots.index != nullptr ||
                   typeLookup(typeOf(t, a[1]), t.names().d_complex).defined();
  if (!is_number) return raiseTypeError(t, "must be real number, not %s", typeNameOf(t, a[1]));
  if (isExact(a[1], TypeId::kComplex) && a[0] == Value(t.types().complex)) return Ref::of(a[1]);
  return callArgs_py(t, a[0], a[1]);
}
static const NativeDef kComplexMethods[] = {{"from_number", "($type, number, /)", complexFromNumber, "Convert number to a complex floating-point number."},
    {"__format__", "($self, format_spec, /)", complexFormat, "Convert to a string according to format_spec."},
    {"conjugate", "($self, /)", complexConjugate, "Return the complex conjugate of its argument. (3-4j).conjugate() == 3+4j."},
    {"__complex__", "($self, /)", complexSelf}, {"__getnewargs__", "($self, /)", complexNewArgs}, {nullptr, nullptr, nullptr}};
static const GetSetDef kComplexGetSets[] = {{"real", complexReal, readOnlyMember, "the real part of a complex number"}, {"imag", complexImag, readOnlyMember, "the imaginary part of a complex number"}, {nullptr, nullptr}};
void initComplexType(Isolate& isolate) {
  Type* type = isolate.types.complex = makeType(isolate, {.name = "complex", .id = TypeId::kComplex, .size = sizeof(Complex), .flags = kTypeBaseable,
      .methods = kComplexMethods, .getsets = kComplexGetSets, .doc = "Create a complex number from a string or numbers."});
  Slots& s = type->slots;
  auto set = [&](BinaryOp op, Ref (*f)(Thread&, Value, Value)) { s.binary[static_cast<int>(op)] = f; };
  set(BinaryOp::kAdd, complexAdd);
  set(BinaryOp::kSub, complexSub);
  set(BinaryOp::kMul, complexMul);
  set(BinaryOp::kTrueDiv, complexDiv);
  set(BinaryOp::kPow, complexPower);
  s.repr = complexRepr;
  s.power = complexPowMod;
  s.compare = complexCompare;
  s.hash = complexHash;
  s.truth = complexTruth;
  s.negative = complexNegative;
  s.positive = complexPositive;
  s.absolute = complexAbs;
  s.make = complexMake;
}

}  // namespace krait::object
