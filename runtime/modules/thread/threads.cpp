// Starting and joining threads. A thread has a Thread of its own, a register stack and a large native stack; it runs while
// it holds the isolate's lock.
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <cmath>
#include <vector>

#include "runtime/modules/audit.h"
#include "runtime/modules/io/standard_streams.h"
#include "runtime/modules/signals.h"
#include "runtime/modules/sys_info.h"
#include "runtime/modules/thread/thread.h"
#include "runtime/object/exception.h"
#include "runtime/object/float.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/isolate.h"
#include "runtime/object/struct_sequence.h"

namespace krait::modules::thread {

static constexpr size_t kRegisterBytes = size_t{64} << 20;
static constexpr size_t kDefaultStack = size_t{16} << 20, kLeastStack = size_t{512} << 10;

// What a thread and those who wait for it share; counted by hand under the isolate's lock.
struct HandleState {
  int refs = 1;
  uint64_t ident = 0;
  bool started = false, done = false, daemon = true;
  WaitWord word;
};
static std::vector<HandleState*>& allHandles() {
  static auto* handles = new std::vector<HandleState*>;  // that exist, of any kind of thread
  return *handles;
}
static HandleState* newHandleState() {
  HandleState* s = new HandleState;
  allHandles().push_back(s);
  return s;
}
static void unref(HandleState* s) {
  if (--s->refs > 0) return;
  std::erase(allHandles(), s);
  delete s;
}
struct ThreadHandle : Object {
  HandleState* state;
};
static Type* handle_type = nullptr;
static Type* hook_args_type = nullptr;
static size_t stack_bytes = 0;  // as asked for; a thread has no less than kLeastStack
static uint64_t next_id = 2;
static int64_t running = 0;
static uint64_t main_ident = 0;  // after a fork in another thread: that thread
static std::vector<HandleState*> joinable;  // of threads that are not daemons

static HandleState* stateOf(Value v) { return v.as<ThreadHandle>()->state; }

struct StartInfo {
  Isolate* isolate;
  Value function, args, kwargs;  // owned
  HandleState* state;            // owned
  size_t stack;
  bool reports;                  // start_new_thread: an exception is reported here
};

static Thread* newThread(Isolate* isolate, size_t stack_size) {
  Thread* t = new Thread();
  t->isolate = isolate;
  t->handled = &t->base_handled;
  t->ident = static_cast<uint64_t>(pthread_self());
  void* stack = mmap(nullptr, kRegisterBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  CHECK(stack != MAP_FAILED, "address space for the register stack is available");
  t->stack_begin = static_cast<Value*>(stack);
  t->stack_end = t->stack_begin + kRegisterBytes / sizeof(Value);
  setNativeStackLimit(*t, stack_size - stack_size / 8 - 64 * 1024);
  return t;
}
static void linkThread(Thread* t) {
  Thread& main = t->isolate->main_thread;
  t->id = next_id++;
  t->recursion_limit = main.recursion_limit;
  t->next = main.next;
  main.next = t;
}
static void unlinkThread(Thread* t) {
  for (Thread* at = &t->isolate->main_thread; at->next != nullptr; at = at->next) {
    if (at->next != t) continue;
    at->next = t->next;
    return;
  }
}
static void markDone(HandleState* s) {
  s->done = true;
  s->word.wake(true);
  std::erase(joinable, s);
}

static constexpr size_t kForeignStack = 512 << 10;  // what is surely left of a stack that we did not make
CallingThread::CallingThread(Isolate& isolate) : thread_(newThread(&isolate, kForeignStack)) {
  takeLock(*thread_);
  linkThread(thread_);
}
CallingThread::~CallingThread() {
  dropLocals(*thread_);
  for (Value* field : {&thread_->context, &thread_->async_exception}) clearField(*field);
  unlinkThread(thread_);
  munmap(thread_->stack_begin, kRegisterBytes);
  giveLock(*thread_);
  delete thread_;
  current_thread = nullptr;
}

static void* runThread(void* data) {
  StartInfo info = *static_cast<StartInfo*>(data);
  delete static_cast<StartInfo*>(data);
  Thread* t = newThread(info.isolate, info.stack);
  takeLock(*t);
  linkThread(t);
  info.state->ident = t->ident;
  info.state->started = true;
  info.state->word.wake(true);
  ++running;
  {
    Ref function = Ref::steal(info.function), args = Ref::steal(info.args), kwargs = Ref::steal(info.kwargs);
    Dict* keywords = isDict(kwargs.get()) ? kwargs.as<Dict>() : nullptr;
    Ref done = callTuple_py(*t, function.get(), args.as<Tuple>(), keywords);
    if (!done) {
      if (pendingMatches(*t, errors(*t).system_exit)) clearException(*t);
      else writeUnraisable_py(*t, info.reports ? "Exception ignored in thread started by" : "Exception ignored in thread", function.get());
    }
  }
  dropLocals(*t);
  clearField(t->context);
  clearField(t->async_exception);
  --running;
  unlinkThread(t);
  markDone(info.state);
  unref(info.state);
  munmap(t->stack_begin, kRegisterBytes);
  giveLock(*t);
  delete t;
  return nullptr;
}

// Starts a thread; `state` gets its identity.
static Status start_py(Thread& t, Value function, Value args, Value kwargs, HandleState* state, bool reports) {
  if (t.isolate->finalizing) return raise(t, errors(t).python_finalization_error, "can't create new thread at interpreter shutdown");
  size_t stack = stack_bytes > 0 ? std::max(stack_bytes, kLeastStack) : kDefaultStack;
  ++state->refs;
  StartInfo* info = new StartInfo{t.isolate, share(function), share(args), share(kwargs), state, stack, reports};
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stack);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  int error = pthread_create(&thread, &attributes, runThread, info);
  pthread_attr_destroy(&attributes);
  if (error != 0) {
    for (Value v : {info->function, info->args, info->kwargs}) decref(v);
    --state->refs;
    delete info;
    return raiseRuntimeError(t, "can't start new thread");
  }
  state->ident = static_cast<uint64_t>(thread);
  return kDone;
}

static Ref startNewThread(Thread& t, const Value* a) {
  if (!isCallable(t, a[0])) return raiseTypeError(t, "first arg must be callable");
  if (!isTuple(a[1])) return raiseTypeError(t, "2nd arg must be a tuple");
  if (a[2].defined() && !isDict(a[2])) return raiseTypeError(t, "optional 3rd arg must be a dictionary");
  TRY(audit_py(t, "_thread.start_new_thread", {a[0], a[1], a[2]}));
  HandleState* state = newHandleState();
  Status started = start_py(t, a[0], a[1], a[2].defined() ? a[2] : Value::none(), state, true);
  uint64_t ident = state->ident;
  unref(state);
  if (started.failed) return Ref();
  return newIntUnsigned(t, ident);
}
static Ref newHandle() {
  ThreadHandle* h = allocate<ThreadHandle>(handle_type);
  h->state = newHandleState();
  return Ref::steal(h);
}
static Ref startJoinable(Thread& t, const Value* a) {
  if (!isCallable(t, a[0])) return raiseTypeError(t, "thread function must be callable");
  TRY(audit_py(t, "_thread.start_joinable_thread", {a[0], a[2], a[1]}));
  bool daemon = TRY(isTrue_py(t, a[2]));
  if (!a[1].isNone() && typeOf(t, a[1]) != handle_type) return raiseTypeError(t, "'handle' must be a _ThreadHandle");
  Ref handle = a[1].isNone() ? newHandle() : Ref::of(a[1]);
  HandleState* s = stateOf(handle.get());
  if (s->ident != 0 || s->done) return raiseRuntimeError(t, "thread already started");
  s->daemon = daemon;
  Ref args = newTuple(t, 0);
  TRY(start_py(t, a[0], args.get(), Value::none(), s, false));
  if (!daemon) joinable.push_back(s);
  return handle;
}

// --- handles
static Ref makeHandleNew(Thread&, Type*, const Value*, uint32_t, Tuple*) { return newHandle(); }
static void deallocHandle(Object* o) { unref(static_cast<ThreadHandle*>(o)->state); }
static Fallible<bool> waitDone_py(Thread& t, HandleState* s, int64_t deadline) {
  ++s->refs;
  bool failed = false;
  while (!s->done && !failed) {
    if (deadline == 0 || (!s->word.wait(t, deadline) && !s->done)) break;
    failed = checkSignals_py(t).failed;
  }
  bool done = s->done;
  unref(s);
  if (failed) return kRaised;
  return done;
}
static Ref join(Thread& t, const Value* a) {
  HandleState* s = stateOf(a[0]);
  int64_t deadline = -1;
  if (!a[1].isNone()) {
    double seconds = TRY(toDouble_py(t, a[1]));
    if (seconds != seconds) return raiseValueError(t, "Invalid value NaN (not a number)");
    if (seconds >= 0) deadline = seconds > 9e9 ? -1 : seconds == 0 ? 0 : monotonicNanos() + static_cast<int64_t>(seconds * 1e9);
  }
  if (s->ident == 0 && !s->done) return raiseRuntimeError(t, "thread not started");
  if (s->ident == t.ident && !s->done) return raiseRuntimeError(t, "Cannot join current thread");
  if (t.isolate->finalizing && s->daemon && !s->done && deadline < 0) return raise(t, errors(t).python_finalization_error, "cannot join daemon thread at finalization");
  TRY(waitDone_py(t, s, deadline));
  return Ref::none();
}
static Ref setDone(Thread&, const Value* a) {
  markDone(stateOf(a[0]));
  return Ref::none();
}
static Ref isDone(Thread&, const Value* a) { return Ref::boolean(stateOf(a[0])->done); }
static Ref getIdent(Thread& t, Value v) { return newIntUnsigned(t, stateOf(v)->ident); }
static Ref reprHandle(Thread& t, Value v) { return strFormat(t, "<_ThreadHandle object: ident=%lu>", static_cast<unsigned long>(stateOf(v)->ident)); }
static const NativeDef kHandleMethods[] = {{"join", "($self, timeout=None, /)", join}, {"_set_done", "($self, /)", setDone}, {"is_done", "($self, /)", isDone}, {nullptr, nullptr, nullptr}};
static const GetSetDef kHandleGetSets[] = {{"ident", getIdent}, {nullptr, nullptr}};
static Ref makeHandle(Thread& t, const Value* a) {
  Ref handle = newHandle();
  HandleState* s = stateOf(handle.get());
  uint64_t ident = 0;
  if (!isIntLike(a[0]) || !intFitsUnsigned(a[0], ident)) return raiseTypeError(t, "ident must be an integer");
  s->ident = ident;
  s->started = true;
  return handle;
}

Status shutdownThreads_py(Thread& t) {
  while (!joinable.empty()) TRY(waitDone_py(t, joinable.back(), -1));
  return kDone;
}
static Ref shutdown(Thread& t, const Value*) {
  TRY(shutdownThreads_py(t));
  return Ref::none();
}
void forgetOtherThreads(Thread& t) {
  for (HandleState* s : allHandles()) s->done = s->done || (s->ident != 0 && s->ident != t.ident);
  joinable.clear();
  t.isolate->main_thread.next = &t == &t.isolate->main_thread ? nullptr : &t;
  t.next = nullptr;
  running = 0;
  t.ident = main_ident = static_cast<uint64_t>(pthread_self());
  setSignalThread(t);
}

// --- functions
static Ref identity(Thread& t, const Value*) { return newIntUnsigned(t, static_cast<uint64_t>(pthread_self())); }
static Ref nativeId(Thread& t, const Value*) { return newInt(t, syscall(SYS_gettid)); }
static Ref mainIdentity(Thread& t, const Value*) { return newIntUnsigned(t, main_ident != 0 ? main_ident : t.isolate->main_thread.ident); }
static Ref allocateLock(Thread&, const Value*) { return newLock(); }
static Ref count(Thread&, const Value*) { return newIntSmall(running); }
static Ref stackSize(Thread& t, const Value* a) {
  int64_t size = TRY(toInt64_py(t, a[0])), old = static_cast<int64_t>(stack_bytes);
  if (size < 0) return raiseValueError(t, "size must be 0 or a positive value");
  if (size != 0 && size < 32768) return raiseValueError(t, "size not valid: %ld bytes", static_cast<long>(size));
  stack_bytes = static_cast<size_t>(size);
  return newInt(t, old);
}
static Ref setName(Thread& t, const Value* a) {
  if (!isStr(a[0])) return raiseTypeError(t, "set_name() argument 'name' must be str, not %s", typeNameOf(t, a[0]));
  pthread_setname_np(pthread_self(), toUtf8(a[0].as<Str>()).substr(0, 15).c_str());
  return Ref::none();
}
static Ref exitThread(Thread& t, const Value*) {
  Ref e = TRY(newException_py(t, errors(t).system_exit, nullptr, 0));
  return raiseException(t, e.get());
}
static Ref yes(Thread&, const Value*) { return Ref::boolean(true); }
static Ref interruptMain(Thread& t, const Value* a) {
  int number = TRY(toCInt_py(t, a[0]));
  if (number < 1 || number > 64) return raiseValueError(t, "signal number out of range");
  simulateSignal(t, number);
  return Ref::none();
}
// ref: thread_excepthook_file.
static Ref exceptHook(Thread& t, const Value* a) {
  if (typeOf(t, a[0]) != hook_args_type) return raiseTypeError(t, "_thread.excepthook argument type must be ExceptHookArgs");
  const Value* f = a[0].as<Tuple>()->items();
  if (f[0] == Value(errors(t).system_exit)) return Ref::none();
  Ref stream = Ref::of(dictGetStr(t.isolate->sys, t.names().stderr_));
  if (!stream || stream.get().isNone()) {
    if (f[3].isNone()) return Ref::none();
    stream = TRY(getAttrNamed_py(t, f[3], "_stderr"));
    if (stream.get().isNone()) return stream;
  }
  std::string name;
  if (!f[3].isNone()) {
    Ref text = getAttrNamed_py(t, f[3], "name");
    Ref shown = text ? str_py(t, text.get()) : Ref();
    clearException(t);
    if (shown) name = toUtf8(shown.as<Str>());
  }
  if (name.empty()) name = std::to_string(static_cast<uint64_t>(pthread_self()));
  io::writeMessage_py(t, stream.get(), "Exception in thread " + name + ":\n");
  printException_py(t, f[1], f[2]);
  return Ref::none();
}

const NativeDef kThreadFunctions[] = {{"get_ident", "()", identity}, {"get_native_id", "()", nativeId}, {"_get_main_thread_ident", "()", mainIdentity},
    {"allocate_lock", "()", allocateLock}, {"allocate", "()", allocateLock}, {"start_new_thread", "(function, args, kwargs=<unset>, /)", startNewThread},
    {"start_new", "(function, args, kwargs=<unset>, /)", startNewThread}, {"start_joinable_thread", "(function, handle=None, daemon=True)", startJoinable},
    {"_make_thread_handle", "(ident, /)", makeHandle}, {"_shutdown", "()", shutdown}, {"_count", "()", count}, {"stack_size", "(size=0, /)", stackSize},
    {"set_name", "(name)", setName}, {"exit", "()", exitThread}, {"exit_thread", "()", exitThread}, {"daemon_threads_allowed", "()", yes},
    {"_is_main_interpreter", "()", yes}, {"interrupt_main", "(signum=2, /)", interruptMain}, {"_excepthook", "(exc_info, /)", exceptHook}, {nullptr, nullptr, nullptr}};

static const StructSequenceDef kHookArgs = {"_thread._ExceptHookArgs", 4, 4, {"exc_type", "exc_value", "exc_traceback", "thread"}, "ExceptHookArgs\n\nType used to pass arguments to threading.excepthook."};

void addThreadTypes(Thread& t, Module* m) {
  t.isolate->main_thread.ident = static_cast<uint64_t>(pthread_self());
  Type* type = handle_type = makeType(*t.isolate, {.name = "_thread._ThreadHandle", .size = sizeof(ThreadHandle), .methods = kHandleMethods, .getsets = kHandleGetSets});
  type->slots.make = makeHandleNew;
  type->slots.dealloc = deallocHandle;
  type->slots.repr = reprHandle;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
  hook_args_type = makeStructSequence(*t.isolate, kHookArgs);
  moduleSet(t, m, "_ExceptHookArgs", hook_args_type);
  moduleSet(t, m, "error", errors(t).runtime_error);
  moduleSet(t, m, "TIMEOUT_MAX", Value::fromDouble(9223372036.0));
}

}  // namespace krait::modules::thread
