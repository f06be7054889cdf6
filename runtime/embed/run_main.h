// Running the program that the command line names in the module __main__. ref: Modules/main.c.
#pragma once

#include "runtime/embed/embed.h"
#include "runtime/object/thread.h"

namespace krait::embed {

// Empty: it raised.
object::Ref runMain_py(object::Thread& t, const RunRequest& request);

}  // namespace krait::embed
