// Functions of real numbers whose last digit depends on how they are computed: those of `math` are CPython's own, not the C
// library's, so that results are the same on every platform.
#pragma once

#include <cstddef>

namespace krait::modules {

// Γ(x). NaN at its poles, infinite where it overflows. ref: CPython math.gamma; Lanczos' approximation, g = 6.0247, 13 terms.
double gammaFunction(double x);
// The logarithm of |Γ(x)|; infinite at the poles.
double logGamma(double x);
// The Euclidean length of a vector, to the last bit but for rare ties. ref: CPython vector_norm.
double vectorLength(const double* items, size_t count);

}  // namespace krait::modules
