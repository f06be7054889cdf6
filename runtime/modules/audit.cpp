// ref: Python/sysmodule.c (sys_audit, sys_addaudithook).
#include "runtime/modules/audit.h"

#include "runtime/object/gc.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

static Ref audit(Thread& t, const Value* a) {
  Tuple* args = a[0].as<Tuple>();
  if (args->size == 0) return raiseTypeError(t, "audit expected at least 1 argument, got 0");
  if (!isStr((*args)[0])) return raiseTypeError(t, "audit() argument 1 must be str, not %s", typeNameOf(t, (*args)[0]));
  if (audit_hooks == nullptr) return Ref::none();
  Ref rest = tupleFrom(t, args->items() + 1, args->size - 1);
  TRY(auditTuple_py(t, (*args)[0], rest.get()));
  return Ref::none();
}
static Ref addAuditHook(Thread& t, const Value* a) {
  if (audit_py(t, "sys.addaudithook").raised()) {
    if (!pendingMatches(t, errors(t).exception)) return Ref();
    clearException(t);
    return Ref::none();
  }
  if (audit_hooks == nullptr) {
    audit_hooks = newList(t).release().as<List>();
    gcUntrackSlow(audit_hooks);  // nobody finds it
  }
  listAppend(audit_hooks, a[0]);
  return Ref::none();
}
const NativeDef kAuditFunctions[] = {{"audit", "(*args)", audit, "Passes the event to any hooks that are attached."},
    {"addaudithook", "(hook)", addAuditHook, "Adds a new audit hook callback."}, {nullptr, nullptr, nullptr}};

}  // namespace krait::modules
