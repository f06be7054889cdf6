// The `_queue` module: SimpleQueue, an unbounded queue whose put() never waits and may be called from a destructor or a signal
// handler. ref: Modules/_queuemodule.c.
#include <deque>

#include "runtime/modules/os_support.h"
#include "runtime/modules/thread/thread.h"
#include "runtime/object/float.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"

namespace krait::modules::thread {

struct SimpleQueue : Object {
  std::deque<Value>* items;  // owned references
  WaitWord word;
};
static Type* empty_error = nullptr;
static SimpleQueue* self(Value v) { return v.as<SimpleQueue>(); }

static Ref makeQueue(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  if (!type->has(kTypeHeap)) TRY(bindArguments_py(t, "SimpleQueue", "()", args, nargs, keywords, a));
  SimpleQueue* q = allocate<SimpleQueue>(type);
  q->items = new std::deque<Value>;
  gcTrack(q);
  return Ref::steal(q);
}
static void emptyOut(Object* o) {
  std::deque<Value> dropped;
  dropped.swap(*static_cast<SimpleQueue*>(o)->items);
  for (Value v : dropped) decref(v);
}
static Ref put(Thread&, const Value* a) {
  self(a[0])->items->push_back(share(a[1]));
  self(a[0])->word.wake(false);
  return Ref::none();
}
static Ref take(Thread& t, Value queue, int64_t deadline) {
  SimpleQueue* q = self(queue);
  Ref held = Ref::of(queue);
  while (q->items->empty()) {
    if (deadline == 0) return raiseWith(t, empty_error, Value());
    bool in_time = q->word.wait(t, deadline);
    TRY(checkSignals_py(t));
    if (!in_time && q->items->empty()) return raiseWith(t, empty_error, Value());
  }
  Ref item = Ref::steal(q->items->front());
  q->items->pop_front();
  return item;
}
static Ref get(Thread& t, const Value* a) {
  if (!TRY(isTrue_py(t, a[1]))) return take(t, a[0], 0);
  if (a[2].isNone()) return take(t, a[0], -1);
  int64_t length = TRY(durationOf_py(t, a[2])), deadline;
  if (length < 0) return raiseValueError(t, "'timeout' must be a non-negative number");
  if (__builtin_add_overflow(monotonicNanos(), length, &deadline)) deadline = INT64_MAX;
  return take(t, a[0], deadline);
}
static Ref getNoWait(Thread& t, const Value* a) { return take(t, a[0], 0); }
static Ref isEmpty(Thread&, const Value* a) { return Ref::boolean(self(a[0])->items->empty()); }
static Ref sizeOf(Thread&, const Value* a) { return newIntSmall(static_cast<int64_t>(self(a[0])->items->size())); }
static Ref byteSize(Thread&, const Value* a) {
  return newIntSmall(static_cast<int64_t>(sizeof(SimpleQueue) + sizeof(std::deque<Value>) + self(a[0])->items->size() * sizeof(Value)));
}
static Ref aliasFor(Thread& t, const Value* a) { return callArgs_py(t, t.types().generic_alias, a[0], a[1]); }
static const NativeDef kMethods[] = {
    {"put", "($self, item, block=True, timeout=None)", put, "Put the item on the queue; block and timeout have no effect."},
    {"put_nowait", "($self, item)", put, "Put an item into the queue without blocking."},
    {"get", "($self, block=True, timeout=None)", get, "Remove and return an item, waiting for one if asked to."},
    {"get_nowait", "($self)", getNoWait, "Remove and return an item without waiting."},
    {"empty", "($self)", isEmpty, "Return True if the queue is empty (now)."},
    {"qsize", "($self)", sizeOf, "Return the approximate size of the queue."},
    {"__sizeof__", "($self, /)", byteSize, "Returns size in memory, in bytes."},
    {"__class_getitem__", "($type, object, /)", aliasFor, "See PEP 585"}, {nullptr, nullptr, nullptr}};

static Status initQueue(Thread& t, Module* m) {
  Ref name = newStr(t, "Empty"), bases = tupleOf(t, {errors(t).exception}), ns = newDict(t), module = newStr(t, "_queue");
  dictSetStr(ns.as<Dict>(), t.names().d_module, module.get());
  Ref error = TRY(callArgs_py(t, t.types().type, name.get(), bases.get(), ns.get()));
  empty_error = error.as<Type>();
  moduleSet(t, m, "Empty", error.release());
  Type* type = makeType(*t.isolate, {.name = "_queue.SimpleQueue", .size = sizeof(SimpleQueue), .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable,
      .methods = kMethods, .doc = "Simple, unbounded, reentrant FIFO queue."});
  type->slots.make = makeQueue;
  type->slots.dealloc = [](Object* o) {
    emptyOut(o);
    delete static_cast<SimpleQueue*>(o)->items;
  };
  type->slots.traverse = [](Object* o, Visitor visitor, void* context) {
    for (Value v : *static_cast<SimpleQueue*>(o)->items) visit(v, visitor, context);
  };
  type->slots.clear = emptyOut;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
  return kDone;
}

}  // namespace krait::modules::thread

namespace krait::modules {
extern const NativeModule kQueueModule;
const NativeModule kQueueModule = {"_queue", "C implementation of the Python queue module.", nullptr, thread::initQueue};
}  // namespace krait::modules
