// Integer arithmetic beyond the 49-bit immediates, on GMP. Operands are any ints; results are normalised: immediate
// whenever they fit. ref: Objects/longobject.c for semantics (floor division, hashing, true division, limits).
#include "runtime/object/int.h"

#include <gmp.h>

#include <charconv>
#include <cmath>
#include <cstring>

#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/heap.h"
#include "runtime/object/int_conversions.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

static_assert(sizeof(mp_limb_t) == 8);

// GMP takes its memory from the free lists.
static void* growLimbs(void* block, size_t before, size_t after) {
  if (before > kSmallSizeLimit && after > kSmallSizeLimit && !free_lists.is_traced) {
    if (void* same = std::realloc(block, after)) return same;
  }
  void* moved = allocateBytes(after);
  std::memcpy(moved, block, before < after ? before : after);
  freeBytes(block, before);
  return moved;
}
void installLimbMemory() { mp_set_memory_functions([](size_t size) { return allocateBytes(size); }, growLimbs, freeBytes); }

IntView::IntView(Value v) : limbs(&inline_limb), size(0), is_negative(false), inline_limb(0) {
  if (v.isHeap()) {
    const Int* i = v.as<Int>();
    limbs = i->limbs();
    size = i->size;
    is_negative = i->is_negative;
    return;
  }
  int64_t n = v.isBool() ? v.isTrue() : v.asInt();
  is_negative = n < 0;
  inline_limb = n < 0 ? -static_cast<uint64_t>(n) : static_cast<uint64_t>(n);
  size = inline_limb != 0;
}

// A GMP integer that is freed at the end of the scope.
class Big {
 public:
  Big() { mpz_init(z_); }
  ~Big() { mpz_clear(z_); }
  Big(const Big&) = delete;
  operator mpz_ptr() { return z_; }
  mpz_ptr get() { return z_; }

 private:
  mpz_t z_;
};

// A read-only GMP integer over a Value.
class BigView {
 public:
  explicit BigView(Value v) : view_(v) {
    mpz_roinit_n(z_, reinterpret_cast<const mp_limb_t*>(view_.limbs), view_.is_negative ? -view_.size : view_.size);
  }
  operator mpz_srcptr() const { return z_; }

 private:
  IntView view_;
  mpz_t z_;
};

Ref newIntFromLimbs(Thread& t, const uint64_t* limbs, int64_t size, bool negative) {
  while (size > 0 && limbs[size - 1] == 0) --size;
  if (size == 0) return newIntSmall(0);
  if (size == 1 && limbs[0] <= (1ull << 48)) {
    int64_t v = negative ? -static_cast<int64_t>(limbs[0]) : static_cast<int64_t>(limbs[0]);
    if (Value::fitsInt(v)) return newIntSmall(v);
  }
  Int* i = static_cast<Int*>(allocateBytes(sizeof(Int) + size * 8));
  initHeader(i, t.types().int_);
  i->size = static_cast<int32_t>(size);
  i->is_negative = negative;
  std::memcpy(i->limbs(), limbs, size * 8);
  return Ref::steal(i);
}

static Ref fromBig(Thread& t, mpz_srcptr z) {
  return newIntFromLimbs(t, reinterpret_cast<const uint64_t*>(mpz_limbs_read(z)), static_cast<int64_t>(mpz_size(z)), mpz_sgn(z) < 0);
}

Ref newInt(Thread& t, int64_t v) {
  if (Value::fitsInt(v)) return newIntSmall(v);
  uint64_t limb = v < 0 ? -static_cast<uint64_t>(v) : static_cast<uint64_t>(v);
  return newIntFromLimbs(t, &limb, 1, v < 0);
}

Ref newIntUnsigned(Thread& t, uint64_t v) { return newIntFromLimbs(t, &v, 1, false); }

Ref newIntFromDouble(Thread& t, double d) {
  if (std::isinf(d)) return raiseOverflowError(t, "cannot convert float infinity to integer");
  if (std::isnan(d)) return raiseValueError(t, "cannot convert float NaN to integer");
  if (std::fabs(d) < 9e15) return newInt(t, static_cast<int64_t>(d));
  Big z;
  mpz_set_d(z, d);
  return fromBig(t, z);
}

