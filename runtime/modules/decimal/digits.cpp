// Powers of ten, and how many decimal digits an integer has.
#include <bit>

#include "runtime/modules/decimal/number.h"

namespace krait::modules::decimal {

bool ran_out_of_memory = false;
Big powerOfTen(int64_t n) {
  constexpr int64_t kMostDigits = 500000000;
  Big r;
  if (n > kMostDigits) {  // GMP would end the process
    ran_out_of_memory = true;
    n = 0;
  }
  mpz_ui_pow_ui(r.get(), 10, static_cast<unsigned long>(n < 0 ? 0 : n));
  return r;
}
const Big& knownPower(int64_t n) {
  static Big powers[kKnownPowers];
  if (powers[n].isZero()) mpz_ui_pow_ui(powers[n].get(), 10, static_cast<unsigned long>(n));
  return powers[n];
}
TenPower::TenPower(int64_t n) {
  if (n < kKnownPowers) known_ = &knownPower(n < 0 ? 0 : n);
  else own_ = powerOfTen(n);
}
// The powers of ten of up to three limbs, lowest limb first: what most numbers are compared with.
static constexpr int kSmallPowers = 58;
struct SmallPowers {
  uint64_t limbs[kSmallPowers][3] = {{1, 0, 0}};
};
static constexpr SmallPowers makeSmallPowers() {
  SmallPowers powers;
  for (int i = 1; i < kSmallPowers; ++i) {
    unsigned __int128 carry = 0;
    for (int k = 0; k < 3; ++k) {
      carry += static_cast<unsigned __int128>(powers.limbs[i - 1][k]) * 10;
      powers.limbs[i][k] = static_cast<uint64_t>(carry);
      carry >>= 64;
    }
  }
  return powers;
}
static constexpr SmallPowers kPowers = makeSmallPowers();
// Is the number of `size` limbs at least 10^n?
static bool isAtLeastPower(const mp_limb_t* limbs, int size, int n) {
  for (int k = 2; k >= 0; --k) {
    uint64_t own = k < size ? limbs[k] : 0;
    if (own != kPowers.limbs[n][k]) return own > kPowers.limbs[n][k];
  }
  return true;
}
int64_t digitCount(const Big& v) {
  if (v.isZero()) return 1;
  if (size_t size = mpz_size(v.get()); size <= 3) {
    const mp_limb_t* limbs = mpz_limbs_read(v.get());
    int bits = static_cast<int>(size) * 64 - std::countl_zero(static_cast<uint64_t>(limbs[size - 1]));
    int n = bits * 1233 >> 12;  // the digits or one less
    return n < kSmallPowers && isAtLeastPower(limbs, static_cast<int>(size), n) ? n + 1 : n;
  }
  // 2^(bits-1) <= v < 2^bits: one of two counts.
  constexpr double kLog10Of2 = 0.30102999566398119521;
  auto least = static_cast<int64_t>(static_cast<double>(mpz_sizeinbase(v.get(), 2) - 1) * kLog10Of2);
  if (least + 1 < kKnownPowers) return mpz_cmpabs(v.get(), knownPower(least + 1).get()) >= 0 ? least + 2 : least + 1;
  int64_t n = static_cast<int64_t>(mpz_sizeinbase(v.get(), 10));
  TenPower limit(n - 1);  // the estimate may be one too large
  return mpz_cmpabs(v.get(), limit.get()) < 0 ? n - 1 : n;
}

}  // namespace krait::modules::decimal
