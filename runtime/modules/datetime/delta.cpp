// datetime.timedelta.
#include <cmath>

#include "runtime/modules/datetime/datetime.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/float.h"

namespace krait::modules::datetime {

static constexpr int64_t kDay = 86400000000;
static Delta* self(Value v) { return v.as<Delta>(); }

Wide microsOf(const Delta* d) { return (static_cast<Wide>(d->days) * 86400 + d->seconds) * 1000000 + d->micros; }

Ref newDelta(Thread& t, Wide micros, Type* type) {
  Wide days = micros / kDay, rest = micros % kDay;
  if (rest < 0) {
    rest += kDay;
    --days;
  }
  if (days > 999999999 || days < -999999999) {
    if (days > INT32_MAX || days < INT32_MIN) return raiseOverflowError(t, "Python int too large to convert to C int");
    return raiseOverflowError(t, "days=%d; must have magnitude <= 999999999", static_cast<int>(days));
  }
  Delta* d = allocate<Delta>(type == nullptr ? state.delta : type);
  d->days = static_cast<int32_t>(days);
  int64_t within = static_cast<int64_t>(rest);
  d->seconds = static_cast<int32_t>(within / 1000000);
  d->micros = static_cast<int32_t>(within % 1000000);
  return Ref::steal(d);
}

// Adds `v` units of `scale` microseconds each; fractions of floats gather in `left`. ref: accum.
static Status accumulate(Thread& t, const char* name, Value v, int64_t scale, Wide& sum, double& left) {
  if (v.isUndefined()) return kDone;
  if (isIntLike(v)) {
    int64_t n;
    if (!intFits(v, n)) return raiseOverflowError(t, "Python int too large to convert to C int");
    sum += static_cast<Wide>(n) * scale;
    return kDone;
  }
  if (!isFloatLike(v)) return raiseTypeError(t, "unsupported type for timedelta %s component: %s", name, typeNameOf(t, v));
  double whole, fraction = std::modf(floatValue(v), &whole);
  if (!(std::fabs(whole) < 1e18)) {
    TRY(newIntFromDouble(t, whole));
    return raiseOverflowError(t, "Python int too large to convert to C int");
  }
  sum += static_cast<Wide>(whole) * scale;
  if (fraction == 0) return kDone;
  double part = std::modf(fraction * static_cast<double>(scale), &whole);
  sum += static_cast<Wide>(whole);
  left += part;
  return kDone;
}
static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "__new__", "(days=<unset>, seconds=<unset>, microseconds=<unset>, milliseconds=<unset>, minutes=<unset>, hours=<unset>, weeks=<unset>)", args, nargs, keywords, a));
  Wide sum = 0;
  double left = 0;
  struct Unit {
    const char* name;
    int index;
    int64_t scale;
  };
  static constexpr Unit kUnits[] = {{"microseconds", 2, 1}, {"milliseconds", 3, 1000}, {"seconds", 1, 1000000}, {"minutes", 4, 60000000},
                                    {"hours", 5, 3600000000}, {"days", 0, kDay}, {"weeks", 6, 7 * kDay}};
  for (const Unit& u : kUnits) TRY(accumulate(t, u.name, a[static_cast<size_t>(u.index)], u.scale, sum, left));
  if (left != 0) {
    double rounded = std::round(left);
    if (std::fabs(rounded - left) == 0.5) {
      double odd = static_cast<double>(static_cast<int>(sum & 1));
      rounded = 2.0 * std::round((left + odd) * 0.5) - odd;
    }
    sum += static_cast<Wide>(rounded);
  }
  return newDelta(t, sum, type);
}

