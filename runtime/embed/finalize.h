// The end of a program: what its modules hold dies, so that finalizers run, generators are closed and files are written out.
#pragma once

#include "runtime/object/thread.h"

namespace krait::embed {

// Takes `__main__` and the program's own modules away: first out of sys.modules, then what only cycles hold, at last the names
// of modules that somebody still has are set to None. The library's modules stay as they are. No other thread runs Python
// from now on. ref: finalize_modules, _PyModule_Clear.
void finalizeModules_py(object::Thread& t);

}  // namespace krait::embed
