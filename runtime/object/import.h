// Modules by name, for native code that needs what the library says.
#pragma once

#include "runtime/object/thread.h"
#include "runtime/object/value.h"

namespace krait::object {

// The module `dotted` itself (not its first package), by `builtins.__import__`; empty and an exception when it fails.
Ref importByName_py(Thread& t, std::string_view dotted);
// An attribute of it.
Ref importAttr_py(Thread& t, std::string_view dotted, std::string_view attribute);

}  // namespace krait::object
