#include "analyzer/lint/string_text.h"

namespace krait::lint {

static void appendEscaped(std::string& out, char c, char quote) {
  static constexpr char kHex[] = "0123456789abcdef";
  unsigned char byte = static_cast<unsigned char>(c);
  if (c == '\\' || c == quote) {
    out += '\\';
    out += c;
  } else if (c == '\n') {
    out += "\\n";
  } else if (c == '\r') {
    out += "\\r";
  } else if (c == '\t') {
    out += "\\t";
  } else if (byte < 0x20 || byte == 0x7F) {
    out += "\\x";
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  } else {
    out += c;
  }
}

std::string quotedText(std::string_view value, std::string_view prefix, char quote) {
  char other = quote == '"' ? '\'' : '"';
  bool has_quote = value.find(quote) != std::string_view::npos;
  if (has_quote && value.find(other) == std::string_view::npos) quote = other;
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
