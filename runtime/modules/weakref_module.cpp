// The `_weakref` module: reference types and proxies. A proxy passes every operation on to what it refers to.
// ref: Objects/weakrefobject.c, Modules/_weakref.c.
#include "runtime/modules/compile_hook.h"
#include "runtime/modules/module_table.h"
#include "runtime/modules/weakref_types.h"
#include "runtime/object/containers.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"
#include "runtime/object/type_names.h"
#include "runtime/object/weakref.h"

namespace krait::modules {

static Weakref* self(Value v) { return v.as<Weakref>(); }

// The exact class of plain references: the nearest builtin base of a reference's class.
static const Type* plainTypeOf(const Type* type) {
  while (type->has(kTypeHeap)) type = type->base;
  return type;
}

static Ref refMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0 && !type->has(kTypeHeap)) return raiseTypeError(t, "ref() takes no keyword arguments");
  if (nargs < 1) return raiseTypeError(t, "__new__ expected at least 1 argument, got 0");
  if (nargs > 2) return raiseTypeError(t, "__new__ expected at most 2 arguments, got %u", nargs);
  Value callback = nargs == 2 && !args[1].isNone() ? args[1] : Value();
  return newWeakref(t, type, args[0], callback, plainTypeOf(type));
}
static Status refInit(Thread& t, Value, const Value*, uint32_t nargs, Tuple*) {
  if (nargs < 1) return raiseTypeError(t, "__init__ expected at least 1 argument, got 0");
  if (nargs > 2) return raiseTypeError(t, "__init__ expected at most 2 arguments, got %u", nargs);
  return kDone;
}
static Ref refCall(Thread& t, Value v, const Value*, uint32_t nargs, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0) return raiseTypeError(t, "weakref() takes no keyword arguments");
  if (nargs > 0) return raiseTypeError(t, "weakref expected 0 arguments, got %u", nargs);
  return weakrefGet(self(v));
}

static Fallible<int64_t> refHash(Thread& t, Value v) {
  Weakref* r = self(v);
  if (r->has_hash) return r->hash;
  Ref referent = weakrefGet(r);
  if (referent.get().isNone()) return raiseTypeError(t, "weak object has gone away");
  r->hash = TRY(hash_py(t, referent.get()));
  r->has_hash = true;
  return r->hash;
}

// Living referents are compared; a dead reference equals only itself. ref: weakref_richcompare.
static Ref refCompare(Thread& t, Value a, Value b, CompareOp op) {
  bool are_references = isSubtype(typeOf(t, b), plainTypeOf(typeOf(t, a)));
  if ((op != CompareOp::kEq && op != CompareOp::kNe) || !are_references) return Ref::notImplemented();
  Ref left = weakrefGet(self(a)), right = weakrefGet(self(b));
  if (left.get().isNone() || right.get().isNone()) return Ref::boolean((a == b) == (op == CompareOp::kEq));
  return compare_py(t, left.get(), right.get(), op);
}

static Ref refRepr(Thread& t, Value v) {
  Ref referent = weakrefGet(self(v));
  void* address = v.object();
  if (referent.get().isNone()) return newStr(t, format("<weakref at %p; dead>", address));
  Ref name = findAttr_py(t, referent.get(), t.names().d_name);
  if (!name && isPending(t)) return Ref();
  std::string shown = name && isStr(name.get()) ? " (" + toUtf8(name.as<Str>()) + ")" : "";
  return newStr(t, format("<weakref at %p; to '%s' at %p%s>", address, fullTypeName(t, referent.get()).c_str(),
                          static_cast<void*>(referent.get().object()), shown.c_str()));
}
static Ref getCallback(Thread&, Value v) {
  return self(v)->callback.isUndefined() || self(v)->referent == nullptr ? Ref::none() : Ref::of(self(v)->callback);
}
static Ref aliasFor(Thread& t, const Value* a) { return callArgs_py(t, t.types().generic_alias, a[0], a[1]); }

static const NativeDef kRefMethods[] = {{"__class_getitem__", "($type, object, /)", aliasFor, "See PEP 585"}, {nullptr, nullptr, nullptr}};
static const GetSetDef kRefGetSets[] = {{"__callback__", getCallback, readOnlyMember}, {nullptr, nullptr}};

static Type* makeRefType(Isolate& isolate) {
  Type* type = makeType(isolate, {.name = "weakref.ReferenceType", .size = sizeof(Weakref),
                                  .flags = kTypeGc | kTypeBaseable, .methods = kRefMethods, .getsets = kRefGetSets});
  fillWeakrefSlots(type);
  type->slots.make = refMake;
  type->slots.init = refInit;
  type->slots.call = refCall;
  type->slots.hash = refHash;
  type->slots.compare = refCompare;
  type->slots.repr = refRepr;
  readyType(isolate, type);
  return type;
}

