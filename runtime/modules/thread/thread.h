// What the files of the `_thread` module share: locks on futexes, threads and their handles. ref: Modules/_threadmodule.c.
#pragma once

#include <atomic>

#include "runtime/modules/os_support.h"

namespace krait::modules::thread {

// A word that threads wait on until it changes; all fields are touched under the isolate's lock only, but for the waiting.
struct WaitWord {
  std::atomic<uint32_t> changes{0};
  uint32_t waiters = 0;

  void wake(bool all);
  // Waits without the isolate's lock until a wake, `deadline_ns` (monotonic; <0: none) or a signal. False when time is over.
  bool wait(Thread& t, int64_t deadline_ns);
};
int64_t monotonicNanos();
// The deadline of blocking=, timeout= arguments; raises what CPython's lock_acquire_parse_args does. 0: do not wait.
Fallible<int64_t> deadlineOf_py(Thread& t, Value blocking, Value timeout);

void addLockTypes(Thread& t, Module* m);
void addThreadTypes(Thread& t, Module* m);
void addLocalType(Thread& t, Module* m);
// A thread ends: what _local objects keep for it dies.
void dropLocals(Thread& t);
extern const NativeDef kThreadFunctions[];
Ref newLock();

// A thread that C code started, for as long as it runs Python: takes the lock and is one of the isolate's threads meanwhile.
class CallingThread {
 public:
  explicit CallingThread(Isolate& isolate);
  ~CallingThread();
  CallingThread(const CallingThread&) = delete;
  Thread& thread() { return *thread_; }

 private:
  Thread* thread_;
};

// Waits for the threads that are not daemons.
Status shutdownThreads_py(Thread& t);

}  // namespace krait::modules::thread
