// Float helpers that are not methods: repr, parsing, formatting, hashing, exact comparison with ints.
// ref: Objects/floatobject.c, Python/pystrtod.c. Shortest digits come from std::to_chars, which rounds correctly.
#include "runtime/object/float.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "runtime/object/error.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"

namespace krait::object {

std::string floatRepr(double d) { return floatFormat(d, 'r', 0, false, true); }

static std::string special(double d) { return std::isnan(d) ? "nan" : d < 0 ? "-inf" : "inf"; }

// Rewrites "1e+20" as CPython does: exponent of at least two digits.
static std::string fixExponent(std::string text) {
  size_t e = text.find('e');
  if (e != std::string::npos && text.size() - e - 2 < 2) text.insert(e + 2, 1, '0');
  return text;
}

static std::string reprShortest(double d, bool add_dot_0) {
  char buffer[40];
  auto end = std::to_chars(buffer, buffer + sizeof buffer, d, std::chars_format::scientific).ptr;
  std::string text(buffer, end);
  size_t e = text.find('e');
  int exponent = std::atoi(text.c_str() + e + 1);
  if (exponent < -4 || exponent >= 16) return fixExponent(text);
  end = std::to_chars(buffer, buffer + sizeof buffer, d, std::chars_format::fixed).ptr;
  text.assign(buffer, end);
  if (add_dot_0 && text.find('.') == std::string::npos) text += ".0";
  return text;
}

std::string floatFormat(double d, char code, int precision, bool alternate, bool add_dot_0) {
  if (!std::isfinite(d)) return special(d);
  if (code == 'r') return reprShortest(d, add_dot_0);
  std::string text;
  constexpr int kMostShort = 100;
  if (!alternate && precision <= kMostShort && (code == 'f' || code == 'e' || code == 'g')) {
    char buffer[kMostShort + 330];
    std::chars_format form = code == 'f' ? std::chars_format::fixed : code == 'e' ? std::chars_format::scientific : std::chars_format::general;
    text.assign(buffer, std::to_chars(buffer, buffer + sizeof buffer, d, form, precision).ptr);
  } else {
    char spec[16];
    std::snprintf(spec, sizeof spec, alternate ? "%%#.%d%c" : "%%.%d%c", precision, code);
    int n = std::snprintf(nullptr, 0, spec, d);
    text.resize(static_cast<size_t>(n) + 1);
    std::snprintf(text.data(), text.size(), spec, d);
    text.resize(static_cast<size_t>(n));
  }
  if (add_dot_0 && text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

static bool isSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool floatFromText(std::string_view text, double& out) {
  while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
  auto is_of_number = [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == '-'; };
  if (!text.empty() && text.size() < 32 && text.front() != 'e' && text.front() != '-' && std::all_of(text.begin(), text.end(), is_of_number)) {
    auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error == std::errc() && rest == text.data() + text.size()) return true;
  }
  std::string clean;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '_') {
      bool between = i > 0 && i + 1 < text.size() && text[i - 1] >= '0' && text[i - 1] <= '9' && text[i + 1] >= '0' && text[i + 1] <= '9';
      if (!between) return false;
      continue;
    }
    clean += text[i];
  }
  const char* p = clean.data();
  const char* end = p + clean.size();
  bool negative = false;
  if (p < end && (*p == '+' || *p == '-')) negative = *p++ == '-';
  if (p == end) return false;
  std::string lower(p, end);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (lower == "inf" || lower == "infinity") {
    out = negative ? -HUGE_VAL : HUGE_VAL;
    return true;
  }
  if (lower == "nan") {
    out = negative ? -NAN : NAN;
    return true;
  }
  if (!((*p >= '0' && *p <= '9') || *p == '.')) return false;
  auto [rest, error] = std::from_chars(p, end, out);
  if (rest != end) return false;
  if (error == std::errc::result_out_of_range) out = std::strtod(p, nullptr);
  else if (error != std::errc()) return false;
  if (negative) out = -out;
  return true;
}

