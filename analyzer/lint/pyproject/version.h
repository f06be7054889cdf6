// Versions and version specifiers as packages write them: "1.0rc1", ">=3.9, <4".
// ref: PEP 440, https://packaging.python.org/en/latest/specifications/version-specifiers/
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analyzer/base/text.h"

namespace krait::lint {

// What is wrong with a version; nothing: it is one. Letters of either case, a leading "v" and blanks around it are fine.
std::optional<std::string> faultOfVersion(std::string_view text);

// What is wrong with one specifier, an operator with its version: ">= 1.0", "== 1.*".
std::optional<std::string> faultOfSpecifier(std::string_view text);

struct SpecifierFault {
  std::string message;
  TextRange range;  // of the specifier in the list
};

// What is wrong with a list of specifiers between commas, where the first fault stands. No specifier at all is fine.
std::optional<SpecifierFault> faultOfSpecifiers(std::string_view text);

}  // namespace krait::lint