bool intFits(Value v, int64_t& out) {
  if (v.isInt()) {
    out = v.asInt();
    return true;
  }
  IntView view(v);
  if (view.size == 0) {
    out = 0;
    return true;
  }
  if (view.size > 1) return false;
  uint64_t limb = view.limbs[0];
  if (view.is_negative ? limb > (1ull << 63) : limb >= (1ull << 63)) return false;
  out = static_cast<int64_t>(view.is_negative ? -limb : limb);
  return true;
}

bool intFitsUnsigned(Value v, uint64_t& out) {
  IntView view(v);
  out = view.size == 0 ? 0 : view.limbs[0];
  return view.size <= 1 && !(view.is_negative && view.size > 0);
}

bool intIsNegative(Value v) {
  IntView view(v);
  return view.is_negative && view.size > 0;
}
bool intIsZero(Value v) { return IntView(v).size == 0; }

int64_t intBitLength(Value v) {
  IntView view(v);
  return view.size == 0 ? 0 : view.size * 64 - std::countl_zero(view.limbs[view.size - 1]);
}

// ref: _PyLong_Frexp: round half to even on 53 bits.
Fallible<double> intToDouble(Thread& t, Value v) {
  if (v.isInt()) return static_cast<double>(v.asInt());
  IntView view(v);
  if (view.size == 0) return 0.0;
  int64_t bits = intBitLength(v);
  if (bits > 1024) return raiseOverflowError(t, "int too large to convert to float");
  double d;
  if (view.size == 1) {
    d = static_cast<double>(view.limbs[0]);
  } else {
    int64_t shift = bits - 64;
    BigView z(v);
    Big top;
    mpz_abs(top, z);
    bool sticky = mpz_scan1(top, 0) < static_cast<mp_bitcnt_t>(shift);
    mpz_tdiv_q_2exp(top, top, shift);
    uint64_t limb = mpz_limbs_read(top)[0];
    if (sticky) limb |= 1;
    d = std::ldexp(static_cast<double>(limb), static_cast<int>(shift));
  }
  if (std::isinf(d)) return raiseOverflowError(t, "int too large to convert to float");
  return view.is_negative ? -d : d;
}

int intCompare(Value a, Value b) {
  if (a.isInt() && b.isInt()) return a.asInt() < b.asInt() ? -1 : a.asInt() > b.asInt();
  IntView x(a), y(b);
  bool x_negative = x.is_negative && x.size > 0, y_negative = y.is_negative && y.size > 0;
  if (x_negative != y_negative) return x_negative ? -1 : 1;
  int farther = x_negative ? -1 : 1;
  if (x.size != y.size) return x.size > y.size ? farther : -farther;
  for (int64_t i = x.size; i-- > 0;) {
    if (x.limbs[i] != y.limbs[i]) return x.limbs[i] > y.limbs[i] ? farther : -farther;
  }
  return 0;
}

// ref: long_hash: the value modulo 2^61 - 1, with the sign; -1 becomes -2.
int64_t intHash(Value v) {
  constexpr uint64_t kModulus = (1ull << 61) - 1;
  IntView view(v);
  uint64_t hash = 0;
  if (view.size == 1) {
    hash = view.limbs[0] % kModulus;
  } else {
    for (int64_t i = view.size - 1; i >= 0; --i) {
      unsigned __int128 x = (static_cast<unsigned __int128>(hash) << 64) | view.limbs[i];
      hash = static_cast<uint64_t>(x % kModulus);
    }
  }
  int64_t h = view.is_negative ? -static_cast<int64_t>(hash) : static_cast<int64_t>(hash);
  return h == -1 ? -2 : h;
}

