// aiter() and anext(), with the awaitable that stands for anext's default. ref: builtin_aiter, Objects/iterobject.c (anext_awaitable).
#include "runtime/modules/builtins_parts.h"
#include "runtime/object/code.h"
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/frame.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

namespace {
struct AnextAwaitable : Object {
  Value wrapped, default_value;
};
}  // namespace
static Type* awaitable_type = nullptr;
static AnextAwaitable* self(Value v) { return v.as<AnextAwaitable>(); }

// What `await v` runs: an object with __next__, and perhaps send, throw and close. ref: _PyCoro_GetAwaitableIter.
static Ref awaitIterator_py(Thread& t, Value v) {
  if (isExact(v, TypeId::kCoroutine)) return callMethod_py(t, v, t.names().d_await);
  if (isExact(v, TypeId::kGenerator) && (v.as<Generator>()->frame.code->flags & kCodeIterableCoroutine)) return Ref::of(v);
  auto slot = typeOf(t, v)->slots.await;
  if (slot == nullptr) return raiseTypeError(t, "'%s' object can't be awaited", typeNameOf(t, v));
  Ref r = TRY(slot(t, v));
  if (isExact(r.get(), TypeId::kCoroutine)) return raiseTypeError(t, "__await__() returned a coroutine");
  if (typeOf(t, r.get())->slots.next == nullptr) return raiseTypeError(t, "__await__() returned non-iterator of type '%s'", typeNameOf(t, r.get()));
  return r;
}
// The end of the asynchronous iterator becomes the result: the default.
static Ref orDefault(Thread& t, Value v, Ref result) {
  if (result || !isPending(t) || !pendingMatches(t, errors(t).stop_async_iteration)) return result;
  clearException(t);
  return raiseStopIteration(t, self(v)->default_value);
}
static Ref step_py(Thread& t, Value v) {
  Ref iterator = TRY(awaitIterator_py(t, self(v)->wrapped));
  return orDefault(t, v, nextOrStop_py(t, iterator.get()));
}
static Ref forward_py(Thread& t, const Value* a, Str* method, const Value* args, uint32_t nargs) {
  Ref iterator = TRY(awaitIterator_py(t, self(a[0])->wrapped));
  Ref bound = TRY(getAttr_py(t, iterator.get(), method));
  return orDefault(t, a[0], call_py(t, bound.get(), args, nargs));
}
static Ref send(Thread& t, const Value* a) { return forward_py(t, a, t.names().send, a + 1, 1); }
static Ref throwInto(Thread& t, const Value* a) {
  uint32_t count = a[3].defined() ? 3 : a[2].defined() ? 2 : 1;
  return forward_py(t, a, t.names().throw_, a + 1, count);
}
static Ref close(Thread& t, const Value* a) { return forward_py(t, a, t.names().close, nullptr, 0); }
static Ref iterSelf(Thread&, Value v) { return Ref::of(v); }
static const NativeDef kMethods[] = {{"send", "($self, arg, /)", send, "send(arg) -> send 'arg' into the wrapped iterator, return next yielded value or raise StopIteration."},
    {"throw", "($self, type, value=<unset>, traceback=<unset>, /)", throwInto, "throw(value) -> raise exception in the wrapped iterator, return next yielded value or raise StopIteration."},
    {"close", "($self, /)", close, "close() -> raise GeneratorExit inside generator."}, {nullptr, nullptr, nullptr}};

void addAsyncBuiltinTypes(Thread& t) {
  Type* type = awaitable_type = makeType(*t.isolate, {.name = "anext_awaitable", .size = sizeof(AnextAwaitable), .flags = kTypeGc | kTypeDisallowNew, .methods = kMethods});
  type->slots.dealloc = [](Object* o) {
    decref(static_cast<AnextAwaitable*>(o)->wrapped);
    decref(static_cast<AnextAwaitable*>(o)->default_value);
  };
  type->slots.traverse = [](Object* o, Visitor visitor, void* context) {
    visit(static_cast<AnextAwaitable*>(o)->wrapped, visitor, context);
    visit(static_cast<AnextAwaitable*>(o)->default_value, visitor, context);
  };
  type->slots.await = iterSelf;
  type->slots.iter = iterSelf;
  type->slots.next = step_py;
  readyType(*t.isolate, type);
}

static Ref aiter(Thread& t, const Value* a) {
  auto slot = typeOf(t, a[0])->slots.aiter;
  if (slot == nullptr) return raiseTypeError(t, "'%s' object is not an async iterable", typeNameOf(t, a[0]));
  Ref r = TRY(slot(t, a[0]));
  if (typeOf(t, r.get())->slots.anext == nullptr) return raiseTypeError(t, "aiter() returned not an async iterator of type '%s'", typeNameOf(t, r.get()));
  return r;
}
static Ref anext(Thread& t, const Value* a) {
  auto slot = typeOf(t, a[0])->slots.anext;
  if (slot == nullptr) return raiseTypeError(t, "'%s' object is not an async iterator", typeNameOf(t, a[0]));
  Ref awaitable = TRY(slot(t, a[0]));
  if (a[1].isUndefined()) return awaitable;
  AnextAwaitable* r = allocate<AnextAwaitable>(awaitable_type);
  r->wrapped = awaitable.release();
  r->default_value = share(a[1]);
  gcTrack(r);
  return Ref::steal(r);
}
const NativeDef kAsyncBuiltins[] = {{"aiter", "(async_iterable, /)", aiter, "Return an AsyncIterator for an AsyncIterable object."},
    {"anext", "(async_iterator, default=<unset>, /)", anext, "Return the next item from the async iterator."}, {nullptr, nullptr, nullptr}};

}  // namespace krait::modules
