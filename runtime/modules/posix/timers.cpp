// Timers that are descriptors, and namespaces of processes. ref: timerfd_create(2), unshare(2), setns(2).
#include <sched.h>
#include <sys/timerfd.h>

#include "runtime/modules/posix/posix.h"
#include "runtime/object/float.h"

namespace krait::modules::posix {

static constexpr int64_t kSecond = 1000000000;

static timespec specOf(int64_t nanos) { return {static_cast<time_t>(nanos / kSecond), static_cast<long>(nanos % kSecond)}; }
static int64_t nanosOf(const timespec& at) { return static_cast<int64_t>(at.tv_sec) * kSecond + at.tv_nsec; }

// (time until the timer rings, its period), in seconds or nanoseconds.
static Ref timerState(Thread& t, const itimerspec& spec, bool in_nanos) {
  int64_t next = nanosOf(spec.it_value), interval = nanosOf(spec.it_interval);
  Ref first = in_nanos ? newInt(t, next) : newFloat(static_cast<double>(next) / 1e9);
  Ref second = in_nanos ? newInt(t, interval) : newFloat(static_cast<double>(interval) / 1e9);
  return tupleOf(t, {first.get(), second.get()});
}
static Ref timerCreate(Thread& t, const Value* a) {
  int clock = TRY(toCInt_py(t, a[0])), flags = TRY(toCInt_py(t, a[1]));
  return intOrError(t, timerfd_create(clock, flags));
}
static Ref setTimer(Thread& t, int fd, int flags, int64_t initial, int64_t interval, bool in_nanos) {
  itimerspec wanted = {.it_interval = specOf(interval), .it_value = specOf(initial)}, old;
  if (timerfd_settime(fd, flags, &wanted, &old) != 0) return raiseOSError(t, errno);
  return timerState(t, old, in_nanos);
}
static Ref timerSet(Thread& t, const Value* a) {
  int fd = TRY(toDescriptor_py(t, a[0])), flags = TRY(toCInt_py(t, a[1]));
  int64_t initial = TRY(durationOf_py(t, a[2])), interval = TRY(durationOf_py(t, a[3]));
  return setTimer(t, fd, flags, initial, interval, false);
}
static Ref timerSetNanos(Thread& t, const Value* a) {
  int fd = TRY(toDescriptor_py(t, a[0])), flags = TRY(toCInt_py(t, a[1]));
  int64_t initial = TRY(toInt64_py(t, a[2])), interval = TRY(toInt64_py(t, a[3]));
  return setTimer(t, fd, flags, initial, interval, true);
}
static Ref timerGet(Thread& t, const Value* a) {
  itimerspec now;
  if (timerfd_gettime(TRY(toDescriptor_py(t, a[0])), &now) != 0) return raiseOSError(t, errno);
  return timerState(t, now, false);
}
static Ref timerGetNanos(Thread& t, const Value* a) {
  itimerspec now;
  if (timerfd_gettime(TRY(toDescriptor_py(t, a[0])), &now) != 0) return raiseOSError(t, errno);
  return timerState(t, now, true);
}
static Ref unshareFn(Thread& t, const Value* a) { return noneOrError(t, unshare(TRY(toCInt_py(t, a[0])))); }
static Ref setnsFn(Thread& t, const Value* a) {
  int fd = TRY(toDescriptor_py(t, a[0])), kind = TRY(toCInt_py(t, a[1]));
  return noneOrError(t, setns(fd, kind));
}

const NativeDef kTimerFunctions[] = {
    {"timerfd_create", "(clockid, /, *, flags=524288)", timerCreate, "Make a timer that is a descriptor."},
    {"timerfd_settime", "(fd, /, *, flags=0, initial=0.0, interval=0.0)", timerSet, "Set a timer, in seconds; return its state before."},
    {"timerfd_settime_ns", "(fd, /, *, flags=0, initial=0, interval=0)", timerSetNanos, "Set a timer, in nanoseconds; return its state before."},
    {"timerfd_gettime", "(fd, /)", timerGet, "Return the time until a timer rings and its period, in seconds."},
    {"timerfd_gettime_ns", "(fd, /)", timerGetNanos, "Return the time until a timer rings and its period, in nanoseconds."},
    {"unshare", "(flags)", unshareFn, "Leave the namespaces that the flags name for new ones."},
    {"setns", "(fd, nstype=0)", setnsFn, "Enter the namespace that a descriptor names."},
    {nullptr, nullptr, nullptr}};

}  // namespace krait::modules::posix
