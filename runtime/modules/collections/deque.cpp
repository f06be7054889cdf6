// collections.deque: a ring of Values whose capacity is a power of two. `changes` counts what would invalidate an iterator.
// ref: Modules/_collectionsmodule.c (messages as there).
#include <cstdlib>

#include "runtime/modules/collections/collections.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/int_conversions.h"
#include "runtime/object/protocol.h"
#include "runtime/object/repr_guard.h"
#include "runtime/object/str.h"

namespace krait::modules {

struct Deque : Object {
  Value* ring;
  int64_t capacity, head, size;
  int64_t limit;    // maxlen, or -1
  uint64_t changes;
  Value& at(int64_t i) { return ring[(head + i) & (capacity - 1)]; }
};
struct DequeIterator : Object {
  Value deque;
  int64_t next, left;
  uint64_t changes;
  bool is_reversed;
};
struct DequeTypes {
  Type *deque, *iterator, *reverse_iterator;
};
static DequeTypes* types;
static Deque* self(Value v) { return v.as<Deque>(); }
static Deque* self(const Value* a) { return a[0].as<Deque>(); }
static bool isDeque(Value v) { return v.isHeap() && isSubtype(v.object()->type, types->deque); }

static void grow(Deque* d) {
  if (d->size < d->capacity) return;
  int64_t capacity = d->capacity == 0 ? 8 : d->capacity * 2;
  Value* ring = static_cast<Value*>(std::malloc(static_cast<size_t>(capacity) * sizeof(Value)));
  for (int64_t i = 0; i < d->size; ++i) ring[i] = d->at(i);
  std::free(d->ring);
  d->ring = ring;
  d->capacity = capacity;
  d->head = 0;
}
static Ref popFront(Deque* d) {
  Value v = d->at(0);
  d->head = (d->head + 1) & (d->capacity - 1);
  --d->size;
  ++d->changes;
  return Ref::steal(v);
}
static Ref popBack(Deque* d) {
  ++d->changes;
  return Ref::steal(d->at(--d->size));
}
static void pushBack(Deque* d, Value v) {
  grow(d);
  d->at(d->size++) = share(v);
  ++d->changes;
  if (d->limit >= 0 && d->size > d->limit) Ref gone = popFront(d);
}
static void pushFront(Deque* d, Value v) {
  grow(d);
  d->head = (d->head - 1) & (d->capacity - 1);
  d->ring[d->head] = share(v);
  ++d->size;
  ++d->changes;
  if (d->limit >= 0 && d->size > d->limit) Ref gone = popBack(d);
}
static void emptyOut(Deque* d) {
  Deque old = *d;
  d->ring = nullptr;
  d->capacity = d->head = d->size = 0;
  ++d->changes;
  for (int64_t i = 0; i < old.size; ++i) decref(old.at(i));
  std::free(old.ring);
}
static void traverse(Object* o, Visitor visitor, void* context) {
  Deque* d = static_cast<Deque*>(o);
  for (int64_t i = 0; i < d->size; ++i) visit(d->at(i), visitor, context);
}
static Ref make(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  Deque* d = allocate<Deque>(type);
  d->limit = -1;
  gcTrack(d);
  return Ref::steal(d);
}
static Status extendBack_py(Thread& t, Deque* d, Value iterable) {
  Ref copy = Value(d) == iterable ? TRY(listFromIterable_py(t, iterable)) : Ref::of(iterable);
  Iteration it(t, copy.get());
  while (it.next()) pushBack(d, it.value());
  if (it.raised()) return kRaised;
  return kDone;
}
static Status init(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "deque", "(iterable=<unset>, maxlen=None)", args, nargs, keywords, a));
  int64_t limit = -1;
  if (!a[1].isNone()) {
    if (!isIntLike(a[1])) return raiseTypeError(t, "an integer is required");
    limit = TRY(toInt64_py(t, a[1]));
    if (limit < 0) return raiseValueError(t, "maxlen must be non-negative");
  }
  self(v)->limit = limit;
  if (self(v)->size > 0) emptyOut(self(v));
  return a[0].defined() ? extendBack_py(t, self(v), a[0]) : Status(kDone);
}
// A new deque of the same class and limit, filled from `iterable` when defined.
static Ref similar(Thread& t, Value like, Value iterable) {
  Type* type = typeOf(t, like);
  int64_t limit = self(like)->limit;
  if (type == types->deque) {
    Ref r = make(t, type, nullptr, 0, nullptr);
    self(r.get())->limit = limit;
    if (iterable.defined()) TRY(extendBack_py(t, self(r.get()), iterable));
    return r;
  }
  Ref empty = newTuple(t, 0);
  Value items = iterable.defined() ? iterable : empty.get();
  return limit < 0 ? callArgs_py(t, Value(type), items) : callArgs_py(t, Value(type), items, Value::fromInt(limit));
}

