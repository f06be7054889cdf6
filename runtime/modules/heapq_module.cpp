// The `_heapq` and `_bisect` modules: heaps in lists and binary search. Comparisons run Python code, so every position is checked
// against the list's size again after them. ref: Modules/_heapqmodule.c, Modules/_bisectmodule.c.
#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

// --- heaps; Max: the largest is first.
template <bool Max>
static Fallible<bool> before_py(Thread& t, Value a, Value b) {
  if (Max) std::swap(a, b);
  if (a.isInt() && b.isInt()) return a.asInt() < b.asInt();
  Ref x = Ref::of(a), y = Ref::of(b);
  return compareTrue_py(t, x.get(), y.get(), CompareOp::kLt);
}
static RaisedTag changed(Thread& t) { return raiseRuntimeError(t, "list changed size during iteration"); }
template <bool Max>
static Status siftDown_py(Thread& t, List* heap, int64_t start, int64_t at) {
  int64_t size = heap->size;
  if (at >= size) return raiseIndexError(t, "index out of range");
  while (at > start) {
    int64_t parent = (at - 1) >> 1;
    bool less = TRY(before_py<Max>(t, heap->items[at], heap->items[parent]));
    if (heap->size != size) return changed(t);
    if (!less) break;
    std::swap(heap->items[at], heap->items[parent]);
    at = parent;
  }
  return kDone;
}
template <bool Max>
static Status siftUp_py(Thread& t, List* heap, int64_t at) {
  int64_t size = heap->size, start = at, limit = size >> 1;
  if (at >= size) return raiseIndexError(t, "index out of range");
  while (at < limit) {
    int64_t child = 2 * at + 1;
    if (child + 1 < size) {
      bool left = TRY(before_py<Max>(t, heap->items[child], heap->items[child + 1]));
      if (heap->size != size) return changed(t);
      child += !left;
    }
    std::swap(heap->items[at], heap->items[child]);
    at = child;
  }
  return siftDown_py<Max>(t, heap, start, at);
}
static Status needList(Thread& t, const char* name, Value v, bool is_alone = false) {
  if (isList(v)) return kDone;
  if (is_alone) return raiseTypeError(t, "%s() argument must be list, not %s", name, typeNameOf(t, v));
  return raiseTypeError(t, "%s() argument 1 must be list, not %s", name, typeNameOf(t, v));
}
template <bool Max>
static Ref push(Thread& t, const Value* a) {
  TRY(needList(t, Max ? "heappush_max" : "heappush", a[0]));
  listAppend(a[0].as<List>(), a[1]);
  TRY(siftDown_py<Max>(t, a[0].as<List>(), 0, a[0].as<List>()->size - 1));
  return Ref::none();
}
template <bool Max>
static Ref pop(Thread& t, const Value* a) {
  TRY(needList(t, Max ? "heappop_max" : "heappop", a[0], true));
  List* heap = a[0].as<List>();
  if (heap->size == 0) return raiseIndexError(t, "index out of range");
  Ref last = Ref::steal(heap->items[--heap->size]);
  if (heap->size == 0) return last;
  Ref first = Ref::steal(heap->items[0]);
  heap->items[0] = last.release();
  TRY(siftUp_py<Max>(t, heap, 0));
  return first;
}
template <bool Max>
static Ref replace(Thread& t, const Value* a) {
  TRY(needList(t, Max ? "heapreplace_max" : "heapreplace", a[0]));
  List* heap = a[0].as<List>();
  if (heap->size == 0) return raiseIndexError(t, "index out of range");
  Ref first = Ref::steal(heap->items[0]);
  heap->items[0] = share(a[1]);
  TRY(siftUp_py<Max>(t, heap, 0));
  return first;
}
template <bool Max>
static Ref pushPop(Thread& t, const Value* a) {
  TRY(needList(t, Max ? "heappushpop_max" : "heappushpop", a[0]));
  List* heap = a[0].as<List>();
  if (heap->size == 0) return Ref::of(a[1]);
  if (!TRY(before_py<Max>(t, heap->items[0], a[1]))) return Ref::of(a[1]);
  return replace<Max>(t, a);
}
template <bool Max>
static Ref heapify(Thread& t, const Value* a) {
  TRY(needList(t, Max ? "heapify_max" : "heapify", a[0], true));
  for (int64_t i = a[0].as<List>()->size / 2 - 1; i >= 0; --i) TRY(siftUp_py<Max>(t, a[0].as<List>(), i));
  return Ref::none();
}
static const NativeDef kHeapFunctions[] = {
    {"heappush", "(heap, item, /)", push<false>, "Push item onto heap, maintaining the heap invariant."},
    {"heappop", "(heap, /)", pop<false>, "Pop the smallest item off the heap, maintaining the heap invariant."},
    {"heapreplace", "(heap, item, /)", replace<false>, "Pop and return the current smallest value, and add the new item."},
    {"heappushpop", "(heap, item, /)", pushPop<false>, "Push item on the heap, then pop and return the smallest item from the heap."},
    {"heapify", "(heap, /)", heapify<false>, "Transform list into a heap, in-place, in O(len(heap)) time."},
    {"heappush_max", "(heap, item, /)", push<true>, "Push item onto max heap, maintaining the heap invariant."},
    {"heappop_max", "(heap, /)", pop<true>, "Maxheap variant of heappop."},
    {"heapreplace_max", "(heap, item, /)", replace<true>, "Maxheap variant of heapreplace."},
    {"heappushpop_max", "(heap, item, /)", pushPop<true>, "Maxheap variant of heappushpop."},
    {"heapify_max", "(heap, /)", heapify<true>, "Maxheap variant of heapify."},
    {nullptr, nullptr, nullptr}};
