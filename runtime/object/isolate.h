// Starting and ending an isolate: types, names, collector, the thread's register stack.
#pragma once

#include "runtime/object/thread.h"

namespace krait::object {

// A new isolate with its types ready and `builtins`, `sys` and `modules` dictionaries, current on this thread.
// `hash_seed`: 0 for fixed string hashes (PYTHONHASHSEED=0), else any number.
Isolate* startIsolate(uint64_t hash_seed);
// Sets how deep the native stack may grow from here (bytes).
void setNativeStackLimit(Thread& t, size_t bytes);

}  // namespace krait::object
