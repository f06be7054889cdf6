// Dependency specifiers: "requests[security] >= 2.8, < 3 ; python_version < '3.9'".
// ref: PEP 508, https://packaging.python.org/en/latest/specifications/dependency-specifiers/
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace krait::lint {

// What is wrong with a dependency specifier, with the text below it and marks under the place; nothing: it is one.
std::optional<std::string> faultOfDependency(std::string_view text);

}  // namespace krait::lint
