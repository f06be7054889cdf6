// ref: Python/sysmodule.c (sys_audit).
#include "runtime/object/audit.h"

#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

List* audit_hooks = nullptr;

Status auditTuple_py(Thread& t, Value event, Value args) {
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
  return auditTuple_py(t, name.get(), tuple.get());
}

}  // namespace krait::object
