// datetime.time.
#include "runtime/modules/datetime/datetime.h"
#include "runtime/object/bytes.h"
#include "runtime/object/int_conversions.h"

namespace krait::modules::datetime {

static Clock& clockOf(Value v) { return v.as<Time>()->clock; }

static Ref rawTime(Type* type, const Clock& c) {
  Time* made = allocate<Time>(type);
  made->clock = c;
  made->clock.tzinfo = share(c.tzinfo.isUndefined() ? Value::none() : c.tzinfo);
  return Ref::steal(made);
}
Ref newTime_py(Thread& t, Type* type, const Clock& c) {
  if (type == state.time) return rawTime(type, c);
  Ref fold_name = newStr(t, "fold"), names = tupleOf(t, {fold_name.get()});
  Value args[6] = {Value::fromInt(c.hour), Value::fromInt(c.minute), Value::fromInt(c.second), Value::fromInt(c.micros), c.tzinfo, Value::fromInt(c.fold)};
  return c.fold ? call_py(t, type, args, 5, names.as<Tuple>()) : call_py(t, type, args, 5);
}
static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  std::string packed;
  if (nargs >= 1 && nargs <= 2 && keywords == nullptr && stateOf(args[0], 6, packed)) {
    auto at = [&](size_t i) { return static_cast<unsigned char>(packed[i]); };
    if ((at(0) & 0x7f) < 24) {
      Value zone = nargs == 2 ? args[1] : Value::none();
      if (!zone.isNone() && !isInstanceOf(t, zone, state.tzinfo)) return raiseTypeError(t, "bad tzinfo state arg");
      return rawTime(type, {static_cast<uint8_t>(at(0) & 0x7f), at(1), at(2), static_cast<uint8_t>(at(0) >> 7), at(3) << 16 | at(4) << 8 | at(5), zone});
    }
  }
  BoundArguments a;
  TRY(bindArguments_py(t, "time", "(hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0)", args, nargs, keywords, a));
  int hour = TRY(toFormatInt_py(t, a[0])), minute = TRY(toFormatInt_py(t, a[1])), second = TRY(toFormatInt_py(t, a[2])), micros = TRY(toFormatInt_py(t, a[3])), fold = TRY(toFormatInt_py(t, a[5]));
  Value zone = TRY(tzinfoArg(t, a[4]));
  TRY(checkClock(t, hour, minute, second, micros, fold));
  return rawTime(type, {static_cast<uint8_t>(hour), static_cast<uint8_t>(minute), static_cast<uint8_t>(second), static_cast<uint8_t>(fold), micros, zone});
}
static Ref fromIsoFormat(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "fromisoformat: argument must be str");
  Str* s = a[1].as<Str>();
  ParsedClock parsed;
  std::string text = toUtf8(s);
  std::string_view view = text;
  if (!view.empty() && view[0] == 'T') view.remove_prefix(1);
  if (!s->is_ascii || !parseIsoClock(view, parsed)) return isoError(t, a[1]);
  if (parsed.is_wrong) return raiseValueError(t, "minute, second, and microsecond must be 0 when hour is 24");
  TRY(checkClock(t, parsed.clock.hour, parsed.clock.minute, parsed.clock.second, parsed.clock.micros, 0));
  Ref zone = parsed.has_offset ? newTimezone(t, parsed.offset, Value()) : Ref::none();
  if (!zone) return kRaised;
  parsed.clock.tzinfo = zone.get();
  return newTime_py(t, a[0].as<Type>(), parsed.clock);
}
static Ref strptime(Thread& t, const Value* a) { return callStrptime_py(t, "_strptime_datetime_time", a); }

static Ref utcOffset(Thread& t, const Value* a) { return offsetObject(t, TRY(utcOffset_py(t, clockOf(a[0]).tzinfo, Value::none()))); }
static Ref dst(Thread& t, const Value* a) { return offsetObject(t, TRY(dstOffset_py(t, clockOf(a[0]).tzinfo, Value::none()))); }
static Ref tzName(Thread& t, const Value* a) { return tzName_py(t, clockOf(a[0]).tzinfo, Value::none()); }

