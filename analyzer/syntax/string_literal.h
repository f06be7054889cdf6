// Decoding of string and bytes literals: prefixes, escapes, line ends (language reference 2.4).
#pragma once

#include <string>
#include <string_view>

#include "analyzer/base/text.h"

namespace krait::syntax {

struct StringPrefix {
  bool is_raw = false;
  bool is_bytes = false;
  bool is_format = false;    // f-string
  bool is_template = false;  // t-string (PEP 750)
  bool is_unicode = false;   // u''
  bool is_triple = false;
  bool is_valid = true;      // the letters are a prefix that Python knows
  uint32_t prefix_size = 0;  // letters only
  uint32_t quote_size = 1;
};

// Reads the prefix letters and quotes at the start of a literal.
StringPrefix parseStringPrefix(std::string_view literal);

// The value of a literal's content (between the quotes) as UTF-8, or raw bytes for bytes literals. Unknown escapes stay
// as they are; `is_fine` becomes false when Python would reject the content (a broken \x, \u, \N, or a non-ASCII byte
// in a bytes literal). `is_format` also folds "{{" and "}}".
void decodeStringContent(std::string_view content, const StringPrefix& prefix, bool is_format, std::string* out,
                         bool* is_fine);

// Whether a backslash before this character begins an escape sequence (language reference 2.4.1.1), line ends included.
inline bool beginsEscape(char c, bool is_bytes) {
  return std::string_view("\\'\"abfnrtvx01234567\n\r").find(c) != std::string_view::npos || (!is_bytes && (c == 'N' || c == 'u' || c == 'U'));
}

// Whether decoding would change nothing: then the content itself is the value.
bool isPlainContent(std::string_view content, const StringPrefix& prefix, bool is_format);

// Appends the UTF-8 form of a code point; surrogates take their three bytes.
void appendUtf8(std::string* out, uint32_t code_point);

}  // namespace krait::syntax
