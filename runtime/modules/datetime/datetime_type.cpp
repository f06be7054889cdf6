// datetime.datetime.
#include <cmath>

#include "runtime/modules/datetime/datetime.h"
#include "runtime/object/clock.h"
#include "runtime/object/bytes.h"
#include "runtime/object/float.h"
#include "runtime/object/import.h"
#include "runtime/object/int_conversions.h"
#include "runtime/object/unnamed.h"

namespace krait::modules::datetime {

static DateTime* self(Value v) { return v.as<DateTime>(); }
static constexpr int64_t kDayMicros = 86400000000;
static constexpr int64_t kEpochDays = 719163;  // the ordinal of 1970-01-01

static Ref rawDateTime(Type* type, const Ymd& d, const Clock& c) {
  DateTime* made = allocate<DateTime>(type);
  made->year = static_cast<int16_t>(d.year);
  made->month = static_cast<uint8_t>(d.month);
  made->day = static_cast<uint8_t>(d.day);
  made->clock = c;
  made->clock.tzinfo = share(c.tzinfo.isUndefined() ? Value::none() : c.tzinfo);
  return Ref::steal(made);
}
Ref newDateTime_py(Thread& t, Type* type, const Ymd& d, const Clock& c) {
  if (type == state.datetime) {
    TRY(checkDate(t, d.year, d.month, d.day));
    return rawDateTime(type, d, c);
  }
  Ref fold_name = newStr(t, "fold"), names = tupleOf(t, {fold_name.get()});
  Value zone = c.tzinfo.isUndefined() ? Value::none() : c.tzinfo;
  Value args[9] = {Value::fromInt(d.year), Value::fromInt(d.month), Value::fromInt(d.day), Value::fromInt(c.hour), Value::fromInt(c.minute),
                   Value::fromInt(c.second), Value::fromInt(c.micros), zone, Value::fromInt(c.fold)};
  return c.fold ? call_py(t, type, args, 8, names.as<Tuple>()) : call_py(t, type, args, 8);
}
static Clock clockAt(int64_t micros, Value tzinfo, int fold) {
  int64_t seconds = micros / 1000000;
  return {static_cast<uint8_t>(seconds / 3600), static_cast<uint8_t>(seconds / 60 % 60), static_cast<uint8_t>(seconds % 60), static_cast<uint8_t>(fold),
          static_cast<int32_t>(micros % 1000000), tzinfo};
}
Ref newDateTimeAt_py(Thread& t, Type* type, int64_t ordinal, int64_t micros, Value tzinfo, int fold) {
  int64_t days = micros / kDayMicros, rest = micros % kDayMicros;
  if (rest < 0) rest += kDayMicros, --days;
  ordinal += days;
  if (ordinal < 1 || ordinal > kMaxOrdinal) return raiseOverflowError(t, "date value out of range");
  return newDateTime_py(t, type, ymdOf(static_cast<int>(ordinal)), clockAt(rest, tzinfo, fold));
}
static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  std::string packed;
  if (nargs >= 1 && nargs <= 2 && keywords == nullptr && stateOf(args[0], 10, packed)) {
    auto at = [&](size_t i) { return static_cast<unsigned char>(packed[i]); };
    if ((at(2) & 0x7f) >= 1 && (at(2) & 0x7f) <= 12) {
      Value zone = nargs == 2 ? args[1] : Value::none();
      if (!zone.isNone() && !isInstanceOf(t, zone, state.tzinfo)) return raiseTypeError(t, "bad tzinfo state arg");
      return rawDateTime(type, {at(0) << 8 | at(1), at(2) & 0x7f, at(3)}, {at(4), at(5), at(6), static_cast<uint8_t>(at(2) >> 7), at(7) << 16 | at(8) << 8 | at(9), zone});
    }
  }
  BoundArguments a;
  TRY(bindArguments_py(t, kUnnamed, "(year, month, day, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0)", args, nargs, keywords, a));
  int n[7];
  for (size_t i = 0; i < 7; ++i) n[i] = TRY(toFormatInt_py(t, a[i]));
  int fold = TRY(toFormatInt_py(t, a[8]));
  Value zone = TRY(tzinfoArg(t, a[7]));
  TRY(checkDate(t, n[0], n[1], n[2]));
  TRY(checkClock(t, n[3], n[4], n[5], n[6], fold));
  return rawDateTime(type, {n[0], n[1], n[2]}, {static_cast<uint8_t>(n[3]), static_cast<uint8_t>(n[4]), static_cast<uint8_t>(n[5]), static_cast<uint8_t>(fold), n[6], zone});
}

