// Which characters may stand in an identifier and which are printable, by Unicode 16 (PEP 3131; what str.isidentifier
// and str.isprintable of Python 3.14 say). Code points in, answers out.
#pragma once

#include <cstdint>
#include <string_view>

namespace krait::syntax {

bool isIdentifierStart(uint32_t code_point);
bool isIdentifierContinue(uint32_t code_point);
bool isPrintable(uint32_t code_point);

// The code point at `text[at]` and its length in bytes. The text must be valid UTF-8 there.
struct DecodedCharacter {
  uint32_t code_point;
  uint32_t size;
};
DecodedCharacter decodeCharacter(std::string_view text, size_t at);

}  // namespace krait::syntax
