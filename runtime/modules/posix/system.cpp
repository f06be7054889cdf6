// The system: environment, configuration values, times, random bytes.
#include <stdio.h>
#include <sys/random.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "runtime/modules/audit.h"
#include "runtime/modules/posix/posix.h"
#include "runtime/modules/python_config.h"
#include "runtime/object/clock.h"
#include "runtime/object/float.h"

namespace krait::modules::posix {

#define INT(value) TRY(toCInt_py(t, value))

static const StructSequenceDef kTimesResult = {"posix.times_result", 5, 5, {"user", "system", "children_user", "children_system", "elapsed"}, "times_result: Result from os.times()."};
static const StructSequenceDef kUnameResult = {"posix.uname_result", 5, 5, {"sysname", "nodename", "release", "version", "machine"}, "uname_result: Result from os.uname()."};
static const StructSequenceDef kTerminalSize = {"os.terminal_size", 2, 2, {"columns", "lines"}, "A tuple of (columns, lines) for holding terminal window size"};

static Ref timesFn(Thread& t, const Value*) {
  tms now;
  clock_t elapsed = times(&now);
  double ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  Value values[5];
  int i = 0;
  for (clock_t c : {now.tms_utime, now.tms_stime, now.tms_cutime, now.tms_cstime, elapsed}) values[i++] = Value::fromDouble(static_cast<double>(c) / ticks);
  return structSequenceSteal(t, types.times_result, values, 5);
}
static Ref unameFn(Thread& t, const Value*) {
  utsname u;
  if (uname(&u) != 0) return raiseOSError(t, errno);
  Value values[5];
  int i = 0;
  for (const char* s : {u.sysname, u.nodename, u.release, u.version, u.machine}) values[i++] = fsDecode(t, s).release();
  return structSequenceSteal(t, types.uname_result, values, 5);
}

// --- environment
static Status checkName(Thread& t, const PathArg& name) {
  if (name.text.empty() || name.text.find('=') != std::string::npos) return raiseValueError(t, "illegal environment variable name");
  return kDone;
}
static Ref putenvFn(Thread& t, const Value* a) {
  PathArg name, value;
  TRY(pathArg_py(t, a[0], kPathOnly, "putenv", "name", name));
  TRY(pathArg_py(t, a[1], kPathOnly, "putenv", "value", value));
  TRY(checkName(t, name));
  TRY(audit_py(t, "os.putenv", {newBytes(t, name.text).get(), newBytes(t, value.text).get()}));
  return noneOrError(t, setenv(name.c(), value.c(), 1));
}
static Ref unsetenvFn(Thread& t, const Value* a) {
  PathArg name;
  TRY(pathArg_py(t, a[0], kPathOnly, "unsetenv", "name", name));
  TRY(checkName(t, name));
  TRY(audit_py(t, "os.unsetenv", {newBytes(t, name.text).get()}));
  return noneOrError(t, unsetenv(name.c()));
}
static Ref environDict(Thread& t) {
  Ref dict = newDict(t);
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
    const char* equals = std::strchr(*at, '=');
    if (equals == nullptr) continue;
    Ref key = newBytes(t, {*at, static_cast<size_t>(equals - *at)}), value = newBytes(t, equals + 1);
    Value known = dictGet_py(t, dict.as<Dict>(), key.get());
    if (known.isUndefined()) TRY(dictSet_py(t, dict.as<Dict>(), key.get(), value.get()));
  }
  return dict;
}
static Ref createEnviron(Thread& t, const Value*) { return environDict(t); }