// --- local time. Seconds count from the beginning of year 1.
static constexpr int64_t kEpochSeconds = kEpochDays * 86400, kDaySeconds = 86400;
static int64_t secondsOf(const std::tm& tm) {
  return (ordinalOf(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) * int64_t{24} + tm.tm_hour) * 3600 + tm.tm_min * 60 + std::min(tm.tm_sec, 59);
}
// What a local clock shows at `utc`.
static Fallible<int64_t> localSeconds(Thread& t, int64_t utc) {
  time_t when = static_cast<time_t>(utc - kEpochSeconds);
  std::tm tm;
  if (localtime_r(&when, &tm) == nullptr) return raiseOSError(t, EOVERFLOW);
  if (tm.tm_year + 1900 < 1 || tm.tm_year + 1900 > 9999) return raiseValueError(t, "year must be in 1..9999, not %d", tm.tm_year + 1900);
  return secondsOf(tm);
}
// The UTC seconds of a naive local time. ref: local_to_seconds (PEP 495).
static Fallible<int64_t> utcSecondsOfLocal(Thread& t, int64_t local, int fold) {
  int64_t a = TRY(localSeconds(t, local)) - local, u1 = local - a, t1 = TRY(localSeconds(t, u1)), b;
  if (t1 == local) {
    int64_t u2 = fold ? u1 + kDaySeconds : u1 - kDaySeconds;
    b = TRY(localSeconds(t, u2)) - u2;
    if (a == b) return u1;
  } else {
    b = t1 - u1;
  }
  int64_t u2 = local - b, t2 = TRY(localSeconds(t, u2));
  if (t2 == local) return u2;
  if (t1 == local) return u1;
  return fold ? std::min(u1, u2) : std::max(u1, u2);
}
// A timestamp split into seconds and microseconds, rounded half to even.
struct Instant {
  int64_t seconds;
  int32_t micros;
};
static Fallible<Instant> instantOf_py(Thread& t, Value v) {
  if (isIntLike(v)) {
    int64_t n;
    if (!intFits(v, n)) return raiseOverflowError(t, "timestamp out of range for platform time_t");
    return Instant{n, 0};
  }
  if (!isFloatLike(v)) return Instant{TRY(toInt64_py(t, v)), 0};
  double d = floatValue(v), whole;
  if (d != d) return raiseValueError(t, "Invalid value NaN (not a number)");
  double fraction = std::modf(d, &whole) * 1e6;
  fraction = std::nearbyint(fraction);
  if (fraction >= 1e6) fraction -= 1e6, whole += 1;
  else if (fraction < 0) fraction += 1e6, whole -= 1;
  if (!(whole >= -9223372036854775808.0 && whole < 9223372036854775808.0)) return raiseOverflowError(t, "timestamp out of range for platform time_t");
  return Instant{static_cast<int64_t>(whole), static_cast<int32_t>(fraction)};
}
static Ref fromInstant_py(Thread& t, Value type, Instant at, bool is_utc, Value tzinfo) {
  std::tm tm;
  time_t when = static_cast<time_t>(at.seconds);
  if ((is_utc ? gmtime_r(&when, &tm) : localtime_r(&when, &tm)) == nullptr) return raiseOSError(t, EOVERFLOW);
  if (tm.tm_year + 1900 < 1 || tm.tm_year + 1900 > 9999) return raiseValueError(t, "year must be in 1..9999, not %d", tm.tm_year + 1900);
  int fold = 0;
  if (!is_utc && tzinfo.isNone()) {
    int64_t shown = secondsOf(tm), here = kEpochSeconds + at.seconds;
    if (here > 2 * kDaySeconds) {
      int64_t before = TRY(localSeconds(t, here - kDaySeconds)), transition = shown - before - kDaySeconds;
      if (transition < 0) fold = TRY(localSeconds(t, here + transition)) == shown;
    }
  }
  Clock c = {static_cast<uint8_t>(tm.tm_hour), static_cast<uint8_t>(tm.tm_min), static_cast<uint8_t>(std::min(tm.tm_sec, 59)), static_cast<uint8_t>(fold), at.micros, tzinfo};
  return newDateTime_py(t, type.as<Type>(), {tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday}, c);
}
static Instant currentInstant() {
  timespec now;
  readClock(CLOCK_REALTIME, &now);
  return {now.tv_sec, static_cast<int32_t>(now.tv_nsec / 1000)};
}

