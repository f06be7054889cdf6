// The lock is one word: free, held, or held with waiters, on a futex-like pair of mutex and condition for the slow path.
// A waiter that got nothing for the switch interval sets kBreakLock in the holder, which then yields at its next safe
// point; a holder that yields waits until somebody else took the lock, so that waiters are not starved.
#include "runtime/object/lock.h"

#include <pthread.h>
#include <time.h>

#include <atomic>
#include <cerrno>

namespace krait::object {

struct IsolateLock {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t freed = PTHREAD_COND_INITIALIZER;
  pthread_cond_t switched = PTHREAD_COND_INITIALIZER;
  std::atomic<Thread*> holder{nullptr};
  std::atomic<int> waiters{0};
  uint64_t switches = 0;
  double interval = 0.005;
  std::atomic<Thread*> last{nullptr};  // the only one that may still have it
};
static IsolateLock lock;

int* WithoutLock::errnoLocation() { return &errno; }
double switchInterval() { return lock.interval; }
void setSwitchInterval(double seconds) { lock.interval = seconds; }

static timespec deadline() {
  timespec at;
  clock_gettime(CLOCK_REALTIME, &at);
  int64_t nanos = at.tv_nsec + static_cast<int64_t>(lock.interval * 1e9);
  at.tv_sec += nanos / 1000000000;
  at.tv_nsec = nanos % 1000000000;
  return at;
}

void keepLockForever(Thread& t) { lock.last.store(&t); }

static void waitForLock(Thread& t) {
  pthread_mutex_lock(&lock.mutex);
  lock.waiters.fetch_add(1);
  for (;;) {
    Thread* expected = nullptr;
    bool may_have = lock.last.load() == nullptr || lock.last.load() == &t;
    if (may_have && lock.holder.compare_exchange_strong(expected, &t)) break;
    uint64_t seen = lock.switches;
    timespec until = deadline();
    int error = pthread_cond_timedwait(&lock.freed, &lock.mutex, &until);
    Thread* holder = lock.holder.load();
    if (error == ETIMEDOUT && holder != nullptr && seen == lock.switches) requestBreak(*holder, kBreakLock);
  }
  lock.waiters.fetch_sub(1);
  ++lock.switches;
  pthread_cond_broadcast(&lock.switched);
  pthread_mutex_unlock(&lock.mutex);
}

void takeLock(Thread& t) {
  Thread* expected = nullptr;
  bool may_have = lock.last.load(std::memory_order_relaxed) == nullptr || lock.last.load() == &t;
  if (!may_have || !lock.holder.compare_exchange_strong(expected, &t)) waitForLock(t);
  current_thread = &t;
}

void giveLock(Thread&) {
  lock.holder.store(nullptr);
  if (lock.waiters.load() == 0) return;
  pthread_mutex_lock(&lock.mutex);
  pthread_cond_signal(&lock.freed);
  pthread_mutex_unlock(&lock.mutex);
}

void yieldLock(Thread& t) {
  if (lock.waiters.load() == 0 || lock.last.load() != nullptr) return;
  pthread_mutex_lock(&lock.mutex);
  uint64_t seen = lock.switches;
  lock.holder.store(nullptr);
  pthread_cond_signal(&lock.freed);
  while (lock.switches == seen && lock.waiters.load() > 0) pthread_cond_wait(&lock.switched, &lock.mutex);
  pthread_mutex_unlock(&lock.mutex);
  takeLock(t);
}

void resetLockAfterFork(Thread& t) {
  new (&lock) IsolateLock();
  lock.holder.store(&t);
  current_thread = &t;
}

}  // namespace krait::object
