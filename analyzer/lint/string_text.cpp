#include "analyzer/lint/string_text.h"

#include "analyzer/base/python_escape.h"
#include "analyzer/base/unicode/character.h"
#include "analyzer/base/unicode/utf8.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

// Is the text of the format string around the token raw?
static bool isInRawString(std::string_view text, const std::vector<Token>& tokens, size_t at) {
  for (int depth = 0; at-- > 0;) {
    TokenKind kind = tokens[at].kind;
    if (kind == TokenKind::kFStringEnd || kind == TokenKind::kTStringEnd) ++depth;
    if ((kind == TokenKind::kFStringStart || kind == TokenKind::kTStringStart) && depth-- == 0) {
      return syntax::parseStringPrefix(text.substr(tokens[at].begin, tokens[at].end - tokens[at].begin)).is_raw;
    }
  }
  return false;
}

static std::string decoded(std::string_view content, const syntax::StringPrefix& prefix, bool is_format) {
  std::string value;
  bool is_fine = true;
  syntax::decodeStringContent(content, prefix, is_format, &value, &is_fine);
  return value;
}

std::vector<TextPiece> textPieces(const LintContext& context, NodeId constant) {
  const Ast& ast = context.ast;
  NodeId parent = ast.parent(constant);
  if (ast.is(parent, NodeKind::kTemplateStr)) return {};
  if (!ast.is(parent, NodeKind::kJoinedStr)) return {{ast.range(constant), std::string(syntax::stringValue(ast, constant).value_or(""))}};
  NodeKind outer = ast.kind(ast.parent(parent));
  auto field = ast.tryAs<syntax::FormattedValue>(ast.parent(parent));
  if (outer == NodeKind::kInterpolation || (field && field->formatSpec() == parent)) return {};
  std::vector<TextPiece> pieces;
  TextRange range = ast.range(constant);
  std::string_view text = context.file.text;
  const std::vector<Token>& tokens = context.tokens.all();
  for (size_t at = context.tokens.firstAt(range.begin); at < tokens.size() && tokens[at].begin < range.end; ++at) {
    std::string_view shown = text.substr(tokens[at].begin, tokens[at].end - tokens[at].begin);
    syntax::StringPrefix prefix;
    if (tokens[at].kind == TokenKind::kFStringMiddle) {
      prefix.is_raw = isInRawString(text, tokens, at);
      // A brace that is written twice ends a token, but no piece.
      bool goes_on = !pieces.empty() && tokens[at - 1].kind == TokenKind::kFStringMiddle;
      if (!goes_on) pieces.push_back({{tokens[at].begin, tokens[at].begin}, {}});
      bool is_doubled = (shown.ends_with('{') || shown.ends_with('}')) && text[tokens[at].end] == shown.back();
      pieces.back().range.end = tokens[at].end + (is_doubled ? 1 : 0);
      pieces.back().value += decoded(shown, prefix, false);
    } else if (tokens[at].kind == TokenKind::kString) {
      prefix = syntax::parseStringPrefix(shown);
      uint32_t quote = prefix.prefix_size + prefix.quote_size;
      pieces.push_back({{tokens[at].begin, tokens[at].end}, decoded(shown.substr(quote, shown.size() - quote - prefix.quote_size), prefix, false)});
    }
  }
  return pieces;
}

std::string joinedSource(const LintContext& context, NodeId joined) {
  TextRange range = context.ast.range(joined);
  std::string_view text = context.file.text;
  std::string out;
  const std::vector<Token>& tokens = context.tokens.all();
  uint32_t begin = range.begin;
  int depth = 0;
  for (size_t at = context.tokens.firstAt(range.begin); at < tokens.size() && tokens[at].begin < range.end; ++at) {
    TokenKind kind = tokens[at].kind;
    if (kind == TokenKind::kFStringStart && depth++ == 0) begin = tokens[at].end;
    if (kind == TokenKind::kFStringEnd && --depth == 0) out += text.substr(begin, tokens[at].begin - begin);
    if (kind != TokenKind::kString || depth != 0) continue;
    std::string_view shown = text.substr(tokens[at].begin, tokens[at].end - tokens[at].begin);
    syntax::StringPrefix prefix = syntax::parseStringPrefix(shown);
    uint32_t quote = prefix.prefix_size + prefix.quote_size;
    out += shown.substr(quote, shown.size() - quote - prefix.quote_size);
  }
  return out;
}

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

// A character that cannot be shown, by its number.
static void appendNumber(std::string& out, char32_t c) {
  int digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
  out += digits == 2 ? "\\x" : digits == 4 ? "\\u" : "\\U";
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += "0123456789abcdef"[(c >> shift) & 15];
}

std::string quotedText(std::string_view value, std::string_view prefix, char quote) {
  quote = quoteFor(value, quote);
  std::string out(prefix);
  out += quote;
  bool is_raw = prefix.find_first_of("rR") != std::string_view::npos;
  for (size_t at = 0; at < value.size() && !is_raw;) {
    size_t begin = at;
    char32_t c = unicode::decodeUtf8(value, at);
    bool is_surrogate = c == unicode::kMalformed && begin + 2 < value.size() && value[begin] == '\xed';
    if (is_surrogate) {
      c = 0xd000u | (value[begin + 1] & 0x3fu) << 6 | (value[begin + 2] & 0x3fu);
      at = begin + 3;
    }
    if (c < 0x80) appendEscaped(out, value[begin], quote);
    else if (c == unicode::kMalformed || (!is_surrogate && unicode::isPrintable(c))) out += value.substr(begin, at - begin);
    else appendNumber(out, c);
  }
  if (is_raw) out += value;
  out += quote;
  return out;
}

std::string shownText(std::string_view value) {
  static constexpr std::string_view kEscaped("\0\t\r\n\\'\"", 7);
  static constexpr std::string_view kLetters = "0trn\\'\"";
  std::string out = "\"";
  for (size_t at = 0; at < value.size();) {
    size_t begin = at;
    char32_t c = unicode::decodeUtf8(value, at);
    size_t letter = c < 0x80 ? kEscaped.find(static_cast<char>(c)) : std::string_view::npos;
    if (letter != std::string_view::npos) {
      out += '\\';
      out += kLetters[letter];
    } else if (c == unicode::kMalformed || unicode::isPrintable(c)) {
      out += value.substr(begin, at - begin);
    } else {
      std::string digits;
      for (char32_t rest = c; rest != 0; rest >>= 4) digits.insert(digits.begin(), "0123456789abcdef"[rest & 15]);
      out += "\\u{" + digits + "}";
    }
  }
  return out + '"';
}

}  // namespace krait::lint
