#include "runtime/modules/math_functions.h"

#include <cmath>
#include <limits>

namespace krait::modules {

static constexpr double kPi = 3.141592653589793238462643383279502884197;
static constexpr double kLanczosG = 6.024680040776729583740234375;
static constexpr double kLanczosShift = kLanczosG - 0.5;
static constexpr int kTerms = 13;
static constexpr double kNumerator[kTerms] = {
    23531376880.410759688572007674451636754734846804940, 42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843, 17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708, 1439720407.3117216736632230727949123939715485786772,
    248874557.86205415651146038641322942321632125127801, 31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768, 186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024, 210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408};
static constexpr double kDenominator[kTerms] = {0, 39916800, 120543840, 150917976, 105258076, 45995730, 13339535, 2637558, 357423, 32670, 1925, 66, 1};

// The quotient of the two polynomials; far out in powers of 1/x, so that nothing overflows.
static double lanczosSum(double x) {
  double above = 0, below = 0;
  for (int i = 0; i < kTerms; ++i) {
    int term = x < 5 ? kTerms - 1 - i : i;
    above = (x < 5 ? above * x : above / x) + kNumerator[term];
    below = (x < 5 ? below * x : below / x) + kDenominator[term];
  }
  return above / below;
}

// sin(πx), exact at multiples of a half.
static double sinPi(double x) {
  double y = std::fmod(std::fabs(x), 2.0);
  double sign = x < 0 ? -1 : 1;
  switch (static_cast<int>(std::round(2.0 * y))) {
    case 0: return sign * std::sin(kPi * y);
    case 1: return sign * std::cos(kPi * (y - 0.5));
    case 2: return sign * std::sin(kPi * (1.0 - y));
    case 3: return sign * -std::cos(kPi * (y - 1.5));
    default: return sign * std::sin(kPi * (y - 2.0));
  }
}

double gammaFunction(double x) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  if (std::isnan(x) || x == kInfinite) return x;
  if (x == -kInfinite) return NAN;
  if (x == 0) return std::copysign(kInfinite, x);
  if (x == std::floor(x)) {
    if (x < 0) return NAN;
    if (x <= 23) {
      double product = 1;
      for (int i = 2; i < static_cast<int>(x); ++i) product *= i;
      return product;
    }
  }
  double size = std::fabs(x);
  if (size < 1e-20) return 1.0 / x;
  // Beyond this there is nothing but overflow, or zeros of either sign.
  if (size > 200) return x < 0 ? 0.0 / sinPi(x) : kInfinite;
  double y = size + kLanczosShift;
  // What the sum above lost to rounding.
  double lost = size > kLanczosShift ? (y - size) - kLanczosShift : (y - kLanczosShift) - size;
  lost = lost * kLanczosG / y;
  double result;
  if (x < 0) {
    result = -kPi / sinPi(size) / size * std::exp(y) / lanczosSum(size);
    result -= lost * result;
  } else {
    result = lanczosSum(size) / std::exp(y);
    result += lost * result;
  }
  double power = size < 140 ? std::pow(y, size - 0.5) : std::pow(y, size / 2.0 - 0.25);
  for (int i = 0; i < (size < 140 ? 1 : 2); ++i) result = x < 0 ? result / power : result * power;
  return result;
}

double logGamma(double x) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  if (std::isnan(x)) return x;
  if (std::isinf(x)) return kInfinite;
  if (x == std::floor(x) && x <= 2) return x <= 0 ? kInfinite : 0.0;
  double size = std::fabs(x);
  if (size < 1e-20) return -std::log(size);
  double result = std::log(lanczosSum(size)) - kLanczosG;
  result += (size - 0.5) * (std::log(size + kLanczosG - 0.5) - 1);
  if (x < 0) result = std::log(kPi) - std::log(std::fabs(sinPi(size))) - std::log(size) - result;
  return result;
}

double vectorLength(const double* items, size_t count) {
  double most = 0;
  bool has_nan = false;
  for (size_t i = 0; i < count; ++i) {
    if (std::isinf(items[i])) return std::numeric_limits<double>::infinity();
    has_nan = has_nan || std::isnan(items[i]);
    most = std::fmax(most, std::fabs(items[i]));
  }
  if (has_nan) return NAN;
  if (most == 0 || count <= 1) return most;
  int exponent;
  std::frexp(most, &exponent);
  // Squares and their sum with the part that a double cannot hold.
  double sum = 0, rest = 0;
  for (size_t i = 0; i < count; ++i) {
    double x = std::ldexp(items[i], -exponent);
    double square = x * x, low = std::fma(x, x, -square);
    double next = sum + square, part = next - sum;
    rest += (sum - (next - part)) + (square - part) + low;
    sum = next;
  }
  double root = std::sqrt(sum + rest);
  // One step of Newton's method with the exact remainder.
  double square = root * root, low = std::fma(root, root, -square);
  double remainder = ((sum - square) - low) + rest;
  root += remainder / (2.0 * root);
  return std::ldexp(root, exponent);
}

}  // namespace krait::modules