// --- two limbs, which need no GMP
using Magnitude = unsigned __int128;
struct Wide {
  Magnitude magnitude;
  bool is_negative;
};
// False when the value has more limbs.
static bool toWide(Value v, Wide& out) {
  IntView view(v);
  if (view.size > 2) return false;
  out.magnitude = view.size == 0 ? 0 : view.size == 1 ? Magnitude(view.limbs[0]) : Magnitude(view.limbs[1]) << 64 | view.limbs[0];
  out.is_negative = view.is_negative && view.size > 0;
  return true;
}
static Ref fromWide(Thread& t, Magnitude magnitude, bool is_negative) {
  uint64_t limbs[2] = {static_cast<uint64_t>(magnitude), static_cast<uint64_t>(magnitude >> 64)};
  return newIntFromLimbs(t, limbs, 2, is_negative);
}
// x + y; empty when it needs a third limb.
static Ref addWide(Thread& t, Wide x, Wide y) {
  if (x.is_negative == y.is_negative) {
    Magnitude sum = x.magnitude + y.magnitude;
    return sum < x.magnitude ? Ref() : fromWide(t, sum, x.is_negative);
  }
  bool x_larger = x.magnitude >= y.magnitude;
  return fromWide(t, x_larger ? x.magnitude - y.magnitude : y.magnitude - x.magnitude, x_larger ? x.is_negative : y.is_negative);
}
static Magnitude bitwiseOf(Magnitude x, Magnitude y, char op) { return op == '&' ? x & y : op == '|' ? x | y : x ^ y; }
// Quotient and remainder rounded down, of y != 0.
struct WideDivision {
  Wide quotient, remainder;
};
static WideDivision divideWide(Wide x, Wide y) {
  bool one_limb = (x.magnitude >> 64) == 0 && (y.magnitude >> 64) == 0;
  Magnitude q = one_limb ? static_cast<uint64_t>(x.magnitude) / static_cast<uint64_t>(y.magnitude) : x.magnitude / y.magnitude;
  Magnitude r = x.magnitude - q * y.magnitude;
  bool differs = x.is_negative != y.is_negative;
  if (differs && r != 0) {
    ++q;
    r = y.magnitude - r;
  }
  return {{q, differs}, {r, y.is_negative}};
}

template <class Operation>
static Ref bigBinary(Thread& t, Value a, Value b, Operation operation) {
  Big r;
  operation(r, BigView(a), BigView(b));
  return fromBig(t, r);
}

Ref intAdd(Thread& t, Value a, Value b) {
  int64_t x, y, r;
  if (intFits(a, x) && intFits(b, y) && !__builtin_add_overflow(x, y, &r)) return newInt(t, r);
  Wide v, w;
  if (toWide(a, v) && toWide(b, w)) {
    if (Ref sum = addWide(t, v, w)) return sum;
  }
  return bigBinary(t, a, b, mpz_add);
}
Ref intSub(Thread& t, Value a, Value b) {
  int64_t x, y, r;
  if (intFits(a, x) && intFits(b, y) && !__builtin_sub_overflow(x, y, &r)) return newInt(t, r);
  Wide v, w;
  if (toWide(a, v) && toWide(b, w)) {
    if (Ref difference = addWide(t, v, {w.magnitude, !w.is_negative})) return difference;
  }
  return bigBinary(t, a, b, mpz_sub);
}
Ref intMul(Thread& t, Value a, Value b) {
  int64_t x, y, r;
  if (intFits(a, x) && intFits(b, y) && !__builtin_mul_overflow(x, y, &r)) return newInt(t, r);
  IntView v(a), w(b);
  if (v.size <= 1 && w.size <= 1) {
    Magnitude product = v.size == 0 || w.size == 0 ? 0 : Magnitude(v.limbs[0]) * w.limbs[0];
    return fromWide(t, product, v.is_negative != w.is_negative);
  }
  return bigBinary(t, a, b, mpz_mul);
}

Ref intFloorDiv(Thread& t, Value a, Value b) {
  if (intIsZero(b)) return raise(t, errors(t).zero_division_error, "division by zero");
  int64_t x, y;
  if (intFits(a, x) && intFits(b, y) && !(x == INT64_MIN && y == -1)) {
    int64_t q = x / y;
    return newInt(t, q - ((x % y != 0) && ((x < 0) != (y < 0))));
  }
  Wide v, w;
  if (toWide(a, v) && toWide(b, w)) {
    Wide q = divideWide(v, w).quotient;
    return fromWide(t, q.magnitude, q.is_negative);
  }
  return bigBinary(t, a, b, mpz_fdiv_q);
}
Ref intMod(Thread& t, Value a, Value b) {
  if (intIsZero(b)) return raise(t, errors(t).zero_division_error, "division by zero");
  int64_t x, y;
  if (intFits(a, x) && intFits(b, y) && y != -1) {
    int64_t r = x % y;
    return newInt(t, r != 0 && ((r < 0) != (y < 0)) ? r + y : r);
  }
  Wide v, w;
  if (toWide(a, v) && toWide(b, w)) {
    Wide r = divideWide(v, w).remainder;
    return fromWide(t, r.magnitude, r.is_negative);
  }
  return bigBinary(t, a, b, mpz_fdiv_r);
}
Ref intDivMod(Thread& t, Value a, Value b) {
  Ref q = TRY(intFloorDiv(t, a, b));
  Ref r = TRY(intMod(t, a, b));
  return tupleOf(t, {q.get(), r.get()});
}

