// The `_collections` module: joins its types; _count_elements and the field getter of named tuples. ref: Modules/_collectionsmodule.c.
#include "runtime/modules/collections/collections.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

// --- _tuplegetter: the descriptor of a named tuple's field
struct TupleGetter : Object {
  int64_t index;
  Value doc;
};
static Ref getterMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "_tuplegetter", "(index, doc, /)", args, nargs, keywords, a));
  int64_t index = TRY(toInt64_py(t, a[0]));
  TupleGetter* g = allocate<TupleGetter>(type);
  g->index = index;
  g->doc = share(a[1]);
  return Ref::steal(g);
}
static Ref getterGet(Thread& t, Value v, Value object, Value) {
  TupleGetter* g = v.as<TupleGetter>();
  if (object.isUndefined() || object.isNone()) return Ref::of(v);
  if (!isTuple(object)) {
    return raiseTypeError(t, "descriptor for index '%ld' for tuple subclasses doesn't apply to '%s' object", static_cast<long>(g->index), typeNameOf(t, object));
  }
  if (g->index < 0 || g->index >= object.as<Tuple>()->size) return raiseIndexError(t, "tuple index out of range");
  return Ref::of(object.as<Tuple>()->items()[g->index]);
}
static Status getterSet(Thread& t, Value, Value, Value) { return raise(t, errors(t).attribute_error, "can't set attribute"); }
static Ref getterReduce(Thread& t, const Value* a) {
  Ref args = tupleOf(t, {Value::fromInt(a[0].as<TupleGetter>()->index), a[0].as<TupleGetter>()->doc});
  return tupleOf(t, {Value(typeOf(t, a[0])), args.get()});
}
static Ref getterDoc(Thread&, Value v) { return Ref::of(v.as<TupleGetter>()->doc); }
static Status setGetterDoc(Thread&, Value v, Value doc) {
  clearField(v.as<TupleGetter>()->doc);
  v.as<TupleGetter>()->doc = doc.isUndefined() ? Value::none() : share(doc);
  return kDone;
}
static Ref getterRepr(Thread& t, Value v) {
  return newStr(t, format("_tuplegetter(%ld, ", static_cast<long>(v.as<TupleGetter>()->index)) + reprText_py(t, v.as<TupleGetter>()->doc) + ")");
}
static const NativeDef kGetterMethods[] = {{"__reduce__", "($self, /)", getterReduce}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGetterGetSets[] = {{"__doc__", getterDoc, setGetterDoc}, {nullptr, nullptr}};
void addTupleGetter(Thread& t, Module* m) {
  Type* type = makeType(*t.isolate, {.name = "collections._tuplegetter", .size = sizeof(TupleGetter), .methods = kGetterMethods, .getsets = kGetterGetSets});
  Slots& s = type->slots;
  s.dealloc = [](Object* o) { decref(static_cast<TupleGetter*>(o)->doc); };
  s.make = getterMake;
  s.descr_get = getterGet;
  s.descr_set = getterSet;
  s.repr = getterRepr;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

// mapping[x] += 1 for every x. A mapping that is an exact dict (or has dict's get and __setitem__) is worked on directly.
static Ref countElements_py(Thread& t, const Value* a) {
  Type* dict_type = t.types().dict;
  Type* type = typeOf(t, a[0]);
  Str *get = t.names().get, *set = t.names().d_setitem;
  bool is_plain = isDict(a[0]) && typeLookup(type, get) == typeLookup(dict_type, get) && typeLookup(type, set) == typeLookup(dict_type, set);
  Iteration it(t, a[1]);
  while (it.next()) {
    Ref key = Ref::of(it.value());
    if (is_plain) {
      int64_t hash = TRY(hash_py(t, key.get()));
      Value old = dictGetHashed_py(t, a[0].as<Dict>(), key.get(), hash);
      if (isPending(t)) return Ref();
      Ref sum = old.isUndefined() ? newIntSmall(1) : TRY(binary_py(t, old, Value::fromInt(1), BinaryOp::kAdd));
      TRY(dictSetHashed_py(t, a[0].as<Dict>(), key.get(), hash, sum.get()));
    } else {
      Ref old = TRY(callMethod_py(t, a[0], get, key.get(), Value::fromInt(0)));
      Ref sum = TRY(binary_py(t, old.get(), Value::fromInt(1), BinaryOp::kAdd));
      TRY(setItem_py(t, a[0], key.get(), sum.get()));
    }
  }
  return it.raised() ? Ref() : Ref::none();
}
static const NativeDef kFunctions[] = {{"_count_elements", "(mapping, iterable, /)", countElements_py}, {nullptr, nullptr, nullptr}};

static Status initModule(Thread& t, Module* m) {
  addDefaultDict(t, m);
  addDeque(t, m);
  addOrderedDict(t, m);
  addTupleGetter(t, m);
  return kDone;
}
extern const NativeModule kCollectionsModule;
const NativeModule kCollectionsModule = {"_collections", "High performance data structures.", kFunctions, initModule};

}  // namespace krait::modules