static Ref isoText_py(Thread& t, Value v, Value spec) {
  std::string out;
  TRY(addClockText(t, clockOf(v), spec, out));
  Offset offset = TRY(utcOffset_py(t, clockOf(v).tzinfo, Value::none()));
  if (!offset.is_none) out += offsetText(offset.micros, ":");
  return newStr(t, out);
}
static Ref isoFormat(Thread& t, const Value* a) { return isoText_py(t, a[0], a[1]); }
static Ref str(Thread& t, Value v) { return callMethod_py(t, v, intern(*t.isolate, "isoformat")); }
static Ref repr(Thread& t, Value v) {
  const Clock& c = clockOf(v);
  std::string out = format("%s(%d, %d", typeNameOf(t, v), c.hour, c.minute);
  if (c.micros != 0) out += format(", %d, %d", c.second, c.micros);
  else if (c.second != 0) out += format(", %d", c.second);
  if (!c.tzinfo.isNone()) {
    Ref zone = TRY(repr_py(t, c.tzinfo));
    out += ", tzinfo=" + toUtf8(zone.as<Str>());
  }
  if (c.fold) out += ", fold=1";
  return newStr(t, out + ")");
}
static Ref strftimeMethod(Thread& t, const Value* a) {
  const Clock& c = clockOf(a[0]);
  return formatTime_py(t, a[1], tmOf(1900, 1, 1, &c), c.micros, c.tzinfo, Value::none());
}
static Ref formatMethod(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "__format__() argument 1 must be str, not %s", typeNameOf(t, a[1]));
  if (a[1].as<Str>()->length == 0) return str_py(t, a[0]);
  return callMethod_py(t, a[0], intern(*t.isolate, "strftime"), a[1]);
}
static Ref replace(Thread& t, const Value* a) {
  const Clock& c = clockOf(a[0]);
  int fields[] = {c.hour, c.minute, c.second, c.micros};
  for (int i = 0; i < 4; ++i) {
    if (a[i + 1].defined()) fields[i] = TRY(toFormatInt_py(t, a[i + 1]));
  }
  Value zone = a[5].isUndefined() ? c.tzinfo : TRY(tzinfoArg(t, a[5]));
  int fold = a[6].isUndefined() ? c.fold : TRY(toFormatInt_py(t, a[6]));
  TRY(checkClock(t, fields[0], fields[1], fields[2], fields[3], fold));
  return newTime_py(t, typeOfHeap(a[0]), {static_cast<uint8_t>(fields[0]), static_cast<uint8_t>(fields[1]), static_cast<uint8_t>(fields[2]), static_cast<uint8_t>(fold), fields[3], zone});
}
static Ref reduced(Thread& t, Value v, int64_t protocol) {
  const Clock& c = clockOf(v);
  char packed[6] = {static_cast<char>(c.hour | (protocol > 3 && c.fold ? 0x80 : 0)), static_cast<char>(c.minute), static_cast<char>(c.second),
                    static_cast<char>(c.micros >> 16), static_cast<char>(c.micros >> 8), static_cast<char>(c.micros)};
  Ref bytes = newBytes(t, {packed, 6}), args = c.tzinfo.isNone() ? tupleOf(t, {bytes.get()}) : tupleOf(t, {bytes.get(), c.tzinfo});
  return tupleOf(t, {Value(typeOfHeap(v)), args.get()});
}
static Ref reduceEx(Thread& t, const Value* a) { return reduced(t, a[0], TRY(toInt64_py(t, a[1]))); }
static Ref reduce(Thread& t, const Value* a) { return reduced(t, a[0], 2); }

