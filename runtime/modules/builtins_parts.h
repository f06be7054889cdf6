// The parts of the builtins module that have files of their own; each table ends with an empty entry.
#pragma once

#include "runtime/modules/module_table.h"

namespace krait::modules {

extern const NativeDef kAsyncBuiltins[];        // aiter, anext (async_builtins.cpp)
extern const NativeDef kInteractiveBuiltins[];  // input, breakpoint (interactive_builtins.cpp)
void addAsyncBuiltinTypes(Thread& t);

}  // namespace krait::modules