// ref: long_true_divide: correctly rounded.
Ref intTrueDiv(Thread& t, Value a, Value b) {
  if (intIsZero(b)) return raise(t, errors(t).zero_division_error, "division by zero");
  int64_t x, y;
  constexpr int64_t kExact = 1ll << 53;
  if (intFits(a, x) && intFits(b, y) && x >= -kExact && x <= kExact && y >= -kExact && y <= kExact) {
    return newFloat(static_cast<double>(x) / static_cast<double>(y));
  }
  if (intIsZero(a)) return newFloat(intIsNegative(b) ? -0.0 : 0.0);
  // Scale so that the quotient has at least 66 bits, keep a sticky bit, round once in ldexp (or in the subnormal range).
  int64_t shift = intBitLength(b) - intBitLength(a) + 66;
  if (shift - 66 > 1200) return newFloat(intIsNegative(a) != intIsNegative(b) ? -0.0 : 0.0);
  if (66 - shift > 1030) return raiseOverflowError(t, "integer division result too large for a float");
  Big n, d, q, r;
  mpz_abs(n, BigView(a));
  mpz_abs(d, BigView(b));
  if (shift > 0) mpz_mul_2exp(n, n, shift);
  else mpz_mul_2exp(d, d, -shift);
  mpz_tdiv_qr(q, r, n, d);
  int64_t bits = static_cast<int64_t>(mpz_sizeinbase(q, 2));
  // The exponent of the result decides how many bits it can hold (fewer when subnormal).
  int64_t exponent = bits - shift;
  int64_t keep = exponent < -1021 ? 53 - (-1021 - exponent) : 53;
  if (keep < 0) keep = 0;
  int64_t drop = bits - keep;
  bool sticky = mpz_sgn(r.get()) != 0 || (drop > 1 && mpz_scan1(q, 0) < static_cast<mp_bitcnt_t>(drop - 1));
  bool half = drop > 0 && mpz_tstbit(q, drop - 1);
  mpz_tdiv_q_2exp(q, q, drop);
  if (half && (sticky || mpz_tstbit(q, 0))) mpz_add_ui(q, q, 1);
  double result = std::ldexp(mpz_get_d(q), static_cast<int>(drop - shift));
  if (std::isinf(result)) return raiseOverflowError(t, "integer division result too large for a float");
  return newFloat(intIsNegative(a) != intIsNegative(b) ? -result : result);
}

Ref intPow(Thread& t, Value a, Value b) {
  if (intIsNegative(b)) {
    double x = TRY(intToDouble(t, a)), y = TRY(intToDouble(t, b));
    if (x == 0) return raise(t, errors(t).zero_division_error, "zero to a negative power");
    return floatPow(t, x, y);
  }
  int64_t exponent;
  int64_t base;
  bool small_base = intFits(a, base) && base >= -1 && base <= 1;
  if (small_base) {
    if (intIsZero(b) || base == 1) return newIntSmall(1);
    if (base == 0) return newIntSmall(0);
    return newIntSmall((IntView(b).limbs[0] & 1) ? -1 : 1);
  }
  if (!intFits(b, exponent) || exponent > (int64_t{1} << 37) / intBitLength(a)) return raiseMemoryError(t);
  Big r;
  mpz_pow_ui(r, BigView(a), static_cast<unsigned long>(exponent));
  return fromBig(t, r);
}

Ref intPowMod(Thread& t, Value a, Value b, Value m) {
  if (intIsZero(m)) return raiseValueError(t, "pow() 3rd argument cannot be 0");
  Big r, base, modulus;
  mpz_abs(modulus, BigView(m));
  mpz_set(base, BigView(a));
  Big exponent;
  mpz_set(exponent, BigView(b));
  if (mpz_sgn(exponent.get()) < 0) {
    if (mpz_invert(base, base, modulus) == 0) return raiseValueError(t, "base is not invertible for the given modulus");
    mpz_neg(exponent, exponent);
  }
  mpz_powm(r, base, exponent, modulus);
  mpz_fdiv_r(r, r, BigView(m));
  return fromBig(t, r);
}