// --- other constructors; a[0] is the class
static Ref inZone_py(Thread& t, Value type, Instant at, Value zone) {
  Value tz = TRY(tzinfoArg(t, zone));
  Ref made = TRY(fromInstant_py(t, type, at, !tz.isNone(), tz));
  return tz.isNone() ? std::move(made) : callMethod_py(t, tz, intern(*t.isolate, "fromutc"), made.get());
}
static Ref now(Thread& t, const Value* a) { return inZone_py(t, a[0], currentInstant(), a[1]); }
static Ref fromTimestamp(Thread& t, const Value* a) {
  Value tz = TRY(tzinfoArg(t, a[2]));
  return inZone_py(t, a[0], TRY(instantOf_py(t, a[1])), tz);
}
static Ref utcNow(Thread& t, const Value* a) {
  TRY(warn_py(t, errors(t).deprecation_warning, 1, "datetime.datetime.utcnow() is deprecated and scheduled for removal in a future version. Use timezone-aware objects to represent datetimes in UTC: datetime.datetime.now(datetime.UTC)."));
  return fromInstant_py(t, a[0], currentInstant(), true, Value::none());
}
static Ref utcFromTimestamp(Thread& t, const Value* a) {
  TRY(warn_py(t, errors(t).deprecation_warning, 1, "datetime.datetime.utcfromtimestamp() is deprecated and scheduled for removal in a future version. Use timezone-aware objects to represent datetimes in UTC: datetime.datetime.fromtimestamp(timestamp, datetime.UTC)."));
  return fromInstant_py(t, a[0], TRY(instantOf_py(t, a[1])), true, Value::none());
}
static Ref strptime(Thread& t, const Value* a) { return callStrptime_py(t, "_strptime_datetime_datetime", a); }
static Ref combine(Thread& t, const Value* a) {
  if (!isDate(t, a[1])) return raiseTypeError(t, "combine() argument 1 must be datetime.date, not %s", typeNameOf(t, a[1]));
  if (!isTime(t, a[2])) return raiseTypeError(t, "combine() argument 2 must be datetime.time, not %s", typeNameOf(t, a[2]));
  Clock c = a[2].as<Time>()->clock;
  if (a[3].defined()) c.tzinfo = TRY(tzinfoArg(t, a[3]));
  return newDateTime_py(t, a[0].as<Type>(), ymd(a[1].as<Date>()), c);
}
static Ref fromIsoFormat(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "fromisoformat: argument must be str");
  Str* s = a[1].as<Str>();
  if (s->length < 7) return isoError(t, a[1]);
  std::string text;  // the separator may be any character
  bool ok = true;
  for (int64_t i = 0; i < s->length; ++i) text += s->at(i) < 128 ? static_cast<char>(s->at(i)) : '\x01';
  size_t separator = isoSeparatorAt(text, ok);
  Ymd d;
  std::string error;
  if (!ok || separator > text.size() || !parseIsoDate(std::string_view(text).substr(0, separator), d, error)) return isoError(t, a[1]);
  ParsedClock parsed;
  if (text.size() > separator && (text.size() == separator + 1 || !parseIsoClock(std::string_view(text).substr(separator + 1), parsed))) return isoError(t, a[1]);
  if (parsed.is_wrong) return raiseValueError(t, "minute, second, and microsecond must be 0 when hour is 24");
  TRY(checkDate(t, d.year, d.month, d.day));
  TRY(checkClock(t, parsed.clock.hour, parsed.clock.minute, parsed.clock.second, parsed.clock.micros, 0));
  if (parsed.is_next_day) {
    int next = ordinalOf(d.year, d.month, d.day) + 1;
    if (next > kMaxOrdinal) return raiseValueError(t, "year must be in 1..9999, not 10000");
    d = ymdOf(next);
  }
  Ref zone = parsed.has_offset ? newTimezone(t, parsed.offset, Value()) : Ref::none();
  if (!zone) {
    return kRaised;
  }
  parsed.clock.tzinfo = zone.get();
  return newDateTime_py(t, a[0].as<Type>(), d, parsed.clock);
}

