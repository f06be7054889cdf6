// asyncio.Future and the iterator behind `await future`.
#include "runtime/modules/asyncio/asyncio.h"
#include "runtime/modules/contextvars.h"
#include "runtime/object/exception.h"
#include "runtime/object/import.h"
#include "runtime/object/native.h"

namespace krait::modules::asyncio {

Ref attributeOfModule_py(Thread& t, const char* module, const char* name) { return importAttr_py(t, module, name); }

static Status loadErrors_py(Thread& t) {
  if (state->cancelled_error != nullptr) return kDone;
  Ref cancelled = TRY(importAttr_py(t, "asyncio.exceptions", "CancelledError"));
  Ref invalid = TRY(importAttr_py(t, "asyncio.exceptions", "InvalidStateError"));
  state->cancelled_error = cancelled.release().as<Type>();
  state->invalid_state = invalid.release().as<Type>();
  return kDone;
}
static RaisedTag raiseInvalidState_py(Thread& t, const char* message) {
  if (!loadErrors_py(t).failed) (void)raise(t, state->invalid_state, "%s", message);
  return kRaised;
}
Status checkInitialised(Thread& t, Value v) {
  if (future(v)->loop.defined()) return kDone;
  return raiseRuntimeError(t, "Future object is not initialized.");
}

Status callSoon_py(Thread& t, Value loop, Value callback, Value argument, Value context) {
  Ref method = TRY(getAttr_py(t, loop, state->n_call_soon));
  Value args[3] = {callback, argument, context};
  uint32_t n = 2;
  if (argument.isUndefined()) {
    args[1] = context;
    n = 1;
  }
  TRY(call_py(t, method.get(), args, n, context.isNone() ? nullptr : state->context_keyword));
  return kDone;
}

// --- life
Status initFuture_py(Thread& t, Value v, Value loop) {
  Future* f = future(v);
  clearFuture(f);
  f->state = State::kPending;
  f->logs_traceback = f->blocking = f->awaited_by_set = false;
  Ref given = loop.isNone() || loop.isUndefined() ? TRY(getEventLoop_py(t)) : Ref::of(loop);
  setField(f->loop, given.get());
  Ref debug = TRY(callMethod_py(t, given.get(), state->n_get_debug));
  if (TRY(isTrue_py(t, debug.get()))) {
    Ref extract = TRY(importAttr_py(t, "traceback", "extract_stack"));
    Ref stack = TRY(callArgs_py(t, extract.get()));
    setField(f->source_traceback, stack.get());
  }
  return kDone;
}
static Ref futureMake(Thread& t, Type* type, const Value*, uint32_t, Tuple*) {
  (void)t;
  Future* f = allocate<Future>(type);
  gcTrack(f);
  return Ref::steal(f);
}
static Status futureInit(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (nargs == 0 && keywords == nullptr) return initFuture_py(t, v, Value::none());
  BoundArguments a;
  TRY(bindArguments_py(t, "Future", "(*, loop=None)", args, nargs, keywords, a));
  return initFuture_py(t, v, a[0]);
}
void clearFuture(Object* o) {
  Future* f = static_cast<Future*>(o);
  for (Value* field : {&f->loop, &f->callback, &f->context, &f->exception, &f->traceback, &f->result, &f->source_traceback, &f->cancel_message,
                       &f->cancelled_error, &f->awaited_by}) {
    clearField(*field);
  }
  clearField(f->callbacks);
}
void deallocFuture(Object* o) {
  clearFuture(o);
  clearField(static_cast<Future*>(o)->dict);
}
void traverseFuture(Object* o, Visitor visitor, void* context) {
  Future* f = static_cast<Future*>(o);
  for (Value v : {f->loop, f->callback, f->context, f->exception, f->traceback, f->result, f->source_traceback, f->cancel_message, f->cancelled_error, f->awaited_by}) {
    visit(v, visitor, context);
  }
  visit(f->callbacks, visitor, context);
  visit(f->dict, visitor, context);
}
Status finalizeFuture_py(Thread& t, Value v) {
  Future* f = future(v);
  if (!f->logs_traceback) return kDone;
  f->logs_traceback = false;
  Ref kept = takeException(t);
  Ref context = newDict(t);
  auto add = [&](const char* key, Value value) { dictSetStr(context.as<Dict>(), intern(*t.isolate, key), value); };
  Ref message = strFormat(t, "%s exception was never retrieved", shortTypeName(typeOf(t, v)));
  add("message", message.get());
  add("exception", f->exception.defined() ? f->exception : Value::none());
  add("future", v);
  if (f->source_traceback.defined()) add("source_traceback", f->source_traceback);
  Ref done = callMethod_py(t, f->loop, state->n_call_exception_handler, context.get());
  if (!done) writeUnraisable_py(t, "Exception ignored while calling the event loop's exception handler for ", v);
  if (kept) restoreException(t, std::move(kept));
  return kDone;
}

// --- outcome
Ref cancelledError_py(Thread& t, Value v) {
  Future* f = future(v);
  if (f->cancelled_error.defined()) {
    Value e = f->cancelled_error;
    f->cancelled_error = Value();
    return Ref::steal(e);
  }
  TRY(loadErrors_py(t));
  if (f->cancel_message.isUndefined() || f->cancel_message.isNone()) return callArgs_py(t, state->cancelled_error);
  Ref message = Ref::of(f->cancel_message);
  return callArgs_py(t, state->cancelled_error, message.get());
}
int futureOutcome_py(Thread& t, Value v, Ref& out) {
  Future* f = future(v);
  if (f->state == State::kCancelled) {
    out = cancelledError_py(t, v);
    return out ? 1 : -1;
  }
  if (f->state != State::kFinished) {
    (void)raiseInvalidState_py(t, "Result is not set.");
    return -1;
  }
  f->logs_traceback = false;
  if (f->exception.isUndefined()) {
    out = Ref::of(f->result.defined() ? f->result : Value::none());
    return 0;
  }
  out = Ref::of(f->exception);
  BaseException* e = out.as<BaseException>();
  Value old = e->traceback;
  e->traceback = f->traceback;
  f->traceback = Value();
  decref(old);
  return 1;
}
static Ref resultOf_py(Thread& t, Value v) {
  Ref out;
  int outcome = futureOutcome_py(t, v, out);
  if (outcome == 0) return out;
  if (outcome == 1) return raiseException(t, out.get());
  return kRaised;
}
static Status scheduleCallbacks_py(Thread& t, Value v) {
  Future* f = future(v);
  if (f->callback.defined()) {
    Ref callback = Ref::steal(f->callback), context = Ref::steal(f->context);
    f->callback = f->context = Value();
    Ref loop = Ref::of(f->loop);
    TRY(callSoon_py(t, loop.get(), callback.get(), v, context.get()));
  }
  if (f->callbacks == nullptr) return kDone;
  Ref list = Ref::steal(f->callbacks), loop = Ref::of(f->loop);
  f->callbacks = nullptr;
  for (int64_t i = 0; i < list.as<List>()->size; ++i) {
    Tuple* pair = list.as<List>()->items[i].as<Tuple>();
    TRY(callSoon_py(t, loop.get(), pair->items()[0], v, pair->items()[1]));
  }
  return kDone;
}
Status setResult_py(Thread& t, Value v, Value result) {
  TRY(checkInitialised(t, v));
  Future* f = future(v);
  if (f->state != State::kPending) return raiseInvalidState_py(t, "invalid state");
  setField(f->result, result);
  f->state = State::kFinished;
  return scheduleCallbacks_py(t, v);
}
Status setException_py(Thread& t, Value v, Value exception) {
  TRY(checkInitialised(t, v));
  Future* f = future(v);
  if (f->state != State::kPending) return raiseInvalidState_py(t, "invalid state");
  Ref e = Ref::of(exception);
  if (isType(exception) && isSubtype(exception.as<Type>(), errors(t).base_exception)) {
    e = TRY(callArgs_py(t, exception));
    if (f->state != State::kPending) return raiseInvalidState_py(t, "invalid state");
  }
  if (!isException(e.get())) return raiseTypeError(t, "invalid exception object");
  if (isInstanceOf(t, e.get(), errors(t).stop_iteration)) {
    Ref text = newStr(t, "StopIteration interacts badly with generators and cannot be raised into a Future");
    Ref other = TRY(callArgs_py(t, errors(t).runtime_error, text.get()));
    setCause(other.as<BaseException>(), e.get());
    setContext(other.as<BaseException>(), e.get());
    e = std::move(other);
  }
  setField(f->exception, e.get());
  Value traceback = e.as<BaseException>()->traceback;
  setField(f->traceback, traceback);
  f->state = State::kFinished;
  TRY(scheduleCallbacks_py(t, v));
  f->logs_traceback = true;
  return kDone;
}
Fallible<bool> cancelFuture_py(Thread& t, Value v, Value message) {
  Future* f = future(v);
  f->logs_traceback = false;
  if (f->state != State::kPending) return false;
  f->state = State::kCancelled;
  setField(f->cancel_message, message);
  TRY(scheduleCallbacks_py(t, v));
  return true;
}
Status addDoneCallback_py(Thread& t, Value v, Value callback, Value context) {
  Future* f = future(v);
  if (f->state != State::kPending) {
    Ref loop = Ref::of(f->loop);
    return callSoon_py(t, loop.get(), callback, v, context);
  }
  Ref own = context.isNone() ? copyCurrentContext(t) : Ref::of(context);
  if (f->callback.isUndefined() && f->callbacks == nullptr) {
    f->callback = share(callback);
    f->context = own.release();
    return kDone;
  }
  if (f->callbacks == nullptr) f->callbacks = newList(t).release().as<List>();
  listAppendSteal(f->callbacks, tupleOf(t, {callback, own.get()}).release());
  return kDone;
}

// --- who awaits it: a task is kept alone, and in a set as soon as there are two
void addAwaitedBy_py(Thread& t, Value awaited, Value waiter) {
  if (!isFuture(t, awaited) || !isFuture(t, waiter)) return;
  Future* f = future(awaited);
  if (f->awaited_by.isUndefined()) {
    f->awaited_by = share(waiter);
    return;
  }
  if (!f->awaited_by_set) {
    if (f->awaited_by == waiter) return;
    Ref set = newSet(t);
    if (setAdd_py(t, set.as<Set>(), f->awaited_by).failed) return clearException(t);
    setField(f->awaited_by, set.get());
    f->awaited_by_set = true;
  }
  Ref set = Ref::of(f->awaited_by);
  if (setAdd_py(t, set.as<Set>(), waiter).failed) clearException(t);
}
void discardAwaitedBy_py(Thread& t, Value awaited, Value waiter) {
  if (!isFuture(t, awaited) || !isFuture(t, waiter)) return;
  Future* f = future(awaited);
  if (f->awaited_by.isUndefined()) return;
  if (!f->awaited_by_set) {
    if (f->awaited_by == waiter) clearField(f->awaited_by);
    return;
  }
  Ref set = Ref::of(f->awaited_by);
  if (setDiscard_py(t, set.as<Set>(), waiter).failed) clearException(t);
}

// --- methods
static Ref result(Thread& t, const Value* a) {
  return resultOf_py(t, a[0]);
}
static Ref exception(Thread& t, const Value* a) {
  Future* f = future(a[0]);
  if (f->state == State::kCancelled) {
    Ref e = TRY(cancelledError_py(t, a[0]));
    return raiseException(t, e.get());
  }
  if (f->state != State::kFinished) return raiseInvalidState_py(t, "Exception is not set.");
  f->logs_traceback = false;
  return Ref::of(f->exception.defined() ? f->exception : Value::none());
}
static Ref setResult(Thread& t, const Value* a) {
  TRY(setResult_py(t, a[0], a[1]));
  return Ref::none();
}
static Ref setException(Thread& t, const Value* a) {
  TRY(setException_py(t, a[0], a[1]));
  return Ref::none();
}
static Ref addDoneCallback(Thread& t, const Value* a) {
  TRY(checkInitialised(t, a[0]));
  TRY(addDoneCallback_py(t, a[0], a[1], a[2]));
  return Ref::none();
}
// Comparing may run code that changes the callbacks: every step looks at what there is then.
static Ref removeDoneCallback(Thread& t, const Value* a) {
  TRY(checkInitialised(t, a[0]));
  Future* f = future(a[0]);
  int64_t removed = 0;
  if (f->callback.defined()) {
    Ref own = Ref::of(f->callback);
    if (TRY(equals_py(t, a[1], own.get())) && f->callback == own.get()) {
      clearField(f->callback);
      clearField(f->context);
      removed = 1;
    }
  }
  if (f->callbacks == nullptr) return Ref::steal(Value::fromInt(removed));
  Ref kept = newList(t);
  for (int64_t i = 0; f->callbacks != nullptr && i < f->callbacks->size; ++i) {
    Ref pair = Ref::of(f->callbacks->items[i]);
    if (TRY(equals_py(t, a[1], pair.as<Tuple>()->items()[0]))) ++removed;
    else listAppend(kept.as<List>(), pair.get());
  }
  if (f->callbacks != nullptr) {
    Ref old = Ref::steal(f->callbacks);
    f->callbacks = kept.as<List>()->size == 0 ? nullptr : kept.release().as<List>();
  }
  return Ref::steal(Value::fromInt(removed));
}
static Ref cancel(Thread& t, const Value* a) {
  TRY(checkInitialised(t, a[0]));
  return Ref::boolean(TRY(cancelFuture_py(t, a[0], a[1])));
}
static Ref cancelled(Thread&, const Value* a) { return Ref::boolean(future(a[0])->loop.defined() && future(a[0])->state == State::kCancelled); }
static Ref done(Thread&, const Value* a) { return Ref::boolean(future(a[0])->loop.defined() && future(a[0])->state != State::kPending); }
static Ref getLoop(Thread& t, const Value* a) {
  TRY(checkInitialised(t, a[0]));
  return Ref::of(future(a[0])->loop);
}
static Ref makeCancelledError(Thread& t, const Value* a) { return cancelledError_py(t, a[0]); }
static Ref aliasFor(Thread& t, const Value* a) { return callArgs_py(t, t.types().generic_alias, a[0], a[1]); }

static const NativeDef kFutureMethods[] = {
    {"result", "($self, /)", result, "Return the result this future represents."},
    {"exception", "($self, /)", exception, "Return the exception that was set on this future."},
    {"set_result", "($self, result, /)", setResult, "Mark the future done and set its result."},
    {"set_exception", "($self, exception, /)", setException, "Mark the future done and set an exception."},
    {"add_done_callback", "($self, fn, /, *, context=None)", addDoneCallback, "Add a callback to be run when the future becomes done."},
    {"remove_done_callback", "($self, fn, /)", removeDoneCallback, "Remove all instances of a callback from the \"call when done\" list."},
    {"cancel", "($self, /, msg=None)", cancel, "Cancel the future and schedule callbacks."},
    {"cancelled", "($self, /)", cancelled, "Return True if the future was cancelled."},
    {"done", "($self, /)", done, "Return True if the future is done."},
    {"get_loop", "($self, /)", getLoop, "Return the event loop the Future is bound to."},
    {"_make_cancelled_error", "($self, /)", makeCancelledError, "Create the CancelledError to raise if the Future is cancelled."},
    {"__class_getitem__", "($type, object, /)", aliasFor, "See PEP 585"},
    {nullptr, nullptr, nullptr}};

static Ref orNone(Value v) { return v.defined() ? Ref::of(v) : Ref::none(); }
static Ref getState(Thread& t, Value v) {
  TRY(checkInitialised(t, v));
  State s = future(v)->state;
  return newStr(t, s == State::kPending ? "PENDING" : s == State::kCancelled ? "CANCELLED" : "FINISHED");
}
static Ref getBlocking(Thread&, Value v) { return Ref::boolean(future(v)->loop.defined() && future(v)->blocking); }
static Status setBlocking(Thread& t, Value v, Value x) {
  TRY(checkInitialised(t, v));
  if (x.isUndefined()) return raise(t, errors(t).attribute_error, "cannot delete attribute");
  future(v)->blocking = TRY(isTrue_py(t, x));
  return kDone;
}
static Ref getLoopField(Thread&, Value v) { return orNone(future(v)->loop); }
static Ref getCallbacks(Thread& t, Value v) {
  TRY(checkInitialised(t, v));
  Future* f = future(v);
  if (f->callback.isUndefined() && f->callbacks == nullptr) return Ref::none();
  Ref list = newList(t);
  if (f->callback.defined()) listAppendSteal(list.as<List>(), tupleOf(t, {f->callback, f->context}).release());
  for (int64_t i = 0; f->callbacks != nullptr && i < f->callbacks->size; ++i) listAppend(list.as<List>(), f->callbacks->items[i]);
  return list;
}
static Ref getResultField(Thread& t, Value v) {
  TRY(checkInitialised(t, v));
  return orNone(future(v)->result);
}
static Ref getExceptionField(Thread& t, Value v) {
  TRY(checkInitialised(t, v));
  return orNone(future(v)->exception);
}
static Ref getSource(Thread&, Value v) { return orNone(future(v)->loop.defined() ? future(v)->source_traceback : Value()); }
static Ref getCancelMessage(Thread&, Value v) { return orNone(future(v)->cancel_message); }
static Status setCancelMessage(Thread& t, Value v, Value x) {
  if (x.isUndefined()) return raise(t, errors(t).attribute_error, "cannot delete attribute");
  setField(future(v)->cancel_message, x);
  return kDone;
}
static Ref getLogs(Thread& t, Value v) {
  TRY(checkInitialised(t, v));
  return Ref::boolean(future(v)->logs_traceback);
}
static Status setLogs(Thread& t, Value v, Value x) {
  if (x.isUndefined()) return raise(t, errors(t).attribute_error, "cannot delete attribute");
  if (TRY(isTrue_py(t, x))) return raiseValueError(t, "_log_traceback can only be set to False");
  future(v)->logs_traceback = false;
  return kDone;
}
static Ref getAwaitedBy(Thread& t, Value v) {
  TRY(checkInitialised(t, v));
  Future* f = future(v);
  if (f->awaited_by.isUndefined()) return Ref::none();
  if (f->awaited_by_set) return setFromIterable_py(t, t.types().frozenset, f->awaited_by);
  Ref one = tupleOf(t, {f->awaited_by});
  return setFromIterable_py(t, t.types().frozenset, one.get());
}
static const GetSetDef kFutureGetSets[] = {{"_state", getState}, {"_asyncio_future_blocking", getBlocking, setBlocking}, {"_loop", getLoopField},
    {"_callbacks", getCallbacks}, {"_result", getResultField}, {"_exception", getExceptionField}, {"_log_traceback", getLogs, setLogs},
    {"_source_traceback", getSource}, {"_cancel_message", getCancelMessage, setCancelMessage}, {"_asyncio_awaited_by", getAwaitedBy}, {nullptr, nullptr}};
static Ref futureRepr(Thread& t, Value v) {
  Ref function = TRY(importAttr_py(t, "asyncio.base_futures", "_future_repr"));
  return callArgs_py(t, function.get(), v);
}

// --- the iterator behind await
struct FutureIter : Object {
  Value future;  // Undefined: finished
};
static Ref awaitFuture(Thread& t, Value v) {
  TRY(checkInitialised(t, v));
  FutureIter* it = allocate<FutureIter>(state->future_iter);
  it->future = share(v);
  gcTrack(it);
  return Ref::steal(it);
}
// ref: FutureIter_am_send. The result ends the iteration.
static Ref iterNext(Thread& t, Value v) {
  FutureIter* it = v.as<FutureIter>();
  if (it->future.isUndefined()) return Ref();
  Future* f = future(it->future);
  if (f->state == State::kPending) {
    if (f->blocking) return raiseRuntimeError(t, "await wasn't used with future");
    f->blocking = true;
    return Ref::of(it->future);
  }
  Ref own = Ref::steal(it->future);
  it->future = Value();
  Ref value = TRY(resultOf_py(t, own.get()));
  if (value.get().isNone()) return Ref();
  return raiseStopIteration(t, value.get());
}
static Ref iterSend(Thread& t, const Value* a) {
  Ref r = iterNext(t, a[0]);
  if (!r && !isPending(t)) return raiseStopIteration(t, Value::none());
  return r;
}
static Ref iterThrow(Thread& t, const Value* a) {
  if (a[2].defined()) TRY(warn_py(t, errors(t).deprecation_warning, 1, "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead."));
  Value type = a[1], value = a[2], traceback = a[3];
  if (traceback.defined() && !traceback.isNone() && !isExact(traceback, TypeId::kTraceback)) return raiseTypeError(t, "throw() third argument must be a traceback");
  Ref e;
  if (isType(type) && isSubtype(type.as<Type>(), errors(t).base_exception)) {
    if (value.defined() && isException(value)) e = Ref::of(value);
    else e = value.defined() && !value.isNone() ? TRY(callArgs_py(t, type, value)) : TRY(callArgs_py(t, type));
  } else if (isException(type)) {
    if (value.defined() && !value.isNone()) return raiseTypeError(t, "instance exception may not have a separate value");
    e = Ref::of(type);
  } else {
    return raiseTypeError(t, "exceptions must be classes deriving BaseException or instances of such a class");
  }
  clearField(a[0].as<FutureIter>()->future);
  return raiseException(t, e.get());
}
static Ref iterClose(Thread&, const Value* a) {
  clearField(a[0].as<FutureIter>()->future);
  return Ref::none();
}
static Ref iterSelf(Thread&, Value v) { return Ref::of(v); }
static const NativeDef kIterMethods[] = {{"send", "($self, value, /)", iterSend}, {"throw", "($self, type, value=<unset>, traceback=<unset>, /)", iterThrow},
    {"close", "($self, /)", iterClose}, {nullptr, nullptr, nullptr}};

void makeFutureTypes(Thread& t) {
  Type* type = state->future = makeType(*t.isolate, {.name = "_asyncio.Future", .size = sizeof(Future), .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable,
      .methods = kFutureMethods, .getsets = kFutureGetSets, .doc = "This class is *almost* compatible with concurrent.futures.Future.", .dict_offset = sizeof(Object)});
  Slots& s = type->slots;
  s.make = futureMake;
  s.init = futureInit;
  s.dealloc = deallocFuture;
  s.traverse = traverseFuture;
  s.clear = clearFuture;
  s.finalize = finalizeFuture_py;
  s.repr = futureRepr;
  s.iter = awaitFuture;
  s.await = awaitFuture;
  readyType(*t.isolate, type);
  Type* iter = state->future_iter = makeType(*t.isolate, {.name = "_asyncio.FutureIter", .size = sizeof(FutureIter), .flags = kTypeGc | kTypeDisallowNew, .methods = kIterMethods});
  iter->slots.dealloc = [](Object* o) { clearField(static_cast<FutureIter*>(o)->future); };
  iter->slots.traverse = [](Object* o, Visitor visitor, void* context) { visit(static_cast<FutureIter*>(o)->future, visitor, context); };
  iter->slots.iter = iterSelf;
  iter->slots.next = iterNext;
  readyType(*t.isolate, iter);
}

}  // namespace krait::modules::asyncio
