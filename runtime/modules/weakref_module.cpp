// The `_weakref` module: references, proxies and their counts. ref: Modules/_weakref.c; proxies: Objects/weakrefobject.c.
#include "runtime/object/weakref.h"

#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

struct Proxy : Object {
  Value reference;
};
static Ref targetOf(Thread& t, Value v) {
  Value target = weakTarget(v.as<Proxy>()->reference);
  if (target.isUndefined()) return raise(t, errors(t).reference_error, "weakly-referenced object no longer exists");
  return Ref::of(target);
}
// Operands that are proxies stand for their targets.
static Ref unwrap(Thread& t, Value v, Type* type) { return v.isHeap() && typeOfHeap(v)->slots.get_attr == type->slots.get_attr ? targetOf(t, v) : Ref::of(v); }
static void dealloc(Object* o) { decref(static_cast<Proxy*>(o)->reference); }
static Ref getAttr(Thread& t, Value v, Str* name) {
  Ref target = TRY(targetOf(t, v));
  return getAttr_py(t, target.get(), name);
}
static Status setAttr(Thread& t, Value v, Str* name, Value value) {
  Ref target = TRY(targetOf(t, v));
  return setAttr_py(t, target.get(), name, value);
}
static Ref call(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  Ref target = TRY(targetOf(t, v));
  return call_py(t, target.get(), args, nargs, keywords);
}
static Ref str(Thread& t, Value v) {
  Ref target = TRY(targetOf(t, v));
  return str_py(t, target.get());
}
static Ref repr(Thread& t, Value v) {
  Ref target = TRY(targetOf(t, v));
  return strFormat(t, "<weakproxy at %p to %s at %p>", static_cast<void*>(v.object()), typeNameOf(t, target.get()), static_cast<void*>(target.get().object()));
}
static Ref compare(Thread& t, Value a, Value b, CompareOp op) {
  Ref x = TRY(targetOf(t, a)), y = TRY(unwrap(t, b, typeOfHeap(a)));
  return compare_py(t, x.get(), y.get(), op);
}
static Fallible<bool> truth(Thread& t, Value v) {
  Ref target = TRY(targetOf(t, v));
  return isTrue_py(t, target.get());
}
static Fallible<int64_t> length(Thread& t, Value v) {
  Ref target = TRY(targetOf(t, v));
  return length_py(t, target.get());
}
static Ref getItem(Thread& t, Value v, Value key) {
  Ref target = TRY(targetOf(t, v));
  return getItem_py(t, target.get(), key);
}
static Status setItem(Thread& t, Value v, Value key, Value value) {
  Ref target = TRY(targetOf(t, v));
  return setItem_py(t, target.get(), key, value);
}
static Fallible<bool> contains(Thread& t, Value v, Value item) {
  Ref target = TRY(targetOf(t, v));
  return contains_py(t, target.get(), item);
}
static Ref iterate(Thread& t, Value v) {
  Ref target = TRY(targetOf(t, v));
  return iter_py(t, target.get());
}
static Type* makeProxyType(Isolate& isolate, const char* name, bool callable) {
  Type* type = makeType(isolate, {.name = name, .size = sizeof(Proxy), .flags = kTypeDisallowNew});
  Slots& s = type->slots;
  s.dealloc = dealloc;
  s.get_attr = getAttr;
  s.set_attr = setAttr;
  s.str = str;
  s.repr = repr;
  s.compare = compare;
  s.truth = truth;
  s.length = length;
  s.get_item = getItem;
  s.set_item = setItem;
  s.contains = contains;
  s.iter = iterate;
  if (callable) s.call = call;
  readyType(isolate, type);
  type->slots.hash = nullptr;
  return type;
}

static Ref refCount(Thread&, const Value* a) { return newIntSmall(weakrefCount(a[0])); }
static Ref refList(Thread& t, const Value* a) { return weakrefList(t, a[0]); }
static Ref removeDead(Thread& t, const Value* a) {
  Value found = dictGet_py(t, a[0].as<Dict>(), a[1]);
  if (found.isUndefined()) return isPending(t) ? Ref() : Ref::none();
  if (hasLayout(found, TypeId::kWeakref) && weakTarget(found).isUndefined()) TRY(dictDelete_py(t, a[0].as<Dict>(), a[1]));
  return Ref::none();
}
static Ref proxy(Thread& t, const Value* a) {
  Ref reference = TRY(newWeakref(t, t.types().weakref, a[0], a[1].isNone() ? Value() : a[1]));
  Value module = dictGetStr(t.isolate->modules, intern(*t.isolate, "_weakref"));
  Ref type = TRY(getAttrNamed_py(t, module, isCallable(t, a[0]) ? "CallableProxyType" : "ProxyType"));
  Proxy* p = allocate<Proxy>(type.as<Type>());
  p->reference = reference.release();
  return Ref::steal(p);
}
static const NativeDef kFunctions[] = {{"getweakrefcount", "(object, /)", refCount}, {"getweakrefs", "(object, /)", refList},
    {"_remove_dead_weakref", "(dct, key, /)", removeDead}, {"proxy", "(object, callback=None, /)", proxy}, {nullptr, nullptr, nullptr}};
static Status init(Thread& t, Module* m) {
  moduleSet(t, m, "ref", t.types().weakref);
  moduleSet(t, m, "ReferenceType", t.types().weakref);
  moduleSet(t, m, "ProxyType", makeProxyType(*t.isolate, "weakref.ProxyType", false));
  moduleSet(t, m, "CallableProxyType", makeProxyType(*t.isolate, "weakref.CallableProxyType", true));
  return kDone;
}
extern const NativeModule kWeakrefModule;
const NativeModule kWeakrefModule = {"_weakref", "Weak-reference support module.", kFunctions, init};

}  // namespace krait::modules