// --- zone
static Fallible<Offset> offsetOf_py(Thread& t, Value v) { return utcOffset_py(t, self(v)->clock.tzinfo, v); }
static Ref utcOffset(Thread& t, const Value* a) { return offsetObject(t, TRY(offsetOf_py(t, a[0]))); }
static Ref dst(Thread& t, const Value* a) { return offsetObject(t, TRY(dstOffset_py(t, self(a[0])->clock.tzinfo, a[0]))); }
static Ref tzName(Thread& t, const Value* a) { return tzName_py(t, self(a[0])->clock.tzinfo, a[0]); }
static Ref localZone(Thread& t, int64_t utc_seconds) {
  time_t when = static_cast<time_t>(utc_seconds - kEpochSeconds);
  std::tm tm;
  if (localtime_r(&when, &tm) == nullptr) return raiseOSError(t, EOVERFLOW);
  Ref name = newStr(t, tm.tm_zone == nullptr ? "" : tm.tm_zone);
  return newTimezone(t, tm.tm_gmtoff * int64_t{1000000}, name.get());
}
static Ref asTimezone(Thread& t, const Value* a) {
  Value target = a[1];
  if (!target.isNone() && !isInstanceOf(t, target, state.tzinfo)) return raiseTypeError(t, "tzinfo argument must be None or of a tzinfo subclass, not type '%s'", typeNameOf(t, target));
  Value own = self(a[0])->clock.tzinfo;
  if (own == target && !own.isNone()) return Ref::of(a[0]);
  Offset offset = TRY(offsetOf_py(t, a[0]));
  int64_t local = absoluteMicros(self(a[0])), utc;
  if (offset.is_none) {
    int64_t seconds = local / 1000000;
    utc = TRY(utcSecondsOfLocal(t, seconds, self(a[0])->clock.fold)) * 1000000 + local % 1000000;
  } else {
    utc = local - offset.micros;
  }
  Ref zone;
  if (target.isNone()) {
    zone = TRY(localZone(t, utc / 1000000));
    target = zone.get();
  }
  Ref result = TRY(newDateTimeAt_py(t, state.datetime, 0, utc, target, 0));
  if (typeOf(t, target) == state.timezone || typeOfHeap(a[0]) == state.datetime) return callMethod_py(t, target, intern(*t.isolate, "fromutc"), result.get());
  Ref own_type = TRY(newDateTimeAt_py(t, typeOfHeap(a[0]), 0, utc, target, 0));
  return callMethod_py(t, target, intern(*t.isolate, "fromutc"), own_type.get());
}
static Ref timestamp(Thread& t, const Value* a) {
  Offset offset = TRY(offsetOf_py(t, a[0]));
  int64_t us = absoluteMicros(self(a[0]));
  if (offset.is_none && self(a[0])->clock.tzinfo.isNone()) {
    int64_t seconds = TRY(utcSecondsOfLocal(t, us / 1000000, self(a[0])->clock.fold)) - kEpochSeconds;
    return newFloat(static_cast<double>(seconds) + static_cast<double>(us % 1000000) / 1e6);
  }
  us -= offset.micros + kEpochSeconds * 1000000;
  return intTrueDiv(t, newInt(t, us).get(), Value::fromInt(1000000));
}

