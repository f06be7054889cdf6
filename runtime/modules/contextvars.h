// What modules in C++ need of context variables.
#pragma once

#include "runtime/object/object.h"
#include "runtime/object/thread.h"

namespace krait::modules {

// The value that a ContextVar has in the thread's current context, borrowed; Undefined: none.
object::Value contextVariable(object::Thread& t, object::Value variable);
// contextvars.copy_context().
object::Ref copyCurrentContext(object::Thread& t);
// Makes `context` the current one until leaveContext; raises when it is no Context or entered already.
object::Status enterContext(object::Thread& t, object::Value context);
void leaveContext(object::Thread& t, object::Value context);

}  // namespace krait::modules
