// The names of types in messages.
#pragma once

#include <string>

#include "runtime/object/value.h"

namespace krait::object {

struct Thread;

// The name of the value's type with its module, which builtins and the program's own types leave out.
// ref: PyType_GetFullyQualifiedName, the format "%T".
std::string fullTypeName(Thread& t, Value v);

}  // namespace krait::object
