// Floats: immediate Values; only instances of float's subclasses are heap objects.
#pragma once

#include <string>

#include "runtime/object/type.h"

namespace krait::object {

struct Float : Object {
  double value;
};
struct Complex : Object {
  double real, imag;
};

inline bool isFloatLike(Value v) { return v.isFloat() || hasLayout(v, TypeId::kFloat); }
inline double floatValue(Value v) { return v.isFloat() ? v.asDouble() : v.as<Float>()->value; }
inline Ref newFloat(double d) { return Ref::steal(Value::fromDouble(d)); }
Ref newComplex(Thread& t, double real, double imag);
// repr(float).
std::string floatRepr(double d);
// float(text); false when malformed. ref: PyFloat_FromString.
bool floatFromText(std::string_view text, double& out);
// float(v) for numbers, as math functions take them: __float__, then __index__.
Fallible<double> toDouble_py(Thread& t, Value v);
int64_t floatHash(double d);
// 'e' 'f' 'g' 'r' formatting with precision, `alternate` as `#`. ref: PyOS_double_to_string.
std::string floatFormat(double d, char code, int precision, bool alternate, bool add_dot_0);
double floatModulo(double a, double b);
double floatFloorDiv(double a, double b);
Ref floatPow(Thread& t, double a, double b);
// a ? b for an int against a float, exactly: -1, 0, 1, or 2 when b is nan.
int compareIntFloat(Value a, double b);

}  // namespace krait::object