extern const NativeModule kHeapqModule;
const NativeModule kHeapqModule = {"_heapq", "Heap queue algorithm (a.k.a. priority queue).", kHeapFunctions, nullptr};

// --- bisection. a: a, x, lo, hi, key
static Fallible<int64_t> search_py(Thread& t, const Value* a, Value wanted, bool right) {
  int64_t low = TRY(toInt64_py(t, a[2])), high;
  if (low < 0) {
    (void)raiseValueError(t, "lo must be non-negative");
    return kRaised;
  }
  high = a[3].isNone() ? TRY(length_py(t, a[0])) : TRY(toInt64_py(t, a[3]));
  while (low < high) {
    int64_t middle = static_cast<int64_t>((static_cast<uint64_t>(low) + static_cast<uint64_t>(high)) / 2);
    Ref item;
    if (isExact(a[0], TypeId::kList) && middle < a[0].as<List>()->size) item = Ref::of(a[0].as<List>()->items[middle]);
    else item = TRY(getItem_py(t, a[0], newInt(t, middle).get()));
    if (!a[4].isNone()) item = TRY(callArgs_py(t, a[4], item.get()));
    bool less = right ? TRY(compareTrue_py(t, wanted, item.get(), CompareOp::kLt)) : TRY(compareTrue_py(t, item.get(), wanted, CompareOp::kLt));
    if (less == right) high = middle;
    else low = middle + 1;
  }
  return low;
}
template <bool Right>
static Ref bisect(Thread& t, const Value* a) { return newInt(t, TRY(search_py(t, a, a[1], Right))); }
template <bool Right>
static Ref insort(Thread& t, const Value* a) {
  Ref wanted = a[4].isNone() ? Ref::of(a[1]) : TRY(callArgs_py(t, a[4], a[1]));
  int64_t at = TRY(search_py(t, a, wanted.get(), Right));
  if (isExact(a[0], TypeId::kList)) {
    listInsert(a[0].as<List>(), at, a[1]);
    return Ref::none();
  }
  Ref place = newInt(t, at);
  Ref done = TRY(callMethod_py(t, a[0], intern(*t.isolate, "insert"), place.get(), a[1]));
  return Ref::none();
}
#define BISECT_ARGS "(a, x, lo=0, hi=None, *, key=None)"
static const NativeDef kBisectFunctions[] = {{"bisect_left", BISECT_ARGS, bisect<false>}, {"bisect_right", BISECT_ARGS, bisect<true>},
    {"insort_left", BISECT_ARGS, insort<false>}, {"insort_right", BISECT_ARGS, insort<true>}, {nullptr, nullptr, nullptr}};
extern const NativeModule kBisectModule;
const NativeModule kBisectModule = {"_bisect", "Bisection algorithms.", kBisectFunctions, nullptr};

}  // namespace krait::modules
