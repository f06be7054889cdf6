// The `_signal` module. ref: Modules/signalmodule.c.
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cstring>

#include "runtime/modules/audit.h"
#include "runtime/modules/fork.h"
#include "runtime/modules/os_support.h"
#include "runtime/modules/signals.h"
#include "runtime/object/float.h"
#include "runtime/object/frame.h"
#include "runtime/object/struct_sequence.h"

namespace krait::modules {

static constexpr int kCount = 65;
struct SignalState {
  std::atomic<bool> tripped[kCount];
  Value handlers[kCount];  // a callable, an int (SIG_DFL, SIG_IGN) or None; Undefined: not known yet
  std::atomic<int> wakeup_fd{-1};
  bool warn_on_full = true;
  Thread* main = nullptr;
  Value default_int_handler;
  Type* siginfo = nullptr;
  Value timer_error;
};
static SignalState state;

static void note(int number) {
  state.tripped[number].store(true);
  if (state.main != nullptr) requestBreak(*state.main, kBreakSignal);
  int fd = state.wakeup_fd.load();
  if (fd < 0) return;
  unsigned char byte = static_cast<unsigned char>(number);
  ssize_t n = ::write(fd, &byte, 1);
  (void)n;
}
static void onSignal(int number) {
  int saved = errno;
  note(number);
  errno = saved;
}
void setSignalThread(Thread& t) { state.main = &t; }
void simulateSignal(Thread&, int number) {
  Value h = state.handlers[number];
  if (!h.defined() || h.isInt() || h.isNone()) return;
  note(number);
}

// ref: _PyErr_CheckSignalsTstate.
static Status runHandlers_py(Thread& t) {
  if (&t != state.main) return kDone;
  for (int i = 1; i < kCount; ++i) {
    if (!state.tripped[i].exchange(false)) continue;
    Value handler = state.handlers[i];
    if (handler.isUndefined() || handler.isNone() || handler.isInt()) continue;
    Ref held = Ref::of(handler);
    Value frame = t.frame != nullptr ? Value(frameObject(t, t.frame)) : Value::none();
    Ref done = callArgs_py(t, handler, Value::fromInt(i), frame);
    if (!done) {
      requestBreak(t, kBreakSignal);
      return kRaised;
    }
  }
  return kDone;
}
static const NativeDef kDefaultInt = {"default_int_handler", "(signalnum, frame, /)",
    [](Thread& t, const Value*) -> Ref {
      Ref e = TRY(call_py(t, errors(t).keyboard_interrupt, nullptr, 0));
      return raiseException(t, e.get());
    },
    "The default handler for SIGINT installed by Python."};

static bool install(int number, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_ONSTACK;
  return sigaction(number, &action, nullptr) == 0;
}
void startSignals(Thread& t) {
  state.main = &t;
  t.isolate->signal_hook = runHandlers_py;
  install(SIGPIPE, SIG_IGN);
  install(SIGXFSZ, SIG_IGN);
  Ref name = newStr(t, "_signal");
  state.default_int_handler = newNativeFunction(t, &kDefaultInt, Value(), name.get()).release();
  for (int i = 1; i < kCount; ++i) {
    struct sigaction now;
    if (sigaction(i, nullptr, &now) != 0) continue;
    if (now.sa_handler == SIG_DFL) state.handlers[i] = Value::fromInt(0);
    else if (now.sa_handler == SIG_IGN) state.handlers[i] = Value::fromInt(1);
    else state.handlers[i] = Value::none();
  }
  if (state.handlers[SIGINT] == Value::fromInt(0)) {
    state.handlers[SIGINT] = share(state.default_int_handler);
    install(SIGINT, onSignal);
  }
}

static Fallible<int> numberArg_py(Thread& t, Value v) {
  int n = TRY(toCInt_py(t, v));
  if (n < 1 || n >= kCount) return raiseValueError(t, "signal number out of range");
  return n;
}
static Ref signalFn(Thread& t, const Value* a) {
  if (&t != state.main) return raiseValueError(t, "signal only works in main thread of the main interpreter");
  int number = TRY(numberArg_py(t, a[0]));
  int64_t kind = -1;
  void (*handler)(int) = onSignal;
  if (isIntLike(a[1]) && intFits(a[1], kind) && (kind == 0 || kind == 1)) handler = kind == 0 ? SIG_DFL : SIG_IGN;
  else if (!isCallable(t, a[1])) return raiseTypeError(t, "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
  TRY(checkSignals_py(t));
  if (!install(number, handler)) return raiseOSError(t, errno);
  Ref old = Ref::steal(state.handlers[number]);
  state.handlers[number] = handler == onSignal ? share(a[1]) : Value::fromInt(kind);
  return old.get().isUndefined() ? Ref::none() : std::move(old);
}
static Ref getsignalFn(Thread& t, const Value* a) {
  Value h = state.handlers[TRY(numberArg_py(t, a[0]))];
  return h.defined() ? Ref::of(h) : Ref::none();
}
static Ref strsignalFn(Thread& t, const Value* a) {
  int n = TRY(numberArg_py(t, a[0]));
  if (n == 32 || n == 33) return Ref::none();
  return newStr(t, strsignal(n));
}
static Ref raiseSignal(Thread& t, const Value* a) {
  int number = TRY(toCInt_py(t, a[0]));
  if (::raise(number) != 0) return raiseOSError(t, errno);
  TRY(checkSignals_py(t));
  return Ref::none();
}
static Ref alarmFn(Thread& t, const Value* a) { return newInt(t, alarm(static_cast<unsigned>(TRY(toCInt_py(t, a[0]))))); }
static Ref pauseFn(Thread& t, const Value*) {
  {
    WithoutLock unlocked(t);
    pause();
  }
  TRY(checkSignals_py(t));
  return Ref::none();
}
static timeval fromSeconds(double d) { return {static_cast<time_t>(d), static_cast<suseconds_t>((d - static_cast<double>(static_cast<time_t>(d))) * 1e6)}; }
static Value toSeconds(const timeval& v) { return Value::fromDouble(static_cast<double>(v.tv_sec) + static_cast<double>(v.tv_usec) / 1e6); }
static Ref timerPair(Thread& t, const itimerval& v) { return tupleOf(t, {toSeconds(v.it_value), toSeconds(v.it_interval)}); }
static Ref setitimerFn(Thread& t, const Value* a) {
  int which = TRY(toCInt_py(t, a[0]));
  double first = TRY(toDouble_py(t, a[1])), interval = TRY(toDouble_py(t, a[2]));
  itimerval now = {fromSeconds(interval), fromSeconds(first)}, old;
  if (first > 0 && now.it_value.tv_sec == 0 && now.it_value.tv_usec == 0) now.it_value.tv_usec = 1;
  if (setitimer(static_cast<__itimer_which_t>(which), &now, &old) != 0) return raiseWith(t, state.timer_error.as<Type>(), Value::fromInt(errno));
  return timerPair(t, old);
}
static Ref getitimerFn(Thread& t, const Value* a) {
  itimerval now;
  if (getitimer(static_cast<__itimer_which_t>(TRY(toCInt_py(t, a[0]))), &now) != 0) return raiseWith(t, state.timer_error.as<Type>(), Value::fromInt(errno));
  return timerPair(t, now);
}
static Ref setWakeupFd(Thread& t, const Value* a) {
  if (&t != state.main) return raiseValueError(t, "set_wakeup_fd only works in main thread of the main interpreter");
  int fd = TRY(toCInt_py(t, a[0]));
  if (fd >= 0) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0) return raiseOSError(t, errno);
    if (!(flags & O_NONBLOCK)) return raiseValueError(t, "the fd %i must be in non-blocking mode", fd);
  }
  state.warn_on_full = TRY(isTrue_py(t, a[1]));
  return newInt(t, state.wakeup_fd.exchange(fd < 0 ? -1 : fd));
}
static Ref siginterruptFn(Thread& t, const Value* a) {
  int number = TRY(numberArg_py(t, a[0]));
  return noneOrError(t, siginterrupt(number, TRY(isTrue_py(t, a[1]))));
}

