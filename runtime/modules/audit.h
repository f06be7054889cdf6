// Audit events (PEP 578): sys.addaudithook, sys.audit and the events that native modules raise. Without a hook an event costs
// one comparison.
#pragma once

#include <initializer_list>

#include "runtime/modules/module_table.h"

namespace krait::modules {

extern List* audit_hooks;  // owned; null without hooks

Status auditSlow_py(Thread& t, const char* event, std::initializer_list<Value> args);
// Calls every hook with (event, args); raises what a hook raises. Undefined args are passed as None.
inline Status audit_py(Thread& t, const char* event, std::initializer_list<Value> args = {}) {
  if (__builtin_expect(audit_hooks == nullptr, 1)) return kDone;
  return auditSlow_py(t, event, args);
}
extern const NativeDef kAuditFunctions[];  // of sys

}  // namespace krait::modules
