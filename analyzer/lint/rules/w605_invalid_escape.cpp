// W605: a backslash that begins no escape sequence. ref: language reference 2.5.1
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

namespace {
struct Escapes {
  std::vector<uint32_t> invalid;  // offsets of backslashes
  bool has_valid = false;
};
}  // namespace

static void readEscapes(std::string_view text, TextRange range, bool is_format, Escapes& out) {
  for (uint32_t i = range.begin; i < range.end && i + 1 < text.size(); ++i) {
    if (text[i] != '\\') continue;
    // Braces of a format string stay what they are after a backslash.
    if (!is_format && i + 1 == range.end) break;
    bool is_brace = is_format && (text[i + 1] == '{' || text[i + 1] == '}');
    if (is_brace || !syntax::beginsEscape(text[i + 1], false)) {
      out.invalid.push_back(i);
      if (is_brace) continue;
    } else {
      out.has_valid = true;
    }
    ++i;
  }
}

static void report(LintContext& context, uint32_t start, bool has_unicode_prefix, const Escapes& escapes) {
  std::string_view text = context.ast.text();
  for (uint32_t at : escapes.invalid) {
    uint32_t size = bytesOfUnits(text.substr(at), 2, ColumnUnit::kUtf32);
    TextRange range{at, at + size};
    auto finding = context.sink.begin("W605"_rule, range, {text.substr(at + 1, size - 1)});
    if (escapes.has_valid || has_unicode_prefix) {
      finding.fix("Add backslash to escape sequence", {{{at, at}, "\\"}});
    } else {
      finding.fix("Use a raw string literal", {{{start, start}, "r"}});
    }
  }
}

void checkInvalidEscapes(LintContext& context) {
  std::string_view text = context.ast.text();
  const std::vector<Token>& tokens = context.tokens.all();
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.kind == TokenKind::kString) {
      std::string_view literal = text.substr(token.begin, token.end - token.begin);
      if (literal.find('\\') == std::string_view::npos) continue;
      syntax::StringPrefix prefix = syntax::parseStringPrefix(literal);
      if (prefix.is_raw) continue;
      Escapes escapes;
      uint32_t head = prefix.prefix_size + prefix.quote_size;
      readEscapes(text, {token.begin + head, token.end - prefix.quote_size}, false, escapes);
      report(context, token.begin, prefix.is_unicode, escapes);
    } else if (token.kind == TokenKind::kFStringStart) {
      syntax::StringPrefix prefix = syntax::parseStringPrefix(text.substr(token.begin, token.end - token.begin));
      if (prefix.is_raw) continue;
      Escapes escapes;
      int depth = 1;
      for (size_t j = i + 1; j < tokens.size() && depth > 0; ++j) {
        depth += tokens[j].kind == TokenKind::kFStringStart;
        depth -= tokens[j].kind == TokenKind::kFStringEnd;
        if (depth == 1 && tokens[j].kind == TokenKind::kFStringMiddle) {
          readEscapes(text, {tokens[j].begin, tokens[j].end}, true, escapes);
        }
      }
      report(context, token.begin, false, escapes);
    }
  }
}

}  // namespace krait::lint
