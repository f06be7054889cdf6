// The `math` module. ref: Modules/mathmodule.c (domain and range errors as there).
#include <bit>
#include <cmath>
#include <vector>

#include "runtime/modules/math_functions.h"
#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

static Ref domainError(Thread& t) { return raiseValueError(t, "math domain error"); }
static Ref rangeError(Thread& t) { return raiseOverflowError(t, "math range error"); }

// f(x): nan from a number is a domain error, told by the function's own words; infinity from a finite number a range error, or a
// domain error at poles.
enum Domain { kFinite, kUnit, kOpenUnit, kAtLeastOne, kAboveMinusOne };
static constexpr const char* kDomainTexts[] = {"expected a finite input, got %s", "expected a number in range from -1 up to 1, got %s",
    "expected a number between -1 and 1, got %s", "expected argument value not less than 1, got %s", "expected argument value > -1, got %s"};
static Ref outsideDomain(Thread& t, Domain domain, double x) {
  return raiseValueError(t, "%s", format(kDomainTexts[domain], floatRepr(x).c_str()).c_str());
}
template <double (*F)(double), bool CanOverflow, Domain D>
static Ref real1(Thread& t, const Value* a) {
  double x = TRY(toDouble_py(t, a[0])), r = F(x);
  if (std::isnan(r) && !std::isnan(x)) return outsideDomain(t, D, x);
  if (std::isinf(r) && std::isfinite(x)) return CanOverflow ? rangeError(t) : outsideDomain(t, D, x);
  return newFloat(r);
}
static Ref sqrtFn(Thread& t, const Value* a) {
  double x = TRY(toDouble_py(t, a[0]));
  if (x < 0) return raiseValueError(t, "expected a nonnegative input, got %s", floatRepr(x).c_str());
  return newFloat(std::sqrt(x));
}
template <double (*F)(double, double)>
static Ref real2(Thread& t, const Value* a) {
  double x = TRY(toDouble_py(t, a[0])), y = TRY(toDouble_py(t, a[1])), r = F(x, y);
  if (std::isnan(r) && !std::isnan(x) && !std::isnan(y)) return domainError(t);
  if (std::isinf(r) && std::isfinite(x) && std::isfinite(y)) return rangeError(t);
  return newFloat(r);
}
static Ref powFn(Thread& t, const Value* a) {
  double x = TRY(toDouble_py(t, a[0])), y = TRY(toDouble_py(t, a[1])), r = std::pow(x, y);
  if (std::isnan(r) && !std::isnan(x) && !std::isnan(y)) return domainError(t);
  if (std::isinf(r) && std::isfinite(x) && std::isfinite(y)) return x == 0 ? domainError(t) : rangeError(t);
  return newFloat(r);
}
static Ref rounded(Thread& t, const Value* a, Str* name, double (*f)(double)) {
  if (!a[0].isFloat()) {
    Ref method = findSpecial_py(t, a[0], name);
    if (method) return call_py(t, method.get(), nullptr, 0);
    if (isPending(t)) return Ref();
  }
  return newIntFromDouble(t, f(TRY(toDouble_py(t, a[0]))));
}
static Ref floorFn(Thread& t, const Value* a) { return rounded(t, a, t.names().d_floor, std::floor); }
static Ref ceilFn(Thread& t, const Value* a) { return rounded(t, a, t.names().d_ceil, std::ceil); }
static Ref truncFn(Thread& t, const Value* a) {
  if (a[0].isFloat()) return newIntFromDouble(t, a[0].asDouble());
  Ref method = findSpecial_py(t, a[0], t.names().d_trunc);
  if (method) return call_py(t, method.get(), nullptr, 0);
  if (isPending(t)) return Ref();
  return raiseTypeError(t, "type %s doesn't define __trunc__ method", typeNameOf(t, a[0]));
}
// log of any positive int, however large.
static Fallible<double> logOf(Thread& t, Value v, double (*f)(double)) {
  if (isIntLike(v) && intBitLength(v) >= 1024) {
    if (intIsNegative(v)) {
      (void)raiseValueError(t, "expected a positive input");
      return kRaised;
    }
    // As a fraction of a power of two, which may lie beyond the doubles.
    int64_t shift = intBitLength(v) - 1000;
    Ref top = TRY(intShiftRight(t, v, Value::fromInt(shift)));
    int exponent;
    double fraction = std::frexp(TRY(intToDouble(t, top.get())), &exponent);
    return f(fraction) + f(2.0) * static_cast<double>(shift + exponent);
  }
  double x = TRY(toDouble_py(t, v));
  if (!(x > 0) && !std::isnan(x)) {
    if (isIntLike(v)) (void)raiseValueError(t, "expected a positive input");
    else (void)raiseValueError(t, "expected a positive input, got %s", floatRepr(x).c_str());
    return kRaised;
  }
  return f(x);
}
static Ref logFn(Thread& t, const Value* a) {
  double x = TRY(logOf(t, a[0], std::log));
  if (a[1].isUndefined()) return newFloat(x);
  double base = TRY(logOf(t, a[1], std::log));
  if (base == 0) return raise(t, errors(t).zero_division_error, "division by zero");
  return newFloat(x / base);
}
static Ref log2Fn(Thread& t, const Value* a) { return newFloat(TRY(logOf(t, a[0], std::log2))); }
static Ref log10Fn(Thread& t, const Value* a) { return newFloat(TRY(logOf(t, a[0], std::log10))); }
static Ref isnanFn(Thread& t, const Value* a) { return Ref::boolean(std::isnan(TRY(toDouble_py(t, a[0])))); }
static Ref isinfFn(Thread& t, const Value* a) { return Ref::boolean(std::isinf(TRY(toDouble_py(t, a[0])))); }
static Ref isfiniteFn(Thread& t, const Value* a) { return Ref::boolean(std::isfinite(TRY(toDouble_py(t, a[0])))); }
static Ref degreesFn(Thread& t, const Value* a) { return newFloat(TRY(toDouble_py(t, a[0])) * (180.0 / M_PI)); }
static Ref radiansFn(Thread& t, const Value* a) { return newFloat(TRY(toDouble_py(t, a[0])) * (M_PI / 180.0)); }
// low * (low + 1) * ... * high, in halves so that the factors are of like size.
static Ref productOf(Thread& t, int64_t low, int64_t high) {
  if (high - low < 16) {
    Ref r = newIntSmall(1);
    for (int64_t i = low; i <= high; ++i) r = TRY(intMul(t, r.get(), Value::fromInt(i)));
    return r;
  }
  int64_t middle = low + (high - low) / 2;
  Ref a = TRY(productOf(t, low, middle)), b = TRY(productOf(t, middle + 1, high));
  return intMul(t, a.get(), b.get());
}
static Ref factorialFn(Thread& t, const Value* a) {
  if (isFloatLike(a[0])) return raiseTypeError(t, "'float' object cannot be interpreted as an integer");
  Ref wanted = TRY(toIndex_py(t, a[0]));
  if (intIsNegative(wanted.get())) return raiseValueError(t, "factorial() not defined for negative values");
  int64_t n;
  if (!intFits(wanted.get(), n)) return raiseOverflowError(t, "factorial() argument should not exceed 9223372036854775807");
  return productOf(t, 2, n);
}
static Ref gcdOf(Thread& t, Value x, Value y) {
  Ref a = intIsNegative(x) ? TRY(intNegative(t, x)) : Ref::of(x), b = intIsNegative(y) ? TRY(intNegative(t, y)) : Ref::of(y);
  while (!intIsZero(b.get())) {
    Ref r = TRY(intMod(t, a.get(), b.get()));
    a = std::move(b);
    b = std::move(r);
  }
  return a;
}
static Ref gcdFn(Thread& t, const Value* a) {
  Ref r = newIntSmall(0);
  for (int64_t i = 0; i < a[0].as<Tuple>()->size; ++i) {
    Ref v = TRY(toIndex_py(t, a[0].as<Tuple>()->items()[i]));
    r = TRY(gcdOf(t, r.get(), v.get()));
  }
  return r;
}
static Ref lcmFn(Thread& t, const Value* a) {
  Ref r = newIntSmall(1);
  for (int64_t i = 0; i < a[0].as<Tuple>()->size; ++i) {
    Ref v = TRY(toIndex_py(t, a[0].as<Tuple>()->items()[i]));
    if (intIsZero(v.get()) || intIsZero(r.get())) {  // the others are looked at still
      r = newIntSmall(0);
      continue;
    }
    Ref g = TRY(gcdOf(t, r.get(), v.get())), q = TRY(intFloorDiv(t, r.get(), g.get()));
    r = TRY(intMul(t, q.get(), v.get()));
    if (intIsNegative(r.get())) r = TRY(intNegative(t, r.get()));
  }
  return r;
}
static Ref isqrtFn(Thread& t, const Value* a) {
  Ref n = TRY(toIndex_py(t, a[0]));
  if (intIsNegative(n.get())) return raiseValueError(t, "isqrt() argument must be nonnegative");
  if (intIsZero(n.get())) return newIntSmall(0);
  Ref x = TRY(intShiftLeft(t, Value::fromInt(1), Value::fromInt((intBitLength(n.get()) + 1) / 2)));
  for (;;) {  // Newton's steps go down to the root
    Ref q = TRY(intFloorDiv(t, n.get(), x.get())), sum = TRY(intAdd(t, x.get(), q.get())), next = TRY(intShiftRight(t, sum.get(), Value::fromInt(1)));
    if (intCompare(next.get(), x.get()) >= 0) return x;
    x = std::move(next);
  }
}
// n and k of comb() and perm(): n of any size, k at most 63 bits. True: the answer is 0. ref: perm_comb_small and its callers.
static Fallible<bool> choosing(Thread& t, const Value* a, const char* what, Ref& n, int64_t& k) {
  n = TRY(toIndex_py(t, a[0]));
  Ref taken = TRY(toIndex_py(t, a[1]));
  if (intIsNegative(n.get())) return raiseValueError(t, "n must be a non-negative integer");
  if (intIsNegative(taken.get())) return raiseValueError(t, "k must be a non-negative integer");
  if (intCompare(taken.get(), n.get()) > 0) return true;
  if (!intFits(taken.get(), k)) return raiseOverflowError(t, "%s must not exceed 9223372036854775807", what);
  return false;
}
// n * (n - 1) * ... of k factors, for an n that is too large for 64 bits; divided by k! when asked.
static Ref fallingProduct(Thread& t, Value n, int64_t k, bool divides) {
  Ref r = newIntSmall(1);
  for (int64_t i = 0; i < k; ++i) {
    Ref factor = TRY(intSub(t, n, Value::fromInt(i)));
    r = TRY(intMul(t, r.get(), factor.get()));
    if (divides) r = TRY(intFloorDiv(t, r.get(), Value::fromInt(i + 1)));
  }
  return r;
}
static Ref combFn(Thread& t, const Value* a) {
  Ref big;
  int64_t n, k = 0;
  Ref all = TRY(toIndex_py(t, a[0])), taken = TRY(toIndex_py(t, a[1])), rest = TRY(intSub(t, all.get(), taken.get()));
  Value parts[2] = {all.get(), !intIsNegative(taken.get()) && !intIsNegative(rest.get()) && intCompare(rest.get(), taken.get()) < 0 ? rest.get() : taken.get()};
  if (TRY(choosing(t, parts, "min(n - k, k)", big, k))) return newIntSmall(0);
  if (!intFits(big.get(), n)) return fallingProduct(t, big.get(), k, true);
  if (k > n) return newIntSmall(0);
  if (k > n - k) k = n - k;
  Ref r = newIntSmall(1);
  for (int64_t i = 1; i <= k; ++i) {
    r = TRY(intMul(t, r.get(), Value::fromInt(n - k + i)));
    r = TRY(intFloorDiv(t, r.get(), Value::fromInt(i)));
  }
  return r;
}
static Ref permFn(Thread& t, const Value* a) {
  if (a[1].isNone()) return factorialFn(t, a);
  Ref big;
  int64_t n, k = 0;
  if (TRY(choosing(t, a, "k", big, k))) return newIntSmall(0);
  if (!intFits(big.get(), n)) return fallingProduct(t, big.get(), k, false);
  return productOf(t, n - k + 1, n);
}
static Ref modfFn(Thread& t, const Value* a) {
  double whole, x = TRY(toDouble_py(t, a[0])), part = std::modf(x, &whole);
  return tupleOf(t, {Value::fromDouble(part), Value::fromDouble(whole)});
}
static Ref frexpFn(Thread& t, const Value* a) {
  int e = 0;
  double m = std::frexp(TRY(toDouble_py(t, a[0])), &e);
  return tupleOf(t, {Value::fromDouble(m), Value::fromInt(e)});
}
static Ref ldexpFn(Thread& t, const Value* a) {
  double x = TRY(toDouble_py(t, a[0]));
  if (!isIntLike(a[1])) return raiseTypeError(t, "Expected an int as second argument to ldexp.");
  int64_t e = TRY(toIndexClamped_py(t, a[1]));
  double r = std::ldexp(x, e > 100000 ? 100000 : e < -100000 ? -100000 : static_cast<int>(e));
  if (std::isinf(r) && std::isfinite(x)) return rangeError(t);
  return newFloat(r);
}
// Exactly rounded sum of floats. ref: math_fsum (Shewchuk).
static Ref fsumFn(Thread& t, const Value* a) {
  std::vector<double> partials;
  double special = 0, infinite = 0;
  Iteration it(t, a[0]);
  while (it.next()) {
    double x = TRY(toDouble_py(t, it.value()));
    if (!std::isfinite(x)) {
      if (std::isinf(x)) infinite += x;
      special += x;
      partials.clear();
      continue;
    }
    size_t n = 0;
    for (double y : partials) {
      if (std::fabs(x) < std::fabs(y)) std::swap(x, y);
      double high = x + y, low = y - (high - x);
      if (low != 0) partials[n++] = low;
      x = high;
    }
    partials.resize(n);
    if (!std::isfinite(x)) return raiseOverflowError(t, "intermediate overflow in fsum");
    partials.push_back(x);
  }
  if (it.raised()) return Ref();
  if (std::isnan(infinite)) return raiseValueError(t, "-inf + inf in fsum");
  if (special != 0 || std::isnan(special)) return newFloat(special);
  double high = 0, low = 0;
  while (!partials.empty()) {
    double x = high, y = partials.back();
    partials.pop_back();
    high = x + y;
    low = y - (high - x);
    if (low != 0) break;
  }
  if (!partials.empty() && ((low < 0 && partials.back() < 0) || (low > 0 && partials.back() > 0))) {
    double y = low * 2, x = high + y;
    if (y == x - high) high = x;
  }
  return newFloat(high);
}
static Ref prodFn(Thread& t, const Value* a) {
  Ref r = Ref::of(a[1]);
  Iteration it(t, a[0]);
  while (it.next()) r = TRY(binary_py(t, r.get(), it.value(), object::BinaryOp::kMul));
  if (it.raised()) return Ref();
  return r;
}
static Ref hypotFn(Thread& t, const Value* a) {
  std::vector<double> items;
  for (int64_t i = 0; i < a[0].as<Tuple>()->size; ++i) items.push_back(TRY(toDouble_py(t, a[0].as<Tuple>()->items()[i])));
  return newFloat(vectorLength(items.data(), items.size()));
}
static Ref distFn(Thread& t, const Value* a) {
  Ref p = TRY(tupleFromIterable_py(t, a[0])), q = TRY(tupleFromIterable_py(t, a[1]));
  if (p.as<Tuple>()->size != q.as<Tuple>()->size) return raiseValueError(t, "both points must have the same number of dimensions");
  std::vector<double> items;
  for (int64_t i = 0; i < p.as<Tuple>()->size; ++i) {
    items.push_back(TRY(toDouble_py(t, p.as<Tuple>()->items()[i])) - TRY(toDouble_py(t, q.as<Tuple>()->items()[i])));
  }
  return newFloat(vectorLength(items.data(), items.size()));
}
static Ref iscloseFn(Thread& t, const Value* a) {
  double x = TRY(toDouble_py(t, a[0])), y = TRY(toDouble_py(t, a[1]));
  double rel = a[2].isUndefined() ? 1e-9 : TRY(toDouble_py(t, a[2])), abs = a[3].isUndefined() ? 0 : TRY(toDouble_py(t, a[3]));
  if (rel < 0 || abs < 0) return raiseValueError(t, "tolerances must be non-negative");
  if (x == y) return Ref::boolean(true);
  if (std::isinf(x) || std::isinf(y)) return Ref::boolean(false);
  double diff = std::fabs(y - x);
  return Ref::boolean(diff <= std::fabs(rel * y) || diff <= std::fabs(rel * x) || diff <= abs);
}

