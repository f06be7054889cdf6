// The `cmath` module. A result that is not finite from finite arguments is an overflow or a
// domain error. ref: Modules/cmathmodule.c.
#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>

#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"

namespace krait::modules {

using C = std::complex<double>;

static Fallible<C> complexOf(Thread& t, Value v) {
  if (hasLayout(v, TypeId::kComplex)) return C(v.as<Complex>()->real, v.as<Complex>()->imag);
  Ref method = isIntLike(v) || isFloatLike(v) ? Ref() : findSpecial_py(t, v, t.names().d_complex);
  if (method) {
    Ref c = call_py(t, method.get(), nullptr, 0);
    if (!c) return kRaised;
    if (!hasLayout(c.get(), TypeId::kComplex)) {
      (void)raiseTypeError(t, "%s.__complex__() must return a complex, not %s", typeNameOf(t, v), typeNameOf(t, c.get()));
      return kRaised;
    }
    return C(c.as<Complex>()->real, c.as<Complex>()->imag);
  }
  if (isPending(t)) return kRaised;
  return C(TRY(toDouble_py(t, v)), 0);
}
static bool finite(C z) { return std::isfinite(z.real()) && std::isfinite(z.imag()); }
static Ref result(Thread& t, C argument, C r) {
  if (finite(argument) && !finite(r)) {
    bool is_infinite = std::isinf(r.real()) || std::isinf(r.imag());
    return !is_infinite ? raiseValueError(t, "math domain error") : raiseOverflowError(t, "math range error");
  }
  return newComplex(t, r.real(), r.imag());
}
template <C (*F)(const C&)>
static Ref apply(Thread& t, const Value* a) {
  C z = TRY(complexOf(t, a[0]));
  return result(t, z, F(z));
}
// Where a function has no value: its poles, and infinite angles. ref: the conditions of EDOM in Modules/cmathmodule.c.
static bool isOne(const C& z) { return z.imag() == 0 && std::fabs(z.real()) == 1; }
static bool isImaginaryOne(const C& z) { return z.real() == 0 && std::fabs(z.imag()) == 1; }
static bool hasNoExp(const C& z) { return std::isinf(z.imag()) && (std::isfinite(z.real()) || (std::isinf(z.real()) && z.real() > 0)); }
static bool hasInfiniteImag(const C& z) { return std::isinf(z.imag()) && !std::isnan(z.real()); }
static bool hasInfiniteReal(const C& z) { return std::isinf(z.real()) && !std::isnan(z.imag()); }
static bool hasNoTanh(const C& z) { return std::isinf(z.imag()) && std::isfinite(z.real()); }
static bool hasNoTan(const C& z) { return std::isinf(z.real()) && std::isfinite(z.imag()); }
template <C (*F)(const C&), bool (*IsUndefined)(const C&)>
static Ref applyWhere(Thread& t, const Value* a) {
  C z = TRY(complexOf(t, a[0]));
  if (IsUndefined(z)) return raiseValueError(t, "math domain error");
  return result(t, z, F(z));
}
// The functions at finite arguments, by Kahan's formulas ("Branch cuts for complex elementary functions"); others are the library's.
// Large arguments are scaled so that what can be represented does not overflow on the way. ref: Modules/cmathmodule.c.
constexpr double kLarge = std::numeric_limits<double>::max() / 4;
constexpr double kLogLarge = 708.3964185322641;         // log(kLarge) rounded down
constexpr double kRootLarge = 6.703903964971298e+153;   // sqrt(kLarge)
constexpr double kRootSmallest = 1.4916681462400413e-154;
constexpr double kSmallest = std::numeric_limits<double>::min();
static bool isLarge(const C& z) { return std::fabs(z.real()) > kLarge || std::fabs(z.imag()) > kLarge; }
static double logOfLarge(const C& z) { return std::log(std::hypot(z.real() / 2, z.imag() / 2)) + M_LN2 * 2; }
static C turned(C r) { return C(r.imag(), -r.real()); }  // -i * r
static C turnedBack(const C& z) { return C(-z.imag(), z.real()); }

static C sqrtOf(const C& z) {
  if (!finite(z) || z == C(0, 0)) return std::sqrt(z);
  double x = std::fabs(z.real()), y = std::fabs(z.imag()), s;
  if (x < kSmallest && y < kSmallest) {
    x = std::ldexp(x, 53);
    s = std::ldexp(std::sqrt(x + std::hypot(x, std::ldexp(y, 53))), -27);
  } else {
    x /= 8;
    s = 2 * std::sqrt(x + std::hypot(x, y / 8));
  }
  double d = y / (2 * s);
  return z.real() >= 0 ? C(s, std::copysign(d, z.imag())) : C(d, std::copysign(s, z.imag()));
}
static C expOf(const C& z) {
  if (std::isinf(z.real()) && z.real() > 0 && std::isnan(z.imag())) return z;
  if (!finite(z)) return z.imag() == 0 ? C(std::exp(z.real()), z.imag()) : std::exp(z);
  if (z.real() <= kLogLarge) return C(std::exp(z.real()) * std::cos(z.imag()), std::exp(z.real()) * std::sin(z.imag()));
  double l = std::exp(z.real() - 1);
  return C(l * std::cos(z.imag()) * M_E, l * std::sin(z.imag()) * M_E);
}
static C coshOf(const C& z) {
  if (!finite(z)) return std::cosh(z);
  if (std::fabs(z.real()) <= kLogLarge) return C(std::cos(z.imag()) * std::cosh(z.real()), std::sin(z.imag()) * std::sinh(z.real()));
  double x = z.real() - std::copysign(1.0, z.real());
  return C(std::cos(z.imag()) * std::cosh(x) * M_E, std::sin(z.imag()) * std::sinh(x) * M_E);
}
static C sinhOf(const C& z) {
  if (!finite(z)) return std::sinh(z);
  if (std::fabs(z.real()) <= kLogLarge) return C(std::cos(z.imag()) * std::sinh(z.real()), std::sin(z.imag()) * std::cosh(z.real()));
  double x = z.real() - std::copysign(1.0, z.real());
  return C(std::cos(z.imag()) * std::sinh(x) * M_E, std::sin(z.imag()) * std::cosh(x) * M_E);
}
static C tanhOf(const C& z) {
  if (!finite(z)) return std::tanh(z);
  if (std::fabs(z.real()) > kLogLarge) {
    return C(std::copysign(1.0, z.real()), 4 * std::sin(z.imag()) * std::cos(z.imag()) * std::exp(-2 * std::fabs(z.real())));
  }
  double tx = std::tanh(z.real()), ty = std::tan(z.imag()), cx = 1 / std::cosh(z.real());
  double txty = tx * ty, denominator = 1 + txty * txty;
  return C(tx * (1 + ty * ty) / denominator, ((ty / denominator) * cx) * cx);
}
static C asinhOf(const C& z) {
  if (!finite(z)) return std::asinh(z);
  if (isLarge(z)) {
    double x = z.imag() >= 0 ? std::copysign(logOfLarge(z), z.real()) : -std::copysign(logOfLarge(z), -z.real());
    return C(x, std::atan2(z.imag(), std::fabs(z.real())));
  }
  C s1 = sqrtOf(C(1 + z.imag(), -z.real())), s2 = sqrtOf(C(1 - z.imag(), z.real()));
  return C(std::asinh(s1.real() * s2.imag() - s2.real() * s1.imag()), std::atan2(z.imag(), s1.real() * s2.real() - s1.imag() * s2.imag()));
}
static C acosOf(const C& z) {
  if (!finite(z)) return std::acos(z);
  if (isLarge(z)) {
    double y = z.real() < 0 ? -std::copysign(logOfLarge(z), z.imag()) : std::copysign(logOfLarge(z), -z.imag());
    return C(std::atan2(std::fabs(z.imag()), z.real()), y);
  }
  C s1 = sqrtOf(C(1 - z.real(), -z.imag())), s2 = sqrtOf(C(1 + z.real(), z.imag()));
  return C(2 * std::atan2(s1.real(), s2.real()), std::asinh(s2.real() * s1.imag() - s2.imag() * s1.real()));
}
static C acoshOf(const C& z) {
  if (!finite(z)) return std::acosh(z);
  if (isLarge(z)) return C(logOfLarge(z), std::atan2(z.imag(), z.real()));
  C s1 = sqrtOf(C(z.real() - 1, z.imag())), s2 = sqrtOf(C(z.real() + 1, z.imag()));
  return C(std::asinh(s1.real() * s2.real() + s1.imag() * s2.imag()), 2 * std::atan2(s1.imag(), s2.real()));
}
static C atanhOf(const C& z) {
  if (!finite(z)) return std::atanh(z);
  if (std::signbit(z.real())) return -atanhOf(-z);
  double x = z.real(), y = std::fabs(z.imag());
  if (x > kRootLarge || y > kRootLarge) {
    double h = std::hypot(x / 2, z.imag() / 2);
    return C(x / 4 / h / h, -std::copysign(M_PI_2, -z.imag()));
  }
  if (x == 1 && y < kRootSmallest) return C(-std::log(std::sqrt(y) / std::sqrt(std::hypot(y, 2))), std::copysign(std::atan2(2, -y) / 2, z.imag()));
  return C(std::log1p(4 * x / ((1 - x) * (1 - x) + y * y)) / 4, -std::atan2(-2 * z.imag(), (1 - x) * (1 + x) - y * y) / 2);
}
static C logOf(const C& z) {
  if (!finite(z)) return std::log(z);
  double x = std::fabs(z.real()), y = std::fabs(z.imag()), h = std::hypot(x, y), r;
  if (isLarge(z)) r = std::log(std::hypot(x / 2, y / 2)) + M_LN2;
  else if (x < kSmallest && y < kSmallest) r = std::log(std::hypot(std::ldexp(x, 53), std::ldexp(y, 53))) - 53 * M_LN2;
  else if (h >= 0.71 && h <= 1.73) r = std::log1p((std::max(x, y) - 1) * (std::max(x, y) + 1) + std::min(x, y) * std::min(x, y)) / 2;
  else r = std::log(h);
  return C(r, std::atan2(z.imag(), z.real()));
}
static C cosOf(const C& z) { return coshOf(turnedBack(z)); }
static C sinOf(const C& z) { return turned(sinhOf(turnedBack(z))); }
static C tanOf(const C& z) { return turned(tanhOf(turnedBack(z))); }
static C asinOf(const C& z) { return turned(asinhOf(turnedBack(z))); }
static C atanOf(const C& z) { return turned(atanhOf(turnedBack(z))); }

static Ref logFn(Thread& t, const Value* a) {
  C z = TRY(complexOf(t, a[0]));
  if (z == C(0, 0)) return raiseValueError(t, "math domain error");
  C r = logOf(z);
  if (a[1].defined()) {
    C base = TRY(complexOf(t, a[1]));
    if (base == C(0, 0)) return raiseValueError(t, "math domain error");
    C d = logOf(base);
    if (d == C(0, 0)) return raise(t, errors(t).zero_division_error, "complex division by zero");
    r /= d;
  }
  return result(t, z, r);
}
static Ref log10Fn(Thread& t, const Value* a) {
  C z = TRY(complexOf(t, a[0]));
  if (z == C(0, 0)) return raiseValueError(t, "math domain error");
  C r = logOf(z);
  return result(t, z, C(r.real() / M_LN10, r.imag() / M_LN10));
}
static Ref phase(Thread& t, const Value* a) {
  C z = TRY(complexOf(t, a[0]));
  return newFloat(std::atan2(z.imag(), z.real()));
}
static Ref polar(Thread& t, const Value* a) {
  C z = TRY(complexOf(t, a[0]));
  double r = std::hypot(z.real(), z.imag());
  if (std::isinf(r) && finite(z)) return raiseOverflowError(t, "math range error");
  Ref radius = newFloat(r), angle = newFloat(std::atan2(z.imag(), z.real()));
  return tupleOf(t, {radius.get(), angle.get()});
}
static Ref rect(Thread& t, const Value* a) {
  double r = TRY(toDouble_py(t, a[0])), phi = TRY(toDouble_py(t, a[1]));
  if (std::isinf(phi) && r != 0 && !std::isnan(r)) return raiseValueError(t, "math domain error");
  if (phi == 0) return newComplex(t, r, r * phi);
  if (r == 0) return newComplex(t, 0, 0);
  return newComplex(t, r * std::cos(phi), r * std::sin(phi));
}
static Ref isNan(Thread& t, const Value* a) {
  C z = TRY(complexOf(t, a[0]));
  return Ref::boolean(std::isnan(z.real()) || std::isnan(z.imag()));
}
static Ref isInf(Thread& t, const Value* a) {
  C z = TRY(complexOf(t, a[0]));
  return Ref::boolean(std::isinf(z.real()) || std::isinf(z.imag()));
}
static Ref isFinite(Thread& t, const Value* a) { return Ref::boolean(finite(TRY(complexOf(t, a[0])))); }
static Ref isClose(Thread& t, const Value* a) {
  C x = TRY(complexOf(t, a[0])), y = TRY(complexOf(t, a[1]));
  double relative = a[2].defined() ? TRY(toDouble_py(t, a[2])) : 1e-9, absolute = TRY(toDouble_py(t, a[3]));
  if (relative < 0 || absolute < 0) return raiseValueError(t, "tolerances must be non-negative");
  if (x == y) return Ref::boolean(true);
  auto infinite = [](C z) { return std::isinf(z.real()) || std::isinf(z.imag()); };
  if (infinite(x) || infinite(y)) return Ref::boolean(false);
  double difference = std::abs(x - y);
  return Ref::boolean(difference <= relative * std::abs(y) || difference <= relative * std::abs(x) || difference <= absolute);
}
static const NativeDef kFunctions[] = {
    {"acos", "(z, /)", apply<acosOf>}, {"acosh", "(z, /)", apply<acoshOf>}, {"asin", "(z, /)", apply<asinOf>}, {"asinh", "(z, /)", apply<asinhOf>},
    {"atan", "(z, /)", applyWhere<atanOf, isImaginaryOne>}, {"atanh", "(z, /)", applyWhere<atanhOf, isOne>}, {"cos", "(z, /)", applyWhere<cosOf, hasInfiniteReal>}, {"cosh", "(z, /)", applyWhere<coshOf, hasInfiniteImag>},
    {"exp", "(z, /)", applyWhere<expOf, hasNoExp>}, {"sin", "(z, /)", applyWhere<sinOf, hasInfiniteReal>}, {"sinh", "(z, /)", applyWhere<sinhOf, hasInfiniteImag>}, {"sqrt", "(z, /)", apply<sqrtOf>},
    {"tan", "(z, /)", applyWhere<tanOf, hasNoTan>}, {"tanh", "(z, /)", applyWhere<tanhOf, hasNoTanh>}, {"log", "(z, base=<unset>, /)", logFn}, {"log10", "(z, /)", log10Fn},
    {"phase", "(z, /)", phase}, {"polar", "(z, /)", polar}, {"rect", "(r, phi, /)", rect}, {"isnan", "(z, /)", isNan}, {"isinf", "(z, /)", isInf},
    {"isfinite", "(z, /)", isFinite}, {"isclose", "(a, b, *, rel_tol=<unset>, abs_tol=0)", isClose}, {nullptr, nullptr, nullptr}};
static Status initModule(Thread& t, Module* m) {
  double inf = HUGE_VAL, nan = std::nan("");
  moduleSet(t, m, "pi", newFloat(M_PI).get());
  moduleSet(t, m, "e", newFloat(M_E).get());
  moduleSet(t, m, "tau", newFloat(2 * M_PI).get());
  moduleSet(t, m, "inf", newFloat(inf).get());
  moduleSet(t, m, "nan", newFloat(nan).get());
  moduleSet(t, m, "infj", newComplex(t, 0, inf).get());
  moduleSet(t, m, "nanj", newComplex(t, 0, nan).get());
  return kDone;
}
extern const NativeModule kCmathModule;
const NativeModule kCmathModule = {"cmath", "This module provides access to mathematical functions for complex numbers.", kFunctions, initModule};

}  // namespace krait::modules
