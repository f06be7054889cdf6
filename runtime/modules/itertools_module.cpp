// The `itertools` module. Every iterator shares one layout (Stage): a few values, counters and flags; a kind is its make
// and next functions, and one line of the table at the end. ref: Modules/itertoolsmodule.c.
#include <vector>

#include "runtime/modules/itertools_tee.h"
#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

struct Stage : Object {
  Value a, b, c, d;
  int64_t at, n, m;
  bool flag, done;
};
static Stage* self(Value v) { return v.as<Stage>(); }
static void dealloc(Object* o) {
  Stage* s = static_cast<Stage*>(o);
  for (Value v : {s->a, s->b, s->c, s->d}) decref(v);
}
static void traverse(Object* o, Visitor visitor, void* context) {
  Stage* s = static_cast<Stage*>(o);
  for (Value v : {s->a, s->b, s->c, s->d}) visit(v, visitor, context);
}
static void clear(Object* o) {
  Stage* s = static_cast<Stage*>(o);
  for (Value* v : {&s->a, &s->b, &s->c, &s->d}) clearField(*v);
}
static Ref iterSelf(Thread&, Value v) { return Ref::of(v); }
static Ref newStage(Type* type, Value a = Value(), Value b = Value()) {
  Stage* s = allocate<Stage>(type);
  s->a = share(a);
  s->b = share(b);
  gcTrack(s);
  return Ref::steal(s);
}
#define MAKE(name) static Ref name(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* kw)
#define BIND(function, signature) \
  BoundArguments p;               \
  TRY(bindArguments_py(t, function, signature, args, nargs, kw, p))
static Value item(Value tuple, int64_t i) { return tuple.as<Tuple>()->items()[i]; }
static void store(Value& field, Ref v) {
  Value old = field;
  field = v.release();
  decref(old);
}

// --- count, cycle, repeat
MAKE(countMake) {
  BIND("count", "(start=0, step=1)");
  for (int i = 0; i < 2; ++i) {
    const Type* number = typeOf(t, p[i]);
    if (number->slots.index == nullptr && number->slots.to_int == nullptr && number->slots.to_float == nullptr && !hasLayout(p[i], TypeId::kComplex)) return raiseTypeError(t, "a number is required");
  }
  return newStage(type, p[0], p[1]);
}
static Ref countNext(Thread& t, Value v) {
  Ref r = Ref::of(self(v)->a);
  store(self(v)->a, TRY(binary_py(t, r.get(), self(v)->b, object::BinaryOp::kAdd)));
  return r;
}
static Ref countRepr(Thread& t, Value v) {
  std::string step = self(v)->b == Value::fromInt(1) ? "" : ", " + reprText_py(t, self(v)->b);
  return strFormat(t, "count(%s%s)", reprText_py(t, self(v)->a).c_str(), step.c_str());
}
MAKE(cycleMake) {
  BIND("cycle", "(iterable, /)");
  Ref it = TRY(iter_py(t, p[0])), saved = newList(t);
  return newStage(type, it.get(), saved.get());
}
static Ref cycleNext(Thread& t, Value v) {
  Stage* s = self(v);
  if (s->a.defined()) {
    Ref r = next_py(t, s->a);
    if (r) {
      listAppend(s->b.as<List>(), r.get());
      return r;
    }
    if (isPending(t)) return r;
    clearField(s->a);
  }
  List* saved = s->b.as<List>();
  if (saved->size == 0) return Ref();
  Ref r = Ref::of(saved->items[s->at]);
  s->at = (s->at + 1) % saved->size;
  return r;
}
MAKE(repeatMake) {
  BIND("repeat", "(object, times=<unset>)");
  Ref r = newStage(type, p[0]);
  self(r.get())->flag = p[1].defined();
  if (p[1].defined()) self(r.get())->n = TRY(toInt64_py(t, p[1]));
  return r;
}
static Ref repeatNext(Thread&, Value v) {
  if (self(v)->flag && self(v)->n-- <= 0) return Ref();
  return Ref::of(self(v)->a);
}
static Ref repeatHint(Thread& t, const Value* a) {
  if (!self(a[0])->flag) return raiseTypeError(t, "len() of unsized object");
  return newInt(t, self(a[0])->n < 0 ? 0 : self(a[0])->n);
}
static const NativeDef kRepeatMethods[] = {{"__length_hint__", "($self, /)", repeatHint, "Private method returning an estimate of len(list(it))."},
    {nullptr, nullptr, nullptr}};
