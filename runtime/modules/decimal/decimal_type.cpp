// decimal.Decimal. ref: Modules/_decimal/_decimal.c; library reference, decimal.
#include <cmath>

#include "runtime/modules/decimal/operations.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/heap.h"
#include "runtime/object/protocol.h"

namespace krait::modules::decimal {

bool isDecimal(Value v) { return v.isHeap() && (v.object()->type == state->decimal || isSubtype(v.object()->type, state->decimal)); }
Ref newDecimal(Number number, Type* type) {
  Decimal* d = allocate<Decimal>(type == nullptr ? state->decimal : type);
  new (&d->number) Number(std::move(number));
  return Ref::steal(d);
}
Number numberFromInt(Value v) {
  IntView view(v);
  Number n;
  n.negative = view.is_negative;
  if (view.size > 0) mpz_import(n.coefficient.get(), static_cast<size_t>(view.size), -1, 8, 0, 0, view.limbs);
  return n;
}
static Ref intFromBig(Thread& t, const Big& v, bool negative) {
  if (ran_out_of_memory) {
    ran_out_of_memory = false;
    return raiseMemoryError(t);
  }
  return newIntFromLimbs(t, reinterpret_cast<const uint64_t*>(mpz_limbs_read(v.get())), static_cast<int64_t>(mpz_size(v.get())), negative);
}
Ref toInt(Thread& t, const Number& n) {
  Number whole = n;
  uint32_t none = 0;
  rescale(whole, 0, Rounding::kDown, none);
  return intFromBig(t, whole.coefficient, whole.negative);
}
static Number numberFromDouble(double d) {
  Number n;
  n.negative = std::signbit(d);
  if (d != d || std::isinf(d)) {
    n.kind = d != d ? Kind::kQuietNan : Kind::kInfinity;
    return n;
  }
  int e;
  double m = std::frexp(std::fabs(d), &e);
  mpz_set_d(n.coefficient.get(), std::ldexp(m, 53));
  e -= 53;
  if (n.coefficient.isZero()) return n;
  while (e < 0 && mpz_even_p(n.coefficient.get())) mpz_tdiv_q_2exp(n.coefficient.get(), n.coefficient.get(), 1), ++e;
  if (e >= 0) mpz_mul_2exp(n.coefficient.get(), n.coefficient.get(), static_cast<mp_bitcnt_t>(e));
  else {
    Big five;
    mpz_ui_pow_ui(five.get(), 5, static_cast<unsigned long>(-e));
    mpz_mul(n.coefficient.get(), n.coefficient.get(), five.get());
    n.exponent = e;
  }
  return n;
}

// --- construction
// The text without surrounding space and underscores, digits of any script as ASCII; false: other characters.
static bool plainText(Thread& t, Str* s, std::string& out) {
  int64_t begin = 0, end = s->length;
  auto isSpace = [](char32_t c) { return c == ' ' || (c >= 9 && c <= 13) || (c >= 0x1C && c <= 0x1F) || c == 0x85 || c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200A); };
  while (begin < end && isSpace(s->at(begin))) ++begin;
  while (end > begin && isSpace(s->at(end - 1))) --end;
  for (int64_t i = begin; i < end; ++i) {
    char32_t c = s->at(i);
    if (c == '_') continue;
    if (c >= 128) {
      Ref one = strFromChar(t, c), digit = callMethod_py(t, one.get(), intern(*t.isolate, "isdecimal"));
      if (!digit || !digit.get().isTrue()) return false;
      Ref value = callArgs_py(t, t.types().int_, one.get());
      if (!value) return false;
      c = static_cast<char32_t>('0' + value.get().asInt());
    }
    out += static_cast<char>(c);
  }
  return true;
}
static Status fromText(Thread& t, Str* s, Context* c, Number& out) {
  std::string text;
  bool ok = plainText(t, s, text) && parse(text, out);
  if (isPending(t)) clearException(t);
  if (ok && out.isFinite() && !out.isZero() && (out.adjusted() > kMaxExponent || out.exponent < -kMaxExponent - kMaxPrecision)) ok = false;
  if (ok) return kDone;
  out = quietNan();
  return signalConditions(t, c, kConversionSyntax);
}
static Status fromTuple(Thread& t, Value v, Context* c, Number& out) {
  Ref tuple = TRY(tupleFromIterable_py(t, v));
  Tuple* parts = tuple.as<Tuple>();
  if (parts->size != 3) return raiseValueError(t, "argument must be a sequence of length 3");
  Value sign = parts->items()[0], exponent = parts->items()[2];
  int64_t bit;
  if (!isIntLike(sign) || !intFits(sign, bit) || (bit != 0 && bit != 1)) return raiseValueError(t, "sign must be an integer with the value 0 or 1");
  std::string text = bit == 1 ? "-" : "", digits;
  bool special = isStr(exponent);
  if (special) {
    std::string name = toUtf8(exponent.as<Str>());
    if (name != "F" && name != "n" && name != "N") return raiseValueError(t, "string argument in the third position must be 'F', 'n' or 'N'");
    text += name == "F" ? "Inf" : name == "n" ? "NaN" : "sNaN";
    if (name == "F") {
      (void)parse(text, out);
      return kDone;
    }
  } else if (!isIntLike(exponent)) {
    return raiseValueError(t, "exponent must be an integer");
  }
  Ref items = TRY(tupleFromIterable_py(t, parts->items()[1]));
  for (int64_t i = 0; i < items.as<Tuple>()->size; ++i) {
    int64_t digit;
    Value d = items.as<Tuple>()->items()[i];
    if (!isIntLike(d) || !intFits(d, digit) || digit < 0 || digit > 9) return raiseValueError(t, "coefficient must be a tuple of digits");
    digits += static_cast<char>('0' + digit);
  }
  text += digits.empty() && !special ? "0" : digits;
  if (!special) text += "E" + std::to_string(TRY(toInt64_py(t, exponent)));
  if (parse(text, out)) return kDone;
  return signalConditions(t, c, kConversionSyntax);
}
Status numberFrom(Thread& t, Value v, Context* c, bool round, Number& out) {
  if (isDecimal(v)) out = numberOf(v);
  else if (isStr(v)) TRY(fromText(t, v.as<Str>(), c, out));
  else if (isIntLike(v)) out = numberFromInt(v);
  else if (isFloatLike(v)) {
    TRY(signalConditions(t, c, kFloatOperation));
    out = numberFromDouble(floatValue(v));
  } else if (isTuple(v) || isList(v)) {
    TRY(fromTuple(t, v, c, out));
  } else {
    return raiseTypeError(t, "conversion from %s to Decimal is not supported", typeNameOf(t, v));
  }
  if (!round) return kDone;
  uint32_t status = 0;
  if (out.isNan() && out.digits() > c->settings.precision - c->settings.clamp) {
    out = quietNan();
    status = kConversionSyntax;
  }
  finish(out, c->settings, status);
  return signalConditions(t, c, status);
}
static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "Decimal", "(value='0', context=None)", args, nargs, keywords, a));
  Context* c = TRY(contextFrom(t, a[1]));
  if (type == state->decimal && typeOf(t, a[0]) == state->decimal) return Ref::of(a[0]);
  Number n;
  TRY(numberFrom(t, a[0], c, false, n));
  return newDecimal(std::move(n), type);
}
static Ref withType(Thread& t, Value type, Number n) {
  Ref d = newDecimal(std::move(n));
  return type == Value(state->decimal) ? std::move(d) : callArgs_py(t, type, d.get());
}
static Ref fromFloat(Thread& t, const Value* a) {
  if (isIntLike(a[1])) return withType(t, a[0], numberFromInt(a[1]));
  if (!isFloatLike(a[1])) return raiseTypeError(t, "argument must be int or float");
  return withType(t, a[0], numberFromDouble(floatValue(a[1])));
}
static Ref fromNumber(Thread& t, const Value* a) {
  if (isDecimal(a[1])) return withType(t, a[0], numberOf(a[1]));
  if (isFloatLike(a[1])) TRY(signalConditions(t, TRY(currentContext(t)), kFloatOperation));
  if (isIntLike(a[1]) || isFloatLike(a[1])) return fromFloat(t, a);
  return raiseTypeError(t, "conversion from %s to Decimal is not supported", typeNameOf(t, a[1]));
}

