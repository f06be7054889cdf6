// Unicode character names (Unicode 16, as in Python 3.14's unicodedata): the lookup behind "\N{…}".
#pragma once

#include <cstdint>
#include <string_view>

namespace krait {

inline constexpr uint32_t kNoCodePoint = 0xffffffffu;

// The code point with this name or alias (case does not matter), kNoCodePoint if there is none.
uint32_t lookupUnicodeName(std::string_view name);

}  // namespace krait
