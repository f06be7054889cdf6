// The `_datetime` module: what its files share. Dates are proleptic Gregorian, ordinals count days from 1 January of year 1 (= 1).
// ref: Modules/_datetimemodule.c; library reference, datetime.
#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules::datetime {

using Wide = __int128;

// Normalised: 0 <= seconds < 86400, 0 <= micros < 1000000.
struct Delta : Object {
  int64_t hash;
  int32_t days, seconds, micros;
};
struct Date : Object {
  int64_t hash;
  int16_t year;
  uint8_t month, day;
};
struct Clock {
  uint8_t hour, minute, second, fold;
  int32_t micros;
  Value tzinfo;  // None when naive
};
struct Time : Object {
  int64_t hash;
  Clock clock;
};
struct DateTime : Date {
  Clock clock;
};
struct Timezone : Object {
  Value offset;  // Delta
  Value name;    // str, or Undefined
};

struct State {
  Type *delta, *date, *time, *datetime, *tzinfo, *timezone, *iso_date;
  Value utc;    // immortal
};
extern State state;

inline bool isDelta(const Thread& t, Value v) { return isInstanceOf(t, v, state.delta); }
inline bool isDate(const Thread& t, Value v) { return isInstanceOf(t, v, state.date); }
inline bool isTime(const Thread& t, Value v) { return isInstanceOf(t, v, state.time); }
inline bool isDateTime(const Thread& t, Value v) { return isInstanceOf(t, v, state.datetime); }

// --- calendar
struct Ymd {
  int year, month, day;
};
struct IsoDate {
  int year, week, weekday;
};
constexpr int kMaxOrdinal = 3652059;
bool isLeap(int year);
int daysInMonth(int year, int month);
int daysBeforeMonth(int year, int month);
int ordinalOf(int year, int month, int day);
Ymd ymdOf(int ordinal);
inline int weekdayOf(int year, int month, int day) { return (ordinalOf(year, month, day) + 6) % 7; }  // Monday is 0
IsoDate isoDateOf(int year, int month, int day);
// False when there is no such week or day; `error` is then the message.
bool fromIsoDate(int year, int week, int day, Ymd& out, std::string& error);
inline int ordinalOf(const Date* d) { return ordinalOf(d->year, d->month, d->day); }

Status checkDate(Thread& t, int year, int month, int day);
Status checkClock(Thread& t, int hour, int minute, int second, int micros, int fold);
// None or a tzinfo; TypeError otherwise. Undefined counts as None.
Fallible<Value> tzinfoArg(Thread& t, Value v);

// --- making objects. Subclasses are called as Python would call them.
Wide microsOf(const Delta* d);
Ref newDelta(Thread& t, Wide micros, Type* type = nullptr);  // OverflowError when out of range
Ref newDate_py(Thread& t, Type* type, int year, int month, int day);
Ref newTime_py(Thread& t, Type* type, const Clock& clock);
Ref newDateTime_py(Thread& t, Type* type, const Ymd& date, const Clock& clock);
// `ordinal` may be outside of the calendar, `micros` of the day in range: OverflowError "date value out of range".
Ref newDateTimeAt_py(Thread& t, Type* type, int64_t ordinal, int64_t micros, Value tzinfo, int fold);
inline Ymd ymd(const Date* d) { return {d->year, d->month, d->day}; }
inline int64_t dayMicros(const Clock& c) { return ((c.hour * 60 + c.minute) * int64_t{60} + c.second) * 1000000 + c.micros; }
// Microseconds since the beginning of year 1, without regard to the zone.
inline int64_t absoluteMicros(const DateTime* d) { return ordinalOf(d) * int64_t{86400000000} + dayMicros(d->clock); }

// --- zones
struct Offset {
  bool is_none = true;
  int64_t micros = 0;
};
// tzinfo.utcoffset(argument) and dst, checked. `tzinfo` may be None.
Fallible<Offset> utcOffset_py(Thread& t, Value tzinfo, Value argument);
Fallible<Offset> dstOffset_py(Thread& t, Value tzinfo, Value argument);
Ref tzName_py(Thread& t, Value tzinfo, Value argument);
inline Ref offsetObject(Thread& t, Offset o) { return o.is_none ? Ref::none() : newDelta(t, o.micros); }
Ref newTimezone(Thread& t, int64_t micros, Value name);
void makeZoneTypes(Isolate& isolate);

// --- text
// "+05:30", with seconds and microseconds when there are any; `separator` between the parts.
std::string offsetText(int64_t micros, const char* separator);
// The part after the date; ValueError for an unknown timespec. `spec` may be Undefined for auto.
Status addClockText(Thread& t, const Clock& c, Value spec, std::string& out);
// strftime for broken-down time; %z, %:z, %Z and %f come from the object `self` with its zone.
Ref formatTime_py(Thread& t, Value format, const std::tm& tm, int micros, Value tzinfo, Value argument);
std::tm tmOf(int year, int month, int day, const Clock* clock);
bool parseIsoDate(std::string_view s, Ymd& out, std::string& error);
struct ParsedClock {
  Clock clock = {};
  bool is_next_day = false, is_wrong = false;
  bool has_offset = false;
  int64_t offset = 0;
};
bool parseIsoClock(std::string_view s, ParsedClock& out);
size_t isoSeparatorAt(std::string_view s, bool& ok);
Ref isoError(Thread& t, Value text);

// A pickled state: bytes, or the same as latin-1 text.
bool stateOf(Value v, size_t size, std::string& out);
Ref callStrptime_py(Thread& t, const char* function, const Value* a);

void makeDeltaType(Isolate& isolate);
void makeDateType(Isolate& isolate);
void makeTimeType(Isolate& isolate);
void makeDateTimeType(Isolate& isolate);

inline bool holds(int order, CompareOp op) {
  switch (op) {
    case CompareOp::kLt: return order < 0;
    case CompareOp::kLe: return order <= 0;
    case CompareOp::kEq: return order == 0;
    case CompareOp::kNe: return order != 0;
    case CompareOp::kGt: return order > 0;
    default: return order >= 0;
  }
}
template <class T>
int order(T a, T b) { return a < b ? -1 : a > b; }

}  // namespace krait::modules::datetime