// --- text
static std::string dateText(const DateTime* d) { return format("%04d-%02d-%02d", d->year, d->month, d->day); }
static Ref isoText_py(Thread& t, Value v, Value separator, Value spec) {
  std::string out = dateText(self(v));
  if (separator.isUndefined()) out += 'T';
  else appendUtf8(out, separator.as<Str>());
  TRY(addClockText(t, self(v)->clock, spec, out));
  Offset offset = TRY(offsetOf_py(t, v));
  if (!offset.is_none) out += offsetText(offset.micros, ":");
  return newStr(t, out);
}
static Ref isoFormat(Thread& t, const Value* a) {
  if (a[1].defined() && !isStr(a[1])) return raiseTypeError(t, "isoformat() argument 1 must be a unicode character, not %s", typeNameOf(t, a[1]));
  if (a[1].defined() && a[1].as<Str>()->length != 1) return raiseTypeError(t, "isoformat() argument 1 must be a unicode character, not a string of length %lld", static_cast<long long>(a[1].as<Str>()->length));
  return isoText_py(t, a[0], a[1], a[2]);
}
static Ref str(Thread& t, Value v) {
  Ref space = newStr(t, " ");
  if (typeOfHeap(v) == state.datetime) return isoText_py(t, v, space.get(), Value());
  return callMethod_py(t, v, intern(*t.isolate, "isoformat"), space.get());
}
static Ref repr(Thread& t, Value v) {
  const DateTime* d = self(v);
  const Clock& c = d->clock;
  std::string out = format("%s(%d, %d, %d, %d, %d", typeNameOf(t, v), d->year, d->month, d->day, c.hour, c.minute);
  if (c.micros != 0) out += format(", %d, %d", c.second, c.micros);
  else if (c.second != 0) out += format(", %d", c.second);
  if (c.fold) out += ", fold=1";
  if (!c.tzinfo.isNone()) {
    Ref zone = TRY(repr_py(t, c.tzinfo));
    out += ", tzinfo=" + toUtf8(zone.as<Str>());
  }
  return newStr(t, out + ")");
}
static Ref strftimeMethod(Thread& t, const Value* a) {
  const DateTime* d = self(a[0]);
  return formatTime_py(t, a[1], tmOf(d->year, d->month, d->day, &d->clock), d->clock.micros, d->clock.tzinfo, a[0]);
}
static Ref ctimeMethod(Thread& t, const Value* a) {
  static const char* const kDays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static const char* const kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const DateTime* d = self(a[0]);
  return strFormat(t, "%s %s %2d %02d:%02d:%02d %04d", kDays[weekdayOf(d->year, d->month, d->day)], kMonths[d->month - 1], d->day, d->clock.hour, d->clock.minute, d->clock.second, d->year);
}

