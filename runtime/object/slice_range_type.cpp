// `slice` and `range`. ref: Objects/sliceobject.c, Objects/rangeobject.c.
#include "runtime/object/containers.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/iterators.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

static void sliceDealloc(Object* o) {
  Slice* s = static_cast<Slice*>(o);
  for (Value v : {s->start, s->stop, s->step}) decref(v);
}
static void sliceTraverse(Object* o, Visitor visitor, void* context) {
  Slice* s = static_cast<Slice*>(o);
  for (Value v : {s->start, s->stop, s->step}) visit(v, visitor, context);
}
static Ref sliceTuple(Thread& t, Value v) { return tupleOf(t, {v.as<Slice>()->start, v.as<Slice>()->stop, v.as<Slice>()->step}); }
static Ref sliceRepr(Thread& t, Value v) {
  Ref r = TRY(repr_py(t, sliceTuple(t, v).get()));
  return strFormat(t, "slice%s", toUtf8(r.as<Str>()).c_str());
}
static Ref sliceCompare(Thread& t, Value a, Value b, CompareOp op) {
  if (!isExact(b, TypeId::kSlice)) return Ref::notImplemented();
  Ref x = sliceTuple(t, a), y = sliceTuple(t, b);
  return compare_py(t, x.get(), y.get(), op);
}
static Fallible<int64_t> sliceHash(Thread& t, Value v) { return hash_py(t, sliceTuple(t, v).get()); }
static Ref sliceMake(Thread& t, Type*, const Value* a, uint32_t n, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0) return raiseTypeError(t, "slice() takes no keyword arguments");
  if (n < 1 || n > 3) return raiseTypeError(t, n < 1 ? "slice expected at least 1 argument, got %u" : "slice expected at most 3 arguments, got %u", n);
  if (n == 1) return newSlice(t, Value::none(), a[0], Value::none());
  return newSlice(t, a[0], a[1], n == 3 ? a[2] : Value::none());
}
static Ref sliceStart(Thread&, Value v) { return Ref::of(v.as<Slice>()->start); }
static Ref sliceStop(Thread&, Value v) { return Ref::of(v.as<Slice>()->stop); }
static Ref sliceStep(Thread&, Value v) { return Ref::of(v.as<Slice>()->step); }
// A slice applied to a sequence of any length, in ints of any size. ref: _PySlice_GetLongIndices.
struct ExactBounds {
  Ref start, stop, step;
};
static Ref clampedBound_py(Thread& t, Value v, Value length, Value low, Value high) {
  if (!isIntLike(v) && typeOf(t, v)->slots.index == nullptr) return raiseTypeError(t, "slice indices must be integers or None or have an __index__ method");
  Ref n = TRY(toIndex_py(t, v));
  if (intIsNegative(n.get())) n = TRY(intAdd(t, n.get(), length));
  if (intCompare(n.get(), low) < 0) return Ref::of(low);
  if (intCompare(n.get(), high) > 0) return Ref::of(high);
  return n;
}
static Status exactBounds_py(Thread& t, Slice* s, Value length, ExactBounds& out) {
  Ref held = Ref::of(Value(s));
  out.step = newIntSmall(1);
  if (!s->step.isNone()) {
    if (!isIntLike(s->step) && typeOf(t, s->step)->slots.index == nullptr) return raiseTypeError(t, "slice indices must be integers or None or have an __index__ method");
    out.step = TRY(toIndex_py(t, s->step));
    if (intIsZero(out.step.get())) return raiseValueError(t, "slice step cannot be zero");
  }
  bool is_down = intIsNegative(out.step.get());
  Ref low = newIntSmall(is_down ? -1 : 0), high = TRY(intAdd(t, length, Value::fromInt(is_down ? -1 : 0)));
  out.start = s->start.isNone() ? Ref::of(is_down ? high.get() : low.get()) : TRY(clampedBound_py(t, s->start, length, low.get(), high.get()));
  out.stop = s->stop.isNone() ? Ref::of(is_down ? low.get() : high.get()) : TRY(clampedBound_py(t, s->stop, length, low.get(), high.get()));
  return kDone;
}
static Ref indices(Thread& t, const Value* a) {
  Ref length = TRY(toIndex_py(t, a[1]));
  if (intIsNegative(length.get())) return raiseValueError(t, "length should not be negative");
  ExactBounds b;
  TRY(exactBounds_py(t, a[0].as<Slice>(), length.get(), b));
  return tupleOf(t, {b.start.get(), b.stop.get(), b.step.get()});
}
static Ref sliceReduce(Thread& t, const Value* a) {
  Ref args = sliceTuple(t, a[0]);
  return tupleOf(t, {t.types().slice, args.get()});
}
static const GetSetDef kSliceGetSets[] = {{"start", sliceStart, readOnlyMember}, {"stop", sliceStop, readOnlyMember}, {"step", sliceStep, readOnlyMember}, {nullptr, nullptr}};
static const NativeDef kSliceMethods[] = {{"indices", "($self, object, /)", indices}, {"__reduce__", "($self, /)", sliceReduce}, {nullptr, nullptr, nullptr}};
void initSliceType(Isolate& isolate) {
  Type* type = isolate.types.slice = makeType(isolate, {.name = "slice", .id = TypeId::kSlice, .size = sizeof(Slice), .flags = kTypeGc, .methods = kSliceMethods, .getsets = kSliceGetSets});
  type->slots.dealloc = sliceDealloc;
  type->slots.traverse = sliceTraverse;
  type->slots.repr = sliceRepr;
  type->slots.compare = sliceCompare;
  type->slots.hash = sliceHash;
  type->slots.make = sliceMake;
}

