// Texts of `__doc__` and help() for builtin classes and their methods and attributes (builtin_docs.def).
#pragma once

#include <string_view>

namespace krait::object {

// The text for a class's attribute, or with an empty name for the class; null if there is none.
const char* builtinDoc(std::string_view owner, std::string_view name);

}  // namespace krait::object
