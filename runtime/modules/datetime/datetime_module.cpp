// The `_datetime` module: makes the types and the constants that are attributes of them.
#include "runtime/modules/datetime/datetime.h"
#include "runtime/object/struct_sequence.h"

namespace krait::modules {

namespace datetime {
State state;
static const StructSequenceDef kIsoDate = {"datetime.IsoCalendarDate", 3, 3, {"year", "week", "weekday"}, "The result of date.isocalendar() or datetime.isocalendar()"};

static void typeSet(Thread& t, Type* type, const char* name, Ref v) { dictSetStr(type->dict, intern(*t.isolate, name), v.get()); }

// As a plain tuple: the class is not to be found by its name. ref: iso_calendar_date_reduce.
static Ref reduceIsoDate(Thread& t, const Value* a) {
  Ref items = tupleFrom(t, a[0].as<Tuple>()->items(), a[0].as<Tuple>()->size), args = tupleOf(t, {items.get()});
  return tupleOf(t, {t.types().tuple, args.get()});
}
static const NativeDef kIsoDateReduce = {"__reduce__", "($self, /)", reduceIsoDate};

static Status init(Thread& t, Module* m) {
  Isolate& isolate = *t.isolate;
  makeDeltaType(isolate);
  makeDateType(isolate);
  makeTimeType(isolate);
  makeDateTimeType(isolate);
  makeZoneTypes(isolate);
  state.iso_date = makeStructSequence(isolate, kIsoDate);
  typeSet(t, state.iso_date, "__reduce__", newNativeDescriptor(isolate, &kIsoDateReduce, state.iso_date));
  constexpr Wide kDay = Wide{86400} * 1000000;
  Clock first = {}, last = {23, 59, 59, 0, 999999, Value::none()};
  first.tzinfo = Value::none();
  typeSet(t, state.delta, "min", newDelta(t, -999999999 * kDay));
  typeSet(t, state.delta, "max", newDelta(t, 1000000000 * kDay - 1));
  typeSet(t, state.delta, "resolution", newDelta(t, 1));
  typeSet(t, state.date, "min", newDate_py(t, state.date, 1, 1, 1));
  typeSet(t, state.date, "max", newDate_py(t, state.date, 9999, 12, 31));
  typeSet(t, state.date, "resolution", newDelta(t, kDay));
  typeSet(t, state.time, "min", newTime_py(t, state.time, first));
  typeSet(t, state.time, "max", newTime_py(t, state.time, last));
  typeSet(t, state.time, "resolution", newDelta(t, 1));
  typeSet(t, state.datetime, "min", newDateTime_py(t, state.datetime, {1, 1, 1}, first));
  typeSet(t, state.datetime, "max", newDateTime_py(t, state.datetime, {9999, 12, 31}, last));
  typeSet(t, state.datetime, "resolution", newDelta(t, 1));
  Ref utc = newTimezone(t, 0, Value());
  state.utc = share(utc.get());
  typeSet(t, state.timezone, "utc", std::move(utc));
  constexpr int64_t kMost = (int64_t{23} * 60 + 59) * 60000000;
  typeSet(t, state.timezone, "min", newTimezone(t, -kMost, Value()));
  typeSet(t, state.timezone, "max", newTimezone(t, kMost, Value()));
  for (Type* type : {state.delta, state.date, state.time, state.datetime, state.timezone, state.iso_date}) typeModified(type);
  for (Type* type : {state.delta, state.date, state.time, state.datetime, state.tzinfo, state.timezone}) moduleSetType(t, m, type);
  moduleSet(t, m, "MINYEAR", Value::fromInt(1));
  moduleSet(t, m, "MAXYEAR", Value::fromInt(9999));
  moduleSet(t, m, "UTC", state.utc);
  return kDone;
}
static const NativeDef kNone[] = {{nullptr, nullptr, nullptr}};
}  // namespace datetime

extern const NativeModule kDatetimeModule;
const NativeModule kDatetimeModule = {"_datetime", "Fast implementation of the datetime module.", datetime::kNone, datetime::init};

}  // namespace krait::modules
