// datetime.date.
#include "runtime/modules/datetime/datetime.h"
#include "runtime/object/bytes.h"
#include "runtime/object/float.h"
#include "runtime/object/import.h"
#include "runtime/object/int_conversions.h"
#include "runtime/object/struct_sequence.h"
#include "runtime/object/unnamed.h"

namespace krait::modules::datetime {

static Date* self(Value v) { return v.as<Date>(); }

static Ref rawDate(Type* type, int year, int month, int day) {
  Date* d = allocate<Date>(type);
  d->year = static_cast<int16_t>(year);
  d->month = static_cast<uint8_t>(month);
  d->day = static_cast<uint8_t>(day);
  return Ref::steal(d);
}
Ref newDate_py(Thread& t, Type* type, int year, int month, int day) {
  if (type != state.date) return callArgs_py(t, type, Value::fromInt(year), Value::fromInt(month), Value::fromInt(day));
  TRY(checkDate(t, year, month, day));
  return rawDate(type, year, month, day);
}
static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  std::string pickled;
  if (nargs == 1 && keywords == nullptr && stateOf(args[0], 4, pickled)) {
    auto at = [&](size_t i) { return static_cast<unsigned char>(pickled[i]); };
    if (at(2) >= 1 && at(2) <= 12) return rawDate(type, at(0) << 8 | at(1), at(2), at(3));
  }
  BoundArguments a;
  TRY(bindArguments_py(t, kUnnamed, "(year, month, day)", args, nargs, keywords, a));
  int year = TRY(toFormatInt_py(t, a[0])), month = TRY(toFormatInt_py(t, a[1])), day = TRY(toFormatInt_py(t, a[2]));
  TRY(checkDate(t, year, month, day));
  return rawDate(type, year, month, day);
}

// --- other constructors; a[0] is the class
static Ref ofOrdinal_py(Thread& t, Value type, int64_t ordinal) {
  Ymd d = ymdOf(static_cast<int>(ordinal));
  return newDate_py(t, type.as<Type>(), d.year, d.month, d.day);
}
static Ref fromTimestamp(Thread& t, const Value* a) {
  if (!isIntLike(a[1]) && !isFloatLike(a[1]) && typeOf(t, a[1])->slots.index == nullptr) {
    return raiseTypeError(t, "'%s' object cannot be interpreted as an integer", typeNameOf(t, a[1]));
  }
  double seconds = isIntLike(a[1]) ? 0 : TRY(toDouble_py(t, a[1]));
  if (seconds != seconds) return raiseValueError(t, "Invalid value NaN (not a number)");
  int64_t whole;
  if (isIntLike(a[1])) {
    if (!intFits(a[1], whole)) return raiseOverflowError(t, "timestamp out of range for platform time_t");
  } else {
    seconds = __builtin_floor(seconds);
    if (!(seconds > -9.2e18 && seconds < 9.2e18)) return raiseOverflowError(t, "timestamp out of range for platform time_t");
    whole = static_cast<int64_t>(seconds);
  }
  std::tm tm;
  time_t when = static_cast<time_t>(whole);
  if (localtime_r(&when, &tm) == nullptr) return raiseOSError(t, EOVERFLOW);
  return newDate_py(t, a[0].as<Type>(), tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}
static Ref today(Thread& t, const Value* a) {
  Ref module = TRY(importByName_py(t, "time"));
  Ref now = TRY(callMethod_py(t, module.get(), intern(*t.isolate, "time")));
  return callMethod_py(t, a[0], intern(*t.isolate, "fromtimestamp"), now.get());
}
static Ref fromOrdinal(Thread& t, const Value* a) {
  int64_t ordinal = TRY(toFormatInt_py(t, a[1]));
  if (ordinal < 1) return raiseValueError(t, "ordinal must be >= 1");
  if (ordinal > kMaxOrdinal) return raiseValueError(t, "year must be in 1..9999, not %d", static_cast<int>((ordinal - 1) / 365.2425) + 1);
  return ofOrdinal_py(t, a[0], ordinal);
}
static Ref fromIsoFormat(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "fromisoformat: argument must be str");
  Str* s = a[1].as<Str>();
  Ymd d;
  std::string error;
  if (!s->is_ascii || (s->length != 7 && s->length != 8 && s->length != 10) || !parseIsoDate(s->ascii(), d, error)) return isoError(t, a[1]);
  return newDate_py(t, a[0].as<Type>(), d.year, d.month, d.day);
}
static Ref fromIsoCalendar(Thread& t, const Value* a) {
  int n[3];
  for (int i = 0; i < 3; ++i) {
    Ref part = TRY(toIndex_py(t, a[i + 1]));
    int64_t v;
    if (!intFits(part.get(), v) || v != static_cast<int>(v)) return raiseValueError(t, "ISO calendar component out of range");
    n[i] = static_cast<int>(v);
  }
  Ymd d;
  std::string error;
  if (!fromIsoDate(n[0], n[1], n[2], d, error)) return raiseValueError(t, "%s", error.c_str());
  return newDate_py(t, a[0].as<Type>(), d.year, d.month, d.day);
}
static Ref strptime(Thread& t, const Value* a) { return callStrptime_py(t, "_strptime_datetime_date", a); }

