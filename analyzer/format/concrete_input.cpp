#include "analyzer/format/concrete_input.h"

#include <algorithm>

namespace krait::format {

using syntax::Token;
using syntax::TokenKind;

static bool beginsFormatString(TokenKind kind) {
  return kind == TokenKind::kFStringStart || kind == TokenKind::kTStringStart;
}
static bool endsFormatString(TokenKind kind) {
  return kind == TokenKind::kFStringEnd || kind == TokenKind::kTStringEnd;
}

// The index of the token that ends the format string which token `at` begins.
static size_t endOfFormatString(const std::vector<Token>& tokens, size_t at) {
  int depth = 0;
  for (; at + 1 < tokens.size(); ++at) {
    if (beginsFormatString(tokens[at].kind)) ++depth;
    if (endsFormatString(tokens[at].kind) && --depth == 0) break;
  }
  return at;
}

static bool isBlank(std::string_view text) { return text.find_first_not_of(" \t\n\f\v\r") == std::string_view::npos; }

// Where the gap's part that belongs to a block of the column ends. A line counts by the blanks before its text; an
// empty line goes with the line after it.
static uint32_t splitGap(std::string_view source, TextRange gap, uint32_t column) {
  uint32_t line_start = gap.begin, current_column = 0;
  bool in_text = false;
  for (uint32_t at = gap.begin; at < gap.end; ++at) {
    char c = source[at];
    if (in_text) {
      if (c != '\n') continue;
      if (current_column < column && !isBlank(source.substr(line_start, at - line_start))) return line_start;
      line_start = at + 1;
      current_column = 0;
      in_text = false;
    } else if (c == ' ' || c == '\t') {
      ++current_column;
    } else if (c == '\n') {
      current_column = 0;
    } else {
      in_text = true;
    }
  }
  return line_start;
}

namespace {
struct InputContext {
  std::string_view source;
  std::vector<InputToken> out;
  std::vector<uint32_t> indents;  // bytes of blanks before each open block
  uint32_t gap_begin = 0;
  uint32_t line = 1;
  uint32_t line_at = 0;  // the offset up to which `line` has counted
};
}  // namespace

static void push(InputContext& context, TokenKind kind, TextRange range, uint32_t gap_end) {
  if (context.line_at < range.begin) {
    std::string_view passed = context.source.substr(context.line_at, range.begin - context.line_at);
    context.line += static_cast<uint32_t>(std::count(passed.begin(), passed.end(), '\n'));
    context.line_at = range.begin;
  }
  context.out.push_back({kind, range, {context.gap_begin, gap_end}, context.line});
  context.gap_begin = gap_end;
}

static void pushBlockEdge(InputContext& context, const Token& token) {
  if (token.kind == TokenKind::kIndent) {
    size_t line_end = context.source.rfind('\n', token.begin == 0 ? 0 : token.begin - 1);
    uint32_t line_start = line_end == std::string_view::npos ? 0 : static_cast<uint32_t>(line_end) + 1;
    context.indents.push_back(token.begin - line_start);
    push(context, token.kind, {context.gap_begin, context.gap_begin}, context.gap_begin);
    return;
  }
  uint32_t column = context.indents.empty() ? 0 : context.indents.back();
  if (!context.indents.empty()) context.indents.pop_back();
  uint32_t split = splitGap(context.source, {context.gap_begin, token.begin}, column);
  push(context, token.kind, {split, split}, split);
}

std::vector<InputToken> readInput(std::string_view source, const syntax::TokenList& list) {
  InputContext context{.source = source};
  if (list.error) return {};
  context.out.reserve(list.tokens.size());
  for (size_t i = 0; i < list.tokens.size(); ++i) {
    Token token = list.tokens[i];
    if (token.kind == TokenKind::kIndent || token.kind == TokenKind::kDedent) {
      pushBlockEdge(context, token);
      continue;
    }
    if (beginsFormatString(token.kind)) {
      i = endOfFormatString(list.tokens, i);
      token.end = list.tokens[i].end;
      token.kind = TokenKind::kString;
    }
    if (token.kind == TokenKind::kNewline) {
      // Without trivia it begins at the comment before it.
      token.begin = static_cast<uint32_t>(std::min(source.find('\n', token.begin), source.size()));
      token.end = std::min<uint32_t>(token.begin + 1, static_cast<uint32_t>(source.size()));
    }
    if (token.kind == TokenKind::kEndMarker) token.begin = token.end = static_cast<uint32_t>(source.size());
    push(context, token.kind, token.range(), token.begin);
    context.gap_begin = token.end;
  }
  return std::move(context.out);
}

}  // namespace krait::format
