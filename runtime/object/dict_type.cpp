// `dict`, its views and iterators: slots and methods. ref: Objects/dictobject.c.
#include "runtime/object/containers.h"
#include "runtime/object/dict_order.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/iterators.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/repr_guard.h"
#include "runtime/object/str.h"

namespace krait::object {

Fallible<int64_t> hashKey_py(Thread& t, Value key);  // dict.cpp

static Dict* self(Value v) { return v.as<Dict>(); }
enum What : uint8_t { kKeys, kValues, kItems };

static void dealloc(Object* o) { dictClear(static_cast<Dict*>(o)); }
static void traverse(Object* o, Visitor visitor, void* context) {
  Dict* d = static_cast<Dict*>(o);
  for (int64_t i = 0; i < d->filled; ++i) {
    visit(d->entries[i].key, visitor, context);
    visit(d->entries[i].value, visitor, context);
  }
}
static Ref make(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  Dict* d = allocate<Dict>(type);
  d->only_str = true;
  gcTrack(d);
  return Ref::steal(d);
}
static Status updateWith(Thread& t, const char* name, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (nargs > 1) return raiseTypeError(t, "%s expected at most 1 argument, got %u", name, nargs);
  if (nargs == 1) TRY(dictMerge_py(t, self(v), args[0]));
  for (int64_t i = 0; keywords != nullptr && i < keywords->size; ++i) TRY(dictSet_py(t, self(v), keywords->items()[i], args[nargs + i]));
  return kDone;
}
static Status init(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) { return updateWith(t, "dict", v, args, nargs, keywords); }
static Ref repr(Thread& t, Value v) {
  ReprGuard guard(t, v);
  if (guard.isNested()) return newStr(t, "{...}");
  StrBuilder out;
  out.add('{');
  Value key, value;
  bool first = true;
  for (int64_t at = 0; dictNext(self(v), at, key, value); first = false) {
    Ref held_key = Ref::of(key), held_value = Ref::of(value);
    if (!first) out.addAscii(", ");
    Ref k = TRY(repr_py(t, held_key.get()));
    out.add(k.as<Str>());
    out.addAscii(": ");
    Ref x = TRY(repr_py(t, held_value.get()));
    out.add(x.as<Str>());
  }
  out.add('}');
  return out.finish(t);
}
static Ref compare(Thread& t, Value a, Value b, CompareOp op) {
  if (!isDict(b) || (op != CompareOp::kEq && op != CompareOp::kNe)) return Ref::notImplemented();
  bool same = self(a)->used == self(b)->used;
  for (int64_t i = 0; same && i < self(a)->filled; ++i) {
    DictEntry e = self(a)->entries[i];
    if (e.key.isUndefined()) continue;
    Ref key = Ref::of(e.key), value = Ref::of(e.value);
    Ref other = Ref::of(dictGetHashed_py(t, self(b), key.get(), e.hash));
    if (!other && isPending(t)) return Ref();
    same = other && TRY(equals_py(t, value.get(), other.get()));
  }
  return Ref::boolean(same == (op == CompareOp::kEq));
}
static Fallible<int64_t> length(Thread&, Value v) { return self(v)->used; }
static Fallible<bool> contains(Thread& t, Value v, Value key) {
  Value found = dictGet_py(t, self(v), key);
  if (found.isUndefined() && isPending(t)) return kRaised;
  return found.defined();
}
static Ref getItem(Thread& t, Value v, Value key) {
  Value found = dictGet_py(t, self(v), key);
  if (found.defined()) return Ref::of(found);
  if (isPending(t)) {
    return Ref();
  }
  if (!isExact(v, TypeId::kDict)) {
    Ref missing = findSpecial_py(t, v, t.names().d_missing);
    if (missing) return call_py(t, missing.get(), &key, 1);
    if (isPending(t)) return Ref();
  }
  return raiseKeyError(t, key);
}
void (*on_bypass)(Thread& t, Value dict, Value key) = nullptr;
static void noteBypass(Thread& t, Value v, Value key) {
  if (on_bypass != nullptr && !isExact(v, TypeId::kDict)) on_bypass(t, v, key);
}
static Status setItem(Thread& t, Value v, Value key, Value value) {
  if (value.defined()) return dictSet_py(t, self(v), key, value);
  if (!TRY(dictDelete_py(t, self(v), key))) return raiseKeyError(t, key);
  noteBypass(t, v, key);
  return kDone;
}

// --- iterators
static Ref newDictIterator(Thread& t, Value dict, What what, bool reversed) {
  const auto& types = t.types();
  Type* forward[] = {types.dict_iterator, types.dict_value_iterator, types.dict_item_iterator};
  Type* backward[] = {types.dict_reverse_key_iterator, types.dict_reverse_value_iterator, types.dict_reverse_item_iterator};
  DictIterator* it = allocate<DictIterator>((reversed ? backward : forward)[what]);
  it->dict = share(dict);
  it->at = reversed ? self(dict)->filled - 1 : dictFirst(self(dict));
  it->used = it->left = self(dict)->used;
  it->what = what;
  it->reversed = reversed;
  gcTrack(it);
  return Ref::steal(it);
}
static Ref iterate(Thread& t, Value v) { return newDictIterator(t, v, kKeys, false); }
static void iteratorDealloc(Object* o) {
  decref(static_cast<DictIterator*>(o)->dict);
  decref(static_cast<DictIterator*>(o)->kept);
}
static void iteratorTraverse(Object* o, Visitor visitor, void* context) {
  visit(static_cast<DictIterator*>(o)->dict, visitor, context);
  visit(static_cast<DictIterator*>(o)->kept, visitor, context);
}
static int iteratorNextPair(Thread& t, Value v, Value out[2]) {
  DictIterator* it = v.as<DictIterator>();
  if (it->what != kItems || it->dict.isUndefined() || self(it->dict)->used != it->used) return -1;
  Dict* d = self(it->dict);
  while (it->reversed ? it->at >= 0 : it->at < d->filled) {
    const DictEntry& e = d->entries[it->at];
    it->at += it->reversed ? -1 : 1;
    if (e.key.isUndefined()) continue;
    out[0] = share(e.key);
    out[1] = share(e.value);
    return 1;
  }
  clearField(it->dict);
  return 0;
}
static Ref iteratorNext(Thread& t, Value v) {
  DictIterator* it = v.as<DictIterator>();
  if (it->dict.isUndefined()) return Ref();
  Dict* d = self(it->dict);
  if (d->used != it->used) {
    it->used = -1;
    return raiseRuntimeError(t, "dictionary changed size during iteration");
  }
  while (it->reversed ? it->at >= 0 : it->at < d->filled) {
    const DictEntry& e = d->entries[it->at];
    it->at += it->reversed ? -1 : 1;
    if (e.key.isUndefined()) continue;
    if (it->left-- == 0) {
      it->at = it->reversed ? -1 : d->filled;
      it->left = 0;
      return raiseRuntimeError(t, "dictionary keys changed during iteration");
    }
    if (it->what == kKeys) return Ref::of(e.key);
    return it->what == kValues ? Ref::of(e.value) : nextPair(t, it->kept, share(e.key), share(e.value));
  }
  clearField(it->dict);
  return Ref();
}
static Ref iterSelf(Thread&, Value v) { return Ref::of(v); }
static Ref iteratorHint(Thread&, const Value* a) {
  DictIterator* it = a[0].as<DictIterator>();
  if (it->dict.isUndefined() || self(it->dict)->used != it->used) return newIntSmall(0);
  int64_t n = 0;
  for (int64_t i = it->at; i >= 0 && i < self(it->dict)->filled; i += it->reversed ? -1 : 1) n += self(it->dict)->entries[i].key.defined();
  return newIntSmall(n);
}
// (iter, ([what is left],)): the iterator itself stays where it is. ref: dictiter_reduce.
static Ref iteratorReduce(Thread& t, const Value* a) {
  DictIterator* it = a[0].as<DictIterator>();
  Ref rest = newList(t), make = Ref::of(dictGetStr(t.isolate->builtins, intern(*t.isolate, "iter")));
  if (it->dict.defined()) {
    Dict* d = self(it->dict);
    if (d->used != it->used) return raiseRuntimeError(t, "dictionary changed size during iteration");
    for (int64_t i = it->at; i >= 0 && i < d->filled; i += it->reversed ? -1 : 1) {
      const DictEntry& e = d->entries[i];
      if (e.key.isUndefined()) continue;
      Ref item = it->what == kKeys ? Ref::of(e.key) : it->what == kValues ? Ref::of(e.value) : tupleOf(t, {e.key, e.value});
      listAppendSteal(rest.as<List>(), item.release());
    }
  }
  Ref args = tupleOf(t, {rest.get()});
  return tupleOf(t, {make.get(), args.get()});
}
static const NativeDef kIteratorMethods[] = {{"__length_hint__", "($self, /)", iteratorHint}, {"__reduce__", "($self, /)", iteratorReduce, "Return state information for pickling."}, {nullptr, nullptr, nullptr}};
static Type* makeDictIterator(Isolate& isolate, const char* name, TypeId id) {
  Type* type = makeType(isolate, {.name = name, .id = id, .size = sizeof(DictIterator), .flags = kTypeGc | kTypeDisallowNew, .methods = kIteratorMethods});
  type->slots.dealloc = iteratorDealloc;
  type->slots.traverse = iteratorTraverse;
  type->slots.iter = iterSelf;
  type->slots.next = iteratorNext;
  type->slots.next_pair = iteratorNextPair;
  return type;
}
void initDictIteratorType(Isolate& i) { i.types.dict_iterator = makeDictIterator(i, "dict_keyiterator", TypeId::kDictIterator); }
void initDictValueIteratorType(Isolate& i) { i.types.dict_value_iterator = makeDictIterator(i, "dict_valueiterator", TypeId::kDictValueIterator); }
void initDictItemIteratorType(Isolate& i) { i.types.dict_item_iterator = makeDictIterator(i, "dict_itemiterator", TypeId::kDictItemIterator); }
void initDictReverseKeyIteratorType(Isolate& i) { i.types.dict_reverse_key_iterator = makeDictIterator(i, "dict_reversekeyiterator", TypeId::kDictReverseKeyIterator); }
void initDictReverseValueIteratorType(Isolate& i) { i.types.dict_reverse_value_iterator = makeDictIterator(i, "dict_reversevalueiterator", TypeId::kDictReverseValueIterator); }
void initDictReverseItemIteratorType(Isolate& i) { i.types.dict_reverse_item_iterator = makeDictIterator(i, "dict_reverseitemiterator", TypeId::kDictReverseItemIterator); }

// --- views
Ref newDictView(Thread& t, Type* type, Value dict) {
  DictView* view = allocate<DictView>(type);
  view->dict = share(dict);
  gcTrack(view);
  return Ref::steal(view);
}
static Value dictOf(Value view) { return view.as<DictView>()->dict; }
static What whatOf(Value view) {
  TypeId id = typeOfHeap(view)->id;
  return id == TypeId::kDictKeys ? kKeys : id == TypeId::kDictValues ? kValues : kItems;
}
static void viewDealloc(Object* o) { decref(static_cast<DictView*>(o)->dict); }
static void viewTraverse(Object* o, Visitor visitor, void* context) { visit(static_cast<DictView*>(o)->dict, visitor, context); }
static Ref viewIter(Thread& t, Value v) { return newDictIterator(t, dictOf(v), whatOf(v), false); }
static Fallible<int64_t> viewLength(Thread&, Value v) { return self(dictOf(v))->used; }
static Ref viewRepr(Thread& t, Value v) {
  ReprGuard guard(t, v);
  if (guard.isNested()) return newStr(t, "...");
  Ref list = TRY(listFromIterable_py(t, v));
  Ref inner = TRY(repr_py(t, list.get()));
  return strFormat(t, "%s(%s)", typeNameOf(t, v), toUtf8(inner.as<Str>()).c_str());
}
static Fallible<bool> keysContains(Thread& t, Value v, Value key) { return contains(t, dictOf(v), key); }
static Fallible<bool> itemsContains(Thread& t, Value v, Value item) {
  if (!isTuple(item) || item.as<Tuple>()->size != 2) return false;
  Ref found = Ref::of(dictGet_py(t, self(dictOf(v)), item.as<Tuple>()->items()[0]));
  if (!found) {
    if (isPending(t)) return kRaised;
    return false;
  }
  return equals_py(t, found.get(), item.as<Tuple>()->items()[1]);
}
static bool isSetLike(Value v) {
  if (isSet(v)) return true;
  return v.isHeap() && (typeOfHeap(v)->id == TypeId::kDictKeys || typeOfHeap(v)->id == TypeId::kDictItems);
}
template <char Op>
static Ref viewOperation(Thread& t, Value a, Value b) {
  Ref r = TRY(setFromIterable_py(t, t.types().set, a));
  static constexpr const char* kMethod = Op == '&' ? "intersection_update" : Op == '|' ? "update" : Op == '-' ? "difference_update" : "symmetric_difference_update";
  Ref done = TRY(callMethod_py(t, r.get(), intern(*t.isolate, kMethod), b));
  return r;
}
static Ref viewCompare(Thread& t, Value a, Value b, CompareOp op) {
  if (!isSetLike(b)) return Ref::notImplemented();
  int64_t n = TRY(length_py(t, a)), m = TRY(length_py(t, b));
  bool backwards = op == CompareOp::kGt || op == CompareOp::kGe, strict = op == CompareOp::kLt || op == CompareOp::kGt, equal = op == CompareOp::kEq || op == CompareOp::kNe;
  bool fits = equal ? n == m : backwards ? (strict ? n > m : n >= m) : strict ? n < m : n <= m;
  if (fits) {  // all of the one are in the other. ref: dictview_richcompare
    Iteration it(t, backwards ? b : a);
    while (fits && it.next()) fits = TRY(contains_py(t, backwards ? a : b, it.value()));
    if (it.raised()) return Ref();
  }
  return Ref::boolean(fits == (op != CompareOp::kNe));
}
static Ref viewReversed(Thread& t, const Value* a) { return newDictIterator(t, dictOf(a[0]), whatOf(a[0]), true); }
static Ref isDisjoint(Thread& t, const Value* a) {
  Iteration it(t, a[1]);
  while (it.next()) {
    if (TRY(contains_py(t, a[0], it.value()))) return Ref::boolean(false);
  }
  if (it.raised()) return Ref();
  return Ref::boolean(true);
}
Ref newMappingProxy(Thread& t, Value mapping);
static Ref viewMapping(Thread& t, Value v) { return newMappingProxy(t, dictOf(v)); }
static const GetSetDef kViewGetSets[] = {{"mapping", viewMapping}, {nullptr, nullptr}};
static const NativeDef kValuesMethods[] = {{"__reversed__", "($self, /)", viewReversed}, {nullptr, nullptr, nullptr}};
static const NativeDef kViewMethods[] = {{"__reversed__", "($self, /)", viewReversed}, {"isdisjoint", "($self, other, /)", isDisjoint}, {nullptr, nullptr, nullptr}};
static Type* makeView(Isolate& isolate, const char* name, TypeId id) {
  Type* type = makeType(isolate, {.name = name, .id = id, .size = sizeof(DictView), .flags = kTypeGc | kTypeDisallowNew, .methods = id == TypeId::kDictValues ? kValuesMethods : kViewMethods, .getsets = kViewGetSets});
  type->slots.dealloc = viewDealloc;
  type->slots.traverse = viewTraverse;
  type->slots.iter = viewIter;
  type->slots.length = viewLength;
  type->slots.repr = viewRepr;
  if (id != TypeId::kDictValues) {
    type->slots.compare = viewCompare;
    type->slots.binary[static_cast<int>(BinaryOp::kAnd)] = viewOperation<'&'>;
    type->slots.binary[static_cast<int>(BinaryOp::kOr)] = viewOperation<'|'>;
    type->slots.binary[static_cast<int>(BinaryOp::kSub)] = viewOperation<'-'>;
    type->slots.binary[static_cast<int>(BinaryOp::kXor)] = viewOperation<'^'>;
  }
  return type;
}
void initDictKeysType(Isolate& isolate) {
  isolate.types.dict_keys = makeView(isolate, "dict_keys", TypeId::kDictKeys);
  isolate.types.dict_keys->slots.contains = keysContains;
}
void initDictValuesType(Isolate& isolate) { isolate.types.dict_values = makeView(isolate, "dict_values", TypeId::kDictValues); }
void initDictItemsType(Isolate& isolate) {
  isolate.types.dict_items = makeView(isolate, "dict_items", TypeId::kDictItems);
  isolate.types.dict_items->slots.contains = itemsContains;
}

// --- methods
static Ref keys(Thread& t, const Value* a) { return newDictView(t, t.types().dict_keys, a[0]); }
static Ref values(Thread& t, const Value* a) { return newDictView(t, t.types().dict_values, a[0]); }
static Ref items(Thread& t, const Value* a) { return newDictView(t, t.types().dict_items, a[0]); }
static Ref get(Thread& t, const Value* a) {
  Value found = dictGet_py(t, self(a[0]), a[1]);
  if (found.isUndefined() && isPending(t)) return Ref();
  return Ref::of(found.defined() ? found : a[2]);
}
static Ref setDefault(Thread& t, const Value* a) {
  int64_t hash = TRY(hashKey_py(t, a[1]));
  int64_t i = dictFind_py(t, self(a[0]), a[1], hash);
  if (i == -2) return Ref();
  if (i >= 0) return Ref::of(self(a[0])->entries[i].value);
  TRY(dictAddHashed_py(t, self(a[0]), a[1], hash, a[2]));
  return Ref::of(a[2]);
}
static Ref pop(Thread& t, const Value* a) {
  if (self(a[0])->used == 0) return a[2].defined() ? Ref::of(a[2]) : Ref(raiseKeyError(t, a[1]));  // whatever the key. ref: _PyDict_Pop_KnownHash
  Ref r = dictPop_py(t, self(a[0]), a[1]);
  if (r) noteBypass(t, a[0], a[1]);
  if (r || isPending(t)) return r;
  if (a[2].defined()) return Ref::of(a[2]);
  return raiseKeyError(t, a[1]);
}
static Ref popItem(Thread& t, const Value* a) {
  Dict* d = self(a[0]);
  if (d->used == 0) return raiseWith(t, errors(t).key_error, newStr(t, "popitem(): dictionary is empty").get());
  int64_t last = dictLast(d);
  Ref pair = tupleOf(t, {d->entries[last].key, d->entries[last].value});
  dictRemoveAt(d, last);
  noteBypass(t, a[0], pair.as<Tuple>()->items()[0]);
  return pair;
}
static Ref clearMethod(Thread&, const Value* a) {
  dictClear(self(a[0]));
  return Ref::none();
}
static Ref copyMethod(Thread& t, const Value* a) { return dictCopy(t, self(a[0])); }
static Ref update(Thread& t, const Value* a) {
  Tuple* args = a[1].as<Tuple>();
  if (args->size > 1) return raiseTypeError(t, "update expected at most 1 argument, got %ld", static_cast<long>(args->size));
  if (args->size == 1) TRY(dictMerge_py(t, self(a[0]), args->items()[0]));
  TRY(dictMerge_py(t, self(a[0]), a[2]));
  return Ref::none();
}
static Ref fromKeys(Thread& t, const Value* a) {
  Ref d = TRY(call_py(t, a[0], nullptr, 0));
  if (isExact(d.get(), TypeId::kDict) && isExact(a[1], TypeId::kDict) && self(a[1]) != self(d.get())) {  // the hashes are known
    for (int64_t i = 0; i < self(a[1])->filled; ++i) {
      DictEntry e = self(a[1])->entries[i];
      if (e.key.isUndefined()) continue;
      Ref key = Ref::of(e.key);
      TRY(dictSetHashed_py(t, self(d.get()), key.get(), e.hash, a[2]));
    }
    return d;
  }
  if (isExact(d.get(), TypeId::kDict) && (isExact(a[1], TypeId::kSet) || isExact(a[1], TypeId::kFrozenSet))) {
    Set* s = a[1].as<Set>();
    for (int64_t i = 0; i <= s->mask; ++i) {
      SetEntry e = s->table[i];
      if (e.key.isUndefined()) continue;
      Ref key = Ref::of(e.key);
      TRY(dictSetHashed_py(t, self(d.get()), key.get(), e.hash, a[2]));
    }
    return d;
  }
  Iteration it(t, a[1]);
  while (it.next()) {
    if (isExact(d.get(), TypeId::kDict)) TRY(dictSet_py(t, self(d.get()), it.value(), a[2]));
    else TRY(setItem_py(t, d.get(), it.value(), a[2]));
  }
  if (it.raised()) return Ref();
  return d;
}
static Ref reversedMethod(Thread& t, const Value* a) { return newDictIterator(t, a[0], kKeys, true); }
static Ref classGetItem(Thread& t, const Value* a) {
  Value args[2] = {a[0], a[1]};
  return call_py(t, t.types().generic_alias, args, 2);
}
static Ref merge(Thread& t, Value a, Value b) {
  if (!isDict(a) || !isDict(b)) return Ref::notImplemented();
  Ref r = dictCopy(t, self(a));
  TRY(dictMerge_py(t, self(r.get()), b));
  return r;
}
static Ref mergeInto(Thread& t, Value a, Value b) {
  TRY(dictMerge_py(t, self(a), b));
  return Ref::of(a);
}
static Ref containsMethod(Thread& t, const Value* a) { return Ref::boolean(TRY(contains(t, a[0], a[1]))); }
static Ref getItemMethod(Thread& t, const Value* a) { return getItem(t, a[0], a[1]); }
static const NativeDef kMethods[] = {
    {"keys", "($self, /)", keys, "Return a set-like object providing a view on the dict's keys."},
    {"values", "($self, /)", values, "Return an object providing a view on the dict's values."},
    {"items", "($self, /)", items, "Return a set-like object providing a view on the dict's items."},
    {"get", "($self, key, default=None, /)", get, "Return the value for key if key is in the dictionary, else default."},
    {"setdefault", "($self, key, default=None, /)", setDefault, "Insert key with a value of default if key is not in the dictionary.\n\nReturn the value for key if key is in the dictionary, else default."},
    {"pop", "($self, key, default=<unset>, /)", pop, "D.pop(k[,d]) -> v, remove specified key and return the corresponding value."},
    {"popitem", "($self, /)", popItem, "Remove and return a (key, value) pair as a 2-tuple."},
    {"clear", "($self, /)", clearMethod, "Remove all items from the dict."}, {"copy", "($self, /)", copyMethod, "Return a shallow copy of the dict."},
    {"update", "($self, /, *args, **kwargs)", update, "D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F."},
    {"fromkeys", "($type, iterable, value=None, /)", fromKeys, "Create a new dictionary with keys from iterable and values set to value."},
    {"__reversed__", "($self, /)", reversedMethod}, {"__class_getitem__", "($type, object, /)", classGetItem},
    {"__contains__", "($self, key, /)", containsMethod, "True if the dictionary has the specified key, else False."},
    {"__getitem__", "($self, key, /)", getItemMethod, "Return self[key]."}, {nullptr, nullptr, nullptr}};

void initDictType(Isolate& isolate) {
  Type* type = isolate.types.dict = makeType(isolate, {.name = "dict", .id = TypeId::kDict, .size = sizeof(Dict),
      .flags = kTypeGc | kTypeBaseable | kTypeMatchSelf | kTypeMatchMapping, .methods = kMethods,
      .doc = "dict() -> new empty dictionary\ndict(mapping) -> new dictionary initialized from a mapping object's\n    (key, value) pairs\ndict(iterable) -> new dictionary initialized as if via:\n    d = {}\n    for k, v in iterable:\n        d[k] = v\ndict(**kwargs) -> new dictionary initialized with the name=value pairs\n    in the keyword argument list.  For example:  dict(one=1, two=2)"});
  Slots& s = type->slots;
  s.dealloc = dealloc;
  s.traverse = traverse;
  s.clear = dealloc;
  s.make = make;
  s.init = init;
  s.repr = repr;
  s.compare = compare;
  s.length = length;
  s.contains = contains;
  s.get_item = getItem;
  s.set_item = setItem;
  s.iter = iterate;
  s.binary[static_cast<int>(BinaryOp::kOr)] = merge;
  s.inplace[static_cast<int>(BinaryOp::kOr)] = mergeInto;
}

}  // namespace krait::object