static Ref append(Thread&, const Value* a) {
  pushBack(self(a), a[1]);
  return Ref::none();
}
static Ref appendLeft(Thread&, const Value* a) {
  pushFront(self(a), a[1]);
  return Ref::none();
}
static Ref pop(Thread& t, const Value* a) { return self(a)->size == 0 ? Ref(raiseIndexError(t, "pop from an empty deque")) : popBack(self(a)); }
static Ref popLeft(Thread& t, const Value* a) { return self(a)->size == 0 ? Ref(raiseIndexError(t, "pop from an empty deque")) : popFront(self(a)); }
static Ref extend(Thread& t, const Value* a) {
  TRY(extendBack_py(t, self(a), a[1]));
  return Ref::none();
}
static Ref extendLeft(Thread& t, const Value* a) {
  Ref copy = a[0] == a[1] ? TRY(listFromIterable_py(t, a[1])) : Ref::of(a[1]);
  Iteration it(t, copy.get());
  while (it.next()) pushFront(self(a), it.value());
  return it.raised() ? Ref() : Ref::none();
}
static Ref clearMethod(Thread&, const Value* a) {
  emptyOut(self(a));
  return Ref::none();
}
static Ref copy(Thread& t, const Value* a) { return similar(t, a[0], a[0]); }
static void rotateBy(Deque* d, int64_t n) {
  if (d->size < 2) return;
  n %= d->size;
  if (n < 0) n += d->size;
  bool backwards = n > d->size / 2;
  if (backwards) n = d->size - n;
  grow(d);
  for (int64_t i = 0; i < n; ++i) {
    if (backwards) {
      Value v = d->at(0);
      d->head = (d->head + 1) & (d->capacity - 1);
      d->at(d->size - 1) = v;
    } else {
      Value v = d->at(d->size - 1);
      d->head = (d->head - 1) & (d->capacity - 1);
      d->ring[d->head] = v;
    }
  }
  ++d->changes;
}
static Ref rotate(Thread& t, const Value* a) {
  rotateBy(self(a), TRY(toInt64_py(t, a[1])));
  return Ref::none();
}
static Ref reverse(Thread&, const Value* a) {
  Deque* d = self(a);
  for (int64_t i = 0, j = d->size - 1; i < j; ++i, --j) {
    Value v = d->at(i);
    d->at(i) = d->at(j);
    d->at(j) = v;
  }
  ++d->changes;
  return Ref::none();
}
static RaisedTag mutated(Thread& t) { return raiseRuntimeError(t, "deque mutated during iteration"); }
static Ref count(Thread& t, const Value* a) {
  int64_t n = 0;
  uint64_t changes = self(a)->changes;
  for (int64_t i = 0; i < self(a)->size; ++i) {
    Ref item = Ref::of(self(a)->at(i));
    n += TRY(equals_py(t, item.get(), a[1]));
    if (self(a)->changes != changes) return mutated(t);
  }
  return newIntSmall(n);
}
// The first position in [begin, end) that equals `wanted`; -1: none.
static Fallible<int64_t> find_py(Thread& t, Deque* d, Value wanted, int64_t begin, int64_t end, const char* changed) {
  uint64_t changes = d->changes;
  for (int64_t i = begin; i < end && i < d->size; ++i) {
    Ref item = Ref::of(d->at(i));
    bool same = TRY(equals_py(t, item.get(), wanted));
    if (d->changes != changes) {
      (void)raise(t, *changed == 'd' ? errors(t).runtime_error : errors(t).index_error, "%s", changed);
      return kRaised;
    }
    if (same) return i;
  }
  return int64_t{-1};
}
static Ref indexMethod(Thread& t, const Value* a) {
  int64_t begin = TRY(toIndexClamped_py(t, a[2])), end = a[3].isUndefined() ? INT64_MAX : TRY(toIndexClamped_py(t, a[3])), size = self(a)->size;
  if (begin < 0) begin = begin + size < 0 ? 0 : begin + size;
  if (end < 0) end += size;
  int64_t i = TRY(find_py(t, self(a), a[1], begin, end, "deque mutated during iteration"));
  return i < 0 ? Ref(raiseValueError(t, "deque.index(x): x not in deque")) : newIntSmall(i);
}
static void removeAt(Deque* d, int64_t i) {
  rotateBy(d, -i);
  Ref gone = popFront(d);
  rotateBy(d, i);
}
static Ref removeMethod(Thread& t, const Value* a) {
  int64_t i = TRY(find_py(t, self(a), a[1], 0, self(a)->size, "mutated during remove()."));
  if (i < 0) return raiseValueError(t, "deque.remove(x): x not in deque");
  removeAt(self(a), i);
  return Ref::none();
}
static Ref insert(Thread& t, const Value* a) {
  Deque* d = self(a);
  int64_t i = TRY(toInt64_py(t, a[1]));
  if (d->limit >= 0 && d->size == d->limit) return raiseIndexError(t, "deque already at its maximum size");
  if (i >= d->size) pushBack(d, a[2]);
  else if (i <= -d->size || i == 0) pushFront(d, a[2]);
  else {
    rotateBy(d, -i);
    if (i < 0) pushBack(d, a[2]);
    else pushFront(d, a[2]);
    rotateBy(d, i);
  }
  return Ref::none();
}
static Fallible<int64_t> length(Thread&, Value v) { return self(v)->size; }
static Ref getItem(Thread& t, Value v, Value key) {
  if (!isIntLike(key) && typeOf(t, key)->slots.index == nullptr) return raiseTypeError(t, "sequence index must be integer, not '%s'", typeNameOf(t, key));
  Ref index = TRY(toIndex_py(t, key));  // may run code that changes the deque
  return Ref::of(self(v)->at(TRY(checkIndex_py(t, index.get(), self(v)->size, "deque index out of range"))));
}
static Status setItem(Thread& t, Value v, Value key, Value value) {
  if (!isIntLike(key) && typeOf(t, key)->slots.index == nullptr) return raiseTypeError(t, "sequence index must be integer, not '%s'", typeNameOf(t, key));
  Ref index = TRY(toIndex_py(t, key));
  int64_t i = TRY(checkIndex_py(t, index.get(), self(v)->size, "deque index out of range"));
  if (value.isUndefined()) {
    removeAt(self(v), i);
    return kDone;
  }
  Value old = self(v)->at(i);
  self(v)->at(i) = share(value);
  decref(old);
  return kDone;
}
static Fallible<bool> contains(Thread& t, Value v, Value item) { return TRY(find_py(t, self(v), item, 0, self(v)->size, "deque mutated during iteration")) >= 0; }
static Ref concat(Thread& t, Value a, Value b) {
  if (!isDeque(b)) return raiseTypeError(t, "can only concatenate deque (not \"%s\") to deque", typeNameOf(t, b));
  Ref r = TRY(similar(t, a, a));
  TRY(extendBack_py(t, self(r.get()), b));
  return r;
}
static Ref inplaceConcat(Thread& t, Value a, Value b) {
  TRY(extendBack_py(t, self(a), b));
  return Ref::of(a);
}
static Ref inplaceRepeat(Thread& t, Value a, Value count) {
  int64_t n = TRY(toSize_py(t, count));
  Deque* d = self(a);
  if (n <= 0) {
    emptyOut(d);
    return Ref::of(a);
  }
  if (d->size == 0) return Ref::of(a);
  if (d->limit < 0 && (n > (int64_t{1} << 40) / d->size || !canAllocate(static_cast<size_t>(n * d->size) * sizeof(Value)))) return raiseMemoryError(t);
  Ref items = TRY(tupleFromIterable_py(t, a));
  int64_t size = items.as<Tuple>()->size;
  if (d->limit >= 0 && size > 0 && n > d->limit / size + 2) n = d->limit / size + 2;
  for (int64_t k = 1; k < n; ++k) {
    for (int64_t i = 0; i < size; ++i) pushBack(d, items.as<Tuple>()->items()[i]);
  }
  return Ref::of(a);
}
static Ref repeat(Thread& t, Value a, Value count) {
  Ref r = TRY(similar(t, a, a));
  return inplaceRepeat(t, r.get(), count);
}
static Ref repr(Thread& t, Value v) {
  ReprGuard guard(t, v);
  if (guard.isNested()) return newStr(t, "[...]");
  Ref list = TRY(listFromIterable_py(t, v)), text = TRY(repr_py(t, list.get()));
  std::string out = std::string(shortTypeName(typeOf(t, v))) + "(" + toUtf8(text.as<Str>());
  if (self(v)->limit >= 0) out += format(", maxlen=%ld", static_cast<long>(self(v)->limit));
  return newStr(t, out + ")");
}
static Ref compare(Thread& t, Value a, Value b, CompareOp op) {
  if (!isDeque(b)) return Ref::notImplemented();
  if (op == CompareOp::kEq && self(a)->size != self(b)->size) return Ref::boolean(false);
  if (op == CompareOp::kNe && self(a)->size != self(b)->size) return Ref::boolean(true);
  Ref x = TRY(listFromIterable_py(t, a)), y = TRY(listFromIterable_py(t, b));
  return compare_py(t, x.get(), y.get(), op);
}
static Ref newDequeIterator(Thread&, Value v, bool reversed) {
  DequeIterator* it = allocate<DequeIterator>(reversed ? types->reverse_iterator : types->iterator);
  it->deque = share(v);
  it->changes = self(v)->changes;
  it->left = self(v)->size;
  it->next = reversed ? self(v)->size - 1 : 0;
  it->is_reversed = reversed;
  gcTrack(it);
  return Ref::steal(it);
}
static Ref iterate(Thread& t, Value v) { return newDequeIterator(t, v, false); }
static Ref reversedMethod(Thread& t, const Value* a) { return newDequeIterator(t, a[0], true); }
static Ref iteratorNext(Thread& t, Value v) {
  DequeIterator* it = v.as<DequeIterator>();
  if (it->changes != self(it->deque)->changes) {
    it->left = 0;
    return mutated(t);
  }
  if (it->left == 0) return Ref();
  --it->left;
  Ref r = Ref::of(self(it->deque)->at(it->next));
  it->next += it->is_reversed ? -1 : 1;
  return r;
}
static Ref iteratorHint(Thread&, const Value* a) { return newIntSmall(a[0].as<DequeIterator>()->left); }
static Ref iteratorMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, shortTypeName(type), "(deque, index=0, /)", args, nargs, keywords, a));
  if (!isDeque(a[0])) return raiseTypeError(t, "argument 1 must be collections.deque, not %s", typeNameOf(t, a[0]));
  Ref r = newDequeIterator(t, a[0], type == types->reverse_iterator);
  for (int64_t n = TRY(toInt64_py(t, a[1])); n > 0; --n) Ref skipped = iteratorNext(t, r.get());
  return r;
}
static Ref iteratorReduce(Thread& t, const Value* a) {
  DequeIterator* it = a[0].as<DequeIterator>();
  Ref args = tupleOf(t, {it->deque, Value::fromInt(self(it->deque)->size - it->left)});
  return tupleOf(t, {Value(typeOf(t, a[0])), args.get()});
}
static Ref reduce(Thread& t, const Value* a) {
  Ref state = TRY(callMethod_py(t, a[0], t.names().d_getstate));
  Ref empty = newTuple(t, 0), it = TRY(iter_py(t, a[0]));
  Ref args = self(a)->limit < 0 ? newTuple(t, 0) : tupleOf(t, {empty.get(), Value::fromInt(self(a)->limit)});
  return tupleOf(t, {Value(typeOf(t, a[0])), args.get(), state.get(), it.get()});
}
static Ref getLimit(Thread&, Value v) { return self(v)->limit < 0 ? Ref::none() : newIntSmall(self(v)->limit); }
static Ref aliasFor(Thread& t, const Value* a) { return callArgs_py(t, t.types().generic_alias, a[0], a[1]); }

