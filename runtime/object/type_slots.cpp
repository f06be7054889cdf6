// The table that ties special methods to slots, in both directions: wrap_… make a builtin slot callable from Python
// (`int.__add__`), slot… make a Python method serve as slot (`class A: def __add__ …`). updateSlots keeps a class's slots
// equal to what its method resolution order says. ref: Objects/typeobject.c, slotdefs, update_one_slot.
#include <cstring>

#include "runtime/object/buffer.h"
#include "runtime/object/native.h"
#include "runtime/object/containers.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/int.h"
#include "runtime/object/float.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

void updateSubclassSlots(Isolate& isolate, Type* type, Str* name);

using NameField = Str* Names::*;

// Calls type(self).name(self, args…). Empty in `found` == false: without an exception, or with the AttributeError of a
// descriptor that would not bind it.
static Ref callSpecial(Thread& t, Value self, Str* name, const Value* args, uint32_t nargs, bool& found) {
  Value method = typeLookup(typeOf(t, self), name);
  found = method.defined();
  if (!found) return Ref();
  Ref held = Ref::of(method);
  Type* method_type = typeOf(t, method);
  if (method_type->has(kTypeMethodDescriptor)) {
    Value all[4] = {self};
    for (uint32_t i = 0; i < nargs; ++i) all[i + 1] = args[i];
    return call_py(t, method, all, nargs + 1);
  }
  if (method_type->slots.descr_get != nullptr) {
    Ref bound = method_type->slots.descr_get(t, method, self, typeOf(t, self));
    found = bound || !pendingMatches(t, errors(t).attribute_error);
    if (!bound) return Ref();
    return call_py(t, bound.get(), args, nargs);
  }
  return call_py(t, method, args, nargs);
}

static Ref callKnown(Thread& t, Value self, Str* name, const Value* args = nullptr, uint32_t nargs = 0) {
  bool found;
  Ref r = callSpecial(t, self, name, args, nargs, found);
  if (!found && !isPending(t)) return raise(t, errors(t).attribute_error, "%s", toUtf8(name).c_str());  // ref: lookup_method
  return r;
}
// For operators, which another operand may answer: what cannot be bound is not there.
static Ref callOperator(Thread& t, Value self, Str* name, const Value* args, bool& found) {
  Ref r = callSpecial(t, self, name, args, 1, found);
  if (!found) clearException(t);
  return r;
}

// --- Python methods as slots
template <NameField N>
static Ref slotUnary(Thread& t, Value self) {
  return callKnown(t, self, t.names().*N);
}
template <NameField N>
static Ref slotBinaryKnown(Thread& t, Value self, Value other) {
  return callKnown(t, self, t.names().*N, &other, 1);
}

template <int Op, NameField Name, NameField Reflected>
static Ref slotBinary(Thread& t, Value a, Value b) {
  Type* ta = typeOf(t, a);
  Type* tb = typeOf(t, b);
  auto own = &slotBinary<Op, Name, Reflected>;
  bool do_other = ta != tb && tb->slots.binary[Op] == own;
  if (ta->slots.binary[Op] == own) {
    bool found;
    if (do_other && isSubtype(tb, ta)) {
      Value mine = typeLookup(ta, t.names().*Reflected), theirs = typeLookup(tb, t.names().*Reflected);
      if (theirs.defined() && mine != theirs) {
        Ref r = callOperator(t, b, t.names().*Reflected, &a, found);
        if (found && (!r || !r.get().isNotImplemented())) return r;
        do_other = false;
      }
    }
    Ref r = callOperator(t, a, t.names().*Name, &b, found);
    if (found && (!r || !r.get().isNotImplemented() || tb == ta)) return r;
  }
  if (do_other) {
    bool found;
    Ref r = callOperator(t, b, t.names().*Reflected, &a, found);
    if (found) return r;
  }
  return Ref::notImplemented();
}

template <NameField N>
static Ref slotInplace(Thread& t, Value a, Value b) {
  return callKnown(t, a, t.names().*N, &b, 1);
}

