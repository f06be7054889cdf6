// E231, E241, E242, E251, E252: blanks after punctuation, and around the `=` of parameters and arguments.
// ref: pycodestyle missing_whitespace, whitespace_around_comma, whitespace_around_named_parameter_equals
#include "analyzer/lint/logical_lines.h"

namespace krait::lint {

static bool isBlankOrJoin(std::string_view text, uint32_t at) {
  return at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\f' || text[at] == '\n' || text[at] == '\r' || text[at] == '\\');
}

static void checkMissingBlank(const LogicalLine& line, const TypeParameterList& parameters, size_t i, const std::vector<TokenKind>& open, int formats) {
  const Token& token = line.tokens[i];
  if (isBlankOrJoin(line.text(), token.end) || i + 1 >= line.tokens.size()) return;
  const Token& next = line.tokens[i + 1];
  bool is_slice = token.kind == TokenKind::kColon && !open.empty() && open.back() == TokenKind::kLeftBracket && !parameters.contains(token);
  bool is_trailing = token.kind == TokenKind::kComma && (next.kind == TokenKind::kRightParen || next.kind == TokenKind::kRightBracket);
  bool is_format = token.kind == TokenKind::kColon && formats > 0 && (open.empty() || open.back() == TokenKind::kLeftBrace);
  if (is_slice || is_trailing || is_format) return;
  std::string symbol(line.text().substr(token.begin, token.end - token.begin));
  line.context.sink.begin("E231"_rule, token.range(), {symbol}).fix("Add missing whitespace", {{{token.end, token.end}, " "}});
}

void checkPunctuationBlanks(const LogicalLine& line) {
  TypeParameterList parameters(line);
  std::vector<TokenKind> open;
  int formats = 0;
  for (size_t i = 0; i < line.tokens.size(); ++i) {
    const Token& token = line.tokens[i];
    formats += isFormatStart(token.kind) - isFormatEnd(token.kind);
    bool is_paren = token.kind == TokenKind::kLeftParen || token.kind == TokenKind::kRightParen;
    if (isOpening(token.kind) && !is_paren) open.push_back(token.kind);
    if (isClosing(token.kind) && !is_paren && !open.empty()) open.pop_back();
    if (token.kind == TokenKind::kComma) {
      BlankRun after = blanksAfter(line.text(), token.end);
      if (after.kind == Blanks::kTab) line.context.sink.begin("E242"_rule, after.range).fix("Replace with single space", {{after.range, " "}});
      if (after.kind == Blanks::kMany) line.context.sink.begin("E241"_rule, after.range).fix("Replace with single space", {{after.range, " "}});
    }
    bool is_mark = token.kind == TokenKind::kComma || token.kind == TokenKind::kColon || token.kind == TokenKind::kSemicolon;
    if (is_mark) checkMissingBlank(line, parameters, i, open, formats);
  }
}

static void removeBlanks(LintContext& context, TextRange range) {
  if (range.begin < range.end) context.sink.begin("E251"_rule, range).fix("Remove whitespace", {{range, ""}});
}

static void addBlank(LintContext& context, const Token& equals, bool is_missing, uint32_t at) {
  if (is_missing) context.sink.begin("E252"_rule, equals.range()).fix("Add missing whitespace", {{{at, at}, " "}});
}

void checkParameterEquals(const LogicalLine& line) {
  TypeParameterList parameters(line);
  uint32_t parens = 0, previous_end = 0;
  int formats = 0;
  bool is_annotated = false;
  for (size_t i = 0; i < line.tokens.size(); ++i) {
    const Token& token = line.tokens[i];
    if (token.kind == TokenKind::kNl) continue;
    formats += isFormatStart(token.kind) - isFormatEnd(token.kind);
    if (token.kind == TokenKind::kLeftParen || token.kind == TokenKind::kLeftBracket) ++parens;
    if (token.kind == TokenKind::kRightParen || token.kind == TokenKind::kRightBracket) {
      parens -= parens > 0;
      if (parens == 0) is_annotated = false;
    }
    if (token.kind == TokenKind::kColon && parens == 1 && parameters.isFunction()) is_annotated = true;
    if (token.kind == TokenKind::kComma && parens == 1) is_annotated = false;
    if (token.kind == TokenKind::kEqual && parens > 0 && formats == 0) {
      size_t next = i + 1;
      while (next < line.tokens.size() && line.tokens[next].kind == TokenKind::kNl) ++next;
      uint32_t next_begin = next < line.tokens.size() ? line.tokens[next].begin : token.end;
      if (parens == 1 && (is_annotated || parameters.contains(token))) {
        addBlank(line.context, token, previous_end == token.begin, token.begin);
        addBlank(line.context, token, next_begin == token.end, token.end);
      } else {
        removeBlanks(line.context, {previous_end, token.begin});
        removeBlanks(line.context, {token.end, next_begin});
      }
    }
    previous_end = token.end;
  }
}

}  // namespace krait::lint
