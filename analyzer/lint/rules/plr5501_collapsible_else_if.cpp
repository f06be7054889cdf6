// PLR5501: else that holds only an if. ref: pylint else-if-used
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/reindent.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkCollapsibleElseIf(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::If>(node);
  if (statement.orelse().size() != 1) return;
  auto inner = ast.tryAs<syntax::If>(statement.orelse()[0]);
  if (!inner || inner->isElif()) return;
  // The finding begins at `else`.
  std::string_view text = ast.text();
  uint32_t from = ast.range(statement.body().back()).end;
  size_t at = text.find("else", from);
  while (at != std::string_view::npos) {
    size_t line = text.rfind('\n', at);
    bool is_first = text.substr(line + 1, at - line - 1).find_first_not_of(" \t") == std::string_view::npos;
    if (is_first) break;
    at = text.find("else", at + 4);
  }
  uint32_t begin = at == std::string_view::npos ? ast.range(node).begin : static_cast<uint32_t>(at);
  NodeId inner_node = statement.orelse()[0];
  TextRange range = ast.range(inner_node);
  auto finding = context.sink.begin("PLR5501"_rule, {begin, range.begin});
  bool is_below = lineBegin(context, range.begin) != lineBegin(context, begin);
  if (!is_below) return;
  std::string indent(indentationAt(context, begin));
  std::string lines = reindented(context, {lineBegin(context, range.begin), range.end}, indentationAt(context, range.begin), indent);
  // Comments of their own lines stay before the branch.
  TextRange between{nextLineBegin(context, begin), lineBegin(context, range.begin)};
  std::string comments = hasComment(ast, between) ? reindented(context, between, indentationAt(context, range.begin), indent) : "";
  finding.fix("Convert to `elif`", {{{lineBegin(context, begin), range.end}, comments + indent + "el" + lines.substr(indent.size())}});
}

}  // namespace krait::lint