// --- operators
Status operand(Thread& t, Value v, bool must, Number& out, bool& ok) {
  ok = true;
  if (isDecimal(v)) out = numberOf(v);
  else if (isIntLike(v)) out = numberFromInt(v);
  else if (must) return raiseTypeError(t, "conversion from %s to Decimal is not supported", typeNameOf(t, v));
  else ok = false;
  return kDone;
}
template <Binary F>
static Ref binarySlot(Thread& t, Value a, Value b) {
  Number x, y;
  bool ok = true;
  const Number* left = isDecimal(a) ? &numberOf(a) : &x;
  const Number* right = isDecimal(b) ? &numberOf(b) : &y;
  if (left == &x) TRY(operand(t, a, false, x, ok));
  if (ok && right == &y) TRY(operand(t, b, false, y, ok));
  if (!ok) return Ref::notImplemented();
  Context* c = TRY(currentContext(t));
  uint32_t status = 0;
  Number r = F(*left, *right, c->settings, status);
  return finishWith(t, c, std::move(r), status);
}
static Ref divmodSlot(Thread& t, Value a, Value b) {
  Number x, y, q, r;
  bool ok;
  TRY(operand(t, a, false, x, ok));
  if (ok) TRY(operand(t, b, false, y, ok));
  if (!ok) return Ref::notImplemented();
  Context* c = TRY(currentContext(t));
  uint32_t status = 0;
  divideInteger(x, y, c->settings, status, &q, &r);
  TRY(signalConditions(t, c, status));
  Ref first = newDecimal(std::move(q)), second = newDecimal(std::move(r));
  return tupleOf(t, {first.get(), second.get()});
}
static Ref powerSlot(Thread& t, Value a, Value b, Value m) {
  if (m.isNone()) return binarySlot<opPower>(t, a, b);
  Number x, y, z;
  bool ok;
  TRY(operand(t, a, false, x, ok));
  if (ok) TRY(operand(t, b, false, y, ok));
  if (ok) TRY(operand(t, m, false, z, ok));
  if (!ok) return Ref::notImplemented();
  Context* c = TRY(currentContext(t));
  uint32_t status = 0;
  Number r = powerModulo(x, y, z, c->settings, status);
  return finishWith(t, c, std::move(r), status);
}
template <Unary F>
static Ref unarySlot(Thread& t, Value v) {
  Context* c = TRY(currentContext(t));
  uint32_t status = 0;
  Number r = F(numberOf(v), c->settings, status);
  return finishWith(t, c, std::move(r), status);
}
// A rational's value as two numbers to compare with; false when `v` is none.
static Fallible<bool> rational(Thread& t, Value v, Number& numerator, Number& denominator) {
  Ref n = findAttr_py(t, v, intern(*t.isolate, "numerator")), d = n ? findAttr_py(t, v, intern(*t.isolate, "denominator")) : Ref();
  if (isPending(t)) return kRaised;
  if (!n || !d || !isIntLike(n.get()) || !isIntLike(d.get())) return false;
  numerator = numberFromInt(n.get());
  denominator = numberFromInt(d.get());
  return true;
}
static Ref compareSlot(Thread& t, Value a, Value b, CompareOp op) {
  Number x = numberOf(a), y;
  bool equality = op == CompareOp::kEq || op == CompareOp::kNe;
  Context* c = TRY(currentContext(t));
  uint32_t status = 0;
  if (isDecimal(b)) y = numberOf(b);
  else if (isIntLike(b)) y = numberFromInt(b);
  else if (isFloatLike(b)) {
    if (equality) c->flags |= kFloatOperation;
    else TRY(signalConditions(t, c, kFloatOperation));
    y = numberFromDouble(floatValue(b));
  } else if (hasLayout(b, TypeId::kComplex) && equality) {
    if (b.as<Complex>()->imag != 0) return Ref::boolean(op == CompareOp::kNe);
    y = numberFromDouble(b.as<Complex>()->real);
  } else {
    Number denominator;
    if (!TRY(rational(t, b, y, denominator))) return Ref::notImplemented();
    if (x.isFinite()) {
      mpz_mul(x.coefficient.get(), x.coefficient.get(), denominator.coefficient.get());
    }
  }
  if (x.isNan() || y.isNan()) {
    bool signals = x.kind == Kind::kSignalNan || y.kind == Kind::kSignalNan || !equality;
    if (signals) status |= kInvalidOperation;
    TRY(signalConditions(t, c, status));
    return Ref::boolean(op == CompareOp::kNe);
  }
  int order = compare(x, y);
  switch (op) {
    case CompareOp::kLt: return Ref::boolean(order < 0);
    case CompareOp::kLe: return Ref::boolean(order <= 0);
    case CompareOp::kEq: return Ref::boolean(order == 0);
    case CompareOp::kNe: return Ref::boolean(order != 0);
    case CompareOp::kGt: return Ref::boolean(order > 0);
    default: return Ref::boolean(order >= 0);
  }
}
static Fallible<int64_t> hash(Thread& t, Value v) {
  const Number& n = numberOf(v);
  if (n.kind == Kind::kSignalNan) return raiseTypeError(t, "Cannot hash a signaling NaN value");
  if (n.isNan()) return static_cast<int64_t>(v.bits >> 4);
  if (n.isInfinite()) return int64_t{n.negative ? -314159 : 314159};
  Big modulus, ten(10), scale, e(n.exponent);
  mpz_ui_pow_ui(modulus.get(), 2, 61);
  mpz_sub_ui(modulus.get(), modulus.get(), 1);
  mpz_powm(scale.get(), ten.get(), e.get(), modulus.get());
  mpz_mul(scale.get(), scale.get(), n.coefficient.get());
  mpz_mod(scale.get(), scale.get(), modulus.get());
  int64_t h = mpz_get_si(scale.get());
  if (n.negative) h = -h;
  return h == -1 ? int64_t{-2} : h;
}
static Fallible<bool> truth(Thread&, Value v) { return !numberOf(v).isZero(); }