// --- arithmetic
static Ref wideInt(Thread& t, Wide v) {
  if (v >= INT64_MIN && v <= INT64_MAX) return newInt(t, static_cast<int64_t>(v));
  unsigned __int128 magnitude = v < 0 ? -static_cast<unsigned __int128>(v) : static_cast<unsigned __int128>(v);
  uint64_t limbs[2] = {static_cast<uint64_t>(magnitude), static_cast<uint64_t>(magnitude >> 64)};
  return newIntFromLimbs(t, limbs, 2, v < 0);
}
static Ref deltaFromInt(Thread& t, Value v) {
  IntView view(v);
  if (view.size > 2 || (view.size == 2 && view.limbs[1] >> 60)) return raiseOverflowError(t, "Python int too large to convert to C int");
  Wide n = view.size == 0 ? 0 : view.limbs[0];
  if (view.size == 2) n |= static_cast<Wide>(view.limbs[1]) << 64;
  return newDelta(t, view.is_negative ? -n : n);
}
// a / b rounded to the nearest, halves to even. ref: divide_nearest.
static Ref divideNearest(Thread& t, Value a, Value b) {
  Ref pair = TRY(intDivMod(t, a, b));
  Value q = pair.as<Tuple>()->items()[0], r = pair.as<Tuple>()->items()[1];
  Ref twice = TRY(intShiftLeft(t, r, Value::fromInt(1)));
  int o = intCompare(twice.get(), b);
  if (intIsNegative(b)) o = -o;
  Ref odd = TRY(intBitwise(t, q, Value::fromInt(1), '&'));
  if (o > 0 || (o == 0 && odd.get().asInt() == 1)) return intAdd(t, q, Value::fromInt(1));
  return Ref::of(q);
}
static Ref scaled(Thread& t, Value delta, Value number, bool is_division) {
  Ref us = wideInt(t, microsOf(self(delta)));
  if (isIntLike(number)) {
    if (is_division) {
      Ref q = TRY(divideNearest(t, us.get(), number));
      return deltaFromInt(t, q.get());
    }
    int64_t n;
    if (intFits(number, n) && n < (int64_t{1} << 40) && n > -(int64_t{1} << 40)) return newDelta(t, microsOf(self(delta)) * n);
    Ref product = TRY(intMul(t, us.get(), number));
    return deltaFromInt(t, product.get());
  }
  Ref ratio = TRY(callMethod_py(t, number, intern(*t.isolate, "as_integer_ratio")));
  if (!isTuple(ratio.get())) return raiseTypeError(t, "unexpected return type from as_integer_ratio(): expected tuple, not '%s'", typeNameOf(t, ratio.get()));
  if (ratio.as<Tuple>()->size != 2) return raiseValueError(t, "as_integer_ratio() must return a 2-tuple");
  for (int i = 0; i < 2; ++i) {
    Value part = ratio.as<Tuple>()->items()[i];
    if (!isIntLike(part)) return raiseTypeError(t, "unsupported operand type(s) for %s: 'int' and '%s'", i == 0 ? "*" : "divmod()", typeNameOf(t, part));
  }
  Value top = ratio.as<Tuple>()->items()[is_division ? 1 : 0], bottom = ratio.as<Tuple>()->items()[is_division ? 0 : 1];
  Ref product = TRY(intMul(t, us.get(), top));
  Ref q = TRY(divideNearest(t, product.get(), bottom));
  return deltaFromInt(t, q.get());
}
static bool areDeltas(Thread& t, Value a, Value b) { return isDelta(t, a) && isDelta(t, b); }
static Ref add(Thread& t, Value a, Value b) { return areDeltas(t, a, b) ? newDelta(t, microsOf(self(a)) + microsOf(self(b))) : Ref::notImplemented(); }
static Ref subtract(Thread& t, Value a, Value b) { return areDeltas(t, a, b) ? newDelta(t, microsOf(self(a)) - microsOf(self(b))) : Ref::notImplemented(); }
static Ref multiply(Thread& t, Value a, Value b) {
  Value delta = isDelta(t, a) ? a : b, number = isDelta(t, a) ? b : a;
  if (isIntLike(number) || isFloatLike(number)) return scaled(t, delta, number, false);
  return Ref::notImplemented();
}
static Ref trueDivide(Thread& t, Value a, Value b) {
  if (!isDelta(t, a)) return Ref::notImplemented();
  if (isDelta(t, b)) {
    Ref x = wideInt(t, microsOf(self(a))), y = wideInt(t, microsOf(self(b)));
    return intTrueDiv(t, x.get(), y.get());
  }
  if (isIntLike(b) || isFloatLike(b)) return scaled(t, a, b, true);
  return Ref::notImplemented();
}
static Ref floorDivide(Thread& t, Value a, Value b) {
  if (!isDelta(t, a) || !(isDelta(t, b) || isIntLike(b))) return Ref::notImplemented();
  Ref x = wideInt(t, microsOf(self(a)));
  if (isDelta(t, b)) {
    Ref y = wideInt(t, microsOf(self(b)));
    return intFloorDiv(t, x.get(), y.get());
  }
  Ref q = TRY(intFloorDiv(t, x.get(), b));
  return deltaFromInt(t, q.get());
}
static Ref remainder(Thread& t, Value a, Value b) {
  if (!areDeltas(t, a, b)) return Ref::notImplemented();
  Ref x = wideInt(t, microsOf(self(a))), y = wideInt(t, microsOf(self(b)));
  Ref r = TRY(intMod(t, x.get(), y.get()));
  return deltaFromInt(t, r.get());
}
static Ref divMod(Thread& t, Value a, Value b) {
  if (!areDeltas(t, a, b)) return Ref::notImplemented();
  Ref q = TRY(floorDivide(t, a, b)), r = TRY(remainder(t, a, b));
  return tupleOf(t, {q.get(), r.get()});
}
static Ref negative(Thread& t, Value v) { return newDelta(t, -microsOf(self(v))); }
static Ref positive(Thread& t, Value v) { return newDelta(t, microsOf(self(v))); }
static Ref absolute(Thread& t, Value v) { return newDelta(t, microsOf(self(v)) < 0 ? -microsOf(self(v)) : microsOf(self(v))); }
static Fallible<bool> truth(Thread&, Value v) { return microsOf(self(v)) != 0; }

