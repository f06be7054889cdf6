// Calendar arithmetic and the checks of fields. ref: Modules/_datetimemodule.c (ymd_to_ord, ord_to_ymd, iso_to_ymd).
#include "runtime/modules/datetime/datetime.h"
#include "runtime/object/bytes.h"

namespace krait::modules::datetime {

static constexpr int kDays[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
static constexpr int kDaysBefore[] = {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

bool isLeap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }
int daysInMonth(int year, int month) { return month == 2 && isLeap(year) ? 29 : kDays[month]; }
int daysBeforeMonth(int year, int month) { return kDaysBefore[month] + (month > 2 && isLeap(year) ? 1 : 0); }
static int daysBeforeYear(int year) {
  int y = year - 1;
  return y * 365 + y / 4 - y / 100 + y / 400;
}
int ordinalOf(int year, int month, int day) { return daysBeforeYear(year) + daysBeforeMonth(year, month) + day; }

Ymd ymdOf(int ordinal) {
  int n = ordinal - 1;
  int n400 = n / 146097;
  n %= 146097;
  int n100 = n / 36524;
  n %= 36524;
  int n4 = n / 1461;
  n %= 1461;
  int n1 = n / 365;
  n %= 365;
  int year = n400 * 400 + n100 * 100 + n4 * 4 + n1 + 1;
  if (n1 == 4 || n100 == 4) return {year - 1, 12, 31};
  int month = (n + 50) >> 5;
  int before = daysBeforeMonth(year, month);
  if (before > n) before = daysBeforeMonth(year, --month);
  return {year, month, n - before + 1};
}

// The ordinal of the Monday that begins week 1.
static int isoWeek1Monday(int year) {
  int first = ordinalOf(year, 1, 1), weekday = (first + 6) % 7;
  int monday = first - weekday;
  return weekday > 3 ? monday + 7 : monday;
}
IsoDate isoDateOf(int year, int month, int day) {
  int today = ordinalOf(year, month, day), monday = isoWeek1Monday(year);
  int week = today >= monday ? (today - monday) / 7 : -1;
  if (week < 0) {
    --year;
    week = (today - isoWeek1Monday(year)) / 7;
  } else if (week >= 52 && today >= isoWeek1Monday(year + 1)) {
    ++year;
    week = 0;
  }
  return {year, week + 1, (today + 6) % 7 + 1};
}
bool fromIsoDate(int year, int week, int day, Ymd& out, std::string& error) {
  if (year < 1 || year > 9999) return error = format("year must be in 1..9999, not %d", year), false;
  bool has_week = week > 0 && week < 53;
  if (week == 53) {
    int first = (ordinalOf(year, 1, 1) + 6) % 7;
    has_week = first == 3 || (first == 2 && isLeap(year));
  }
  if (!has_week) return error = format("Invalid week: %d", week), false;
  if (day < 1 || day > 7) return error = format("Invalid weekday: %d (range is [1, 7])", day), false;
  int ordinal = isoWeek1Monday(year) + (week - 1) * 7 + day - 1;
  if (ordinal < 1) return error = "year must be in 1..9999, not 0", false;
  if (ordinal > kMaxOrdinal) return error = "year must be in 1..9999, not 10000", false;
  out = ymdOf(ordinal);
  return true;
}

Status checkDate(Thread& t, int year, int month, int day) {
  if (year < 1 || year > 9999) return raiseValueError(t, "year must be in 1..9999, not %d", year);
  if (month < 1 || month > 12) return raiseValueError(t, "month must be in 1..12, not %d", month);
  int most = daysInMonth(year, month);
  if (day < 1 || day > most) return raiseValueError(t, "day %d must be in range 1..%d for month %d in year %d", day, most, month, year);
  return kDone;
}
Status checkClock(Thread& t, int hour, int minute, int second, int micros, int fold) {
  if (hour < 0 || hour > 23) return raiseValueError(t, "hour must be in 0..23, not %d", hour);
  if (minute < 0 || minute > 59) return raiseValueError(t, "minute must be in 0..59, not %d", minute);
  if (second < 0 || second > 59) return raiseValueError(t, "second must be in 0..59, not %d", second);
  if (micros < 0 || micros > 999999) return raiseValueError(t, "microsecond must be in 0..999999, not %d", micros);
  if (fold != 0 && fold != 1) return raiseValueError(t, "fold must be either 0 or 1, not %d", fold);
  return kDone;
}
Fallible<Value> tzinfoArg(Thread& t, Value v) {
  if (v.isUndefined() || v.isNone()) return Value::none();
  if (!isInstanceOf(t, v, state.tzinfo)) return raiseTypeError(t, "tzinfo argument must be None or of a tzinfo subclass, not type '%s'", typeNameOf(t, v));
  return v;
}
bool stateOf(Value v, size_t size, std::string& out) {
  if (isBytes(v) && v.as<Bytes>()->size == static_cast<int64_t>(size)) {
    out = v.as<Bytes>()->view();
    return true;
  }
  if (!isStr(v) || v.as<Str>()->length != static_cast<int64_t>(size) || v.as<Str>()->kind != 1) return false;
  out.assign(reinterpret_cast<const char*>(v.as<Str>()->data1()), size);
  return true;
}

}  // namespace krait::modules::datetime