// --- conversion
static Ref str(Thread& t, Value v) { return newStr(t, toText(numberOf(v), false, TRY(currentContext(t))->settings.capitals)); }
static Ref repr(Thread& t, Value v) { return newStr(t, "Decimal('" + toText(numberOf(v), false, TRY(currentContext(t))->settings.capitals) + "')"); }
static Ref engineering(Thread& t, const Value* a) { return newStr(t, toText(numberOf(a[0]), true, TRY(contextFrom(t, a[1]))->settings.capitals)); }
static Ref integerOf(Thread& t, const Number& n, Rounding rounding) {
  if (n.isNan()) return raiseValueError(t, "cannot convert NaN to integer");
  if (n.isInfinite()) return raiseOverflowError(t, "cannot convert Infinity to integer");
  Number whole = n;
  uint32_t none = 0;
  rescale(whole, 0, rounding, none);
  return intFromBig(t, whole.coefficient, whole.negative);
}
static Ref toIntSlot(Thread& t, Value v) { return integerOf(t, numberOf(v), Rounding::kDown); }
static Ref toFloatSlot(Thread& t, Value v) {
  const Number& n = numberOf(v);
  if (n.kind == Kind::kSignalNan) return raiseValueError(t, "cannot convert signaling NaN to float");
  if (n.isNan()) return newFloat(n.negative ? -std::nan("") : std::nan(""));
  double d;
  if (n.isInfinite()) return newFloat(n.negative ? -HUGE_VAL : HUGE_VAL);
  (void)floatFromText(toText(n, false, true), d);
  return newFloat(d);
}
static Ref complexMethod(Thread& t, const Value* a) {
  Ref d = TRY(toFloatSlot(t, a[0]));
  return newComplex(t, floatValue(d.get()), 0);
}
static Ref trunc(Thread& t, const Value* a) { return integerOf(t, numberOf(a[0]), Rounding::kDown); }
static Ref floor(Thread& t, const Value* a) { return integerOf(t, numberOf(a[0]), Rounding::kFloor); }
static Ref ceil(Thread& t, const Value* a) { return integerOf(t, numberOf(a[0]), Rounding::kCeiling); }
static Ref round(Thread& t, const Value* a) {
  if (a[1].isUndefined()) return integerOf(t, numberOf(a[0]), Rounding::kHalfEven);
  if (!isIntLike(a[1])) return raiseTypeError(t, "optional arg must be an integer");
  Number unit = fromInt(1);
  unit.exponent = -TRY(toInt64_py(t, a[1]));
  Context* c = TRY(currentContext(t));
  Settings s = c->settings;
  s.rounding = Rounding::kHalfEven;
  uint32_t status = 0;
  Number r = quantize(numberOf(a[0]), unit, s, status);
  return finishWith(t, c, std::move(r), status);
}
static Ref asTuple(Thread& t, const Value* a) {
  const Number& n = numberOf(a[0]);
  Ref exponent = n.isInfinite() ? newStr(t, "F") : n.kind == Kind::kQuietNan ? newStr(t, "n") : n.isNan() ? newStr(t, "N") : newInt(t, n.exponent);
  std::string digits = n.isInfinite() ? "0" : n.isNan() && n.coefficient.isZero() ? "" : digitsOf(n.coefficient);
  Ref items = newTuple(t, static_cast<int64_t>(digits.size()));
  for (size_t i = 0; i < digits.size(); ++i) items.as<Tuple>()->items()[i] = Value::fromInt(digits[i] - '0');
  return callArgs_py(t, state->tuple_type, Value::fromInt(n.negative), items.get(), exponent.get());
}
static Ref asRatio(Thread& t, const Value* a) {
  const Number& n = numberOf(a[0]);
  if (n.isNan()) return raiseValueError(t, "cannot convert NaN to integer ratio");
  if (n.isInfinite()) return raiseOverflowError(t, "cannot convert Infinity to integer ratio");
  Big top = n.coefficient, bottom(1), gcd;
  if (!top.isZero()) {
    Big unit = powerOfTen(n.exponent < 0 ? -n.exponent : n.exponent);
    if (n.exponent >= 0) mpz_mul(top.get(), top.get(), unit.get());
    else bottom = unit;
    mpz_gcd(gcd.get(), top.get(), bottom.get());
    mpz_divexact(top.get(), top.get(), gcd.get());
    mpz_divexact(bottom.get(), bottom.get(), gcd.get());
  }
  Ref x = intFromBig(t, top, n.negative), y = intFromBig(t, bottom, false);
  return tupleOf(t, {x.get(), y.get()});
}
static Ref reduce(Thread& t, const Value* a) {
  Ref text = newStr(t, toText(numberOf(a[0]), false, true)), args = tupleOf(t, {text.get()});
  return tupleOf(t, {Value(typeOf(t, a[0])), args.get()});
}
static Ref same(Thread&, const Value* a) { return Ref::of(a[0]); }
static Ref isCanonical(Thread&, const Value*) { return Ref::boolean(true); }
static Ref adjusted(Thread& t, const Value* a) { return newInt(t, numberOf(a[0]).isFinite() ? numberOf(a[0]).adjusted() : 0); }
static Ref radix(Thread&, const Value*) { return newDecimal(fromInt(10)); }
static Ref numberClassMethod(Thread& t, const Value* a) { return newStr(t, numberClass(numberOf(a[0]), TRY(contextFrom(t, a[1]))->settings)); }
static Ref isNormal(Thread& t, const Value* a) {
  const Settings& s = TRY(contextFrom(t, a[1]))->settings;
  return Ref::boolean(numberOf(a[0]).isFinite() && !numberOf(a[0]).isZero() && !isSubnormal(numberOf(a[0]), s));
}
static Ref isSubnormalMethod(Thread& t, const Value* a) { return Ref::boolean(isSubnormal(numberOf(a[0]), TRY(contextFrom(t, a[1]))->settings)); }
static Ref sameQuantumMethod(Thread& t, const Value* a) {
  Number other;
  TRY(mustBeNumber(t, a[1], other));
  return Ref::boolean(sameQuantum(numberOf(a[0]), other));
}
// The context's settings, with another rounding when one is given.
static Fallible<Settings> settingsWith(Thread& t, Context* c, Value rounding) {
  Settings s = c->settings;
  if (rounding.isNone()) return s;
  for (int i = 0; i < 8 && isStr(rounding); ++i) {
    if (!strEquals(rounding.as<Str>(), kRoundingNames[i])) continue;
    s.rounding = static_cast<Rounding>(i);
    return s;
  }
  (void)raiseTypeError(t, "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]");
  return kRaised;
}
static Ref quantizeMethod(Thread& t, const Value* a) {
  Number unit;
  TRY(mustBeNumber(t, a[1], unit));
  Context* c = TRY(contextFrom(t, a[3]));
  Settings s = TRY(settingsWith(t, c, a[2]));
  uint32_t status = 0;
  Number r = quantize(numberOf(a[0]), unit, s, status);
  return finishWith(t, c, std::move(r), status);
}
template <bool Exact>
static Ref toIntegralMethod(Thread& t, const Value* a) {
  Context* c = TRY(contextFrom(t, a[2]));
  Settings s = TRY(settingsWith(t, c, a[1]));
  uint32_t status = 0;
  Number r = toIntegral(numberOf(a[0]), s.rounding, Exact, s, status);
  return finishWith(t, c, std::move(r), status);
}
static Ref getReal(Thread&, Value v) { return Ref::of(v); }
static Ref getImaginary(Thread&, Value) { return newDecimal(Number()); }