// --- text
static const char* const kDayNames[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char* const kMonthNames[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static Ref ctimeMethod(Thread& t, const Value* a) {
  const Date* d = self(a[0]);
  return strFormat(t, "%s %s %2d 00:00:00 %04d", kDayNames[weekdayOf(d->year, d->month, d->day)], kMonthNames[d->month - 1], d->day, d->year);
}
static Ref strftimeMethod(Thread& t, const Value* a) {
  const Date* d = self(a[0]);
  return formatTime_py(t, a[1], tmOf(d->year, d->month, d->day, nullptr), 0, Value::none(), Value::none());
}
static Ref formatMethod(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "__format__() argument 1 must be str, not %s", typeNameOf(t, a[1]));
  if (a[1].as<Str>()->length == 0) return str_py(t, a[0]);
  return callMethod_py(t, a[0], intern(*t.isolate, "strftime"), a[1]);
}
static Ref isoText(Thread& t, Value v) {
  const Date* d = self(v);
  return strFormat(t, "%04d-%02d-%02d", d->year, d->month, d->day);
}
static Ref isoFormat(Thread& t, const Value* a) { return isoText(t, a[0]); }
static Ref str(Thread& t, Value v) { return typeOfHeap(v) == state.date ? isoText(t, v) : callMethod_py(t, v, intern(*t.isolate, "isoformat")); }
static Ref repr(Thread& t, Value v) {
  const Date* d = self(v);
  return strFormat(t, "%s(%d, %d, %d)", typeNameOf(t, v), d->year, d->month, d->day);
}

// --- parts
static Ref isoCalendar(Thread& t, const Value* a) {
  const Date* d = self(a[0]);
  IsoDate iso = isoDateOf(d->year, d->month, d->day);
  Value values[3] = {Value::fromInt(iso.year), Value::fromInt(iso.week), Value::fromInt(iso.weekday)};
  return structSequenceSteal(t, state.iso_date, values, 3);
}
static Ref weekday(Thread&, const Value* a) { return newIntSmall(weekdayOf(self(a[0])->year, self(a[0])->month, self(a[0])->day)); }
static Ref isoWeekday(Thread&, const Value* a) { return newIntSmall(weekdayOf(self(a[0])->year, self(a[0])->month, self(a[0])->day) + 1); }
static Ref toOrdinal(Thread&, const Value* a) { return newIntSmall(ordinalOf(self(a[0]))); }
static Ref timeTuple(Thread& t, const Value* a) {
  const Date* d = self(a[0]);
  Ref module = TRY(importByName_py(t, "time"));
  auto n = [](int v) { return Value::fromInt(v); };
  Ref fields = tupleOf(t, {n(d->year), n(d->month), n(d->day), n(0), n(0), n(0), n(weekdayOf(d->year, d->month, d->day)), n(daysBeforeMonth(d->year, d->month) + d->day), n(-1)});
  return callMethod_py(t, module.get(), intern(*t.isolate, "struct_time"), fields.get());
}
static Ref replace(Thread& t, const Value* a) {
  const Date* d = self(a[0]);
  int year = a[1].isUndefined() ? d->year : TRY(toFormatInt_py(t, a[1])), month = a[2].isUndefined() ? d->month : TRY(toFormatInt_py(t, a[2]));
  int day = a[3].isUndefined() ? d->day : TRY(toFormatInt_py(t, a[3]));
  return newDate_py(t, typeOfHeap(a[0]), year, month, day);
}
static Ref reduce(Thread& t, const Value* a) {
  const Date* d = self(a[0]);
  char packed[4] = {static_cast<char>(d->year >> 8), static_cast<char>(d->year), static_cast<char>(d->month), static_cast<char>(d->day)};
  Ref bytes = newBytes(t, {packed, 4}), args = tupleOf(t, {bytes.get()});
  return tupleOf(t, {Value(typeOfHeap(a[0])), args.get()});
}

// --- arithmetic and order
static Ref shifted(Thread& t, Value date, int64_t days) {
  int64_t ordinal = ordinalOf(self(date)) + days;
  if (ordinal < 1 || ordinal > kMaxOrdinal) return raiseOverflowError(t, "date value out of range");
  return ofOrdinal_py(t, typeOfHeap(date), ordinal);
}
static Ref add(Thread& t, Value a, Value b) {
  if (isDateTime(t, a) || isDateTime(t, b)) return Ref::notImplemented();
  if (isDate(t, a) && isDelta(t, b)) return shifted(t, a, b.as<Delta>()->days);
  if (isDate(t, b) && isDelta(t, a)) return shifted(t, b, a.as<Delta>()->days);
  return Ref::notImplemented();
}
static Ref subtract(Thread& t, Value a, Value b) {
  if (isDateTime(t, a) || isDateTime(t, b) || !isDate(t, a)) return Ref::notImplemented();
  if (isDate(t, b)) return newDelta(t, static_cast<Wide>(ordinalOf(self(a)) - ordinalOf(self(b))) * 86400000000);
  if (isDelta(t, b)) return shifted(t, a, -static_cast<int64_t>(b.as<Delta>()->days));
  return Ref::notImplemented();
}
static int packedDate(const Date* d) { return d->year << 16 | d->month << 8 | d->day; }
static Ref compare(Thread& t, Value a, Value b, CompareOp op) {
  if (!isDate(t, b) || isDateTime(t, b)) return Ref::notImplemented();
  return Ref::boolean(holds(order(packedDate(self(a)), packedDate(self(b))), op));
}
static Fallible<int64_t> hash(Thread&, Value v) {
  Date* d = self(v);
  if (d->hash == 0) {
    unsigned char packed[4] = {static_cast<unsigned char>(d->year >> 8), static_cast<unsigned char>(d->year), d->month, d->day};
    d->hash = hashBytesKeyed(packed, 4);
  }
  return d->hash;
}

static Ref getYear(Thread&, Value v) { return newIntSmall(self(v)->year); }
static Ref getMonth(Thread&, Value v) { return newIntSmall(self(v)->month); }
static Ref getDay(Thread&, Value v) { return newIntSmall(self(v)->day); }
static const GetSetDef kGetSets[] = {{"year", getYear}, {"month", getMonth}, {"day", getDay}, {nullptr, nullptr}};
static const NativeDef kMethods[] = {
    {"fromtimestamp", "($type, timestamp, /)", fromTimestamp, "Create a date from a POSIX timestamp."}, {"today", "($type, /)", today, "Current date or datetime:  same as self.__class__.fromtimestamp(time.time())."},
    {"fromordinal", "($type, ordinal, /)", fromOrdinal, "int -> date corresponding to a proleptic Gregorian ordinal."},
    {"fromisoformat", "($type, string, /)", fromIsoFormat, "Construct a date from a string in ISO 8601 format."},
    {"fromisocalendar", "($type, year, week, day)", fromIsoCalendar, "Construct a date from the ISO year, week number and weekday."},
    {"strptime", "($type, string, format, /)", strptime, "Parse string according to the given date format (like time.strptime())."},
    {"ctime", "($self, /)", ctimeMethod, "Return ctime() style string."}, {"strftime", "($self, /, format)", strftimeMethod, "format -> strftime() style string."},
    {"__format__", "($self, format_spec, /)", formatMethod, "Formats self with strftime."}, {"isoformat", "($self, /)", isoFormat, "Return string in ISO 8601 format, YYYY-MM-DD."},
    {"isocalendar", "($self, /)", isoCalendar, "Return a named tuple containing ISO year, week number, and weekday."}, {"isoweekday", "($self, /)", isoWeekday, "Return the day of the week represented by the date."},
    {"weekday", "($self, /)", weekday, "Return the day of the week represented by the date."}, {"toordinal", "($self, /)", toOrdinal, "Return proleptic Gregorian ordinal.  January 1 of year 1 is day 1."},
    {"timetuple", "($self, /)", timeTuple, "Return time tuple, compatible with time.localtime()."}, {"replace", "($self, /, year=<unset>, month=<unset>, day=<unset>)", replace, "Return date with new specified fields."},
    {"__replace__", "($self, /, year=<unset>, month=<unset>, day=<unset>)", replace, "The same as replace()."}, {"__reduce__", "($self, /)", reduce, "__reduce__() -> (cls, state)"}, {nullptr, nullptr, nullptr}};

void makeDateType(Isolate& isolate) {
  Type* type = state.date = makeType(isolate, {.name = "datetime.date", .size = sizeof(Date), .flags = kTypeBaseable, .methods = kMethods, .getsets = kGetSets,
                                               .doc = "Concrete date type."});
  Slots& s = type->slots;
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
