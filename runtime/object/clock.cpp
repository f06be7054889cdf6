#include "runtime/object/clock.h"

#include <sys/random.h>

#include <atomic>
#include <cerrno>

namespace krait::object {

static constexpr int64_t kSecond = 1000000000;
static constexpr int64_t kFirstStart = 1000000000;  // 9 September 2001, seconds
static constexpr int64_t kBetweenStarts = 40000019;
static constexpr int64_t kUpTime = 1000;
static constexpr int64_t kLook = 1000;  // nanoseconds

static std::atomic<bool> has_own_time{false};
static int64_t start_seconds = 0;
static std::atomic<int64_t> passed{0};
static std::atomic<uint64_t> random_state{0};

void useOwnTime(uint64_t seed) {
  start_seconds = kFirstStart + static_cast<int64_t>(seed % 16) * kBetweenStarts;
  random_state = seed * 0x9E3779B97F4A7C15u + 1;
  has_own_time = true;
}
bool hasOwnTime() { return has_own_time.load(std::memory_order_relaxed); }

int readClock(clockid_t clock, timespec* now) {
  if (!hasOwnTime()) return clock_gettime(clock, now);
  int64_t nanos = passed.fetch_add(kLook) + kLook;
  switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_TAI: now->tv_sec = static_cast<time_t>(start_seconds); break;
    case CLOCK_PROCESS_CPUTIME_ID:
    case CLOCK_THREAD_CPUTIME_ID: now->tv_sec = 0; break;
    default: now->tv_sec = kUpTime;
  }
  now->tv_sec += static_cast<time_t>(nanos / kSecond);
  now->tv_nsec = static_cast<long>(nanos % kSecond);
  return 0;
}

void passTime(int64_t nanos) {
  if (nanos > 0) passed.fetch_add(nanos);
}

// SplitMix64.
static uint64_t nextWord() {
  uint64_t z = random_state.fetch_add(0x9E3779B97F4A7C15u) + 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

bool fillRandom(void* bytes, size_t size, bool may_wait) {
  auto* out = static_cast<uint8_t*>(bytes);
  if (hasOwnTime()) {
    for (size_t i = 0; i < size; ++i) out[i] = static_cast<uint8_t>(nextWord() >> 24);
    return true;
  }
  for (size_t at = 0; at < size;) {
    ssize_t n = getrandom(out + at, size - at, may_wait ? 0 : GRND_NONBLOCK);
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) at += static_cast<size_t>(n);
  }
  return true;
}

}  // namespace krait::object
