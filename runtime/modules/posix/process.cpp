// Processes: fork, exec, wait, signals to others, identities, scheduling.
#include <fcntl.h>
#include <grp.h>
#include <pty.h>
#include <sched.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <vector>

#include "runtime/modules/audit.h"
#include "runtime/modules/compile_hook.h"
#include "runtime/modules/fork.h"
#include "runtime/modules/posix/posix.h"
#include "runtime/object/float.h"

namespace krait::modules::posix {

#define INT(value) TRY(toCInt_py(t, value))
#define BLOCKING(call) TRY(blockingCall_py(t, [&] { return call; }))

static const StructSequenceDef kWaitidResult = {"posix.waitid_result", 5, 5, {"si_pid", "si_uid", "si_signo", "si_status", "si_code"}, "waitid_result: Result from waitid."};
static const StructSequenceDef kSchedParam = {"posix.sched_param", 1, 1, {"sched_priority"}, "A wrapper for scheduling parameters"};

// Texts for exec: kept together with the array of pointers to them.
struct Texts {
  std::vector<std::string> texts;
  std::vector<char*> pointers;
  char* const* array() {
    pointers.clear();
    for (std::string& s : texts) pointers.push_back(s.data());
    pointers.push_back(nullptr);
    return pointers.data();
  }
};
static Status argumentTexts_py(Thread& t, Value v, const char* function, Texts& out) {
  if (!isTuple(v) && !isList(v)) return raiseTypeError(t, "%s() arg 2 must be a tuple or list", function);
  Ref list = listFromIterable_py(t, v);
  if (!list) return kRaised;
  if (list.as<List>()->size == 0) return raiseValueError(t, "%s() arg 2 must not be empty", function);
  for (int64_t i = 0; i < list.as<List>()->size; ++i) {
    PathArg item;
    TRY(pathArg_py(t, list.as<List>()->items[i], kPathOnly, "", "expected str, bytes or os.PathLike object;", item));
    out.texts.push_back(item.text);
  }
  if (out.texts[0].empty()) return raiseValueError(t, "%s() arg 2 first element cannot be empty", function);
  return kDone;
}
static Status environmentTexts_py(Thread& t, Value v, Texts& out) {
  Ref items = callMethod_py(t, v, t.names().items);
  if (!items) return kRaised;
  Iteration it(t, items.get());
  while (it.next()) {
    if (!isTuple(it.value()) || it.value().as<Tuple>()->size != 2) return raiseTypeError(t, "env.items() must give pairs");
    PathArg key, value;
    TRY(pathArg_py(t, it.value().as<Tuple>()->items()[0], kPathOnly, "", "environment keys", key));
    TRY(pathArg_py(t, it.value().as<Tuple>()->items()[1], kPathOnly, "", "environment values", value));
    if (key.text.empty() || key.text.find('=') != std::string::npos) return raiseValueError(t, "illegal environment variable name");
    out.texts.push_back(key.text + "=" + value.text);
  }
  if (it.raised()) return kRaised;
  return kDone;
}
static Ref execvFn(Thread& t, const Value* a) {
  PathArg path;
  TRY(pathArg_py(t, a[0], kPathOnly, "execv", "path", path));
  Texts argv;
  TRY(argumentTexts_py(t, a[1], "execv", argv));
  TRY(audit_py(t, "os.exec", {a[0], a[1], Value::none()}));
  TRY(checkMayRun_py(t, {path.text}, path.object.get()));
  execv(path.c(), argv.array());
  return raisePathError(t, path);
}
static Ref execveFn(Thread& t, const Value* a) {
  PathArg path;
  TRY(pathArg_py(t, a[0], kAllowFd, "execve", "path", path));
  Texts argv, env;
  TRY(argumentTexts_py(t, a[1], "execve", argv));
  TRY(environmentTexts_py(t, a[2], env));
  TRY(audit_py(t, "os.exec", {a[0], a[1], a[2]}));
  if (!path.is_fd) TRY(checkMayRun_py(t, {path.text}, path.object.get()));
  if (path.is_fd) fexecve(path.fd, argv.array(), env.array());
  else execve(path.c(), argv.array(), env.array());
  return raisePathError(t, path);
}

// ref: parse_file_actions.
static Status fileActions_py(Thread& t, Value v, posix_spawn_file_actions_t& actions) {
  Iteration it(t, v);
  while (it.next()) {
    Value item = it.value();
    if (!isTuple(item) || item.as<Tuple>()->size == 0) return raiseTypeError(t, "Each file_actions element must be a non-empty tuple");
    const Value* part = item.as<Tuple>()->items();
    int64_t n = item.as<Tuple>()->size;
    int kind = INT(part[0]), error;
    if (kind == 0 && n == 5) {
      PathArg path;
      TRY(pathArg_py(t, part[2], kPathOnly, "posix_spawn", "path", path));
      error = posix_spawn_file_actions_addopen(&actions, INT(part[1]), path.c(), INT(part[3]), static_cast<mode_t>(INT(part[4])));
    } else if (kind == 1 && n == 2) {
      error = posix_spawn_file_actions_addclose(&actions, INT(part[1]));
    } else if (kind == 2 && n == 3) {
      error = posix_spawn_file_actions_adddup2(&actions, INT(part[1]), INT(part[2]));
    } else if (kind == 3 && n == 2) {
      error = posix_spawn_file_actions_addclosefrom_np(&actions, INT(part[1]));
    } else {
      return raiseTypeError(t, "Unknown file_actions identifier");
    }
    if (error != 0) return raiseOSError(t, error);
  }
  if (it.raised()) return kRaised;
  return kDone;
}
static Status signalSet_py(Thread& t, Value v, sigset_t& out) {
  sigemptyset(&out);
  Iteration it(t, v);
  while (it.next()) {
    int number = INT(it.value());
    if (number < 1 || number >= NSIG) return raiseValueError(t, "signal number %d out of range [1; %d]", number, NSIG - 1);
    sigaddset(&out, number);
  }
  if (it.raised()) return kRaised;
  return kDone;
}
// A sched_param object's priority.
static Fallible<sched_param> schedParam_py(Thread& t, Value v) {
  if (typeOf(t, v) != types.sched_param) return raiseTypeError(t, "must have a sched_param object");
  sched_param out = {};
  out.sched_priority = INT((*v.as<Tuple>())[0]);
  return out;
}
// The policy, if one is given, and the priority of `scheduler=(policy, param)`.
static Status spawnScheduler_py(Thread& t, Value scheduler, posix_spawnattr_t& attributes, short& flags) {
  if (!isTuple(scheduler) || scheduler.as<Tuple>()->size != 2) return raiseTypeError(t, "A scheduler tuple must have two elements");
  const Value* parts = scheduler.as<Tuple>()->items();
  if (!parts[0].isNone()) {
    posix_spawnattr_setschedpolicy(&attributes, INT(parts[0]));
    flags |= POSIX_SPAWN_SETSCHEDULER;
  }
  sched_param param = TRY(schedParam_py(t, parts[1]));
  posix_spawnattr_setschedparam(&attributes, &param);
  flags |= POSIX_SPAWN_SETSCHEDPARAM;
  return kDone;
}
static Status spawnAttributes_py(Thread& t, const Value* a, posix_spawnattr_t& attributes) {
  short flags = 0;
  if (a[4].defined() && !a[4].isNone()) {
    posix_spawnattr_setpgroup(&attributes, INT(a[4]));
    flags |= POSIX_SPAWN_SETPGROUP;
  }
  if (!isIntLike(a[5])) return raiseTypeError(t, "'%s' object cannot be interpreted as an integer", typeNameOf(t, a[5]));
  if (TRY(isTrue_py(t, a[5]))) flags |= POSIX_SPAWN_RESETIDS;
  if (TRY(isTrue_py(t, a[6]))) flags |= 0x80;  // POSIX_SPAWN_SETSID
  sigset_t set;
  if (a[7].defined()) {
    TRY(signalSet_py(t, a[7], set));
    posix_spawnattr_setsigmask(&attributes, &set);
    flags |= POSIX_SPAWN_SETSIGMASK;
  }
  if (a[8].defined()) {
    TRY(signalSet_py(t, a[8], set));
    posix_spawnattr_setsigdefault(&attributes, &set);
    flags |= POSIX_SPAWN_SETSIGDEF;
  }
  if (a[9].defined()) TRY(spawnScheduler_py(t, a[9], attributes, flags));
  posix_spawnattr_setflags(&attributes, flags);
  return kDone;
}
static Ref spawn_py(Thread& t, const Value* a, bool use_path) {
  PathArg path;
  TRY(pathArg_py(t, a[0], kPathOnly, use_path ? "posix_spawnp" : "posix_spawn", "path", path));
  Texts argv, env;
  TRY(argumentTexts_py(t, a[1], "posix_spawn", argv));
  if (!use_path) TRY(checkMayRun_py(t, {path.text}, path.object.get()));
  if (!a[2].isNone()) TRY(environmentTexts_py(t, a[2], env));
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  Status ready = spawnAttributes_py(t, a, attributes);
  if (!ready.failed && a[3].defined() && !a[3].isNone()) ready = fileActions_py(t, a[3], actions);
  pid_t pid = 0;
  int error = 0;
  if (!ready.failed) ready = audit_py(t, "os.posix_spawn", {a[0], a[1], a[2]});
  if (!ready.failed) {
    char* const* environment = a[2].isNone() ? environ : env.array();
    error = use_path ? posix_spawnp(&pid, path.c(), &actions, &attributes, argv.array(), environment)
                     : posix_spawn(&pid, path.c(), &actions, &attributes, argv.array(), environment);
  }
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (ready.failed) return Ref();
  if (error != 0) return raiseOSError(t, error, path.object.get());
  return newInt(t, pid);
}
static Ref spawnFn(Thread& t, const Value* a) { return spawn_py(t, a, false); }
static Ref spawnpFn(Thread& t, const Value* a) { return spawn_py(t, a, true); }

static Ref forkFn(Thread& t, const Value*) {
  if (t.isolate->finalizing) return raise(t, errors(t).python_finalization_error, "can't fork at interpreter shutdown");
  TRY(audit_py(t, "os.fork"));
  TRY(beforeFork_py(t));
  pid_t pid = fork();
  int error = errno;
  if (pid == 0) TRY(afterForkChild_py(t));
  else TRY(afterForkParent_py(t));
  if (pid < 0) return raiseOSError(t, error);
  return newInt(t, pid);
}
static Ref forkptyFn(Thread& t, const Value*) {
  TRY(audit_py(t, "os.forkpty"));
  TRY(beforeFork_py(t));
  int master = -1;
  pid_t pid = forkpty(&master, nullptr, nullptr, nullptr);
  int error = errno;
  if (pid == 0) TRY(afterForkChild_py(t));
  else TRY(afterForkParent_py(t));
  if (pid < 0) return raiseOSError(t, error);
  return tupleOf(t, {Value::fromInt(pid), Value::fromInt(master)});
}
static Ref registerAtForkFn(Thread& t, const Value* a) {
  if (a[0].isUndefined() && a[1].isUndefined() && a[2].isUndefined()) return raiseTypeError(t, "At least one argument is required.");
  for (int i = 0; i < 3; ++i) {
    static constexpr const char* kNames[] = {"before", "after_in_child", "after_in_parent"};
    if (a[i].defined() && !isCallable(t, a[i])) return raiseTypeError(t, "'%s' must be callable, not %s", kNames[i], typeNameOf(t, a[i]));
  }
  registerAtFork(t, a[0], a[1], a[2]);
  return Ref::none();
}

// --- waiting
static Ref waitPair(Thread& t, int64_t pid, int status) {
  if (pid < 0) return raiseOSError(t, errno);
  return tupleOf(t, {Value::fromInt(pid), Value::fromInt(status)});
}
static Ref waitFn(Thread& t, const Value*) {
  int status = 0;
  int64_t pid = BLOCKING(wait(&status));
  return waitPair(t, pid, status);
}
static Ref waitpidFn(Thread& t, const Value* a) {
  int status = 0, wanted = INT(a[0]), options = INT(a[1]);
  int64_t pid = BLOCKING(waitpid(wanted, &status, options));
  return waitPair(t, pid, status);
}
static Ref rusageOf(Thread& t, const rusage& r) {
  Ref name = newStr(t, "resource");
  Value names = Value::none();
  Ref module = TRY(importModule_py(t, name.get(), Value::none(), names, Value::none(), Value::fromInt(0)));
  Ref type = TRY(getAttrNamed_py(t, module.get(), "struct_rusage"));
  auto seconds = [](const timeval& v) { return Value::fromDouble(static_cast<double>(v.tv_sec) + static_cast<double>(v.tv_usec) * 1e-6); };
  Value values[16] = {seconds(r.ru_utime), seconds(r.ru_stime)};
  int i = 2;
  for (long n : {r.ru_maxrss, r.ru_ixrss, r.ru_idrss, r.ru_isrss, r.ru_minflt, r.ru_majflt, r.ru_nswap, r.ru_inblock, r.ru_oublock, r.ru_msgsnd,
                 r.ru_msgrcv, r.ru_nsignals, r.ru_nvcsw, r.ru_nivcsw}) {
    values[i++] = Value::fromInt(n);
  }
  return structSequenceSteal(t, type.as<Type>(), values, 16);
}
static Ref wait4As(Thread& t, int wanted, int options) {
  int status = 0;
  rusage usage = {};
  int64_t pid = BLOCKING(wait4(wanted, &status, options, &usage));
  if (pid < 0) return raiseOSError(t, errno);
  Ref used = TRY(rusageOf(t, usage));
  return tupleOf(t, {Value::fromInt(pid), Value::fromInt(status), used.get()});
}
static Ref wait3Fn(Thread& t, const Value* a) { return wait4As(t, -1, INT(a[0])); }
static Ref wait4Fn(Thread& t, const Value* a) {
  int pid = INT(a[0]);
  return wait4As(t, pid, INT(a[1]));
}
static Ref waitidFn(Thread& t, const Value* a) {
  int kind = INT(a[0]), id = INT(a[1]), options = INT(a[2]);
  siginfo_t info = {};
  if (BLOCKING(waitid(static_cast<idtype_t>(kind), static_cast<id_t>(id), &info, options)) < 0) return raiseOSError(t, errno);
  if (info.si_pid == 0) return Ref::none();
  Value values[5];
  int i = 0;
  for (int64_t n : {int64_t{info.si_pid}, int64_t{info.si_uid}, int64_t{info.si_signo}, int64_t{info.si_status}, int64_t{info.si_code}}) values[i++] = Value::fromInt(n);
  return structSequenceSteal(t, types.waitid_result, values, 5);
}
static Ref waitstatusToExitcode(Thread& t, const Value* a) {
  int status = INT(a[0]);
  if (WIFEXITED(status)) return newInt(t, WEXITSTATUS(status));
  if (WIFSIGNALED(status)) return newInt(t, -WTERMSIG(status));
  if (WIFSTOPPED(status)) return raiseValueError(t, "process stopped by delivery of signal %i", WSTOPSIG(status));
  return raiseValueError(t, "invalid wait status: %i", status);
}

// --- signals and identities
static Ref killFn(Thread& t, const Value* a) {
  int pid = INT(a[0]), number = static_cast<int>(TRY(toInt64_py(t, a[1])));  // CPython takes a size and cuts it too
  TRY(audit_py(t, "os.kill", {a[0], a[1]}));
  if (kill(pid, number) != 0) return raiseOSError(t, errno);
  TRY(checkSignals_py(t));
  return Ref::none();
}
static Ref killpgFn(Thread& t, const Value* a) {
  int pgid = INT(a[0]);
  TRY(audit_py(t, "os.killpg", {a[0], a[1]}));
  if (killpg(pgid, INT(a[1])) != 0) return raiseOSError(t, errno);
  TRY(checkSignals_py(t));
  return Ref::none();
}
static Ref exitNow(Thread& t, const Value* a) { _exit(INT(a[0])); }
static Ref abortFn(Thread&, const Value*) { std::abort(); }
static Ref triple(Thread& t, uint32_t a, uint32_t b, uint32_t c) { return tupleOf(t, {Value::fromInt(a), Value::fromInt(b), Value::fromInt(c)}); }
static Ref getresuidFn(Thread& t, const Value*) {
  uid_t a, b, c;
  if (getresuid(&a, &b, &c) != 0) return raiseOSError(t, errno);
  return triple(t, a, b, c);
}
static Ref getresgidFn(Thread& t, const Value*) {
  gid_t a, b, c;
  if (getresgid(&a, &b, &c) != 0) return raiseOSError(t, errno);
  return triple(t, a, b, c);
}
static Ref groupList(Thread& t, const std::vector<gid_t>& groups) {
  Ref list = newList(t);
  for (gid_t g : groups) listAppend(list.as<List>(), Value::fromInt(g));
  return list;
}
static Ref getgroupsFn(Thread& t, const Value*) {
  int n = getgroups(0, nullptr);
  std::vector<gid_t> groups(static_cast<size_t>(n > 0 ? n : 0));
  n = getgroups(n, groups.data());
  if (n < 0) return raiseOSError(t, errno);
  groups.resize(static_cast<size_t>(n));
  return groupList(t, groups);
}
static Ref setgroupsFn(Thread& t, const Value* a) {
  std::vector<gid_t> groups;
  Iteration it(t, a[0]);
  while (it.next()) groups.push_back(static_cast<gid_t>(TRY(toInt64_py(t, it.value()))));
  if (it.raised()) return Ref();
  return noneOrError(t, setgroups(groups.size(), groups.data()));
}
static Ref getgrouplistFn(Thread& t, const Value* a) {
  PathArg user;
  TRY(pathArg_py(t, a[0], kPathOnly, "getgrouplist", "user", user));
  int count = 256;
  std::vector<gid_t> groups(256);
  gid_t base = static_cast<gid_t>(TRY(toInt64_py(t, a[1])));
  if (getgrouplist(user.c(), base, groups.data(), &count) < 0) return raiseOSError(t, ERANGE);
  groups.resize(static_cast<size_t>(count));
  return groupList(t, groups);
}
static Ref initgroupsFn(Thread& t, const Value* a) {
  PathArg user;
  TRY(pathArg_py(t, a[0], kPathOnly, "initgroups", "username", user));
  return noneOrError(t, initgroups(user.c(), static_cast<gid_t>(TRY(toInt64_py(t, a[1])))));
}
static Ref getloginFn(Thread& t, const Value*) {
  char name[256];
  int error = getlogin_r(name, sizeof name);
  if (error != 0) return raiseOSError(t, error);
  return fsDecode(t, name);
}
static Ref umaskFn(Thread& t, const Value* a) { return newInt(t, umask(static_cast<mode_t>(INT(a[0])))); }
static Ref niceFn(Thread& t, const Value* a) {
  int by = INT(a[0]);
  errno = 0;
  int value = nice(by);
  if (value == -1 && errno != 0) return raiseOSError(t, errno);
  return newInt(t, value);
}
static Ref getpriorityFn(Thread& t, const Value* a) {
  int which = INT(a[0]), who = INT(a[1]);
  errno = 0;
  int value = getpriority(static_cast<__priority_which_t>(which), static_cast<id_t>(who));
  if (errno != 0) return raiseOSError(t, errno);
  return newInt(t, value);
}
static Ref setpriorityFn(Thread& t, const Value* a) {
  int which = INT(a[0]), who = INT(a[1]);
  return noneOrError(t, setpriority(static_cast<__priority_which_t>(which), static_cast<id_t>(who), INT(a[2])));
}
static Ref pidfdOpen(Thread& t, const Value* a) {
  int pid = INT(a[0]);
  return intOrError(t, syscall(SYS_pidfd_open, pid, static_cast<unsigned>(INT(a[1]))));
}

// --- scheduling
static Ref schedGetAffinity(Thread& t, const Value* a) {
  cpu_set_t set;
  if (sched_getaffinity(INT(a[0]), sizeof set, &set) != 0) return raiseOSError(t, errno);
  Ref out = newSet(t);
  for (int i = 0; i < CPU_SETSIZE; ++i) {
    if (CPU_ISSET(i, &set)) TRY(setAdd_py(t, out.as<Set>(), Value::fromInt(i)));
  }
  return out;
}
static Ref schedSetAffinity(Thread& t, const Value* a) {
  cpu_set_t set;
  CPU_ZERO(&set);
  Iteration it(t, a[1]);
  while (it.next()) {
    int cpu = INT(it.value());
    if (cpu < 0) return raiseValueError(t, "negative CPU number");
    if (cpu < CPU_SETSIZE) CPU_SET(cpu, &set);
  }
  if (it.raised()) return Ref();
  return noneOrError(t, sched_setaffinity(INT(a[0]), sizeof set, &set));
}
static Ref schedGetParam(Thread& t, const Value* a) {
  sched_param p;
  if (sched_getparam(INT(a[0]), &p) != 0) return raiseOSError(t, errno);
  Value values[1] = {Value::fromInt(p.sched_priority)};
  return structSequenceSteal(t, types.sched_param, values, 1);
}

#define NUMBER(name, call) {name, "()", [](Thread& t, const Value*) -> Ref { return intOrError(t, call); }}
#define ID(name, call) {name, "()", [](Thread& t, const Value*) -> Ref { return newInt(t, static_cast<int64_t>(call)); }}
#define STATUS(name, call) {name, "(status)", [](Thread& t, const Value* a) -> Ref { int status = INT(a[0]); return call; }}
#define SET1(name, parameter, call) {name, "(" parameter ", /)", [](Thread& t, const Value* a) -> Ref { uint32_t x = TRY(idArg_py(t, a[0], std::string_view(name).ends_with("gid") ? "gid" : "uid")); return noneOrError(t, call); }}
#define SET2(name, call) {name, "(a, b, /)", [](Thread& t, const Value* a) -> Ref { uint32_t x = static_cast<uint32_t>(TRY(toInt64_py(t, a[0]))), y = static_cast<uint32_t>(TRY(toInt64_py(t, a[1]))); return noneOrError(t, call); }}
#define SET_IDS(name, what, call) {name, "(a, b, /)", [](Thread& t, const Value* a) -> Ref { uint32_t x = TRY(idArg_py(t, a[0], what)), y = TRY(idArg_py(t, a[1], what)); return noneOrError(t, call); }}
#define SET3(name, what, call) {name, "(a, b, c, /)", [](Thread& t, const Value* a) -> Ref { uint32_t x = TRY(idArg_py(t, a[0], what)), y = TRY(idArg_py(t, a[1], what)), z = TRY(idArg_py(t, a[2], what)); return noneOrError(t, call); }}
#define OF1(name, parameter, call) {name, "(" parameter ", /)", [](Thread& t, const Value* a) -> Ref { int x = INT(a[0]); return intOrError(t, call); }}
static Ref schedSetParam(Thread& t, const Value* a) {
  sched_param p = TRY(schedParam_py(t, a[1]));
  return noneOrError(t, sched_setparam(INT(a[0]), &p));
}
static Ref schedSetScheduler(Thread& t, const Value* a) {
  sched_param p = TRY(schedParam_py(t, a[2]));
  return noneOrError(t, sched_setscheduler(INT(a[0]), INT(a[1]), &p));
}
static Ref schedRrGetInterval(Thread& t, const Value* a) {
  timespec interval;
  if (sched_rr_get_interval(INT(a[0]), &interval) != 0) return raiseOSError(t, errno);
  return newFloat(static_cast<double>(interval.tv_sec) + 1e-9 * static_cast<double>(interval.tv_nsec));
}
#define SPAWN "(path, argv, env, /, *, file_actions=<unset>, setpgroup=<unset>, resetids=False, setsid=False, setsigmask=<unset>, setsigdef=<unset>, scheduler=<unset>)"
const NativeDef kProcessFunctions[] = {
    {"execv", "(path, argv, /)", execvFn}, {"execve", "(path, argv, env)", execveFn}, {"posix_spawn", SPAWN, spawnFn}, {"posix_spawnp", SPAWN, spawnpFn},
    {"fork", "()", forkFn}, {"forkpty", "()", forkptyFn}, {"register_at_fork", "(*, before=<unset>, after_in_child=<unset>, after_in_parent=<unset>)", registerAtForkFn},
    {"wait", "()", waitFn}, {"waitpid", "(pid, options, /)", waitpidFn}, {"wait3", "(options)", wait3Fn}, {"wait4", "(pid, options)", wait4Fn},
    {"waitid", "(idtype, id, options, /)", waitidFn}, {"waitstatus_to_exitcode", "(status)", waitstatusToExitcode},
    STATUS("WIFEXITED", Ref::boolean(WIFEXITED(status))), STATUS("WEXITSTATUS", newInt(t, WEXITSTATUS(status))), STATUS("WIFSIGNALED", Ref::boolean(WIFSIGNALED(status))),
    STATUS("WTERMSIG", newInt(t, WTERMSIG(status))), STATUS("WIFSTOPPED", Ref::boolean(WIFSTOPPED(status))), STATUS("WSTOPSIG", newInt(t, WSTOPSIG(status))),
    STATUS("WIFCONTINUED", Ref::boolean(WIFCONTINUED(status))), STATUS("WCOREDUMP", Ref::boolean(WCOREDUMP(status))),
    {"kill", "(pid, signal, /)", killFn}, {"killpg", "(pgid, signal, /)", killpgFn}, {"_exit", "(status)", exitNow}, {"abort", "()", abortFn},
    ID("getpid", getpid()), ID("getppid", getppid()), ID("getuid", getuid()), ID("geteuid", geteuid()), ID("getgid", getgid()), ID("getegid", getegid()),
    ID("getpgrp", getpgrp()), NUMBER("setsid", setsid() < 0 ? -1 : 0), OF1("getpgid", "pid", getpgid(x)), OF1("getsid", "pid", getsid(x)),
    {"setpgrp", "()", [](Thread& t, const Value*) -> Ref { return noneOrError(t, setpgrp()); }}, SET2("setpgid", setpgid(static_cast<int>(x), static_cast<int>(y))),
    SET1("setuid", "uid", setuid(x)), SET1("seteuid", "euid", seteuid(x)), SET1("setgid", "gid", setgid(x)), SET1("setegid", "egid", setegid(x)),
    SET_IDS("setreuid", "uid", setreuid(x, y)), SET_IDS("setregid", "gid", setregid(x, y)), SET3("setresuid", "uid", setresuid(x, y, z)), SET3("setresgid", "gid", setresgid(x, y, z)),
    {"getresuid", "()", getresuidFn}, {"getresgid", "()", getresgidFn}, {"getgroups", "()", getgroupsFn}, {"setgroups", "(groups, /)", setgroupsFn},
    {"getgrouplist", "(user, group, /)", getgrouplistFn}, {"initgroups", "(username, gid, /)", initgroupsFn}, {"getlogin", "()", getloginFn},
    {"umask", "(mask, /)", umaskFn}, {"nice", "(increment, /)", niceFn}, {"getpriority", "(which, who)", getpriorityFn}, {"setpriority", "(which, who, priority)", setpriorityFn},
    {"pidfd_open", "(pid, flags=0)", pidfdOpen}, {"sched_getaffinity", "(pid, /)", schedGetAffinity}, {"sched_setaffinity", "(pid, mask, /)", schedSetAffinity},
    {"sched_getparam", "(pid, /)", schedGetParam}, {"sched_setparam", "(pid, param, /)", schedSetParam},
    {"sched_setscheduler", "(pid, policy, param, /)", schedSetScheduler}, {"sched_rr_get_interval", "(pid, /)", schedRrGetInterval}, OF1("sched_get_priority_max", "policy", sched_get_priority_max(x)),
    OF1("sched_get_priority_min", "policy", sched_get_priority_min(x)), OF1("sched_getscheduler", "pid", sched_getscheduler(x)),
    {"sched_yield", "()", [](Thread& t, const Value*) -> Ref { WithoutLock unlocked(t); sched_yield(); return Ref::none(); }},
    {nullptr, nullptr, nullptr}};

// sched_param(sched_priority). ref: os_sched_param_impl.
static Ref schedParamMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "sched_param", "(sched_priority)", args, nargs, keywords, a));
  Value values[1] = {share(a[0])};
  return structSequenceSteal(t, type, values, 1);
}
static Ref schedParamReduce(Thread& t, const Value* a) {
  Ref args = tupleOf(t, {a[0].as<Tuple>()->items()[0]});
  return tupleOf(t, {a[0].object()->type, args.get()});
}
Status addProcessTypes(Thread& t, Module* module) {
  types.waitid_result = makeStructSequence(*t.isolate, kWaitidResult);
  types.sched_param = makeStructSequence(*t.isolate, kSchedParam);
  types.sched_param->slots.make = schedParamMake;
  static const NativeDef kReduce = {"__reduce__", "($self, /)", schedParamReduce};
  Ref reduce = newNativeDescriptor(*t.isolate, &kReduce, types.sched_param);
  dictSetStr(types.sched_param->dict, intern(*t.isolate, "__reduce__"), reduce.get());
  typeModified(types.sched_param);
  moduleSetType(t, module, types.waitid_result);
  moduleSetType(t, module, types.sched_param);
  return kDone;
}

}  // namespace krait::modules::posix
