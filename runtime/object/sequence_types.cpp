// `tuple` and `list`: slots and methods. ref: Objects/tupleobject.c, Objects/listobject.c. Sorting is in list_sort.cpp.
#include <cstring>

#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/int_conversions.h"
#include "runtime/object/iterators.h"
#include "runtime/object/native.h"
#include "runtime/object/plain_key.h"
#include "runtime/object/protocol.h"
#include "runtime/object/repr_guard.h"
#include "runtime/object/str.h"

namespace krait::object {

struct Items {
  const Value* data;
  int64_t size;
};
static Items itemsOf(Value v) {
  if (isTuple(v)) return {v.as<Tuple>()->items(), v.as<Tuple>()->size};
  return {v.as<List>()->items, v.as<List>()->size};
}

// --- shared
static Ref reprItems(Thread& t, Value v, const char* open, const char* close) {
  ReprGuard guard(t, v);
  if (guard.isNested()) return newStr(t, std::string(open) + "..." + close);
  StrBuilder out;
  out.addAscii(open);
  for (int64_t i = 0; i < itemsOf(v).size; ++i) {
    if (i > 0) out.addAscii(", ");
    Ref held = Ref::of(itemsOf(v).data[i]);
    Ref r = TRY(repr_py(t, held.get()));
    out.add(r.as<Str>());
  }
  if (isTuple(v) && itemsOf(v).size == 1) out.add(',');
  out.addAscii(close);
  return out.finish(t);
}
static Ref tupleRepr(Thread& t, Value v) { return reprItems(t, v, "(", ")"); }
static Ref listRepr(Thread& t, Value v) { return reprItems(t, v, "[", "]"); }

static Ref compareItems(Thread& t, Value a, Value b, CompareOp op) {
  if (itemsOf(a).size != itemsOf(b).size && (op == CompareOp::kEq || op == CompareOp::kNe)) return Ref::boolean(op == CompareOp::kNe);
  for (int64_t i = 0;; ++i) {
    Items mine = itemsOf(a), others = itemsOf(b);
    int64_t both = mine.size < others.size ? mine.size : others.size;
    while (i < both && mine.data[i] == others.data[i]) ++i;
    if (i >= both) break;
    Value p = mine.data[i], q = others.data[i];
    if (p.isInt() && q.isInt()) {
      if (op == CompareOp::kEq || op == CompareOp::kNe) return Ref::boolean(op == CompareOp::kNe);
      return compare_py(t, p, q, op);
    }
    if (quickEqual(p, q) == 1) continue;
    Ref x = Ref::of(p), y = Ref::of(q);
    if (!TRY(equals_py(t, x.get(), y.get()))) {
      if (i >= itemsOf(a).size || i >= itemsOf(b).size) break;  // what was compared took them away
      if (op == CompareOp::kEq || op == CompareOp::kNe) return Ref::boolean(op == CompareOp::kNe);
      return compare_py(t, x.get(), y.get(), op);
    }
  }
  int64_t n = itemsOf(a).size, m = itemsOf(b).size;
  switch (op) {
    case CompareOp::kLt: return Ref::boolean(n < m);
    case CompareOp::kLe: return Ref::boolean(n <= m);
    case CompareOp::kEq: return Ref::boolean(n == m);
    case CompareOp::kNe: return Ref::boolean(n != m);
    case CompareOp::kGt: return Ref::boolean(n > m);
    default: return Ref::boolean(n >= m);
  }
}
static Ref tupleCompare(Thread& t, Value a, Value b, CompareOp op) {
  if (!isTuple(b)) return Ref::notImplemented();
  return compareItems(t, a, b, op);
}
static Ref listCompare(Thread& t, Value a, Value b, CompareOp op) {
  if (!isList(b)) return Ref::notImplemented();
  return compareItems(t, a, b, op);
}
static Fallible<int64_t> length(Thread&, Value v) { return itemsOf(v).size; }
static Fallible<bool> contains(Thread& t, Value v, Value item) {
  for (int64_t i = 0; i < itemsOf(v).size; ++i) {
    Value one = itemsOf(v).data[i];
    if (one == item) return true;
    if (one.isInt() && item.isInt()) continue;
    Ref held = Ref::of(one);
    if (TRY(equals_py(t, one, item))) return true;
  }
  return false;
}
static Ref countMethod(Thread& t, const Value* a) {
  int64_t n = 0;
  for (int64_t i = 0; i < itemsOf(a[0]).size; ++i) {
    Ref held = Ref::of(itemsOf(a[0]).data[i]);
    if (TRY(equals_py(t, held.get(), a[1]))) ++n;
  }
  return newIntSmall(n);
}
// A bound of index(): no slice's, so None is none. ref: _PyEval_SliceIndexNotNone
static Fallible<int64_t> toBound_py(Thread& t, Value v) {
  if (isIntLike(v) || typeOf(t, v)->slots.index != nullptr) return toIndexClamped_py(t, v);
  return raiseTypeError(t, "slice indices must be integers or have an __index__ method");
}
static Ref indexMethod(Thread& t, const Value* a) {
  int64_t n = itemsOf(a[0]).size, begin = TRY(toBound_py(t, a[2])), end = TRY(toBound_py(t, a[3]));
  if (begin < 0) begin = begin + n < 0 ? 0 : begin + n;
  if (end < 0) end += n;
  for (int64_t i = begin; i < end && i < itemsOf(a[0]).size; ++i) {
    Value one = itemsOf(a[0]).data[i];
    if (one == a[1]) return newIntSmall(i);
    if (one.isInt() && a[1].isInt()) continue;
    Ref held = Ref::of(one);
    if (TRY(equals_py(t, one, a[1]))) return newIntSmall(i);
  }
  if (isTuple(a[0])) return raiseValueError(t, "tuple.index(x): x not in tuple");
  return raiseValueError(t, "list.index(x): x not in list");
}
static Ref slicedCopy(Thread& t, Value v, const SliceBounds& b) {
  Items items = itemsOf(v);
  if (isTuple(v)) {
    if (b.step == 1) return b.length == items.size && isExact(v, TypeId::kTuple) ? Ref::of(v) : tupleFrom(t, items.data + b.start, b.length);
    Ref r = newTuple(t, b.length);
    for (int64_t i = 0; i < b.length; ++i) r.as<Tuple>()->items()[i] = share(items.data[b.start + i * b.step]);
    return r;
  }
  if (b.step == 1) return listFrom(t, items.data + b.start, b.length);
  Ref r = newList(t, b.length);
  for (int64_t i = 0, at = b.start; i < b.length; ++i, at += b.step) r.as<List>()->items[i] = share(items.data[at]);
  r.as<List>()->size = b.length;
  return r;
}
static Ref getItem(Thread& t, Value v, Value key) {
  bool is_tuple = isTuple(v);
  Ref plain;
  if (!key.isInt()) {
    plain = TRY(plainKey_py(t, key));
    key = plain.get();
  }
  if (isExact(key, TypeId::kSlice)) return slicedCopy(t, v, TRY(sliceBounds_py(t, key, itemsOf(v).size)));
  if (!isIntLike(key) && typeOf(t, key)->slots.index == nullptr) {
    return raiseTypeError(t, "%s indices must be integers or slices, not %s", is_tuple ? "tuple" : "list", typeNameOf(t, key));
  }
  int64_t i = TRY(checkIndex_py(t, key, itemsOf(v).size, is_tuple ? "tuple index out of range" : "list index out of range"));
  return Ref::of(itemsOf(v).data[i]);
}
static Fallible<int64_t> repeatCount(Thread& t, Value v) {
  int64_t n = TRY(toSize_py(t, v));
  return n < 0 ? 0 : n;
}
static Ref classGetItem(Thread& t, const Value* a) {
  Value args[2] = {a[0], a[1]};
  return call_py(t, t.types().generic_alias, args, 2);
}

// --- tuple
static void tupleDealloc(Object* o) {
  Tuple* tuple = static_cast<Tuple*>(o);
  for (int64_t i = tuple->size; i-- > 0;) decref(tuple->items()[i]);
}
static void tupleTraverse(Object* o, Visitor visitor, void* context) {
  Tuple* tuple = static_cast<Tuple*>(o);
  for (int64_t i = 0; i < tuple->size; ++i) visit(tuple->items()[i], visitor, context);
}
// ref: tuplehash (xxHash).
static Fallible<int64_t> tupleHash(Thread& t, Value v) {
  Tuple* tuple = v.as<Tuple>();
  if (tuple->hash != 0) return tuple->hash;
  TRY(checkRecursion(t, ""));
  constexpr uint64_t p1 = 11400714785074694791ull, p2 = 14029467366897019727ull, p5 = 2870177450012600261ull;
  uint64_t acc = p5;
  for (int64_t i = 0; i < tuple->size; ++i) {
    uint64_t lane = static_cast<uint64_t>(TRY(hash_py(t, tuple->items()[i])));
    acc += lane * p2;
    acc = (acc << 31) | (acc >> 33);
    acc *= p1;
  }
  acc += static_cast<uint64_t>(tuple->size) ^ (p5 ^ 3527539ull);
  int64_t h = static_cast<int64_t>(acc) == -1 ? 1546275796 : static_cast<int64_t>(acc);
  tuple->hash = h;
  return h;
}
static Ref tupleConcat(Thread& t, Value a, Value b) {
  if (!isTuple(b)) return raiseTypeError(t, "can only concatenate tuple (not \"%s\") to tuple", typeNameOf(t, b));
  Tuple *x = a.as<Tuple>(), *y = b.as<Tuple>();
  if (x->size == 0 && isExact(b, TypeId::kTuple)) return Ref::of(b);
  if (y->size == 0 && isExact(a, TypeId::kTuple)) return Ref::of(a);
  Ref r = newTuple(t, x->size + y->size);
  for (int64_t i = 0; i < x->size; ++i) r.as<Tuple>()->items()[i] = share(x->items()[i]);
  for (int64_t i = 0; i < y->size; ++i) r.as<Tuple>()->items()[x->size + i] = share(y->items()[i]);
  return r;
}
static Ref tupleRepeat(Thread& t, Value a, Value count) {
  int64_t n = TRY(repeatCount(t, count));
  Tuple* x = a.as<Tuple>();
  if (x->size > 0 && (n > (int64_t{1} << 43) / x->size || !canAllocate(static_cast<size_t>(n * x->size) * sizeof(Value)))) return raiseMemoryError(t);
  if (n == 1 && isExact(a, TypeId::kTuple)) return Ref::of(a);
  Ref r = newTuple(t, x->size * n);
  for (int64_t i = 0; i < x->size * n; ++i) r.as<Tuple>()->items()[i] = share(x->items()[i % x->size]);
  return r;
}
static Ref tupleIter(Thread& t, Value v) { return newIterator(t, t.types().tuple_iterator, v); }
static Ref tupleMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0 && type->slots.init == t.types().tuple->slots.init) return raiseTypeError(t, "tuple() takes no keyword arguments");
  if (nargs > 1) return raiseTypeError(t, "tuple expected at most 1 argument, got %u", nargs);
  Ref r = nargs == 0 ? newTuple(t, 0) : TRY(tupleFromIterable_py(t, args[0]));
  if (type == t.types().tuple) return r;
  Tuple* from = r.as<Tuple>();
  Tuple* made = allocate<Tuple>(type, from->size * sizeof(Value) + 8);
  made->size = from->size;
  for (int64_t i = 0; i < from->size; ++i) made->items()[i] = share(from->items()[i]);
  gcTrack(made);
  return Ref::steal(made);
}
static Ref tupleNewArgs(Thread& t, const Value* a) {
  Ref copy = tupleFrom(t, a[0].as<Tuple>()->items(), a[0].as<Tuple>()->size);
  return tupleOf(t, {copy.get()});
}
static const NativeDef kTupleMethods[] = {
    {"count", "($self, value, /)", countMethod, "Return number of occurrences of value."},
    {"index", "($self, value, start=0, stop=140737488355327, /)", indexMethod, "Return first index of value.\n\nRaises ValueError if the value is not present."},
    {"__getnewargs__", "($self, /)", tupleNewArgs}, {"__class_getitem__", "($type, object, /)", classGetItem}, {nullptr, nullptr, nullptr}};
