// The `time` module: clocks, sleep, broken-down time, formatting. ref: Modules/timemodule.c.
#include <pthread.h>
#include <sys/resource.h>
#include <time.h>

#include <cmath>
#include <cstring>

#include "runtime/modules/audit.h"
#include "runtime/modules/compile_hook.h"
#include "runtime/modules/os_support.h"
#include "runtime/object/clock.h"
#include "runtime/object/float.h"
#include "runtime/object/instance.h"
#include "runtime/object/int_conversions.h"
#include "runtime/object/struct_sequence.h"
#include "runtime/object/type_names.h"

namespace krait::modules::time {

static constexpr int64_t kSecond = 1000000000;
static int64_t nanoseconds(clockid_t clock) {
  timespec now;
  readClock(clock, &now);
  return static_cast<int64_t>(now.tv_sec) * kSecond + now.tv_nsec;
}
static Value secondsOf(int64_t nanos) { return Value::fromDouble(static_cast<double>(nanos) / 1e9); }
template <clockid_t Clock>
static Ref seconds(Thread&, const Value*) { return Ref::steal(secondsOf(nanoseconds(Clock))); }
template <clockid_t Clock>
static Ref nanos(Thread& t, const Value*) { return newInt(t, nanoseconds(Clock)); }

static Ref sleepFn(Thread& t, const Value* a) {
  TRY(audit_py(t, "time.sleep", {a[0]}));
  int64_t length = TRY(modules::durationOf_py(t, a[0]));
  if (length < 0) return raiseValueError(t, "sleep length must be non-negative");
  if (hasOwnTime()) {
    passTime(length);
    WithoutLock unlocked(t);  // others have their turn
    return Ref::none();
  }
  int64_t until = nanoseconds(CLOCK_MONOTONIC) + length;
  timespec at = {static_cast<time_t>(until / kSecond), static_cast<long>(until % kSecond)};
  for (;;) {
    int error;
    {
      WithoutLock unlocked(t);
      error = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr);
    }
    if (error == 0) return Ref::none();
    if (error != EINTR) return raiseOSError(t, error);
    TRY(checkSignals_py(t));
  }
}
static Ref clockGettime(Thread& t, const Value* a) {
  timespec now;
  if (readClock(TRY(toCInt_py(t, a[0])), &now) != 0) return raiseOSError(t, errno);
  return newFloat(static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9);
}
static Ref clockGettimeNs(Thread& t, const Value* a) {
  timespec now;
  if (readClock(TRY(toCInt_py(t, a[0])), &now) != 0) return raiseOSError(t, errno);
  return newInt(t, static_cast<int64_t>(now.tv_sec) * kSecond + now.tv_nsec);
}
static Ref clockGetres(Thread& t, const Value* a) {
  timespec r;
  if (clock_getres(TRY(toCInt_py(t, a[0])), &r) != 0) return raiseOSError(t, errno);
  return newFloat(static_cast<double>(r.tv_sec) + static_cast<double>(r.tv_nsec) * 1e-9);
}
static Ref clockSettime(Thread& t, const Value* a) {
  int64_t n = TRY(modules::durationOf_py(t, a[1]));
  timespec at = {static_cast<time_t>(n / kSecond), static_cast<long>(n % kSecond)};
  return noneOrError(t, clock_settime(TRY(toCInt_py(t, a[0])), &at));
}
static Ref clockSettimeNs(Thread& t, const Value* a) {
  int64_t n = TRY(toInt64_py(t, a[1]));
  timespec at = {static_cast<time_t>(n / kSecond), static_cast<long>(n % kSecond)};
  return noneOrError(t, clock_settime(TRY(toCInt_py(t, a[0])), &at));
}
// The clock of a thread's processor time, by the number that threading.get_ident() gives.
static Ref threadClock(Thread& t, const Value* a) {
  Ref number = TRY(toIndex_py(t, a[0]));
  unsigned long id;
  if (!intFitsUnsigned(number.get(), id)) return raiseOverflowError(t, "can't convert negative int to unsigned");
  clockid_t clock;
  int error = pthread_getcpuclockid(static_cast<pthread_t>(id), &clock);
  return error != 0 ? raiseOSError(t, error) : newInt(t, clock);
}
static Ref getClockInfo(Thread& t, const Value* a) {
  if (!isStr(a[0])) return raiseTypeError(t, "get_clock_info() argument 1 must be str, not %s", typeNameOf(t, a[0]));
  struct Clock {
    const char* name;
    const char* implementation;
    bool monotonic, adjustable;
  };
  static constexpr Clock kClocks[] = {{"time", "clock_gettime(CLOCK_REALTIME)", false, true}, {"monotonic", "clock_gettime(CLOCK_MONOTONIC)", true, false},
      {"perf_counter", "clock_gettime(CLOCK_MONOTONIC)", true, false}, {"process_time", "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", true, false},
      {"thread_time", "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", true, false}};
  for (const Clock& c : kClocks) {
    if (!strEquals(a[0].as<Str>(), c.name)) continue;
    Ref n = TRY(call_py(t, t.types().simple_namespace, nullptr, 0));
    auto set = [&](const char* name, Ref v) { dictSetStr(objectDict(t, n.get().object()), intern(*t.isolate, name), v.get()); };
    set("implementation", newStr(t, c.implementation));
    set("monotonic", Ref::boolean(c.monotonic));
    set("adjustable", Ref::boolean(c.adjustable));
    set("resolution", newFloat(1e-9));
    return n;
  }
  return raiseValueError(t, "unknown clock");
}