// --- proxies
static Ref strong(Thread& t, Value v) {
  Ref referent = weakrefGet(self(v));
  if (referent.get().isNone()) return raise(t, errors(t).reference_error, "weakly-referenced object no longer exists");
  return referent;
}
static bool isProxy(Value v, void (*dealloc)(Object*)) {
  return v.isHeap() && v.object()->type->slots.dealloc == dealloc && v.object()->type->slots.call != refCall;
}
static Ref unwrapped(Thread& t, Value v, Value proxy) {
  return isProxy(v, proxy.object()->type->slots.dealloc) ? strong(t, v) : Ref::of(v);
}

static Ref proxyGetAttr(Thread& t, Value v, Str* name) { return getAttr_py(t, TRY(strong(t, v)).get(), name); }
static Status proxySetAttr(Thread& t, Value v, Str* name, Value value) {
  Ref referent = TRY(strong(t, v));
  return setAttr_py(t, referent.get(), name, value);
}
static Ref proxyStr(Thread& t, Value v) {
  Ref referent = TRY(strong(t, v));
  return str_py(t, referent.get());
}
static Ref proxyRepr(Thread& t, Value v) {
  Ref referent = weakrefGet(self(v));
  if (referent.get().isNone()) return newStr(t, format("<weakproxy at %p; dead>", static_cast<void*>(v.object())));
  return newStr(t, format("<weakproxy at %p; to '%s' at %p>", static_cast<void*>(v.object()), fullTypeName(t, referent.get()).c_str(),
                          referent.get().isHeap() ? static_cast<void*>(referent.get().object()) : nullptr));
}
static Fallible<bool> proxyTruth(Thread& t, Value v) {
  Ref referent = TRY(strong(t, v));
  return isTrue_py(t, referent.get());
}
static Ref proxyCall(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  Ref referent = TRY(strong(t, v));
  uint32_t named = keywords == nullptr ? 0 : static_cast<uint32_t>(keywords->size);
  (void)named;
  return call_py(t, referent.get(), args, nargs, keywords);
}
static Fallible<int64_t> proxyHash(Thread& t, Value v) {
  return raiseTypeError(t, "unhashable type: '%s'", typeNameOf(t, v));
}
static Ref proxyCompare(Thread& t, Value a, Value b, CompareOp op) {
  Ref left = TRY(strong(t, a)), right = TRY(unwrapped(t, b, a));
  return compare_py(t, left.get(), right.get(), op);
}
static Ref proxyIter(Thread& t, Value v) {
  Ref referent = TRY(strong(t, v));
  return iter_py(t, referent.get());
}
static Fallible<int64_t> proxyLength(Thread& t, Value v) {
  Ref referent = TRY(strong(t, v));
  return length_py(t, referent.get());
}
static Ref proxyGetItem(Thread& t, Value v, Value key) {
  Ref referent = TRY(strong(t, v));
  return getItem_py(t, referent.get(), key);
}
static Status proxySetItem(Thread& t, Value v, Value key, Value value) {
  Ref referent = TRY(strong(t, v));
  return setItem_py(t, referent.get(), key, value);
}
static Fallible<bool> proxyContains(Thread& t, Value v, Value item) {
  Ref referent = TRY(strong(t, v));
  return contains_py(t, referent.get(), item);
}
template <int op>
static Ref proxyBinary(Thread& t, Value a, Value b) {
  bool is_left = a.isHeap() && a.object()->type->slots.get_attr == proxyGetAttr;
  Ref left = TRY(unwrapped(t, a, is_left ? a : b)), right = TRY(unwrapped(t, b, is_left ? a : b));
  return binary_py(t, left.get(), right.get(), static_cast<BinaryOp>(op));
}
template <int op>
static Ref proxyInplace(Thread& t, Value a, Value b) {
  Ref left = TRY(unwrapped(t, a, a)), right = TRY(unwrapped(t, b, a));
  return inplace_py(t, left.get(), right.get(), static_cast<BinaryOp>(op));
}
template <Ref (*apply)(Thread&, Value)>
static Ref proxyUnary(Thread& t, Value v) {
  Ref referent = TRY(strong(t, v));
  return apply(t, referent.get());
}
static Ref toInt_py(Thread& t, Value v) { return callArgs_py(t, t.types().int_, v); }
static Ref toFloat_py(Thread& t, Value v) { return callArgs_py(t, t.types().float_, v); }
static Ref proxyNext(Thread& t, Value v) {
  Ref referent = TRY(strong(t, v));
  if (typeOf(t, referent.get())->slots.next == nullptr) return raiseTypeError(t, "Weakref proxy referenced a non-iterator '%s' object", typeNameOf(t, referent.get()));
  return next_py(t, referent.get());
}
static Ref proxyBytes(Thread& t, const Value* a) {
  Ref referent = TRY(strong(t, a[0]));
  return callMethod_py(t, referent.get(), t.names().d_bytes);
}
static Ref proxyReversed(Thread& t, const Value* a) {
  Ref referent = TRY(strong(t, a[0]));
  return callMethod_py(t, referent.get(), t.names().d_reversed);
}
static const NativeDef kProxyMethods[] = {{"__bytes__", "($self, /)", proxyBytes}, {"__reversed__", "($self, /)", proxyReversed}, {nullptr, nullptr, nullptr}};
template <int... op>
static void fillBinary(Slots& slots, std::integer_sequence<int, op...>) {
  ((slots.binary[op] = proxyBinary<op>), ...);
  ((slots.inplace[op] = proxyInplace<op>), ...);
}

