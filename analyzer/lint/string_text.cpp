#include "analyzer/lint/string_text.h"

#include "analyzer/base/python_escape.h"

namespace krait::lint {

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