// --- broken-down time
static const StructSequenceDef kStructTime = {"time.struct_time", 9, 11,
    {"tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst", "tm_zone", "tm_gmtoff"},
    "The time value as returned by gmtime(), localtime(), and strptime(), and\naccepted by asctime(), mktime() and strftime()."};
static Type* struct_time = nullptr;

static Ref fromTm(Thread& t, const tm& p) {
  Value values[11];
  int i = 0;
  for (int n : {p.tm_year + 1900, p.tm_mon + 1, p.tm_mday, p.tm_hour, p.tm_min, p.tm_sec, (p.tm_wday + 6) % 7, p.tm_yday + 1, p.tm_isdst}) values[i++] = Value::fromInt(n);
  values[9] = newStr(t, p.tm_zone != nullptr ? p.tm_zone : "").release();
  values[10] = Value::fromInt(p.tm_gmtoff);
  return structSequenceSteal(t, struct_time, values, 11);
}
static Fallible<time_t> whenArg_py(Thread& t, Value v) {
  if (v.isNone()) return static_cast<time_t>(nanoseconds(CLOCK_REALTIME) / kSecond);
  if (!isFloatLike(v)) {
    if (typeOf(t, v)->slots.index == nullptr) return raiseTypeError(t, "'%s' object cannot be interpreted as an integer", fullTypeName(t, v).c_str());
    Ref number = TRY(toIndex_py(t, v));
    int64_t n;
    if (!intFits(number.get(), n)) return raiseOverflowError(t, "timestamp out of range for platform time_t");
    return static_cast<time_t>(n);
  }
  double d = TRY(toDouble_py(t, v));
  if (d != d) return raiseValueError(t, "Invalid value NaN (not a number)");
  d = std::floor(d);
  if (!(d >= -9223372036854775808.0 && d < 9223372036854775808.0)) return raiseOverflowError(t, "timestamp out of range for platform time_t");
  return static_cast<time_t>(d);
}
static Ref gmtimeFn(Thread& t, const Value* a) {
  time_t when = TRY(whenArg_py(t, a[0]));
  tm parts;
  if (gmtime_r(&when, &parts) == nullptr) return raiseOSError(t, errno);
  return fromTm(t, parts);
}
static Ref localtimeFn(Thread& t, const Value* a) {
  time_t when = TRY(whenArg_py(t, a[0]));
  tm parts;
  if (localtime_r(&when, &parts) == nullptr) return raiseOSError(t, errno);
  return fromTm(t, parts);
}