static Ref repeatRepr(Thread& t, Value v) {
  std::string times = self(v)->flag ? ", " + std::to_string(self(v)->n < 0 ? 0 : self(v)->n) : "";
  return strFormat(t, "repeat(%s%s)", reprText_py(t, self(v)->a).c_str(), times.c_str());
}

// --- chain
MAKE(chainMake) {
  if (kw != nullptr && kw->size > 0 && !type->has(kTypeHeap)) return raiseTypeError(t, "chain() takes no keyword arguments");
  Ref all = tupleFrom(t, args, nargs);
  Ref it = TRY(iter_py(t, all.get()));
  return newStage(type, it.get());
}
static Ref fromIterable(Thread& t, const Value* a) {
  Ref it = TRY(iter_py(t, a[1]));
  return newStage(a[0].as<Type>(), it.get());
}
static Ref chainNext(Thread& t, Value v) {
  Stage* s = self(v);
  while (s->a.defined()) {
    if (s->b.isUndefined()) {
      Ref next = next_py(t, s->a);
      if (!next) {
        if (!isPending(t)) clearField(s->a);
        return Ref();
      }
      s->b = TRY(iter_py(t, next.get())).release();
    }
    Ref r = next_py(t, s->b);
    if (r || isPending(t)) return r;
    clearField(s->b);
  }
  return Ref();
}

// --- those that filter
MAKE(pairMake) {  // (function or selectors, iterable)
  BIND(shortTypeName(type), "(first, second, /)");
  Ref it = TRY(iter_py(t, p[1]));
  return newStage(type, p[0], it.get());
}
static Ref takeWhileNext(Thread& t, Value v) {
  Stage* s = self(v);
  if (s->done) return Ref();
  Ref r = next_py(t, s->b);
  if (!r) return r;
  Ref good = TRY(callArgs_py(t, s->a, r.get()));
  if (TRY(isTrue_py(t, good.get()))) return r;
  s->done = true;
  return Ref();
}
static Ref dropWhileNext(Thread& t, Value v) {
  Stage* s = self(v);
  for (;;) {
    Ref r = next_py(t, s->b);
    if (!r || s->flag) return r;
    Ref good = TRY(callArgs_py(t, s->a, r.get()));
    if (TRY(isTrue_py(t, good.get()))) continue;
    s->flag = true;
    return r;
  }
}
static Ref filterFalseNext(Thread& t, Value v) {
  Stage* s = self(v);
  for (;;) {
    Ref r = next_py(t, s->b);
    if (!r) return r;
    Ref good = s->a.isNone() ? Ref::of(r.get()) : TRY(callArgs_py(t, s->a, r.get()));
    if (!TRY(isTrue_py(t, good.get()))) return r;
  }
}
MAKE(compressMake) {
  BIND("compress", "(data, selectors)");
  Ref data = TRY(iter_py(t, p[0])), selectors = TRY(iter_py(t, p[1]));
  return newStage(type, data.get(), selectors.get());
}
static Ref compressNext(Thread& t, Value v) {
  for (;;) {
    Ref r = next_py(t, self(v)->a);
    if (!r) return r;
    Ref keep = next_py(t, self(v)->b);
    if (!keep) return keep;
    if (TRY(isTrue_py(t, keep.get()))) return r;
  }
}
static Ref starMapNext(Thread& t, Value v) {
  Ref r = next_py(t, self(v)->b);
  if (!r) return r;
  Ref args = TRY(tupleFromIterable_py(t, r.get()));
  return callTuple_py(t, self(v)->a, args.as<Tuple>(), nullptr);
}

