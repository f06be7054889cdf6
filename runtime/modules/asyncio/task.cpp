// asyncio.Task: runs a coroutine on its loop, one step at a time; the loop calls a step object, and a future that the coroutine
// waits for calls the bound `task_wakeup`. ref: task_step, task_step_handle_result_impl, task_wakeup.
#include "runtime/modules/asyncio/asyncio.h"
#include "runtime/modules/contextvars.h"
#include "runtime/object/exception.h"
#include "runtime/object/frame.h"
#include "runtime/object/import.h"
#include "runtime/object/int.h"
#include "runtime/object/native.h"

namespace krait::modules::asyncio {


// --- the list of tasks
static Task* first_task = nullptr;
static int64_t last_name = 0;

static void link(Task* k) {
  if (k->is_linked) return;
  k->is_linked = true;
  k->previous = nullptr;
  k->next = first_task;
  if (first_task != nullptr) first_task->previous = k;
  first_task = k;
}
static void unlink(Task* k) {
  if (!k->is_linked) return;
  k->is_linked = false;
  (k->previous != nullptr ? k->previous->next : first_task) = k->next;
  if (k->next != nullptr) k->next->previous = k->previous;
}
Ref linkedTasks(Thread& t) {
  Ref list = newList(t);
  for (Task* k = first_task; k != nullptr; k = k->next) {
    if (k->refs > 0) listAppend(list.as<List>(), k);
  }
  return list;
}
void linkTask(Value v) { link(task(v)); }
void unlinkTask(Value v) { unlink(task(v)); }

// --- a step, as what the loop calls
struct Step : Object {
  Value task, error;  // error: thrown into the coroutine; Undefined: none
};
static Ref stepTask_py(Thread& t, Value v, Value error);
static Ref stepCall(Thread& t, Value v, const Value*, uint32_t nargs, Tuple* keywords) {
  if (keywords != nullptr) return raiseTypeError(t, "function takes no keyword arguments");
  if (nargs != 0) return raiseTypeError(t, "function takes no positional arguments");
  Step* s = v.as<Step>();
  Ref own = Ref::of(s->task), error = Ref::of(s->error);
  return stepTask_py(t, own.get(), error.get());
}
static Ref stepSelf(Thread&, Value v) { return Ref::of(v.as<Step>()->task); }
static const GetSetDef kStepGetSets[] = {{"__self__", stepSelf}, {nullptr, nullptr}};
static Status callStepSoon_py(Thread& t, Value v, Value error) {
  Step* s = allocate<Step>(state->step);
  Ref r = Ref::steal(s);
  s->task = share(v);
  s->error = share(error);
  gcTrack(s);
  Ref loop = Ref::of(task(v)->loop), context = Ref::of(task(v)->task_context);
  return callSoon_py(t, loop.get(), r.get(), Value(), context.get());
}
// A step that raises RuntimeError in the coroutine.
static Status callStepWithError_py(Thread& t, Value v, const std::string& message) {
  Ref text = newStr(t, message);
  Ref e = TRY(callArgs_py(t, errors(t).runtime_error, text.get()));
  return callStepSoon_py(t, v, e.get());
}

static Ref wakeup_py(Thread& t, const Value* a) {
  Value v = a[0], awaited = a[1];
  discardAwaitedBy_py(t, awaited, v);
  Ref outcome;
  int which;
  Type* type = typeOf(t, awaited);
  if (type == state->future || type == state->task) {
    which = futureOutcome_py(t, awaited, outcome);
    if (which < 0) outcome = takeException(t);
  } else {
    outcome = callMethod_py(t, awaited, state->n_result);
    which = outcome ? 0 : 1;
    if (which == 1) outcome = takeException(t);
  }
  return stepTask_py(t, v, which == 0 ? Value() : outcome.get());
}
static const NativeDef kWakeup = {"task_wakeup", "($self, future, /)", wakeup_py};

// --- what the coroutine yielded
static Status awaitFuture_py(Thread& t, Value v, Value awaited) {
  Future* f = future(awaited);
  if (f->loop != task(v)->loop) {
    return callStepWithError_py(t, v, "Task " + reprText_py(t, v) + " got Future " + reprText_py(t, awaited) + " attached to a different loop");
  }
  if (!f->blocking) {
    return callStepWithError_py(t, v, "yield was used instead of yield from in task " + reprText_py(t, v) + " with " + reprText_py(t, awaited));
  }
  addAwaitedBy_py(t, awaited, v);
  f->blocking = false;
  Ref wakeup = newNativeFunction(t, &kWakeup, v, Value());
  Ref context = Ref::of(task(v)->task_context);
  return addDoneCallback_py(t, awaited, wakeup.get(), context.get());
}
static Ref loopOf_py(Thread& t, Value other) {
  if (isFuture(t, other)) {
    TRY(checkInitialised(t, other));
    return Ref::of(future(other)->loop);
  }
  Ref get = findAttr_py(t, other, state->n_get_loop);
  if (get) return callArgs_py(t, get.get());
  if (isPending(t)) return kRaised;
  return getAttr_py(t, other, state->n_loop);
}
// A future of another kind: the protocol of asyncio.isfuture.
static Fallible<bool> awaitOther_py(Thread& t, Value v, Value awaited, Value blocking) {
  Ref loop = TRY(loopOf_py(t, awaited));
  if (loop.get() != task(v)->loop) {
    TRY(callStepWithError_py(t, v, "Task " + reprText_py(t, v) + " got Future " + reprText_py(t, awaited) + " attached to a different loop"));
    return false;
  }
  if (!TRY(isTrue_py(t, blocking))) {
    TRY(callStepWithError_py(t, v, "yield was used instead of yield from in task " + reprText_py(t, v) + " with " + reprText_py(t, awaited)));
    return false;
  }
  addAwaitedBy_py(t, awaited, v);
  TRY(setAttr_py(t, awaited, state->n_blocking, Value::fromBool(false)));
  Ref wakeup = newNativeFunction(t, &kWakeup, v, Value());
  Ref add = TRY(getAttr_py(t, awaited, state->n_add_done_callback));
  Ref context = Ref::of(task(v)->task_context);
  Value args[2] = {wakeup.get(), context.get()};
  TRY(call_py(t, add.get(), args, 1, state->context_keyword));
  return true;
}
static Status waitFor_py(Thread& t, Value v, Value awaited) {
  Task* k = task(v);
  setField(k->waits_for, awaited);
  if (!k->must_cancel) return kDone;
  Ref cancel = TRY(getAttr_py(t, awaited, state->n_cancel));
  Ref message = k->cancel_message.defined() ? Ref::of(k->cancel_message) : Ref::none();
  Value arg = message.get();
  Ref r = TRY(call_py(t, cancel.get(), &arg, 0, state->message_keyword));
  if (TRY(isTrue_py(t, r.get()))) k->must_cancel = false;
  return kDone;
}
static Status handleYield_py(Thread& t, Value v, Value y) {
  if (y == v) return callStepWithError_py(t, v, "Task cannot await on itself: " + reprText_py(t, v));
  Type* type = typeOf(t, y);
  if (type == state->future || type == state->task) {
    bool waits = future(y)->blocking && future(y)->loop == task(v)->loop;
    TRY(awaitFuture_py(t, v, y));
    return waits ? waitFor_py(t, v, y) : Status(kDone);
  }
  if (y.isNone()) return callStepSoon_py(t, v, Value());
  Ref blocking = findAttr_py(t, y, state->n_blocking);
  if (!blocking && isPending(t)) return kRaised;
  if (blocking && !blocking.get().isNone()) {
    if (TRY(awaitOther_py(t, v, y, blocking.get()))) return waitFor_py(t, v, y);
    return kDone;
  }
  if (isExact(y, TypeId::kGenerator)) {
    return callStepWithError_py(t, v, "yield was used instead of yield from for generator in task " + reprText_py(t, v) + " with " + reprText_py(t, y));
  }
  return callStepWithError_py(t, v, "Task got bad yield: " + reprText_py(t, y));
}

// --- one step
// The coroutine goes on: what it yielded; empty with the value in `returned` when it ended, empty with an exception pending.
static Ref resume_py(Thread& t, Value coroutine, Value error, Ref& returned) {
  if (error.isUndefined() && isExact(coroutine, TypeId::kCoroutine)) {
    Generator* g = coroutine.as<Generator>();
    if (g->state == GeneratorState::kFinished) return raiseRuntimeError(t, "cannot reuse already awaited coroutine");
    return run_hooks.resume(t, g, Value::none(), returned);
  }
  Ref r = error.isUndefined() ? callMethod_py(t, coroutine, t.names().send, Value::none()) : callMethod_py(t, coroutine, t.names().throw_, error);
  if (r || !pendingMatches(t, errors(t).stop_iteration)) return r;
  Ref stop = takeException(t);
  Value value = stop.as<BaseException>()->extra[kStopValue];
  returned = value.defined() ? Ref::of(value) : Ref::none();
  return Ref();
}
static Status finishStep_py(Thread& t, Value v, Ref returned) {
  Task* k = task(v);
  if (!isPending(t)) {
    if (!k->must_cancel) return setResult_py(t, v, returned ? returned.get() : Value::none());
    k->must_cancel = false;
    Ref message = k->cancel_message.defined() ? Ref::of(k->cancel_message) : Ref::none();
    TRY(cancelFuture_py(t, v, message.get()));
    return kDone;
  }
  Ref e = takeException(t);
  if (state->cancelled_error != nullptr && isInstanceOf(t, e.get(), state->cancelled_error)) {
    setField(k->cancelled_error, e.get());
    TRY(cancelFuture_py(t, v, Value::none()));
    return kDone;
  }
  TRY(setException_py(t, v, e.get()));
  if (isInstanceOf(t, e.get(), errors(t).keyboard_interrupt) || isInstanceOf(t, e.get(), errors(t).system_exit)) {
    restoreException(t, std::move(e));
    return kRaised;
  }
  return kDone;
}
static Status runStep_py(Thread& t, Value v, Ref error) {
  Task* k = task(v);
  if (k->state != State::kPending) {
    Ref invalid = TRY(attributeOfModule_py(t, "asyncio.exceptions", "InvalidStateError"));
    return raise(t, invalid.as<Type>(), "__step(): already done: %s %s", reprText_py(t, v).c_str(), error ? reprText_py(t, error.get()).c_str() : "");
  }
  if (k->must_cancel) {
    bool is_cancel = error && state->cancelled_error != nullptr && isInstanceOf(t, error.get(), state->cancelled_error);
    if (!is_cancel) error = TRY(cancelledError_py(t, v));
    k->must_cancel = false;
  }
  clearField(k->waits_for);
  if (k->coroutine.isUndefined()) return raiseRuntimeError(t, "uninitialized Task object");
  Ref coroutine = Ref::of(k->coroutine), returned;
  Ref yielded = resume_py(t, coroutine.get(), error.get(), returned);
  if (!yielded) return finishStep_py(t, v, std::move(returned));
  if (!handleYield_py(t, v, yielded.get()).failed) return kDone;
  Ref e = takeException(t);  // what went wrong with the value that it yielded is the task's end
  return setException_py(t, v, e.get());
}
static Ref stepTask_py(Thread& t, Value v, Value error) {
  Ref own = Ref::of(v), loop = Ref::of(task(v)->loop);
  TRY(enterTask_py(t, loop.get(), v));
  Status status = runStep_py(t, v, Ref::of(error));
  Ref raised = status.failed ? takeException(t) : Ref();
  Status left = leaveTask_py(t, loop.get(), v);
  if (raised) {
    if (left.failed) clearException(t);
    restoreException(t, std::move(raised));
    return kRaised;
  }
  if (left.failed) return kRaised;
  return Ref::none();
}

// --- life
static Status startEagerly_py(Thread& t, Value v) {
  Ref loop = Ref::of(task(v)->loop), context = Ref::of(task(v)->task_context);
  Ref before = TRY(swapTask_py(t, loop.get(), v));
  link(task(v));
  Status status = enterContext(t, context.get());
  if (!status.failed) {
    status = runStep_py(t, v, Ref());
    leaveContext(t, context.get());
  }
  Ref raised = status.failed ? takeException(t) : Ref();
  Ref own = swapTask_py(t, loop.get(), before.get());
  if (task(v)->state != State::kPending) {
    unlink(task(v));
    clearField(task(v)->coroutine);
  }
  if (raised) {
    if (!own) clearException(t);
    restoreException(t, std::move(raised));
    return kRaised;
  }
  if (!own) return kRaised;
  return kDone;
}
static Fallible<bool> isCoroutine_py(Thread& t, Value v) {
  if (isExact(v, TypeId::kCoroutine)) return true;
  Ref function = TRY(attributeOfModule_py(t, "asyncio.coroutines", "iscoroutine"));
  Ref r = TRY(callArgs_py(t, function.get(), v));
  return isTrue_py(t, r.get());
}
static Status taskInit(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "Task", "(coro, *, loop=None, name=None, context=None, eager_start=False)", args, nargs, keywords, a));
  Task* k = task(v);
  k->logs_destroy_pending = false;
  TRY(initFuture_py(t, v, a[1]));
  if (!TRY(isCoroutine_py(t, a[0]))) return raiseTypeError(t, "a coroutine was expected, got %s", reprText_py(t, a[0]).c_str());
  Ref context = a[3].isNone() ? copyCurrentContext(t) : Ref::of(a[3]);
  setField(k->task_context, context.get());
  clearField(k->waits_for);
  k->must_cancel = false;
  k->logs_destroy_pending = true;
  k->cancels_requested = 0;
  setField(k->coroutine, a[0]);
  Ref name = a[2].isNone() ? Ref::steal(Value::fromInt(++last_name)) : TRY(str_py(t, a[2]));
  setField(k->name, name.get());
  if (TRY(isTrue_py(t, a[4]))) {
    Ref running = TRY(callMethod_py(t, k->loop, state->n_is_running));
    if (TRY(isTrue_py(t, running.get()))) return startEagerly_py(t, v);
  }
  TRY(callStepSoon_py(t, v, Value()));
  link(k);
  return kDone;
}
static Ref taskMake(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  Task* k = allocate<Task>(type);
  gcTrack(k);
  return Ref::steal(k);
}
static void taskClear(Object* o) {
  Task* k = static_cast<Task*>(o);
  clearFuture(o);
  for (Value* field : {&k->waits_for, &k->coroutine, &k->task_context, &k->name}) clearField(*field);
}
static void taskDealloc(Object* o) {
  unlink(static_cast<Task*>(o));
  taskClear(o);
  clearField(static_cast<Task*>(o)->dict);
}
static void taskTraverse(Object* o, Visitor visitor, void* context) {
  Task* k = static_cast<Task*>(o);
  traverseFuture(o, visitor, context);
  for (Value v : {k->waits_for, k->coroutine, k->task_context, k->name}) visit(v, visitor, context);
}
static Status taskFinalize_py(Thread& t, Value v) {
  Task* k = task(v);
  if (k->loop.defined() && k->state == State::kPending && k->logs_destroy_pending) {
    Ref kept = takeException(t), context = newDict(t), message = newStr(t, "Task was destroyed but it is pending!");
    dictSetStr(context.as<Dict>(), intern(*t.isolate, "task"), v);
    dictSetStr(context.as<Dict>(), intern(*t.isolate, "message"), message.get());
    if (k->source_traceback.defined()) dictSetStr(context.as<Dict>(), intern(*t.isolate, "source_traceback"), k->source_traceback);
    Ref done = callMethod_py(t, k->loop, state->n_call_exception_handler, context.get());
    if (!done) writeUnraisable_py(t, "Exception ignored while finalizing task ", v);
    if (kept) restoreException(t, std::move(kept));
  }
  return finalizeFuture_py(t, v);
}
static Ref taskRepr(Thread& t, Value v) {
  Ref function = TRY(attributeOfModule_py(t, "asyncio.base_tasks", "_task_repr"));
  return callArgs_py(t, function.get(), v);
}

