// The `_thread` module for one thread: identity and locks. Starting threads raises NotImplementedError.
// ref: Modules/_threadmodule.c.
#include <pthread.h>

#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

struct Lock : Object {
  int64_t count;       // how often it is held
  bool is_recursive;
};
static Type* lock_type = nullptr;
static Lock* self(Value v) { return v.as<Lock>(); }
static Ref lockMake(Thread&, Type* type, const Value*, uint32_t, Tuple*) { return Ref::steal(allocate<Lock>(type)); }
static Ref recursiveMake(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  Lock* l = allocate<Lock>(type);
  l->is_recursive = true;
  return Ref::steal(l);
}
static Status init0(Thread&, Value, const Value*, uint32_t, Tuple*) { return kDone; }
static Ref acquire(Thread& t, const Value* a) {
  Lock* l = self(a[0]);
  bool blocking = TRY(isTrue_py(t, a[1]));
  double timeout = TRY(toDouble_py(t, a[2]));
  if (!blocking && timeout != -1) return raiseValueError(t, "can't specify a timeout for a non-blocking call");
  if (l->count == 0 || l->is_recursive) {
    ++l->count;
    return Ref::boolean(true);
  }
  if (!blocking || timeout >= 0) return Ref::boolean(false);
  return raiseRuntimeError(t, "deadlock: the lock is held by the only thread");
}
static Ref releaseLock(Thread& t, const Value* a) {
  if (self(a[0])->count == 0) return raiseRuntimeError(t, self(a[0])->is_recursive ? "cannot release un-acquired lock" : "release unlocked lock");
  --self(a[0])->count;
  return Ref::none();
}
static Ref exitLock(Thread& t, const Value* a) { return releaseLock(t, a); }
static Ref locked(Thread&, const Value* a) { return Ref::boolean(self(a[0])->count > 0); }
static Ref isOwned(Thread&, const Value* a) { return Ref::boolean(self(a[0])->count > 0); }
static Ref reinit(Thread&, const Value* a) {
  self(a[0])->count = 0;
  return Ref::none();
}
static Ref repr(Thread& t, Value v) {
  Lock* l = self(v);
  return strFormat(t, "<%s %s object at %p>", l->count > 0 ? "locked" : "unlocked", l->is_recursive ? "_thread.RLock" : "_thread.lock", static_cast<void*>(v.object()));
}
static const NativeDef kLockMethods[] = {{"acquire", "($self, /, blocking=True, timeout=-1)", acquire}, {"release", "($self, /)", releaseLock},
    {"__enter__", "($self, /)", [](Thread& t, const Value* a) -> Ref {
       Value args[3] = {a[0], Value::fromBool(true), Value::fromInt(-1)};
       return acquire(t, args);
     }},
    {"__exit__", "($self, /, *exc_info)", exitLock}, {"locked", "($self, /)", locked}, {"_is_owned", "($self, /)", isOwned}, {"_at_fork_reinit", "($self, /)", reinit},
    {nullptr, nullptr, nullptr}};

static Ref getIdent(Thread& t, const Value*) { return newIntUnsigned(t, static_cast<uint64_t>(pthread_self())); }
static Ref allocateLock(Thread&, const Value*) { return Ref::steal(allocate<Lock>(lock_type)); }
static Ref startThread(Thread& t, const Value*) { return raise(t, errors(t).not_implemented_error, "starting threads"); }
static Ref threadCount(Thread&, const Value*) { return newIntSmall(0); }
static Ref stackSize(Thread&, const Value*) { return newIntSmall(0); }
static const NativeDef kFunctions[] = {{"get_ident", "()", getIdent}, {"get_native_id", "()", getIdent}, {"allocate_lock", "()", allocateLock}, {"allocate", "()", allocateLock},
    {"start_new_thread", "(function, args, kwargs=<unset>, /)", startThread}, {"start_new", "(function, args, kwargs=<unset>, /)", startThread},
    {"start_joinable_thread", "(function, handle=None, daemon=True)", startThread}, {"_count", "()", threadCount}, {"stack_size", "(size=0, /)", stackSize}, {nullptr, nullptr, nullptr}};

static Status init(Thread& t, Module* m) {
  for (bool recursive : {false, true}) {
    const char* name = recursive ? "_thread.RLock" : "_thread.lock";
    Type* type = makeType(*t.isolate, {.name = name, .size = sizeof(Lock), .flags = kTypeWeakrefable, .methods = kLockMethods});
    type->slots.make = recursive ? recursiveMake : lockMake;
    type->slots.init = init0;
    type->slots.repr = repr;
    readyType(*t.isolate, type);
    moduleSetType(t, m, type);
    if (!recursive) lock_type = type;
  }
  moduleSet(t, m, "LockType", lock_type);
  moduleSet(t, m, "error", errors(t).runtime_error);
  moduleSet(t, m, "TIMEOUT_MAX", Value::fromDouble(9223372036.0));
  return kDone;
}
extern const NativeModule kThreadModule;
const NativeModule kThreadModule = {"_thread", "This module provides primitive operations to write multi-threaded programs.", kFunctions, init};

}  // namespace krait::modules