Ref intNegative(Thread& t, Value a) {
  if (a.isInt()) return newInt(t, -a.asInt());
  IntView view(a);
  return newIntFromLimbs(t, view.limbs, view.size, !view.is_negative);
}

Ref intInvert(Thread& t, Value a) {
  int64_t x;
  if (intFits(a, x)) return newInt(t, ~x);
  Big r;
  mpz_com(r, BigView(a));
  return fromBig(t, r);
}

Ref intShiftLeft(Thread& t, Value a, Value b) {
  if (intIsNegative(b)) return raiseValueError(t, "negative shift count");
  if (intIsZero(a)) return newIntSmall(0);
  int64_t n;
  if (!intFits(b, n) || n > (int64_t{1} << 37)) return raiseOverflowError(t, "too many digits in integer");
  Wide v;
  if (n < 128 && toWide(a, v) && intBitLength(a) + n <= 128) return fromWide(t, v.magnitude << n, v.is_negative);
  if (!canAllocate(static_cast<size_t>(n + intBitLength(a)) / 8)) return raiseMemoryError(t);
  Big r;
  mpz_mul_2exp(r, BigView(a), n);
  return fromBig(t, r);
}

Ref intShiftRight(Thread& t, Value a, Value b) {
  if (intIsNegative(b)) return raiseValueError(t, "negative shift count");
  int64_t n, x;
  if (!intFits(b, n)) return newIntSmall(intIsNegative(a) ? -1 : 0);
  if (intFits(a, x)) return newInt(t, n > 63 ? (x < 0 ? -1 : 0) : x >> n);
  Wide v;
  if (toWide(a, v) && !v.is_negative) return fromWide(t, n > 127 ? 0 : v.magnitude >> n, false);
  Big r;
  mpz_fdiv_q_2exp(r, BigView(a), n);
  return fromBig(t, r);
}

Ref intBitwise(Thread& t, Value a, Value b, char op) {
  int64_t x, y;
  if (intFits(a, x) && intFits(b, y)) return newInt(t, op == '&' ? x & y : op == '|' ? x | y : x ^ y);
  Wide v, w;
  if (toWide(a, v) && toWide(b, w)) {
    if (!v.is_negative && !w.is_negative) return fromWide(t, bitwiseOf(v.magnitude, w.magnitude, op), false);
    if ((v.magnitude >> 127) == 0 && (w.magnitude >> 127) == 0) {  // two's complement has room for both
      Magnitude r = bitwiseOf(v.is_negative ? -v.magnitude : v.magnitude, w.is_negative ? -w.magnitude : w.magnitude, op);
      bool is_negative = (r >> 127) != 0;
      return fromWide(t, is_negative ? -r : r, is_negative);
    }
  }
  return bigBinary(t, a, b, op == '&' ? mpz_and : op == '|' ? mpz_ior : mpz_xor);
}

std::string intToText(Value v, int base) {
  if (v.isInt() && base == 10) return std::to_string(v.asInt());
  BigView z(v);
  std::string out(mpz_sizeinbase(z, base) + 2, '\0');
  mpz_get_str(out.data(), base, z);
  out.resize(std::strlen(out.c_str()));
  return out;
}

Ref intToStr_py(Thread& t, Value v) {
  if (v.isInt()) {
    char digits[24];
    char* end = std::to_chars(digits, digits + sizeof digits, v.asInt()).ptr;
    if (end - digits == 1) return Ref::of(t.isolate->latin1[static_cast<unsigned char>(digits[0])]);
    Ref r = TRY(newStrBuffer(t, end - digits, 0x7F));
    std::memcpy(r.as<Str>()->data(), digits, static_cast<size_t>(end - digits));
    return r;
  }
  int64_t limit = t.isolate->int_max_str_digits;
  int64_t bits = intBitLength(v);
  if (limit > 0 && bits > limit * 33 / 10) {
    // A number of so many bits has more digits than that whatever they are; finding them would take long.
    bool is_far_too_long = bits / 4 > limit;
    std::string text = is_far_too_long ? std::string() : intToText(v, 10);
    if (is_far_too_long || static_cast<int64_t>(text.size()) - (text[0] == '-') > limit) {
      return raiseValueError(t, "Exceeds the limit (%ld digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit", static_cast<long>(limit));
    }
    return newStr(t, text);
  }
  return newStr(t, intToText(v, 10));
}

