// collections.OrderedDict: a dict whose order is the order of its entries, and can be changed. Its iterators stop with an
// error when its keys or their order changed: the dict's version tells. ref: Objects/odictobject.c.
#include "runtime/modules/collections/collections.h"
#include "runtime/object/containers.h"
#include "runtime/object/dict_order.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/iterators.h"
#include "runtime/object/protocol.h"
#include "runtime/object/repr_guard.h"
#include "runtime/object/str.h"

namespace krait::modules {

struct OrderedDict : Dict {
  Dict* attributes;  // behind __dict__; null: none yet
  Value lost;        // a key that dict's own methods took out; Undefined: none. Who asks for all values gets a KeyError then.
};
enum What : uint8_t { kKeys, kValues, kItems };
struct OrderedIterator : Object {
  Value dict;        // Undefined: at its end
  int64_t at;        // the next entry, -1: none
  uint64_t version;  // the dict's when it began
  Value kept;        // the last pair of items, or Undefined
  What what;
  bool reversed;
};
struct OrderedTypes {
  Type *dict, *iterator, *views[3];
};
static OrderedTypes types;

static Dict* self(Value v) { return v.as<Dict>(); }
static bool isOrdered(Thread& t, Value v) { return isDict(v) && isInstanceOf(t, v, types.dict); }
static bool isExactOrdered(Value v) { return v.isHeap() && typeOfHeap(v) == types.dict; }

static void dealloc(Object* o) {
  if (static_cast<OrderedDict*>(o)->attributes != nullptr) decref(Value(static_cast<OrderedDict*>(o)->attributes));
  decref(static_cast<OrderedDict*>(o)->lost);
  dictClear(static_cast<Dict*>(o));
}
static void traverse(Object* o, Visitor visitor, void* context) {
  OrderedDict* d = static_cast<OrderedDict*>(o);
  if (d->attributes != nullptr) visit(Value(d->attributes), visitor, context);
  visit(d->lost, visitor, context);
  current_thread->types().dict->slots.traverse(o, visitor, context);
}
static void clear(Object* o) {
  clearField(static_cast<OrderedDict*>(o)->attributes);
  clearField(static_cast<OrderedDict*>(o)->lost);
  dictClear(static_cast<Dict*>(o));
}
// Keys are hashed here first: their errors do not speak of dict keys.
static Status setItem(Thread& t, Value v, Value key, Value value) {
  int64_t hash = TRY(hash_py(t, key));
  if (v.as<OrderedDict>()->lost.defined()) clearField(v.as<OrderedDict>()->lost);
  if (value.defined()) return dictSetHashed_py(t, self(v), key, hash, value);
  if (!TRY(dictDelete_py(t, self(v), key))) return raiseKeyError(t, key);
  return kDone;
}

// Whether a key is found again: by the hash that it has now, and unless dict's own methods took one out. ref: PyODict_GetItem.
static Status checkFound_py(Thread& t, Value v, const DictEntry& e) {
  if (v.as<OrderedDict>()->lost.defined()) return raiseKeyError(t, v.as<OrderedDict>()->lost);
  if (isExactStr(e.key) || e.key.isInt()) return kDone;
  Ref key = Ref::of(e.key);
  int64_t stored = e.hash, hash = TRY(hash_py(t, key.get()));
  return hash == stored ? kDone : Status(raiseKeyError(t, key.get()));
}
static Status checkAllFound_py(Thread& t, Value v) {
  uint64_t version = self(v)->version;
  for (int64_t i = 0; i < self(v)->filled; ++i) {
    if (self(v)->entries[i].key.defined()) TRY(checkFound_py(t, v, self(v)->entries[i]));
    if (self(v)->version != version) return raiseRuntimeError(t, "OrderedDict mutated during iteration");
  }
  return kDone;
}

// --- update
static Status addPair_py(Thread& t, Value v, Value pair) {
  Ref it = TRY(iter_py(t, pair));
  Ref key = next_py(t, it.get());
  if (!key) return isPending(t) ? Status(kRaised) : Status(raiseValueError(t, "need more than 0 values to unpack"));
  Ref value = next_py(t, it.get());
  if (!value) return isPending(t) ? Status(kRaised) : Status(raiseValueError(t, "need more than 1 value to unpack"));
  Ref more = next_py(t, it.get());
  if (more) return raiseValueError(t, "too many values to unpack (expected 2)");
  if (isPending(t)) return kRaised;
  return setItem_py(t, v, key.get(), value.get());
}
static Status addPairs_py(Thread& t, Value v, Value pairs) {
  Iteration it(t, pairs);
  while (it.next()) TRY(addPair_py(t, v, it.value()));
  return it.raised() ? Status(kRaised) : kDone;
}
// Every key goes through the class's own __setitem__. ref: mutablemapping_update_arg.
static Status updateFrom_py(Thread& t, Value v, Value other) {
  if (isExact(other, TypeId::kDict)) {
    Ref items = TRY(callMethod_py(t, other, t.names().items)), list = TRY(listFromIterable_py(t, items.get()));
    return addPairs_py(t, v, list.get());
  }
  Ref keys_method = findAttr_py(t, other, t.names().keys);
  if (keys_method) {
    Ref keys = TRY(call_py(t, keys_method.get(), nullptr, 0));
    Iteration it(t, keys.get());
    while (it.next()) {
      Ref value = TRY(getItem_py(t, other, it.value()));
      TRY(setItem_py(t, v, it.value(), value.get()));
    }
    return it.raised() ? Status(kRaised) : kDone;
  }
  if (isPending(t)) return kRaised;
  Ref items_method = findAttr_py(t, other, t.names().items);
  if (!items_method && isPending(t)) return kRaised;
  if (!items_method) return addPairs_py(t, v, other);
  Ref items = TRY(call_py(t, items_method.get(), nullptr, 0));
  return addPairs_py(t, v, items.get());
}
static Status init(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (nargs > 1) return raiseTypeError(t, "expected at most 1 argument, got %u", nargs);
  if (nargs == 1) TRY(updateFrom_py(t, v, args[0]));
  for (int64_t i = 0; keywords != nullptr && i < keywords->size; ++i) TRY(setItem_py(t, v, keywords->items()[i], args[nargs + i]));
  return kDone;
}
static Ref update(Thread& t, const Value* a) {
  Tuple* args = a[1].as<Tuple>();
  if (args->size > 1) return raiseTypeError(t, "update() takes at most 1 positional argument (%ld given)", static_cast<long>(args->size));
  if (args->size == 1) TRY(updateFrom_py(t, a[0], args->items()[0]));
  TRY(updateFrom_py(t, a[0], a[2]));
  return Ref::none();
}
static Ref merge(Thread& t, Value a, Value b) {
  if (!isDict(a) || !isDict(b)) return Ref::notImplemented();
  Ref made = TRY(callArgs_py(t, Value(typeOf(t, isOrdered(t, a) ? a : b)), a));
  TRY(updateFrom_py(t, made.get(), b));
  return made;
}
static Ref mergeInto(Thread& t, Value a, Value b) {
  TRY(updateFrom_py(t, a, b));
  return Ref::of(a);
}

// --- comparing and showing
static Ref compare(Thread& t, Value a, Value b, CompareOp op) {
  if (!isDict(b) || (op != CompareOp::kEq && op != CompareOp::kNe)) return Ref::notImplemented();
  Ref same_items = TRY(t.types().dict->slots.compare(t, a, b, CompareOp::kEq));
  bool same = TRY(isTrue_py(t, same_items.get()));
  if (same && isOrdered(t, b)) {
    Dict *x = self(a), *y = self(b);
    uint64_t version_x = x->version, version_y = y->version;
    for (int64_t i = dictFirst(x), j = dictFirst(y); same && i < x->filled && j < y->filled; ++i, ++j) {
      while (i < x->filled && x->entries[i].key.isUndefined()) ++i;
      while (j < y->filled && y->entries[j].key.isUndefined()) ++j;
      if (i == x->filled || j == y->filled) break;
      Ref left = Ref::of(x->entries[i].key), right = Ref::of(y->entries[j].key);
      same = TRY(equals_py(t, left.get(), right.get()));
      if (x->version != version_x || y->version != version_y) return raiseRuntimeError(t, "OrderedDict mutated during iteration");
    }
  }
  return Ref::boolean(same == (op == CompareOp::kEq));
}
static Ref repr(Thread& t, Value v) {
  ReprGuard guard(t, v);
  if (guard.isNested()) return newStr(t, "...");
  const char* name = shortTypeName(typeOf(t, v));
  if (self(v)->used == 0) return strFormat(t, "%s()", name);
  TRY(checkAllFound_py(t, v));
  Ref copy = dictCopy(t, self(v));
  Ref text = TRY(repr_py(t, copy.get()));
  StrBuilder out;
  out.add(newStr(t, name).as<Str>());
  out.add('(');
  out.add(text.as<Str>());
  out.add(')');
  return out.finish(t);
}

// --- iterators
static int64_t liveEntry(Dict* d, int64_t at, bool reversed) {
  while (at >= 0 && at < d->filled && d->entries[at].key.isUndefined()) at += reversed ? -1 : 1;
  return at < d->filled ? at : -1;
}
static Ref newIterator(Value dict, What what, bool reversed) {
  OrderedIterator* it = allocate<OrderedIterator>(types.iterator);
  Dict* d = self(dict);
  it->dict = share(dict);
  it->at = d->used == 0 ? -1 : reversed ? dictLast(d) : dictFirst(d);
  it->version = d->version;
  it->what = what;
  it->reversed = reversed;
  gcTrack(it);
  return Ref::steal(it);
}
// The entry whose turn it is, and on to the next; null: none is left, or (pending) the dict changed.
static const DictEntry* step(Thread& t, OrderedIterator* it) {
  if (it->dict.isUndefined()) return nullptr;
  Dict* d = self(it->dict);
  if (it->at >= 0 && d->version == it->version) {
    const DictEntry* e = &d->entries[it->at];
    if (it->what != kKeys && checkFound_py(t, it->dict, *e).failed) return nullptr;
    if (d->version != it->version) return step(t, it);
    it->at = liveEntry(d, it->at + (it->reversed ? -1 : 1), it->reversed);
    return e;
  }
  if (it->at >= 0) (void)raiseRuntimeError(t, "OrderedDict mutated during iteration");
  clearField(it->dict);
  return nullptr;
}
static Ref iteratorNext(Thread& t, Value v) {
  OrderedIterator* it = v.as<OrderedIterator>();
  const DictEntry* e = step(t, it);
  if (e == nullptr) return Ref();
  if (it->what == kKeys) return Ref::of(e->key);
  return it->what == kValues ? Ref::of(e->value) : nextPair(t, it->kept, share(e->key), share(e->value));
}
static int iteratorNextPair(Thread& t, Value v, Value out[2]) {
  OrderedIterator* it = v.as<OrderedIterator>();
  if (it->what != kItems) return -1;
  const DictEntry* e = step(t, it);
  if (e == nullptr) return 0;
  out[0] = share(e->key);
  out[1] = share(e->value);
  return 1;
}
// (iter, ([what is left],)): the iterator itself stays where it is. ref: odictiter_reduce.
static Ref iteratorReduce(Thread& t, const Value* a) {
  OrderedIterator* it = a[0].as<OrderedIterator>();
  Ref rest = newList(t), make_iter = Ref::of(dictGetStr(t.isolate->builtins, intern(*t.isolate, "iter")));
  if (it->dict.defined()) {
    Ref copy = newIterator(it->dict, it->what, it->reversed);
    copy.as<OrderedIterator>()->at = it->at;
    copy.as<OrderedIterator>()->version = it->version;
    rest = TRY(listFromIterable_py(t, copy.get()));
  }
  Ref args = tupleOf(t, {rest.get()});
  return tupleOf(t, {make_iter.get(), args.get()});
}
static const NativeDef kIteratorMethods[] = {{"__reduce__", "($self, /)", iteratorReduce, "Return state information for pickling."}, {nullptr, nullptr, nullptr}};

// --- views
static What whatOf(Value view) {
  Type* type = typeOfHeap(view);
  return type == types.views[kKeys] ? kKeys : type == types.views[kValues] ? kValues : kItems;
}
static Ref viewIter(Thread&, Value v) { return newIterator(v.as<DictView>()->dict, whatOf(v), false); }
static Ref viewReversed(Thread&, const Value* a) { return newIterator(a[0].as<DictView>()->dict, whatOf(a[0]), true); }
static const NativeDef kViewMethods[] = {{"__reversed__", "($self, /)", viewReversed}, {nullptr, nullptr, nullptr}};
static Type* makeView(Thread& t, const char* name, Type* base) {
  Type* type = makeType(*t.isolate, {.name = name, .id = base->id, .size = sizeof(DictView), .flags = kTypeGc | kTypeDisallowNew, .base = base, .methods = kViewMethods});
  type->slots.iter = viewIter;
  readyType(*t.isolate, type);
  return type;
}

// --- methods
static Ref keys(Thread& t, const Value* a) { return newDictView(t, types.views[kKeys], a[0]); }
static Ref values(Thread& t, const Value* a) { return newDictView(t, types.views[kValues], a[0]); }
static Ref items(Thread& t, const Value* a) { return newDictView(t, types.views[kItems], a[0]); }
static Ref reversedMethod(Thread&, const Value* a) { return newIterator(a[0], kKeys, true); }
static Ref clearMethod(Thread&, const Value* a) {
  clearField(a[0].as<OrderedDict>()->lost);
  dictClear(self(a[0]));
  return Ref::none();
}
static Ref pop(Thread& t, const Value* a) {
  TRY(hash_py(t, a[1]));
  Ref r = dictPop_py(t, self(a[0]), a[1]);
  if (r || isPending(t)) return r;
  if (a[2].defined()) return Ref::of(a[2]);
  return raiseKeyError(t, a[1]);
}
static Ref popItem(Thread& t, const Value* a) {
  bool last = TRY(isTrue_py(t, a[1]));
  Dict* d = self(a[0]);
  if (d->used == 0) return raiseWith(t, errors(t).key_error, newStr(t, "dictionary is empty").get());
  int64_t entry = last ? dictLast(d) : dictFirst(d);
  Ref pair = tupleOf(t, {d->entries[entry].key, d->entries[entry].value});
  dictRemoveAt(d, entry);
  return pair;
}
static Ref moveToEnd(Thread& t, const Value* a) {
  bool last = TRY(isTrue_py(t, a[2]));
  if (self(a[0])->used == 0) return raiseKeyError(t, a[1]);
  int64_t hash = TRY(hash_py(t, a[1]));
  int64_t entry = dictFind_py(t, self(a[0]), a[1], hash);
  if (entry < 0) return entry == -2 ? Ref() : Ref(raiseKeyError(t, a[1]));
  if (last) dictMoveLast(self(a[0]), entry);
  else dictMoveFirst(self(a[0]), entry);
  return Ref::none();
}
static Ref setDefault(Thread& t, const Value* a) {
  if (!isExactOrdered(a[0])) {
    if (TRY(contains_py(t, a[0], a[1]))) return getItem_py(t, a[0], a[1]);
    TRY(setItem_py(t, a[0], a[1], a[2]));
    return Ref::of(a[2]);
  }
  int64_t hash = TRY(hash_py(t, a[1]));
  Value found = dictGetHashed_py(t, self(a[0]), a[1], hash);
  if (found.defined()) return Ref::of(found);
  if (isPending(t)) return Ref();
  TRY(dictSetHashed_py(t, self(a[0]), a[1], hash, a[2]));
  return Ref::of(a[2]);
}
static Ref copy(Thread& t, const Value* a) {
  if (isExactOrdered(a[0])) TRY(checkAllFound_py(t, a[0]));
  Ref made = isExactOrdered(a[0]) ? makeDictOf<OrderedDict>(t, types.dict, nullptr, 0, nullptr) : TRY(call_py(t, Value(typeOf(t, a[0])), nullptr, 0));
  Ref all = dictKeysList(t, self(a[0]));
  for (int64_t i = 0; i < all.as<List>()->size; ++i) {
    Value key = all.as<List>()->items[i];
    Ref value = TRY(getItem_py(t, a[0], key));
    TRY(setItem_py(t, made.get(), key, value.get()));
  }
  return made;
}
static Ref fromKeys(Thread& t, const Value* a) {
  Ref made = TRY(call_py(t, a[0], nullptr, 0));
  Iteration it(t, a[1]);
  while (it.next()) TRY(setItem_py(t, made.get(), it.value(), a[2]));
  return it.raised() ? Ref() : std::move(made);
}
static Ref reduce(Thread& t, const Value* a) {
  Ref state = TRY(callMethod_py(t, a[0], intern(*t.isolate, "__getstate__")));
  Ref all = TRY(callMethod_py(t, a[0], t.names().items)), it = TRY(iter_py(t, all.get())), args = newTuple(t, 0);
  return tupleOf(t, {Value(typeOf(t, a[0])), args.get(), state.get(), Value::none(), it.get()});
}
static Ref attributesOf(Thread& t, Value v) {
  Dict*& attributes = v.as<OrderedDict>()->attributes;
  if (attributes == nullptr) attributes = newDict(t).release().as<Dict>();
  return Ref::of(Value(attributes));
}
static const GetSetDef kGetSets[] = {{"__dict__", attributesOf}, {nullptr, nullptr}};
static const NativeDef kMethods[] = {
    {"fromkeys", "($type, /, iterable, value=None)", fromKeys, "A new ordered dictionary with keys from the iterable, all with the same value."},
    {"__reduce__", "($self, /)", reduce, "Return state information for pickling."},
    {"setdefault", "($self, /, key, default=None)", setDefault, "The value of the key, which is put in with the default when it is missing."},
    {"pop", "($self, /, key, default=<unset>)", pop, "Take the key out and return its value, or the default when it is missing."},
    {"popitem", "($self, /, last=True)", popItem, "Take a (key, value) pair out and return it: the last one, or the first."},
    {"keys", "($self, /)", keys, "The keys, in order."}, {"values", "($self, /)", values, "The values, in the order of their keys."},
    {"items", "($self, /)", items, "The (key, value) pairs, in order."},
    {"update", "($self, /, *args, **kwargs)", update, "Put in what a mapping, an iterable of pairs and the keywords have."},
    {"clear", "($self, /)", clearMethod, "Take everything out."}, {"copy", "($self, /)", copy, "A shallow copy, in the same order."},
    {"__reversed__", "($self, /)", reversedMethod, "The keys from the last to the first."},
    {"move_to_end", "($self, /, key, last=True)", moveToEnd, "Move a key that is there to the end, or to the beginning."}, {nullptr, nullptr, nullptr}};

static void makeViewsAndIterator(Thread& t) {
  Type* it = types.iterator = makeType(*t.isolate, {.name = "odict_iterator", .size = sizeof(OrderedIterator), .flags = kTypeGc | kTypeDisallowNew, .methods = kIteratorMethods});
  it->slots.dealloc = [](Object* o) {
    decref(static_cast<OrderedIterator*>(o)->dict);
    decref(static_cast<OrderedIterator*>(o)->kept);
  };
  it->slots.traverse = [](Object* o, Visitor visitor, void* context) {
    visit(static_cast<OrderedIterator*>(o)->dict, visitor, context);
    visit(static_cast<OrderedIterator*>(o)->kept, visitor, context);
  };
  it->slots.iter = [](Thread&, Value v) -> Ref { return Ref::of(v); };
  it->slots.next = iteratorNext;
  it->slots.next_pair = iteratorNextPair;
  readyType(*t.isolate, it);
  types.views[kKeys] = makeView(t, "odict_keys", t.types().dict_keys);
  types.views[kValues] = makeView(t, "odict_values", t.types().dict_values);
  types.views[kItems] = makeView(t, "odict_items", t.types().dict_items);
}
void addOrderedDict(Thread& t, Module* m) {
  Type* type = types.dict = makeType(*t.isolate, {.name = "collections.OrderedDict", .size = sizeof(OrderedDict),
      .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable | kTypeMatchMapping, .base = t.types().dict, .methods = kMethods, .getsets = kGetSets,
      .doc = "Dictionary that remembers insertion order", .dict_offset = static_cast<uint32_t>(sizeof(Dict))});
  Slots& s = type->slots;
  s.dealloc = dealloc;
  s.traverse = traverse;
  s.clear = clear;
  s.make = makeDictOf<OrderedDict>;
  s.init = init;
  s.repr = repr;
  s.compare = compare;
  s.iter = [](Thread&, Value v) -> Ref { return newIterator(v, kKeys, false); };
  s.set_item = setItem;
  s.binary[static_cast<int>(BinaryOp::kOr)] = merge;
  s.inplace[static_cast<int>(BinaryOp::kOr)] = mergeInto;
  on_bypass = [](Thread& t, Value v, Value key) {
    if (!isOrdered(t, v)) return;
    clearField(v.as<OrderedDict>()->lost);
    v.as<OrderedDict>()->lost = share(key);
  };
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
  makeViewsAndIterator(t);
}

}  // namespace krait::modules
