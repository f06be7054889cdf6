// decimal.Context, its dictionaries of signals, localcontext, and the module. ref: Modules/_decimal/_decimal.c.
#include "runtime/modules/contextvars.h"
#include "runtime/modules/decimal/operations.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/import.h"
#include "runtime/object/protocol.h"

namespace krait::modules::decimal {

DecimalState* state;
const char* const kRoundingNames[8] = {"ROUND_UP", "ROUND_DOWN", "ROUND_CEILING", "ROUND_FLOOR", "ROUND_HALF_UP", "ROUND_HALF_DOWN", "ROUND_HALF_EVEN", "ROUND_05UP"};

struct SignalDict : Object {
  Value context;
  bool is_traps;
  uint32_t& bits() { return is_traps ? context.as<Context>()->traps : context.as<Context>()->flags; }
};
struct Manager : Object {
  Value local, saved;
};

static Context* context(Value v) { return v.as<Context>(); }
static bool isContext(Value v) { return v.isHeap() && isSubtype(v.object()->type, state->context); }
static Ref newContext(Type* type) {
  Context* c = allocate<Context>(type);
  return Ref::steal(c);
}
static Ref copyOf(Value from) {
  Ref r = newContext(state->context);
  context(r.get())->settings = context(from)->settings;
  context(r.get())->flags = context(from)->flags;
  context(r.get())->traps = context(from)->traps;
  return r;
}

// --- the current context
Fallible<Context*> currentContext(Thread& t) {
  if (Value known = contextVariable(t, state->variable); known.defined()) return context(known);
  Ref made = copyOf(state->default_context);
  context(made.get())->flags = 0;
  Ref token = callMethod_py(t, state->variable, intern(*t.isolate, "set"), made.get());
  if (!token) return kRaised;
  return context(made.get());  // the variable holds it
}
Fallible<Context*> contextFrom(Thread& t, Value v) {
  if (v.isNone() || v.isUndefined()) return currentContext(t);
  if (isContext(v)) return context(v);
  (void)raiseTypeError(t, "optional argument must be a context");
  return kRaised;
}
Status signalConditions(Thread& t, Context* c, uint32_t status) {
  if (ran_out_of_memory) {
    ran_out_of_memory = false;
    return raiseMemoryError(t);
  }
  if (status == 0) return kDone;
  c->flags |= status;
  uint32_t trapped = status & c->traps;
  if (trapped == 0) return kDone;
  Ref list = newList(t);
  static constexpr uint32_t kInvalidParts[] = {kConversionSyntax, kDivisionImpossible, kDivisionUndefined, kInvalidContext};
  if (trapped & kInvalidOperation) listAppend(list.as<List>(), state->signals[0]);
  for (int i = 0; i < 4; ++i) {
    if (trapped & kInvalidParts[i]) listAppend(list.as<List>(), state->conditions[i]);
  }
  Type* first = nullptr;
  for (int i = 0; i < 9; ++i) {
    if (!(trapped & kSignals[i].condition)) continue;
    if (first == nullptr) first = state->signals[i];
    if (i > 0) listAppend(list.as<List>(), state->signals[i]);
  }
  return raiseWith(t, first, list.get());
}

// --- attributes
static Fallible<uint32_t> conditionOf(Thread& t, Value signal) {
  for (int i = 0; i < 9; ++i) {
    if (signal == Value(state->signals[i])) return kSignals[i].condition;
  }
  (void)raiseKeyError(t, signal);
  return kRaised;
}
static Status setBits(Thread& t, uint32_t& bits, Value v) {
  uint32_t made = 0;
  if (isList(v)) {
    for (int64_t i = 0; i < v.as<List>()->size; ++i) {
      Fallible<uint32_t> one = conditionOf(t, v.as<List>()->items[i]);
      if (one.raised()) {
        clearException(t);
        return raiseTypeError(t, "valid values for signals are:\n  [InvalidOperation, FloatOperation, DivisionByZero,\n   Overflow, Underflow, Subnormal, Inexact, Rounded,\n   Clamped]");
      }
      made |= one.value;
    }
  } else if (v.isHeap() && v.object()->type == state->signal_dict) {
    made = v.as<SignalDict>()->bits();
  } else if (isDict(v)) {
    Value key, flag;
    if (v.as<Dict>()->used != 9) return raiseKeyError(t, newStr(t, "invalid signal dict").get());
    for (int64_t at = 0; dictNext(v.as<Dict>(), at, key, flag);) {
      uint32_t condition = TRY(conditionOf(t, key));
      if (TRY(isTrue_py(t, flag))) made |= condition;
    }
  } else {
    return raiseTypeError(t, "argument must be a signal dict");
  }
  bits = made;
  return kDone;
}
static Status setNumber(Thread& t, int64_t& to, Value v, int64_t low, int64_t high, const char* message) {
  if (v.isUndefined()) return raise(t, errors(t).attribute_error, "context attributes cannot be deleted");
  if (!isIntLike(v)) return raiseTypeError(t, "an integer is required (got type %s)", typeNameOf(t, v));
  int64_t n = TRY(toInt64_py(t, v));
  if (n < low || n > high) return raiseValueError(t, "%s", message);
  to = n;
  return kDone;
}
#define SETTINGS(v) context(v)->settings
static Ref getPrecision(Thread& t, Value v) { return newInt(t, SETTINGS(v).precision); }
static Status setPrecision(Thread& t, Value v, Value x) { return setNumber(t, SETTINGS(v).precision, x, 1, kMaxPrecision, "valid range for prec is [1, MAX_PREC]"); }
static Ref getEmax(Thread& t, Value v) { return newInt(t, SETTINGS(v).emax); }
static Status setEmax(Thread& t, Value v, Value x) { return setNumber(t, SETTINGS(v).emax, x, 0, kMaxExponent, "valid range for Emax is [0, MAX_EMAX]"); }
static Ref getEmin(Thread& t, Value v) { return newInt(t, SETTINGS(v).emin); }
static Status setEmin(Thread& t, Value v, Value x) { return setNumber(t, SETTINGS(v).emin, x, -kMaxExponent, 0, "valid range for Emin is [MIN_EMIN, 0]"); }
static Ref getClamp(Thread&, Value v) { return newIntSmall(SETTINGS(v).clamp); }
static Status setClamp(Thread& t, Value v, Value x) {
  int64_t n = 0;
  TRY(setNumber(t, n, x, 0, 1, "valid values for clamp are 0 or 1"));
  SETTINGS(v).clamp = n != 0;
  return kDone;
}
static Ref getCapitals(Thread&, Value v) { return newIntSmall(SETTINGS(v).capitals); }
static Status setCapitals(Thread& t, Value v, Value x) {
  int64_t n = 0;
  TRY(setNumber(t, n, x, 0, 1, "valid values for capitals are 0 or 1"));
  SETTINGS(v).capitals = n != 0;
  return kDone;
}
static Ref getRounding(Thread& t, Value v) { return Ref::of(intern(*t.isolate, kRoundingNames[static_cast<int>(SETTINGS(v).rounding)])); }
static Status setRounding(Thread& t, Value v, Value x) {
  if (x.isUndefined()) return raise(t, errors(t).attribute_error, "context attributes cannot be deleted");
  for (int i = 0; i < 8 && isStr(x); ++i) {
    if (!strEquals(x.as<Str>(), kRoundingNames[i])) continue;
    SETTINGS(v).rounding = static_cast<Rounding>(i);
    return kDone;
  }
  return raiseTypeError(t, "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]");
}
static Ref newSignalDict(Value c, bool is_traps) {
  SignalDict* d = allocate<SignalDict>(state->signal_dict);
  d->context = share(c);
  d->is_traps = is_traps;
  return Ref::steal(d);
}
static Ref getFlags(Thread&, Value v) { return newSignalDict(v, false); }
static Ref getTraps(Thread&, Value v) { return newSignalDict(v, true); }
static Status setFlags(Thread& t, Value v, Value x) { return setBits(t, context(v)->flags, x); }
static Status setTraps(Thread& t, Value v, Value x) { return setBits(t, context(v)->traps, x); }
// As attributes they take dictionaries alone. ref: context_setstatus_dict.
template <Status (*set)(Thread&, Value, Value)>
static Status setDictionary(Thread& t, Value v, Value x) {
  if (x.isUndefined()) return raise(t, errors(t).attribute_error, "context attributes cannot be deleted");
  if (isList(x)) return raiseTypeError(t, "argument must be a signal dict");
  return set(t, v, x);
}
static const GetSetDef kContextGetSets[] = {{"prec", getPrecision, setPrecision}, {"Emax", getEmax, setEmax}, {"Emin", getEmin, setEmin}, {"clamp", getClamp, setClamp},
    {"capitals", getCapitals, setCapitals}, {"rounding", getRounding, setRounding}, {"flags", getFlags, setDictionary<setFlags>}, {"traps", getTraps, setDictionary<setTraps>}, {nullptr, nullptr}};

// --- Context
static Status assign(Thread& t, Value c, const Value* values) {
  static constexpr Status (*kSetters[8])(Thread&, Value, Value) = {setPrecision, setRounding, setEmin, setEmax, setCapitals, setClamp, setFlags, setTraps};
  for (int i = 0; i < 8; ++i) {
    if (values[i].defined() && !values[i].isNone()) TRY(kSetters[i](t, c, values[i]));
  }
  return kDone;
}
static Ref contextMake(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  Ref r = newContext(type);
  if (state->default_context.defined()) {
    context(r.get())->settings = context(state->default_context)->settings;
    context(r.get())->traps = context(state->default_context)->traps;
  }
  return r;
}
static Status contextInit(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "Context", "(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)", args, nargs, keywords, a));
  return assign(t, v, a.values);
}
// In the order of the condition bits, as libmpdec writes them.
static std::string signalNames(uint32_t bits) {
  std::string out;
  bool invalid_named = false;
  for (uint32_t bit = 1; bit < kFloatOperation; bit <<= 1) {
    if (bit == kOverflow && bits & kFloatOperation) out += std::string(out.empty() ? "" : ", ") + "FloatOperation";
    if (!(bits & bit) || (bit & kAnyInvalid && invalid_named)) continue;
    invalid_named = invalid_named || (bit & kAnyInvalid);
    for (const SignalInfo& s : kSignals) {
      if (s.condition & bit) out += (out.empty() ? "" : ", ") + std::string(s.name);
    }
  }
  return "[" + out + "]";
}
static Ref contextRepr(Thread& t, Value v) {
  const Settings& s = SETTINGS(v);
  return newStr(t, format("Context(prec=%ld, rounding=%s, Emin=%ld, Emax=%ld, capitals=%d, clamp=%d, flags=%s, traps=%s)", static_cast<long>(s.precision),
                          kRoundingNames[static_cast<int>(s.rounding)], static_cast<long>(s.emin), static_cast<long>(s.emax), s.capitals, s.clamp,
                          signalNames(context(v)->flags).c_str(), signalNames(context(v)->traps).c_str()));
}
static Ref contextCopy(Thread&, const Value* a) { return copyOf(a[0]); }
static Ref clearFlags(Thread&, const Value* a) {
  context(a[0])->flags = 0;
  return Ref::none();
}
static Ref clearTraps(Thread&, const Value* a) {
  context(a[0])->traps = 0;
  return Ref::none();
}
static Ref etiny(Thread& t, const Value* a) { return newInt(t, SETTINGS(a[0]).etiny()); }
static Ref etop(Thread& t, const Value* a) { return newInt(t, SETTINGS(a[0]).etop()); }
static Ref radix(Thread&, const Value*) { return newDecimal(fromInt(10)); }
static Ref createDecimal(Thread& t, const Value* a) {
  Number n;
  TRY(numberFrom(t, a[1], context(a[0]), true, n));
  return newDecimal(std::move(n));
}
static Ref createFromFloat(Thread& t, const Value* a) {
  if (!isFloatLike(a[1]) && !isIntLike(a[1])) return raiseTypeError(t, "argument must be int or float");
  uint32_t traps = context(a[0])->traps, flags = context(a[0])->flags;
  context(a[0])->traps &= ~static_cast<uint32_t>(kFloatOperation);
  Number n;
  Status done = numberFrom(t, a[1], context(a[0]), false, n);
  context(a[0])->traps = traps;
  context(a[0])->flags = flags;
  if (done.failed) return kRaised;
  uint32_t status = 0;
  finish(n, SETTINGS(a[0]), status);
  return finishWith(t, context(a[0]), std::move(n), status);
}
static Ref contextDivmod(Thread& t, const Value* a) {
  Number x, y, q, r;
  TRY(mustBeNumber(t, a[1], x));
  TRY(mustBeNumber(t, a[2], y));
  uint32_t status = 0;
  divideInteger(x, y, SETTINGS(a[0]), status, &q, &r);
  TRY(signalConditions(t, context(a[0]), status));
  Ref first = newDecimal(std::move(q)), second = newDecimal(std::move(r));
  return tupleOf(t, {first.get(), second.get()});
}
static Ref contextPower(Thread& t, const Value* a) {
  Number x, y, z;
  TRY(mustBeNumber(t, a[1], x));
  TRY(mustBeNumber(t, a[2], y));
  uint32_t status = 0;
  if (!a[3].isNone()) TRY(mustBeNumber(t, a[3], z));
  Number r = a[3].isNone() ? power(x, y, SETTINGS(a[0]), status) : powerModulo(x, y, z, SETTINGS(a[0]), status);
  return finishWith(t, context(a[0]), std::move(r), status);
}
static Ref contextClass(Thread& t, const Value* a) {
  Number n;
  TRY(mustBeNumber(t, a[1], n));
  return newStr(t, numberClass(n, SETTINGS(a[0])));
}
static Ref contextIsNormal(Thread& t, const Value* a) {
  Number n;
  TRY(mustBeNumber(t, a[1], n));
  return Ref::boolean(n.isFinite() && !n.isZero() && !isSubnormal(n, SETTINGS(a[0])));
}
static Ref contextIsSubnormal(Thread& t, const Value* a) {
  Number n;
  TRY(mustBeNumber(t, a[1], n));
  return Ref::boolean(isSubnormal(n, SETTINGS(a[0])));
}
static Ref contextSameQuantum(Thread& t, const Value* a) {
  Number x, y;
  TRY(mustBeNumber(t, a[1], x));
  TRY(mustBeNumber(t, a[2], y));
  return Ref::boolean(sameQuantum(x, y));
}
static Ref scientific(Thread& t, const Value* a, bool engineering) {
  Number n;
  TRY(mustBeNumber(t, a[1], n));
  return newStr(t, toText(n, engineering, SETTINGS(a[0]).capitals));
}
static Ref toSci(Thread& t, const Value* a) { return scientific(t, a, false); }
static Ref toEng(Thread& t, const Value* a) { return scientific(t, a, true); }
static Ref contextReduce(Thread& t, const Value* a) {
  auto list = [&](uint32_t bits) {
    Ref out = newList(t);
    for (int i = 0; i < 9; ++i) {
      if (bits & kSignals[i].condition) listAppend(out.as<List>(), state->signals[i]);
    }
    return out;
  };
  const Settings& s = SETTINGS(a[0]);
  Ref flags = list(context(a[0])->flags), traps = list(context(a[0])->traps), rounding = getRounding(t, a[0]), p = newInt(t, s.precision), lo = newInt(t, s.emin), hi = newInt(t, s.emax);
  Ref args = tupleOf(t, {p.get(), rounding.get(), lo.get(), hi.get(), Value::fromInt(s.capitals), Value::fromInt(s.clamp), flags.get(), traps.get()});
  return tupleOf(t, {Value(typeOf(t, a[0])), args.get()});
}