// --- sets
static Status setOf_py(Thread& t, Value v, sigset_t& out) {
  sigemptyset(&out);
  Iteration it(t, v);
  while (it.next()) {
    Ref index = TRY(toIndex_py(t, it.value()));
    int64_t n = -1;
    bool fits = intFits(index.get(), n);
    if (!fits || n < 1 || n >= kCount) return raiseValueError(t, "signal number %ld out of range [1; %d]", static_cast<long>(n), kCount - 1);
    sigaddset(&out, static_cast<int>(n));
  }
  if (it.raised()) return kRaised;
  return kDone;
}
static Ref setFrom(Thread& t, const sigset_t& set) {
  Ref out = newSet(t);
  for (int i = 1; i < kCount; ++i) {
    if (sigismember(&set, i) == 1) TRY(setAdd_py(t, out.as<Set>(), Value::fromInt(i)));
  }
  return out;
}
static Ref sigmaskFn(Thread& t, const Value* a) {
  int how = TRY(toCInt_py(t, a[0]));
  sigset_t set, old;
  TRY(setOf_py(t, a[1], set));
  int error = pthread_sigmask(how, &set, &old);
  if (error != 0) return raiseOSError(t, error);
  TRY(checkSignals_py(t));
  return setFrom(t, old);
}
static Ref sigpendingFn(Thread& t, const Value*) {
  sigset_t set;
  if (sigpending(&set) != 0) return raiseOSError(t, errno);
  return setFrom(t, set);
}
static Ref sigwaitFn(Thread& t, const Value* a) {
  sigset_t set;
  TRY(setOf_py(t, a[0], set));
  int number = 0, error;
  {
    WithoutLock unlocked(t);
    do error = sigwait(&set, &number);
    while (error == EINTR);
  }
  if (error != 0) return raiseOSError(t, error);
  return newInt(t, number);
}
static const StructSequenceDef kSiginfo = {"signal.struct_siginfo", 7, 7, {"si_signo", "si_code", "si_errno", "si_pid", "si_uid", "si_status", "si_band"}, "struct_siginfo: Result from sigwaitinfo or sigtimedwait."};
static Ref waitInfo_py(Thread& t, Value signals, double seconds, bool has_timeout) {
  sigset_t set;
  TRY(setOf_py(t, signals, set));
  siginfo_t info;
  timespec wait = {static_cast<time_t>(seconds), static_cast<long>((seconds - static_cast<double>(static_cast<time_t>(seconds))) * 1e9)};
  int64_t r = TRY(blockingCall_py(t, [&] { return has_timeout ? sigtimedwait(&set, &info, &wait) : sigwaitinfo(&set, &info); }));
  if (r < 0) return errno == EAGAIN ? Ref::none() : Ref(raiseOSError(t, errno));
  Value values[7];
  int i = 0;
  for (int64_t n : {int64_t{info.si_signo}, int64_t{info.si_code}, int64_t{info.si_errno}, int64_t{info.si_pid}, int64_t{info.si_uid}, int64_t{info.si_status}, int64_t{info.si_band}}) values[i++] = Value::fromInt(n);
  return structSequenceSteal(t, state.siginfo, values, 7);
}
static Ref sigwaitinfoFn(Thread& t, const Value* a) { return waitInfo_py(t, a[0], 0, false); }
static Ref sigtimedwaitFn(Thread& t, const Value* a) {
  double seconds = TRY(toDouble_py(t, a[1]));
  if (seconds < 0) return raiseValueError(t, "timeout must be non-negative");
  return waitInfo_py(t, a[0], seconds, true);
}
static Ref pthreadKill(Thread& t, const Value* a) {
  int64_t thread = TRY(toInt64_py(t, a[0]));
  TRY(audit_py(t, "signal.pthread_kill", {a[0], a[1]}));
  int error = pthread_kill(static_cast<pthread_t>(thread), TRY(toCInt_py(t, a[1])));
  if (error != 0) return raiseOSError(t, error);
  TRY(checkSignals_py(t));
  return Ref::none();
}
static Ref pidfdSend(Thread& t, const Value* a) {
  int fd = TRY(toCInt_py(t, a[0])), number = TRY(toCInt_py(t, a[1])), flags = TRY(toCInt_py(t, a[3]));
  if (!a[2].isNone()) return raiseTypeError(t, "siginfo must be None");
  return noneOrError(t, syscall(SYS_pidfd_send_signal, fd, number, nullptr, flags));
}
static Ref validSignals(Thread& t, const Value*) {
  sigset_t set;
  sigfillset(&set);
  return setFrom(t, set);
}