// A tuple of nine numbers. ref: gettmarg.
static Status toTm_py(Thread& t, Value v, const char* function, tm& out, std::string& zone) {
  if (!isTuple(v)) return raiseTypeError(t, "Tuple or struct_time argument required");
  Tuple* tuple = v.as<Tuple>();
  if (tuple->size != 9) return raiseTypeError(t, "%s", function);
  int fields[9];
  for (int i = 0; i < 9; ++i) {
    if (!isIntLike(tuple->items()[i]) && typeOf(t, tuple->items()[i])->slots.index == nullptr) return raiseTypeError(t, "'%s' object cannot be interpreted as an integer", typeNameOf(t, tuple->items()[i]));
    fields[i] = TRY(toFormatInt_py(t, tuple->items()[i]));
  }
  if (fields[0] < INT32_MIN + 1900) return raiseOverflowError(t, "year out of range");
  out = {};
  out.tm_year = fields[0] - 1900;
  out.tm_mon = fields[1] - 1;
  out.tm_mday = fields[2];
  out.tm_hour = fields[3];
  out.tm_min = fields[4];
  out.tm_sec = fields[5];
  out.tm_wday = (fields[6] + 1) % 7;
  out.tm_yday = fields[7] - 1;
  out.tm_isdst = fields[8];
  if (typeOf(t, v) == struct_time) {
    Ref name = getAttrNamed_py(t, v, "tm_zone"), offset = getAttrNamed_py(t, v, "tm_gmtoff");
    if (!name || !offset) return kRaised;
    if (isStr(name.get())) zone = toUtf8(name.as<Str>()), out.tm_zone = zone.c_str();
    if (offset.get().isInt()) out.tm_gmtoff = offset.get().asInt();
  }
  return kDone;
}
// ref: checktm.
static Status checkTm(Thread& t, tm& p) {
  if (p.tm_mon == -1) p.tm_mon = 0;
  else if (p.tm_mon < 0 || p.tm_mon > 11) return raiseValueError(t, "month out of range");
  if (p.tm_mday == 0) p.tm_mday = 1;
  else if (p.tm_mday < 0 || p.tm_mday > 31) return raiseValueError(t, "day of month out of range");
  if (p.tm_hour < 0 || p.tm_hour > 23) return raiseValueError(t, "hour out of range");
  if (p.tm_min < 0 || p.tm_min > 59) return raiseValueError(t, "minute out of range");
  if (p.tm_sec < 0 || p.tm_sec > 61) return raiseValueError(t, "seconds out of range");
  if (p.tm_wday < 0) return raiseValueError(t, "day of week out of range");
  if (p.tm_yday == -1) p.tm_yday = 0;
  else if (p.tm_yday < 0 || p.tm_yday > 365) return raiseValueError(t, "day of year out of range");
  return kDone;
}
static Status tmArg_py(Thread& t, Value v, const char* message, tm& out, std::string& zone) {
  if (!v.isNone() && v.defined()) {
    TRY(toTm_py(t, v, message, out, zone));
    return checkTm(t, out);
  }
  time_t now = ::time(nullptr);
  localtime_r(&now, &out);
  return kDone;
}
static Ref asText(Thread& t, const tm& p) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return strFormat(t, "%s %s%3d %.2d:%.2d:%.2d %d", kDays[p.tm_wday], kMonths[p.tm_mon], p.tm_mday, p.tm_hour, p.tm_min, p.tm_sec, 1900 + p.tm_year);
}
static Ref asctimeFn(Thread& t, const Value* a) {
  tm p;
  std::string zone;
  TRY(tmArg_py(t, a[0], "asctime(): illegal time tuple argument", p, zone));
  return asText(t, p);
}
static Ref ctimeFn(Thread& t, const Value* a) {
  time_t when = TRY(whenArg_py(t, a[0]));
  tm p;
  if (localtime_r(&when, &p) == nullptr) return raiseOSError(t, errno);
  return asText(t, p);
}
static Ref mktimeFn(Thread& t, const Value* a) {
  tm p;
  std::string zone;
  TRY(toTm_py(t, a[0], "mktime(): illegal time tuple argument", p, zone));
  p.tm_wday = -1;
  time_t when = mktime(&p);
  if (when == -1 && p.tm_wday == -1) return raiseOverflowError(t, "mktime argument out of range");
  return newFloat(static_cast<double>(when));
}
// Each directive on its own, so that a result may be empty and years may have any number of digits. ref: time_strftime.
static Ref strftimeFn(Thread& t, const Value* a) {
  if (!isStr(a[0])) return raiseTypeError(t, "strftime() argument 1 must be str, not %s", typeNameOf(t, a[0]));
  tm p;
  std::string zone;
  TRY(tmArg_py(t, a[1], "strftime(): illegal time tuple argument", p, zone));
  if (p.tm_isdst < -1) p.tm_isdst = -1;
  else if (p.tm_isdst > 1) p.tm_isdst = 1;
  std::string format = TRY(fsEncode_py(t, a[0])), out;
  for (size_t i = 0; i < format.size();) {
    if (format[i] != '%' || i + 1 >= format.size()) {
      out += format[i++];
      continue;
    }
    size_t end = i + 1;
    while (end < format.size() && std::strchr("EO_-0^#", format[end]) != nullptr) ++end;
    while (end < format.size() && format[end] >= '0' && format[end] <= '9') ++end;
    if (end < format.size()) ++end;
    std::string piece = "x" + format.substr(i, end - i);
    char buffer[512];
    size_t n = ::strftime(buffer, sizeof buffer, piece.c_str(), &p);
    if (n > 0) out.append(buffer + 1, n - 1);
    i = end;
  }
  return fsDecode(t, out);
}
static Ref strptimeFn(Thread& t, const Value* a) {
  Ref name = newStr(t, "_strptime"), from = tupleOf(t, {name.get()});
  Ref module = TRY(importModule_py(t, name.get(), Value::none(), Value::none(), from.get(), Value::fromInt(0)));
  Ref function = TRY(getAttr_py(t, module.get(), intern(*t.isolate, "_strptime_time")));
  return callTuple_py(t, function.get(), a[0].as<Tuple>(), nullptr);  // it says itself what is wrong with the arguments
}