static Status mustBeDecimal(Thread& t, Value v) {
  if (isInstanceOf(t, v, state->decimal)) return kDone;
  return raiseTypeError(t, "argument must be a Decimal");
}
static Ref contextCanonical(Thread& t, const Value* a) {
  TRY(mustBeDecimal(t, a[1]));
  return Ref::of(a[1]);
}
static Ref contextIsCanonical(Thread& t, const Value* a) {
  TRY(mustBeDecimal(t, a[1]));
  return Ref::boolean(true);
}

#define UNARY(name, f) {name, "($self, x, /)", unaryMethod<f, true>},
#define BINARY_XY(name, f) {name, "($self, x, y, /)", binaryMethod<f, true>},
#define TEST(name, f) {name, "($self, x, /)", testMethod<f, true>},
static const NativeDef kContextMethods[] = {
    DECIMAL_UNARY(UNARY) DECIMAL_BINARY(BINARY_XY) DECIMAL_TESTS(TEST)
    UNARY("abs", opAbs) UNARY("plus", opPlus) UNARY("minus", opMinus) UNARY("copy_abs", opCopyAbs) UNARY("copy_negate", opCopyNegate)
    UNARY("copy_decimal", opCanonical) UNARY("to_integral", opIntegralValue) UNARY("to_integral_value", opIntegralValue) UNARY("to_integral_exact", opIntegralExact)
    BINARY_XY("add", opAdd) BINARY_XY("subtract", opSubtract) BINARY_XY("multiply", multiply) BINARY_XY("divide", divide) BINARY_XY("divide_int", opDivideInt)
    BINARY_XY("remainder", opRemainder) BINARY_XY("quantize", quantize)
    {"fma", "($self, x, y, z, /)", ternaryMethod<fusedMultiplyAdd, true>}, {"divmod", "($self, x, y, /)", contextDivmod},
    {"canonical", "($self, x, /)", contextCanonical}, {"is_canonical", "($self, x, /)", contextIsCanonical},
    {"power", "($self, /, a, b, modulo=None)", contextPower}, {"number_class", "($self, x, /)", contextClass}, {"is_normal", "($self, x, /)", contextIsNormal},
    {"is_subnormal", "($self, x, /)", contextIsSubnormal}, {"same_quantum", "($self, x, y, /)", contextSameQuantum}, {"to_sci_string", "($self, x, /)", toSci},
    {"to_eng_string", "($self, x, /)", toEng}, {"create_decimal", "($self, num='0', /)", createDecimal}, {"create_decimal_from_float", "($self, f, /)", createFromFloat},
    {"Etiny", "($self, /)", etiny}, {"Etop", "($self, /)", etop}, {"radix", "($self, /)", radix}, {"copy", "($self, /)", contextCopy}, {"__copy__", "($self, /)", contextCopy},
    {"clear_flags", "($self, /)", clearFlags}, {"clear_traps", "($self, /)", clearTraps}, {"__reduce__", "($self, /)", contextReduce}, {nullptr, nullptr, nullptr}};