// --- parts
static Ref structTime_py(Thread& t, const Ymd& d, const Clock& c, int is_dst) {
  Ref module = TRY(importByName_py(t, "time"));
  auto n = [](int v) { return Value::fromInt(v); };
  Ref fields = tupleOf(t, {n(d.year), n(d.month), n(d.day), n(c.hour), n(c.minute), n(c.second), n(weekdayOf(d.year, d.month, d.day)), n(daysBeforeMonth(d.year, d.month) + d.day), n(is_dst)});
  return callMethod_py(t, module.get(), intern(*t.isolate, "struct_time"), fields.get());
}
static Ref timeTuple(Thread& t, const Value* a) {
  Offset d = TRY(dstOffset_py(t, self(a[0])->clock.tzinfo, a[0]));
  return structTime_py(t, ymd(self(a[0])), self(a[0])->clock, d.is_none ? -1 : d.micros != 0);
}
static Ref utcTimeTuple(Thread& t, const Value* a) {
  Offset offset = TRY(offsetOf_py(t, a[0]));
  int64_t us = absoluteMicros(self(a[0])) - offset.micros, day = us / kDayMicros;
  if (day < 1 || day > kMaxOrdinal) return raiseOverflowError(t, "date value out of range");
  return structTime_py(t, ymdOf(static_cast<int>(day)), clockAt(us % kDayMicros, Value::none(), 0), 0);
}
static Ref dateMethod(Thread& t, const Value* a) { return newDate_py(t, state.date, self(a[0])->year, self(a[0])->month, self(a[0])->day); }
static Ref timeMethod(Thread& t, const Value* a) {
  Clock c = self(a[0])->clock;
  c.tzinfo = Value::none();
  return newTime_py(t, state.time, c);
}
static Ref timetzMethod(Thread& t, const Value* a) { return newTime_py(t, state.time, self(a[0])->clock); }
static Ref replace(Thread& t, const Value* a) {
  const DateTime* d = self(a[0]);
  int n[7] = {d->year, d->month, d->day, d->clock.hour, d->clock.minute, d->clock.second, d->clock.micros};
  for (int i = 0; i < 7; ++i) {
    if (a[i + 1].defined()) n[i] = TRY(toFormatInt_py(t, a[i + 1]));
  }
  Value zone = a[8].isUndefined() ? d->clock.tzinfo : TRY(tzinfoArg(t, a[8]));
  int fold = a[9].isUndefined() ? d->clock.fold : TRY(toFormatInt_py(t, a[9]));
  TRY(checkDate(t, n[0], n[1], n[2]));
  TRY(checkClock(t, n[3], n[4], n[5], n[6], fold));
  return newDateTime_py(t, typeOfHeap(a[0]), {n[0], n[1], n[2]}, {static_cast<uint8_t>(n[3]), static_cast<uint8_t>(n[4]), static_cast<uint8_t>(n[5]), static_cast<uint8_t>(fold), n[6], zone});
}
static std::string packed(const DateTime* d, bool with_fold) {
  const Clock& c = d->clock;
  char out[10] = {static_cast<char>(d->year >> 8), static_cast<char>(d->year), static_cast<char>(d->month | (with_fold && c.fold ? 0x80 : 0)), static_cast<char>(d->day),
                  static_cast<char>(c.hour), static_cast<char>(c.minute), static_cast<char>(c.second), static_cast<char>(c.micros >> 16), static_cast<char>(c.micros >> 8), static_cast<char>(c.micros)};
  return {out, 10};
}
static Ref reduced(Thread& t, Value v, int64_t protocol) {
  const Clock& c = self(v)->clock;
  Ref bytes = newBytes(t, packed(self(v), protocol > 3)), args = c.tzinfo.isNone() ? tupleOf(t, {bytes.get()}) : tupleOf(t, {bytes.get(), c.tzinfo});
  return tupleOf(t, {Value(typeOfHeap(v)), args.get()});
}
static Ref reduceEx(Thread& t, const Value* a) { return reduced(t, a[0], TRY(toInt64_py(t, a[1]))); }
static Ref reduce(Thread& t, const Value* a) { return reduced(t, a[0], 2); }