// --- methods
static Ref cancel(Thread& t, const Value* a) {
  TRY(checkInitialised(t, a[0]));
  Task* k = task(a[0]);
  k->logs_traceback = false;
  if (k->state != State::kPending) return Ref::boolean(false);
  ++k->cancels_requested;
  if (k->waits_for.defined()) {
    Ref awaited = Ref::of(k->waits_for), method = TRY(getAttr_py(t, awaited.get(), state->n_cancel));
    Ref r = TRY(call_py(t, method.get(), &a[1], 0, state->message_keyword));
    if (TRY(isTrue_py(t, r.get()))) return Ref::boolean(true);
  }
  k->must_cancel = true;
  setField(k->cancel_message, a[1]);
  return Ref::boolean(true);
}
static Ref cancelling(Thread&, const Value* a) { return Ref::steal(Value::fromInt(task(a[0])->cancels_requested)); }
static Ref uncancel(Thread&, const Value* a) {
  Task* k = task(a[0]);
  if (k->cancels_requested > 0 && --k->cancels_requested == 0) k->must_cancel = false;
  return Ref::steal(Value::fromInt(k->cancels_requested));
}
static Ref getStack(Thread& t, const Value* a) {
  Ref function = TRY(attributeOfModule_py(t, "asyncio.base_tasks", "_task_get_stack"));
  return callArgs_py(t, function.get(), a[0], a[1]);
}
static Ref printStack(Thread& t, const Value* a) {
  Ref function = TRY(attributeOfModule_py(t, "asyncio.base_tasks", "_task_print_stack"));
  return callArgs_py(t, function.get(), a[0], a[1], a[2]);
}
static Ref setResult(Thread& t, const Value*) { return raiseRuntimeError(t, "Task does not support set_result operation"); }
static Ref setException(Thread& t, const Value*) { return raiseRuntimeError(t, "Task does not support set_exception operation"); }
static Ref orNone(Value v) { return v.defined() ? Ref::of(v) : Ref::none(); }
static Ref getCoro(Thread&, const Value* a) { return orNone(task(a[0])->coroutine); }
static Ref getContext(Thread&, const Value* a) { return orNone(task(a[0])->task_context); }
static Ref getName(Thread& t, const Value* a) {
  Task* k = task(a[0]);
  if (k->name.isInt()) {
    Ref text = strFormat(t, "Task-%ld", static_cast<long>(k->name.asInt()));
    setField(k->name, text.get());
  }
  return orNone(k->name);
}
static Ref setName(Thread& t, const Value* a) {
  Ref text = TRY(str_py(t, a[1]));
  setField(task(a[0])->name, text.get());
  return Ref::none();
}
static const NativeDef kTaskMethods[] = {
    {"cancel", "($self, /, msg=None)", cancel, "Request that this task cancel itself."},
    {"cancelling", "($self, /)", cancelling, "Return the count of the task's cancellation requests."},
    {"uncancel", "($self, /)", uncancel, "Decrement the task's count of cancellation requests."},
    {"get_stack", "($self, /, *, limit=None)", getStack, "Return the list of stack frames for this task's coroutine."},
    {"print_stack", "($self, /, *, limit=None, file=None)", printStack, "Print the stack or traceback for this task's coroutine."},
    {"set_result", "($self, result, /)", setResult},
    {"set_exception", "($self, exception, /)", setException},
    {"get_coro", "($self, /)", getCoro},
    {"get_context", "($self, /)", getContext},
    {"get_name", "($self, /)", getName},
    {"set_name", "($self, value, /)", setName},
    {nullptr, nullptr, nullptr}};