// --- signal dictionaries
static Ref dictGetItem(Thread& t, Value v, Value key) { return Ref::boolean((v.as<SignalDict>()->bits() & TRY(conditionOf(t, key))) != 0); }
static Status dictSetItem(Thread& t, Value v, Value key, Value value) {
  if (value.isUndefined()) return raiseValueError(t, "signal keys cannot be deleted");
  uint32_t condition = TRY(conditionOf(t, key));
  bool on = TRY(isTrue_py(t, value));
  if (on) v.as<SignalDict>()->bits() |= condition;
  else v.as<SignalDict>()->bits() &= ~condition;
  return kDone;
}
static Fallible<int64_t> dictLength(Thread&, Value) { return int64_t{9}; }
static Ref allSignals(Thread& t) {
  Ref out = newTuple(t, 9);
  for (int i = 0; i < 9; ++i) out.as<Tuple>()->items()[i] = share(Value(state->signals[i]));
  return out;
}
static Ref dictIter(Thread& t, Value) { return iter_py(t, allSignals(t).get()); }
static Ref plainDict(Thread& t, uint32_t bits) {
  Ref d = newDict(t);
  for (int i = 0; i < 9; ++i) TRY(dictSet_py(t, d.as<Dict>(), state->signals[i], Value::fromBool((bits & kSignals[i].condition) != 0)));
  return d;
}
static Ref dictRepr(Thread& t, Value v) {
  std::string out;
  for (int i = 0; i < 9; ++i) {
    out += (i > 0 ? ", " : "") + reprText_py(t, state->signals[i]) + ":" + (v.as<SignalDict>()->bits() & kSignals[i].condition ? "True" : "False");
  }
  return newStr(t, "{" + out + "}");
}
static Ref dictCompare(Thread& t, Value a, Value b, CompareOp op) {
  if (op != CompareOp::kEq && op != CompareOp::kNe) return Ref::notImplemented();
  Ref left = TRY(plainDict(t, a.as<SignalDict>()->bits()));
  Ref right = b.isHeap() && b.object()->type == state->signal_dict ? plainDict(t, b.as<SignalDict>()->bits()) : Ref::of(b);
  return compare_py(t, left.get(), right.get(), op);
}
static Ref dictCopyMethod(Thread& t, const Value* a) { return plainDict(t, a[0].as<SignalDict>()->bits()); }
static Ref dictKeys(Thread& t, const Value*) { return allSignals(t); }
static Ref viaPlain(Thread& t, const Value* a, const char* name) {
  Ref d = TRY(plainDict(t, a[0].as<SignalDict>()->bits()));
  return callMethod_py(t, d.get(), intern(*t.isolate, name));
}
static Ref dictValues(Thread& t, const Value* a) { return viaPlain(t, a, "values"); }
static Ref dictItems(Thread& t, const Value* a) { return viaPlain(t, a, "items"); }
static Ref dictGet(Thread& t, const Value* a) {
  Ref r = dictGetItem(t, a[0], a[1]);
  if (!r && pendingMatches(t, errors(t).key_error)) {
    clearException(t);
    return Ref::of(a[2]);
  }
  return r;
}
static const NativeDef kDictMethods[] = {{"copy", "($self, /)", dictCopyMethod}, {"keys", "($self, /)", dictKeys}, {"values", "($self, /)", dictValues},
    {"items", "($self, /)", dictItems}, {"get", "($self, key, default=None, /)", dictGet}, {nullptr, nullptr, nullptr}};