// --- arithmetic, order, hash
static Ref shifted(Thread& t, Value v, const Delta* delta, int sign) {
  const DateTime* d = self(v);
  int64_t within = delta->seconds * int64_t{1000000} + delta->micros;
  return newDateTimeAt_py(t, typeOfHeap(v), ordinalOf(d) + int64_t{sign} * delta->days, dayMicros(d->clock) + sign * within, d->clock.tzinfo, 0);
}
static Ref add(Thread& t, Value a, Value b) {
  if (isDateTime(t, a) && isDelta(t, b)) return shifted(t, a, b.as<Delta>(), 1);
  if (isDateTime(t, b) && isDelta(t, a)) return shifted(t, b, a.as<Delta>(), 1);
  return Ref::notImplemented();
}
static Ref subtract(Thread& t, Value a, Value b) {
  if (!isDateTime(t, a)) return Ref::notImplemented();
  if (isDelta(t, b)) return shifted(t, a, b.as<Delta>(), -1);
  if (!isDateTime(t, b)) return Ref::notImplemented();
  Wide difference = static_cast<Wide>(absoluteMicros(self(a))) - absoluteMicros(self(b));
  if (self(a)->clock.tzinfo != self(b)->clock.tzinfo) {
    Offset x = TRY(offsetOf_py(t, a)), y = TRY(offsetOf_py(t, b));
    if (x.is_none != y.is_none) return raiseTypeError(t, "can't subtract offset-naive and offset-aware datetimes");
    difference += y.micros - x.micros;
  }
  return newDelta(t, difference);
}
// Whether the offset depends on fold: such times are equal to nothing of another zone (PEP 495).
static Fallible<bool> isProblematic_py(Thread& t, Value v, Offset known) {
  if (self(v)->clock.tzinfo.isNone() || typeOf(t, self(v)->clock.tzinfo) == state.timezone) return false;
  Clock c = self(v)->clock;
  c.fold = !c.fold;
  Ref flipped = rawDateTime(state.datetime, ymd(self(v)), c);
  Offset other = TRY(offsetOf_py(t, flipped.get()));
  return other.is_none != known.is_none || other.micros != known.micros;
}
static Ref compare(Thread& t, Value a, Value b, CompareOp op) {
  if (!isDateTime(t, b)) return Ref::notImplemented();
  int64_t left = absoluteMicros(self(a)), right = absoluteMicros(self(b));
  if (self(a)->clock.tzinfo == self(b)->clock.tzinfo) return Ref::boolean(holds(order(left, right), op));
  Offset x = TRY(offsetOf_py(t, a)), y = TRY(offsetOf_py(t, b));
  bool is_equality = op == CompareOp::kEq || op == CompareOp::kNe;
  if (x.is_none != y.is_none) {
    if (is_equality) return Ref::boolean(op == CompareOp::kNe);
    return raiseTypeError(t, "can't compare offset-naive and offset-aware datetimes");
  }
  int o = order(left - x.micros, right - y.micros);
  if (is_equality && o == 0 && (TRY(isProblematic_py(t, a, x)) || TRY(isProblematic_py(t, b, y)))) o = 1;
  return Ref::boolean(holds(o, op));
}
static Fallible<int64_t> hash(Thread& t, Value v) {
  DateTime* d = self(v);
  if (d->hash != 0) return d->hash;
  Ref first;
  if (d->clock.fold) {
    Clock c = d->clock;
    c.fold = 0;
    first = rawDateTime(state.datetime, ymd(d), c);
  }
  Offset offset = TRY(offsetOf_py(t, first ? first.get() : v));
  if (offset.is_none) {
    std::string bytes = packed(d, false);
    d->hash = hashBytesKeyed(bytes.data(), bytes.size());
  } else {
    Ref delta = TRY(newDelta(t, absoluteMicros(d) - offset.micros));
    d->hash = TRY(hash_py(t, delta.get()));
  }
  return d->hash;
}