static Ref slotPower3(Thread& t, Value a, Value b, Value m) {
  Value args[2] = {b, m};
  return callKnown(t, a, t.names().d_pow, args, 2);
}

static Ref slotText(Thread& t, Value self, Str* name, const char* what) {
  Ref r = TRY(callKnown(t, self, name));
  if (!isStr(r.get())) return raiseTypeError(t, "%s returned non-string (type %s)", what, typeNameOf(t, r.get()));
  return r;
}
static Ref slotRepr(Thread& t, Value self) { return slotText(t, self, t.names().d_repr, "__repr__"); }
static Ref slotStr(Thread& t, Value self) { return slotText(t, self, t.names().d_str, "__str__"); }

static Fallible<int64_t> slotHash(Thread& t, Value self) {
  Value method = typeLookup(typeOf(t, self), t.names().d_hash);
  if (method.isNone() || method.isUndefined()) return raiseTypeError(t, "unhashable type: '%s'", typeNameOf(t, self));
  Ref r = TRY(callKnown(t, self, t.names().d_hash));
  if (!isIntLike(r.get())) return raiseTypeError(t, "__hash__ method should return an integer");
  int64_t h;
  if (!intFits(r.get(), h)) h = intHash(r.get());
  return h == -1 ? -2 : h;
}

static Fallible<bool> slotTruth(Thread& t, Value self) {
  bool found;
  Ref r = callSpecial(t, self, t.names().d_bool, nullptr, 0, found);
  if (found) {
    if (!r) return kRaised;
    if (!r.get().isBool()) return raiseTypeError(t, "__bool__ should return bool, returned %s", typeNameOf(t, r.get()));
    return r.get().isTrue();
  }
  if (isPending(t)) return kRaised;
  return true;
}

static Fallible<int64_t> slotLength(Thread& t, Value self) {
  Ref r = TRY(callKnown(t, self, t.names().d_len));
  Ref i = TRY(toIndex_py(t, r.get()));
  if (intIsNegative(i.get())) return raiseValueError(t, "__len__() should return >= 0");
  int64_t n;
  if (!intFits(i.get(), n)) return raiseOverflowError(t, "cannot fit '%s' into an index-sized integer", typeNameOf(t, r.get()));
  return n;
}

static Fallible<bool> slotContains(Thread& t, Value self, Value item) {
  Value method = typeLookup(typeOf(t, self), t.names().d_contains);
  if (method.isNone()) return raiseTypeError(t, "'%s' object is not a container", typeNameOf(t, self));
  Ref r = TRY(callKnown(t, self, t.names().d_contains, &item, 1));
  return isTrue_py(t, r.get());
}

static Ref slotGetItem(Thread& t, Value self, Value key) { return callKnown(t, self, t.names().d_getitem, &key, 1); }
static Status slotSetItem(Thread& t, Value self, Value key, Value value) {
  Value args[2] = {key, value};
  if (value.isUndefined()) TRY(callKnown(t, self, t.names().d_delitem, args, 1));
  else TRY(callKnown(t, self, t.names().d_setitem, args, 2));
  return kDone;
}

static Ref slotIter(Thread& t, Value self) {
  Value method = typeLookup(typeOf(t, self), t.names().d_iter);
  if (method.isNone()) return raiseTypeError(t, "'%s' object is not iterable", typeNameOf(t, self));
  return callKnown(t, self, t.names().d_iter);
}
static Ref slotNext(Thread& t, Value self) { return callKnown(t, self, t.names().d_next); }

static Ref slotCompare(Thread& t, Value a, Value b, CompareOp op) {
  static constexpr NameField kNames[6] = {&Names::d_lt, &Names::d_le, &Names::d_eq, &Names::d_ne, &Names::d_gt, &Names::d_ge};
  bool found;
  Ref r = callOperator(t, a, t.names().*kNames[static_cast<int>(op)], &b, found);
  return found ? std::move(r) : Ref::notImplemented();
}

