// What is said of a name that a module does not have: that the module is only half imported, or that it hides another one
// of the same name. ref: _Py_module_getattro_impl, _PyEval_ImportFrom, _PyModule_IsPossiblyShadowing.
#pragma once

#include <string>

#include "runtime/object/type.h"

namespace krait::object {

// The folder that the start put first in sys.path, empty for the current one. Until it is told no module hides another.
void setFirstImportFolder(std::string folder);

// Raises AttributeError for `module.name`.
RaisedTag raiseNoModuleAttribute(Thread& t, Value module, Str* name);

// Raises ImportError for `from module import name`. `module` is any object that an import gave.
RaisedTag raiseCannotImportName(Thread& t, Value module, Str* name);

}  // namespace krait::object