static Ref compare(Thread& t, Value a, Value b, CompareOp op) {
  if (!isDelta(t, b)) return Ref::notImplemented();
  return Ref::boolean(holds(order(microsOf(self(a)), microsOf(self(b))), op));
}
static Ref stateTuple(Thread& t, const Delta* d) { return tupleOf(t, {Value::fromInt(d->days), Value::fromInt(d->seconds), Value::fromInt(d->micros)}); }
static Fallible<int64_t> hash(Thread& t, Value v) {
  if (self(v)->hash == 0) {
    Ref fields = stateTuple(t, self(v));
    self(v)->hash = TRY(hash_py(t, fields.get()));
  }
  return self(v)->hash;
}

// --- text and the rest
static Ref repr(Thread& t, Value v) {
  const Delta* d = self(v);
  std::string parts;
  auto part = [&](const char* name, int n) {
    if (n != 0) parts += format("%s%s=%d", parts.empty() ? "" : ", ", name, n);
  };
  part("days", d->days);
  part("seconds", d->seconds);
  part("microseconds", d->micros);
  return strFormat(t, "%s(%s)", typeNameOf(t, v), parts.empty() ? "0" : parts.c_str());
}
static Ref str(Thread& t, Value v) {
  const Delta* d = self(v);
  std::string out;
  if (d->days != 0) out = format("%d day%s, ", d->days, d->days == 1 || d->days == -1 ? "" : "s");
  out += format("%d:%02d:%02d", d->seconds / 3600, d->seconds / 60 % 60, d->seconds % 60);
  if (d->micros != 0) out += format(".%06d", d->micros);
  return newStr(t, out);
}
static Ref totalSeconds(Thread& t, const Value* a) {
  Wide us = microsOf(self(a[0]));
  if (us < (Wide{1} << 53) && us > -(Wide{1} << 53)) return newFloat(static_cast<double>(us) / 1e6);
  Ref x = wideInt(t, us);
  return intTrueDiv(t, x.get(), Value::fromInt(1000000));
}
static Ref reduce(Thread& t, const Value* a) {
  Ref fields = stateTuple(t, self(a[0]));
  return tupleOf(t, {Value(typeOfHeap(a[0])), fields.get()});
}
static Ref getDays(Thread&, Value v) { return newIntSmall(self(v)->days); }
static Ref getSeconds(Thread&, Value v) { return newIntSmall(self(v)->seconds); }
static Ref getMicros(Thread&, Value v) { return newIntSmall(self(v)->micros); }
static const NativeDef kMethods[] = {{"total_seconds", "($self, /)", totalSeconds, "Total seconds in the duration."},
                                     {"__reduce__", "($self, /)", reduce, "__reduce__() -> (cls, state)"}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"days", getDays, readOnlyMember, "Number of days."}, {"seconds", getSeconds, readOnlyMember, "Number of seconds (>= 0 and less than 1 day)."},
                                     {"microseconds", getMicros, readOnlyMember, "Number of microseconds (>= 0 and less than 1 second)."}, {nullptr, nullptr}};

void makeDeltaType(Isolate& isolate) {
  Type* type = state.delta = makeType(isolate, {.name = "datetime.timedelta", .size = sizeof(Delta), .flags = kTypeBaseable, .methods = kMethods, .getsets = kGetSets,
                                                .doc = "Difference between two datetime values."});
  Slots& s = type->slots;
  s.make = make;
  s.repr = repr;
  s.str = str;
  s.hash = hash;
  s.compare = compare;
  s.truth = truth;
  s.negative = negative;
  s.positive = positive;
  s.absolute = absolute;
  auto set = [&s](object::BinaryOp op, Ref (*f)(Thread&, Value, Value)) { s.binary[static_cast<int>(op)] = f; };
  set(object::BinaryOp::kAdd, add);
  set(object::BinaryOp::kSub, subtract);
  set(object::BinaryOp::kMul, multiply);
  set(object::BinaryOp::kTrueDiv, trueDivide);
  set(object::BinaryOp::kFloorDiv, floorDivide);
  set(object::BinaryOp::kMod, remainder);
  set(object::BinaryOp::kDivMod, divMod);
  readyType(isolate, type);
}

}  // namespace krait::modules::datetime
