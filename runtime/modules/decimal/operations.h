// The operations that Decimal and Context both offer, as templates over one function each: as a method of Decimal its operands
// are self and the arguments, and the context is the last one; as a method of Context they are the arguments.
#pragma once

#include "runtime/modules/decimal/decimal.h"
#include "runtime/object/int.h"
#include "runtime/object/str.h"

namespace krait::modules::decimal {

using Unary = Number (*)(const Number&, const Settings&, uint32_t&);
using Binary = Number (*)(const Number&, const Number&, const Settings&, uint32_t&);
using Ternary = Number (*)(const Number&, const Number&, const Number&, const Settings&, uint32_t&);
using Test = bool (*)(const Number&, const Settings&);

inline Ref finishWith(Thread& t, Context* c, Number result, uint32_t status) {
  TRY(signalConditions(t, c, status));
  return newDecimal(std::move(result));
}
inline Status mustBeNumber(Thread& t, Value v, Number& out) {
  bool ok;
  return operand(t, v, true, out, ok);
}
template <int N, bool OnContext, class Apply>
Ref applied(Thread& t, const Value* a, Apply&& apply) {
  Number operands[N];
  for (int i = 0; i < N; ++i) TRY(mustBeNumber(t, a[i + OnContext], operands[i]));
  Context* c = OnContext ? a[0].as<Context>() : TRY(contextFrom(t, a[N]));
  uint32_t status = 0;
  Number result = apply(operands, c->settings, status);
  return finishWith(t, c, std::move(result), status);
}
template <Unary F, bool OnContext>
Ref unaryMethod(Thread& t, const Value* a) {
  return applied<1, OnContext>(t, a, [](Number* n, const Settings& s, uint32_t& status) { return F(n[0], s, status); });
}
template <Binary F, bool OnContext>
Ref binaryMethod(Thread& t, const Value* a) {
  return applied<2, OnContext>(t, a, [](Number* n, const Settings& s, uint32_t& status) { return F(n[0], n[1], s, status); });
}
template <Ternary F, bool OnContext>
Ref ternaryMethod(Thread& t, const Value* a) {
  return applied<3, OnContext>(t, a, [](Number* n, const Settings& s, uint32_t& status) { return F(n[0], n[1], n[2], s, status); });
}
template <Test F, bool OnContext>
Ref testMethod(Thread& t, const Value* a) {
  Number n;
  TRY(mustBeNumber(t, a[OnContext], n));
  return Ref::boolean(F(n, Settings()));
}

// --- plain functions for the tables
inline Number opAbs(const Number& a, const Settings& s, uint32_t& st) { return a.negative ? plus(a, true, s, st) : plus(a, false, s, st); }
inline Number opPlus(const Number& a, const Settings& s, uint32_t& st) { return plus(a, false, s, st); }
inline Number opMinus(const Number& a, const Settings& s, uint32_t& st) { return plus(a, true, s, st); }
inline Number opAdd(const Number& a, const Number& b, const Settings& s, uint32_t& st) { return add(a, b, false, s, st); }
inline Number opSubtract(const Number& a, const Number& b, const Settings& s, uint32_t& st) { return add(a, b, true, s, st); }
inline Number opDivideInt(const Number& a, const Number& b, const Settings& s, uint32_t& st) {
  Number q;
  divideInteger(a, b, s, st, &q, nullptr);
  return q;
}
inline Number opRemainder(const Number& a, const Number& b, const Settings& s, uint32_t& st) {
  Number r;
  divideInteger(a, b, s, st, nullptr, &r);
  return r;
}
template <char Op>
Number opLogical(const Number& a, const Number& b, const Settings& s, uint32_t& st) { return logical(a, b, Op, s, st); }
inline Number opInvert(const Number& a, const Settings& s, uint32_t& st) {
  Number ones;
  ones.coefficient = powerOfTen(s.precision);
  mpz_sub_ui(ones.coefficient.get(), ones.coefficient.get(), 1);
  mpz_divexact_ui(ones.coefficient.get(), ones.coefficient.get(), 9);
  return logical(a, ones, '^', s, st);
}
inline Number opShift(const Number& a, const Number& b, const Settings& s, uint32_t& st) { return shift(a, b, false, s, st); }
inline Number opRotate(const Number& a, const Number& b, const Settings& s, uint32_t& st) { return shift(a, b, true, s, st); }
template <int Direction>
Number opNext(const Number& a, const Settings& s, uint32_t& st) { return nextToward(a, Direction, s, st); }
inline Number opNextToward(const Number& a, const Number& b, const Settings& s, uint32_t& st) { return nextToward(a, b, s, st); }
template <bool Maximum, bool Magnitude>
Number opChoose(const Number& a, const Number& b, const Settings& s, uint32_t& st) { return choose(a, b, Maximum, Magnitude, s, st); }
template <bool Signal>
Number opCompare(const Number& a, const Number& b, const Settings& s, uint32_t& st) {
  Number nan;
  if (propagateNan(a, &b, s, st, nan)) {
    if (Signal) st |= kInvalidOperation;
    return nan;
  }
  return fromInt(compare(a, b));
}
inline Number opCompareTotal(const Number& a, const Number& b, const Settings&, uint32_t&) { return fromInt(compareTotal(a, b)); }
inline Number opCompareTotalMag(const Number& a, const Number& b, const Settings&, uint32_t&) { return fromInt(compareTotalMagnitude(a, b)); }
inline Number opCopySign(const Number& a, const Number& b, const Settings&, uint32_t&) {
  Number r = a;
  r.negative = b.negative;
  return r;
}
inline Number opCopyAbs(const Number& a, const Settings&, uint32_t&) {
  Number r = a;
  r.negative = false;
  return r;
}
inline Number opCopyNegate(const Number& a, const Settings&, uint32_t&) {
  Number r = a;
  r.negative = !r.negative;
  return r;
}
inline Number opCanonical(const Number& a, const Settings&, uint32_t&) { return a; }
inline Number opIntegralExact(const Number& a, const Settings& s, uint32_t& st) { return toIntegral(a, s.rounding, true, s, st); }
inline Number opIntegralValue(const Number& a, const Settings& s, uint32_t& st) { return toIntegral(a, s.rounding, false, s, st); }
inline Number opPower(const Number& a, const Number& b, const Settings& s, uint32_t& st) { return power(a, b, s, st); }
inline bool isFiniteTest(const Number& n, const Settings&) { return n.isFinite(); }
inline bool isInfiniteTest(const Number& n, const Settings&) { return n.isInfinite(); }
inline bool isNanTest(const Number& n, const Settings&) { return n.isNan(); }
inline bool isQuietTest(const Number& n, const Settings&) { return n.kind == Kind::kQuietNan; }
inline bool isSignalTest(const Number& n, const Settings&) { return n.kind == Kind::kSignalNan; }
inline bool isSignedTest(const Number& n, const Settings&) { return n.negative; }
inline bool isZeroTest(const Number& n, const Settings&) { return n.isZero(); }

#define DECIMAL_UNARY(X)                                                                                                              \
  X("exp", exponential) X("ln", naturalLog) X("log10", log10) X("logb", logb) X("sqrt", squareRoot) X("normalize", normalize)          \
  X("next_minus", opNext<-1>) X("next_plus", opNext<1>) X("logical_invert", opInvert) 
#define DECIMAL_BINARY(X)                                                                                                             \
  X("compare", opCompare<false>) X("compare_signal", opCompare<true>) X("compare_total", opCompareTotal)                               \
  X("compare_total_mag", opCompareTotalMag) X("copy_sign", opCopySign) X("logical_and", opLogical<'&'>) X("logical_or", opLogical<'|'>) \
  X("logical_xor", opLogical<'^'>) X("max", (opChoose<true, false>)) X("max_mag", (opChoose<true, true>)) X("min", (opChoose<false, false>)) \
  X("min_mag", (opChoose<false, true>)) X("next_toward", opNextToward) X("remainder_near", remainderNear) X("rotate", opRotate)          \
  X("scaleb", scaleb) X("shift", opShift)
#define DECIMAL_TESTS(X)                                                                                                              \
  X("is_finite", isFiniteTest) X("is_infinite", isInfiniteTest) X("is_nan", isNanTest) X("is_qnan", isQuietTest) \
  X("is_snan", isSignalTest) X("is_signed", isSignedTest) X("is_zero", isZeroTest)

}  // namespace krait::modules::decimal
