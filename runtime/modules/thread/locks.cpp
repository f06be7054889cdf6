// lock and RLock.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <climits>

#include "runtime/modules/os_support.h"
#include "runtime/modules/thread/thread.h"
#include "runtime/object/clock.h"
#include "runtime/object/float.h"
#include "runtime/object/heap.h"

namespace krait::modules::thread {

// Real nanoseconds that a thread waits for others when its time is the program's own.
static constexpr int64_t kOwnWait = 20000000;

int64_t monotonicNanos() {
  timespec now;
  readClock(CLOCK_MONOTONIC, &now);
  return static_cast<int64_t>(now.tv_sec) * 1000000000 + now.tv_nsec;
}
void WaitWord::wake(bool all) {
  changes.fetch_add(1);
  if (waiters > 0) syscall(SYS_futex, &changes, FUTEX_WAKE_PRIVATE, all ? INT_MAX : 1, nullptr, nullptr, 0);
}
bool WaitWord::wait(Thread& t, int64_t deadline_ns) {
  uint32_t seen = changes.load();
  bool is_short = deadline_ns >= 0 && hasOwnTime();
  if (is_short) {
    // Others get a moment of real time; then the time that was to be waited is over.
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t left = deadline_ns - monotonicNanos();
    deadline_ns = static_cast<int64_t>(now.tv_sec) * 1000000000 + now.tv_nsec + kOwnWait;
    passTime(left);
  }
  timespec until = {static_cast<time_t>(deadline_ns / 1000000000), static_cast<long>(deadline_ns % 1000000000)};
  ++waiters;
  long result;
  {
    WithoutLock unlocked(t);
    result = syscall(SYS_futex, &changes, FUTEX_WAIT_BITSET_PRIVATE, seen, deadline_ns < 0 ? nullptr : &until, nullptr, FUTEX_BITSET_MATCH_ANY);
  }
  --waiters;
  return !(result < 0 && errno == ETIMEDOUT);
}

Fallible<int64_t> deadlineOf_py(Thread& t, Value blocking, Value timeout) {
  bool blocks = TRY(isTrue_py(t, blocking));
  int64_t length = TRY(durationOf_py(t, timeout));
  constexpr int64_t kForEver = -1000000000;
  if (!blocks && length != kForEver) return raiseValueError(t, "can't specify a timeout for a non-blocking call");
  if (length < 0 && length != kForEver) return raiseValueError(t, "timeout value must be a non-negative number");
  if (!blocks || length == 0) return int64_t{0};
  if (length < 0) return int64_t{-1};
  int64_t deadline;
  return __builtin_add_overflow(monotonicNanos(), length, &deadline) ? INT64_MAX : deadline;
}

struct Lock : Object {
  WaitWord word;
  uint64_t owner;  // RLock: identity of the owning thread
  int64_t count;   // how often it is held
};
static Type* lock_type = nullptr;
static Type* rlock_type = nullptr;
static Lock* self(Value v) { return v.as<Lock>(); }
static Ref make(Thread& t, Type* type, const Value*, uint32_t nargs, Tuple* keywords) {
  bool has_keywords = keywords != nullptr && keywords->size > 0;
  if (type == lock_type && has_keywords) return raiseTypeError(t, "lock() takes no keyword arguments");
  if (type == lock_type && nargs > 0) return raiseTypeError(t, "lock expected 0 arguments, got %u", nargs);
  return Ref::steal(allocate<Lock>(type));
}
static Status init(Thread&, Value, const Value*, uint32_t, Tuple*) { return kDone; }
Ref newLock() { return Ref::steal(allocate<Lock>(lock_type)); }

// Waits until nobody holds the lock; false when the deadline is over.
static Fallible<bool> waitFree_py(Thread& t, Lock* l, int64_t deadline) {
  Ref held = Ref::of(Value(l));
  while (l->count > 0) {
    if (deadline == 0) return false;
    if (!l->word.wait(t, deadline) && l->count > 0) return false;
    TRY(checkSignals_py(t));
  }
  return true;
}
static Ref acquire(Thread& t, const Value* a) {
  Lock* l = self(a[0]);
  int64_t deadline = a[1].isTrue() && a[2] == Value::fromInt(-1) ? -1 : TRY(deadlineOf_py(t, a[1], a[2]));
  if (!TRY(waitFree_py(t, l, deadline))) return Ref::boolean(false);
  l->count = 1;
  return Ref::boolean(true);
}
static Ref release(Thread& t, const Value* a) {
  Lock* l = self(a[0]);
  if (l->count == 0) return raiseRuntimeError(t, "release unlocked lock");
  l->count = 0;
  l->word.wake(false);
  return Ref::none();
}
static Ref enter(Thread& t, const Value* a) {
  if (!TRY(waitFree_py(t, self(a[0]), -1))) return Ref();
  self(a[0])->count = 1;
  return Ref::boolean(true);
}
static Ref locked(Thread&, const Value* a) { return Ref::boolean(self(a[0])->count > 0); }
static Ref reinit(Thread&, const Value* a) {
  self(a[0])->count = 0;
  self(a[0])->owner = 0;
  self(a[0])->word.waiters = 0;
  return Ref::none();
}
static Ref repr(Thread& t, Value v) {
  return strFormat(t, "<%s _thread.lock object at %p>", self(v)->count > 0 ? "locked" : "unlocked", static_cast<void*>(v.object()));
}

// --- RLock
static Ref acquireRecursive(Thread& t, const Value* a) {
  Lock* l = self(a[0]);
  int64_t deadline = a[1].isTrue() && a[2] == Value::fromInt(-1) ? -1 : TRY(deadlineOf_py(t, a[1], a[2]));
  if (l->count > 0 && l->owner == t.id) {
    ++l->count;
    return Ref::boolean(true);
  }
  if (!TRY(waitFree_py(t, l, deadline))) return Ref::boolean(false);
  l->count = 1;
  l->owner = t.id;
  return Ref::boolean(true);
}
static Ref enterRecursive(Thread& t, const Value* a) {
  Value args[3] = {a[0], Value::fromBool(true), Value::fromInt(-1)};
  return acquireRecursive(t, args);
}
static Ref releaseRecursive(Thread& t, const Value* a) {
  Lock* l = self(a[0]);
  if (l->count == 0 || l->owner != t.id) return raiseRuntimeError(t, "cannot release un-acquired lock");
  if (--l->count > 0) return Ref::none();
  l->owner = 0;
  l->word.wake(false);
  return Ref::none();
}
static Ref isOwned(Thread& t, const Value* a) { return Ref::boolean(self(a[0])->count > 0 && self(a[0])->owner == t.id); }
static Ref recursionCount(Thread& t, const Value* a) { return newIntSmall(self(a[0])->owner == t.id ? self(a[0])->count : 0); }
static Ref releaseSave(Thread& t, const Value* a) {
  Lock* l = self(a[0]);
  if (l->count == 0) return raiseRuntimeError(t, "cannot release un-acquired lock");
  Ref state = tupleOf(t, {Value::fromInt(l->count), Value::fromInt(static_cast<int64_t>(l->owner))});
  l->count = 0;
  l->owner = 0;
  l->word.wake(false);
  return state;
}
static Ref acquireRestore(Thread& t, const Value* a) {
  if (!isTuple(a[1]) || a[1].as<Tuple>()->size != 2) return raiseTypeError(t, "_acquire_restore() argument 1 must be 2-item tuple, not %s", typeNameOf(t, a[1]));
  if (!TRY(waitFree_py(t, self(a[0]), -1))) return Ref();
  self(a[0])->count = a[1].as<Tuple>()->items()[0].asInt();
  self(a[0])->owner = static_cast<uint64_t>(a[1].as<Tuple>()->items()[1].asInt());
  return Ref::none();
}
static Ref reprRecursive(Thread& t, Value v) {
  Lock* l = self(v);
  return strFormat(t, "<%s %s object owner=%lu count=%ld at %p>", l->count > 0 ? "locked" : "unlocked", v.object()->type == rlock_type ? "_thread.RLock" : typeNameOf(t, v),
                   static_cast<unsigned long>(l->owner), static_cast<long>(l->count), static_cast<void*>(v.object()));
}

#define ACQUIRE "($self, /, blocking=True, timeout=-1)"
static const NativeDef kLockMethods[] = {{"acquire", ACQUIRE, acquire}, {"acquire_lock", ACQUIRE, acquire}, {"release", "($self, /)", release},
    {"release_lock", "($self, /)", release}, {"__enter__", "($self, /)", enter}, {"__exit__", "($self, /, *exc_info)", release}, {"locked", "($self, /)", locked},
    {"locked_lock", "($self, /)", locked}, {"_at_fork_reinit", "($self, /)", reinit}, {nullptr, nullptr, nullptr}};
static const NativeDef kRecursiveMethods[] = {{"acquire", ACQUIRE, acquireRecursive}, {"release", "($self, /)", releaseRecursive}, {"__enter__", "($self, /)", enterRecursive},
    {"__exit__", "($self, /, *exc_info)", releaseRecursive}, {"locked", "($self, /)", locked}, {"_is_owned", "($self, /)", isOwned},
    {"_recursion_count", "($self, /)", recursionCount}, {"_release_save", "($self, /)", releaseSave}, {"_acquire_restore", "($self, state, /)", acquireRestore},
    {"_at_fork_reinit", "($self, /)", reinit}, {nullptr, nullptr, nullptr}};

void addLockTypes(Thread& t, Module* m) {
  auto add = [&](const char* name, const NativeDef* methods, uint32_t flags, Ref (*show)(Thread&, Value)) {
    Type* type = makeType(*t.isolate, {.name = name, .size = sizeof(Lock), .flags = kTypeWeakrefable | flags, .methods = methods});
    type->slots.make = make;
    type->slots.init = init;
    type->slots.repr = show;
    readyType(*t.isolate, type);
    moduleSetType(t, m, type);
    return type;
  };
  lock_type = add("_thread.lock", kLockMethods, 0, repr);
  rlock_type = add("_thread.RLock", kRecursiveMethods, kTypeBaseable, reprRecursive);
  moduleSet(t, m, "LockType", lock_type);
}

}  // namespace krait::modules::thread
