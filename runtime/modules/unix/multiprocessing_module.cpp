// `_multiprocessing` (semaphores shared by processes) and `_posixshmem`. ref: Modules/_multiprocessing/semaphore.c, posixshmem.c.
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "runtime/modules/os_support.h"
#include "runtime/object/float.h"
#include "runtime/object/heap.h"

namespace krait::modules {

enum Kind { kRecursive = 0, kSemaphore = 1 };
struct SemLock : Object {
  sem_t* handle;
  int kind, most;
  int64_t count;     // how often this process's owner holds it
  uint64_t owner;    // Thread::id
  pid_t pid;         // the process that `count` and `owner` are about
  Value name;        // Str or None
};
static SemLock* self(Value v) { return v.as<SemLock>(); }
static SemLock* self(const Value* a) { return a[0].as<SemLock>(); }
static bool isMine(Thread& t, const SemLock* s) { return s->count > 0 && s->owner == t.id && s->pid == getpid(); }

static Ref newLock(Type* type, sem_t* handle, int kind, int most, Value name) {
  SemLock* s = allocate<SemLock>(type);
  s->handle = handle;
  s->kind = kind;
  s->most = most;
  s->pid = getpid();
  s->name = share(name);
  return Ref::steal(s);
}
static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "SemLock", "(kind, value, maxvalue, name, unlink)", args, nargs, keywords, a));
  int kind = TRY(toCInt_py(t, a[0])), value = TRY(toCInt_py(t, a[1])), most = TRY(toCInt_py(t, a[2]));
  if (kind != kRecursive && kind != kSemaphore) return raiseValueError(t, "unrecognized kind");
  if (!isStr(a[3])) return raiseTypeError(t, "SemLock() argument 'name' must be str, not %s", typeNameOf(t, a[3]));
  std::string name = TRY(fsEncode_py(t, a[3]));
  bool unlinks = TRY(isTrue_py(t, a[4]));
  sem_t* handle = sem_open(name.c_str(), O_CREAT | O_EXCL, 0600, static_cast<unsigned>(value));
  if (handle == SEM_FAILED) return raiseOSError(t, errno);
  if (unlinks && sem_unlink(name.c_str()) != 0) {
    int error = errno;
    sem_close(handle);
    return raiseOSError(t, error);
  }
  return newLock(type, handle, kind, most, unlinks ? Value::none() : a[3]);
}
static Ref rebuild(Thread& t, const Value* a) {
  int kind = TRY(toCInt_py(t, a[2])), most = TRY(toCInt_py(t, a[3]));
  sem_t* handle = reinterpret_cast<sem_t*>(static_cast<uintptr_t>(TRY(toInt64_py(t, a[1]))));
  if (isStr(a[4])) {
    handle = sem_open(TRY(fsEncode_py(t, a[4])).c_str(), 0);
    if (handle == SEM_FAILED) return raiseOSError(t, errno);
  }
  return newLock(a[0].as<Type>(), handle, kind, most, a[4]);
}
static void dealloc(Object* o) {
  SemLock* s = static_cast<SemLock*>(o);
  if (s->handle != nullptr) sem_close(s->handle);
  decref(s->name);
}
static Ref acquire(Thread& t, const Value* a) {
  SemLock* s = self(a);
  bool blocks = TRY(isTrue_py(t, a[1]));
  if (s->kind == kRecursive && isMine(t, s)) {
    ++s->count;
    return Ref::boolean(true);
  }
  timespec until = {};
  bool has_deadline = !a[2].isNone();
  if (has_deadline) {
    double seconds = TRY(toDouble_py(t, a[2]));
    if (seconds < 0) seconds = 0;
    clock_gettime(CLOCK_REALTIME, &until);
    int64_t nanos = until.tv_nsec + static_cast<int64_t>((seconds - static_cast<double>(static_cast<int64_t>(seconds))) * 1e9);
    until.tv_sec += static_cast<time_t>(seconds) + nanos / 1000000000;
    until.tv_nsec = nanos % 1000000000;
  }
  if (sem_trywait(s->handle) != 0) {
    if (errno != EAGAIN && errno != EINTR) return raiseOSError(t, errno);
    if (!blocks) return Ref::boolean(false);
    int64_t got = TRY(blockingCall_py(t, [&] { return has_deadline ? sem_timedwait(s->handle, &until) : sem_wait(s->handle); }));
    if (got != 0) return errno == ETIMEDOUT ? Ref::boolean(false) : Ref(raiseOSError(t, errno));
  }
  s->count = s->pid == getpid() && s->count > 0 && s->kind == kSemaphore ? s->count + 1 : 1;
  s->owner = t.id;
  s->pid = getpid();
  return Ref::boolean(true);
}
static Ref release(Thread& t, const Value* a) {
  SemLock* s = self(a);
  if (s->kind == kRecursive) {
    if (!isMine(t, s)) return raise(t, errors(t).assertion_error, "attempt to release recursive lock not owned by thread");
    if (s->count > 1) {
      --s->count;
      return Ref::none();
    }
  } else {
    int value;
    if (sem_getvalue(s->handle, &value) != 0) return raiseOSError(t, errno);
    if (value >= s->most) return raiseValueError(t, "semaphore or lock released too many times");
  }
  if (sem_post(s->handle) != 0) return raiseOSError(t, errno);
  --s->count;
  return Ref::none();
}
static Ref enter(Thread& t, const Value* a) {
  Value args[3] = {a[0], Value::fromBool(true), Value::none()};
  return acquire(t, args);
}
static Ref count(Thread&, const Value* a) { return newIntSmall(self(a)->count); }
static Ref isMineFn(Thread& t, const Value* a) { return Ref::boolean(isMine(t, self(a))); }
static Ref getValue(Thread& t, const Value* a) {
  int value;
  if (sem_getvalue(self(a)->handle, &value) != 0) return raiseOSError(t, errno);
  return newIntSmall(value < 0 ? 0 : value);
}
static Ref isZero(Thread& t, const Value* a) {
  int value;
  if (sem_getvalue(self(a)->handle, &value) != 0) return raiseOSError(t, errno);
  return Ref::boolean(value == 0);
}
static Ref afterFork(Thread&, const Value* a) {
  self(a)->count = 0;
  return Ref::none();
}
static Ref getHandle(Thread& t, Value v) { return newInt(t, static_cast<int64_t>(reinterpret_cast<uintptr_t>(self(v)->handle))); }
static Ref getName(Thread&, Value v) { return Ref::of(self(v)->name); }
static Ref getKind(Thread&, Value v) { return newIntSmall(self(v)->kind); }
static Ref getMost(Thread&, Value v) { return newIntSmall(self(v)->most); }
static const NativeDef kMethods[] = {{"acquire", "($self, /, block=True, timeout=None)", acquire}, {"release", "($self, /)", release}, {"__enter__", "($self, /)", enter},
    {"__exit__", "($self, /, *exc_info)", release}, {"_count", "($self, /)", count}, {"_is_mine", "($self, /)", isMineFn}, {"_get_value", "($self, /)", getValue},
    {"_is_zero", "($self, /)", isZero}, {"_after_fork", "($self, /)", afterFork}, {"_rebuild", "($type, handle, kind, maxvalue, name, /)", rebuild}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"handle", getHandle}, {"name", getName}, {"kind", getKind}, {"maxvalue", getMost}, {nullptr, nullptr}};