static const NativeDef kFunctions[] = {{"signal", "(signalnum, handler, /)", signalFn}, {"getsignal", "(signalnum, /)", getsignalFn}, {"strsignal", "(signalnum, /)", strsignalFn},
    {"raise_signal", "(signalnum, /)", raiseSignal}, {"alarm", "(seconds, /)", alarmFn}, {"pause", "()", pauseFn}, {"setitimer", "(which, seconds, interval=0, /)", setitimerFn},
    {"getitimer", "(which, /)", getitimerFn}, {"set_wakeup_fd", "(fd, /, *, warn_on_full_buffer=True)", setWakeupFd}, {"siginterrupt", "(signalnum, flag, /)", siginterruptFn},
    {"pthread_sigmask", "(how, mask, /)", sigmaskFn}, {"sigpending", "()", sigpendingFn}, {"sigwait", "(sigset, /)", sigwaitFn}, {"sigwaitinfo", "(sigset, /)", sigwaitinfoFn},
    {"sigtimedwait", "(sigset, timeout, /)", sigtimedwaitFn}, {"pthread_kill", "(thread_id, signalnum, /)", pthreadKill}, {"pidfd_send_signal", "(pidfd, signalnum, siginfo=None, flags=0, /)", pidfdSend},
    {"valid_signals", "()", validSignals}, {nullptr, nullptr, nullptr}};