// timezone, altzone, daylight, tzname. ref: init_timezone.
static void setZone(Thread& t, Module* m) {
  tzset();
  constexpr time_t kYear = (365 * 24 + 6) * 3600;
  time_t now = ::time(nullptr), january = now / kYear * kYear, july = january + kYear / 2;
  tm first, second;
  localtime_r(&january, &first);
  localtime_r(&july, &second);
  bool south = first.tm_gmtoff > second.tm_gmtoff;
  const tm &standard = south ? second : first, &summer = south ? first : second;
  moduleSet(t, m, "timezone", Value::fromInt(-standard.tm_gmtoff));
  moduleSet(t, m, "altzone", Value::fromInt(-summer.tm_gmtoff));
  moduleSet(t, m, "daylight", Value::fromInt(first.tm_gmtoff != second.tm_gmtoff));
  Ref a = fsDecode(t, standard.tm_zone), b = fsDecode(t, summer.tm_zone), both = tupleOf(t, {a.get(), b.get()});
  moduleSet(t, m, "tzname", both.get());
}
static Ref tzsetFn(Thread& t, const Value* a) {
  setZone(t, a[0].as<Module>());
  return Ref::none();
}

static const NativeDef kFunctions[] = {
    {"time", "()", seconds<CLOCK_REALTIME>, "Return the current time in seconds since the Epoch."}, {"time_ns", "()", nanos<CLOCK_REALTIME>},
    {"monotonic", "()", seconds<CLOCK_MONOTONIC>}, {"monotonic_ns", "()", nanos<CLOCK_MONOTONIC>}, {"perf_counter", "()", seconds<CLOCK_MONOTONIC>},
    {"perf_counter_ns", "()", nanos<CLOCK_MONOTONIC>}, {"process_time", "()", seconds<CLOCK_PROCESS_CPUTIME_ID>}, {"process_time_ns", "()", nanos<CLOCK_PROCESS_CPUTIME_ID>},
    {"thread_time", "()", seconds<CLOCK_THREAD_CPUTIME_ID>}, {"thread_time_ns", "()", nanos<CLOCK_THREAD_CPUTIME_ID>}, {"sleep", "(seconds, /)", sleepFn},
    {"clock_gettime", "(clk_id, /)", clockGettime}, {"clock_gettime_ns", "(clk_id, /)", clockGettimeNs}, {"clock_getres", "(clk_id, /)", clockGetres},
    {"clock_settime", "(clk_id, time, /)", clockSettime}, {"clock_settime_ns", "(clk_id, time, /)", clockSettimeNs, "Set the time of a clock, in nanoseconds."},
    {"pthread_getcpuclockid", "(thread_id, /)", threadClock, "Return the clock of a thread's processor time."}, {"get_clock_info", "(name, /)", getClockInfo}, {"gmtime", "(seconds=None, /)", gmtimeFn},
    {"localtime", "(seconds=None, /)", localtimeFn}, {"asctime", "(time_tuple=None, /)", asctimeFn}, {"ctime", "(seconds=None, /)", ctimeFn},
    {"mktime", "(time_tuple, /)", mktimeFn}, {"strftime", "(format, time_tuple=None, /)", strftimeFn}, {"strptime", "(*args)", strptimeFn},
    {"tzset", "($self, /)", tzsetFn}, {nullptr, nullptr, nullptr}};

static Status init(Thread& t, Module* m) {
  struct_time = makeStructSequence(*t.isolate, kStructTime);
  moduleSetType(t, m, struct_time);
  setZone(t, m);
  for (auto [name, value] : {std::pair{"CLOCK_REALTIME", CLOCK_REALTIME}, {"CLOCK_MONOTONIC", CLOCK_MONOTONIC}, {"CLOCK_MONOTONIC_RAW", CLOCK_MONOTONIC_RAW},
                             {"CLOCK_PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID}, {"CLOCK_THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID}, {"CLOCK_BOOTTIME", CLOCK_BOOTTIME},
                             {"CLOCK_TAI", CLOCK_TAI}, {"_STRUCT_TM_ITEMS", 11}}) {
    moduleSet(t, m, name, Value::fromInt(value));
  }
  return kDone;
}

}  // namespace krait::modules::time

namespace krait::modules {
extern const NativeModule kTimeModule;
const NativeModule kTimeModule = {"time", "This module provides various functions to manipulate time values.", time::kFunctions, time::init};
}  // namespace krait::modules
