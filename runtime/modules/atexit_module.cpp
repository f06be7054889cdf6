// The `atexit` module. ref: Modules/atexitmodule.c.
#include "runtime/modules/at_exit.h"
#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"

namespace krait::modules {

// Entries (function, args, kwargs), in the order of registration.
static Value entries;

static List* list(Thread& t) {
  if (entries.isUndefined()) entries = newList(t).release();
  return entries.as<List>();
}
static Ref registerFn(Thread& t, const Value* a) {
  if (!isCallable(t, a[0])) return raiseTypeError(t, "the first argument must be callable");
  listAppendSteal(list(t), tupleOf(t, {a[0], a[1], a[2]}).release());
  return Ref::of(a[0]);
}
static Ref unregisterFn(Thread& t, const Value* a) {
  List* all = list(t);
  for (int64_t i = all->size - 1; i >= 0 && i < all->size; --i) {
    Ref entry = Ref::of(all->items[i]);
    if (!TRY(equals_py(t, entry.as<Tuple>()->items()[0], a[0]))) continue;
    TRY(setItem_py(t, Value(all), Value::fromInt(i), Value()));
  }
  return Ref::none();
}
static Ref clearFn(Thread& t, const Value*) {
  listClear(list(t));
  return Ref::none();
}
static Ref countFn(Thread& t, const Value*) { return newIntSmall(list(t)->size); }

void runAtExit_py(Thread& t) {
  List* all = list(t);
  while (all->size > 0) {
    Ref entry = Ref::of(all->items[all->size - 1]);
    if (setItem_py(t, Value(all), Value::fromInt(all->size - 1), Value()).failed) return clearException(t);
    const Value* parts = entry.as<Tuple>()->items();
    Ref done = callTuple_py(t, parts[0], parts[1].as<Tuple>(), parts[2].as<Dict>());
    if (!done) writeUnraisable_py(t, "Exception ignored in atexit callback ", parts[0]);
  }
}
static Ref runFn(Thread& t, const Value*) {
  runAtExit_py(t);
  return Ref::none();
}

static const NativeDef kFunctions[] = {{"register", "(func, /, *args, **kwargs)", registerFn}, {"unregister", "(func, /)", unregisterFn}, {"_clear", "()", clearFn},
    {"_run_exitfuncs", "()", runFn}, {"_ncallbacks", "()", countFn}, {nullptr, nullptr, nullptr}};
extern const NativeModule kAtexitModule;
const NativeModule kAtexitModule = {"atexit", "allow programmer to define multiple exit functions to be executed\nupon normal program termination.", kFunctions};

}  // namespace krait::modules