static Ref systemFn(Thread& t, const Value* a) {
  PathArg command;
  TRY(pathArg_py(t, a[0], kPathOnly, "system", "command", command));
  TRY(audit_py(t, "os.system", {newBytes(t, command.text).get()}));
  Ref shell = newStr(t, "sh");
  TRY(checkMayRun_py(t, {"/bin/sh"}, shell.get()));
  int result;
  {
    WithoutLock unlocked(t);
    result = std::system(command.c());
  }
  return newInt(t, result);
}
static Ref strerrorFn(Thread& t, const Value* a) { return newStr(t, std::strerror(INT(a[0]))); }
static Ref urandomFn(Thread& t, const Value* a) {
  int64_t size = TRY(toInt64_py(t, a[0]));
  if (size < 0) return raiseValueError(t, "negative argument not allowed");
  Ref bytes = TRY(newBytesBuffer(t, size));
  if (!fillRandom(bytes.as<Bytes>()->data(), static_cast<size_t>(size))) return raiseOSError(t, errno);
  return bytes;
}
static Ref getrandomFn(Thread& t, const Value* a) {
  int64_t size = TRY(toInt64_py(t, a[0]));
  if (size < 0) return raiseOSError(t, EINVAL);
  Ref bytes = TRY(newBytesBuffer(t, size));
  if (hasOwnTime()) {
    fillRandom(bytes.as<Bytes>()->data(), static_cast<size_t>(size));
    return bytes;
  }
  ssize_t n = getrandom(bytes.as<Bytes>()->data(), static_cast<size_t>(size), static_cast<unsigned>(INT(a[1])));
  if (n < 0) return raiseOSError(t, errno);
  return newBytes(t, bytes.as<Bytes>()->view().substr(0, static_cast<size_t>(n)));
}
static Ref cpuCount(Thread& t, const Value*) {
  if (python_config.cpu_count > 0) return newInt(t, python_config.cpu_count);
  long n = sysconf(_SC_NPROCESSORS_ONLN);
  return n < 1 ? Ref::none() : newInt(t, n);
}
static Ref getloadavgFn(Thread& t, const Value*) {
  double load[3];
  if (getloadavg(load, 3) != 3) return raise(t, errors(t).os_error, "Load averages are unobtainable");
  return tupleOf(t, {Value::fromDouble(load[0]), Value::fromDouble(load[1]), Value::fromDouble(load[2])});
}
static Ref ctermidFn(Thread& t, const Value*) {
  char name[L_ctermid];
  ctermid(name);
  return newStr(t, name);
}

// --- configuration names
struct ConfigName {
  const char* name;
  int value;
};
static constexpr ConfigName kSysconf[] = {
#define S(name) {"SC" #name, _SC##name},
    S(_ARG_MAX) S(_CHILD_MAX) S(_CLK_TCK) S(_NGROUPS_MAX) S(_OPEN_MAX) S(_STREAM_MAX) S(_TZNAME_MAX) S(_JOB_CONTROL) S(_SAVED_IDS) S(_REALTIME_SIGNALS)
    S(_PRIORITY_SCHEDULING) S(_TIMERS) S(_ASYNCHRONOUS_IO) S(_FSYNC) S(_MAPPED_FILES) S(_MEMLOCK) S(_SEMAPHORES) S(_SHARED_MEMORY_OBJECTS) S(_AIO_MAX)
    S(_DELAYTIMER_MAX) S(_MQ_OPEN_MAX) S(_VERSION) S(_PAGESIZE) S(_PAGE_SIZE) S(_RTSIG_MAX) S(_SEM_NSEMS_MAX) S(_SEM_VALUE_MAX) S(_SIGQUEUE_MAX) S(_TIMER_MAX)
    S(_BC_BASE_MAX) S(_LINE_MAX) S(_IOV_MAX) S(_GETGR_R_SIZE_MAX) S(_GETPW_R_SIZE_MAX) S(_LOGIN_NAME_MAX) S(_TTY_NAME_MAX) S(_THREADS) S(_THREAD_STACK_MIN)
    S(_THREAD_THREADS_MAX) S(_NPROCESSORS_CONF) S(_NPROCESSORS_ONLN) S(_PHYS_PAGES) S(_AVPHYS_PAGES) S(_ATEXIT_MAX) S(_HOST_NAME_MAX) S(_SYMLOOP_MAX)
#undef S
};
static constexpr ConfigName kPathconf[] = {
#define P(name) {"PC" #name, _PC##name},
    P(_LINK_MAX) P(_MAX_CANON) P(_MAX_INPUT) P(_NAME_MAX) P(_PATH_MAX) P(_PIPE_BUF) P(_CHOWN_RESTRICTED) P(_NO_TRUNC) P(_VDISABLE) P(_SYNC_IO) P(_ASYNC_IO)
    P(_PRIO_IO) P(_FILESIZEBITS) P(_REC_INCR_XFER_SIZE) P(_REC_MAX_XFER_SIZE) P(_REC_MIN_XFER_SIZE) P(_REC_XFER_ALIGN) P(_ALLOC_SIZE_MIN) P(_SYMLINK_MAX)
#undef P
};
static constexpr ConfigName kConfstr[] = {{"CS_PATH", _CS_PATH}, {"CS_GNU_LIBC_VERSION", _CS_GNU_LIBC_VERSION}, {"CS_GNU_LIBPTHREAD_VERSION", _CS_GNU_LIBPTHREAD_VERSION}};

