#include "analyzer/lint/statement_edits.h"

#include <algorithm>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"

namespace krait::lint {

uint32_t skipTrivia(std::string_view text, uint32_t at) {
  while (at < text.size()) {
    char c = text[at];
    if (c == '#') {
      at = static_cast<uint32_t>(std::min(text.find('\n', at), text.size()));
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\\') {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

uint32_t lineBegin(const LintContext& context, uint32_t offset) {
  return context.file.lines.lineStart(context.file.lines.lineOf(offset));
}

uint32_t nextLineBegin(const LintContext& context, uint32_t offset) {
  uint32_t line = context.file.lines.lineOf(offset) + 1;
  return line < context.file.lines.lineCount() ? context.file.lines.lineStart(line)
                                               : static_cast<uint32_t>(context.file.text.size());
}

std::string_view indentationAt(const LintContext& context, uint32_t offset) {
  uint32_t begin = lineBegin(context, offset);
  std::string_view text = context.ast.text().substr(begin);
  return text.substr(0, std::min(text.find_first_not_of(" \t\f"), text.size()));
}

std::string_view lineEndText(const LintContext& context) {
  std::string_view text = context.ast.text();
  size_t at = text.find('\n');
  if (at == std::string_view::npos) return "\n";
  return at > 0 && text[at - 1] == '\r' ? "\r\n" : "\n";
}

FixEdit deleteStatement(const LintContext& context, NodeId statement) {
  const Ast& ast = context.ast;
  TextRange range = syntax::fullRange(ast, statement);
  NodeList block = blockOf(ast, statement);
  if (block.size() == 1 && !ast.is(ast.parent(statement), NodeKind::kModule)) return {range, "pass"};
  std::string_view text = ast.text();
  uint32_t after = range.end;
  while (after < text.size() && (text[after] == ' ' || text[after] == '\t')) ++after;
  if (after < text.size() && text[after] == ';') {
    uint32_t next = after + 1;
    while (next < text.size() && (text[next] == ' ' || text[next] == '\t')) ++next;
    return {{range.begin, next}, ""};
  }
  uint32_t begin = lineBegin(context, range.begin);
  bool is_first = text.substr(begin, range.begin - begin).find_first_not_of(" \t\f") == std::string_view::npos;
  if (!is_first) return {range, ""};
  return {{begin, nextLineBegin(context, range.end)}, ""};
}

FixEdit removeArgument(const LintContext& context, NodeId call_node, NodeId argument) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(call_node);
  NodeList args = call.args();
  size_t index = static_cast<size_t>(std::find(args.begin(), args.end(), argument) - args.begin());
  TextRange range = ast.range(argument);
  if (index + 1 < args.size()) {
    range = parenthesizedRange(ast, argument);
    uint32_t next = skipTrivia(ast.text(), range.end) + 1;
    // A comment after the comma stays.
    while (next < ast.text().size() && std::string_view(" \t\f\r\n").find(ast.text()[next]) != std::string_view::npos) ++next;
    return {{range.begin, next}, ""};
  }
  if (index > 0) {
    uint32_t comma = skipTrivia(ast.text(), ast.range(args[index - 1]).end);
    while (comma < range.begin && ast.text()[comma] != ',') comma = skipTrivia(ast.text(), comma + 1);
    return {{comma, range.end}, ""};
  }
  uint32_t open = skipTrivia(ast.text(), ast.range(call.func()).end);
  while (open < range.begin && ast.text()[open] == ')') open = skipTrivia(ast.text(), open + 1);
  return {{open, ast.range(call_node).end}, "()"};
}

FixEdit addArgument(const LintContext& context, NodeId call_node, std::string_view argument) {
  const Ast& ast = context.ast;
  NodeList args = ast.as<syntax::Call>(call_node).args();
  uint32_t end = ast.range(call_node).end;
  if (args.empty()) return {{end - 1, end - 1}, std::string(argument)};
  for (NodeId arg : args) {
    uint32_t begin = ast.range(arg).begin;
    if (ast.is(arg, NodeKind::kKeyword)) return {{begin, begin}, std::string(argument) + ", "};
  }
  NodeId last = args[args.size() - 1];
  TextRange range = ast.range(last);
  // A generator has the call's parentheses only as long as it is alone.
  bool is_bare = args.size() == 1 && ast.is(last, NodeKind::kGeneratorExp) && range.end == end;
  if (is_bare) return {range, "(" + std::string(ast.text(range)) + ", " + std::string(argument) + ")"};
  uint32_t at = parenthesizedRange(ast, last).end;
  return {{at, at}, ", " + std::string(argument)};
}

bool isPrecededInLine(const LintContext& context, NodeId statement) {
  std::string_view text = context.ast.text();
  uint32_t begin = syntax::fullRange(context.ast, statement).begin, line = lineBegin(context, begin);
  if (text.substr(line, begin - line).find_first_not_of(" \t\f") != std::string_view::npos) return true;
  size_t before = text.substr(0, line).find_last_not_of("\r\n");
  return line > 0 && before != std::string_view::npos && text[before] == '\\' && lineBegin(context, line - 1) <= before;
}

bool sharesLine(const LintContext& context, NodeId statement) {
  std::string_view text = context.ast.text();
  size_t next = text.find_first_not_of(" \t\f", context.ast.range(statement).end);
  bool is_last = next == std::string_view::npos || text[next] == '\n' || text[next] == '\r' || text[next] == '#';
  return !is_last || isPrecededInLine(context, statement);
}

}  // namespace krait::lint
