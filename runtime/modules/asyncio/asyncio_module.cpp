// The `_asyncio` module: its functions, and the sets of tasks that are not ours.
#include "runtime/modules/asyncio/asyncio.h"
#include "runtime/object/import.h"
#include "runtime/object/int.h"

namespace krait::modules::asyncio {

AsyncioState* state = nullptr;
void linkTask(Value v);
void unlinkTask(Value v);

static Ref getRunningLoopOrNone(Thread& t, const Value*) {
  Value loop = runningLoop(t);
  return loop.defined() ? Ref::of(loop) : Ref::none();
}
static Ref setRunning(Thread& t, const Value* a) {
  setRunningLoop(t, a[0]);
  return Ref::none();
}
static Ref getRunningLoop(Thread& t, const Value*) {
  Value loop = runningLoop(t);
  if (loop.isUndefined()) return raiseRuntimeError(t, "no running event loop");
  return Ref::of(loop);
}
static Ref getEventLoop(Thread& t, const Value*) { return getEventLoop_py(t); }

static Ref loopOrRunning(Thread& t, Value loop) {
  if (!loop.isNone()) return Ref::of(loop);
  return getRunningLoop(t, nullptr);
}
static Ref currentTask(Thread& t, const Value* a) {
  Ref loop = TRY(loopOrRunning(t, a[0]));
  Value found = taskOfLoop(t, loop.get());
  return found.defined() ? Ref::of(found) : Ref::none();
}
static Ref enterTask(Thread& t, const Value* a) {
  TRY(enterTask_py(t, a[0], a[1]));
  return Ref::none();
}
static Ref leaveTask(Thread& t, const Value* a) {
  TRY(leaveTask_py(t, a[0], a[1]));
  return Ref::none();
}
static Ref swapTask(Thread& t, const Value* a) { return swapTask_py(t, a[0], a[1]); }

static Ref registerTask(Thread& t, const Value* a) {
  if (isTask(t, a[0])) {
    linkTask(a[0]);
    return Ref::none();
  }
  TRY(callMethod_py(t, state->scheduled_tasks, intern(*t.isolate, "add"), a[0]));
  return Ref::none();
}
static Ref unregisterTask(Thread& t, const Value* a) {
  if (isTask(t, a[0])) {
    unlinkTask(a[0]);
    return Ref::none();
  }
  TRY(callMethod_py(t, state->scheduled_tasks, intern(*t.isolate, "discard"), a[0]));
  return Ref::none();
}
static Ref registerEager(Thread& t, const Value* a) {
  TRY(setAdd_py(t, state->eager_tasks.as<Set>(), a[0]));
  return Ref::none();
}
static Ref unregisterEager(Thread& t, const Value* a) {
  TRY(setDiscard_py(t, state->eager_tasks.as<Set>(), a[0]));
  return Ref::none();
}
// Adds `v` when it is a task of `loop` that is not done.
static Status addPending_py(Thread& t, Set* out, Value v, Value loop) {
  if (isTask(t, v)) {
    if (task(v)->loop != loop || task(v)->state != State::kPending) return kDone;
    return setAdd_py(t, out, v);
  }
  Ref done = TRY(callMethod_py(t, v, intern(*t.isolate, "done")));
  if (TRY(isTrue_py(t, done.get()))) return kDone;
  Ref get_loop = TRY(importAttr_py(t, "asyncio.futures", "_get_loop"));
  Ref own = TRY(callArgs_py(t, get_loop.get(), v));
  return own.get() == loop ? setAdd_py(t, out, v) : Status(kDone);
}
static Ref allTasks(Thread& t, const Value* a) {
  Ref loop = TRY(loopOrRunning(t, a[0]));
  Ref list = linkedTasks(t);
  TRY(listExtend_py(t, list.as<List>(), state->eager_tasks));
  TRY(listExtend_py(t, list.as<List>(), state->scheduled_tasks));
  Ref out = newSet(t);
  for (int64_t i = 0; i < list.as<List>()->size; ++i) TRY(addPending_py(t, out.as<Set>(), list.as<List>()->items[i], loop.get()));
  return out;
}
static Ref addAwaitedBy(Thread& t, const Value* a) {
  addAwaitedBy_py(t, a[0], a[1]);
  return Ref::none();
}
static Ref discardAwaitedBy(Thread& t, const Value* a) {
  discardAwaitedBy_py(t, a[0], a[1]);
  return Ref::none();
}

static const NativeDef kFunctions[] = {
    {"_get_running_loop", "()", getRunningLoopOrNone, "Return the running event loop or None."},
    {"_set_running_loop", "(loop, /)", setRunning, "Set the running event loop."},
    {"get_running_loop", "()", getRunningLoop, "Return the running event loop.  Raise a RuntimeError if there is none."},
    {"get_event_loop", "()", getEventLoop, "Return an asyncio event loop."},
    {"current_task", "(loop=None)", currentTask, "Return a currently executed task."},
    {"all_tasks", "(loop=None)", allTasks, "Return a set of all tasks for the loop."},
    {"_enter_task", "(loop, task)", enterTask, "Enter into task execution or resume suspended task."},
    {"_leave_task", "(loop, task)", leaveTask, "Leave task execution or suspend a task."},
    {"_swap_current_task", "(loop, task)", swapTask, "Temporarily swap in the supplied task and return the original one (or None)."},
    {"_register_task", "(task)", registerTask, "Register a new task in asyncio as executed by loop."},
    {"_unregister_task", "(task)", unregisterTask, "Unregister a task."},
    {"_register_eager_task", "(task)", registerEager, "Register a new task in asyncio as executed by loop."},
    {"_unregister_eager_task", "(task)", unregisterEager, "Unregister a task."},
    {"future_add_to_awaited_by", "(fut, waiter, /)", addAwaitedBy, "Record that `fut` is awaited on by `waiter`."},
    {"future_discard_from_awaited_by", "(fut, waiter, /)", discardAwaitedBy, "Record that `fut` is no longer awaited on by `waiter`."},
    {nullptr, nullptr, nullptr}};

static Status initModule(Thread& t, Module* m) {
  state = new AsyncioState();
  Isolate& isolate = *t.isolate;
  Ref weak_set = TRY(importAttr_py(t, "weakref", "WeakSet"));
  state->scheduled_tasks = TRY(callArgs_py(t, weak_set.get())).release();
  state->eager_tasks = newSet(t).release();
  state->n_call_soon = intern(isolate, "call_soon");
  state->n_get_debug = intern(isolate, "get_debug");
  state->n_blocking = intern(isolate, "_asyncio_future_blocking");
  state->n_add_done_callback = intern(isolate, "add_done_callback");
  state->n_cancel = intern(isolate, "cancel");
  state->n_call_exception_handler = intern(isolate, "call_exception_handler");
  state->n_get_loop = intern(isolate, "get_loop");
  state->n_loop = intern(isolate, "_loop");
  state->n_is_running = intern(isolate, "is_running");
  state->n_result = intern(isolate, "result");
  state->context_keyword = tupleOf(t, {intern(isolate, "context")}).release().as<Tuple>();
  state->message_keyword = tupleOf(t, {t.names().msg}).release().as<Tuple>();
  makeFutureTypes(t);
  makeTaskTypes(t);
  moduleSetType(t, m, state->future);
  moduleSetType(t, m, state->task);
  moduleSet(t, m, "_scheduled_tasks", state->scheduled_tasks);
  moduleSet(t, m, "_eager_tasks", state->eager_tasks);
  return kDone;
}
}  // namespace krait::modules::asyncio

namespace krait::modules {
extern const NativeModule kAsyncioModule;
const NativeModule kAsyncioModule = {"_asyncio", "Accelerator module for asyncio", asyncio::kFunctions, asyncio::initModule};
}  // namespace krait::modules
