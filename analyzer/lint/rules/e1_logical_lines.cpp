// E111-E117, and the checks of the logical lines E201-E275 and E502. ref: pycodestyle indentation
#include <algorithm>

#include "analyzer/lint/logical_lines.h"

namespace krait::lint {

namespace {
// What the line before left.
struct Before {
  bool is_known = false;
  bool opens_block = false;
  uint32_t indent = 0;
};
}  // namespace

// The columns of an indentation up to a form feed; a tab goes on to the next multiple of `step`.
static uint32_t indentWidth(std::string_view indent, uint32_t step) {
  uint32_t width = 0;
  for (char c : indent) {
    if (c == '\f') break;
    width = c == '\t' ? (width / step + 1) * step : width + 1;
  }
  return width;
}

static void checkIndentation(const LogicalLine& line, TextRange range, uint32_t indent, const Before& before, bool is_tabbed) {
  LintContext& context = line.context;
  bool is_comment = line.isComment();
  constexpr uint32_t step = 4;  // whatever the width of tabs
  if (indent % step != 0) context.sink.begin(is_comment ? "E114"_rule : "E111"_rule, range, {std::to_string(step)});
  if (before.opens_block && indent <= before.indent) {
    context.sink.begin(is_comment ? "E115"_rule : "E112"_rule, range);
  } else if (!before.opens_block && before.is_known && indent > before.indent) {
    context.sink.begin(is_comment ? "E116"_rule : "E113"_rule, range);
  }
  if (before.opens_block && indent > before.indent + (is_tabbed ? 8 : 4)) {
    context.sink.begin("E117"_rule, range, {is_comment ? " (comment)" : ""});
  }
}

// Whether the first indented line of the file is indented by a tab.
static bool isIndentedByTabs(std::string_view text, std::span<const Token> tokens) {
  for (const Token& token : tokens) {
    if (token.kind == TokenKind::kIndent) return token.begin > 0 && text[token.begin - 1] == '\t';
  }
  return false;
}

static void checkLine(const LogicalLine& line, Before& before, bool is_tabbed) {
  checkOperatorBlanks(line);
  checkParameterEquals(line);
  checkMissingOperatorBlanks(line);
  checkBracketBlanks(line);
  checkKeywordBlanks(line);
  checkCommentBlanks(line);
  checkBlanksBeforeBrackets(line);
  checkRedundantBackslashes(line);
  checkPunctuationBlanks(line);
  std::string_view text = line.text();
  const LintContext& context = line.context;
  uint32_t first = line.tokens.front().begin;
  // Where a block begins, its indentation may stand before a backslash.
  bool begins_block = before.opens_block && !line.isComment();
  uint32_t begin = begins_block ? indentationBegin(text, first) : context.file.lines.lineStart(context.file.lines.lineOf(first));
  first = static_cast<uint32_t>(std::min<size_t>(text.find_first_not_of(" \t\f", begin), first));
  uint32_t indent = indentWidth(text.substr(begin, first - begin), line.context.options.indent_width);
  checkIndentation(line, {begin, first}, indent, before, is_tabbed);
  if (line.isComment()) return;
  const Token* last = line.lastCode();
  before = {.is_known = true, .opens_block = last != nullptr && last->kind == TokenKind::kColon, .indent = indent};
}

// Where the last line has no end and blocks are open, their end is taken for one more logical line of its indentation, as in ruff.
static void checkOpenEnd(LintContext& context) {
  std::string_view text = context.ast.text();
  std::span<const Token> tokens = context.tokens.all();
  bool is_open = false;
  for (size_t i = tokens.size(); i > 0 && !is_open; --i) {
    if (tokens[i - 1].kind == TokenKind::kDedent) is_open = true;
    else if (tokens[i - 1].begin < text.size()) break;
  }
  if (!is_open || text.ends_with('\n') || text.ends_with('\r')) return;
  uint32_t begin = context.file.lines.lineStart(context.file.lines.lineOf(static_cast<uint32_t>(text.size())));
  std::string_view line = text.substr(begin);
  std::string_view indent = line.substr(0, std::min(line.find_first_not_of(" \t\f"), line.size()));
  if (line.substr(indent.size()).starts_with('#') || indentWidth(indent, context.options.indent_width) % 4 == 0) return;
  context.sink.begin("E111"_rule, {begin, static_cast<uint32_t>(text.size())}, {"4"});
}

void checkLogicalLines(LintContext& context) {
  std::span<const Token> tokens = context.tokens.all();
  Before before;
  bool is_tabbed = isIndentedByTabs(context.file.text, tokens);
  for (size_t begin = 0, at = 0; at < tokens.size(); ++at) {
    const Token& token = tokens[at];
    bool is_end = token.depth == 0 && (token.kind == TokenKind::kNewline || token.kind == TokenKind::kNl || token.kind == TokenKind::kComment);
    if (!is_end) continue;
    LogicalLine line{context, tokens.subspan(begin, at + 1 - begin)};
    bool is_empty = true;
    for (const Token& one : line.tokens) is_empty &= one.kind == TokenKind::kNewline || one.kind == TokenKind::kNl;
    if (!is_empty) checkLine(line, before, is_tabbed);
    begin = at + 1;
  }
  checkOpenEnd(context);
}

}  // namespace krait::lint
