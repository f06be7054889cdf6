// The standard forms of literals: strings in double quotes, prefixes and numbers in lower case, docstrings indented with
// their code. Every function takes a literal as it is written and gives it in its standard form; the value stays.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/format/options.h"

namespace krait::format {

// Prefix letters in lower case ("r" and "R" stay: editors tell them apart), without `u`.
std::string standardPrefix(std::string_view literal);
// The quotes that are preferred, unless that takes more backslashes; three quotes are double ones. `style` is not kPreserve.
std::string standardQuotes(std::string_view literal, QuoteStyle style);
// "0XABCDEF" → "0xABCDEF", "1E5" → "1e5", "10L" is no number, "1." → "1.0".
std::string standardNumber(std::string_view literal);
// Length of the prefix letters.
size_t prefixSize(std::string_view literal);

struct DocstringPlace {
  IndentStyle indents;
  uint32_t levels;  // of indentation before the docstring's line
  uint32_t line_length;
};
// A docstring (prefix and quotes already in standard form): lines indented as the code, blanks at line ends cut off.
std::string standardDocstring(std::string_view literal, const DocstringPlace& place);

}  // namespace krait::format
