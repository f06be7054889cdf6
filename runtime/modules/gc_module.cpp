// The `gc` module over the cycle collector. ref: Modules/gcmodule.c.
#include "runtime/modules/audit.h"
#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/int.h"
#include "runtime/object/int_conversions.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

static Collector& collector(Thread& t) { return *t.isolate->collector; }

static Ref enable(Thread& t, const Value*) {
  collector(t).enabled = true;
  return Ref::none();
}
static Ref disable(Thread& t, const Value*) {
  collector(t).enabled = false;
  return Ref::none();
}
static Ref isEnabled(Thread& t, const Value*) { return Ref::boolean(collector(t).enabled); }
static Status callCallbacks_py(Thread& t, const char* phase, int64_t generation, int64_t collected) {
  if (collector(t).callbacks.isUndefined()) return kDone;
  Ref callbacks = Ref::of(collector(t).callbacks), name = newStr(t, phase), info = newDict(t);
  if (callbacks.as<List>()->size == 0) return kDone;
  dictSetStr(info.as<Dict>(), intern(*t.isolate, "generation"), Value::fromInt(generation));
  dictSetStr(info.as<Dict>(), intern(*t.isolate, "collected"), Value::fromInt(collected));
  dictSetStr(info.as<Dict>(), intern(*t.isolate, "uncollectable"), Value::fromInt(0));
  for (int64_t i = 0; i < callbacks.as<List>()->size; ++i) {
    Ref callback = Ref::of(callbacks.as<List>()->items[i]);
    Ref done = callArgs_py(t, callback.get(), name.get(), info.get());
    if (!done) writeUnraisable_py(t, nullptr, callback.get());
  }
  return kDone;
}
static Ref collect_py(Thread& t, const Value* a) {
  int64_t generation = TRY(toCInt_py(t, a[0]));
  if (generation < 0 || generation > 2) return raiseValueError(t, "invalid generation");
  if (collector(t).collecting) return newIntSmall(0);
  TRY(callCallbacks_py(t, "start", generation, 0));
  int64_t n = gcCollect_py(t, static_cast<int>(generation));
  TRY(callCallbacks_py(t, "stop", generation, n));
  return newInt(t, n);
}
static Ref getThreshold(Thread& t, const Value*) {
  const int64_t* at = collector(t).threshold;
  return tupleOf(t, {Value::fromInt(at[0]), Value::fromInt(at[1]), Value::fromInt(at[2])});
}
static Ref setThreshold(Thread& t, const Value* a) {
  Tuple* given = a[0].as<Tuple>();
  if (given->size < 1 || given->size > 3) return raiseTypeError(t, "gc.set_threshold requires 1 to 3 arguments");
  for (int i = 0; i < given->size; ++i) collector(t).threshold[i] = TRY(toFormatInt_py(t, given->items()[i]));
  return Ref::none();
}
static Ref getCount(Thread& t, const Value*) {
  Collector& c = collector(t);
  int64_t young = static_cast<int64_t>(c.young.size() - c.old_count);
  return tupleOf(t, {Value::fromInt(young), Value::fromInt(c.young_collections), Value::fromInt(0)});
}
static Ref getDebug(Thread& t, const Value*) { return newInt(t, collector(t).debug_flags); }
static Ref setDebug(Thread& t, const Value* a) {
  collector(t).debug_flags = TRY(toCInt_py(t, a[0]));
  return Ref::none();
}
static Ref getStats(Thread& t, const Value*) {
  Ref list = newList(t);
  static constexpr const char* kKeys[] = {"collections", "collected", "uncollectable"};
  for (int g = 0; g < kGenerations; ++g) {
    Ref d = newDict(t);
    for (int k = 0; k < 3; ++k) dictSetStr(d.as<Dict>(), intern(*t.isolate, kKeys[k]), Value::fromInt(collector(t).stats[g][k]));
    listAppend(list.as<List>(), d.get());
  }
  return list;
}
static Ref getObjects(Thread& t, const Value* a) {
  TRY(audit_py(t, "gc.get_objects", {a[0]}));
  int64_t generation = -1;
  if (!a[0].isNone()) {
    if (!isIntLike(a[0]) && typeOf(t, a[0])->slots.index == nullptr) return raiseTypeError(t, "argument should be integer or None, not '%s'", typeNameOf(t, a[0]));
    generation = TRY(toSize_py(t, a[0]));
    if (generation < 0) return raiseValueError(t, "generation parameter cannot be negative");
    if (generation > 2) return raiseValueError(t, "generation parameter must be less than the number of available generations (3)");
  }
  Ref list = newList(t);
  // What survived a collection is of generation 2; generation 1 is empty.
  size_t count = generation == 1 ? 0 : generation == 2 ? collector(t).old_count : collector(t).young.size();
  for (size_t i = generation == 0 ? collector(t).old_count : 0; i < count; ++i) {
    Object* o = collector(t).young[i];
    if (o != list.get().object() && o->refs > 0) listAppend(list.as<List>(), Value(o));
  }
  return list;
}
struct Search {
  Tuple* wanted;
  bool found;
};
static void lookFor(Object* o, void* context) {
  Search& s = *static_cast<Search*>(context);
  for (int64_t i = 0; i < s.wanted->size; ++i) s.found = s.found || s.wanted->items()[i] == Value(o);
}
static Ref getReferrers(Thread& t, const Value* a) {
  TRY(audit_py(t, "gc.get_referrers", {a[0]}));
  Ref list = newList(t);
  size_t count = collector(t).young.size();
  for (size_t i = 0; i < count; ++i) {
    Object* o = collector(t).young[i];
    if (o == list.get().object() || o == a[0].object() || o->type->slots.traverse == nullptr) continue;
    Search search{a[0].as<Tuple>(), false};
    o->type->slots.traverse(o, lookFor, &search);
    if (search.found) listAppend(list.as<List>(), Value(o));
  }
  return list;
}
static void collectInto(Object* o, void* context) { listAppend(static_cast<List*>(context), Value(o)); }
// Numbers in containers are no heap objects, which traversal does not meet; the order is CPython's, the last one first.
static bool addItems(List* list, Value v) {
  if (isExact(v, TypeId::kList)) {
    for (int64_t i = v.as<List>()->size; i-- > 0;) listAppend(list, v.as<List>()->items[i]);
  } else if (isExact(v, TypeId::kTuple)) {
    for (int64_t i = v.as<Tuple>()->size; i-- > 0;) listAppend(list, v.as<Tuple>()->items()[i]);
  } else if (isExact(v, TypeId::kDict)) {
    Value key, value;
    for (int64_t at = 0; dictNext(v.as<Dict>(), at, key, value);) {
      listAppend(list, value);
      listAppend(list, key);
    }
  } else {
    return false;
  }
  return true;
}
static Ref getReferents(Thread& t, const Value* a) {
  TRY(audit_py(t, "gc.get_referents", {a[0]}));
  Ref list = newList(t);
  for (int64_t i = 0; i < a[0].as<Tuple>()->size; ++i) {
    Value v = a[0].as<Tuple>()->items()[i];
    if (addItems(list.as<List>(), v)) continue;
    if (v.isHeap() && v.object()->type->slots.traverse != nullptr) v.object()->type->slots.traverse(v.object(), collectInto, list.as<List>());
  }
  return list;
}
// Dictionaries are put on the list when they first hold a container; CPython tracks all.
static Ref isTracked(Thread&, const Value* a) { return Ref::boolean(a[0].isHeap() && ((a[0].object()->gc & kGcTracked) || isDict(a[0]))); }
static Ref isFinalized(Thread&, const Value* a) { return Ref::boolean(a[0].isHeap() && (a[0].object()->gc & kGcFinalized)); }
static Ref freeze(Thread& t, const Value*) {
  collector(t).frozen_count = collector(t).old_count = collector(t).young.size();
  return Ref::none();
}
static Ref unfreeze(Thread& t, const Value*) {
  collector(t).frozen_count = 0;
  return Ref::none();
}
static Ref freezeCount(Thread& t, const Value*) { return newInt(t, static_cast<int64_t>(collector(t).frozen_count)); }

