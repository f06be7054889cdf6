// ref: Python/sysmodule.c (sys_audit, sys_addaudithook).
#include "runtime/modules/audit.h"

#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

List* audit_hooks = nullptr;

static Status callHooks_py(Thread& t, Value event, Value args) {
  Ref hooks = listFrom(t, audit_hooks->items, audit_hooks->size);
  for (int64_t i = 0; i < hooks.as<List>()->size; ++i) {
    Value hook = hooks.as<List>()->items[i];
    Ref traces = findAttr_py(t, hook, intern(*t.isolate, "__cantrace__"));
    if (!traces && isPending(t)) return kRaised;
    bool can_trace = traces && TRY(isTrue_py(t, traces.get()));
    if (!can_trace) ++t.tracing;
    Ref result = callArgs_py(t, hook, event, args);
    if (!can_trace) --t.tracing;
    if (!result) return kRaised;
  }
  return kDone;
}
Status auditSlow_py(Thread& t, const char* event, std::initializer_list<Value> args) {
  Ref name = newStr(t, event), tuple = newTuple(t, static_cast<int64_t>(args.size()));
  int64_t i = 0;
  for (Value v : args) tuple.as<Tuple>()->items()[i++] = v.defined() ? share(v) : Value::none();
  return callHooks_py(t, name.get(), tuple.get());
}

static Ref audit(Thread& t, const Value* a) {
  Tuple* args = a[0].as<Tuple>();
  if (args->size == 0) return raiseTypeError(t, "audit expected at least 1 argument, got 0");
  if (!isStr((*args)[0])) return raiseTypeError(t, "expected str for argument 'event', not %s", typeNameOf(t, (*args)[0]));
  if (audit_hooks == nullptr) return Ref::none();
  Ref rest = tupleFrom(t, args->items() + 1, args->size - 1);
  TRY(callHooks_py(t, (*args)[0], rest.get()));
  return Ref::none();
}
static Ref addAuditHook(Thread& t, const Value* a) {
  if (audit_py(t, "sys.addaudithook").raised()) {
    if (!pendingMatches(t, errors(t).exception)) return Ref();
    clearException(t);
    return Ref::none();
  }
  if (audit_hooks == nullptr) audit_hooks = newList(t).release().as<List>();
  listAppend(audit_hooks, a[0]);
  return Ref::none();
}
const NativeDef kAuditFunctions[] = {{"audit", "(*args)", audit, "Passes the event to any hooks that are attached."},
    {"addaudithook", "(hook)", addAuditHook, "Adds a new audit hook callback."}, {nullptr, nullptr, nullptr}};

}  // namespace krait::modules