static Ref compare(Thread& t, Value a, Value b, CompareOp op) {
  if (!isTime(t, b)) return Ref::notImplemented();
  const Clock &x = clockOf(a), &y = clockOf(b);
  int64_t left = dayMicros(x), right = dayMicros(y);
  if (x.tzinfo != y.tzinfo) {
    Offset ox = TRY(utcOffset_py(t, x.tzinfo, Value::none())), oy = TRY(utcOffset_py(t, y.tzinfo, Value::none()));
    if (ox.is_none != oy.is_none) {
      if (op == CompareOp::kEq || op == CompareOp::kNe) return Ref::boolean(op == CompareOp::kNe);
      return raiseTypeError(t, "can't compare offset-naive and offset-aware times");
    }
    left -= ox.micros;
    right -= oy.micros;
  }
  return Ref::boolean(holds(order(left, right), op));
}
static Fallible<int64_t> hash(Thread& t, Value v) {
  Time* self = v.as<Time>();
  if (self->hash != 0) return self->hash;
  const Clock& c = self->clock;
  Offset offset;
  if (c.fold && !c.tzinfo.isNone()) {
    Clock first = c;
    first.fold = 0;
    Ref other = TRY(newTime_py(t, state.time, first));
    offset = TRY(utcOffset_py(t, c.tzinfo, Value::none()));
  } else {
    offset = TRY(utcOffset_py(t, c.tzinfo, Value::none()));
  }
  if (offset.is_none) {
    unsigned char packed[6] = {c.hour, c.minute, c.second, static_cast<unsigned char>(c.micros >> 16), static_cast<unsigned char>(c.micros >> 8), static_cast<unsigned char>(c.micros)};
    self->hash = hashBytesKeyed(packed, 6);
  } else {
    Ref delta = TRY(newDelta(t, dayMicros(c) - offset.micros));
    self->hash = TRY(hash_py(t, delta.get()));
  }
  return self->hash;
}

static Ref getHour(Thread&, Value v) { return newIntSmall(clockOf(v).hour); }
static Ref getMinute(Thread&, Value v) { return newIntSmall(clockOf(v).minute); }
static Ref getSecond(Thread&, Value v) { return newIntSmall(clockOf(v).second); }
static Ref getMicros(Thread&, Value v) { return newIntSmall(clockOf(v).micros); }
static Ref getZone(Thread&, Value v) { return Ref::of(clockOf(v).tzinfo); }
static Ref getFold(Thread&, Value v) { return newIntSmall(clockOf(v).fold); }
static const GetSetDef kGetSets[] = {{"hour", getHour}, {"minute", getMinute}, {"second", getSecond}, {"microsecond", getMicros}, {"tzinfo", getZone}, {"fold", getFold}, {nullptr, nullptr}};
#define REPLACE "($self, /, hour=<unset>, minute=<unset>, second=<unset>, microsecond=<unset>, tzinfo=<unset>, *, fold=<unset>)"
static const NativeDef kMethods[] = {
    {"isoformat", "($self, /, timespec=<unset>)", isoFormat, "Return the time formatted according to ISO."}, {"strftime", "($self, /, format)", strftimeMethod, "format -> strftime() style string."},
    {"strptime", "($type, string, format, /)", strptime, "Parse string according to the given time format (like time.strptime())."},
    {"__format__", "($self, format_spec, /)", formatMethod, "Formats self with strftime."}, {"utcoffset", "($self, /)", utcOffset, "Return the timezone offset as timedelta positive east of UTC."},
    {"tzname", "($self, /)", tzName, "Return the name of the timezone associated with the time instance."}, {"dst", "($self, /)", dst, "Return daylight saving time offset as timedelta positive east of UTC."},
    {"replace", REPLACE, replace, "Return time with new specified fields."}, {"__replace__", REPLACE, replace, "The same as replace()."},
    {"fromisoformat", "($type, string, /)", fromIsoFormat, "Construct a time from a string in ISO 8601 format."},
    {"__reduce_ex__", "($self, proto, /)", reduceEx}, {"__reduce__", "($self, /)", reduce}, {nullptr, nullptr, nullptr}};
#undef REPLACE

void makeTimeType(Isolate& isolate) {
  Type* type = state.time = makeType(isolate, {.name = "datetime.time", .size = sizeof(Time), .flags = kTypeBaseable, .methods = kMethods, .getsets = kGetSets,
                                               .doc = "Time with time zone."});
  Slots& s = type->slots;
  s.dealloc = [](Object* o) { decref(static_cast<Time*>(o)->clock.tzinfo); };
  s.make = make;
  s.repr = repr;
  s.str = str;
  s.hash = hash;
  s.compare = compare;
  readyType(isolate, type);
}

}  // namespace krait::modules::datetime
