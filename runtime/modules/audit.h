// sys.addaudithook and sys.audit; the events themselves are runtime/object/audit.h.
#pragma once

#include "runtime/modules/module_table.h"
#include "runtime/object/audit.h"

namespace krait::modules {

extern const NativeDef kAuditFunctions[];  // of sys

}  // namespace krait::modules
