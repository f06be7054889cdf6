#include "analyzer/lint/string_text.h"

#include "analyzer/base/python_escape.h"

namespace krait::lint {

// The quote that needs fewer escapes.
static char quoteFor(std::string_view value, char quote) {
  char other = quote == '"' ? '\'' : '"';
  bool has_quote = value.find(quote) != std::string_view::npos;
  return has_quote && value.find(other) == std::string_view::npos ? other : quote;
}

std::string quotedBytes(std::string_view value, std::string_view prefix, char quote) {
  quote = quoteFor(value, quote);
  std::string out(prefix);
  out += quote;
  for (char c : value) {
    if (static_cast<unsigned char>(c) < 0x7f) {
      appendEscaped(out, c, quote);
      continue;
    }
    static constexpr std::string_view kDigits = "0123456789abcdef";
    out += "\\x";
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15];
  }
  out += quote;
  return out;
}

std::string quotedText(std::string_view value, std::string_view prefix, char quote) {
  quote = quoteFor(value, quote);
  std::string out(prefix);
  out += quote;
  bool is_raw = prefix.find_first_of("rR") != std::string_view::npos;
  for (char c : value) {
    if (is_raw) {
      out += c;
    } else {
      appendEscaped(out, c, quote);
    }
  }
  out += quote;
  return out;
}

}  // namespace krait::lint