void initTupleType(Isolate& isolate) {
  Type* type = isolate.types.tuple = makeType(isolate, {.name = "tuple", .id = TypeId::kTuple, .size = sizeof(Tuple),
      .flags = kTypeGc | kTypeBaseable | kTypeMatchSelf | kTypeMatchSequence, .methods = kTupleMethods,
      .doc = "Built-in immutable sequence.\n\nIf no argument is given, the constructor returns an empty tuple.\nIf iterable is specified the tuple is initialized from iterable's items.\n\nIf the argument is a tuple, the return value is the same object."});
  Slots& s = type->slots;
  s.dealloc = tupleDealloc;
  s.traverse = tupleTraverse;
  s.repr = tupleRepr;
  s.hash = tupleHash;
  s.compare = tupleCompare;
  s.length = length;
  s.contains = contains;
  s.get_item = getItem;
  s.concat = tupleConcat;
  s.repeat = tupleRepeat;
  s.iter = tupleIter;
  s.make = tupleMake;
}

// --- list
static void listDealloc(Object* o) { listClear(static_cast<List*>(o)); }
static void listTraverse(Object* o, Visitor visitor, void* context) {
  List* list = static_cast<List*>(o);
  for (int64_t i = 0; i < list->size; ++i) visit(list->items[i], visitor, context);
}
static Ref listMake(Thread& t, Type* type, const Value*, uint32_t, Tuple*) {
  (void)t;
  List* list = allocate<List>(type);
  gcTrack(list);
  return Ref::steal(list);
}
static Status listInit(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0 && typeOf(t, v)->slots.make == t.types().list->slots.make) return raiseTypeError(t, "list() takes no keyword arguments");
  if (nargs > 1) return raiseTypeError(t, "list expected at most 1 argument, got %u", nargs);
  listClear(v.as<List>());
  if (nargs == 1) TRY(listExtend_py(t, v.as<List>(), args[0]));
  return kDone;
}
static Ref listConcat(Thread& t, Value a, Value b) {
  if (!isList(b)) return raiseTypeError(t, "can only concatenate list (not \"%s\") to list", typeNameOf(t, b));
  Ref r = newList(t, a.as<List>()->size + b.as<List>()->size);
  for (Value v : {a, b}) {
    for (int64_t i = 0; i < v.as<List>()->size; ++i) listAppend(r.as<List>(), v.as<List>()->items[i]);
  }
  return r;
}
static Ref listInplaceConcat(Thread& t, Value a, Value b) {
  TRY(listExtend_py(t, a.as<List>(), b));
  return Ref::of(a);
}
static Status repeatInto(Thread& t, List* to, const Value* items, int64_t size, int64_t n) {
  if (size > 0 && (n > (int64_t{1} << 40) / size || !canAllocate(static_cast<size_t>(to->size + size * n) * sizeof(Value)))) return raiseMemoryError(t);
  if (size == 0) return kDone;  // however often
  listReserve(to, to->size + size * n);
  Value* out = to->items + to->size;
  for (int64_t k = 0; k < n; ++k) {
    for (int64_t i = 0; i < size; ++i) *out++ = share(items[i]);
  }
  to->size += size * n;
  return kDone;
}
static Ref listRepeat(Thread& t, Value a, Value count) {
  int64_t n = TRY(repeatCount(t, count));
  Ref r = newList(t);
  TRY(repeatInto(t, r.as<List>(), a.as<List>()->items, a.as<List>()->size, n));
  return r;
}
static Ref listInplaceRepeat(Thread& t, Value a, Value count) {
  int64_t n = TRY(repeatCount(t, count));
  List* list = a.as<List>();
  if (n == 0) {
    listClear(list);
  } else {
    Ref copy = listFrom(t, list->items, list->size);
    TRY(repeatInto(t, list, copy.as<List>()->items, copy.as<List>()->size, n - 1));
  }
  return Ref::of(a);
}
// list[begin:end] = items, which are not the list's own; the replaced ones are released last.
void listReplaceRange(List* list, int64_t begin, int64_t end, const Value* items, int64_t n) {
  static constexpr int64_t kFew = 32;
  Value few[kFew];
  int64_t removed = end - begin, grow = n - removed, tail = list->size - end;
  size_t bytes = static_cast<size_t>(removed) * sizeof(Value);
  Value* old = removed <= kFew ? few : static_cast<Value*>(allocateBytes(bytes));
  for (int64_t i = 0; i < removed; ++i) old[i] = list->items[begin + i];
  for (int64_t i = 0; i < n; ++i) incref(items[i]);
  if (grow > 0) listReserve(list, list->size + grow);
  if (tail > 0 && grow != 0) std::memmove(static_cast<void*>(list->items + begin + n), list->items + end, static_cast<size_t>(tail) * sizeof(Value));
  if (n > 0) std::memcpy(static_cast<void*>(list->items + begin), items, static_cast<size_t>(n) * sizeof(Value));
  list->size += grow;
  for (int64_t i = removed; i-- > 0;) decref(old[i]);
  if (old != few) freeBytes(static_cast<void*>(old), bytes);
}
static Status setSlice(Thread& t, List* list, Value key, Value value) {
  SliceBounds b = TRY(sliceBounds_py(t, key, list->size));
  int64_t old_size = list->size;
  Ref items;
  if (value.defined()) {
    items = listFromIterable_py(t, value);
    if (!items) {
      if (pendingMatches(t, errors(t).type_error) && typeOf(t, value)->slots.iter == nullptr) {
        clearException(t);
        return raiseTypeError(t, "must assign iterable to extended slice");
      }
      return kRaised;
    }
  }
  if (list->size != old_size) b = TRY(sliceBounds_py(t, key, list->size));  // what was iterated over changed the list
  const Value* data = items ? items.as<List>()->items : nullptr;
  int64_t n = items ? items.as<List>()->size : 0;
  if (b.step == 1) {
    if (b.stop < b.start) b.stop = b.start;
    listReplaceRange(list, b.start, b.stop, data, n);
    return kDone;
  }
  if (value.isUndefined()) {
    Ref kept = newList(t, list->size), removed = newList(t, b.length);
    for (int64_t i = 0; i < list->size; ++i) {
      int64_t offset = i - b.start;
      bool hit = b.length > 0 && offset % b.step == 0 && offset / b.step >= 0 && offset / b.step < b.length;
      listAppend(hit ? removed.as<List>() : kept.as<List>(), list->items[i]);
    }
    std::swap(kept.as<List>()->items, list->items);
    std::swap(kept.as<List>()->size, list->size);
    std::swap(kept.as<List>()->capacity, list->capacity);
    return kDone;
  }
  if (n != b.length) return raiseValueError(t, "attempt to assign sequence of size %ld to extended slice of size %ld", static_cast<long>(n), static_cast<long>(b.length));
  for (int64_t i = 0; i < n; ++i) {
    Value& slot = list->items[b.start + i * b.step];
    Value old = slot;
    slot = share(data[i]);
    decref(old);
  }
  return kDone;
}
static Status setItem(Thread& t, Value v, Value key, Value value) {
  List* list = v.as<List>();
  Ref plain = TRY(plainKey_py(t, key));
  key = plain.get();
  if (isExact(key, TypeId::kSlice)) return setSlice(t, list, key, value);
  if (!isIntLike(key) && typeOf(t, key)->slots.index == nullptr) return raiseTypeError(t, "list indices must be integers or slices, not %s", typeNameOf(t, key));
  int64_t i = TRY(checkIndex_py(t, key, list->size, "list assignment index out of range"));
  Value old = list->items[i];
  if (value.defined()) {
    list->items[i] = share(value);
  } else {
    std::memmove(static_cast<void*>(list->items + i), list->items + i + 1, (list->size - i - 1) * sizeof(Value));
    --list->size;
  }
  decref(old);
  return kDone;
}
static Ref listIter(Thread& t, Value v) { return newIterator(t, t.types().list_iterator, v); }