// --- islice
static Fallible<int64_t> sliceIndex(Thread& t, Value v, int64_t fallback, const char* message) {
  if (v.isNone()) return fallback;
  int64_t n = -1;
  if (!isIntLike(v) && typeOf(t, v)->slots.index == nullptr) return raiseValueError(t, "%s", message);
  Ref index = TRY(toIndex_py(t, v));
  if (!intFits(index.get(), n) || n < 0) return raiseValueError(t, "%s", message);
  return n;
}
MAKE(isliceMake) {
  if (kw != nullptr && kw->size > 0) return raiseTypeError(t, "islice() takes no keyword arguments");
  if (nargs < 2 || nargs > 4) return raiseTypeError(t, "islice expected at %s, got %u", nargs < 2 ? "least 2 arguments" : "most 4 arguments", nargs);
  constexpr const char* kStop = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
  constexpr const char* kAny = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
  const Value& end = nargs == 2 ? args[1] : args[2];
  bool is_number = end.isNone() || isIntLike(end) || typeOf(t, end)->slots.index != nullptr;
  if (!is_number) return raiseValueError(t, "%s", kStop);
  int64_t start = nargs == 2 ? 0 : TRY(sliceIndex(t, args[1], 0, kAny));
  int64_t number;
  bool is_wide = nargs == 2 && isIntLike(end) && !intFits(end, number);
  int64_t stop = TRY(sliceIndex(t, end, INT64_MAX, is_wide ? kStop : kAny));
  int64_t step = nargs == 4 ? TRY(sliceIndex(t, args[3], 1, "Step for islice() must be a positive integer or None.")) : 1;
  if (step == 0) return raiseValueError(t, "Step for islice() must be a positive integer or None.");
  Ref it = TRY(iter_py(t, args[0])), r = newStage(type, it.get());
  self(r.get())->n = start;  // next index to give
  self(r.get())->m = stop;
  self(r.get())->c = Value::fromInt(step);
  return r;
}
static Ref isliceNext(Thread& t, Value v) {
  Stage* s = self(v);
  if (s->a.isUndefined()) return Ref();
  int64_t wanted = s->n < s->m ? s->n : s->m;
  while (s->at < wanted) {
    Ref skipped = next_py(t, s->a);
    if (!skipped) {
      clearField(s->a);
      return skipped;
    }
    ++s->at;
  }
  if (s->n >= s->m) {
    clearField(s->a);
    return Ref();
  }
  Ref r = next_py(t, s->a);
  if (!r) return r;
  ++s->at;
  s->n = s->n > INT64_MAX - s->c.asInt() ? INT64_MAX : s->n + s->c.asInt();
  return r;
}

// --- accumulate, pairwise, batched, zip_longest
MAKE(accumulateMake) {
  BIND("accumulate", "(iterable, func=None, *, initial=None)");
  Ref it = TRY(iter_py(t, p[0])), r = newStage(type, it.get(), p[1]);
  if (!p[2].isNone()) self(r.get())->d = share(p[2]);
  return r;
}
static Ref accumulateNext(Thread& t, Value v) {
  Stage* s = self(v);
  if (s->d.defined()) {  // the initial value comes first
    s->c = s->d;
    s->d = Value();
    return Ref::of(s->c);
  }
  Ref r = next_py(t, s->a);
  if (!r) return r;
  if (s->c.defined()) {
    Ref total = Ref::of(s->c);
    r = s->b.isNone() ? TRY(binary_py(t, total.get(), r.get(), object::BinaryOp::kAdd)) : TRY(callArgs_py(t, s->b, total.get(), r.get()));
  }
  store(s->c, Ref::of(r.get()));
  return r;
}
MAKE(iterableMake) {
  BIND(shortTypeName(type), "(iterable, /)");
  Ref it = TRY(iter_py(t, p[0]));
  return newStage(type, it.get());
}
static Ref pairwiseNext(Thread& t, Value v) {
  Stage* s = self(v);
  if (s->b.isUndefined()) {
    Ref first = next_py(t, s->a);
    if (!first) return first;
    s->b = first.release();
  }
  Ref r = next_py(t, s->a);
  if (!r) return r;
  Ref pair = tupleOf(t, {s->b, r.get()});
  store(s->b, std::move(r));
  return pair;
}
MAKE(batchedMake) {
  BIND("batched", "(iterable, n, *, strict=False)");
  int64_t n = TRY(toInt64_py(t, p[1]));
  if (n < 1) return raiseValueError(t, "n must be at least one");
  Ref it = TRY(iter_py(t, p[0])), r = newStage(type, it.get());
  self(r.get())->n = n;
  self(r.get())->flag = TRY(isTrue_py(t, p[2]));
  return r;
}
static Ref batchedNext(Thread& t, Value v) {
  Ref list = newList(t);
  while (list.as<List>()->size < self(v)->n) {
    Ref r = next_py(t, self(v)->a);
    if (!r) break;
    listAppend(list.as<List>(), r.get());
  }
  if (isPending(t) || list.as<List>()->size == 0) return Ref();
  if (self(v)->flag && list.as<List>()->size < self(v)->n) return raiseValueError(t, "batched(): incomplete batch");
  return tupleFrom(t, list.as<List>()->items, list.as<List>()->size);
}
MAKE(zipLongestMake) {
  bool is_known = kw == nullptr || kw->size == 0 || (kw->size == 1 && strEquals(kw->items()[0].as<Str>(), "fillvalue"));
  if (!is_known) return raiseTypeError(t, "zip_longest() got an unexpected keyword argument");
  BIND("zip_longest", "(*iterables, fillvalue=None)");
  int64_t n = p[0].as<Tuple>()->size;
  Ref iterators = newTuple(t, n);
  for (int64_t i = 0; i < n; ++i) iterators.as<Tuple>()->items()[i] = TRY(iter_py(t, item(p[0], i))).release();
  Ref r = newStage(type, iterators.get(), p[1]);
  self(r.get())->n = n;
  return r;
}
static Ref zipLongestNext(Thread& t, Value v) {
  Stage* s = self(v);
  int64_t total = s->a.as<Tuple>()->size;
  if (s->n == 0) return Ref();
  Ref out = newTuple(t, total);
  for (int64_t i = 0; i < total; ++i) {
    Value& it = s->a.as<Tuple>()->items()[i];
    Ref r = it.isNone() ? Ref() : next_py(t, it);
    if (!r) {
      if (isPending(t)) return Ref();
      if (!it.isNone()) {
        if (--s->n == 0) return Ref();
        Value old = it;
        it = Value::none();
        decref(old);
      }
      r = Ref::of(s->b);
    }
    out.as<Tuple>()->items()[i] = r.release();
  }
  return out;
}

