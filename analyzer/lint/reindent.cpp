#include "analyzer/lint/reindent.h"

#include <algorithm>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

// Does the offset lie inside a string of several lines?
static bool isInString(const LintContext& context, uint32_t offset) {
  const std::vector<Token>& tokens = context.tokens.all();
  size_t at = context.tokens.firstAt(offset);
  if (at == 0 || at > tokens.size()) return false;
  const Token& before = tokens[at - 1];
  bool is_text = before.kind == TokenKind::kString || before.kind == TokenKind::kFStringMiddle || before.kind == TokenKind::kTStringMiddle;
  return is_text && before.begin < offset && before.end > offset;
}

std::string reindented(const LintContext& context, TextRange lines, std::string_view from, std::string_view to, JoinedLines joined) {
  std::string_view text = context.ast.text();
  std::string out;
  auto isJoined = [&](uint32_t at) {
    size_t end = at > 1 && text[at - 2] == '\r' ? at - 2 : at - 1;
    return at > 1 && text[at - 1] == '\n' && end > 0 && text[end - 1] == '\\';
  };
  for (uint32_t at = lines.begin; at < lines.end;) {
    uint32_t end = static_cast<uint32_t>(std::min<size_t>(text.find('\n', at), text.size()));
    end = std::min(end + 1, lines.end);
    std::string_view line = text.substr(at, end - at);
    bool is_blank = line.find_first_not_of(" \t\r\n\f") == std::string_view::npos;
    if (isInString(context, at) || (joined == JoinedLines::kStay && isJoined(at))) {
      out += line;
    } else if (is_blank) {
      out += line.ends_with("\r\n") ? "\r\n" : line.ends_with('\n') ? "\n" : "";
    } else if (line.starts_with(from)) {
      out += std::string(to) + std::string(line.substr(from.size()));
    } else {
      out += line;
    }
    at = end;
  }
  return out;
}

bool fitsLines(const LintContext& context, std::string_view text) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    size_t width = 0, tab = context.options.indent_width;
    for (char c : line) {
      width += c == '\t' ? tab - width % tab : (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }
    if (width > context.options.line_length) return false;
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return true;
}

std::string inOneLine(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\n' && text[i] != '\r' && !(text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '\n' || text[i + 1] == '\r'))) {
      out += text[i];
      continue;
    }
    while (!out.empty() && (out.back() == ' ' || out.back() == '\t')) out.pop_back();
    while (i + 1 < text.size() && (text[i + 1] == ' ' || text[i + 1] == '\t' || text[i + 1] == '\n' || text[i + 1] == '\r')) ++i;
    bool is_open = !out.empty() && (out.back() == '(' || out.back() == '[' || out.back() == '{');
    bool is_close = i + 1 < text.size() && (text[i + 1] == ')' || text[i + 1] == ']' || text[i + 1] == '}');
    if (!is_open && !is_close) out += ' ';
  }
  return out;
}

static std::string operandText(const LintContext& context, NodeId test, std::string_view from, std::string_view to) {
  const Ast& ast = context.ast;
  auto chain = ast.tryAs<syntax::BoolOp>(test);
  bool is_weak = (chain && chain->op() == syntax::BoolOperator::kOr) || ast.is(test, NodeKind::kIfExp) ||
                 ast.is(test, NodeKind::kLambda) || ast.is(test, NodeKind::kNamedExpr);
  bool has_own = ast.hasFlag(test, syntax::kParenthesized);
  TextRange range = parenthesizedRange(ast, test);
  size_t first = std::min<size_t>(ast.text().find('\n', range.begin), range.end);
  std::string text = std::string(ast.text({range.begin, static_cast<uint32_t>(first)}));
  while (first < range.end) {
    uint32_t begin = static_cast<uint32_t>(first) + 1;
    std::string_view before = ast.text().substr(0, first);
    if (before.ends_with('\r')) before.remove_suffix(1);
    first = std::min<size_t>(ast.text().find('\n', begin), range.end);
    TextRange line{begin, static_cast<uint32_t>(first)};
    // What a backslash joins to the line before stays where it is.
    text += "\n" + (before.ends_with('\\') ? std::string(ast.text(line)) : reindented(context, line, from, to));
  }
  return is_weak && !has_own ? "(" + text + ")" : text;
}

std::string joinedByAnd(const LintContext& context, NodeId first, NodeId second, std::string_view from, std::string_view to) {
  return operandText(context, first, {}, {}) + " and " + operandText(context, second, from, to);
}

}  // namespace krait::lint