static Ref append(Thread&, const Value* a) {
  listAppend(a[0].as<List>(), a[1]);
  return Ref::none();
}
static Ref extend(Thread& t, const Value* a) {
  TRY(listExtend_py(t, a[0].as<List>(), a[1]));
  return Ref::none();
}
static Ref insert(Thread& t, const Value* a) {
  listInsert(a[0].as<List>(), TRY(toInt64_py(t, a[1])), a[2]);
  return Ref::none();
}
static Ref pop(Thread& t, const Value* a) {
  List* list = a[0].as<List>();
  int64_t i = TRY(toInt64_py(t, a[1]));
  if (list->size == 0) return raiseIndexError(t, "pop from empty list");
  if (i < 0) i += list->size;
  if (i < 0 || i >= list->size) return raiseIndexError(t, "pop index out of range");
  Value v = list->items[i];
  std::memmove(static_cast<void*>(list->items + i), list->items + i + 1, (list->size - i - 1) * sizeof(Value));
  --list->size;
  return Ref::steal(v);
}
static Ref removeMethod(Thread& t, const Value* a) {
  List* list = a[0].as<List>();
  for (int64_t i = 0; i < list->size; ++i) {
    Ref held = Ref::of(list->items[i]);
    if (!TRY(equals_py(t, held.get(), a[1]))) continue;
    if (i < list->size) TRY(setItem(t, a[0], Value::fromInt(i), Value()));
    return Ref::none();
  }
  return raiseValueError(t, "list.remove(x): x not in list");
}
static Ref clearMethod(Thread&, const Value* a) {
  listClear(a[0].as<List>());
  return Ref::none();
}
static Ref copyMethod(Thread& t, const Value* a) { return listFrom(t, a[0].as<List>()->items, a[0].as<List>()->size); }
static Ref reverseMethod(Thread&, const Value* a) {
  List* list = a[0].as<List>();
  for (int64_t i = 0, j = list->size - 1; i < j; ++i, --j) std::swap(list->items[i], list->items[j]);
  return Ref::none();
}
static Ref sortMethod(Thread& t, const Value* a) {
  TRY(listSort_py(t, a[0].as<List>(), a[1], TRY(isTrue_py(t, a[2]))));
  return Ref::none();
}
Ref newListReversed(Thread& t, Value sequence, int64_t length);
static Ref reversedMethod(Thread& t, const Value* a) { return newListReversed(t, a[0], a[0].as<List>()->size); }