static Ref semUnlink(Thread& t, const Value* a) {
  PathArg name;
  TRY(pathArg_py(t, a[0], kPathOnly, "sem_unlink", "name", name));
  return noneOrError(t, sem_unlink(name.c()));
}
static const NativeDef kFunctions[] = {{"sem_unlink", "(name, /)", semUnlink}, {nullptr, nullptr, nullptr}};
static Status init(Thread& t, Module* m) {
  Type* type = makeType(*t.isolate, {.name = "_multiprocessing.SemLock", .size = sizeof(SemLock), .flags = kTypeBaseable, .methods = kMethods, .getsets = kGetSets});
  type->slots.make = make;
  type->slots.dealloc = dealloc;
  readyType(*t.isolate, type);
  dictSetStr(type->dict, intern(*t.isolate, "SEM_VALUE_MAX"), Value::fromInt(INT_MAX));
  moduleSetType(t, m, type);
  Ref flags = newDict(t);
  for (const char* name : {"HAVE_SEM_OPEN", "HAVE_SEM_TIMEDWAIT", "HAVE_FD_TRANSFER"}) dictSetStr(flags.as<Dict>(), intern(*t.isolate, name), Value::fromInt(1));
  moduleSet(t, m, "flags", flags.get());
  return kDone;
}

// --- _posixshmem
static Ref shmOpen(Thread& t, const Value* a) {
  PathArg path;
  TRY(pathArg_py(t, a[0], kPathOnly, "shm_open", "path", path));
  int flags = TRY(toCInt_py(t, a[1])), mode = TRY(toCInt_py(t, a[2]));
  int64_t fd = TRY(blockingCall_py(t, [&] { return shm_open(path.c(), flags, static_cast<mode_t>(mode)); }));
  if (fd < 0) return raisePathError(t, path);
  return newInt(t, fd);
}
static Ref shmUnlink(Thread& t, const Value* a) {
  PathArg path;
  TRY(pathArg_py(t, a[0], kPathOnly, "shm_unlink", "path", path));
  if (shm_unlink(path.c()) != 0) return raisePathError(t, path);
  return Ref::none();
}
static const NativeDef kSharedFunctions[] = {{"shm_open", "(path, flags, mode=511)", shmOpen}, {"shm_unlink", "(path)", shmUnlink}, {nullptr, nullptr, nullptr}};

extern const NativeModule kMultiprocessingModule, kPosixshmemModule;
const NativeModule kMultiprocessingModule = {"_multiprocessing", nullptr, kFunctions, init};
const NativeModule kPosixshmemModule = {"_posixshmem", "POSIX shared memory module", kSharedFunctions};

}  // namespace krait::modules
