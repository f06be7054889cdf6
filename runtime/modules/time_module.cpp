// The `time` module: clocks and sleep. ref: Modules/timemodule.c.
#include <ctime>

#include "runtime/modules/module_table.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/int.h"

namespace krait::modules {

static int64_t nanoseconds(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<int64_t>(now.tv_sec) * 1000000000 + now.tv_nsec;
}
template <clockid_t Clock>
static Ref seconds(Thread&, const Value*) { return newFloat(static_cast<double>(nanoseconds(Clock)) / 1e9); }
template <clockid_t Clock>
static Ref nanos(Thread& t, const Value*) { return newInt(t, nanoseconds(Clock)); }
static Ref sleepFn(Thread& t, const Value* a) {
  double d = TRY(toDouble_py(t, a[0]));
  if (d != d) return raiseValueError(t, "Invalid value NaN (not a number)");
  if (d < 0) return raiseValueError(t, "sleep length must be non-negative");
  timespec wait = {static_cast<time_t>(d), static_cast<long>((d - static_cast<double>(static_cast<time_t>(d))) * 1e9)};
  nanosleep(&wait, nullptr);
  return Ref::none();
}
static const NativeDef kFunctions[] = {
    {"time", "()", seconds<CLOCK_REALTIME>}, {"time_ns", "()", nanos<CLOCK_REALTIME>}, {"monotonic", "()", seconds<CLOCK_MONOTONIC>},
    {"monotonic_ns", "()", nanos<CLOCK_MONOTONIC>}, {"perf_counter", "()", seconds<CLOCK_MONOTONIC>}, {"perf_counter_ns", "()", nanos<CLOCK_MONOTONIC>},
    {"process_time", "()", seconds<CLOCK_PROCESS_CPUTIME_ID>}, {"process_time_ns", "()", nanos<CLOCK_PROCESS_CPUTIME_ID>},
    {"thread_time", "()", seconds<CLOCK_THREAD_CPUTIME_ID>}, {"sleep", "(seconds, /)", sleepFn}, {nullptr, nullptr, nullptr}};

extern const NativeModule kTimeModule;
const NativeModule kTimeModule = {"time", "This module provides various functions to manipulate time values.", kFunctions};

}  // namespace krait::modules
