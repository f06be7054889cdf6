// Tuple, List, Slice and Range: creation and the operations that C++ code uses. Methods are in the types' files.
#include "runtime/object/containers.h"

#include <cstring>

#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/heap_trace.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"

namespace krait::object {

static Tuple* rawTuple(Thread& t, int64_t size) {
  Tuple* tuple = static_cast<Tuple*>(allocateBytes(sizeof(Tuple) + size * sizeof(Value)));
  initHeader(tuple, t.types().tuple);
  tuple->size = size;
  tuple->hash = 0;
  return tuple;
}

Ref newTuple(Thread& t, int64_t size) {
  if (size == 0) return Ref::of(t.isolate->empty_tuple);
  Tuple* tuple = rawTuple(t, size);
  for (int64_t i = 0; i < size; ++i) tuple->items()[i] = Value::none();
  gcTrack(tuple);
  return Ref::steal(tuple);
}

// Whether a tuple that holds v can be in a cycle: strings, numbers and tuples of those hold nothing. ref: _PyTuple_MaybeUntrack.
static bool canBeInCycle(Value v) {
  if (!v.isHeap()) return false;
  const Object* o = v.object();
  if (o->type->slots.traverse == nullptr) return false;
  return o->type->id != TypeId::kTuple || (o->gc & kGcTracked) != 0;
}
Ref tupleFromSteal(Thread& t, Value* items, int64_t size) {
  if (size == 0) return Ref::of(t.isolate->empty_tuple);
  Tuple* tuple = rawTuple(t, size);
  bool is_tracked = false;
  for (int64_t i = 0; i < size; ++i) {
    tuple->items()[i] = items[i];
    is_tracked = is_tracked || canBeInCycle(items[i]);
  }
  if (is_tracked) gcTrackSlow(tuple);
  return Ref::steal(tuple);
}

Ref nextPair(Thread& t, Value& kept, Value first, Value second) {
  if (kept.isHeap() && kept.object()->refs == 1) {
    Tuple* pair = kept.as<Tuple>();
    Value old[2] = {pair->items()[0], pair->items()[1]};
    pair->items()[0] = first;
    pair->items()[1] = second;
    pair->hash = 0;
    if (canBeInCycle(first) || canBeInCycle(second)) gcTrack(pair);
    Ref r = Ref::of(kept);
    decref(old[0]);
    decref(old[1]);
    return r;
  }
  Value items[2] = {first, second};
  Ref r = tupleFromSteal(t, items, 2);
  Value old = kept;
  kept = share(r.get());
  decref(old);
  return r;
}

Ref tupleFrom(Thread& t, const Value* items, int64_t size) {
  for (int64_t i = 0; i < size; ++i) incref(items[i]);
  return tupleFromSteal(t, const_cast<Value*>(items), size);
}

Ref tupleOf(Thread& t, std::initializer_list<Value> items) { return tupleFrom(t, items.begin(), items.size()); }

static Status extendBy_py(Thread& t, List* list, Value iterable, bool asks);
Ref tupleFromIterable_py(Thread& t, Value iterable) {
  if (isExact(iterable, TypeId::kTuple)) return Ref::of(iterable);
  if (isExact(iterable, TypeId::kList)) return tupleFrom(t, iterable.as<List>()->items, iterable.as<List>()->size);
  Ref list = newList(t);
  TRY(extendBy_py(t, list.as<List>(), iterable, false));
  List* items = list.as<List>();
  Ref out = tupleFromSteal(t, items->items, items->size);
  items->size = 0;
  return out;
}

static Value* makeItems(int64_t capacity) { return capacity > 0 ? static_cast<Value*>(allocateBytes(static_cast<size_t>(capacity) * sizeof(Value))) : nullptr; }
void freeListItems(Value* items, int64_t capacity) {
  if (items != nullptr) freeBytes(static_cast<void*>(items), static_cast<size_t>(capacity) * sizeof(Value));
}

Ref newList(Thread& t, int64_t capacity) {
  List* list = static_cast<List*>(allocateBytes(sizeof(List)));
  initHeader(list, t.types().list);
  list->size = 0;
  list->capacity = capacity;
  list->items = makeItems(capacity);
  gcTrack(list);
  return Ref::steal(list);
}

Ref listFromSteal(Thread& t, Value* items, int64_t size) {
  Ref r = newList(t, size);
  if (size > 0) std::memcpy(static_cast<void*>(r.as<List>()->items), items, size * sizeof(Value));
  r.as<List>()->size = size;
  return r;
}

Ref listFrom(Thread& t, const Value* items, int64_t size) {
  for (int64_t i = 0; i < size; ++i) incref(items[i]);
  return listFromSteal(t, const_cast<Value*>(items), size);
}

void listReserve(List* list, int64_t capacity) {
  if (capacity <= list->capacity) return;
  int64_t grown = (capacity + (capacity >> 3) + 6) & ~int64_t{3};  // ref: list_resize
  bool is_large = static_cast<size_t>(list->capacity) * sizeof(Value) > kSmallSizeLimit;
  if (is_large) {
    void* items = std::realloc(static_cast<void*>(list->items), static_cast<size_t>(grown) * sizeof(Value));
    if (items == nullptr) {
      grown = capacity;
      items = allocateFromReserve(static_cast<size_t>(grown) * sizeof(Value), static_cast<void*>(list->items));
    }
    noteMoved(list->items, items, static_cast<size_t>(grown) * sizeof(Value));
    list->items = static_cast<Value*>(items);
  } else {
    Value* items = makeItems(grown);
    if (list->size > 0) std::memcpy(static_cast<void*>(items), list->items, static_cast<size_t>(list->size) * sizeof(Value));
    freeListItems(list->items, list->capacity);
    list->items = items;
  }
  list->capacity = grown;
}

void listAppendSteal(List* list, Value item) {
  if (list->size == list->capacity) listReserve(list, list->size + 1);
  list->items[list->size++] = item;
}

void listInsert(List* list, int64_t at, Value item) {
  listReserve(list, list->size + 1);
  if (at < 0) at = at + list->size < 0 ? 0 : at + list->size;
  if (at > list->size) at = list->size;
  std::memmove(static_cast<void*>(list->items + at + 1), list->items + at, (list->size - at) * sizeof(Value));
  list->items[at] = share(item);
  ++list->size;
}

void listClear(List* list) {
  Value* items = list->items;
  int64_t size = list->size, capacity = list->capacity;
  list->items = nullptr;
  list->size = list->capacity = 0;
  while (size-- > 0) decref(items[size]);
  freeListItems(items, capacity);
}

// `asks`: whether the iterable says how much is to come, and what it raises then counts.
static Status extendBy_py(Thread& t, List* list, Value iterable, bool asks) {
  if (isList(iterable) || isTuple(iterable)) {
    Type* type = typeOfHeap(iterable);
    if (type->id == TypeId::kList || type->id == TypeId::kTuple) {
      bool is_list = type->id == TypeId::kList;
      int64_t n = is_list ? iterable.as<List>()->size : iterable.as<Tuple>()->size;
      listReserve(list, list->size + n);
      const Value* items = is_list ? iterable.as<List>()->items : iterable.as<Tuple>()->items();
      for (int64_t i = 0; i < n; ++i) list->items[list->size + i] = share(items[i]);
      list->size += n;
      return kDone;
    }
  }
  Ref iterator = TRY(iter_py(t, iterable));
  int64_t hint = asks ? TRY(lengthHint_py(t, iterable, 8)) : 8;
  // As much as was announced must be there to be had: else the system would run out of memory item by item. ref: list_preallocate.
  // A sum beyond 64 bits is a hint that cannot be meant.
  int64_t wanted;
  if (!__builtin_add_overflow(list->size, hint, &wanted)) {
    if (wanted >= (int64_t{1} << 40) || !canAllocate(static_cast<size_t>(wanted) * sizeof(Value))) return raiseMemoryError(t);
    listReserve(list, wanted);
  }
  for (;;) {
    Ref item = next_py(t, iterator.get());
    if (!item) break;
    listAppendSteal(list, item.release());
  }
  if (isPending(t)) return kRaised;
  return kDone;
}

Status listExtend_py(Thread& t, List* list, Value iterable) { return extendBy_py(t, list, iterable, true); }
Ref listFromIterable_py(Thread& t, Value iterable) {
  Ref list = newList(t);
  TRY(listExtend_py(t, list.as<List>(), iterable));
  return list;
}

Ref newSlice(Thread& t, Value start, Value stop, Value step) {
  Slice* s = allocate<Slice>(t.types().slice);
  s->start = share(start);
  s->stop = share(stop);
  s->step = share(step);
  if (start.isHeap() || stop.isHeap() || step.isHeap()) gcTrack(s);
  return Ref::steal(s);
}

Fallible<SliceBounds> sliceBounds_py(Thread& t, Value slice, int64_t length) {
  Slice* s = slice.as<Slice>();
  Ref held = Ref::of(slice);
  SliceBounds b;
  b.step = 1;
  if (!s->step.isNone()) {
    b.step = TRY(toIndexClamped_py(t, s->step));
    if (b.step == 0) return raiseValueError(t, "slice step cannot be zero");
    if (b.step == INT64_MIN) b.step = -INT64_MAX;
  }
  int64_t low = b.step < 0 ? -1 : 0, high = b.step < 0 ? length - 1 : length;
  b.start = b.step < 0 ? high : low;
  b.stop = b.step < 0 ? low : high;
  auto adjust = [&](int64_t v) {
    if (v < 0) {
      v += length;
      return v < low ? low : v;
    }
    return v > high ? high : v;
  };
  if (s->start.isInt()) b.start = adjust(s->start.asInt());
  else if (!s->start.isNone()) b.start = adjust(TRY(toIndexClamped_py(t, s->start)));
  if (s->stop.isInt()) b.stop = adjust(s->stop.asInt());
  else if (!s->stop.isNone()) b.stop = adjust(TRY(toIndexClamped_py(t, s->stop)));
  if (b.step < 0) b.length = b.stop < b.start ? (b.start - b.stop - 1) / -b.step + 1 : 0;
  else b.length = b.start < b.stop ? (b.stop - b.start - 1) / b.step + 1 : 0;
  return b;
}

Ref newRange(Thread& t, Value start, Value stop, Value step) {
  Ref length;
  int64_t a, b, c;
  if (intFits(start, a) && intFits(stop, b) && intFits(step, c) && a > -(1ll << 61) && b < (1ll << 61) && a < (1ll << 61) && b > -(1ll << 61)) {
    int64_t n = 0;
    if (c > 0 && a < b) n = (b - a - 1) / c + 1;
    if (c < 0 && a > b) n = static_cast<int64_t>(static_cast<uint64_t>(a - b - 1) / (0 - static_cast<uint64_t>(c))) + 1;
    length = newInt(t, n);
  } else {
    bool up = !intIsNegative(step);
    Ref distance = TRY(up ? intSub(t, stop, start) : intSub(t, start, stop));
    if (intIsNegative(distance.get()) || intIsZero(distance.get())) {
      length = newInt(t, 0);
    } else {
      Ref size = TRY(up ? Ref::of(step) : intNegative(t, step));
      Ref less = TRY(intSub(t, distance.get(), Value::fromInt(1)));
      Ref steps = TRY(intFloorDiv(t, less.get(), size.get()));
      length = TRY(intAdd(t, steps.get(), Value::fromInt(1)));
    }
  }
  Range* r = allocate<Range>(t.types().range);
  r->start = share(start);
  r->stop = share(stop);
  r->step = share(step);
  r->length = length.release();
  return Ref::steal(r);
}

}  // namespace krait::object
