// Python's keywords (language reference 2.3.1).
#pragma once

#include <string_view>

namespace krait::syntax {

// Hard keywords: never identifiers. True, False and None are among them.
bool isKeyword(std::string_view text);
// match, case, type, _.
bool isSoftKeyword(std::string_view text);

}  // namespace krait::syntax
