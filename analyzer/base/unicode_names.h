// Unicode character names (Unicode 16, as in Python 3.14's unicodedata): the lookup behind "\N{…}" and
// unicodedata.lookup, and the name of a code point. Names are plain ASCII; the tables are constant.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace krait {

inline constexpr uint32_t kNoCodePoint = 0xffffffffu;

// The code point with this name or alias (case does not matter), kNoCodePoint if there is none.
uint32_t lookupUnicodeName(std::string_view name);

// The same, and named sequences too: the characters, none if the name is unknown. `storage` must outlive the result.
std::span<const char32_t> lookupUnicodeNameOrSequence(std::string_view name, char32_t& storage);

// The character's name, "" if it has none (unassigned ones, controls, and in Python 3.14 Tangut ideographs).
std::string unicodeName(uint32_t code_point);

}  // namespace krait
