#include "runtime/modules/decimal/number.h"

#include <algorithm>

namespace krait::modules::decimal {

bool Number::isInteger() const {
  if (!isFinite()) return false;
  if (exponent >= 0 || isZero()) return true;
  if (-exponent >= digits()) return false;
  TenPower unit(-exponent);
  return mpz_divisible_p(coefficient.get(), unit.get()) != 0;
}
Number fromInt(int64_t v) {
  Number n;
  n.negative = v < 0;
  mpz_set_si(n.coefficient.get(), v);
  mpz_abs(n.coefficient.get(), n.coefficient.get());
  return n;
}
Number infinity(bool negative) {
  Number n;
  n.negative = negative;
  n.kind = Kind::kInfinity;
  return n;
}
Number quietNan() {
  Number n;
  n.kind = Kind::kQuietNan;
  return n;
}
Number invalid(uint32_t& status, uint32_t condition) {
  status |= condition;
  return quietNan();
}

// --- rounding
// Drops the last `count` of its `have` digits, rounding by `rounding`. True: it was rounded up, which may have added a digit.
static bool dropDigits(Number& n, int64_t count, int64_t have, Rounding rounding, uint32_t& status) {
  if (count <= 0) return false;
  status |= kRounded;
  n.exponent += count;
  int half = -1;     // the dropped part against one half; -2: it is zero
  bool is_odd = false;
  Big rest;
  if (count > have) {
    half = n.coefficient.isZero() ? -2 : -1;
    mpz_set_ui(n.coefficient.get(), 0);
  } else {
    TenPower unit(count);
    mpz_tdiv_qr(n.coefficient.get(), rest.get(), n.coefficient.get(), unit.get());
    if (rest.isZero()) half = -2;
    else {
      mpz_mul_2exp(rest.get(), rest.get(), 1);
      half = mpz_cmp(rest.get(), unit.get());
      half = half < 0 ? -1 : half > 0;
    }
  }
  if (half == -2) return false;
  status |= kInexact;
  is_odd = mpz_odd_p(n.coefficient.get());
  bool up = false;
  switch (rounding) {
    case Rounding::kUp: up = true; break;
    case Rounding::kDown: break;
    case Rounding::kCeiling: up = !n.negative; break;
    case Rounding::kFloor: up = n.negative; break;
    case Rounding::kHalfUp: up = half >= 0; break;
    case Rounding::kHalfDown: up = half > 0; break;
    case Rounding::kHalfEven: up = half > 0 || (half == 0 && is_odd); break;
    case Rounding::k05Up: up = mpz_fdiv_ui(n.coefficient.get(), 5) == 0; break;
  }
  if (up) mpz_add_ui(n.coefficient.get(), n.coefficient.get(), 1);
  return up;
}

static Number overflowed(bool negative, const Settings& s, uint32_t& status) {
  status |= kOverflow | kInexact | kRounded;
  bool to_largest = s.rounding == Rounding::kDown || s.rounding == Rounding::k05Up || (s.rounding == Rounding::kCeiling && negative) ||
                    (s.rounding == Rounding::kFloor && !negative);
  if (!to_largest) return infinity(negative);
  Number n;
  n.negative = negative;
  n.coefficient = powerOfTen(s.precision);
  mpz_sub_ui(n.coefficient.get(), n.coefficient.get(), 1);
  n.exponent = s.etop();
  return n;
}

void finish(Number& n, const Settings& s, uint32_t& status) {
  if (n.isInfinite()) return;
  if (n.isNan()) {
    int64_t limit = s.precision - s.clamp;
    if (!n.coefficient.isZero() && n.digits() > limit) {
      TenPower unit(limit);
      mpz_mod(n.coefficient.get(), n.coefficient.get(), unit.get());
    }
    return;
  }
  int64_t etiny = s.etiny(), etop = s.etop();
  if (n.coefficient.isZero()) {
    int64_t high = s.clamp ? etop : s.emax, wanted = std::clamp(n.exponent, etiny, high);
    if (wanted != n.exponent) {
      n.exponent = wanted;
      status |= kClamped;
    }
    return;
  }
  int64_t digits = n.digits(), adjusted = n.exponent + digits - 1;
  if (adjusted > s.emax) {
    n = overflowed(n.negative, s, status);
    return;
  }
  bool subnormal = adjusted < s.emin;
  int64_t lowest = subnormal ? etiny : n.exponent + digits - s.precision;
  if (n.exponent < lowest) {
    uint32_t own = 0;
    bool was_raised = dropDigits(n, lowest - n.exponent, digits, s.rounding, own);
    if (was_raised && n.digits() > s.precision) dropDigits(n, 1, s.precision + 1, Rounding::kDown, own);
    status |= own;
    if (subnormal) {
      status |= kSubnormal;
      if (own & kInexact) status |= kUnderflow;
      if (n.coefficient.isZero()) status |= kClamped;
    } else if (was_raised && n.adjusted() > s.emax) {
      n = overflowed(n.negative, s, status);
      return;
    }
  } else if (subnormal) {
    status |= kSubnormal;
  }
  if (s.clamp && n.exponent > etop && n.isFinite()) {
    status |= kClamped;
    TenPower unit(n.exponent - etop);
    mpz_mul(n.coefficient.get(), n.coefficient.get(), unit.get());
    n.exponent = etop;
  }
}

void rescale(Number& n, int64_t exponent, Rounding rounding, uint32_t& status) {
  if (n.exponent > exponent) {
    if (!n.coefficient.isZero()) {
      TenPower unit(n.exponent - exponent);
      mpz_mul(n.coefficient.get(), n.coefficient.get(), unit.get());
    }
    n.exponent = exponent;
  } else if (n.exponent < exponent) {
    dropDigits(n, exponent - n.exponent, n.digits(), rounding, status);
  }
}

bool propagateNan(const Number& a, const Number* b, const Settings& s, uint32_t& status, Number& out) {
  const Number* from = a.kind == Kind::kSignalNan                    ? &a
                       : b != nullptr && b->kind == Kind::kSignalNan ? b
                       : a.isNan()                                   ? &a
                       : b != nullptr && b->isNan()                  ? b
                                                                     : nullptr;
  if (from == nullptr) return false;
  if (from->kind == Kind::kSignalNan) status |= kInvalidOperation;
  out = *from;
  out.kind = Kind::kQuietNan;
  finish(out, s, status);
  return true;
}
#define NAN_RESULT(b)                                           \
  if (Number nan_; propagateNan(a, b, s, status, nan_)) return nan_

// --- addition, multiplication, division
Number add(const Number& a, const Number& b, bool subtract, const Settings& s, uint32_t& status) {
  NAN_RESULT(&b);
  bool b_negative = b.negative != subtract;
  if (a.isInfinite()) {
    if (b.isInfinite() && a.negative != b_negative) return invalid(status);
    return infinity(a.negative);
  }
  if (b.isInfinite()) return infinity(b_negative);
  Number r;
  int64_t exponent = std::min(a.exponent, b.exponent);
  bool floor_zero = s.rounding == Rounding::kFloor && a.negative != b_negative;
  if (a.isZero() && b.isZero()) {
    r.negative = floor_zero ? true : a.negative && b_negative;
    r.exponent = exponent;
    finish(r, s, status);
    return r;
  }
  if (a.isZero() || b.isZero()) {
    r = a.isZero() ? b : a;
    if (a.isZero()) r.negative = b_negative;
    int64_t wanted = std::max(exponent, r.exponent + r.digits() - s.precision - 1);
    if (wanted < r.exponent) rescale(r, wanted, s.rounding, status);
    finish(r, s, status);
    return r;
  }
  int64_t distance = a.exponent > b.exponent ? a.exponent - b.exponent : b.exponent - a.exponent;
  if (distance <= s.precision && distance < kKnownPowers) {
    Big scaled;
    mpz_srcptr left = a.coefficient.get(), right = b.coefficient.get();
    if (distance > 0) {
      mpz_srcptr& high = a.exponent > b.exponent ? left : right;
      mpz_mul(scaled.get(), high, knownPower(distance).get());
      high = scaled.get();
    }
    if (a.negative == b_negative) mpz_add(r.coefficient.get(), left, right);
    else mpz_sub(r.coefficient.get(), left, right);
    int sign = mpz_sgn(r.coefficient.get());
    r.negative = sign == 0 ? floor_zero : (sign < 0) != a.negative;
    mpz_abs(r.coefficient.get(), r.coefficient.get());
    r.exponent = exponent;
    finish(r, s, status);
    return r;
  }
  Number x = a, y = b;
  y.negative = b_negative;
  // An operand far below the other one's last digit only shows that the result is inexact.
  Number *large = x.exponent > y.exponent ? &x : &y, *small = large == &x ? &y : &x;
  int64_t gap = large->exponent - small->exponent;
  if (gap > 0) {
    int64_t cut = std::min<int64_t>(large->exponent, large->adjusted() - s.precision - 1) - 2;
    if (small->adjusted() < cut) {
      mpz_set_ui(small->coefficient.get(), 1);
      small->exponent = cut;
    }
    uint32_t none = 0;
    rescale(*large, std::min(large->exponent, small->exponent), s.rounding, none);
    rescale(*small, std::min(large->exponent, small->exponent), s.rounding, none);
  }
  r.exponent = x.exponent;
  if (x.negative) mpz_neg(x.coefficient.get(), x.coefficient.get());
  if (y.negative) mpz_neg(y.coefficient.get(), y.coefficient.get());
  mpz_add(r.coefficient.get(), x.coefficient.get(), y.coefficient.get());
  r.negative = r.coefficient.isZero() ? floor_zero : mpz_sgn(r.coefficient.get()) < 0;
  mpz_abs(r.coefficient.get(), r.coefficient.get());
  finish(r, s, status);
  return r;
}

Number multiply(const Number& a, const Number& b, const Settings& s, uint32_t& status) {
  NAN_RESULT(&b);
  bool negative = a.negative != b.negative;
  if (a.isInfinite() || b.isInfinite()) return a.isZero() || b.isZero() ? invalid(status) : infinity(negative);
  Number r;
  r.negative = negative;
  mpz_mul(r.coefficient.get(), a.coefficient.get(), b.coefficient.get());
  r.exponent = a.exponent + b.exponent;
  finish(r, s, status);
  return r;
}

Number divide(const Number& a, const Number& b, const Settings& s, uint32_t& status) {
  NAN_RESULT(&b);
  bool negative = a.negative != b.negative;
  if (a.isInfinite()) return b.isInfinite() ? invalid(status) : infinity(negative);
  Number r;
  r.negative = negative;
  if (b.isInfinite()) {
    status |= kClamped;
    r.exponent = s.etiny();
    return r;
  }
  if (b.isZero()) {
    if (a.isZero()) return invalid(status, kDivisionUndefined);
    status |= kDivisionByZero;
    return infinity(negative);
  }
  int64_t ideal = a.exponent - b.exponent;
  if (a.isZero()) {
    r.exponent = ideal;
    finish(r, s, status);
    return r;
  }
  int64_t shift = b.digits() - a.digits() + s.precision + 1;
  Big scaled, rest;
  TenPower unit(shift < 0 ? -shift : shift);
  mpz_mul(scaled.get(), shift >= 0 ? a.coefficient.get() : b.coefficient.get(), unit.get());
  mpz_tdiv_qr(r.coefficient.get(), rest.get(), shift >= 0 ? scaled.get() : a.coefficient.get(), shift >= 0 ? b.coefficient.get() : scaled.get());
  r.exponent = ideal - shift;
  if (!rest.isZero()) {
    // A sticky digit: keeps the rounding right without being half or zero.
    if (mpz_divisible_ui_p(r.coefficient.get(), 5)) mpz_add_ui(r.coefficient.get(), r.coefficient.get(), 1);
  } else {
    while (r.exponent < ideal && mpz_divisible_ui_p(r.coefficient.get(), 10)) {
      mpz_tdiv_q_ui(r.coefficient.get(), r.coefficient.get(), 10);
      ++r.exponent;
    }
  }
  finish(r, s, status);
  return r;
}

void divideInteger(const Number& a, const Number& b, const Settings& s, uint32_t& status, Number* quotient, Number* remainder) {
  Number nan;
  auto give = [&](const Number& q, const Number& r) {
    if (quotient != nullptr) *quotient = q;
    if (remainder != nullptr) *remainder = r;
  };
  if (propagateNan(a, &b, s, status, nan)) return give(nan, nan);
  bool negative = a.negative != b.negative;
  if (a.isInfinite()) {
    nan = invalid(status);
    if (b.isInfinite() || remainder != nullptr) return give(quotient != nullptr && remainder != nullptr && !b.isInfinite() ? infinity(negative) : nan, nan);
    status &= ~static_cast<uint32_t>(kInvalidOperation);
    return give(infinity(negative), nan);
  }
  Number q, r = a;
  q.negative = negative;
  if (b.isZero()) {
    if (a.isZero()) {
      nan = invalid(status, kDivisionUndefined);
      return give(nan, nan);
    }
    if (quotient == nullptr) {
      nan = invalid(status);
      return give(nan, nan);
    }
    status |= kDivisionByZero | (remainder != nullptr ? kInvalidOperation : 0);
    return give(infinity(negative), quietNan());
  }
  // A quotient alone is exact, whatever its remainder would be rounded to.
  uint32_t ignored = 0;
  uint32_t& of_remainder = remainder != nullptr ? status : ignored;
  int64_t ideal = b.isInfinite() ? a.exponent : std::min(a.exponent, b.exponent);
  int64_t difference = a.adjusted() - (b.isInfinite() ? a.adjusted() + 10 : b.adjusted());
  if (a.isZero() || b.isInfinite() || difference <= -2) {
    if (!b.isInfinite()) rescale(r, ideal, s.rounding, of_remainder);
    if (quotient != nullptr) finish(q, s, status);
    finish(r, s, of_remainder);
    return give(q, r);
  }
  if (difference <= s.precision) {
    Number x = a, y = b;
    uint32_t none = 0;
    rescale(x, ideal, Rounding::kDown, none);
    rescale(y, ideal, Rounding::kDown, none);
    mpz_tdiv_qr(q.coefficient.get(), r.coefficient.get(), x.coefficient.get(), y.coefficient.get());
    if (q.digits() <= s.precision) {
      r.exponent = ideal;
      if (quotient != nullptr) finish(q, s, status);
      finish(r, s, of_remainder);
      return give(q, r);
    }
  }
  nan = invalid(status, kDivisionImpossible);
  give(nan, nan);
}

Number remainderNear(const Number& a, const Number& b, const Settings& s, uint32_t& status) {
  NAN_RESULT(&b);
  if (a.isInfinite()) return invalid(status);
  if (b.isZero()) return a.isZero() ? invalid(status, kDivisionUndefined) : invalid(status);
  Number r = a;
  if (b.isInfinite()) {
    finish(r, s, status);
    return r;
  }
  int64_t ideal = std::min(a.exponent, b.exponent);
  if (a.isZero()) {
    r.exponent = ideal;
    finish(r, s, status);
    return r;
  }
  int64_t difference = a.adjusted() - b.adjusted();
  if (difference >= s.precision + 1) return invalid(status, kDivisionImpossible);
  uint32_t none = 0;
  if (difference <= -2) {
    rescale(r, ideal, s.rounding, none);
    finish(r, s, status);
    return r;
  }
  Number y = b;
  rescale(r, ideal, Rounding::kDown, none);
  rescale(y, ideal, Rounding::kDown, none);
  Big q, rest, twice;
  mpz_tdiv_qr(q.get(), rest.get(), r.coefficient.get(), y.coefficient.get());
  mpz_mul_2exp(twice.get(), rest.get(), 1);
  int half = mpz_cmp(twice.get(), y.coefficient.get());
  if (half > 0 || (half == 0 && mpz_odd_p(q.get()))) {
    mpz_sub(rest.get(), rest.get(), y.coefficient.get());
    mpz_add_ui(q.get(), q.get(), 1);
  }
  if (digitCount(q) > s.precision) return invalid(status, kDivisionImpossible);
  if (mpz_sgn(rest.get()) < 0) {
    r.negative = !r.negative;
    mpz_neg(rest.get(), rest.get());
  }
  r.coefficient = std::move(rest);
  finish(r, s, status);
  return r;
}

Number fusedMultiplyAdd(const Number& a, const Number& b, const Number& c, const Settings& s, uint32_t& status) {
  Number product;
  if (a.isNan() || b.isNan()) {
    if (a.kind != Kind::kSignalNan && b.kind != Kind::kSignalNan && c.kind == Kind::kSignalNan) NAN_RESULT(&c);
    NAN_RESULT(&b);
  }
  if (a.isInfinite() || b.isInfinite()) {
    if (a.isZero() || b.isZero()) return invalid(status);
    product = infinity(a.negative != b.negative);
  } else {
    product.negative = a.negative != b.negative;
    mpz_mul(product.coefficient.get(), a.coefficient.get(), b.coefficient.get());
    product.exponent = a.exponent + b.exponent;
  }
  return add(product, c, false, s, status);
}

// --- one operand
Number plus(const Number& a, bool negate, const Settings& s, uint32_t& status) {
  NAN_RESULT(nullptr);
  Number r = a;
  r.negative = a.isZero() && s.rounding != Rounding::kFloor ? false : a.negative != negate;
  finish(r, s, status);
  return r;
}
Number absolute(const Number& a, const Settings& s, uint32_t& status) {
  NAN_RESULT(nullptr);
  Number r = a;
  r.negative = false;
  finish(r, s, status);
  return r;
}
Number quantize(const Number& a, const Number& b, const Settings& s, uint32_t& status) {
  NAN_RESULT(&b);
  if (a.isInfinite() || b.isInfinite()) return a.isInfinite() && b.isInfinite() ? a : invalid(status);
  if (b.exponent < s.etiny() || b.exponent > s.emax) return invalid(status);
  Number r = a;
  if (a.isZero()) {
    r.exponent = b.exponent;
    finish(r, s, status);
    return r;
  }
  if (a.adjusted() > s.emax || a.adjusted() - b.exponent + 1 > s.precision) return invalid(status);
  uint32_t own = 0;
  rescale(r, b.exponent, s.rounding, own);
  if ((!r.isZero() && r.adjusted() > s.emax) || r.digits() > s.precision) return invalid(status);
  if (!r.isZero() && r.adjusted() < s.emin) own |= kSubnormal;
  status |= own;
  finish(r, s, status);
  return r;
}
Number toIntegral(const Number& a, Rounding rounding, bool exact, const Settings& s, uint32_t& status) {
  NAN_RESULT(nullptr);
  if (a.isInfinite() || a.exponent >= 0) return a;
  Number r = a;
  uint32_t own = 0;
  rescale(r, 0, rounding, own);
  if (exact) status |= own;
  return r;
}
Number normalize(const Number& a, const Settings& s, uint32_t& status) {
  NAN_RESULT(nullptr);
  Number r = a;
  finish(r, s, status);
  if (!r.isFinite()) return r;
  if (r.isZero()) {
    r.exponent = 0;
    return r;
  }
  int64_t limit = s.clamp ? s.etop() : s.emax;
  while (r.exponent < limit && mpz_divisible_ui_p(r.coefficient.get(), 10)) {
    mpz_tdiv_q_ui(r.coefficient.get(), r.coefficient.get(), 10);
    ++r.exponent;
  }
  return r;
}
Number squareRoot(const Number& a, const Settings& s, uint32_t& status) {
  NAN_RESULT(nullptr);
  if (a.isInfinite() && !a.negative) return a;
  Number r;
  if (a.isZero()) {
    r = a;
    r.exponent = a.exponent >> 1;
    finish(r, s, status);
    return r;
  }
  if (a.negative) return invalid(status);
  Big c = a.coefficient, rest;
  int64_t e = a.exponent, ideal = e >> 1, digits = a.digits();
  if (e & 1) mpz_mul_ui(c.get(), c.get(), 10), e -= 1, digits += 1;
  int64_t shift = s.precision + 1 - (digits + 1) / 2;  // half of the digits to add
  bool exact = true;
  if (shift >= 0) {
    TenPower unit(2 * shift);
    mpz_mul(c.get(), c.get(), unit.get());
  } else {
    TenPower unit(-2 * shift);
    mpz_tdiv_qr(c.get(), rest.get(), c.get(), unit.get());
    exact = rest.isZero();
  }
  mpz_sqrtrem(r.coefficient.get(), rest.get(), c.get());
  exact = exact && rest.isZero();
  r.exponent = e / 2 - shift;
  if (!exact) {
    if (mpz_divisible_ui_p(r.coefficient.get(), 5)) mpz_add_ui(r.coefficient.get(), r.coefficient.get(), 1);
  } else {
    while (r.exponent < ideal && mpz_divisible_ui_p(r.coefficient.get(), 10)) {
      mpz_tdiv_q_ui(r.coefficient.get(), r.coefficient.get(), 10);
      ++r.exponent;
    }
  }
  Settings half = s;
  half.rounding = Rounding::kHalfEven;
  finish(r, half, status);
  return r;
}
Number logb(const Number& a, const Settings& s, uint32_t& status) {
  NAN_RESULT(nullptr);
  if (a.isInfinite()) return infinity(false);
  if (a.isZero()) {
    status |= kDivisionByZero;
    return infinity(true);
  }
  Number r = fromInt(a.adjusted());
  finish(r, s, status);
  return r;
}
// The value of an operand that must be an integer in [-limit, limit].
static bool smallInteger(const Number& b, int64_t limit, int64_t& out) {
  if (!b.isFinite() || b.exponent != 0 || !mpz_fits_slong_p(b.coefficient.get())) return false;
  out = mpz_get_si(b.coefficient.get());
  if (b.negative) out = -out;
  return out >= -limit && out <= limit;
}
Number scaleb(const Number& a, const Number& b, const Settings& s, uint32_t& status) {
  NAN_RESULT(&b);
  int64_t n;
  if (!smallInteger(b, 2 * (s.emax + s.precision), n)) return invalid(status);
  Number r = a;
  if (a.isInfinite()) return r;
  r.exponent += n;
  finish(r, s, status);
  return r;
}
Number shift(const Number& a, const Number& b, bool rotate, const Settings& s, uint32_t& status) {
  NAN_RESULT(&b);
  int64_t n;
  if (!smallInteger(b, s.precision, n)) return invalid(status);
  if (a.isInfinite()) return a;
  Number r = a;
  std::string digits = digitsOf(a.coefficient);
  size_t p = static_cast<size_t>(s.precision);
  if (digits.size() < p) digits.insert(0, p - digits.size(), '0');
  else digits = digits.substr(digits.size() - p);
  if (rotate) {
    size_t k = static_cast<size_t>((n % s.precision + s.precision) % s.precision);
    digits = digits.substr(k) + digits.substr(0, k);
  } else if (n < 0) {
    digits.resize(p - static_cast<size_t>(-n));
  } else {
    digits = digits.substr(static_cast<size_t>(n)) + std::string(static_cast<size_t>(n), '0');
  }
  mpz_set_str(r.coefficient.get(), digits.empty() ? "0" : digits.c_str(), 10);
  return r;
}
static bool logicalDigits(const Number& a, const Settings& s, std::string& out) {
  if (!a.isFinite() || a.negative || a.exponent != 0) return false;
  out = digitsOf(a.coefficient);
  if (out.find_first_not_of("01") != std::string::npos) return false;
  size_t p = static_cast<size_t>(s.precision);
  if (out.size() < p) out.insert(0, p - out.size(), '0');
  else out = out.substr(out.size() - p);
  return true;
}
Number logical(const Number& a, const Number& b, char op, const Settings& s, uint32_t& status) {
  std::string x, y;
  if (!logicalDigits(a, s, x) || !logicalDigits(b, s, y)) return invalid(status);
  for (size_t i = 0; i < x.size(); ++i) {
    bool p = x[i] == '1', q = y[i] == '1', bit = op == '&' ? p && q : op == '|' ? p || q : p != q;
    x[i] = bit ? '1' : '0';
  }
  Number r;
  mpz_set_str(r.coefficient.get(), x.c_str(), 10);
  return r;
}
Number nextToward(const Number& a, int direction, const Settings& s, uint32_t& status) {
  NAN_RESULT(nullptr);
  if (a.isInfinite()) {
    if (a.negative == (direction < 0)) return a;
    Number r;
    r.negative = a.negative;
    r.coefficient = powerOfTen(s.precision);
    mpz_sub_ui(r.coefficient.get(), r.coefficient.get(), 1);
    r.exponent = s.etop();
    return r;
  }
  Settings own = s;
  own.rounding = direction < 0 ? Rounding::kFloor : Rounding::kCeiling;
  uint32_t none = 0;
  Number r = a;
  finish(r, own, none);
  if (compare(r, a) != 0 || r.isInfinite()) return r;
  Number tiny = fromInt(direction);
  tiny.exponent = s.etiny() - 1;
  return add(a, tiny, false, own, none);
}
Number nextToward(const Number& a, const Number& b, const Settings& s, uint32_t& status) {
  NAN_RESULT(&b);
  int order = compare(a, b);
  if (order == 0) {
    Number r = a;
    r.negative = b.negative;
    return r;
  }
  Number r = nextToward(a, order < 0 ? 1 : -1, s, status);
  if (r.isInfinite()) status |= kOverflow | kInexact | kRounded;
  else if (r.isZero() || r.adjusted() < s.emin) {
    status |= kUnderflow | kSubnormal | kInexact | kRounded;
    if (r.isZero()) status |= kClamped;
  }
  return r;
}
Number choose(const Number& a, const Number& b, bool maximum, bool magnitude, const Settings& s, uint32_t& status) {
  if (a.isNan() || b.isNan()) {
    bool one_is_quiet = (a.kind == Kind::kQuietNan && !b.isNan()) || (b.kind == Kind::kQuietNan && !a.isNan());
    if (!one_is_quiet) NAN_RESULT(&b);
    Number r = a.isNan() ? b : a;
    finish(r, s, status);
    return r;
  }
  int order = magnitude ? compareMagnitude(a, b) : compare(a, b);
  if (order == 0) order = compareTotal(a, b);
  Number r = (order < 0) == maximum ? b : a;
  finish(r, s, status);
  return r;
}

// --- comparison
int compareMagnitude(const Number& a, const Number& b) {
  if (a.isInfinite() || b.isInfinite()) return static_cast<int>(a.isInfinite()) - static_cast<int>(b.isInfinite());
  if (a.isZero() || b.isZero()) return static_cast<int>(b.isZero()) - static_cast<int>(a.isZero());
  int64_t x = a.adjusted(), y = b.adjusted();
  if (x != y) return x < y ? -1 : 1;
  int order;
  if (a.exponent == b.exponent) order = mpz_cmp(a.coefficient.get(), b.coefficient.get());
  else {
    const Number& large = a.exponent > b.exponent ? a : b;
    TenPower unit(a.exponent > b.exponent ? a.exponent - b.exponent : b.exponent - a.exponent);
    Big scaled;
    mpz_mul(scaled.get(), large.coefficient.get(), unit.get());
    order = &large == &a ? mpz_cmp(scaled.get(), b.coefficient.get()) : mpz_cmp(a.coefficient.get(), scaled.get());
  }
  return order < 0 ? -1 : order > 0;
}
int compare(const Number& a, const Number& b) {
  if (a.isZero() && b.isZero()) return 0;
  if (a.isZero()) return b.negative ? 1 : -1;
  if (b.isZero()) return a.negative ? -1 : 1;
  if (a.negative != b.negative) return a.negative ? -1 : 1;
  int order = compareMagnitude(a, b);
  return a.negative ? -order : order;
}
int compareTotalMagnitude(const Number& a, const Number& b) {
  auto rank = [](const Number& n) { return n.kind == Kind::kSignalNan ? 2 : n.kind == Kind::kQuietNan ? 3 : 1; };
  if (rank(a) != rank(b)) return rank(a) < rank(b) ? -1 : 1;
  if (a.isNan()) {
    int order = mpz_cmp(a.coefficient.get(), b.coefficient.get());
    return order < 0 ? -1 : order > 0;
  }
  int order = compareMagnitude(a, b);
  if (order != 0 || a.isInfinite()) return order;
  return a.exponent < b.exponent ? -1 : a.exponent > b.exponent;
}
int compareTotal(const Number& a, const Number& b) {
  if (a.negative != b.negative) return a.negative ? -1 : 1;
  int order = compareTotalMagnitude(a, b);
  return a.negative ? -order : order;
}
bool sameQuantum(const Number& a, const Number& b) {
  if (!a.isFinite() || !b.isFinite()) return (a.isNan() && b.isNan()) || (a.isInfinite() && b.isInfinite());
  return a.exponent == b.exponent;
}
bool isSubnormal(const Number& a, const Settings& s) { return a.isFinite() && !a.isZero() && a.adjusted() < s.emin; }
const char* numberClass(const Number& a, const Settings& s) {
  if (a.isNan()) return a.kind == Kind::kSignalNan ? "sNaN" : "NaN";
  if (a.isInfinite()) return a.negative ? "-Infinity" : "+Infinity";
  if (a.isZero()) return a.negative ? "-Zero" : "+Zero";
  if (isSubnormal(a, s)) return a.negative ? "-Subnormal" : "+Subnormal";
  return a.negative ? "-Normal" : "+Normal";
}

// --- text
std::string digitsOf(const Big& v) {
  if (mpz_size(v.get()) <= 1) return std::to_string(static_cast<uint64_t>(mpz_getlimbn(v.get(), 0)));
  std::string out(mpz_sizeinbase(v.get(), 10) + 2, '\0');
  mpz_get_str(out.data(), 10, v.get());
  out.resize(out.find('\0'));
  return out;
}
static bool sameWord(std::string_view text, std::string_view word) {
  if (text.size() != word.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if ((text[i] | 32) != word[i]) return false;
  }
  return true;
}
bool parse(std::string_view text, Number& out) {
  out = Number();
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    out.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (sameWord(text, "inf") || sameWord(text, "infinity")) {
    out.kind = Kind::kInfinity;
    return true;
  }
  bool signals = !text.empty() && (text[0] | 32) == 's';
  if (sameWord(text.substr(signals, 3), "nan")) {
    std::string_view payload = text.substr(3 + signals);
    if (payload.find_first_not_of("0123456789") != std::string_view::npos) return false;
    out.kind = signals ? Kind::kSignalNan : Kind::kQuietNan;
    if (!payload.empty()) mpz_set_str(out.coefficient.get(), std::string(payload).c_str(), 10);
    return true;
  }
  std::string digits;
  bool has_point = false;
  size_t i = 0;
  for (; i < text.size(); ++i) {
    if (text[i] >= '0' && text[i] <= '9') {
      digits += text[i];
      out.exponent -= has_point;
    } else if (text[i] == '.' && !has_point) {
      has_point = true;
    } else {
      break;
    }
  }
  if (digits.empty()) return false;
  if (i < text.size()) {
    if ((text[i] | 32) != 'e') return false;
    bool negative = ++i < text.size() && text[i] == '-';
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    if (i >= text.size() || text.find_first_not_of("0123456789", i) != std::string_view::npos) return false;
    static constexpr int64_t kMost = 2000000000000000000;
    int64_t e = 0;
    for (; i < text.size(); ++i) e = e > kMost / 10 - 1 ? kMost : e * 10 + (text[i] - '0');
    out.exponent += negative ? -e : e;
  }
  mpz_set_str(out.coefficient.get(), digits.c_str(), 10);
  return true;
}
std::string toText(const Number& n, bool engineering, bool capitals) {
  std::string out = n.negative ? "-" : "";
  if (n.isInfinite()) return out + "Infinity";
  if (n.isNan()) return out + (n.kind == Kind::kSignalNan ? "sNaN" : "NaN") + (n.coefficient.isZero() ? "" : digitsOf(n.coefficient));
  std::string digits = digitsOf(n.coefficient);
  int64_t size = static_cast<int64_t>(digits.size()), left = n.exponent + size, point;
  if (n.exponent <= 0 && left > -6) point = left;
  else if (!engineering) point = 1;
  else if (digits == "0") point = ((left + 1) % 3 + 3) % 3 - 1;
  else point = ((left - 1) % 3 + 3) % 3 + 1;
  if (point <= 0) out += "0." + std::string(static_cast<size_t>(-point), '0') + digits;
  else if (point >= size) out += digits + std::string(static_cast<size_t>(point - size), '0');
  else out += digits.substr(0, static_cast<size_t>(point)) + "." + digits.substr(static_cast<size_t>(point));
  if (left == point) return out;
  return out + (capitals ? "E" : "e") + (left - point >= 0 ? "+" : "") + std::to_string(left - point);
}

}  // namespace krait::modules::decimal
