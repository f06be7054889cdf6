// The `cmath` module on the C library's complex functions. A result that is not finite from finite arguments is an overflow or a
// domain error. ref: Modules/cmathmodule.c.
#include <cmath>
#include <complex>

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
    bool is_nan = std::isnan(r.real()) || std::isnan(r.imag());
    return is_nan ? raiseValueError(t, "math domain error") : raiseOverflowError(t, "math range error");
  }
  return newComplex(t, r.real(), r.imag());
}
template <C (*F)(const C&)>
static Ref apply(Thread& t, const Value* a) {
  C z = TRY(complexOf(t, a[0]));
  return result(t, z, F(z));
}
static C atanhOf(const C& z) { return std::atanh(z); }
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
// Large arguments overflow in the C++ forms although the result does not: scale by e.
static C expOf(const C& z) {
  if (z.imag() == 0) return C(std::exp(z.real()), z.imag());
  if (std::isinf(z.real()) && z.real() > 0 && std::isnan(z.imag())) return z;
  if (z.real() > 708) {
    double l = std::exp(z.real() - 1);
    return C(l * std::cos(z.imag()) * M_E, l * std::sin(z.imag()) * M_E);
  }
  return std::exp(z);
}
static C coshOf(const C& z) { return std::cosh(z); }
static C sinhOf(const C& z) { return std::sinh(z); }
static C tanhOf(const C& z) { return std::tanh(z); }
static C cosOf(const C& z) { return std::cosh(C(-z.imag(), z.real())); }
static C turned(C r) { return C(r.imag(), -r.real()); }  // -i * r
static C sinOf(const C& z) { return turned(std::sinh(C(-z.imag(), z.real()))); }
static C tanOf(const C& z) { return turned(std::tanh(C(-z.imag(), z.real()))); }
static C acosOf(const C& z) { return std::acos(z); }
static C asinOf(const C& z) { return std::asin(z); }
static C atanOf(const C& z) { return std::atan(z); }
static C acoshOf(const C& z) { return std::acosh(z); }
static C asinhOf(const C& z) { return std::asinh(z); }
static C sqrtOf(const C& z) { return std::sqrt(z); }

static Ref logFn(Thread& t, const Value* a) {
  C z = TRY(complexOf(t, a[0]));
  if (z == C(0, 0)) return raiseValueError(t, "math domain error");
  C r = std::log(z);
  if (a[1].defined()) {
    C base = TRY(complexOf(t, a[1]));
    if (base == C(0, 0)) return raiseValueError(t, "math domain error");
    C d = std::log(base);
    if (d == C(0, 0)) return raise(t, errors(t).zero_division_error, "complex division by zero");
    r /= d;
  }
  return result(t, z, r);
}
static Ref log10Fn(Thread& t, const Value* a) {
  C z = TRY(complexOf(t, a[0]));
  if (z == C(0, 0)) return raiseValueError(t, "math domain error");
  C r = std::log(z);
  return result(t, z, C(z.imag() == 0 && z.real() > 0 ? std::log10(z.real()) : r.real() / M_LN10, r.imag() / M_LN10));
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