#define UNARY(name, f) {name, "($self, /, context=None)", unaryMethod<f, false>},
#define BINARY(name, f) {name, "($self, /, other, context=None)", binaryMethod<f, false>},
#define TEST(name, f) {name, "($self, /)", testMethod<f, false>},
static const NativeDef kMethods[] = {
    DECIMAL_UNARY(UNARY) DECIMAL_BINARY(BINARY) DECIMAL_TESTS(TEST)
    {"fma", "($self, /, other, third, context=None)", ternaryMethod<fusedMultiplyAdd, false>},
    {"quantize", "($self, /, exp, rounding=None, context=None)", quantizeMethod}, {"to_integral_exact", "($self, /, rounding=None, context=None)", toIntegralMethod<true>},
    {"to_integral_value", "($self, /, rounding=None, context=None)", toIntegralMethod<false>}, {"to_integral", "($self, /, rounding=None, context=None)", toIntegralMethod<false>},
    {"copy_abs", "($self, /)", [](Thread&, const Value* a) -> Ref { uint32_t none; return newDecimal(opCopyAbs(numberOf(a[0]), Settings(), none)); }},
    {"copy_negate", "($self, /)", [](Thread&, const Value* a) -> Ref { uint32_t none; return newDecimal(opCopyNegate(numberOf(a[0]), Settings(), none)); }},
    {"canonical", "($self, /)", same}, {"is_canonical", "($self, /)", isCanonical}, {"conjugate", "($self, /)", same}, {"radix", "($self, /)", radix}, {"adjusted", "($self, /)", adjusted},
    {"number_class", "($self, /, context=None)", numberClassMethod}, {"is_normal", "($self, /, context=None)", isNormal},
    {"is_subnormal", "($self, /, context=None)", isSubnormalMethod}, {"same_quantum", "($self, /, other, context=None)", sameQuantumMethod},
    {"as_tuple", "($self, /)", asTuple}, {"as_integer_ratio", "($self, /)", asRatio}, {"to_eng_string", "($self, /, context=None)", engineering},
    {"from_float", "($type, f, /)", fromFloat}, {"from_number", "($type, number, /)", fromNumber}, {"__copy__", "($self, /)", same},
    {"__deepcopy__", "($self, memo, /)", same}, {"__reduce__", "($self, /)", reduce}, {"__format__", "($self, fmtarg, override=<unset>, /)", formatDecimal},
    {"__complex__", "($self, /)", complexMethod}, {"__trunc__", "($self, /)", trunc}, {"__floor__", "($self, /)", floor}, {"__ceil__", "($self, /)", ceil},
    {"__round__", "($self, ndigits=<unset>, /)", round}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"real", getReal}, {"imag", getImaginary}, {nullptr, nullptr}};