static Ref slotCall(Thread& t, Value self, const Value* args, uint32_t nargs, Tuple* keywords) {
  Ref method = findSpecial_py(t, self, t.names().d_call);
  if (!method) return isPending(t) ? Ref() : Ref(raiseTypeError(t, "'%s' object is not callable", typeNameOf(t, self)));
  return call_py(t, method.get(), args, nargs, keywords);
}

static Ref slotGetAttr(Thread& t, Value self, Str* name) {
  Value name_value = name;
  Value getattribute = typeLookup(typeOf(t, self), t.names().d_getattribute);
  Ref r;
  if (isExact(getattribute, TypeId::kWrapper)) {
    r = reinterpret_cast<Ref (*)(Thread&, Value, Str*)>(getattribute.as<WrapperDescriptor>()->slot)(t, self, name);
  } else {
    r = callKnown(t, self, t.names().d_getattribute, &name_value, 1);
  }
  if (r || !pendingMatches(t, errors(t).attribute_error)) return r;
  Value getattr = typeLookup(typeOf(t, self), t.names().d_getattr);
  if (getattr.isUndefined()) return r;
  clearException(t);
  return callKnown(t, self, t.names().d_getattr, &name_value, 1);
}

static Status slotSetAttr(Thread& t, Value self, Str* name, Value value) {
  Value args[2] = {name, value};
  if (value.isUndefined()) TRY(callKnown(t, self, t.names().d_delattr, args, 1));
  else TRY(callKnown(t, self, t.names().d_setattr, args, 2));
  return kDone;
}

static Ref slotDescrGet(Thread& t, Value descr, Value object, Value type) {
  Value args[2] = {object.isUndefined() ? Value::none() : object, type.isUndefined() ? Value::none() : type};
  bool found;
  Ref r = callSpecial(t, descr, t.names().d_get, args, 2, found);
  if (!found) clearException(t);
  return found ? std::move(r) : Ref::of(descr);
}
static Status slotDescrSet(Thread& t, Value descr, Value object, Value value) {
  Value args[2] = {object, value};
  if (value.isUndefined()) TRY(callKnown(t, descr, t.names().d_delete, args, 1));
  else TRY(callKnown(t, descr, t.names().d_set, args, 2));
  return kDone;
}

static Status slotInit(Thread& t, Value self, const Value* args, uint32_t nargs, Tuple* keywords) {
  Ref method = findSpecial_py(t, self, t.names().d_init);
  if (!method) return kRaised;
  Ref r = TRY(call_py(t, method.get(), args, nargs, keywords));
  if (!r.get().isNone()) return raiseTypeError(t, "__init__() should return None, not '%s'", typeNameOf(t, r.get()));
  return kDone;
}

Ref slotMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  Ref method = TRY(getAttr_py(t, type, t.names().d_new));
  uint32_t total = nargs + (keywords != nullptr ? static_cast<uint32_t>(keywords->size) : 0);
  Value stack[16];
  Value* all = total + 1 <= 16 ? stack : static_cast<Value*>(std::malloc((total + 1) * sizeof(Value)));
  all[0] = type;
  if (total > 0) std::memcpy(static_cast<void*>(all + 1), args, total * sizeof(Value));
  Ref r = call_py(t, method.get(), all, nargs + 1, keywords);
  if (all != stack) std::free(static_cast<void*>(all));
  return r;
}

static Status slotFinalize(Thread& t, Value self) {
  TRY(callKnown(t, self, t.names().d_del));
  return kDone;
}

// --- builtin slots as Python methods
static Status expect(Thread& t, const SlotDef& def, uint32_t nargs, Tuple* keywords, uint32_t low, uint32_t high) {
  if (keywords != nullptr && keywords->size > 0) return raiseTypeError(t, "wrapper %s() takes no keyword arguments", def.name);
  if (nargs >= low && nargs <= high) return kDone;
  return raiseTypeError(t, "%s%sexpected %u argument%s, got %u", low == 2 ? def.name : "", low == 2 ? " " : "", low, low == 1 ? "" : "s", nargs);
}
#define WRAPPER(name) \
  static Ref name(Thread& t, const SlotDef& def, void* slot, Value self, const Value* a, uint32_t n, Tuple* kw)