Ref intFromDigits(Thread& t, std::string_view digits, int base, bool negative) {
  std::string clean;
  for (size_t i = 0; i < digits.size(); ++i) {
    char c = digits[i];
    if (c == '_') {
      if (i == 0 || i + 1 == digits.size() || digits[i - 1] == '_') return Ref();
      continue;
    }
    int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'z' ? c - 'a' + 10 : c >= 'A' && c <= 'Z' ? c - 'A' + 10 : 99;
    if (value >= base) return Ref();
    clean += c;
  }
  if (clean.empty()) return Ref();
  if (clean.size() < 15 && base <= 10) {
    int64_t v = 0;
    for (char c : clean) v = v * base + (c - '0');
    return newInt(t, negative ? -v : v);
  }
  Big z;
  if (mpz_set_str(z, clean.c_str(), base) != 0) return Ref();
  if (negative) mpz_neg(z, z);
  return fromBig(t, z);
}

Ref toIndex_py(Thread& t, Value v) {
  if (isExactInt(v)) return Ref::of(v);
  if (v.isBool()) return newIntSmall(v.isTrue());
  if (isIntLike(v)) {
    IntView view(v);
    return newIntFromLimbs(t, view.limbs, view.size, view.is_negative);
  }
  Type* type = typeOf(t, v);
  if (type->slots.index == nullptr) {
    return raiseTypeError(t, "'%s' object cannot be interpreted as an integer", typeNameOf(t, v));
  }
  Ref r = TRY(type->slots.index(t, v));
  if (isExactInt(r.get())) return r;
  if (!isIntLike(r.get())) return raiseTypeError(t, "__index__ returned non-int (type %s)", typeNameOf(t, r.get()));
  TRY(warn_py(t, errors(t).deprecation_warning, 1, "__index__ returned non-int (type %s).  The ability to return an instance of a strict subclass of int is deprecated, "
              "and may be removed in a future version of Python.", typeNameOf(t, r.get())));
  return toIndex_py(t, r.get());
}

// v's index as an int64; `overflow` raises where it does not fit.
template <typename Overflow>
static Fallible<int64_t> indexOr_py(Thread& t, Value v, Overflow overflow) {
  if (v.isInt()) return v.asInt();
  Ref i = TRY(toIndex_py(t, v));
  int64_t out;
  if (!intFits(i.get(), out)) return overflow();
  return out;
}

Fallible<int64_t> toInt64_py(Thread& t, Value v) {
  return indexOr_py(t, v, [&] { return raiseOverflowError(t, "Python int too large to convert to C ssize_t"); });
}

Fallible<int> toCInt_py(Thread& t, Value v) {
  Ref i = TRY(toIndex_py(t, v));
  int64_t out;
  if (!intFits(i.get(), out) || out != static_cast<int>(out)) return raiseOverflowError(t, "Python int too large to convert to C int");
  return static_cast<int>(out);
}

Fallible<int> toFormatInt_py(Thread& t, Value v) {
  int64_t out = TRY(toLong_py(t, v));
  if (out != static_cast<int>(out)) return raiseOverflowError(t, out < 0 ? "signed integer is less than minimum" : "signed integer is greater than maximum");
  return static_cast<int>(out);
}

Fallible<int64_t> toLong_py(Thread& t, Value v) {
  return indexOr_py(t, v, [&] { return raiseOverflowError(t, "Python int too large to convert to C long"); });
}

Fallible<int64_t> toSize_py(Thread& t, Value v) {
  return indexOr_py(t, v, [&] { return raiseOverflowError(t, "cannot fit '%s' into an index-sized integer", typeNameOf(t, v)); });
}

Fallible<int64_t> toIndexClamped_py(Thread& t, Value v) {
  if (v.isInt()) return v.asInt();
  Type* type = typeOf(t, v);
  if (!isIntLike(v) && type->slots.index == nullptr) {
    return raiseTypeError(t, "slice indices must be integers or None or have an __index__ method");
  }
  Ref i = TRY(toIndex_py(t, v));
  int64_t out;
  if (intFits(i.get(), out)) return out;
  return intIsNegative(i.get()) ? INT64_MIN : INT64_MAX;
}

}  // namespace krait::object