// --- localcontext
static Ref managerEnter(Thread& t, const Value* a) {
  Manager* m = a[0].as<Manager>();
  Context* now = TRY(currentContext(t));
  clearField(m->saved);
  m->saved = share(Value(now));
  Ref token = TRY(callMethod_py(t, state->variable, intern(*t.isolate, "set"), m->local));
  return Ref::of(m->local);
}
static Ref managerExit(Thread& t, const Value* a) {
  Ref token = TRY(callMethod_py(t, state->variable, intern(*t.isolate, "set"), a[0].as<Manager>()->saved));
  return Ref::boolean(false);
}
static const NativeDef kManagerMethods[] = {{"__enter__", "($self, /)", managerEnter}, {"__exit__", "($self, /, *args)", managerExit}, {nullptr, nullptr, nullptr}};

// --- functions
static Ref getContext(Thread& t, const Value*) { return Ref::of(Value(TRY(currentContext(t)))); }
static Ref setContext(Thread& t, const Value* a) {
  if (!isContext(a[0])) return raiseTypeError(t, "argument must be a context");
  bool is_template = a[0] == state->default_context || a[0] == state->basic_context || a[0] == state->extended_context;
  Ref c = is_template ? copyOf(a[0]) : Ref::of(a[0]);
  if (is_template) context(c.get())->flags = 0;
  Ref token = TRY(callMethod_py(t, state->variable, intern(*t.isolate, "set"), c.get()));
  return Ref::none();
}
static Ref localContext(Thread& t, const Value* a) {
  Context* from = TRY(contextFrom(t, a[0]));
  Ref local = copyOf(Value(from));
  TRY(assign(t, local.get(), a + 1));
  Manager* m = allocate<Manager>(state->manager);
  m->local = local.release();
  return Ref::steal(m);
}
static Ref ieeeContext(Thread& t, const Value* a) {
  int64_t bits = TRY(toInt64_py(t, a[0]));
  if (bits <= 0 || bits > 512 || bits % 32 != 0) return raiseValueError(t, "argument must be a multiple of 32, with a maximum of 512");
  Ref r = newContext(state->context);
  Settings& s = context(r.get())->settings;
  s.precision = 9 * (bits / 32) - 2;
  s.emax = 3 * (int64_t{1} << (bits / 16 + 3));
  s.emin = 1 - s.emax;
  s.clamp = true;
  s.capitals = true;
  s.rounding = Rounding::kHalfEven;
  return r;
}
static const NativeDef kFunctions[] = {{"getcontext", "()", getContext, "Get the current default context."}, {"setcontext", "(context, /)", setContext, "Set a new default context."},
    {"localcontext", "(ctx=None, *, prec=<unset>, rounding=<unset>, Emin=<unset>, Emax=<unset>, capitals=<unset>, clamp=<unset>, flags=<unset>, traps=<unset>)", localContext},
    {"IEEEContext", "(bits, /)", ieeeContext}, {nullptr, nullptr, nullptr}};

