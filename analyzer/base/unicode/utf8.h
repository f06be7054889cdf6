// Decoding and encoding of single characters of UTF-8 text, for the sources that walk text by code points.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace krait::unicode {

inline constexpr char32_t kMalformed = 0xffffffff;

// The character at text[at]; moves `at` behind it. Malformed bytes (a surrogate, an overlong form, a truncated sequence):
// kMalformed, and `at` moves by one byte.
char32_t decodeUtf8(std::string_view text, size_t& at);
// Appends a character; surrogates become three bytes, as in Python's surrogatepass.
void appendUtf8(std::string& out, char32_t c);

}  // namespace krait::unicode