Fallible<double> toDouble_py(Thread& t, Value v) {
  if (v.isFloat()) return v.asDouble();
  if (v.isInt()) return static_cast<double>(v.asInt());
  Type* type = typeOf(t, v);
  if (isFloatLike(v) && type->slots.to_float == t.types().float_->slots.to_float) return floatValue(v);
  if (type->slots.to_float != nullptr) {
    Ref r = TRY(type->slots.to_float(t, v));
    if (!isFloatLike(r.get())) return raiseTypeError(t, "%s.__float__ returned non-float (type %s)", typeNameOf(t, v), typeNameOf(t, r.get()));
    if (!r.get().isFloat()) {
      TRY(warn_py(t, errors(t).deprecation_warning, 1, "%s.__float__ returned non-float (type %s).  The ability to return an instance of a strict subclass of float is deprecated, "
                  "and may be removed in a future version of Python.", typeNameOf(t, v), typeNameOf(t, r.get())));
    }
    return floatValue(r.get());
  }
  if (isIntLike(v)) return intToDouble(t, v);
  if (type->slots.index != nullptr) {
    Ref i = TRY(toIndex_py(t, v));
    return intToDouble(t, i.get());
  }
  return raiseTypeError(t, "must be real number, not %s", typeNameOf(t, v));
}

// ref: _Py_HashDouble.
int64_t floatHash(double d) {
  constexpr uint64_t kModulus = (1ull << 61) - 1;
  if (std::isinf(d)) return d > 0 ? 314159 : -314159;
  if (std::isnan(d)) return 0;
  int exponent;
  double m = std::frexp(d, &exponent);
  bool negative = m < 0;
  if (negative) m = -m;
  uint64_t x = 0;
  while (m != 0) {
    x = ((x << 28) & kModulus) | x >> 33;
    m *= 268435456.0;
    exponent -= 28;
    uint64_t y = static_cast<uint64_t>(m);
    m -= static_cast<double>(y);
    x += y;
    if (x >= kModulus) x -= kModulus;
  }
  exponent = exponent >= 0 ? exponent % 61 : 60 - ((-1 - exponent) % 61);
  x = ((x << exponent) & kModulus) | x >> (61 - exponent);
  int64_t h = negative ? -static_cast<int64_t>(x) : static_cast<int64_t>(x);
  return h == -1 ? -2 : h;
}

double floatModulo(double a, double b) {
  double m = std::fmod(a, b);
  if (m != 0) {
    if ((b < 0) != (m < 0)) m += b;
  } else {
    m = std::copysign(0.0, b);
  }
  return m;
}

// ref: _float_div_mod.
double floatFloorDiv(double a, double b) {
  double m = std::fmod(a, b);
  double q = (a - m) / b;
  if (m != 0 && (b < 0) != (m < 0)) q -= 1.0;
  if (q != 0) {
    double f = std::floor(q);
    return q - f > 0.5 ? f + 1.0 : f;
  }
  return std::copysign(0.0, a / b);
}

Ref floatPow(Thread& t, double a, double b) {
  if (b == 0) return newFloat(1.0);
  if (std::isnan(a) || std::isnan(b)) return newFloat(a == 1.0 ? 1.0 : NAN);
  if (std::isfinite(a) && std::isfinite(b)) {
    if (a == 0 && b < 0) return raise(t, errors(t).zero_division_error, "zero to a negative power");
    if (a < 0 && b != std::floor(b)) return Ref::notImplemented();  // the caller answers with a complex number
  }
  double r = std::pow(a, b);
  if (std::isinf(r) && std::isfinite(a) && std::isfinite(b)) {
    return raise(t, errors(t).overflow_error, "(34, 'Numerical result out of range')");
  }
  return newFloat(r);
}

int compareIntFloat(Value a, double b) {
  if (std::isnan(b)) return 2;
  if (std::isinf(b)) return b > 0 ? -1 : 1;
  int64_t n;
  if (intFits(a, n) && n > -(1ll << 53) && n < (1ll << 53)) {
    double x = static_cast<double>(n);
    return x < b ? -1 : x > b;
  }
  Ref whole = newIntFromDouble(*current_thread, b);
  int order = intCompare(a, whole.get());
  if (order != 0) return order;
  double part = b - std::trunc(b);
  return part > 0 ? -1 : part < 0;
}

Ref newComplex(Thread& t, double real, double imag) {
  Complex* c = allocate<Complex>(t.types().complex);
  c->real = real;
  c->imag = imag;
  return Ref::steal(c);
}

}  // namespace krait::object