// --- range
static Range* self(Value v) { return v.as<Range>(); }
static void rangeDealloc(Object* o) {
  Range* r = static_cast<Range*>(o);
  for (Value v : {r->start, r->stop, r->step, r->length}) decref(v);
}
static Ref rangeMake(Thread& t, Type*, const Value* a, uint32_t n, Tuple* kw) {
  if (kw != nullptr && kw->size > 0) return raiseTypeError(t, "range() takes no keyword arguments");
  if (n < 1 || n > 3) return raiseTypeError(t, n < 1 ? "range expected at least 1 argument, got %u" : "range expected at most 3 arguments, got %u", n);
  Ref start = n == 1 ? newIntSmall(0) : TRY(toIndex_py(t, a[0])), stop = TRY(toIndex_py(t, n == 1 ? a[0] : a[1]));
  Ref step = n == 3 ? TRY(toIndex_py(t, a[2])) : newIntSmall(1);
  if (intIsZero(step.get())) return raiseValueError(t, "range() arg 3 must not be zero");
  return newRange(t, start.get(), stop.get(), step.get());
}
static Ref rangeRepr(Thread& t, Value v) {
  std::string text = "range(" + intToText(self(v)->start, 10) + ", " + intToText(self(v)->stop, 10);
  if (self(v)->step != Value::fromInt(1)) text += ", " + intToText(self(v)->step, 10);
  return newStr(t, text + ")");
}
static Fallible<int64_t> rangeLength(Thread& t, Value v) {
  int64_t n;
  if (!intFits(self(v)->length, n)) return raiseOverflowError(t, "Python int too large to convert to C ssize_t");
  return n;
}
static Fallible<bool> rangeTruth(Thread&, Value v) { return !intIsZero(self(v)->length); }
static Ref rangeIter(Thread& t, Value v) {
  Range* r = self(v);
  int64_t start, step, length;
  if (!intFits(r->start, start) || !intFits(r->step, step) || !intFits(r->length, length)) return newSequenceIterator(t, v);
  RangeIterator* it = static_cast<RangeIterator*>(allocateBytes(sizeof(RangeIterator)));
  initHeader(it, t.types().range_iterator);
  it->next = start;
  it->step = step;
  it->remaining = length;
  int64_t last;
  if (__builtin_mul_overflow(step, length, &last) || __builtin_add_overflow(last, start, &last) || !Value::fitsInt(last) || !Value::fitsInt(start)) {
    freeBytes(it, sizeof(RangeIterator));
    return newSequenceIterator(t, v);
  }
  return Ref::steal(it);
}
static Ref rangeAt(Thread& t, Range* r, Value i) {
  Ref offset = TRY(intMul(t, i, r->step));
  return intAdd(t, r->start, offset.get());
}
static Ref rangeGetItem(Thread& t, Value v, Value key) {
  Range* r = self(v);
  if (isExact(key, TypeId::kSlice)) {
    ExactBounds b;
    TRY(exactBounds_py(t, key.as<Slice>(), r->length, b));
    Ref start = TRY(rangeAt(t, r, b.start.get())), stop = TRY(rangeAt(t, r, b.stop.get())), step = TRY(intMul(t, r->step, b.step.get()));
    return newRange(t, start.get(), stop.get(), step.get());
  }
  if (!isIntLike(key) && typeOf(t, key)->slots.index == nullptr) return raiseTypeError(t, "range indices must be integers or slices, not %s", typeNameOf(t, key));
  Ref i = TRY(toIndex_py(t, key));
  if (intIsNegative(i.get())) i = TRY(intAdd(t, i.get(), r->length));
  if (intIsNegative(i.get()) || intCompare(i.get(), r->length) >= 0) return raiseIndexError(t, "range object index out of range");
  return rangeAt(t, r, i.get());
}
// The index of an int, or -1 as an int Value.
static Ref rangeFind(Thread& t, Range* r, Value v) {
  Ref offset = TRY(intSub(t, v, r->start));
  Ref rest = TRY(intMod(t, offset.get(), r->step)), i = TRY(intFloorDiv(t, offset.get(), r->step));
  if (!intIsZero(rest.get()) || intIsNegative(i.get()) || intCompare(i.get(), r->length) >= 0) return newIntSmall(-1);
  return i;
}
static Fallible<bool> rangeContains(Thread& t, Value v, Value item) {
  if (isExactInt(item) || item.isBool()) return !intIsNegative(TRY(rangeFind(t, self(v), item)).get());
  Iteration it(t, v);
  while (it.next()) {
    if (TRY(equals_py(t, it.value(), item))) return true;
  }
  if (it.raised()) return kRaised;
  return false;
}
static Ref rangeKey(Thread& t, Range* r) {
  if (intIsZero(r->length)) return tupleOf(t, {r->length, Value::none(), Value::none()});
  if (r->length == Value::fromInt(1)) return tupleOf(t, {r->length, r->start, Value::none()});
  return tupleOf(t, {r->length, r->start, r->step});
}
static Ref rangeCompare(Thread& t, Value a, Value b, CompareOp op) {
  if (!isExact(b, TypeId::kRange) || (op != CompareOp::kEq && op != CompareOp::kNe)) return Ref::notImplemented();
  Ref x = rangeKey(t, self(a)), y = rangeKey(t, self(b));
  return compare_py(t, x.get(), y.get(), op);
}
static Fallible<int64_t> rangeHash(Thread& t, Value v) { return hash_py(t, rangeKey(t, self(v)).get()); }
static Ref rangeStart(Thread&, Value v) { return Ref::of(self(v)->start); }
static Ref rangeStop(Thread&, Value v) { return Ref::of(self(v)->stop); }
static Ref rangeStep(Thread&, Value v) { return Ref::of(self(v)->step); }
// What is no plain int is compared with one item after the other. ref: range_count, range_index.
static Ref rangeCount(Thread& t, const Value* a) {
  if (isExactInt(a[1]) || a[1].isBool()) return newIntSmall(TRY(rangeContains(t, a[0], a[1])));
  int64_t count = 0;
  Iteration it(t, a[0]);
  while (it.next()) count += TRY(equals_py(t, it.value(), a[1]));
  if (it.raised()) return Ref();
  return newInt(t, count);
}
static Ref rangeIndex(Thread& t, const Value* a) {
  if (isExactInt(a[1]) || a[1].isBool()) {
    Ref i = TRY(rangeFind(t, self(a[0]), a[1]));
    if (!intIsNegative(i.get())) return i;
    return raiseValueError(t, "range.index(x): x not in range");
  }
  int64_t at = 0;
  Iteration it(t, a[0]);
  for (; it.next(); ++at) {
    if (TRY(equals_py(t, it.value(), a[1]))) return newInt(t, at);
  }
  if (it.raised()) return Ref();
  return raiseValueError(t, "sequence.index(x): x not in sequence");
}
static Ref rangeReversed(Thread& t, const Value* a) {
  Range* r = self(a[0]);
  Ref less = TRY(intSub(t, r->length, Value::fromInt(1))), start = TRY(rangeAt(t, r, less.get()));
  Ref stop = TRY(intSub(t, r->start, r->step)), step = TRY(intNegative(t, r->step));
  Ref reversed = TRY(newRange(t, start.get(), stop.get(), step.get()));
  return rangeIter(t, reversed.get());
}
static Ref rangeReduce(Thread& t, const Value* a) {
  Ref args = tupleOf(t, {self(a[0])->start, self(a[0])->stop, self(a[0])->step});
  return tupleOf(t, {t.types().range, args.get()});
}
static const GetSetDef kRangeGetSets[] = {{"start", rangeStart, readOnlyMember}, {"stop", rangeStop, readOnlyMember}, {"step", rangeStep, readOnlyMember}, {nullptr, nullptr}};
static const NativeDef kRangeMethods[] = {{"count", "($self, value, /)", rangeCount}, {"index", "($self, value, /)", rangeIndex},
    {"__reversed__", "($self, /)", rangeReversed}, {"__reduce__", "($self, /)", rangeReduce}, {nullptr, nullptr, nullptr}};
void initRangeType(Isolate& isolate) {
  Type* type = isolate.types.range = makeType(isolate, {.name = "range", .id = TypeId::kRange, .size = sizeof(Range), .flags = kTypeMatchSequence, .methods = kRangeMethods, .getsets = kRangeGetSets});
  Slots& s = type->slots;
  s.dealloc = rangeDealloc;
  s.make = rangeMake;
  s.repr = rangeRepr;
  s.length = rangeLength;
  s.truth = rangeTruth;
  s.iter = rangeIter;
  s.get_item = rangeGetItem;
  s.contains = rangeContains;
  s.compare = rangeCompare;
  s.hash = rangeHash;
}

}  // namespace krait::object
