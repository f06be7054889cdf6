// E201, E202, E203, E204, E211, E502: blanks beside brackets and punctuation, and backslashes inside of brackets.
// ref: pycodestyle extraneous_whitespace, whitespace_before_parameters, explicit_line_join
#include "analyzer/lint/logical_lines.h"

namespace krait::lint {

static void removeBlanks(LintContext& context, Rule rule, TextRange range, TextRange blanks, std::string symbol) {
  context.sink.begin(rule, range, {symbol}).fix("Remove whitespace before '" + symbol + "'", {{blanks, ""}});
}

static const Token* nextOf(const LogicalLine& line, size_t i) { return i + 1 < line.tokens.size() ? &line.tokens[i + 1] : nullptr; }

// Blanks before the colon of a slice that are too many: as many as stand after it are fine, one is where nothing follows.
static std::optional<TextRange> extraInSlice(const LogicalLine& line, size_t i, TokenKind previous, const BlankRun& before) {
  if (previous == TokenKind::kColon) return before.range;
  const Token* next = nextOf(line, i);
  bool is_last = next != nullptr && (next->kind == TokenKind::kRightBracket || next->kind == TokenKind::kComma || isTrivia(next->kind));
  if (is_last) return before.kind == Blanks::kSingle ? std::nullopt : std::optional(before.range);
  const Token& colon = next != nullptr && next->kind == TokenKind::kColon ? *next : line.tokens[i];
  TextRange after = blanksAfter(line.text(), colon.end).range;
  uint32_t size = before.range.end - before.range.begin;
  if (after.end - after.begin == size && blanksAfter(line.text(), colon.end).kind == before.kind) return std::nullopt;
  return TextRange{colon.begin - size, colon.begin};
}

static void checkDecorator(const LogicalLine& line) {
  size_t at = 0;
  while (at < line.tokens.size() && isLayout(line.tokens[at].kind)) ++at;
  if (at + 1 >= line.tokens.size() || line.tokens[at].kind != TokenKind::kAt) return;
  TextRange range{line.tokens[at].end, line.tokens[at + 1].begin};
  if (range.begin < range.end) line.context.sink.begin("E204"_rule, range).fix("Remove whitespace", {{range, ""}});
}

void checkBracketBlanks(const LogicalLine& line) {
  checkDecorator(line);
  LintContext& context = line.context;
  std::vector<TokenKind> open;
  int formats = 0;
  TokenKind previous = TokenKind::kNewline;
  for (size_t i = 0; i < line.tokens.size(); ++i) {
    const Token& token = line.tokens[i];
    formats += isFormatStart(token.kind) - isFormatEnd(token.kind);
    bool is_brace = token.kind == TokenKind::kLeftBrace || token.kind == TokenKind::kRightBrace;
    std::string symbol(line.text().substr(token.begin, token.end - token.begin));
    if (isOpening(token.kind)) open.push_back(token.kind);
    if (isClosing(token.kind) && !open.empty()) open.pop_back();
    if (is_brace && formats > 0) {
      previous = token.kind;
      continue;
    }
    if (isOpening(token.kind)) {
      BlankRun after = blanksAfter(line.text(), token.end);
      if (after.kind != Blanks::kNone) removeBlanks(context, "E201"_rule, after.range, after.range, symbol);
    } else if (isClosing(token.kind)) {
      BlankRun before = blanksBefore(line.text(), token.begin);
      if (before.kind != Blanks::kNone && previous != TokenKind::kComma) removeBlanks(context, "E202"_rule, before.range, before.range, symbol);
    } else if (token.kind == TokenKind::kComma || token.kind == TokenKind::kSemicolon || token.kind == TokenKind::kColon) {
      BlankRun before = blanksBefore(line.text(), token.begin);
      bool is_slice = token.kind == TokenKind::kColon && !open.empty() && open.back() == TokenKind::kLeftBracket;
      std::optional<TextRange> extra;
      if (before.kind != Blanks::kNone && previous != TokenKind::kComma) extra = is_slice ? extraInSlice(line, i, previous, before) : before.range;
      if (extra) removeBlanks(context, "E203"_rule, *extra, before.range, symbol);
    }
    previous = token.kind;
  }
}

void checkBlanksBeforeBrackets(const LogicalLine& line) {
  for (size_t i = 1; i < line.tokens.size(); ++i) {
    const Token& token = line.tokens[i];
    const Token& previous = line.tokens[i - 1];
    if (token.kind != TokenKind::kLeftParen && token.kind != TokenKind::kLeftBracket) continue;
    bool is_value = previous.kind == TokenKind::kName || isClosing(previous.kind);
    if (!is_value || previous.end == token.begin) continue;
    if (i >= 2 && line.tokens[i - 2].kind == TokenKind::kKwClass) continue;
    if (&previous == line.softKeyword()) continue;
    TextRange range{previous.end, token.begin};
    std::string symbol(1, line.text()[token.begin]);
    line.context.sink.begin("E211"_rule, range, {symbol}).fix("Removed whitespace before '" + symbol + "'", {{range, ""}});
  }
}

void checkRedundantBackslashes(const LogicalLine& line) {
  std::string_view text = line.text();
  for (size_t i = 0; i + 1 < line.tokens.size(); ++i) {
    if (line.tokens[i].depth == 0 || isFormatStart(line.tokens[i].kind)) continue;
    for (uint32_t at = line.tokens[i].end; at < line.tokens[i + 1].begin; ++at) {
      if (text[at] != '\\') continue;
      TextRange range{at, at + 1};
      line.context.sink.begin("E502"_rule, range).fix("Remove redundant backslash", {{range, ""}});
    }
  }
}

}  // namespace krait::lint
