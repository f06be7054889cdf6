// The `faulthandler` module: tracebacks of all threads on demand, on fatal signals and after a time. What a signal handler
// writes is made with system calls only. ref: Modules/faulthandler.c, Python/traceback.c.
#include <dlfcn.h>
#include <execinfo.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "runtime/modules/fault_handler.h"
#include "runtime/modules/os_support.h"
#include "runtime/modules/thread/thread.h"
#include "runtime/object/float.h"
#include "runtime/object/frame.h"
#include "runtime/object/gc.h"

namespace krait::modules {

static void put(int fd, const char* text) {
  ssize_t n = ::write(fd, text, std::strlen(text));
  (void)n;
}
static constexpr int kMostCharacters = 500, kMostFrames = 100, kMostThreads = 100;
static void putStr(int fd, const Str* s) {
  for (int64_t i = 0; i < s->length && i < kMostCharacters; ++i) {
    char buffer[16];
    char32_t c = s->at(i);
    if (c < 0x80) std::snprintf(buffer, sizeof buffer, "%c", static_cast<char>(c));
    else std::snprintf(buffer, sizeof buffer, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", static_cast<unsigned>(c));
    put(fd, buffer);
  }
  if (s->length > kMostCharacters) put(fd, "...");
}
static void dumpThread(int fd, const Thread& t) {
  int count = 0;
  for (const Frame* f = t.frame; f != nullptr && count < kMostFrames; f = f->back, ++count) {
    put(fd, "  File \"");
    putStr(fd, f->code->filename);
    char line[32];
    std::snprintf(line, sizeof line, "\", line %d in ", lineOf(f->code, f->pc));
    put(fd, line);
    putStr(fd, f->code->name);
    put(fd, "\n");
  }
  if (count == 0) put(fd, "  <no Python frame>\n");
  if (count == kMostFrames) put(fd, "  ...\n");
}
// The newest thread first.
static void dumpAll(int fd, const Thread* current, const Thread* first) {
  const Thread* threads[kMostThreads];
  int count = 0;
  bool is_more = false;
  for (const Thread* t = first; t != nullptr; t = t->next) {
    int at = count;
    if (count == kMostThreads) {
      is_more = true;
      break;
    }
    for (; at > 0 && threads[at - 1]->id < t->id; --at) threads[at] = threads[at - 1];
    threads[at] = t;
    ++count;
  }
  for (int i = 0; i < count; ++i) {
    if (i > 0) put(fd, "\n");
    char head[64];
    std::snprintf(head, sizeof head, "%s 0x%016lx (most recent call first):\n", threads[i] == current ? "Current thread" : "Thread", static_cast<unsigned long>(threads[i]->ident));
    put(fd, head);
    if (threads[i] == current && current->isolate->collector->collecting) put(fd, "  Garbage-collecting\n");
    dumpThread(fd, *threads[i]);
  }
  if (is_more) put(fd, "...\n");
}
// Where the native code stands: the file, the nearest symbol, the address.
static void dumpNative(int fd) {
  put(fd, "Current thread's C stack trace (most recent call first):\n");
  void* calls[32];
  int count = backtrace(calls, 32);
  for (int i = 0; i < count; ++i) {
    char line[600];
    Dl_info info = {};
    if (dladdr(calls[i], &info) == 0 || info.dli_fname == nullptr) {
      std::snprintf(line, sizeof line, "  Binary file \"<unknown>\" [%p]\n", calls[i]);
    } else if (info.dli_sname == nullptr) {
      std::snprintf(line, sizeof line, "  Binary file \"%.400s\", at +0x%lx [%p]\n", info.dli_fname, static_cast<unsigned long>(static_cast<char*>(calls[i]) - static_cast<char*>(info.dli_fbase)), calls[i]);
    } else {
      std::snprintf(line, sizeof line, "  Binary file \"%.300s\", at %.100s+0x%lx [%p]\n", info.dli_fname, info.dli_sname,
                    static_cast<unsigned long>(static_cast<char*>(calls[i]) - static_cast<char*>(info.dli_saddr)), calls[i]);
    }
    put(fd, line);
  }
  if (count == 32) put(fd, "  <truncated rest of calls>\n");
}
static void dump(int fd, bool all) {
  Thread* t = current_thread;
  if (t == nullptr) return;
  if (all) return dumpAll(fd, t, &t->isolate->main_thread);
  put(fd, "Stack (most recent call first):\n");
  dumpThread(fd, *t);
}

static Fallible<int> fileArg_py(Thread& t, Value v) {
  Value file = v;
  if (v.isUndefined() || v.isNone()) {
    file = dictGetStr(t.isolate->sys, t.names().stderr_);
    if (file.isUndefined() || file.isNone()) return raiseRuntimeError(t, "sys.stderr is None");
  }
  if (isIntLike(file)) {
    int fd = TRY(toCInt_py(t, file));
    if (fd < 0) return raiseValueError(t, "file is not a valid file descripter");
    return fd;
  }
  int fd = TRY(toDescriptor_py(t, file));
  Ref flushed = callMethod_py(t, file, t.names().flush);
  if (!flushed) clearException(t);
  return fd;
}

// --- fatal signals
static struct {
  std::atomic<bool> enabled{false};
  bool all_threads = true, native = true;
  int fd = 2;
} fatal;
static constexpr struct {
  int number;
  const char* name;
} kFatal[] = {{SIGBUS, "Bus error"}, {SIGILL, "Illegal instruction"}, {SIGFPE, "Floating-point exception"}, {SIGABRT, "Aborted"}, {SIGSEGV, "Segmentation fault"}};
static void onFatal(int number) {
  ::signal(number, SIG_DFL);
  for (auto& f : kFatal) {
    if (f.number != number) continue;
    put(fatal.fd, "Fatal Python error: ");
    put(fatal.fd, f.name);
    put(fatal.fd, "\n\n");
  }
  dump(fatal.fd, fatal.all_threads);
  if (fatal.native) {
    put(fatal.fd, "\n");
    dumpNative(fatal.fd);
  }
  ::raise(number);
}
void enableFaultHandler() {
  fatal.enabled = true;
  for (auto& f : kFatal) {
    struct sigaction action = {};
    action.sa_handler = onFatal;
    action.sa_flags = SA_NODEFER | SA_ONSTACK;
    sigaction(f.number, &action, nullptr);
  }
}
static Ref enableFn(Thread& t, const Value* a) {
  fatal.fd = TRY(fileArg_py(t, a[0]));
  fatal.all_threads = TRY(isTrue_py(t, a[1]));
  fatal.native = TRY(isTrue_py(t, a[2]));
  enableFaultHandler();
  return Ref::none();
}
static Ref disableFn(Thread&, const Value*) {
  bool was = fatal.enabled.exchange(false);
  if (was) for (auto& f : kFatal) ::signal(f.number, SIG_DFL);
  return Ref::boolean(was);
}
static Ref isEnabled(Thread&, const Value*) { return Ref::boolean(fatal.enabled); }
static Ref dumpTraceback(Thread& t, const Value* a) {
  int fd = TRY(fileArg_py(t, a[0]));
  dump(fd, TRY(isTrue_py(t, a[1])));
  return Ref::none();
}

// --- after a time: a thread waits, and looks at the others' frames without the lock
struct Watch {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
  uint64_t generation = 0;
  int64_t nanos = 0;
  bool repeat = false, exits = false;
  int fd = 2;
  const Thread* first = nullptr;
  void* dying = nullptr;  // of _fatal_error_c_thread
};
static Watch watch;
static void* runWatch(void* data) {
  uint64_t own = reinterpret_cast<uint64_t>(data);
  pthread_mutex_lock(&watch.mutex);
  while (watch.generation == own) {
    timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    int64_t at = until.tv_sec * 1000000000 + until.tv_nsec + watch.nanos;
    until = {static_cast<time_t>(at / 1000000000), static_cast<long>(at % 1000000000)};
    while (watch.generation == own && pthread_cond_timedwait(&watch.changed, &watch.mutex, &until) != ETIMEDOUT) {
    }
    if (watch.generation != own) break;
    char head[64];
    long seconds = static_cast<long>(watch.nanos / 1000000000), micros = static_cast<long>(watch.nanos / 1000 % 1000000);
    int size = std::snprintf(head, sizeof head, "Timeout (%ld:%02ld:%02ld", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if (micros != 0) size += std::snprintf(head + size, sizeof head - static_cast<size_t>(size), ".%06ld", micros);
    std::snprintf(head + size, sizeof head - static_cast<size_t>(size), ")!\n");
    put(watch.fd, head);
    dumpAll(watch.fd, nullptr, watch.first);
    if (watch.exits) _exit(1);
    if (!watch.repeat) break;
  }
  pthread_mutex_unlock(&watch.mutex);
  return nullptr;
}
static Ref dumpLater(Thread& t, const Value* a) {
  double seconds = TRY(toDouble_py(t, a[0]));
  if (!(seconds > 0)) return raiseValueError(t, "timeout must be greater than 0");
  bool repeat = TRY(isTrue_py(t, a[1])), exits = TRY(isTrue_py(t, a[3]));
  int fd = TRY(fileArg_py(t, a[2]));
  pthread_mutex_lock(&watch.mutex);
  uint64_t own = ++watch.generation;
  watch.nanos = static_cast<int64_t>(seconds * 1e9);
  watch.repeat = repeat;
  watch.exits = exits;
  watch.fd = fd;
  watch.first = &t.isolate->main_thread;
  pthread_cond_broadcast(&watch.changed);
  pthread_mutex_unlock(&watch.mutex);
  pthread_t thread;
  if (pthread_create(&thread, nullptr, runWatch, reinterpret_cast<void*>(own)) != 0) return raiseRuntimeError(t, "unable to start watchdog thread");
  pthread_detach(thread);
  return Ref::none();
}
static Ref cancelLater(Thread&, const Value*) {
  pthread_mutex_lock(&watch.mutex);
  ++watch.generation;
  pthread_cond_broadcast(&watch.changed);
  pthread_mutex_unlock(&watch.mutex);
  return Ref::none();
}

// --- signals of the user's choice
static struct {
  bool is_set, all, chain;
  int fd;
  struct sigaction before;
} chosen[65];
static void onChosen(int number) {
  int saved = errno;
  dump(chosen[number].fd, chosen[number].all);
  if (chosen[number].chain && chosen[number].before.sa_handler != SIG_DFL && chosen[number].before.sa_handler != SIG_IGN) chosen[number].before.sa_handler(number);
  errno = saved;
}
static Ref registerFn(Thread& t, const Value* a) {
  int number = TRY(toCInt_py(t, a[0]));
  if (number < 1 || number > 64) return raiseValueError(t, "signal number out of range");
  for (auto& f : kFatal) {
    if (f.number == number) return raiseRuntimeError(t, "signal %i cannot be registered, use enable() instead", number);
  }
  int fd = TRY(fileArg_py(t, a[1]));
  bool all = TRY(isTrue_py(t, a[2])), chain = TRY(isTrue_py(t, a[3]));
  struct sigaction action = {};
  action.sa_handler = onChosen;
  action.sa_flags = SA_RESTART | SA_ONSTACK;
  struct sigaction before;
  if (sigaction(number, &action, &before) != 0) return raiseOSError(t, errno);
  if (!chosen[number].is_set) chosen[number].before = before;
  chosen[number].is_set = true;
  chosen[number].all = all;
  chosen[number].chain = chain;
  chosen[number].fd = fd;
  return Ref::none();
}
static Ref unregisterFn(Thread& t, const Value* a) {
  int number = TRY(toCInt_py(t, a[0]));
  if (number < 1 || number > 64) return raiseValueError(t, "signal number out of range");
  if (!chosen[number].is_set) return Ref::boolean(false);
  chosen[number].is_set = false;
  sigaction(number, &chosen[number].before, nullptr);
  return Ref::boolean(true);
}
static Ref dumpNativeStack(Thread& t, const Value* a) {
  dumpNative(TRY(fileArg_py(t, a[0])));
  return Ref::none();
}

// --- ways to die, for those who try the above out
template <int kNumber>
static Ref dieOf(Thread&, const Value*) {
  rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  ::raise(kNumber);
  return Ref::none();
}
static void* dieInThread(void*) {
  put(2, "Fatal Python error: faulthandler_fatal_error_thread: in new thread\nPython runtime state: initialized\n\n");
  Thread* main = static_cast<Thread*>(watch.dying);
  dumpAll(2, nullptr, main);
  std::abort();
}
static Ref dieOfThread(Thread& t, const Value*) {
  rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  ::signal(SIGABRT, SIG_DFL);
  watch.dying = &t.isolate->main_thread;
  pthread_t thread;
  if (pthread_create(&thread, nullptr, dieInThread, nullptr) != 0) return raiseRuntimeError(t, "unable to start the thread");
  WithoutLock unlocked(t);
  pthread_join(thread, nullptr);
  return Ref::none();
}
static const NativeDef kFunctions[] = {{"enable", "(file=<unset>, all_threads=True, c_stack=True)", enableFn}, {"disable", "()", disableFn}, {"is_enabled", "()", isEnabled},
    {"dump_traceback", "(file=<unset>, all_threads=True)", dumpTraceback}, {"dump_traceback_later", "(timeout, repeat=False, file=<unset>, exit=False)", dumpLater},
    {"cancel_dump_traceback_later", "()", cancelLater}, {"register", "(signum, file=<unset>, all_threads=True, chain=False)", registerFn}, {"unregister", "(signum, /)", unregisterFn},
    {"dump_c_stack", "(file=<unset>)", dumpNativeStack}, {"_sigsegv", "(release_gil=False, /)", dieOf<SIGSEGV>}, {"_read_null", "()", dieOf<SIGSEGV>},
    {"_sigabrt", "()", dieOf<SIGABRT>}, {"_sigfpe", "()", dieOf<SIGFPE>}, {"_fatal_error_c_thread", "()", dieOfThread}, {nullptr, nullptr, nullptr}};
extern const NativeModule kFaulthandlerModule;
const NativeModule kFaulthandlerModule = {"faulthandler", "faulthandler module.", kFunctions};

}  // namespace krait::modules
