// collections.defaultdict: a dict that makes what is missing.
// ref: Modules/_collectionsmodule.c.
#include "runtime/modules/collections/collections.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/repr_guard.h"
#include "runtime/object/str.h"

namespace krait::modules {

struct DefaultDict : Dict {
  Value factory;  // Undefined: None
};
static DefaultDict* self(Value v) { return v.as<DefaultDict>(); }
static Value factoryOf(Value v) { return self(v)->factory.defined() ? self(v)->factory : Value::none(); }
static void dealloc(Object* o) {
  decref(static_cast<DefaultDict*>(o)->factory);
  dictClear(static_cast<Dict*>(o));
}
static void traverse(Object* o, Visitor visitor, void* context) {
  visit(static_cast<DefaultDict*>(o)->factory, visitor, context);
  current_thread->types().dict->slots.traverse(o, visitor, context);
}
static void clear(Object* o) {
  clearField(static_cast<DefaultDict*>(o)->factory);
  dictClear(static_cast<Dict*>(o));
}
static Status init(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (nargs > 0 && !args[0].isNone() && !isCallable(t, args[0])) return raiseTypeError(t, "first argument must be callable or None");
  Value old = self(v)->factory;
  self(v)->factory = nargs == 0 || args[0].isNone() ? Value() : share(args[0]);
  decref(old);
  if (nargs > 0) {
    ++args;
    --nargs;
  }
  return t.types().dict->slots.init(t, v, args, nargs, keywords);
}
static Ref missing(Thread& t, const Value* a) {
  if (self(a[0])->factory.isUndefined()) return raiseKeyError(t, a[1]);
  Ref value = TRY(call_py(t, self(a[0])->factory, nullptr, 0));
  TRY(setItem_py(t, a[0], a[1], value.get()));
  return value;
}
static Type* defaultdict_type = nullptr;
static Ref copy(Thread& t, const Value* a) { return callArgs_py(t, Value(typeOf(t, a[0])), factoryOf(a[0]), a[0]); }
static Ref reduce(Thread& t, const Value* a) {
  Ref args = self(a[0])->factory.defined() ? tupleOf(t, {self(a[0])->factory}) : newTuple(t, 0);
  Ref items = TRY(callMethod_py(t, a[0], t.names().items)), it = TRY(iter_py(t, items.get()));
  return tupleOf(t, {typeOf(t, a[0]), args.get(), Value::none(), Value::none(), it.get()});
}
static Ref repr(Thread& t, Value v) {
  Ref items = TRY(t.types().dict->slots.repr(t, v));
  ReprGuard guard(t, factoryOf(v));  // a method of this very dict shows it again
  std::string factory = guard.isNested() ? "..." : reprText_py(t, factoryOf(v));
  return strFormat(t, "%s(%s, %s)", shortTypeName(typeOf(t, v)), factory.c_str(), toUtf8(items.as<Str>()).c_str());
}
static Ref getFactory(Thread&, Value v) { return Ref::of(factoryOf(v)); }
static Status setFactory(Thread&, Value v, Value x) {
  Value old = self(v)->factory;
  self(v)->factory = x.isNone() ? Value() : share(x);
  decref(old);
  return kDone;
}
// `a | b` where either is a defaultdict: its class and factory stay, the right one's items win. ref: defdict_or.
static Ref merge(Thread& t, Value a, Value b) {
  Value own = isInstanceOf(t, a, defaultdict_type) ? a : b;
  if (!isDict(a) || !isDict(b)) return Ref::notImplemented();
  Ref made = TRY(callArgs_py(t, Value(typeOf(t, own)), factoryOf(own), a));
  TRY(callMethod_py(t, made.get(), intern(*t.isolate, "update"), b));
  return made;
}
static const NativeDef kMethods[] = {{"__missing__", "($self, key, /)", missing}, {"copy", "($self, /)", copy}, {"__copy__", "($self, /)", copy},
    {"__reduce__", "($self, /)", reduce}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"default_factory", getFactory, setFactory}, {nullptr, nullptr}};

void addDefaultDict(Thread& t, Module* m) {
  Type* type = makeType(*t.isolate, {.name = "collections.defaultdict", .size = sizeof(DefaultDict), .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable,
      .base = t.types().dict, .methods = kMethods, .getsets = kGetSets});
  Slots& s = type->slots;
  s.dealloc = dealloc;
  s.traverse = traverse;
  s.clear = clear;
  s.make = makeDictOf<DefaultDict>;
  s.init = init;
  s.repr = repr;
  s.binary[static_cast<int>(BinaryOp::kOr)] = merge;
  defaultdict_type = type;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

}  // namespace krait::modules
