// Characters of a Python string literal as repr() writes them.
#pragma once

#include <string>

namespace krait {

// Appends a byte of the string's UTF-8 as it stands between two `quote`s: a backslash before the quote and itself, \n, \r, \t,
// \xNN for other control characters.
void appendEscaped(std::string& out, char c, char quote);

}  // namespace krait
