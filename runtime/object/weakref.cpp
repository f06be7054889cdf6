// Weak references: the isolate's table from objects to their references, `weakref.ref` and what `_weakref` offers.
// ref: Objects/weakrefobject.c. A reference without callback is shared.
#include "runtime/object/weakref.h"

#include <unordered_map>
#include <vector>

#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

struct WeakTable {
  std::unordered_map<Object*, std::vector<Weakref*>> references;  // borrowed both ways
};
static WeakTable& table() {
  Isolate& isolate = *current_thread->isolate;
  if (isolate.weak_table == nullptr) isolate.weak_table = new WeakTable();
  return *isolate.weak_table;
}

static void forget(Weakref* w) {
  if (w->target == nullptr) return;
  auto found = table().references.find(w->target);
  if (found != table().references.end()) {
    std::erase(found->second, w);
    if (found->second.empty()) {
      w->target->gc &= ~static_cast<uint32_t>(kHasWeakrefs);
      table().references.erase(found);
    }
  }
  w->target = nullptr;
}

void clearWeakrefs_py(Object* object) {
  Thread& t = *current_thread;
  object->gc &= ~static_cast<uint32_t>(kHasWeakrefs);
  auto found = table().references.find(object);
  if (found == table().references.end()) return;
  std::vector<Weakref*> list = std::move(found->second);
  table().references.erase(found);
  std::vector<Ref> alive;
  for (Weakref* w : list) {
    w->target = nullptr;
    if (w->refs > 0 && w->callback.defined()) alive.push_back(Ref::of(w));
  }
  Ref saved = isPending(t) ? takeException(t) : Ref();
  for (size_t i = alive.size(); i-- > 0;) {
    Weakref* w = alive[i].as<Weakref>();
    Ref callback = Ref::steal(w->callback);
    w->callback = Value();
    Value arg = w;
    Ref r = call_py(t, callback.get(), &arg, 1);
    if (!r) writeUnraisable_py(t, "Exception ignored while calling weakref callback ", callback.get());
  }
  if (saved) restoreException(t, std::move(saved));
}

Ref newWeakref(Thread& t, Type* type, Value target, Value callback) {
  if (!target.isHeap() || !typeOfHeap(target)->has(kTypeWeakrefable)) return raiseTypeError(t, "cannot create weak reference to '%s' object", typeNameOf(t, target));
  Object* object = target.object();
  std::vector<Weakref*>& list = table().references[object];
  if (callback.isUndefined() && !type->has(kTypeHeap)) {
    for (Weakref* w : list) {
      if (w->type == type && w->callback.isUndefined()) return Ref::of(w);
    }
  }
  Weakref* w = allocate<Weakref>(type);
  w->target = object;
  w->callback = share(callback);
  for (Value* v = reinterpret_cast<Value*>(w + 1); v < reinterpret_cast<Value*>(reinterpret_cast<char*>(w) + objectSize(w)); ++v) *v = Value();
  list.push_back(w);
  object->gc |= kHasWeakrefs;
  gcTrack(w);
  return Ref::steal(w);
}

static Weakref* self(Value v) { return v.as<Weakref>(); }
Value weakTarget(Value reference) { return self(reference)->target != nullptr ? Value(self(reference)->target) : Value(); }

static void dealloc(Object* o) {
  forget(static_cast<Weakref*>(o));
  decref(static_cast<Weakref*>(o)->callback);
}
static void traverse(Object* o, Visitor visitor, void* context) { visit(static_cast<Weakref*>(o)->callback, visitor, context); }
static void clear(Object* o) {
  forget(static_cast<Weakref*>(o));
  clearField(static_cast<Weakref*>(o)->callback);
}
static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple*) {
  if (nargs < 1 || nargs > 2) return raiseTypeError(t, "__new__ expected %s, got %u", nargs < 1 ? "at least 1 argument" : "at most 2 arguments", nargs);
  return newWeakref(t, type, args[0], nargs == 2 && !args[1].isNone() ? args[1] : Value());
}
static Status init(Thread&, Value, const Value*, uint32_t, Tuple*) { return kDone; }
static Ref call(Thread&, Value v, const Value*, uint32_t, Tuple*) {
  Value target = weakTarget(v);
  return target.defined() ? Ref::of(target) : Ref::none();
}
static Fallible<int64_t> hash(Thread& t, Value v) {
  Weakref* w = self(v);
  if (!w->has_hash) {
    if (w->target == nullptr) return raiseTypeError(t, "weak object has gone away");
    w->hash = TRY(hash_py(t, w->target));
    w->has_hash = true;
  }
  return w->hash;
}
static Ref compare(Thread& t, Value a, Value b, CompareOp op) {
  if ((op != CompareOp::kEq && op != CompareOp::kNe) || !hasLayout(b, TypeId::kWeakref)) return Ref::notImplemented();
  Ref x = Ref::of(weakTarget(a)), y = Ref::of(weakTarget(b));
  if (!x || !y) return Ref::boolean((a == b) == (op == CompareOp::kEq));
  return compare_py(t, x.get(), y.get(), op);
}
static Ref repr(Thread& t, Value v) {
  Value target = weakTarget(v);
  if (target.isUndefined()) return strFormat(t, "<weakref at %p; dead>", static_cast<void*>(v.object()));
  return strFormat(t, "<weakref at %p; to '%s' at %p>", static_cast<void*>(v.object()), typeNameOf(t, target), static_cast<void*>(target.object()));
}
static Ref getCallback(Thread&, Value v) { return self(v)->callback.defined() ? Ref::of(self(v)->callback) : Ref::none(); }
static Ref classGetItem(Thread& t, const Value* a) { return callArgs_py(t, t.types().generic_alias, a[0], a[1]); }
static const GetSetDef kGetSets[] = {{"__callback__", getCallback}, {nullptr, nullptr}};
static const NativeDef kMethods[] = {{"__class_getitem__", "($type, object, /)", classGetItem}, {nullptr, nullptr, nullptr}};

void initWeakrefType(Isolate& isolate) {
  Type* type = isolate.types.weakref = makeType(isolate, {.name = "weakref.ReferenceType", .id = TypeId::kWeakref, .size = sizeof(Weakref),
      .flags = kTypeGc | kTypeBaseable, .methods = kMethods, .getsets = kGetSets});
  Slots& s = type->slots;
  s.dealloc = dealloc;
  s.traverse = traverse;
  s.clear = clear;
  s.make = make;
  s.init = init;
  s.call = call;
  s.hash = hash;
  s.compare = compare;
  s.repr = repr;
}

int64_t weakrefCount(Value object) {
  if (!object.isHeap() || !(object.object()->gc & kHasWeakrefs)) return 0;
  return static_cast<int64_t>(table().references[object.object()].size());
}
Ref weakrefList(Thread& t, Value object) {
  Ref list = newList(t);
  if (weakrefCount(object) > 0) {
    for (Weakref* w : table().references[object.object()]) listAppend(list.as<List>(), w);
  }
  return list;
}

}  // namespace krait::object
