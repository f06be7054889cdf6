// The parts of the `_asyncio` module: Future (future.cpp), Task (task.cpp), and which loop and task each thread is running
// (running.cpp). A Task is laid out as a Future with more fields, so that every function on futures takes both.
// ref: Modules/_asynciomodule.c; Lib/asyncio/futures.py and tasks.py say the same in Python.
#pragma once

#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules::asyncio {

enum class State : uint8_t { kPending, kCancelled, kFinished };

struct Future : Object {
  Dict* dict;
  Value loop;                    // Undefined: __init__ has not run
  Value callback, context;       // the first callback, which most futures have alone; Undefined: none
  List* callbacks;               // further (callback, context) pairs; or null
  Value exception, traceback, result;
  Value source_traceback;        // where it was made, in debug mode
  Value cancel_message, cancelled_error;
  Value awaited_by;              // a task, or a set of them (awaited_by_set)
  State state;
  bool awaited_by_set, logs_traceback, blocking;
};
struct Task : Future {
  Value waits_for;               // the future that it awaits
  Value coroutine, task_context;
  Value name;                    // a str, or an int: the number in "Task-1", until somebody asks
  int64_t cancels_requested;
  bool must_cancel, logs_destroy_pending, is_linked;
  Task *previous, *next;         // the list of tasks that run on loops
};

struct AsyncioState {
  Type *future, *task, *future_iter, *step;
  Value scheduled_tasks, eager_tasks;     // WeakSet and set, of tasks that are not ours
  Tuple* context_keyword;                 // ("context",)
  Tuple* message_keyword;                 // ("msg",)
  Type *cancelled_error, *invalid_state;  // of asyncio.exceptions
  Str *n_call_soon, *n_get_debug, *n_blocking, *n_add_done_callback, *n_cancel, *n_call_exception_handler, *n_get_loop, *n_loop,
      *n_is_running, *n_result;
};
extern AsyncioState* state;

inline Future* future(Value v) { return v.as<Future>(); }
inline Task* task(Value v) { return v.as<Task>(); }
inline bool isFuture(const Thread& t, Value v) { return isInstanceOf(t, v, state->future); }
inline bool isTask(const Thread& t, Value v) { return isInstanceOf(t, v, state->task); }
inline void setField(Value& field, Value v) {
  Value old = field;
  field = share(v);
  decref(old);
}

// --- futures
void makeFutureTypes(Thread& t);
Status initFuture_py(Thread& t, Value v, Value loop);
// Reports an exception that nobody asked for.
Status finalizeFuture_py(Thread& t, Value v);
void deallocFuture(Object* o);
void traverseFuture(Object* o, Visitor visitor, void* context);
void clearFuture(Object* o);
Status checkInitialised(Thread& t, Value v);
// What a finished future holds: 0 the result, 1 the exception to raise, both in `out`; -1 when it is pending (InvalidStateError).
int futureOutcome_py(Thread& t, Value v, Ref& out);
Status setResult_py(Thread& t, Value v, Value result);
Status setException_py(Thread& t, Value v, Value exception);
// False when it was done already.
Fallible<bool> cancelFuture_py(Thread& t, Value v, Value message);
// `context` is a context, or None for a copy of the current one.
Status addDoneCallback_py(Thread& t, Value v, Value callback, Value context);
Ref cancelledError_py(Thread& t, Value v);
void addAwaitedBy_py(Thread& t, Value awaited, Value waiter);
void discardAwaitedBy_py(Thread& t, Value awaited, Value waiter);
// loop.call_soon(callback, argument, context=context); argument may be Undefined, context None.
Status callSoon_py(Thread& t, Value loop, Value callback, Value argument, Value context);
Ref attributeOfModule_py(Thread& t, const char* module, const char* name);

// --- tasks
void makeTaskTypes(Thread& t);
// All tasks of ours that are linked, as a list.
Ref linkedTasks(Thread& t);

// --- what threads are running
Value runningLoop(Thread& t);  // borrowed; Undefined: none
void setRunningLoop(Thread& t, Value loop);
Value runningTask(Thread& t);
// The task that `loop` runs in whatever thread, borrowed.
Value taskOfLoop(Thread& t, Value loop);
Status enterTask_py(Thread& t, Value loop, Value task);
Status leaveTask_py(Thread& t, Value loop, Value task);
Ref swapTask_py(Thread& t, Value loop, Value task);  // `task`: None for none; the one before, or None
Ref getEventLoop_py(Thread& t);

}  // namespace krait::modules::asyncio