void addDecimalType(Thread& t, Module* m) {
  Type* type = state->decimal = makeType(*t.isolate, {.name = "decimal.Decimal", .size = sizeof(Decimal), .flags = kTypeBaseable | kTypeWeakrefable, .methods = kMethods, .getsets = kGetSets,
      .doc = "Construct a new Decimal object."});
  Slots& s = type->slots;
  s.dealloc = [](Object* o) { static_cast<Decimal*>(o)->number.~Number(); };
  s.make = make;
  s.repr = repr;
  s.str = str;
  s.hash = hash;
  s.compare = compareSlot;
  s.truth = truth;
  s.negative = unarySlot<opMinus>;
  s.positive = unarySlot<opPlus>;
  s.absolute = unarySlot<opAbs>;
  s.to_int = toIntSlot;
  s.to_float = toFloatSlot;
  s.binary[static_cast<int>(BinaryOp::kAdd)] = binarySlot<opAdd>;
  s.binary[static_cast<int>(BinaryOp::kSub)] = binarySlot<opSubtract>;
  s.binary[static_cast<int>(BinaryOp::kMul)] = binarySlot<multiply>;
  s.binary[static_cast<int>(BinaryOp::kTrueDiv)] = binarySlot<divide>;
  s.binary[static_cast<int>(BinaryOp::kFloorDiv)] = binarySlot<opDivideInt>;
  s.binary[static_cast<int>(BinaryOp::kMod)] = binarySlot<opRemainder>;
  s.binary[static_cast<int>(BinaryOp::kPow)] = binarySlot<opPower>;
  s.binary[static_cast<int>(BinaryOp::kDivMod)] = divmodSlot;
  s.power = powerSlot;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

}  // namespace krait::modules::decimal