struct SignalName {
  const char* name;
  int number;
};
static Status init(Thread& t, Module* m) {
  static const SignalName names[] = {
#define S(name) {#name, name}
      S(SIGHUP), S(SIGINT), S(SIGQUIT), S(SIGILL), S(SIGTRAP), S(SIGIOT), S(SIGABRT), S(SIGFPE), S(SIGKILL), S(SIGBUS), S(SIGSEGV), S(SIGSYS), S(SIGPIPE), S(SIGALRM), S(SIGTERM),
      S(SIGUSR1), S(SIGUSR2), {"SIGCLD", SIGCHLD}, S(SIGCHLD), S(SIGPWR), S(SIGIO), S(SIGURG), S(SIGWINCH), S(SIGPOLL), S(SIGSTOP), S(SIGTSTP), S(SIGCONT), S(SIGTTIN), S(SIGTTOU),
      S(SIGVTALRM), S(SIGPROF), S(SIGXCPU), S(SIGXFSZ), {"SIGRTMIN", SIGRTMIN}, {"SIGRTMAX", SIGRTMAX}, S(SIGSTKFLT), {"NSIG", kCount}, {"SIG_DFL", 0}, {"SIG_IGN", 1}, S(SIG_BLOCK), S(SIG_UNBLOCK), S(SIG_SETMASK),
      S(ITIMER_REAL), S(ITIMER_VIRTUAL), S(ITIMER_PROF)};
#undef S
  for (const SignalName& s : names) moduleSet(t, m, s.name, Value::fromInt(s.number));
  if (state.default_int_handler.defined()) moduleSet(t, m, "default_int_handler", state.default_int_handler);
  Ref name = newStr(t, "itimer_error"), bases = tupleOf(t, {errors(t).os_error}), dict = newDict(t), module = newStr(t, "signal");
  dictSetStr(dict.as<Dict>(), t.names().d_module, module.get());
  Ref error = callArgs_py(t, t.types().type, name.get(), bases.get(), dict.get());
  if (!error) return kRaised;
  state.timer_error = share(error.get());
  moduleSet(t, m, "ItimerError", error.get());
  state.siginfo = makeStructSequence(*t.isolate, kSiginfo);
  moduleSetType(t, m, state.siginfo);
  return kDone;
}
extern const NativeModule kSignalModule;
const NativeModule kSignalModule = {"_signal", "This module provides mechanisms to use signal handlers in Python.", kFunctions, init};

}  // namespace krait::modules
