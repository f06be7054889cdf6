// exp, ln, log10 and power. They are computed as fixed-point integers in units of 10^-w with an error of a few units; when the
// digits after the last wanted one are too near to a half or to zero to round by, the work is done again with more of them.
#include <algorithm>

#include "runtime/modules/decimal/number.h"

namespace krait::modules::decimal {

// x * unit / y etc. keep the scale `unit` = 10^w.
static void mulScaled(Big& out, const Big& x, const Big& y, const Big& unit) {
  mpz_mul(out.get(), x.get(), y.get());
  mpz_tdiv_q(out.get(), out.get(), unit.get());
}
// unit * atanh(1/n)
static Big inverseAtanh(unsigned long n, const Big& unit) {
  Big sum, term, part;
  mpz_tdiv_q_ui(term.get(), unit.get(), n);
  mpz_set(sum.get(), term.get());
  for (unsigned long k = 3; !term.isZero(); k += 2) {
    mpz_tdiv_q_ui(term.get(), term.get(), n);
    mpz_tdiv_q_ui(term.get(), term.get(), n);
    mpz_tdiv_q_ui(part.get(), term.get(), k);
    mpz_add(sum.get(), sum.get(), part.get());
  }
  return sum;
}
// unit * ln(10) = unit * (46 atanh(1/31) + 34 atanh(1/49) + 20 atanh(1/161))
static Big lnTen(const Big& unit) {
  Big sum;
  mpz_addmul_ui(sum.get(), inverseAtanh(31, unit).get(), 46);
  mpz_addmul_ui(sum.get(), inverseAtanh(49, unit).get(), 34);
  mpz_addmul_ui(sum.get(), inverseAtanh(161, unit).get(), 20);
  return sum;
}
// The number as an integer in units of 10^-w.
static Big scaled(const Number& n, int64_t w) {
  Big r;
  int64_t shift = n.exponent + w;
  Big unit = powerOfTen(shift < 0 ? -shift : shift);
  if (shift >= 0) mpz_mul(r.get(), n.coefficient.get(), unit.get());
  else mpz_tdiv_q(r.get(), n.coefficient.get(), unit.get());
  if (n.negative) mpz_neg(r.get(), r.get());
  return r;
}
// exp(x) for x in units of 10^-w: the value is out * 10^(shift - w), with out about 10^w.
static Big expScaled(const Big& x, int64_t w, int64_t& shift) {
  Big unit = powerOfTen(w), r, k;
  Big ten = lnTen(unit);
  mpz_fdiv_qr(k.get(), r.get(), x.get(), ten.get());
  shift = mpz_get_si(k.get());
  int halvings = 8 + static_cast<int>(w / 40);
  mpz_fdiv_q_2exp(r.get(), r.get(), static_cast<mp_bitcnt_t>(halvings));
  Big sum = unit, term = unit;
  for (unsigned long i = 1; !term.isZero(); ++i) {
    mulScaled(term, term, r, unit);
    mpz_tdiv_q_ui(term.get(), term.get(), i);
    mpz_add(sum.get(), sum.get(), term.get());
  }
  for (int i = 0; i < halvings; ++i) mulScaled(sum, sum, sum, unit);
  return sum;
}
// ln(c * 10^e) in units of 10^-w.
static Big lnScaled(const Number& n, int64_t w) {
  Big unit = powerOfTen(w), y;
  int64_t digits = n.digits(), e = n.exponent + digits - 1;
  Number m = n;  // in [1, 10)
  m.negative = false;
  m.exponent = 1 - digits;
  y = scaled(m, w);
  int roots = 6 + static_cast<int>(w / 60);
  for (int i = 0; i < roots; ++i) {
    mpz_mul(y.get(), y.get(), unit.get());
    mpz_sqrt(y.get(), y.get());
  }
  // ln y = 2 atanh((y - 1) / (y + 1))
  Big top, bottom, z, square, sum, part;
  mpz_sub(top.get(), y.get(), unit.get());
  mpz_add(bottom.get(), y.get(), unit.get());
  mpz_mul(top.get(), top.get(), unit.get());
  mpz_tdiv_q(z.get(), top.get(), bottom.get());
  mulScaled(square, z, z, unit);
  mpz_set(sum.get(), z.get());
  for (unsigned long k = 3; !z.isZero(); k += 2) {
    mulScaled(z, z, square, unit);
    mpz_tdiv_q_ui(part.get(), z.get(), k);
    mpz_add(sum.get(), sum.get(), part.get());
  }
  mpz_mul_2exp(sum.get(), sum.get(), static_cast<mp_bitcnt_t>(roots + 1));
  Big ten = lnTen(unit);
  mpz_mul_si(ten.get(), ten.get(), e);
  mpz_add(sum.get(), sum.get(), ten.get());
  return sum;
}

// `approximation` (error below 10^(guard - 3) units) rounded to `precision` digits if that is safe.
static bool roundSafely(const Big& approximation, int64_t exponent, const Settings& s, Number& out) {
  out = Number();
  out.negative = mpz_sgn(approximation.get()) < 0;
  mpz_abs(out.coefficient.get(), approximation.get());
  out.exponent = exponent;
  int64_t extra = out.digits() - s.precision;
  if (extra < 6) return false;
  Big unit = powerOfTen(extra), rest, half, tolerance = powerOfTen(extra - 3), distance;
  mpz_tdiv_r(rest.get(), out.coefficient.get(), unit.get());
  mpz_tdiv_q_2exp(half.get(), unit.get(), 1);
  mpz_sub(distance.get(), rest.get(), half.get());
  mpz_abs(distance.get(), distance.get());
  if (mpz_cmp(distance.get(), tolerance.get()) < 0) return false;
  if (mpz_cmp(rest.get(), tolerance.get()) < 0) return false;
  mpz_sub(distance.get(), unit.get(), rest.get());
  return mpz_cmp(distance.get(), tolerance.get()) >= 0;
}
// Runs `compute(w)`, which gives an integer times 10^exponent, with more and more digits until its rounding is safe.
template <class Compute>
static Number correctlyRounded(const Settings& s, uint32_t& status, int64_t first, Compute&& compute) {
  Settings half = s;
  half.rounding = Rounding::kHalfEven;
  Number out;
  constexpr int64_t kMostDigits = 100000000;  // the powers of ten behind it must fit, several times as long
  if (first > kMostDigits) {
    ran_out_of_memory = true;
    return out;
  }
  int64_t w = first;
  for (int round = 0; round < 6; ++round, w += w / 2 + 20) {
    int64_t exponent = 0;
    Big value = compute(w, exponent);
    if (roundSafely(value, exponent, s, out)) break;
  }
  mpz_mul_ui(out.coefficient.get(), out.coefficient.get(), 10);  // a sticky digit: never exact
  mpz_add_ui(out.coefficient.get(), out.coefficient.get(), 1);
  --out.exponent;
  finish(out, half, status);
  return out;
}

static bool quietCase(const Number& a, const Settings& s, uint32_t& status, Number& out) { return propagateNan(a, nullptr, s, status, out); }

Number exponential(const Number& a, const Settings& s, uint32_t& status) {
  Number out;
  if (quietCase(a, s, status, out)) return out;
  if (a.isInfinite()) return a.negative ? Number() : a;
  if (a.isZero()) return fromInt(1);
  Settings half = s;
  half.rounding = Rounding::kHalfEven;
  if (a.adjusted() > 20 || a.adjusted() > static_cast<int64_t>(std::to_string((s.emax > -s.etiny() ? s.emax : -s.etiny()) * 3).size())) {
    out = fromInt(1);  // far out of range either way
    out.exponent = a.negative ? s.etiny() - 5 : s.emax + 5;
    finish(out, half, status);
    status |= kInexact | kRounded;
    return out;
  }
  if (a.adjusted() < -s.precision - 1) {  // 1 + a is nearer to 1 than the precision shows
    out.coefficient = powerOfTen(s.precision + 2);
    if (a.negative) mpz_sub_ui(out.coefficient.get(), out.coefficient.get(), 1);
    else mpz_add_ui(out.coefficient.get(), out.coefficient.get(), 1);
    out.exponent = -s.precision - 2;
    finish(out, half, status);
    return out;
  }
  int64_t magnitude = std::max<int64_t>(a.adjusted(), 0);
  return correctlyRounded(s, status, s.precision + 20 + magnitude, [&](int64_t w, int64_t& exponent) {
    int64_t shift = 0;
    Big value = expScaled(scaled(a, w), w, shift);
    exponent = shift - w;
    return value;
  });
}

Number naturalLog(const Number& a, const Settings& s, uint32_t& status) {
  Number out;
  if (quietCase(a, s, status, out)) return out;
  if (a.isZero()) return infinity(true);
  if (a.negative) return invalid(status);
  if (a.isInfinite()) return a;
  if (compare(a, fromInt(1)) == 0) return Number();
  // Near 1 the leading digits cancel.
  Settings wide;
  wide.precision = 20;
  wide.emax = kMaxExponent;
  wide.emin = -kMaxExponent;
  uint32_t none = 0;
  Number distance = add(a, fromInt(1), true, wide, none);
  int64_t lost = std::max<int64_t>(0, -distance.adjusted()) + 1;
  return correctlyRounded(s, status, s.precision + 20 + lost, [&](int64_t w, int64_t& exponent) {
    exponent = -w;
    return lnScaled(a, w);
  });
}

Number log10(const Number& a, const Settings& s, uint32_t& status) {
  Number out;
  if (quietCase(a, s, status, out)) return out;
  if (a.isZero()) return infinity(true);
  if (a.negative) return invalid(status);
  if (a.isInfinite()) return a;
  Big unit = powerOfTen(a.digits() - 1);
  if (mpz_cmp(a.coefficient.get(), unit.get()) == 0) {
    out = fromInt(a.adjusted());
    finish(out, s, status);
    return out;
  }
  Settings wide;
  wide.precision = 20;
  wide.emax = kMaxExponent;
  wide.emin = -kMaxExponent;
  uint32_t none = 0;
  Number distance = add(a, fromInt(1), true, wide, none);
  int64_t lost = std::max<int64_t>(0, -distance.adjusted()) + 2;
  return correctlyRounded(s, status, s.precision + 20 + lost, [&](int64_t w, int64_t& exponent) {
    exponent = -w;
    Big value = lnScaled(a, w), one = powerOfTen(w), ten = lnTen(one);
    mpz_mul(value.get(), value.get(), one.get());
    mpz_tdiv_q(value.get(), value.get(), ten.get());
    return value;
  });
}

// a ** n exactly, for n >= 0; false when it would be far longer than the precision.
static bool exactPower(const Number& a, int64_t n, int64_t limit, Number& out) {
  if (n > 0 && a.digits() > 1 && (a.digits() - 1) > limit / n) return false;
  if (n > 10000 && mpz_cmp_ui(a.coefficient.get(), 1) > 0) return false;
  out.negative = a.negative && (n & 1);
  mpz_pow_ui(out.coefficient.get(), a.coefficient.get(), static_cast<unsigned long>(mpz_cmp_ui(a.coefficient.get(), 1) <= 0 && n > 1 ? 1 : n));
  out.exponent = a.exponent * n;
  return true;
}

static Number powerOfSpecials(const Number& a, const Number& b, bool negative, uint32_t& status, bool& done) {
  done = true;
  bool b_negative = b.negative;
  if (a.isZero() || a.isInfinite()) {
    Number zero;
    zero.negative = negative;
    return a.isZero() == b_negative ? infinity(negative) : zero;
  }
  if (b.isInfinite()) {
    int order = compareMagnitude(a, fromInt(1));
    if (order == 0) {
      done = false;
      return Number();
    }
    return (order > 0) == b_negative ? Number() : infinity(false);
  }
  (void)status;
  done = false;
  return Number();
}

Number power(const Number& a, const Number& b, const Settings& s, uint32_t& status) {
  Number out;
  if (propagateNan(a, &b, s, status, out)) return out;
  if (b.isZero()) return a.isZero() ? invalid(status) : fromInt(1);
  bool integral = b.isInteger(), odd = false;
  int64_t n = 0;
  bool fits = false;
  if (integral) {
    Number whole = b;
    uint32_t none = 0;
    if (b.adjusted() <= 18) {
      rescale(whole, 0, Rounding::kDown, none);
      n = mpz_get_si(whole.coefficient.get());
      fits = true;
      odd = n & 1;
    } else {
      odd = b.exponent == 0 && mpz_odd_p(b.coefficient.get());
    }
  }
  bool negative = a.negative && odd;
  if (a.negative && !a.isZero() && !integral && !(b.isInfinite() && a.isInfinite() && false)) return invalid(status);
  bool done = false;
  out = powerOfSpecials(a, b, negative, status, done);
  if (done) {
    if (out.isZero() && !a.isZero() && !a.isInfinite()) out.exponent = 0;
    return out;
  }
  Number base = a;
  base.negative = false;
  if (compare(base, fromInt(1)) == 0) {  // 1 ** b
    out = fromInt(1);
    out.negative = negative;
    int64_t wanted = 0;
    if (integral && fits && !b.negative) wanted = std::max<int64_t>(a.exponent * n, 1 - s.precision);
    else if (a.exponent != 0 || !integral || b.isInfinite()) wanted = integral && fits ? std::max<int64_t>(a.exponent, 1 - s.precision) : 1 - s.precision;
    if (!integral || b.isInfinite()) status |= kInexact | kRounded, wanted = 1 - s.precision;
    uint32_t none = 0;
    rescale(out, std::min<int64_t>(wanted, 0), Rounding::kDown, none);
    finish(out, s, status);
    return out;
  }
  if (integral && fits) {
    Number whole;
    if (exactPower(a, n, 4 * s.precision + 400, whole)) {
      if (!b.negative) {
        finish(whole, s, status);
        return whole;
      }
      return divide(fromInt(1), whole, s, status);
    }
  }
  // Certain overflow and underflow: ln|a| * b out of all range.
  Settings rough;
  rough.precision = 20;
  rough.emax = kMaxExponent;
  rough.emin = -kMaxExponent;
  uint32_t none = 0;
  Number estimate = multiply(log10(base, rough, none), b, rough, none);
  if (estimate.adjusted() > 18 || compareMagnitude(estimate, fromInt(std::max(s.emax, -s.etiny()) + 10)) > 0) {
    out = fromInt(1);
    out.negative = negative;
    out.exponent = estimate.negative ? s.etiny() - 5 : s.emax + 5;
    finish(out, s, status);
    status |= kInexact | kRounded;
    return out;
  }
  Number product = multiply(naturalLog(base, rough, none), b, rough, none);
  int64_t magnitude = std::max<int64_t>(product.adjusted(), 0) + 2;
  if (product.adjusted() < -s.precision - 2) {  // nearly 1
    out.coefficient = powerOfTen(s.precision + 2);
    if (product.negative) mpz_sub_ui(out.coefficient.get(), out.coefficient.get(), 1);
    else mpz_add_ui(out.coefficient.get(), out.coefficient.get(), 1);
    out.exponent = -s.precision - 2;
    finish(out, s, status);
    return out;
  }
  out = correctlyRounded(s, status, s.precision + 25 + magnitude, [&](int64_t w, int64_t& exponent) {
    int64_t wide = w + magnitude + b.digits() + std::max<int64_t>(0, b.adjusted());
    Big ln = lnScaled(base, wide), x;
    mpz_mul(x.get(), ln.get(), b.coefficient.get());
    Big unit = powerOfTen(b.exponent < 0 ? -b.exponent : b.exponent);
    if (b.exponent >= 0) mpz_mul(x.get(), x.get(), unit.get());
    else mpz_tdiv_q(x.get(), x.get(), unit.get());
    if (b.negative) mpz_neg(x.get(), x.get());
    Big drop = powerOfTen(wide - w);
    mpz_fdiv_q(x.get(), x.get(), drop.get());
    int64_t shift = 0;
    Big value = expScaled(x, w, shift);
    exponent = shift - w;
    return value;
  });
  out.negative = negative;
  return out;
}

Number powerModulo(const Number& a, const Number& b, const Number& m, const Settings& s, uint32_t& status) {
  for (const Number* n : {&a, &b, &m}) {
    if (n->kind == Kind::kSignalNan) return invalid(status);
  }
  Number out;
  for (const Number* n : {&a, &b, &m}) {
    if (propagateNan(*n, nullptr, s, status, out)) return out;
  }
  if (!a.isInteger() || !b.isInteger() || !m.isInteger() || b.negative || m.isZero() || m.adjusted() >= s.precision || (a.isZero() && b.isZero())) return invalid(status);
  uint32_t none = 0;
  Number x = a, y = b, z = m;
  for (Number* n : {&x, &y, &z}) rescale(*n, 0, Rounding::kDown, none);
  out.negative = a.negative && mpz_odd_p(y.coefficient.get());
  mpz_powm(out.coefficient.get(), x.coefficient.get(), y.coefficient.get(), z.coefficient.get());
  return out;
}

}  // namespace krait::modules::decimal
