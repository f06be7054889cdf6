#include "analyzer/lint/logical_lines.h"

#include <algorithm>

namespace krait::lint {

bool LogicalLine::isComment() const {
  for (const Token& token : tokens) {
    if (!isLayout(token.kind)) return token.kind == TokenKind::kComment;
  }
  return false;
}

const Token* LogicalLine::lastCode() const {
  for (size_t i = tokens.size(); i-- > 0;) {
    if (!isLayout(tokens[i].kind) && tokens[i].kind != TokenKind::kComment) return &tokens[i];
  }
  return nullptr;
}

const Token* LogicalLine::softKeyword() const {
  size_t at = 0;
  while (at < tokens.size() && isLayout(tokens[at].kind)) ++at;
  if (at + 1 >= tokens.size() || tokens[at].kind != TokenKind::kName) return nullptr;
  std::string_view word = text().substr(tokens[at].begin, tokens[at].end - tokens[at].begin);
  const Token& next = tokens[at + 1];
  if (word == "type") return next.kind == TokenKind::kName ? &tokens[at] : nullptr;
  if (word != "match" && word != "case") return nullptr;
  bool is_name = next.kind == TokenKind::kColon || next.kind == TokenKind::kEqual || next.kind == TokenKind::kDot || next.kind == TokenKind::kComma;
  bool has_colon = std::any_of(tokens.begin() + static_cast<std::ptrdiff_t>(at), tokens.end(),
                               [](const Token& token) { return token.kind == TokenKind::kColon && token.depth == 0; });
  return has_colon && !is_name ? &tokens[at] : nullptr;
}

static bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\f'; }

static BlankRun runOf(std::string_view text, TextRange range) {
  std::string_view run = text.substr(range.begin, range.end - range.begin);
  Blanks kind = run.empty() ? Blanks::kNone : run.find('\t') != std::string_view::npos ? Blanks::kTab : run.size() == 1 ? Blanks::kSingle : Blanks::kMany;
  return {kind, range};
}

uint32_t indentationBegin(std::string_view text, uint32_t first) {
  auto lineBeginAt = [&](uint32_t at) {
    size_t end = at == 0 ? std::string_view::npos : text.find_last_of("\n\r", at - 1);
    return end == std::string_view::npos ? 0 : static_cast<uint32_t>(end) + 1;
  };
  uint32_t begin = lineBeginAt(first);
  while (begin > 1) {
    uint32_t end = begin - 1;
    if (end > 0 && text[end] == '\n' && text[end - 1] == '\r') --end;
    uint32_t above = lineBeginAt(end);
    std::string_view line = text.substr(above, end - above);
    if (line.find_first_not_of(" \t\f") != line.size() - 1 || line.empty() || line.back() != '\\') break;
    begin = above;
  }
  return begin;
}

BlankRun blanksBefore(std::string_view text, uint32_t offset) {
  uint32_t begin = offset;
  while (begin > 0 && isBlank(text[begin - 1])) --begin;
  bool is_indentation = begin == 0 || text[begin - 1] == '\n' || text[begin - 1] == '\r';
  return is_indentation ? BlankRun{Blanks::kNone, {offset, offset}} : runOf(text, {begin, offset});
}

BlankRun blanksAfter(std::string_view text, uint32_t offset) {
  uint32_t end = offset;
  while (end < text.size() && isBlank(text[end])) ++end;
  bool is_before_comment = end < text.size() && text[end] == '#';
  return is_before_comment ? BlankRun{Blanks::kNone, {offset, offset}} : runOf(text, {offset, end});
}

TypeParameterList::TypeParameterList(const LogicalLine& line) {
  std::string_view text = line.text();
  size_t at = 0;
  while (at < line.tokens.size() && (isLayout(line.tokens[at].kind) || line.tokens[at].kind == TokenKind::kKwAsync)) ++at;
  if (at + 2 >= line.tokens.size()) return;
  const Token& first = line.tokens[at];
  is_function_ = first.kind == TokenKind::kKwDef;
  bool is_alias = first.kind == TokenKind::kName && text.substr(first.begin, first.end - first.begin) == "type";
  if (!is_function_ && first.kind != TokenKind::kKwClass && !is_alias) return;
  const Token& bracket = line.tokens[at + 2];
  if (line.tokens[at + 1].kind != TokenKind::kName || bracket.kind != TokenKind::kLeftBracket) return;
  begin_ = bracket.begin;
  end_ = line.tokens.back().end;
  for (size_t i = at + 3; i < line.tokens.size(); ++i) {
    if (line.tokens[i].kind != TokenKind::kRightBracket || line.tokens[i].depth >= bracket.depth) continue;
    end_ = line.tokens[i].begin;
    return;
  }
}

}  // namespace krait::lint