#define EXPECT(low, high) TRY(expect(t, def, n, kw, low, high))
#define SLOT_AS(type) reinterpret_cast<type>(slot)
using UnaryFn = Ref (*)(Thread&, Value);
using BinaryFn = Ref (*)(Thread&, Value, Value);

WRAPPER(wrapUnary) { EXPECT(0, 0); return SLOT_AS(UnaryFn)(t, self); }
WRAPPER(wrapBinary) { EXPECT(1, 1); return SLOT_AS(BinaryFn)(t, self, a[0]); }
WRAPPER(wrapReflected) { EXPECT(1, 1); return SLOT_AS(BinaryFn)(t, a[0], self); }
// With a modulus where the type knows one. ref: wrap_ternaryfunc.
static Ref powerOf(Thread& t, void* slot, Value self, Value base, Value exponent, const Value* a, uint32_t n) {
  if (n == 1 || a[1].isNone()) return SLOT_AS(BinaryFn)(t, base, exponent);
  if (isFloatLike(self)) return raiseTypeError(t, "pow() 3rd argument not allowed unless all arguments are integers");
  auto power = typeOf(t, self)->slots.power;
  if (power == nullptr) return SLOT_AS(BinaryFn)(t, base, exponent);
  if (typeOf(t, a[0])->slots.power != power && typeOf(t, a[0])->slots.power == nullptr) return Ref::notImplemented();
  return power(t, base, exponent, a[1]);
}
static Status expectOneOrTwo(Thread& t, const SlotDef& def, uint32_t n, Tuple* kw) {
  if (kw != nullptr && kw->size > 0) return raiseTypeError(t, "wrapper %s() takes no keyword arguments", def.name);
  if (n == 1 || n == 2) return kDone;
  return raiseTypeError(t, "expected 1 or 2 arguments, got %u", n);
}
WRAPPER(wrapPower) {
  TRY(expectOneOrTwo(t, def, n, kw));
  return powerOf(t, slot, self, self, a[0], a, n);
}
WRAPPER(wrapReflectedPower) {
  TRY(expectOneOrTwo(t, def, n, kw));
  return powerOf(t, slot, self, a[0], self, a, n);
}
WRAPPER(wrapHash) { EXPECT(0, 0); return newInt(t, TRY(SLOT_AS(Fallible<int64_t> (*)(Thread&, Value))(t, self))); }
WRAPPER(wrapTruth) { EXPECT(0, 0); return Ref::boolean(TRY(SLOT_AS(Fallible<bool> (*)(Thread&, Value))(t, self))); }
WRAPPER(wrapContains) { EXPECT(1, 1); return Ref::boolean(TRY(SLOT_AS(Fallible<bool> (*)(Thread&, Value, Value))(t, self, a[0]))); }
WRAPPER(wrapSetItem) {
  EXPECT(2, 2);
  TRY(SLOT_AS(Status (*)(Thread&, Value, Value, Value))(t, self, a[0], a[1]));
  return Ref::none();
}
WRAPPER(wrapDelItem) {
  EXPECT(1, 1);
  TRY(SLOT_AS(Status (*)(Thread&, Value, Value, Value))(t, self, a[0], Value()));
  return Ref::none();
}
WRAPPER(wrapNext) {
  EXPECT(0, 0);
  Ref r = SLOT_AS(UnaryFn)(t, self);
  if (!r && !isPending(t)) return raiseStopIteration(t, Value::none());
  return r;
}
WRAPPER(wrapCompare) {
  EXPECT(1, 1);
  return SLOT_AS(Ref (*)(Thread&, Value, Value, CompareOp))(t, self, a[0], static_cast<CompareOp>(def.detail));
}
WRAPPER(wrapCall) { return SLOT_AS(Ref (*)(Thread&, Value, const Value*, uint32_t, Tuple*))(t, self, a, n, kw); }
WRAPPER(wrapInit) {
  TRY(SLOT_AS(Status (*)(Thread&, Value, const Value*, uint32_t, Tuple*))(t, self, a, n, kw));
  return Ref::none();
}
static Fallible<Str*> attributeName(Thread& t, Value name) {
  if (!isStr(name)) return raiseTypeError(t, "attribute name must be string, not '%s'", typeNameOf(t, name));
  return internStr(*t.isolate, name.as<Str>());
}
WRAPPER(wrapGetAttr) {
  EXPECT(1, 1);
  Str* name = TRY(attributeName(t, a[0]));
  return SLOT_AS(Ref (*)(Thread&, Value, Str*))(t, self, name);
}
// object.__setattr__ may not be used behind the back of a class that has its own. ref: hackcheck.
static Status checkOwnSetter(Thread& t, void* slot, Value self, const char* what) {
  bool is_plain = slot == reinterpret_cast<void*>(genericSetAttr_py);
  if (!isType(self) || !is_plain) return kDone;
  return raiseTypeError(t, "can't apply this %s to %s object", what, typeNameOf(t, self));
}
WRAPPER(wrapSetAttr) {
  EXPECT(2, 2);
  TRY(checkOwnSetter(t, slot, self, "__setattr__"));
  Str* name = TRY(attributeName(t, a[0]));
  TRY(SLOT_AS(Status (*)(Thread&, Value, Str*, Value))(t, self, name, a[1]));
  return Ref::none();
}
WRAPPER(wrapDelAttr) {
  EXPECT(1, 1);
  TRY(checkOwnSetter(t, slot, self, "__delattr__"));
  Str* name = TRY(attributeName(t, a[0]));
  TRY(SLOT_AS(Status (*)(Thread&, Value, Str*, Value))(t, self, name, Value()));
  return Ref::none();
}
WRAPPER(wrapDescrGet) {
  EXPECT(1, 2);
  Value object = a[0].isNone() ? Value() : a[0];
  Value type = n < 2 || a[1].isNone() ? Value() : a[1];
  if (object.isUndefined() && type.isUndefined()) return raiseTypeError(t, "__get__(None, None) is invalid");
  return SLOT_AS(Ref (*)(Thread&, Value, Value, Value))(t, self, object, type);
}
WRAPPER(wrapDescrSet) {
  EXPECT(2, 2);
  TRY(SLOT_AS(Status (*)(Thread&, Value, Value, Value))(t, self, a[0], a[1]));
  return Ref::none();
}
WRAPPER(wrapDescrDelete) {
  EXPECT(1, 1);
  TRY(SLOT_AS(Status (*)(Thread&, Value, Value, Value))(t, self, a[0], Value()));
  return Ref::none();
}
WRAPPER(wrapFinalize) {
  EXPECT(0, 0);
  TRY(SLOT_AS(Status (*)(Thread&, Value))(t, self));
  return Ref::none();
}