void addContextTypes(Thread& t, Module* m) {
  Type* c = state->context = makeType(*t.isolate, {.name = "decimal.Context", .size = sizeof(Context), .flags = kTypeBaseable, .methods = kContextMethods, .getsets = kContextGetSets});
  c->slots.make = contextMake;
  c->slots.init = contextInit;
  c->slots.repr = contextRepr;
  readyType(*t.isolate, c);
  moduleSetType(t, m, c);
  Type* d = state->signal_dict = makeType(*t.isolate, {.name = "decimal.SignalDict", .size = sizeof(SignalDict), .flags = kTypeDisallowNew | kTypeMatchMapping, .methods = kDictMethods});
  d->slots.dealloc = [](Object* o) { decref(static_cast<SignalDict*>(o)->context); };
  d->slots.get_item = dictGetItem;
  d->slots.set_item = dictSetItem;
  d->slots.length = dictLength;
  d->slots.iter = dictIter;
  d->slots.repr = dictRepr;
  d->slots.compare = dictCompare;
  readyType(*t.isolate, d);
  Type* manager = state->manager = makeType(*t.isolate, {.name = "decimal.ContextManager", .size = sizeof(Manager), .flags = kTypeDisallowNew, .methods = kManagerMethods});
  manager->slots.dealloc = [](Object* o) {
    decref(static_cast<Manager*>(o)->local);
    decref(static_cast<Manager*>(o)->saved);
  };
  readyType(*t.isolate, manager);
}