static const NativeDef kMethods[] = {
    {"append", "($self, item, /)", append, "Add an element to the right side of the deque."},
    {"appendleft", "($self, item, /)", appendLeft, "Add an element to the left side of the deque."},
    {"clear", "($self, /)", clearMethod, "Remove all elements from the deque."},
    {"copy", "($self, /)", copy, "Return a shallow copy of a deque."},
    {"__copy__", "($self, /)", copy, "Return a shallow copy of a deque."},
    {"count", "($self, value, /)", count, "Return number of occurrences of value."},
    {"extend", "($self, iterable, /)", extend, "Extend the right side of the deque with elements from the iterable."},
    {"extendleft", "($self, iterable, /)", extendLeft, "Extend the left side of the deque with elements from the iterable."},
    {"index", "($self, value, start=0, stop=<unset>, /)", indexMethod, "Return first index of value."},
    {"insert", "($self, index, value, /)", insert, "Insert value before index."},
    {"pop", "($self, /)", pop, "Remove and return the rightmost element."},
    {"popleft", "($self, /)", popLeft, "Remove and return the leftmost element."},
    {"remove", "($self, value, /)", removeMethod, "Remove first occurrence of value."},
    {"reverse", "($self, /)", reverse, "Reverse *IN PLACE*."},
    {"rotate", "($self, n=1, /)", rotate, "Rotate the deque n steps to the right.  If n is negative, rotates left."},
    {"__reversed__", "($self, /)", reversedMethod, "Return a reverse iterator over the deque."},
    {"__reduce__", "($self, /)", reduce, "Return state information for pickling."},
    {"__class_getitem__", "($type, object, /)", aliasFor, "See PEP 585"},
    {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"maxlen", getLimit, nullptr, "maximum size of a deque or None if unbounded"}, {nullptr, nullptr}};
