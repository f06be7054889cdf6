// The functions of the `atexit` module, for whoever ends the program.
#pragma once

#include "runtime/object/thread.h"

namespace krait::modules {

// Calls them, the last registered first; what they raise is reported and goes no further.
void runAtExit_py(object::Thread& t);

}  // namespace krait::modules