// --- combinatorics: a is the pool (tuple), b the indices (list of ints); c, for permutations, the cycles
static Ref pick(Thread& t, Stage* s, int64_t r) {
  Ref out = newTuple(t, r);
  for (int64_t i = 0; i < r; ++i) out.as<Tuple>()->items()[i] = share(item(s->a, s->b.as<List>()->items[i].asInt()));
  return out;
}
static Ref indexList(Thread& t, int64_t n, bool rising) {
  Ref list = newList(t, n);
  for (int64_t i = 0; i < n; ++i) listAppend(list.as<List>(), Value::fromInt(rising ? i : 0));
  return list;
}
static Ref combinator(Thread& t, Type* type, Value iterable, int64_t r, bool rising) {
  if (r < 0) return raiseValueError(t, "r must be non-negative");
  if (r > int64_t{1} << 40 || !canAllocate(static_cast<size_t>(r) * sizeof(Value))) return raiseMemoryError(t);
  Ref pool = TRY(tupleFromIterable_py(t, iterable)), indices = indexList(t, r, rising), out = newStage(type, pool.get(), indices.get());
  self(out.get())->n = r;
  self(out.get())->m = pool.as<Tuple>()->size;
  return out;
}
MAKE(combinationsMake) {
  BIND("combinations", "(iterable, r)");
  Ref s = TRY(combinator(t, type, p[0], TRY(toInt64_py(t, p[1])), true));
  self(s.get())->done = self(s.get())->n > self(s.get())->m;
  return s;
}
static Ref combinationsNext(Thread& t, Value v) {
  Stage* s = self(v);
  if (s->done) return Ref();
  Value* indices = s->b.as<List>()->items;
  if (s->flag) {
    int64_t i = s->n - 1;
    while (i >= 0 && indices[i].asInt() == i + s->m - s->n) --i;
    if (i < 0) {
      s->done = true;
      return Ref();
    }
    indices[i] = Value::fromInt(indices[i].asInt() + 1);
    for (int64_t j = i + 1; j < s->n; ++j) indices[j] = Value::fromInt(indices[j - 1].asInt() + 1);
  }
  s->flag = true;
  return pick(t, s, s->n);
}
MAKE(withReplacementMake) {
  BIND("combinations_with_replacement", "(iterable, r)");
  Ref s = TRY(combinator(t, type, p[0], TRY(toInt64_py(t, p[1])), false));
  self(s.get())->done = self(s.get())->n > 0 && self(s.get())->m == 0;
  return s;
}
static Ref withReplacementNext(Thread& t, Value v) {
  Stage* s = self(v);
  if (s->done) return Ref();
  Value* indices = s->b.as<List>()->items;
  if (s->flag) {
    int64_t i = s->n - 1;
    while (i >= 0 && indices[i].asInt() == s->m - 1) --i;
    if (i < 0) {
      s->done = true;
      return Ref();
    }
    int64_t next = indices[i].asInt() + 1;
    for (; i < s->n; ++i) indices[i] = Value::fromInt(next);
  }
  s->flag = true;
  return pick(t, s, s->n);
}
MAKE(permutationsMake) {
  BIND("permutations", "(iterable, r=None)");
  if (!p[1].isNone() && !isIntLike(p[1])) return raiseTypeError(t, "Expected int as r");
  Ref pool = TRY(tupleFromIterable_py(t, p[0]));
  int64_t n = pool.as<Tuple>()->size, r = p[1].isNone() ? n : TRY(toInt64_py(t, p[1]));
  if (r < 0) return raiseValueError(t, "r must be non-negative");
  if (r > int64_t{1} << 40 || !canAllocate(static_cast<size_t>(r) * sizeof(Value))) return raiseMemoryError(t);
  Ref indices = indexList(t, n, true), cycles = newList(t, r), out = newStage(type, pool.get(), indices.get());
  for (int64_t i = 0; i < r; ++i) listAppend(cycles.as<List>(), Value::fromInt(n - i));
  Stage* s = self(out.get());
  s->c = cycles.release();
  s->n = r;
  s->m = n;
  s->done = r > n;
  return out;
}
static Ref permutationsNext(Thread& t, Value v) {
  Stage* s = self(v);
  if (s->done) return Ref();
  Value *indices = s->b.as<List>()->items, *cycles = s->c.as<List>()->items;
  if (s->flag) {
    int64_t i = s->n - 1;
    for (; i >= 0; --i) {
      int64_t left = cycles[i].asInt() - 1;
      if (left == 0) {
        Value first = indices[i];
        for (int64_t j = i; j < s->m - 1; ++j) indices[j] = indices[j + 1];
        indices[s->m - 1] = first;
        cycles[i] = Value::fromInt(s->m - i);
        continue;
      }
      cycles[i] = Value::fromInt(left);
      std::swap(indices[i], indices[s->m - left]);
      break;
    }
    if (i < 0) {
      s->done = true;
      return Ref();
    }
  }
  s->flag = true;
  return pick(t, s, s->n);
}
MAKE(productMake) {
  BIND("product", "(*iterables, repeat=1)");
  int64_t repeat = TRY(toInt64_py(t, p[1]));
  if (repeat < 0) return raiseValueError(t, "repeat argument cannot be negative");
  int64_t pool_count = 0;
  if (__builtin_mul_overflow(p[0].as<Tuple>()->size, repeat, &pool_count) || pool_count >= int64_t{1} << 60) return raiseOverflowError(t, "repeat argument too large");
  if (!canAllocate(static_cast<size_t>(pool_count) * sizeof(Value) * 4)) return raiseMemoryError(t);
  Ref pools = newList(t);
  for (int64_t k = 0; k < repeat && pool_count > 0; ++k) {
    for (int64_t i = 0; i < p[0].as<Tuple>()->size; ++i) {
      if (k > 0) {
        listAppend(pools.as<List>(), pools.as<List>()->items[i]);
        continue;
      }
      Ref pool = TRY(tupleFromIterable_py(t, item(p[0], i)));
      listAppend(pools.as<List>(), pool.get());
    }
  }
  int64_t n = pools.as<List>()->size;
  Ref tuple = tupleFrom(t, pools.as<List>()->items, n), indices = indexList(t, n, false), out = newStage(type, tuple.get(), indices.get());
  for (int64_t i = 0; i < n; ++i) self(out.get())->done |= item(tuple.get(), i).as<Tuple>()->size == 0;
  self(out.get())->n = n;
  return out;
}
static Ref productNext(Thread& t, Value v) {
  Stage* s = self(v);
  if (s->done) return Ref();
  Value* indices = s->b.as<List>()->items;
  if (s->flag) {
    int64_t i = s->n - 1;
    for (; i >= 0; --i) {
      int64_t next = indices[i].asInt() + 1;
      bool wraps = next == item(s->a, i).as<Tuple>()->size;
      indices[i] = Value::fromInt(wraps ? 0 : next);
      if (!wraps) break;
    }
    if (i < 0) {
      s->done = true;
      return Ref();
    }
  }
  s->flag = true;
  Ref out = newTuple(t, s->n);
  for (int64_t i = 0; i < s->n; ++i) out.as<Tuple>()->items()[i] = share(item(item(s->a, i), indices[i].asInt()));
  return out;
}

