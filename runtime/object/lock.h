// The isolate's lock: exactly one thread of an isolate runs Python code or touches objects at a time. Blocking calls are
// made inside a `WithoutLock`; nothing there may touch an object. ref: Python/ceval_gil.c.
#pragma once

#include <cstdint>

#include "runtime/object/thread.h"

namespace krait::object {

enum EvalBreaker : uint32_t {
  kBreakCollect = 1,  // containers were made: run the collector
  kBreakSignal = 2,   // a signal arrived
  kBreakLock = 4,     // another thread waits for the lock
  kBreakAsync = 8,    // an exception was sent to this thread
  kBreakMemory = 16,  // memory ran out: MemoryError
};

// Waits for the lock; the thread becomes current.
void takeLock(Thread& t);
void giveLock(Thread& t);
// The program ends: a thread other than `t` that waits for the lock waits for ever.
void keepLockForever(Thread& t);
// Hands the lock to a waiting thread, if there is one, and takes it back.
void yieldLock(Thread& t);
// After fork, in the child: this thread is the only one and has the lock.
void resetLockAfterFork(Thread& t);
// Seconds that a thread waits before it asks for the lock (sys.setswitchinterval).
double switchInterval();
void setSwitchInterval(double seconds);

// Sets a breaker bit of any thread, from any thread or signal handler.
inline void requestBreak(Thread& t, EvalBreaker bit) { __atomic_fetch_or(&t.eval_breaker, static_cast<uint32_t>(bit), __ATOMIC_SEQ_CST); }

// Gives the lock up for as long as it lives; errno is kept.
class WithoutLock {
 public:
  explicit WithoutLock(Thread& t) : t_(t) { giveLock(t); }
  ~WithoutLock() {
    int saved = *errnoLocation();
    takeLock(t_);
    *errnoLocation() = saved;
  }
  WithoutLock(const WithoutLock&) = delete;

 private:
  static int* errnoLocation();
  Thread& t_;
};

}  // namespace krait::object
