// Decimal numbers without Python: sign, integer coefficient (GMP) and exponent, or a special value; and the operations of the
// General Decimal Arithmetic Specification (1.70) on them. Every operation takes a Settings and adds the conditions it met to
// `status`; nothing here raises.
#pragma once

#include <gmp.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace krait::modules::decimal {

enum Condition : uint32_t {
  kClamped = 1, kConversionSyntax = 2, kDivisionByZero = 4, kDivisionImpossible = 8, kDivisionUndefined = 16, kInexact = 32, kInvalidContext = 64,
  kInvalidOperation = 128, kOverflow = 256, kRounded = 512, kSubnormal = 1024, kUnderflow = 2048, kFloatOperation = 4096,
};
constexpr uint32_t kAnyInvalid = kConversionSyntax | kDivisionImpossible | kDivisionUndefined | kInvalidContext | kInvalidOperation;

enum class Rounding : uint8_t { kUp, kDown, kCeiling, kFloor, kHalfUp, kHalfDown, kHalfEven, k05Up };
constexpr int64_t kMaxPrecision = 999999999999999999, kMaxExponent = 999999999999999999;

struct Settings {
  int64_t precision = 28, emax = 999999, emin = -999999;
  Rounding rounding = Rounding::kHalfEven;
  bool clamp = false, capitals = true;
  int64_t etiny() const { return emin - precision + 1; }
  int64_t etop() const { return emax - precision + 1; }
};

// An integer of any size with value semantics.
class Big {
 public:
  Big() { mpz_init(z_); }
  explicit Big(int64_t v) { mpz_init_set_si(z_, v); }
  Big(const Big& o) { mpz_init_set(z_, o.z_); }
  Big(Big&& o) noexcept {
    mpz_init(z_);
    mpz_swap(z_, o.z_);
  }
  Big& operator=(const Big& o) {
    mpz_set(z_, o.z_);
    return *this;
  }
  Big& operator=(Big&& o) noexcept {
    mpz_swap(z_, o.z_);
    return *this;
  }
  ~Big() { mpz_clear(z_); }
  mpz_ptr get() { return z_; }
  mpz_srcptr get() const { return z_; }
  bool isZero() const { return mpz_sgn(z_) == 0; }

 private:
  mpz_t z_;
};
// True once a power of ten was asked for that does not fit in memory; whoever raises MemoryError for it sets it back.
extern bool ran_out_of_memory;
Big powerOfTen(int64_t n);
// One below kKnownPowers, which is kept once it was asked for.
constexpr int64_t kKnownPowers = 1024;
const Big& knownPower(int64_t n);
// The same to look at: small powers are made once.
class TenPower {
 public:
  explicit TenPower(int64_t n);
  mpz_srcptr get() const { return known_ != nullptr ? known_->get() : own_.get(); }

 private:
  const Big* known_ = nullptr;
  Big own_;
};
// Decimal digits of |v|; 1 for zero.
int64_t digitCount(const Big& v);

enum class Kind : uint8_t { kFinite, kInfinity, kQuietNan, kSignalNan };

struct Number {
  bool negative = false;
  Kind kind = Kind::kFinite;
  Big coefficient;      // never negative; of NaNs the payload
  int64_t exponent = 0;

  bool isFinite() const { return kind == Kind::kFinite; }
  bool isInfinite() const { return kind == Kind::kInfinity; }
  bool isNan() const { return kind == Kind::kQuietNan || kind == Kind::kSignalNan; }
  bool isZero() const { return isFinite() && coefficient.isZero(); }
  int64_t digits() const { return digitCount(coefficient); }
  // The exponent of the most significant digit.
  int64_t adjusted() const { return exponent + digits() - 1; }
  bool isInteger() const;
};
Number fromInt(int64_t v);
Number infinity(bool negative);
Number quietNan();
// The NaN that an invalid operation gives.
Number invalid(uint32_t& status, uint32_t condition = kInvalidOperation);

// Rounds to the settings' precision and exponent range: the last step of every operation.
void finish(Number& n, const Settings& s, uint32_t& status);
// Shortens the coefficient so that the exponent becomes `exponent` (which is larger), or pads it; false: too long to pad.
void rescale(Number& n, int64_t exponent, Rounding rounding, uint32_t& status);
// The result when an operand is a NaN; false when none is.
bool propagateNan(const Number& a, const Number* b, const Settings& s, uint32_t& status, Number& out);

Number add(const Number& a, const Number& b, bool subtract, const Settings& s, uint32_t& status);
Number multiply(const Number& a, const Number& b, const Settings& s, uint32_t& status);
Number divide(const Number& a, const Number& b, const Settings& s, uint32_t& status);
void divideInteger(const Number& a, const Number& b, const Settings& s, uint32_t& status, Number* quotient, Number* remainder);
Number remainderNear(const Number& a, const Number& b, const Settings& s, uint32_t& status);
Number fusedMultiplyAdd(const Number& a, const Number& b, const Number& c, const Settings& s, uint32_t& status);
Number plus(const Number& a, bool negate, const Settings& s, uint32_t& status);
Number absolute(const Number& a, const Settings& s, uint32_t& status);
Number quantize(const Number& a, const Number& b, const Settings& s, uint32_t& status);
Number toIntegral(const Number& a, Rounding rounding, bool exact, const Settings& s, uint32_t& status);
Number normalize(const Number& a, const Settings& s, uint32_t& status);
Number squareRoot(const Number& a, const Settings& s, uint32_t& status);
Number exponential(const Number& a, const Settings& s, uint32_t& status);
Number naturalLog(const Number& a, const Settings& s, uint32_t& status);
Number log10(const Number& a, const Settings& s, uint32_t& status);
Number power(const Number& a, const Number& b, const Settings& s, uint32_t& status);
Number powerModulo(const Number& a, const Number& b, const Number& m, const Settings& s, uint32_t& status);
Number logb(const Number& a, const Settings& s, uint32_t& status);
Number scaleb(const Number& a, const Number& b, const Settings& s, uint32_t& status);
Number shift(const Number& a, const Number& b, bool rotate, const Settings& s, uint32_t& status);
Number logical(const Number& a, const Number& b, char op, const Settings& s, uint32_t& status);  // '&', '|', '^'
Number nextToward(const Number& a, int direction, const Settings& s, uint32_t& status);          // -1 or 1
Number nextToward(const Number& a, const Number& b, const Settings& s, uint32_t& status);
Number choose(const Number& a, const Number& b, bool maximum, bool magnitude, const Settings& s, uint32_t& status);

// Numbers that are not NaN: -1, 0, 1.
int compare(const Number& a, const Number& b);
int compareMagnitude(const Number& a, const Number& b);
int compareTotal(const Number& a, const Number& b);
int compareTotalMagnitude(const Number& a, const Number& b);
bool sameQuantum(const Number& a, const Number& b);
bool isSubnormal(const Number& a, const Settings& s);
const char* numberClass(const Number& a, const Settings& s);

// False: the text is no number.
bool parse(std::string_view ascii, Number& out);
std::string toText(const Number& n, bool engineering, bool capitals);
std::string digitsOf(const Big& v);

}  // namespace krait::modules::decimal