// --- groupby: a iterator, b key function, c current key, d current value; at counts the groups
static Type* grouper_type = nullptr;
MAKE(groupbyMake) {
  BIND("groupby", "(iterable, key=None)");
  Ref it = TRY(iter_py(t, p[0]));
  return newStage(type, it.get(), p[1]);
}
// Steps to the next item; false at the end or when it raised.
static bool groupStep(Thread& t, Stage* s) {
  Ref r = next_py(t, s->a);
  if (!r) return false;
  Ref key = s->b.isNone() ? Ref::of(r.get()) : callArgs_py(t, s->b, r.get());
  if (!key) return false;
  store(s->d, std::move(r));
  store(s->c, std::move(key));
  return true;
}
static Ref groupbyNext(Thread& t, Value v) {
  Stage* s = self(v);
  ++s->at;
  Ref old = Ref::of(s->c);
  if (s->done) return Ref();
  if (!old || s->d.isUndefined()) {
    if (s->d.isUndefined() && !groupStep(t, s)) return Ref();
  }
  while (s->flag && TRY(equals_py(t, s->c, old.get()))) {  // skip the rest of the group
    if (!groupStep(t, s)) {
      s->done = !isPending(t);
      return Ref();
    }
  }
  s->flag = true;
  Ref group = newStage(grouper_type, v, s->c);
  self(group.get())->at = s->at;
  return tupleOf(t, {s->c, group.get()});
}
static Ref grouperNext(Thread& t, Value v) {
  Stage* g = self(v);
  Stage* s = g->a.as<Stage>();
  if (g->done || g->at != s->at) return Ref();
  if (s->d.isUndefined()) {
    if (!groupStep(t, s)) {
      s->done = !isPending(t);
      g->done = true;
      return Ref();
    }
  }
  if (!TRY(equals_py(t, s->c, g->b))) {
    g->done = true;
    s->flag = false;  // the next group has begun already
    return Ref();
  }
  Ref r = Ref::steal(s->d);
  s->d = Value();
  return r;
}

