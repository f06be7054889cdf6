// datetime.tzinfo and datetime.timezone, and asking any zone for its offsets.
#include "runtime/modules/datetime/datetime.h"
#include "runtime/object/gc.h"
#include "runtime/object/instance.h"

namespace krait::modules::datetime {

static constexpr Wide kDay = Wide{86400} * 1000000;
static Timezone* self(Value v) { return v.as<Timezone>(); }
static bool isTimezone(const Thread& t, Value v) { return typeOf(t, v) == state.timezone; }

static Fallible<Offset> askZone_py(Thread& t, Value tzinfo, Value argument, const char* name) {
  if (tzinfo.isNone() || tzinfo.isUndefined()) return Offset{};
  if (isTimezone(t, tzinfo)) {
    if (name[0] == 'd') return Offset{};
    return Offset{false, static_cast<int64_t>(microsOf(self(tzinfo)->offset.as<Delta>()))};
  }
  Ref answer = TRY(callMethod_py(t, tzinfo, intern(*t.isolate, name), argument));
  if (answer.get().isNone()) return Offset{};
  if (!isDelta(t, answer.get())) return raiseTypeError(t, "tzinfo.%s() must return None or timedelta, not '%s'", name, typeNameOf(t, answer.get()));
  Wide us = microsOf(answer.as<Delta>());
  if (us <= -kDay || us >= kDay) {
    return raiseValueError(t, "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24).");
  }
  return Offset{false, static_cast<int64_t>(us)};
}
Fallible<Offset> utcOffset_py(Thread& t, Value tzinfo, Value argument) { return askZone_py(t, tzinfo, argument, "utcoffset"); }
Fallible<Offset> dstOffset_py(Thread& t, Value tzinfo, Value argument) { return askZone_py(t, tzinfo, argument, "dst"); }
Ref tzName_py(Thread& t, Value tzinfo, Value argument) {
  if (tzinfo.isNone() || tzinfo.isUndefined()) return Ref::none();
  Ref name = TRY(callMethod_py(t, tzinfo, intern(*t.isolate, "tzname"), argument));
  if (!name.get().isNone() && !isStr(name.get())) return raiseTypeError(t, "tzinfo.tzname() must return None or a string, not '%s'", typeNameOf(t, name.get()));
  return name;
}

// --- tzinfo
static RaisedTag notImplemented(Thread& t, const char* name) {
  return raise(t, errors(t).not_implemented_error, "a tzinfo subclass must implement %s()", name);
}
static Ref tzinfoName(Thread& t, const Value*) { return notImplemented(t, "tzname"); }
static Ref tzinfoOffset(Thread& t, const Value*) { return notImplemented(t, "utcoffset"); }
static Ref tzinfoDst(Thread& t, const Value*) { return notImplemented(t, "dst"); }
// ref: tzinfo_fromutc; the algorithm is explained in the library's datetime.
static Ref tzinfoFromUtc(Thread& t, const Value* a) {
  if (!isDateTime(t, a[1])) return raiseTypeError(t, "fromutc: argument must be a datetime");
  const DateTime* dt = a[1].as<DateTime>();
  if (dt->clock.tzinfo != a[0]) return raiseValueError(t, "fromutc: dt.tzinfo is not self");
  Ref off = TRY(callMethod_py(t, a[1], intern(*t.isolate, "utcoffset")));
  if (off.get().isNone()) return raiseValueError(t, "fromutc: non-None utcoffset() result required");
  Ref dst = TRY(callMethod_py(t, a[1], intern(*t.isolate, "dst")));
  if (dst.get().isNone()) return raiseValueError(t, "fromutc: non-None dst() result required");
  Ref delta = TRY(binary_py(t, off.get(), dst.get(), object::BinaryOp::kSub));
  Ref result = TRY(binary_py(t, a[1], delta.get(), object::BinaryOp::kAdd));
  Ref again = TRY(callMethod_py(t, result.get(), intern(*t.isolate, "dst")));
  if (again.get().isNone()) return raiseValueError(t, "fromutc: tz.dst() gave inconsistent results; cannot convert");
  return binary_py(t, result.get(), again.get(), object::BinaryOp::kAdd);
}
static Ref tzinfoReduce(Thread& t, const Value* a) {
  Ref args, get = findAttr_py(t, a[0], intern(*t.isolate, "__getinitargs__"));
  if (!get && isPending(t)) return kRaised;
  if (get) args = TRY(call_py(t, get.get(), nullptr, 0));
  else args = newTuple(t, 0);
  Ref state_value = TRY(callMethod_py(t, a[0], intern(*t.isolate, "__getstate__")));
  Value type = typeOfHeap(a[0]);
  return state_value.get().isNone() ? tupleOf(t, {type, args.get()}) : tupleOf(t, {type, args.get(), state_value.get()});
}
static Ref tzinfoMake(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  Object* o = allocate<Object>(type);
  if (type->has(kTypeGc)) gcTrack(o);
  return Ref::steal(o);
}

// --- timezone
static RaisedTag raiseOutOfRange(Thread& t, Value offset) {
  return raiseValueError(t, "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not %s", reprText_py(t, offset).c_str());
}
static Ref makeTimezone(Type* type, Value offset, Value name) {
  Timezone* z = allocate<Timezone>(type);
  z->offset = share(offset);
  z->name = share(name);
  return Ref::steal(z);
}
Ref newTimezone(Thread& t, int64_t micros, Value name) {
  if (micros == 0 && name.isUndefined() && state.utc.defined()) return Ref::of(state.utc);
  Ref offset = TRY(newDelta(t, micros));
  if (micros <= -kDay || micros >= kDay) return raiseOutOfRange(t, offset.get());
  return makeTimezone(state.timezone, offset.get(), name);
}
static Ref timezoneMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "timezone", "(offset, name=<unset>)", args, nargs, keywords, a));
  if (!isDelta(t, a[0])) return raiseTypeError(t, "timezone() argument 1 must be datetime.timedelta, not %s", typeNameOf(t, a[0]));
  if (a[1].defined() && !isStr(a[1])) return raiseTypeError(t, "timezone() argument 2 must be str, not %s", typeNameOf(t, a[1]));
  Wide us = microsOf(a[0].as<Delta>());
  if (us == 0 && a[1].isUndefined()) return Ref::of(state.utc);
  if (us <= -kDay || us >= kDay) return raiseOutOfRange(t, a[0]);
  return makeTimezone(type, a[0], a[1]);
}
static Status checkArgument(Thread& t, Value v, const char* name) {
  if (v.isNone() || isDateTime(t, v)) return kDone;
  return raiseTypeError(t, "%s(dt) argument must be a datetime instance or None, not %s", name, typeNameOf(t, v));
}
static std::string nameText(Value v) {
  if (self(v)->name.defined()) return toUtf8(self(v)->name.as<Str>());
  int64_t us = static_cast<int64_t>(microsOf(self(v)->offset.as<Delta>()));
  return us == 0 ? "UTC" : "UTC" + offsetText(us, ":");
}
static Ref timezoneOffset(Thread& t, const Value* a) {
  TRY(checkArgument(t, a[1], "utcoffset"));
  return Ref::of(self(a[0])->offset);
}
static Ref timezoneDst(Thread& t, const Value* a) {
  TRY(checkArgument(t, a[1], "dst"));
  return Ref::none();
}
static Ref timezoneName(Thread& t, const Value* a) {
  TRY(checkArgument(t, a[1], "tzname"));
  return self(a[0])->name.defined() ? Ref::of(self(a[0])->name) : newStr(t, nameText(a[0]));
}
static Ref timezoneFromUtc(Thread& t, const Value* a) {
  if (!isDateTime(t, a[1])) return raiseTypeError(t, "fromutc() argument must be a datetime instance");
  const DateTime* dt = a[1].as<DateTime>();
  if (dt->clock.tzinfo != a[0]) return raiseValueError(t, "fromutc: dt.tzinfo is not self");
  return newDateTimeAt_py(t, typeOfHeap(a[1]), ordinalOf(dt), dayMicros(dt->clock) + static_cast<int64_t>(microsOf(self(a[0])->offset.as<Delta>())), a[0], 0);
}
static Ref initArgs(Thread& t, const Value* a) {
  return self(a[0])->name.isUndefined() ? tupleOf(t, {self(a[0])->offset}) : tupleOf(t, {self(a[0])->offset, self(a[0])->name});
}
static Ref timezoneRepr(Thread& t, Value v) {
  if (v == state.utc) return newStr(t, "datetime.timezone.utc");
  std::string offset = reprText_py(t, self(v)->offset);
  if (self(v)->name.isUndefined()) return strFormat(t, "%s(%s)", typeNameOf(t, v), offset.c_str());
  return strFormat(t, "%s(%s, %s)", typeNameOf(t, v), offset.c_str(), reprText_py(t, self(v)->name).c_str());
}
static Ref timezoneStr(Thread& t, Value v) { return newStr(t, nameText(v)); }
static Fallible<int64_t> timezoneHash(Thread& t, Value v) { return hash_py(t, self(v)->offset); }
static Ref timezoneCompare(Thread& t, Value a, Value b, CompareOp op) {
  if ((op != CompareOp::kEq && op != CompareOp::kNe) || !isTimezone(t, b)) return Ref::notImplemented();
  bool equal = microsOf(self(a)->offset.as<Delta>()) == microsOf(self(b)->offset.as<Delta>());
  return Ref::boolean(equal == (op == CompareOp::kEq));
}

