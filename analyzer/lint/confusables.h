// Characters that readers take for a character of ASCII: Cyrillic letters, typographic quotes and dashes, blanks.
#pragma once

#include <cstdint>

namespace krait::lint {

// The character of ASCII that a code point outside of it looks like, or 0.
char confusable(uint32_t code_point);

}  // namespace krait::lint
