// String and bytes literals that are no f-strings or t-strings (language reference 2.5).
#include <cstring>

#include "analyzer/syntax/tokens/tokenizer_context.h"

namespace krait::syntax {

using enum TokenKind;

// CPython points at the first character of the literal, and says on which line it gave up.
static bool failUnterminated(TokenizerContext& context, uint32_t start, uint8_t quote_size, char quote, uint32_t end,
                             bool has_escaped_quote) {
  int32_t last_line = linePlaceOf(context.text, end).line;
  if (!context.strings.empty()) {
    const StringMode& mode = context.strings.back();
    if (mode.quote == quote && mode.quote_size == quote_size) {
      return failAt(context, start + 1, std::string(1, mode.prefix) + "-string: expecting '}'");
    }
  }
  std::string where = " (detected at line " + std::to_string(last_line) + ")";
  if (quote_size == 3) return failAt(context, start + 1, "unterminated triple-quoted string literal" + where);
  std::string hint = has_escaped_quote ? "; perhaps you escaped the end quote?" : "";
  return failAt(context, start + 1, "unterminated string literal" + where + hint);
}

bool lexString(TokenizerContext& context, uint32_t start) {
  char quote = context.text[context.at];
  auto isQuote = [&](uint32_t at) { return context.byteAt(at) == static_cast<unsigned char>(quote); };
  uint32_t at = context.at + 1;
  uint8_t quote_size = 1;
  if (isQuote(at)) {
    if (!isQuote(at + 1)) {
      context.push(kString, start, at + 1);
      context.at = at + 1;
      return true;
    }
    quote_size = 3;
    at += 2;
  }
  bool has_escaped_quote = false;
  for (;; ++at) {
    if (at >= context.size) {
      if (context.has_null) return failAtEnd(context);
      // A line end that the text lacks is the one on which a single-quoted literal breaks off.
      return failUnterminated(context, start, quote_size, quote, context.size, has_escaped_quote);
    }
    unsigned char c = static_cast<unsigned char>(context.text[at]);
    if (c == '\\') {
      ++at;
      has_escaped_quote |= isQuote(at);
      if (context.byteAt(at) == '\r' && context.byteAt(at + 1) == '\n') ++at;
    } else if (c == static_cast<unsigned char>(quote)) {
      if (quote_size == 1) break;
      if (isQuote(at + 1) && isQuote(at + 2)) break;
    } else if (quote_size == 1 && isLineEnd(c)) {
      return failUnterminated(context, start, quote_size, quote, at, has_escaped_quote);
    }
  }
  context.at = at + quote_size;
  context.push(kString, start, context.at);
  return true;
}

}  // namespace krait::syntax