static const NativeDef kTzinfoMethods[] = {
    {"tzname", "($self, dt, /)", tzinfoName, "datetime -> string name of time zone."}, {"utcoffset", "($self, dt, /)", tzinfoOffset, "datetime -> timedelta showing offset from UTC, negative values indicating West of UTC"},
    {"dst", "($self, dt, /)", tzinfoDst, "datetime -> DST offset as timedelta positive east of UTC."}, {"fromutc", "($self, dt, /)", tzinfoFromUtc, "datetime in UTC -> datetime in local time."},
    {"__reduce__", "($self, /)", tzinfoReduce, "-> (cls, state)"}, {nullptr, nullptr, nullptr}};
static const NativeDef kTimezoneMethods[] = {
    {"tzname", "($self, dt, /)", timezoneName, "If name is specified when timezone is created, returns the name.  Otherwise returns offset as 'UTC(+|-)HH:MM'."},
    {"utcoffset", "($self, dt, /)", timezoneOffset, "Return fixed offset."}, {"dst", "($self, dt, /)", timezoneDst, "Return None."},
    {"fromutc", "($self, dt, /)", timezoneFromUtc, "datetime in UTC -> datetime in local time."}, {"__getinitargs__", "($self, /)", initArgs, "pickle support"}, {nullptr, nullptr, nullptr}};

void makeZoneTypes(Isolate& isolate) {
  Type* zone = state.tzinfo = makeType(isolate, {.name = "datetime.tzinfo", .size = sizeof(Object), .flags = kTypeBaseable, .methods = kTzinfoMethods,
                                                 .doc = "Abstract base class for time zone info objects."});
  zone->slots.make = tzinfoMake;
  readyType(isolate, zone);
  Type* type = state.timezone = makeType(isolate, {.name = "datetime.timezone", .size = sizeof(Timezone), .base = zone, .methods = kTimezoneMethods,
                                                   .doc = "Fixed offset from UTC implementation of tzinfo."});
  Slots& s = type->slots;
  s.dealloc = [](Object* o) {
    decref(static_cast<Timezone*>(o)->offset);
    decref(static_cast<Timezone*>(o)->name);
  };
  s.make = timezoneMake;
  s.repr = timezoneRepr;
  s.str = timezoneStr;
  s.hash = timezoneHash;
  s.compare = timezoneCompare;
  readyType(isolate, type);
}

}  // namespace krait::modules::datetime
