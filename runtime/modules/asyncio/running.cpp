// Which event loop each thread runs, and which task that loop runs.
#include "runtime/modules/asyncio/asyncio.h"

namespace krait::modules::asyncio {

namespace {
struct Running {
  uint64_t thread_id;
  Value loop, task;  // owned
  Running* next;
};
}  // namespace
static Running* all = nullptr;  // one for each thread that ever ran a loop, the last asked for first

static Running* runningOf(Thread& t) {
  if (all != nullptr && all->thread_id == t.id) return all;
  for (Running** link = &all; *link != nullptr; link = &(*link)->next) {
    Running* r = *link;
    if (r->thread_id != t.id) continue;
    *link = r->next;
    r->next = all;
    return all = r;
  }
  return nullptr;
}
static void forget(Running* r) {
  for (Running** link = &all; *link != nullptr; link = &(*link)->next) {
    if (*link != r) continue;
    *link = r->next;
    break;
  }
  Value loop = r->loop, task = r->task;
  delete r;
  decref(loop);
  decref(task);
}

Value runningLoop(Thread& t) {
  Running* r = runningOf(t);
  return r == nullptr ? Value() : r->loop;
}
Value runningTask(Thread& t) {
  Running* r = runningOf(t);
  return r == nullptr ? Value() : r->task;
}
void setRunningLoop(Thread& t, Value loop) {
  Running* r = runningOf(t);
  if (loop.isNone()) {
    if (r != nullptr) forget(r);
    return;
  }
  if (r == nullptr) {
    r = new Running{t.id, Value(), Value(), all};
    all = r;
  }
  setField(r->loop, loop);
}
Value taskOfLoop(Thread& t, Value loop) {
  if (runningLoop(t) == loop) return runningTask(t);
  for (Running* r = all; r != nullptr; r = r->next) {
    if (r->loop == loop) return r->task;
  }
  return Value();
}
// A child of fork has one thread, which runs no loop yet. The references are kept: what they lead to was the parent's business.
void forgetRunningLoops() {
  for (Running* r = all; r != nullptr; r = r->next) r->loop = r->task = Value();
  all = nullptr;
}

static Running* entered_py(Thread& t, Value loop) {
  Running* r = runningOf(t);
  if (r != nullptr && r->loop == loop) return r;
  (void)raiseRuntimeError(t, "loop %s is not the running loop", reprText_py(t, loop).c_str());
  return nullptr;
}
Status enterTask_py(Thread& t, Value loop, Value task) {
  Running* r = entered_py(t, loop);
  if (r == nullptr) return kRaised;
  if (r->task.defined()) {
    Ref other = Ref::of(r->task);
    return raiseRuntimeError(t, "Cannot enter into task %s while another task %s is being executed.", reprText_py(t, task).c_str(), reprText_py(t, other.get()).c_str());
  }
  r->task = share(task);
  return kDone;
}
Status leaveTask_py(Thread& t, Value loop, Value task) {
  Running* r = entered_py(t, loop);
  if (r == nullptr) return kRaised;
  if (r->task != task) {
    Ref other = r->task.defined() ? Ref::of(r->task) : Ref::none();
    return raiseRuntimeError(t, "Invalid attempt to leave task %s while task %s is entered.", reprText_py(t, task).c_str(), reprText_py(t, other.get()).c_str());
  }
  clearField(r->task);
  return kDone;
}
Ref swapTask_py(Thread& t, Value loop, Value task) {
  Running* r = entered_py(t, loop);
  if (r == nullptr) return kRaised;
  Ref before = r->task.defined() ? Ref::steal(r->task) : Ref::none();
  r->task = task.isNone() ? Value() : share(task);
  return before;
}
Ref getEventLoop_py(Thread& t) {
  if (Value loop = runningLoop(t); loop.defined()) return Ref::of(loop);
  Ref policy_of = TRY(attributeOfModule_py(t, "asyncio.events", "_get_event_loop_policy"));
  Ref policy = TRY(callArgs_py(t, policy_of.get()));
  return callMethod_py(t, policy.get(), intern(*t.isolate, "get_event_loop"));
}

}  // namespace krait::modules::asyncio