static Ref getHour(Thread&, Value v) { return newIntSmall(self(v)->clock.hour); }
static Ref getMinute(Thread&, Value v) { return newIntSmall(self(v)->clock.minute); }
static Ref getSecond(Thread&, Value v) { return newIntSmall(self(v)->clock.second); }
static Ref getMicros(Thread&, Value v) { return newIntSmall(self(v)->clock.micros); }
static Ref getZone(Thread&, Value v) { return Ref::of(self(v)->clock.tzinfo); }
static Ref getFold(Thread&, Value v) { return newIntSmall(self(v)->clock.fold); }
static const GetSetDef kGetSets[] = {{"hour", getHour}, {"minute", getMinute}, {"second", getSecond}, {"microsecond", getMicros}, {"tzinfo", getZone}, {"fold", getFold}, {nullptr, nullptr}};
#define REPLACE "($self, /, year=<unset>, month=<unset>, day=<unset>, hour=<unset>, minute=<unset>, second=<unset>, microsecond=<unset>, tzinfo=<unset>, *, fold=<unset>)"
static const NativeDef kMethods[] = {
    {"now", "($type, /, tz=None)", now, "Returns new datetime object representing current time local to tz."}, {"utcnow", "($type, /)", utcNow, "Return a new datetime representing UTC day and time."},
    {"fromtimestamp", "($type, timestamp, tz=None)", fromTimestamp, "Create a datetime from a POSIX timestamp."}, {"utcfromtimestamp", "($type, timestamp, /)", utcFromTimestamp, "Create a naive UTC datetime from a POSIX timestamp."},
    {"strptime", "($type, string, format, /)", strptime, "Parse string according to the given date and time format (like time.strptime())."},
    {"combine", "($type, date, time, tzinfo=<unset>)", combine, "Construct a datetime from a given date and a given time."}, {"fromisoformat", "($type, string, /)", fromIsoFormat, "Construct a date from a string in ISO 8601 format."},
    {"date", "($self, /)", dateMethod, "Return date object with same year, month and day."}, {"time", "($self, /)", timeMethod, "Return time object with same time but with tzinfo=None."},
    {"timetz", "($self, /)", timetzMethod, "Return time object with same time and tzinfo."}, {"ctime", "($self, /)", ctimeMethod, "Return ctime() style string."},
    {"timetuple", "($self, /)", timeTuple, "Return time tuple, compatible with time.localtime()."}, {"timestamp", "($self, /)", timestamp, "Return POSIX timestamp as float."},
    {"utctimetuple", "($self, /)", utcTimeTuple, "Return UTC time tuple, compatible with time.localtime()."}, {"isoformat", "($self, /, sep=<unset>, timespec=<unset>)", isoFormat, "Return the time formatted according to ISO."},
    {"strftime", "($self, /, format)", strftimeMethod, "format -> strftime() style string."}, {"utcoffset", "($self, /)", utcOffset, "Return the timezone offset as timedelta positive east of UTC."},
    {"tzname", "($self, /)", tzName, "Return the name of the timezone associated with the datetime instance."}, {"dst", "($self, /)", dst, "Return daylight saving time offset as timedelta positive east of UTC."},
    {"replace", REPLACE, replace, "Return datetime with new specified fields."}, {"__replace__", REPLACE, replace, "The same as replace()."},
    {"astimezone", "($self, /, tz=None)", asTimezone, "Convert to local time in new timezone tz."}, {"__reduce_ex__", "($self, proto, /)", reduceEx}, {"__reduce__", "($self, /)", reduce}, {nullptr, nullptr, nullptr}};
#undef REPLACE

void makeDateTimeType(Isolate& isolate) {
  Type* type = state.datetime = makeType(isolate, {.name = "datetime.datetime", .size = sizeof(DateTime), .flags = kTypeBaseable, .base = state.date, .methods = kMethods, .getsets = kGetSets,
                                                   .doc = "A combination of a date and a time."});
  Slots& s = type->slots;
  s.dealloc = [](Object* o) { decref(static_cast<DateTime*>(o)->clock.tzinfo); };
  s.make = make;
  s.repr = repr;
  s.str = str;
  s.hash = hash;
  s.compare = compare;
  s.binary[static_cast<int>(object::BinaryOp::kAdd)] = add;
  s.binary[static_cast<int>(object::BinaryOp::kSub)] = subtract;
  readyType(isolate, type);
}

}  // namespace krait::modules::datetime