static const NativeDef kListMethods[] = {
    {"append", "($self, object, /)", append, "Append object to the end of the list."},
    {"extend", "($self, iterable, /)", extend, "Extend list by appending elements from the iterable."},
    {"insert", "($self, index, object, /)", insert, "Insert object before index."},
    {"pop", "($self, index=-1, /)", pop, "Remove and return item at index (default last).\n\nRaises IndexError if list is empty or index is out of range."},
    {"remove", "($self, value, /)", removeMethod, "Remove first occurrence of value.\n\nRaises ValueError if the value is not present."},
    {"clear", "($self, /)", clearMethod, "Remove all items from list."}, {"copy", "($self, /)", copyMethod, "Return a shallow copy of the list."},
    {"reverse", "($self, /)", reverseMethod, "Reverse *IN PLACE*."}, {"sort", "($self, /, *, key=None, reverse=False)", sortMethod, "Sort the list in ascending order and return None."},
    {"count", "($self, value, /)", countMethod, "Return number of occurrences of value."},
    {"index", "($self, value, start=0, stop=140737488355327, /)", indexMethod, "Return first index of value.\n\nRaises ValueError if the value is not present."},
    {"__reversed__", "($self, /)", reversedMethod}, {"__class_getitem__", "($type, object, /)", classGetItem}, {nullptr, nullptr, nullptr}};
void initListType(Isolate& isolate) {
  Type* type = isolate.types.list = makeType(isolate, {.name = "list", .id = TypeId::kList, .size = sizeof(List),
      .flags = kTypeGc | kTypeBaseable | kTypeMatchSelf | kTypeMatchSequence, .methods = kListMethods,
      .doc = "Built-in mutable sequence.\n\nIf no argument is given, the constructor creates a new empty list.\nThe argument must be an iterable if specified."});
  Slots& s = type->slots;
  s.dealloc = listDealloc;
  s.traverse = listTraverse;
  s.clear = listDealloc;
  s.repr = listRepr;
  s.compare = listCompare;
  s.length = length;
  s.contains = contains;
  s.get_item = getItem;
  s.set_item = setItem;
  s.concat = listConcat;
  s.repeat = listRepeat;
  s.inplace_concat = listInplaceConcat;
  s.inplace_repeat = listInplaceRepeat;
  s.iter = listIter;
  s.make = listMake;
  s.init = listInit;
}

}  // namespace krait::object
