// Writing a string's value as a literal.
#pragma once

#include <string>
#include <string_view>

namespace krait::lint {

// The value as a literal with the prefix letters given, in the quotes given unless the value holds them and not the
// others. Characters that cannot be shown are escaped; with `r` among the letters nothing is.
std::string quotedText(std::string_view value, std::string_view prefix = "", char quote = '"');
// The same of a bytes literal: what is not printable ASCII is escaped.
std::string quotedBytes(std::string_view value, std::string_view prefix = "b", char quote = '"');

}  // namespace krait::lint
