// itertools.tee: iterators over one shared iterator. What has been read is kept in a chain of blocks, each alive only as long as
// some iterator has not passed it. ref: teedataobject in Modules/itertoolsmodule.c.
#include "runtime/modules/itertools_tee.h"

#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/weakref.h"

namespace krait::modules {

constexpr int kBlockItems = 57;

struct TeeBlock : Object {
  Value source;      // the shared iterator
  Value next;        // TeeBlock, or Undefined
  int used;
  bool is_running;
  Value items[kBlockItems];
};
struct Tee : Object {
  Value block;
  int at;
};
static Type *block_type, *tee_type;
static Tee* self(Value v) { return v.as<Tee>(); }

static TeeBlock* newBlock(Value source) {
  TeeBlock* b = allocate<TeeBlock>(block_type);
  b->source = share(source);
  gcTrack(b);
  return b;
}
// The rest of the chain is freed by a loop, however long it is.
static void releaseChain(Value next) {
  while (next.defined() && next.object()->refs == 1) {
    Value after = next.as<TeeBlock>()->next;
    next.as<TeeBlock>()->next = Value();
    decref(next);
    next = after;
  }
  decref(next);
}
static void blockClear(Object* o) {
  TeeBlock* b = static_cast<TeeBlock*>(o);
  for (int i = 0; i < b->used; ++i) clearField(b->items[i]);
  b->used = 0;
  clearField(b->source);
  Value next = b->next;
  b->next = Value();
  releaseChain(next);
}
static void blockTraverse(Object* o, Visitor visitor, void* context) {
  TeeBlock* b = static_cast<TeeBlock*>(o);
  for (int i = 0; i < b->used; ++i) visit(b->items[i], visitor, context);
  visit(b->source, visitor, context);
  visit(b->next, visitor, context);
}

static Ref newTee(Type* type, Value block, int at) {
  Tee* tee = allocate<Tee>(type);
  tee->block = share(block);
  tee->at = at;
  gcTrack(tee);
  return Ref::steal(tee);
}
static Ref fromIterable_py(Thread& t, Type* type, Value iterable) {
  Ref it = TRY(iter_py(t, iterable));
  if (typeOf(t, it.get()) == tee_type) return newTee(type, self(it.get())->block, self(it.get())->at);
  Ref block = Ref::steal(newBlock(it.get()));
  return newTee(type, block.get(), 0);
}
static Ref teeMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "_tee", "(iterable, /)", args, nargs, keywords, a));
  return fromIterable_py(t, type, a[0]);
}
static Ref teeNext(Thread& t, Value v) {
  Tee* tee = self(v);
  if (tee->at >= kBlockItems) {
    TeeBlock* full = tee->block.as<TeeBlock>();
    if (full->next.isUndefined()) full->next = Ref::steal(newBlock(full->source)).release();
    Value old = tee->block;
    tee->block = share(full->next);
    tee->at = 0;
    decref(old);
  }
  Ref held = Ref::of(tee->block);
  TeeBlock* block = held.as<TeeBlock>();
  if (tee->at < block->used) return Ref::of(block->items[tee->at++]);
  if (block->is_running) return raiseRuntimeError(t, "cannot re-enter the tee iterator");
  block->is_running = true;
  Ref item = next_py(t, block->source);
  block->is_running = false;
  if (!item) return item;
  block->items[block->used++] = share(item.get());
  tee->at = block->used;
  return item;
}
static Ref teeCopy(Thread&, const Value* a) { return newTee(typeOfHeap(a[0]), self(a[0])->block, self(a[0])->at); }

// tee(iterable, n): the first result takes over an iterator that is a tee itself.
static Ref teeFunction(Thread& t, const Value* a) {
  int64_t n = TRY(toInt64_py(t, a[1]));
  if (n < 0) return raiseValueError(t, "n must be >= 0");
  if (!canAllocate(static_cast<size_t>(n) * sizeof(Value))) return raiseMemoryError(t);
  Ref out = newTuple(t, n);
  if (n == 0) return out;
  Ref first = TRY(fromIterable_py(t, tee_type, a[0]));
  Value* items = out.as<Tuple>()->items();
  for (int64_t i = 1; i < n; ++i) items[i] = newTee(tee_type, self(first.get())->block, self(first.get())->at).release();
  items[0] = first.release();
  return out;
}
static const NativeDef kTeeMethods[] = {{"__copy__", "($self, /)", teeCopy, "Returns an independent iterator."}, {nullptr, nullptr, nullptr}};
static const NativeDef kTeeFunction = {"tee", "(iterable, n=2, /)", teeFunction, "Returns a tuple of n independent iterators."};

Status addTee(Thread& t, Module* m) {
  Isolate& isolate = *t.isolate;
  block_type = makeType(isolate, {.name = "itertools._tee_dataobject", .size = sizeof(TeeBlock), .flags = kTypeGc | kTypeDisallowNew});
  block_type->slots.dealloc = blockClear;
  block_type->slots.clear = blockClear;
  block_type->slots.traverse = blockTraverse;
  tee_type = makeType(isolate, {.name = "itertools._tee", .size = sizeof(Tee), .flags = kTypeGc | kTypeWeakrefable, .methods = kTeeMethods,
                                .doc = "Iterator wrapped to make it copyable."});
  Slots& s = tee_type->slots;
  s.dealloc = s.clear = [](Object* o) { clearField(static_cast<Tee*>(o)->block); };
  s.traverse = [](Object* o, Visitor visitor, void* context) { visit(static_cast<Tee*>(o)->block, visitor, context); };
  s.make = teeMake;
  s.iter = [](Thread&, Value v) -> Ref { return Ref::of(v); };
  s.next = teeNext;
  for (Type* type : {block_type, tee_type}) {
    readyType(isolate, type);
    moduleSetType(t, m, type);
  }
  Ref name = newStr(t, "itertools");
  moduleSet(t, m, "tee", newNativeFunction(t, &kTeeFunction, Value(), name.get()).get());
  return kDone;
}

}  // namespace krait::modules
