// What modules in C++ need of context variables.
#pragma once

#include "runtime/object/thread.h"

namespace krait::modules {

// The value that a ContextVar has in the thread's current context, borrowed; Undefined: none.
object::Value contextVariable(object::Thread& t, object::Value variable);

}  // namespace krait::modules
