// Case mappings by Unicode 16 with CPython 3.14's meaning: of single characters (one to three characters come out) and
// of whole texts (str.lower, upper, title, capitalize, swapcase, casefold; the final sigma rule included).
#pragma once

#include <string>
#include <string_view>

#include "analyzer/base/unicode/character.h"

namespace krait::unicode {

// The mapping to one character: the first of the full mapping. ref: _PyUnicode_ToLowercase and its siblings; these are
// also what the regular expression engine's IGNORECASE uses.
char32_t toLower(char32_t c);
char32_t toUpper(char32_t c);
char32_t toTitle(char32_t c);

// The full, context-free mappings. Gives the number of characters written to `out`. ref: _PyUnicode_ToLowerFull …
int lowerFull(char32_t c, char32_t out[3]);
int upperFull(char32_t c, char32_t out[3]);
int titleFull(char32_t c, char32_t out[3]);
int foldFull(char32_t c, char32_t out[3]);

// Whole texts, as str's methods of these names map them.
std::u32string lower(std::u32string_view text);
std::u32string upper(std::u32string_view text);
std::u32string title(std::u32string_view text);
std::u32string capitalize(std::u32string_view text);
std::u32string swapCase(std::u32string_view text);
std::u32string caseFold(std::u32string_view text);

}  // namespace krait::unicode