static Ref makeClass(Thread& t, Module* m, const char* name, std::initializer_list<Value> bases) {
  Ref name_ref = newStr(t, name), bases_ref = tupleOf(t, bases), ns = newDict(t), module = newStr(t, "decimal");
  dictSetStr(ns.as<Dict>(), t.names().d_module, module.get());
  Ref type = callArgs_py(t, t.types().type, name_ref.get(), bases_ref.get(), ns.get());
  if (type) moduleSet(t, m, name, type.get());
  return type;
}
static Status addSignals(Thread& t, Module* m) {
  Errors& e = errors(t);
  Ref base = TRY(makeClass(t, m, "DecimalException", {e.arithmetic_error}));
  auto set = [&](int i, Ref type) {
    state->signals[i] = type.as<Type>();
    (void)type.release();
  };
  for (int i : {0, 2, 5, 6, 7, 8, 1}) {
    Value b = base.get();
    Ref type = i == 2   ? makeClass(t, m, kSignals[i].name, {b, e.zero_division_error})
               : i == 1 ? makeClass(t, m, kSignals[i].name, {b, e.type_error})
                        : makeClass(t, m, kSignals[i].name, {b});
    if (!type) return kRaised;
    set(i, std::move(type));
  }
  set(3, TRY(makeClass(t, m, "Overflow", {state->signals[6], state->signals[7]})));
  set(4, TRY(makeClass(t, m, "Underflow", {state->signals[6], state->signals[7], state->signals[5]})));
  static constexpr const char* kConditions[] = {"ConversionSyntax", "DivisionImpossible", "DivisionUndefined", "InvalidContext"};
  for (int i = 0; i < 4; ++i) {
    Value b = state->signals[0];
    Ref type = i == 2 ? TRY(makeClass(t, m, kConditions[i], {b, e.zero_division_error})) : TRY(makeClass(t, m, kConditions[i], {b}));
    state->conditions[i] = type.as<Type>();
    (void)type.release();
  }
  return kDone;
}
static Ref namedContext(int64_t precision, Rounding rounding, uint32_t traps) {
  Ref r = newContext(state->context);
  context(r.get())->settings = Settings();
  context(r.get())->settings.precision = precision;
  context(r.get())->settings.rounding = rounding;
  context(r.get())->traps = traps;
  return r;
}
static Status initModule(Thread& t, Module* m) {
  state = new DecimalState();
  addDecimalType(t, m);
  addContextTypes(t, m);
  TRY(addSignals(t, m));
  Ref variable_type = TRY(importAttr_py(t, "_contextvars", "ContextVar")), name = newStr(t, "decimal_context");
  state->variable = TRY(callArgs_py(t, variable_type.get(), name.get())).release();
  Ref namedtuple = TRY(importAttr_py(t, "collections", "namedtuple")), tuple_name = newStr(t, "DecimalTuple"), fields = newStr(t, "sign digits exponent");
  Ref tuple_type = TRY(callArgs_py(t, namedtuple.get(), tuple_name.get(), fields.get())), module = newStr(t, "decimal");
  TRY(setAttr_py(t, tuple_type.get(), t.names().d_module, module.get()));
  state->tuple_type = tuple_type.as<Type>();
  moduleSet(t, m, "DecimalTuple", tuple_type.release());
  constexpr uint32_t kUsual = kAnyInvalid | kDivisionByZero | kOverflow;
  Ref standard = namedContext(28, Rounding::kHalfEven, kUsual);
  Ref basic = namedContext(9, Rounding::kHalfUp, kUsual | kClamped | kUnderflow), extended = namedContext(9, Rounding::kHalfEven, 0);
  moduleSet(t, m, "BasicContext", basic.get());
  moduleSet(t, m, "ExtendedContext", extended.get());
  moduleSet(t, m, "DefaultContext", standard.get());
  state->default_context = standard.release();
  state->basic_context = basic.release();
  state->extended_context = extended.release();
  for (const char* rounding : kRoundingNames) moduleSet(t, m, rounding, Value(intern(*t.isolate, rounding)));
  moduleSet(t, m, "MAX_PREC", newInt(t, kMaxPrecision).get());
  moduleSet(t, m, "MAX_EMAX", newInt(t, kMaxExponent).get());
  moduleSet(t, m, "MIN_EMIN", newInt(t, -kMaxExponent).get());
  moduleSet(t, m, "MIN_ETINY", newInt(t, -kMaxExponent - (kMaxPrecision - 1)).get());
  moduleSet(t, m, "IEEE_CONTEXT_MAX_BITS", Value::fromInt(512));
  moduleSet(t, m, "HAVE_THREADS", Value::fromBool(true));
  moduleSet(t, m, "HAVE_CONTEXTVAR", Value::fromBool(true));
  Ref spec = newStr(t, "1.70"), library = newStr(t, "2.5.1");
  moduleSet(t, m, "SPEC_VERSION", spec.get());
  moduleSet(t, m, "__version__", spec.get());
  moduleSet(t, m, "__libmpdec_version__", library.get());
  Ref abc = TRY(importAttr_py(t, "numbers", "Number"));
  Ref registered = TRY(callMethod_py(t, abc.get(), intern(*t.isolate, "register"), state->decimal));
  return kDone;
}

}  // namespace krait::modules::decimal

namespace krait::modules {
extern const NativeModule kDecimalModule;
const NativeModule kDecimalModule = {"_decimal", "C decimal arithmetic module", decimal::kFunctions, decimal::initModule};
}  // namespace krait::modules
