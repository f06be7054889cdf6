#include "analyzer/syntax/tokens/characters.h"

#include <algorithm>
#include <iterator>
#include <span>

namespace krait::syntax {

namespace {
struct CharacterRange {
  uint32_t first;
  uint32_t last;
};
}  // namespace

#include "analyzer/syntax/tokens/character_ranges.inc"

static bool isIn(std::span<const CharacterRange> ranges, uint32_t code_point) {
  auto after = std::upper_bound(ranges.begin(), ranges.end(), code_point,
                                [](uint32_t value, const CharacterRange& range) { return value < range.first; });
  return after != ranges.begin() && code_point <= std::prev(after)->last;
}

static bool isAsciiLetter(uint32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool isIdentifierStart(uint32_t code_point) {
  return code_point < 128 ? isAsciiLetter(code_point) : isIn(kIdentifierStart, code_point);
}

bool isIdentifierContinue(uint32_t code_point) {
  if (code_point < 128) return isAsciiLetter(code_point) || (code_point >= '0' && code_point <= '9');
  return isIn(kIdentifierContinue, code_point);
}

bool isPrintable(uint32_t code_point) {
  return code_point < 128 ? code_point >= 32 && code_point < 127 : isIn(kPrintable, code_point);
}

DecodedCharacter decodeCharacter(std::string_view text, size_t at) {
  auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(text[at + i])); };
  uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xe0) return {(lead & 0x1f) << 6 | (byte(1) & 0x3f), 2};
  if (lead < 0xf0) return {(lead & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f), 3};
  return {(lead & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f), 4};
}

}  // namespace krait::syntax
