// E271-E275: blanks around keywords. ref: pycodestyle whitespace_around_keywords, missing_whitespace_after_keyword
#include "analyzer/lint/logical_lines.h"

namespace krait::lint {

static bool isWord(TokenKind kind) {
  return syntax::isKeyword(kind) && kind != TokenKind::kKwTrue && kind != TokenKind::kKwFalse && kind != TokenKind::kKwNone;
}

static void oneBlank(LintContext& context, Rule rule, TextRange range) {
  context.sink.begin(rule, range).fix("Replace with single space", {{range, " "}});
}

static void checkAround(const LogicalLine& line, const Token& token, bool follows_keyword) {
  BlankRun before = blanksBefore(line.text(), token.begin), after = blanksAfter(line.text(), token.end);
  if (!follows_keyword && before.kind == Blanks::kTab) oneBlank(line.context, "E274"_rule, before.range);
  if (!follows_keyword && before.kind == Blanks::kMany) oneBlank(line.context, "E272"_rule, before.range);
  if (after.kind == Blanks::kTab) oneBlank(line.context, "E273"_rule, after.range);
  if (after.kind == Blanks::kMany) oneBlank(line.context, "E271"_rule, after.range);
}

static void checkMissing(const LogicalLine& line, const Token& token, const Token& next) {
  bool needs_none = token.kind == TokenKind::kKwAwait || isLayout(next.kind) || isClosing(next.kind) || next.kind == TokenKind::kColon || next.kind == TokenKind::kSemicolon ||
                    next.kind == TokenKind::kEndMarker ||
                    (token.kind == TokenKind::kKwExcept && next.kind == TokenKind::kStar);
  if (needs_none || token.end != next.begin) return;
  line.context.sink.begin("E275"_rule, token.range()).fix("Added missing whitespace after keyword", {{{token.end, token.end}, " "}});
}

void checkKeywordBlanks(const LogicalLine& line) {
  bool follows_keyword = false;
  const Token* soft = line.softKeyword();
  for (size_t i = 0; i < line.tokens.size(); ++i) {
    const Token& token = line.tokens[i];
    bool is_keyword = isWord(token.kind) || &token == soft;
    if (is_keyword) checkAround(line, token, follows_keyword);
    if (is_keyword && i + 1 < line.tokens.size()) checkMissing(line, token, line.tokens[i + 1]);
    follows_keyword = is_keyword;
  }
}

}  // namespace krait::lint