static Ref classGetItem(Thread& t, const Value* a) { return callArgs_py(t, t.types().generic_alias, a[0], a[1]); }
static const NativeDef kFunctions[] = {{nullptr, nullptr, nullptr}};
static const NativeDef kChainMethods[] = {{"from_iterable", "($type, iterable, /)", fromIterable}, {"__class_getitem__", "($type, object, /)", classGetItem}, {nullptr, nullptr, nullptr}};

struct Kind {
  const char* name;
  Ref (*make)(Thread&, Type*, const Value*, uint32_t, Tuple*);
  Ref (*next)(Thread&, Value);
  Ref (*repr)(Thread&, Value) = nullptr;
  const NativeDef* methods = nullptr;
};
static const Kind kKinds[] = {
    {"count", countMake, countNext, countRepr}, {"cycle", cycleMake, cycleNext}, {"repeat", repeatMake, repeatNext, repeatRepr, kRepeatMethods},
    {"chain", chainMake, chainNext, nullptr, kChainMethods}, {"takewhile", pairMake, takeWhileNext}, {"dropwhile", pairMake, dropWhileNext},
    {"filterfalse", pairMake, filterFalseNext}, {"compress", compressMake, compressNext}, {"starmap", pairMake, starMapNext}, {"islice", isliceMake, isliceNext},
    {"accumulate", accumulateMake, accumulateNext}, {"pairwise", iterableMake, pairwiseNext}, {"batched", batchedMake, batchedNext},
    {"zip_longest", zipLongestMake, zipLongestNext}, {"combinations", combinationsMake, combinationsNext},
    {"combinations_with_replacement", withReplacementMake, withReplacementNext}, {"permutations", permutationsMake, permutationsNext},
    {"product", productMake, productNext}, {"groupby", groupbyMake, groupbyNext}, {"_grouper", nullptr, grouperNext}};

static Status init(Thread& t, Module* m) {
  for (const Kind& k : kKinds) {
    std::string* name = new std::string(std::string("itertools.") + k.name);  // lives as long as the type
    uint32_t flags = kTypeGc | kTypeBaseable | (k.make == nullptr ? kTypeDisallowNew : 0u);
    Type* type = makeType(*t.isolate, {.name = name->c_str(), .size = sizeof(Stage), .flags = flags, .methods = k.methods});
    Slots& s = type->slots;
    s.dealloc = dealloc;
    s.traverse = traverse;
    s.clear = clear;
    s.iter = iterSelf;
    s.next = k.next;
    s.make = k.make;
    s.repr = k.repr;
    readyType(*t.isolate, type);
    if (std::string_view(k.name) == "_grouper") grouper_type = type;
    moduleSetType(t, m, type);
  }
  return addTee(t, m);
}
extern const NativeModule kItertoolsModule;
const NativeModule kItertoolsModule = {"itertools", "Functional tools for creating and using iterators.", kFunctions, init};

}  // namespace krait::modules