static Ref getLogsDestroy(Thread&, Value v) { return Ref::boolean(task(v)->logs_destroy_pending); }
static Status setLogsDestroy(Thread& t, Value v, Value x) {
  if (x.isUndefined()) return raise(t, errors(t).attribute_error, "cannot delete attribute");
  task(v)->logs_destroy_pending = TRY(isTrue_py(t, x));
  return kDone;
}
static Ref getMustCancel(Thread&, Value v) { return Ref::boolean(task(v)->must_cancel); }
static Ref getCoroField(Thread&, Value v) { return orNone(task(v)->coroutine); }
static Ref getWaitsFor(Thread&, Value v) { return orNone(task(v)->waits_for); }
static const GetSetDef kTaskGetSets[] = {{"_log_destroy_pending", getLogsDestroy, setLogsDestroy}, {"_must_cancel", getMustCancel}, {"_coro", getCoroField},
    {"_fut_waiter", getWaitsFor}, {nullptr, nullptr}};

void makeTaskTypes(Thread& t) {
  Type* type = state->task = makeType(*t.isolate, {.name = "_asyncio.Task", .size = sizeof(Task), .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable, .base = state->future,
      .methods = kTaskMethods, .getsets = kTaskGetSets, .doc = "A coroutine wrapped in a Future.", .dict_offset = sizeof(Object)});
  Slots& s = type->slots;
  s.make = taskMake;
  s.init = taskInit;
  s.dealloc = taskDealloc;
  s.traverse = taskTraverse;
  s.clear = taskClear;
  s.finalize = taskFinalize_py;
  s.repr = taskRepr;
  readyType(*t.isolate, type);
  Type* step = state->step = makeType(*t.isolate, {.name = "_asyncio.TaskStepMethWrapper", .size = sizeof(Step), .flags = kTypeGc | kTypeDisallowNew, .getsets = kStepGetSets});
  step->slots.call = stepCall;
  step->slots.dealloc = [](Object* o) {
    clearField(static_cast<Step*>(o)->task);
    clearField(static_cast<Step*>(o)->error);
  };
  step->slots.traverse = [](Object* o, Visitor visitor, void* context) {
    visit(static_cast<Step*>(o)->task, visitor, context);
    visit(static_cast<Step*>(o)->error, visitor, context);
  };
  readyType(*t.isolate, step);
}

}  // namespace krait::modules::asyncio