template <size_t N>
static Fallible<int> configName_py(Thread& t, Value v, const ConfigName (&table)[N]) {
  if (isIntLike(v)) return TRY(toCInt_py(t, v));
  if (!isStr(v)) return raiseTypeError(t, "configuration names must be strings or integers");
  for (const ConfigName& c : table) {
    if (strEquals(v.as<Str>(), c.name)) return c.value;
  }
  return raiseValueError(t, "unrecognized configuration name");
}
template <size_t N>
static void addNames(Thread& t, Module* module, const char* name, const ConfigName (&table)[N]) {
  Ref dict = newDict(t);
  for (const ConfigName& c : table) dictSetStr(dict.as<Dict>(), intern(*t.isolate, c.name), Value::fromInt(c.value));
  moduleSet(t, module, name, dict.get());
}
static Ref sysconfFn(Thread& t, const Value* a) {
  int name = TRY(configName_py(t, a[0], kSysconf));
  errno = 0;
  long value = sysconf(name);
  if (value == -1 && errno != 0) return raiseOSError(t, errno);
  return newInt(t, value);
}
static Ref pathconfFn(Thread& t, const Value* a) {
  PathArg path;
  TRY(pathArg_py(t, a[0], kAllowFd, "pathconf", "path", path));
  int name = TRY(configName_py(t, a[1], kPathconf));
  errno = 0;
  long value = path.is_fd ? fpathconf(path.fd, name) : pathconf(path.c(), name);
  if (value == -1 && errno != 0) return raisePathError(t, path);
  return newInt(t, value);
}
static Ref confstrFn(Thread& t, const Value* a) {
  int name = TRY(configName_py(t, a[0], kConfstr));
  errno = 0;
  char buffer[1024];
  size_t n = confstr(name, buffer, sizeof buffer);
  if (n == 0) return errno != 0 ? Ref(raiseOSError(t, errno)) : Ref::none();
  return fsDecode(t, {buffer, n - 1});
}
static Ref isInputHook(Thread&, const Value*) { return Ref::boolean(false); }

const NativeDef kSystemFunctions[] = {
    {"times", "()", timesFn}, {"uname", "()", unameFn}, {"putenv", "(name, value, /)", putenvFn}, {"unsetenv", "(name, /)", unsetenvFn},
    {"_create_environ", "()", createEnviron}, {"system", "(command)", systemFn}, {"strerror", "(code, /)", strerrorFn}, {"urandom", "(size, /)", urandomFn},
    {"getrandom", "(size, flags=0)", getrandomFn}, {"cpu_count", "()", cpuCount}, {"getloadavg", "()", getloadavgFn}, {"ctermid", "()", ctermidFn},
    {"sysconf", "(name, /)", sysconfFn}, {"pathconf", "(path, name)", pathconfFn}, {"fpathconf", "(fd, name, /)", pathconfFn}, {"confstr", "(name, /)", confstrFn},
    {"_inputhook", "()", isInputHook}, {"_is_inputhook_installed", "()", isInputHook},
    {nullptr, nullptr, nullptr}};

Status addSystemTypes(Thread& t, Module* module) {
  types.times_result = makeStructSequence(*t.isolate, kTimesResult);
  types.uname_result = makeStructSequence(*t.isolate, kUnameResult);
  types.terminal_size = makeStructSequence(*t.isolate, kTerminalSize);
  for (Type* type : {types.times_result, types.uname_result, types.terminal_size}) moduleSetType(t, module, type);
  addNames(t, module, "sysconf_names", kSysconf);
  addNames(t, module, "pathconf_names", kPathconf);
  addNames(t, module, "confstr_names", kConfstr);
  Ref environment = TRY(environDict(t));
  moduleSet(t, module, "environ", environment.get());
  return kDone;
}

}  // namespace krait::modules::posix