static const NativeDef kIteratorMethods[] = {{"__length_hint__", "($self, /)", iteratorHint}, {"__reduce__", "($self, /)", iteratorReduce}, {nullptr, nullptr, nullptr}};

static Type* makeIteratorType(Thread& t, const char* name) {
  Type* type = makeType(*t.isolate, {.name = name, .size = sizeof(DequeIterator), .flags = kTypeGc, .methods = kIteratorMethods});
  Slots& s = type->slots;
  s.dealloc = [](Object* o) { decref(static_cast<DequeIterator*>(o)->deque); };
  s.traverse = [](Object* o, Visitor visitor, void* context) { visit(static_cast<DequeIterator*>(o)->deque, visitor, context); };
  s.make = iteratorMake;
  s.iter = [](Thread&, Value v) -> Ref { return Ref::of(v); };
  s.next = iteratorNext;
  readyType(*t.isolate, type);
  return type;
}
void addDeque(Thread& t, Module* m) {
  types = new DequeTypes();
  Type* type = types->deque = makeType(*t.isolate, {.name = "collections.deque", .size = sizeof(Deque), .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable | kTypeMatchSequence,
      .methods = kMethods, .getsets = kGetSets, .doc = "A list-like sequence optimized for data accesses near its endpoints."});
  Slots& s = type->slots;
  s.dealloc = [](Object* o) { emptyOut(static_cast<Deque*>(o)); };
  s.traverse = traverse;
  s.clear = [](Object* o) { emptyOut(static_cast<Deque*>(o)); };
  s.make = make;
  s.init = init;
  s.repr = repr;
  s.compare = compare;
  s.iter = iterate;
  s.length = length;
  s.get_item = getItem;
  s.set_item = setItem;
  s.contains = contains;
  s.concat = concat;
  s.repeat = repeat;
  s.inplace_concat = inplaceConcat;
  s.inplace_repeat = inplaceRepeat;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
  types->iterator = makeIteratorType(t, "collections._deque_iterator");
  types->reverse_iterator = makeIteratorType(t, "collections._deque_reverse_iterator");
  moduleSetType(t, m, types->iterator);
  moduleSetType(t, m, types->reverse_iterator);
}

}  // namespace krait::modules