#define AT(field) static_cast<uint32_t>(offsetof(Slots, field))
#define UNARY(text, field, name) {text, AT(field), reinterpret_cast<void*>(&slotUnary<&Names::name>), wrapUnary, "($self, /)"}
#define BINARY(op, kind)                                                                                               \
  {"__" #op "__", AT(binary) + static_cast<uint32_t>(BinaryOp::kind) * 8,                                              \
   reinterpret_cast<void*>(&slotBinary<static_cast<int>(BinaryOp::kind), &Names::d_##op, &Names::d_r##op>), wrapBinary, "($self, value, /)"}, \
  {"__r" #op "__", AT(binary) + static_cast<uint32_t>(BinaryOp::kind) * 8,                                             \
   reinterpret_cast<void*>(&slotBinary<static_cast<int>(BinaryOp::kind), &Names::d_##op, &Names::d_r##op>), wrapReflected, "($self, value, /)"}
#define INPLACE(op, kind)                                                      \
  {"__i" #op "__", AT(inplace) + static_cast<uint32_t>(BinaryOp::kind) * 8, \
   reinterpret_cast<void*>(&slotInplace<&Names::d_i##op>), wrapBinary, "($self, value, /)"}
#define COMPARE(op, kind) {"__" #op "__", AT(compare), reinterpret_cast<void*>(slotCompare), wrapCompare, "($self, value, /)", static_cast<int>(CompareOp::kind)}
#define SLOT(text, field, generic, wrap, signature) {text, AT(field), reinterpret_cast<void*>(generic), wrap, signature}

// Order matters where one name stands for two slots: the sequence forms come last.
static const SlotDef kSlotDefs[] = {
    SLOT("__repr__", repr, slotRepr, wrapUnary, "($self, /)"),
    SLOT("__str__", str, slotStr, wrapUnary, "($self, /)"),
    SLOT("__hash__", hash, slotHash, wrapHash, "($self, /)"),
    SLOT("__call__", call, slotCall, wrapCall, "($self, /, *args, **kwargs)"),
    SLOT("__getattribute__", get_attr, slotGetAttr, wrapGetAttr, "($self, name, /)"),
    SLOT("__getattr__", get_attr, slotGetAttr, nullptr, ""),
    SLOT("__setattr__", set_attr, slotSetAttr, wrapSetAttr, "($self, name, value, /)"),
    SLOT("__delattr__", set_attr, slotSetAttr, wrapDelAttr, "($self, name, /)"),
    COMPARE(lt, kLt), COMPARE(le, kLe), COMPARE(eq, kEq), COMPARE(ne, kNe), COMPARE(gt, kGt), COMPARE(ge, kGe),
    SLOT("__iter__", iter, slotIter, wrapUnary, "($self, /)"),
    SLOT("__next__", next, slotNext, wrapNext, "($self, /)"),
    SLOT("__get__", descr_get, slotDescrGet, wrapDescrGet, "($self, instance, owner=None, /)"),
    SLOT("__set__", descr_set, slotDescrSet, wrapDescrSet, "($self, instance, value, /)"),
    SLOT("__delete__", descr_set, slotDescrSet, wrapDescrDelete, "($self, instance, /)"),
    SLOT("__init__", init, slotInit, wrapInit, "($self, /, *args, **kwargs)"),
    SLOT("__new__", make, slotMake, nullptr, ""),
    SLOT("__del__", finalize, slotFinalize, wrapFinalize, "($self, /)"),
    BINARY(add, kAdd), BINARY(sub, kSub), BINARY(mul, kMul), BINARY(truediv, kTrueDiv), BINARY(floordiv, kFloorDiv),
    BINARY(mod, kMod), BINARY(lshift, kLShift), BINARY(rshift, kRShift), BINARY(and, kAnd), BINARY(or, kOr),
    BINARY(xor, kXor), BINARY(matmul, kMatMul), BINARY(divmod, kDivMod),
    {"__pow__", AT(binary) + static_cast<uint32_t>(BinaryOp::kPow) * 8,
     reinterpret_cast<void*>(&slotBinary<static_cast<int>(BinaryOp::kPow), &Names::d_pow, &Names::d_rpow>), wrapPower, "($self, value, mod=None, /)"},
    {"__rpow__", AT(binary) + static_cast<uint32_t>(BinaryOp::kPow) * 8,
     reinterpret_cast<void*>(&slotBinary<static_cast<int>(BinaryOp::kPow), &Names::d_pow, &Names::d_rpow>), wrapReflectedPower, "($self, value, mod=None, /)"},
    {"__pow__", AT(power), reinterpret_cast<void*>(slotPower3), nullptr, ""},
    INPLACE(add, kAdd), INPLACE(sub, kSub), INPLACE(mul, kMul), INPLACE(truediv, kTrueDiv), INPLACE(floordiv, kFloorDiv),
    INPLACE(mod, kMod), INPLACE(pow, kPow), INPLACE(lshift, kLShift), INPLACE(rshift, kRShift), INPLACE(and, kAnd),
    INPLACE(or, kOr), INPLACE(xor, kXor), INPLACE(matmul, kMatMul),
    UNARY("__neg__", negative, d_neg), UNARY("__pos__", positive, d_pos), UNARY("__abs__", absolute, d_abs),
    UNARY("__invert__", invert, d_invert), UNARY("__int__", to_int, d_int), UNARY("__float__", to_float, d_float),
    UNARY("__index__", index, d_index), UNARY("__await__", await, d_await), UNARY("__aiter__", aiter, d_aiter),
    UNARY("__anext__", anext, d_anext),
    SLOT("__bool__", truth, slotTruth, wrapTruth, "($self, /)"),
    SLOT("__len__", length, slotLength, wrapHash, "($self, /)"),
    SLOT("__getitem__", get_item, slotGetItem, wrapBinary, "($self, key, /)"),
    SLOT("__setitem__", set_item, slotSetItem, wrapSetItem, "($self, key, value, /)"),
    SLOT("__delitem__", set_item, slotSetItem, wrapDelItem, "($self, key, /)"),
    SLOT("__contains__", contains, slotContains, wrapContains, "($self, key, /)"),
    {"__buffer__", AT(get_buffer), reinterpret_cast<void*>(getPythonBuffer_py), nullptr, ""},
    // Sequence + and *: published for builtin types, never set from Python methods.
    {"__add__", AT(concat), nullptr, wrapBinary, "($self, value, /)"},
    {"__mul__", AT(repeat), nullptr, wrapBinary, "($self, value, /)"},
    {"__rmul__", AT(repeat), nullptr, wrapBinary, "($self, value, /)"},
    {"__iadd__", AT(inplace_concat), nullptr, wrapBinary, "($self, value, /)"},
    {"__imul__", AT(inplace_repeat), nullptr, wrapBinary, "($self, value, /)"},
};

static void*& slotAt(Type* type, uint32_t offset) {
  return *reinterpret_cast<void**>(reinterpret_cast<char*>(&type->slots) + offset);
}

void addSlotWrappers(Isolate& isolate, Type* type) {
  Thread& t = isolate.main_thread;
  for (const SlotDef& def : kSlotDefs) {
    void* slot = slotAt(type, def.offset);
    if (slot == nullptr || def.wrap == nullptr) continue;
    if (type->id == TypeId::kCoroutine && def.offset == AT(next)) continue;  // resumed by it, and no iterator to programs
    Str* name = intern(isolate, def.name);
    if (dictGetStr(type->dict, name).isUndefined()) dictSetStr(type->dict, name, newWrapper(isolate, &def, slot, type).get());
  }
  if (type->slots.get_buffer != nullptr || type->id == TypeId::kBytes || type->id == TypeId::kByteArray) addBufferMethods(isolate, type);
  if (type->slots.make != nullptr) {
    static const NativeDef kNew = {"__new__", "($type, *args, **kwargs)", nullptr, "Create and return a new object.  See help(type) for accurate signature."};
    dictSetStr(type->dict, t.names().d_new, newNativeFunction(t, &kNew, type, Value()).get());
  }
}

void inheritSlots(Type* type) {
  Slots& own = type->slots;
  const Slots& base = type->base->slots;
  bool own_equality = own.compare != nullptr || own.hash != nullptr;
  auto hash = own.hash;
  auto make = own.make;
  for (size_t at = 0; at < sizeof(Slots); at += sizeof(void*)) {
    void*& mine = slotAt(type, static_cast<uint32_t>(at));
    if (mine == nullptr) mine = slotAt(type->base, static_cast<uint32_t>(at));
  }
  if (own_equality) own.hash = hash;
  if (type->base->id == TypeId::kObject && make == nullptr) own.make = nullptr;
  (void)base;
}

// What a found attribute means for the slot: the C function itself when it is that slot's own wrapper.
static void* slotFor(Type* type, const SlotDef& def, Value found) {
  if (def.offset == AT(get_buffer) && isExact(found, TypeId::kNativeDescriptor)) return slotAt(found.as<NativeFunction>()->owner, def.offset);
  if (found.isHeap() && isExact(found, TypeId::kWrapper)) {
    WrapperDescriptor* wrapper = found.as<WrapperDescriptor>();
    bool same = wrapper->def->offset == def.offset && isSubtype(type, wrapper->owner);
    if (same) return wrapper->slot;
  }
  return def.generic;
}

// The defs' names, interned, and for each def the first one of its slot.
static constexpr size_t kSlotDefCount = sizeof kSlotDefs / sizeof kSlotDefs[0];
struct SlotNames {
  Str* name[kSlotDefCount] = {};
  uint8_t first[kSlotDefCount] = {};
};
static const SlotNames& slotNames(Isolate& isolate) {
  static SlotNames names;
  if (names.name[0] != nullptr) return names;
  for (size_t i = 0; i < kSlotDefCount; ++i) {
    names.name[i] = intern(isolate, kSlotDefs[i].name);
    size_t first = 0;
    while (kSlotDefs[first].offset != kSlotDefs[i].offset) ++first;
    names.first[i] = static_cast<uint8_t>(first);
  }
  return names;
}

// `first`: the first def of the slot.
static void updateOne(const SlotNames& names, Type* type, size_t first) {
  uint32_t offset = kSlotDefs[first].offset;
  void* result = nullptr;
  void* generic = nullptr;
  bool use_generic = false;
  for (size_t i = first; i < kSlotDefCount; ++i) {
    const SlotDef& def = kSlotDefs[i];
    if (def.offset != offset) continue;
    Value found = typeLookup(type, names.name[i]);
    if (found.isUndefined()) continue;
    if (def.offset == AT(make)) {
      NativeFunction* fn = isExact(found, TypeId::kNativeFunction) ? found.as<NativeFunction>() : nullptr;
      if (fn != nullptr && fn->def->fn == nullptr && isType(fn->self)) result = reinterpret_cast<void*>(fn->self.as<Type>()->slots.make);
      else use_generic = true, generic = def.generic;
      continue;
    }
    if (found.isNone() && def.offset == AT(hash)) {
      result = nullptr;
      continue;
    }
    void* own = slotFor(type, def, found);
    if (own == def.generic || (result != nullptr && result != own)) use_generic = true, generic = def.generic;
    else result = own;
  }
  if (use_generic && generic != nullptr) result = generic;
  slotAt(type, offset) = result;
  if (offset == AT(get_buffer)) {
    bool is_python = result == reinterpret_cast<void*>(getPythonBuffer_py);
    type->slots.release_buffer = is_python ? releasePythonBuffer : result != nullptr && type->base != nullptr ? type->base->slots.release_buffer : nullptr;
  }
}

// All slots of a new class. With one base, a slot that the class itself does not define is its base's.
static void updateAllSlots(const SlotNames& names, Type* type) {
  bool one_base = type->bases != nullptr && type->bases->size == 1 && type->mro != nullptr && type->base->mro != nullptr &&
                  type->mro->size == type->base->mro->size + 1;
  bool is_defined[kSlotDefCount] = {};
  for (size_t i = 0; i < kSlotDefCount; ++i) {
    uint32_t offset = kSlotDefs[i].offset;
    bool own = !one_base || offset == AT(make) || offset == AT(hash) || dictGetStr(type->dict, names.name[i]).defined();
    if (own) is_defined[names.first[i]] = true;
  }
  for (size_t i = 0; i < kSlotDefCount; ++i) {
    if (names.first[i] != i) continue;
    if (is_defined[i]) updateOne(names, type, i);
    else slotAt(type, kSlotDefs[i].offset) = slotAt(type->base, kSlotDefs[i].offset);
  }
}

void updateSlots(Isolate& isolate, Type* type, Str* name) {
  const SlotNames& names = slotNames(isolate);
  if (name == nullptr) return updateAllSlots(names, type);
  bool changed = false;
  for (size_t i = 0; i < kSlotDefCount; ++i) {
    if (name != names.name[i] && !strEqual(name, names.name[i])) continue;
    changed = true;
    updateOne(names, type, names.first[i]);
  }
  if (changed) updateSubclassSlots(isolate, type, name);
}

}  // namespace krait::object
