// Unicode normalisation (NFC, NFD, NFKC, NFKD; UAX #15 with Unicode 16) of texts and decompositions of characters.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace krait::unicode {

enum class NormalForm : uint8_t { kNfd, kNfkd, kNfc, kNfkc };
enum class QuickCheck : uint8_t { kYes, kMaybe, kNo };

// What one pass over the text can tell. kMaybe: only normalising tells.
QuickCheck quickCheck(NormalForm form, std::u32string_view text);
bool isNormalized(NormalForm form, std::u32string_view text);
std::u32string normalize(NormalForm form, std::u32string_view text);
// The same for UTF-8; malformed bytes become U+FFFD.
std::string normalizeUtf8(NormalForm form, std::string_view text);

// The decomposition field of the character database: the tag ("<compat>", or "" if canonical) and what it decomposes to
// in one step; no characters if nothing. Hangul syllables have none here.
struct Decomposition {
  std::string_view tag;
  std::span<const uint32_t> characters;
};
Decomposition decomposition(char32_t c);

}  // namespace krait::unicode