static const NativeDef kFunctions[] = {
    {"enable", "()", enable, "Enable automatic garbage collection."},
    {"disable", "()", disable, "Disable automatic garbage collection."},
    {"isenabled", "()", isEnabled, "Returns true if automatic garbage collection is enabled."},
    {"collect", "(generation=2)", collect_py, "Run the garbage collector."},
    {"get_threshold", "()", getThreshold, "Return the current collection thresholds."},
    {"set_threshold", "(*thresholds)", setThreshold, "Set the collection thresholds."},
    {"get_count", "()", getCount, "Return a three-tuple of the current collection counts."},
    {"get_debug", "()", getDebug, "Get the garbage collection debugging flags."},
    {"set_debug", "(flags, /)", setDebug, "Set the garbage collection debugging flags."},
    {"get_stats", "()", getStats, "Return a list of dictionaries containing per-generation statistics."},
    {"get_objects", "(generation=None)", getObjects, "Return a list of objects tracked by the collector."},
    {"get_referrers", "(*objs)", getReferrers, "Return the list of objects that directly refer to any of objs."},
    {"get_referents", "(*objs)", getReferents, "Return the list of objects that are directly referred to by objs."},
    {"is_tracked", "(obj, /)", isTracked, "Returns true if the object is tracked by the garbage collector."},
    {"is_finalized", "(obj, /)", isFinalized, "Returns true if the object has been already finalized by the GC."},
    {"freeze", "()", freeze, "Freeze all current tracked objects and ignore them for future collections."},
    {"unfreeze", "()", unfreeze, "Unfreeze all objects in the permanent generation."},
    {"get_freeze_count", "()", freezeCount, "Return the number of objects in the permanent generation."},
    {nullptr, nullptr, nullptr}};

static Status initModule(Thread& t, Module* m) {
  Collector& c = collector(t);
  if (c.garbage.isUndefined()) c.garbage = newList(t).release();
  if (c.callbacks.isUndefined()) c.callbacks = newList(t).release();
  moduleSet(t, m, "garbage", c.garbage);
  moduleSet(t, m, "callbacks", c.callbacks);
  static constexpr struct { const char* name; int64_t value; } kFlags[] = {
      {"DEBUG_STATS", 1}, {"DEBUG_COLLECTABLE", 2}, {"DEBUG_UNCOLLECTABLE", 4}, {"DEBUG_SAVEALL", kGcSaveAll}, {"DEBUG_LEAK", 38}};
  for (auto& f : kFlags) moduleSet(t, m, f.name, Value::fromInt(f.value));
  return kDone;
}
extern const NativeModule kGcModule;
const NativeModule kGcModule = {"gc", "This module provides access to the garbage collector for reference cycles.", kFunctions, initModule};

}  // namespace krait::modules