static Type* makeProxyType(Isolate& isolate, const char* name, bool is_callable) {
  Type* type = makeType(isolate, {.name = name, .size = sizeof(Weakref), .flags = kTypeGc | kTypeDisallowNew, .methods = kProxyMethods});
  fillWeakrefSlots(type);
  Slots& s = type->slots;
  s.negative = proxyUnary<negative_py>;
  s.positive = proxyUnary<positive_py>;
  s.invert = proxyUnary<invert_py>;
  s.absolute = proxyUnary<absolute_py>;
  s.to_int = proxyUnary<toInt_py>;
  s.to_float = proxyUnary<toFloat_py>;
  s.index = proxyUnary<toIndex_py>;
  s.next = proxyNext;
  s.get_attr = proxyGetAttr;
  s.set_attr = proxySetAttr;
  s.str = proxyStr;
  s.repr = proxyRepr;
  s.truth = proxyTruth;
  if (is_callable) s.call = proxyCall;
  s.hash = proxyHash;
  s.compare = proxyCompare;
  s.iter = proxyIter;
  s.length = proxyLength;
  s.get_item = proxyGetItem;
  s.set_item = proxySetItem;
  s.contains = proxyContains;
  fillBinary(s, std::make_integer_sequence<int, kBinaryOpCount>());
  readyType(isolate, type);
  return type;
}

// a: module, object, callback.
static Ref proxy(Thread& t, const Value* a) {
  const char* name = isCallable(t, a[1]) ? "CallableProxyType" : "ProxyType";
  Value type = dictGetStr(a[0].as<Module>()->dict, intern(*t.isolate, name));
  if (!isType(type)) return raiseRuntimeError(t, "_weakref.%s is missing", name);
  return newWeakref(t, type.as<Type>(), a[1], a[2].isNone() ? Value() : a[2], type.as<Type>());
}

static Ref getWeakrefs(Thread& t, const Value* a) {
  Ref list = newList(t);
  for (Weakref* r = firstWeakref(t, a[0]); r != nullptr; r = r->next) {
    if (r->refs > 0) listAppend(list.as<List>(), r);
  }
  return list;
}
static Ref getWeakrefCount(Thread& t, const Value* a) {
  int64_t count = 0;
  for (Weakref* r = firstWeakref(t, a[0]); r != nullptr; r = r->next) ++count;
  return newInt(t, count);
}
// Removes the key if its value is a dead reference.
static Ref removeDeadWeakref(Thread& t, const Value* a) {
  if (!isDict(a[0])) return raiseTypeError(t, "_remove_dead_weakref() argument 1 must be dict, not %s", typeNameOf(t, a[0]));
  Value value = dictGet_py(t, a[0].as<Dict>(), a[1]);
  if (value.isUndefined()) return isPending(t) ? Ref() : Ref::none();
  bool is_dead = value.isHeap() && value.object()->type->slots.call == refCall && weakrefGet(self(value)).get().isNone();
  if (is_dead) TRY(dictDelete_py(t, a[0].as<Dict>(), a[1]));
  return Ref::none();
}

static Type* reference_type = nullptr;
Ref weakReferenceTo_py(Thread& t, Value referent, Value callback) {
  if (reference_type == nullptr) {
    Ref name = newStr(t, "_weakref");
    TRY(compile_hooks.import(t, name.get(), Value::none(), Value::none(), Value::none(), Value::fromInt(0)));
  }
  return newWeakref(t, reference_type, referent, callback, reference_type);
}

static Status init(Thread& t, Module* module) {
  Type* reference = makeRefType(*t.isolate);
  reference_type = reference;
  moduleSet(t, module, "ref", reference);
  moduleSet(t, module, "ReferenceType", reference);
  moduleSet(t, module, "ProxyType", makeProxyType(*t.isolate, "weakref.ProxyType", false));
  moduleSet(t, module, "CallableProxyType", makeProxyType(*t.isolate, "weakref.CallableProxyType", true));
  return kDone;
}

static const NativeDef kFunctions[] = {
    {"proxy", "($self, object, callback=None, /)", proxy, "Create a proxy object that weakly references 'object'."},
    {"getweakrefs", "(object, /)", getWeakrefs, "Return a list of all weak reference objects pointing to 'object'."},
    {"getweakrefcount", "(object, /)", getWeakrefCount, "Return the number of weak references to 'object'."},
    {"_remove_dead_weakref", "(dct, key, /)", removeDeadWeakref},
    {nullptr, nullptr, nullptr}};

extern const NativeModule kWeakrefModule;
const NativeModule kWeakrefModule = {"_weakref", "Weak-reference support module.", kFunctions, init};

}  // namespace krait::modules
