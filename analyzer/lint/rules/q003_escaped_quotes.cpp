// Q003, Q004: backslashes before quotes that other quotes, or none, would make needless. ref: flake8-quotes
#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/lint/docstrings.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

namespace {
// A literal by its parts: for a format string those between the fields.
struct QuotedText {
  TextRange open;
  std::vector<TextRange> parts;
  TextRange close;
  bool is_format = false;
};
}  // namespace

static bool isEscaped(std::string_view text, size_t at) {
  size_t slashes = 0;
  while (slashes < at && text[at - 1 - slashes] == '\\') ++slashes;
  return slashes % 2 == 1;
}

static bool hasEscaped(std::string_view text, char quote) {
  for (size_t at = text.find(quote); at != std::string_view::npos; at = text.find(quote, at + 1)) {
    if (isEscaped(text, at)) return true;
  }
  return false;
}

static std::string unescaped(std::string_view text, char quote) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    bool is_needless = text[at] == '\\' && at + 1 < text.size() && text[at + 1] == quote && !isEscaped(text, at);
    if (!is_needless) out += text[at];
  }
  return out;
}

static FixEdit wholeEdit(const LintContext& context, const QuotedText& literal, char quote, char needless) {
  std::string_view open = context.ast.text(literal.open);
  std::string text = std::string(open.substr(0, open.size() - 1)) + quote + unescaped(context.ast.text(literal.parts[0]), needless) + quote;
  return {{literal.open.begin, literal.close.end}, text};
}

static std::vector<FixEdit> partEdits(const LintContext& context, const QuotedText& literal, char quote, char needless) {
  if (!literal.is_format) return {wholeEdit(context, literal, quote, needless)};
  std::vector<FixEdit> edits;
  std::string_view open = context.ast.text(literal.open);
  bool is_other = open.back() != quote;
  if (is_other) edits.push_back({literal.open, std::string(open.substr(0, open.size() - 1)) + quote});
  for (TextRange part : literal.parts) {
    std::string text = unescaped(context.ast.text(part), needless);
    if (text.size() != part.size()) edits.push_back({part, text});
  }
  if (is_other) edits.push_back({literal.close, std::string(1, quote)});
  return edits;
}

static void checkQuoted(LintContext& context, const QuotedText& literal, char preferred) {
  const Ast& ast = context.ast;
  syntax::StringPrefix prefix = syntax::parseStringPrefix(ast.text(literal.open));
  if (prefix.is_raw || prefix.is_triple) return;
  char quote = ast.text(literal.open).back(), other = quote == '"' ? '\'' : '"';
  bool has_own = false, has_other = false, has_needless = false;
  for (TextRange part : literal.parts) {
    std::string_view text = ast.text(part);
    has_own |= hasEscaped(text, quote);
    has_other |= text.find(other) != std::string_view::npos;
    has_needless |= hasEscaped(text, other);
  }
  TextRange range{literal.open.begin, literal.close.end};
  // What the fields hold counts, too.
  if (literal.is_format) has_other = ast.text(range).find(other) != std::string_view::npos;
  bool avoids = context.options.flag("flake8-quotes.avoid-escape", true);
  if (avoids && quote == preferred && has_own && !has_other) {
    context.sink.begin("Q003"_rule, range).fix("Change outer quotes to avoid escaping inner quotes", partEdits(context, literal, other, quote));
  }
  if (has_needless) context.sink.begin("Q004"_rule, range).fix("Remove backslash", partEdits(context, literal, quote, other));
}

void checkEscapedQuotes(LintContext& context) {
  const Ast& ast = context.ast;
  char preferred = context.options.text("flake8-quotes.inline-quotes", "double") == "single" ? '\'' : '"';
  std::vector<uint32_t> docstrings = docstringStarts(ast);
  std::vector<QuotedText> open;
  for (const Token& token : context.tokens.all()) {
    if (token.kind == TokenKind::kFStringStart || token.kind == TokenKind::kTStringStart) {
      open.push_back({token.range(), {}, {}, true});
    } else if (token.kind == TokenKind::kFStringMiddle || token.kind == TokenKind::kTStringMiddle) {
      if (!open.empty()) open.back().parts.push_back(token.range());
    } else if (token.kind == TokenKind::kFStringEnd || token.kind == TokenKind::kTStringEnd) {
      open.back().close = token.range();
      if (open.size() == 1) checkQuoted(context, open.back(), preferred);
      open.pop_back();
    } else if (token.kind == TokenKind::kString && open.empty() && !std::binary_search(docstrings.begin(), docstrings.end(), token.begin)) {
      syntax::StringPrefix prefix = syntax::parseStringPrefix(ast.text(token.range()));
      uint32_t body = token.begin + prefix.prefix_size + prefix.quote_size, end = token.end - prefix.quote_size;
      checkQuoted(context, {{token.begin, body}, {{body, end}}, {end, token.end}, false}, preferred);
    }
  }
}

}  // namespace krait::lint
