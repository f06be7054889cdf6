// Audit events (PEP 578): the hooks of sys.addaudithook and the events that are raised for them. Without a hook an event costs one
// comparison.
#pragma once

#include <initializer_list>

#include "runtime/object/object.h"

namespace krait::object {

extern List* audit_hooks;  // owned; null without hooks

Status auditSlow_py(Thread& t, const char* event, std::initializer_list<Value> args);
// Calls every hook with (event, args); raises what a hook raises. Undefined args are passed as None.
inline Status audit_py(Thread& t, const char* event, std::initializer_list<Value> args = {}) {
  if (__builtin_expect(audit_hooks == nullptr, 1)) return kDone;
  return auditSlow_py(t, event, args);
}
// The same for an event whose arguments are a tuple already.
Status auditTuple_py(Thread& t, Value event, Value args);

}  // namespace krait::object
