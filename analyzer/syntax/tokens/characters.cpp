#include "analyzer/syntax/tokens/characters.h"

#include "analyzer/base/unicode/character.h"

namespace krait::syntax {

bool isIdentifierStart(uint32_t code_point) { return unicode::isIdentifierStart(code_point); }
bool isIdentifierContinue(uint32_t code_point) { return unicode::isIdentifierContinue(code_point); }
bool isPrintable(uint32_t code_point) { return unicode::isPrintable(code_point); }

DecodedCharacter decodeCharacter(std::string_view text, size_t at) {
  auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(text[at + i])); };
  uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xe0) return {(lead & 0x1f) << 6 | (byte(1) & 0x3f), 2};
  if (lead < 0xf0) return {(lead & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f), 3};
  return {(lead & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f), 4};
}

}  // namespace krait::syntax