// Poles at zero and the negative integers; the messages of 3.14.
static Ref gammaLike(Thread& t, Value v, double (*function)(double), bool has_left_end) {
  double x = TRY(toDouble_py(t, v));
  bool is_pole = (std::isfinite(x) && x == std::floor(x) && x <= 0) || (has_left_end && x == -HUGE_VAL);
  if (is_pole) return raiseValueError(t, "expected a noninteger or positive integer, got %s", floatRepr(x).c_str());
  double result = function(x);
  if (std::isinf(result) && std::isfinite(x)) return rangeError(t);
  return newFloat(result);
}
static Ref gammaFn(Thread& t, const Value* a) { return gammaLike(t, a[0], gammaFunction, true); }
static Ref lgammaFn(Thread& t, const Value* a) { return gammaLike(t, a[0], logGamma, false); }

#define F1(name, overflow, domain) {#name, "(x, /)", real1<std::name, overflow, domain>}
// Sum of products: floats with an error-free transformation of each product and sum, everything else by + and *.
static Ref sumprodFn(Thread& t, const Value* a) {
  Ref p = TRY(tupleFromIterable_py(t, a[0])), q = TRY(tupleFromIterable_py(t, a[1]));
  int64_t n = p.as<Tuple>()->size;
  if (n != q.as<Tuple>()->size) return raiseValueError(t, "Inputs are not the same length");
  bool is_float = false, is_plain = true;
  for (int64_t i = 0; i < n; ++i) {
    Value x = p.as<Tuple>()->items()[i], y = q.as<Tuple>()->items()[i];
    is_float = is_float || x.isFloat() || y.isFloat();
    is_plain = is_plain && (x.isFloat() || x.isInt()) && (y.isFloat() || y.isInt());
  }
  if (is_float && is_plain) {
    double high = 0, low = 0, tiny = 0;
    auto add = [](double x, double y, double& error) {
      double sum = x + y, z = sum - x;
      error = (x - (sum - z)) + (y - z);
      return sum;
    };
    for (int64_t i = 0; i < n; ++i) {
      double x = TRY(toDouble_py(t, p.as<Tuple>()->items()[i])), y = TRY(toDouble_py(t, q.as<Tuple>()->items()[i]));
      double product = x * y, rest = std::fma(x, y, -product), e1, e2, e3;
      high = add(high, product, e1);
      low = add(low, rest, e2);
      low = add(low, e1, e3);
      tiny += e2 + e3;
    }
    if (std::isfinite(high)) return newFloat(high + (low + tiny));
  }
  Ref total = newIntSmall(0);
  for (int64_t i = 0; i < n; ++i) {
    Ref product = TRY(binary_py(t, p.as<Tuple>()->items()[i], q.as<Tuple>()->items()[i], BinaryOp::kMul));
    total = TRY(binary_py(t, total.get(), product.get(), BinaryOp::kAdd));
  }
  return total;
}
// ref: math_nextafter_impl: the bits of doubles of one sign are ordered as the doubles.
static Ref nextAfter(Thread& t, const Value* a) {
  double x = TRY(toDouble_py(t, a[0])), y = TRY(toDouble_py(t, a[1]));
  if (a[2].isNone()) return newFloat(std::nextafter(x, y));
  Ref index = TRY(toIndex_py(t, a[2]));
  if (intIsNegative(index.get())) return raiseValueError(t, "steps must be a non-negative integer");
  uint64_t steps;
  if (!intFitsUnsigned(index.get(), steps)) steps = UINT64_MAX;
  if (steps == 0) return newFloat(x);
  if (std::isnan(x)) return newFloat(x);
  if (std::isnan(y)) return newFloat(y);
  constexpr uint64_t kSign = 1ull << 63;
  uint64_t from = std::bit_cast<uint64_t>(x), to = std::bit_cast<uint64_t>(y);
  if (from == to) return newFloat(x);
  if ((from ^ to) & kSign) {
    uint64_t down = from & ~kSign, up = to & ~kSign;
    if (down + up <= steps) return newFloat(y);
    if (down < steps) return newFloat(std::bit_cast<double>((to & kSign) | (steps - down)));
    return newFloat(std::bit_cast<double>(from - steps));
  }
  if (from > to) return newFloat(from - to >= steps ? std::bit_cast<double>(from - steps) : y);
  return newFloat(to - from >= steps ? std::bit_cast<double>(from + steps) : y);
}
static Ref fmaFn(Thread& t, const Value* a) {
  double x = TRY(toDouble_py(t, a[0])), y = TRY(toDouble_py(t, a[1])), z = TRY(toDouble_py(t, a[2]));
  double r = std::fma(x, y, z);
  if (std::isfinite(r)) return newFloat(r);
  if (std::isnan(r) && !std::isnan(x) && !std::isnan(y) && !std::isnan(z)) return raiseValueError(t, "invalid operation in fma");
  if (std::isinf(r) && std::isfinite(x) && std::isfinite(y) && std::isfinite(z)) return raiseOverflowError(t, "overflow in fma");
  return newFloat(r);
}
static Ref ulpFn(Thread& t, const Value* a) {
  double x = std::fabs(TRY(toDouble_py(t, a[0])));
  if (!std::isfinite(x)) return newFloat(x);
  double next = std::nextafter(x, INFINITY);
  return newFloat(std::isinf(next) ? x - std::nextafter(x, 0.0) : next - x);
}
static const NativeDef kFunctions[] = {
    F1(sin, false, kFinite), F1(cos, false, kFinite), F1(tan, false, kFinite), F1(asin, false, kUnit), F1(acos, false, kUnit), F1(atan, false, kFinite),
    F1(sinh, true, kFinite), F1(cosh, true, kFinite), F1(tanh, false, kFinite), F1(asinh, false, kFinite), F1(acosh, false, kAtLeastOne), F1(atanh, false, kOpenUnit),
    F1(exp, true, kFinite), F1(exp2, true, kFinite), F1(expm1, true, kFinite), F1(log1p, false, kAboveMinusOne), F1(fabs, false, kFinite), F1(cbrt, false, kFinite),
    F1(erf, false, kFinite), F1(erfc, false, kFinite), {"gamma", "(x, /)", gammaFn}, {"lgamma", "(x, /)", lgammaFn},
    {"sumprod", "(p, q, /)", sumprodFn}, {"sqrt", "(x, /)", sqrtFn}, {"pow", "(x, y, /)", powFn}, {"atan2", "(y, x, /)", real2<std::atan2>}, {"fmod", "(x, y, /)", real2<std::fmod>},
    {"copysign", "(x, y, /)", real2<std::copysign>}, {"remainder", "(x, y, /)", real2<std::remainder>}, {"nextafter", "(x, y, /, *, steps=None)", nextAfter, "Return the floating-point value the given number of steps after x towards y."},
    {"fma", "(x, y, z, /)", fmaFn, "Fused multiply-add operation."}, {"ulp", "(x, /)", ulpFn, "Return the value of the least significant bit of the float x."},
    {"floor", "(x, /)", floorFn}, {"ceil", "(x, /)", ceilFn}, {"trunc", "(x, /)", truncFn}, {"log", "(x, base=<unset>, /)", logFn}, {"log2", "(x, /)", log2Fn},
    {"log10", "(x, /)", log10Fn}, {"isnan", "(x, /)", isnanFn}, {"isinf", "(x, /)", isinfFn}, {"isfinite", "(x, /)", isfiniteFn}, {"degrees", "(x, /)", degreesFn},
    {"radians", "(x, /)", radiansFn}, {"factorial", "(n, /)", factorialFn}, {"gcd", "(*integers)", gcdFn}, {"lcm", "(*integers)", lcmFn}, {"isqrt", "(n, /)", isqrtFn},
    {"comb", "(n, k, /)", combFn}, {"perm", "(n, k=None, /)", permFn}, {"modf", "(x, /)", modfFn}, {"frexp", "(x, /)", frexpFn}, {"ldexp", "(x, i, /)", ldexpFn},
    {"fsum", "(seq, /)", fsumFn}, {"prod", "(iterable, /, *, start=1)", prodFn}, {"hypot", "(*coordinates)", hypotFn}, {"dist", "(p, q, /)", distFn},
    {"isclose", "(a, b, *, rel_tol=<unset>, abs_tol=<unset>)", iscloseFn}, {nullptr, nullptr, nullptr}};
static Status init(Thread& t, Module* m) {
  moduleSet(t, m, "pi", Value::fromDouble(M_PI));
  moduleSet(t, m, "e", Value::fromDouble(M_E));
  moduleSet(t, m, "tau", Value::fromDouble(2 * M_PI));
  moduleSet(t, m, "inf", Value::fromDouble(HUGE_VAL));
  moduleSet(t, m, "nan", Value::fromDouble(std::fabs(NAN)));
  return kDone;
}
extern const NativeModule kMathModule;
const NativeModule kMathModule = {"math", "This module provides access to the mathematical functions\ndefined by the C standard.", kFunctions, init};

}  // namespace krait::modules
