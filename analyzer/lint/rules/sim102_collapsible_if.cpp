// SIM102: an if that holds only an if. ref: flake8-simplify
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/reindent.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// `if __name__ == "__main__"` stays as it is.
static bool isMainTest(const Ast& ast, NodeId test) {
  auto compare = ast.tryAs<syntax::Compare>(test);
  return compare && compare->comparators().size() == 1 && compare->ops()[0].value == static_cast<uint32_t>(syntax::CompareOperator::kEq) &&
         syntax::nameText(ast, compare->left()) == "__name__" && syntax::stringValue(ast, compare->comparators()[0]) == "__main__";
}

void checkCollapsibleIf(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto outer = ast.as<syntax::If>(node);
  if (!outer.orelse().empty() || outer.body().size() != 1) return;
  auto inner = ast.tryAs<syntax::If>(outer.body()[0]);
  if (!inner || !inner->orelse().empty() || inner->isElif()) return;
  if (isMainTest(ast, outer.test()) || isBool(ast, outer.test()) || lastName(ast, outer.test()) == "TYPE_CHECKING") return;
  if (!outer.isElif() && asksPlatform(context, outer.test())) return;
  // With `elif`, the first body counts.
  auto first_clause = outer;
  while (first_clause.isElif()) first_clause = ast.as<syntax::If>(ast.parent(first_clause.id));
  if (first_clause.body().size() != 1) return;
  auto last = inner;
  while (last->body().size() == 1) {
    auto next = ast.tryAs<syntax::If>(last->body()[0]);
    if (!next || !next->orelse().empty()) break;
    last = next;
  }
  auto finding = context.sink.begin("SIM102"_rule, {ast.range(node).begin, parenthesizedRange(ast, last->test()).end + 1});
  TextRange range = ast.range(node), body = ast.range(outer.body()[0]);
  uint32_t first = syntax::fullRange(ast, inner->body()[0]).begin;
  uint32_t body_line = nextLineBegin(context, parenthesizedRange(ast, inner->test()).end);
  bool is_inline = first < body_line;
  bool is_plain = lineBegin(context, body.begin) != lineBegin(context, range.begin) &&
                  !hasComment(ast, {range.begin, body.begin});
  if (!is_plain) return;
  std::string outer_indent(indentationAt(context, range.begin)), inner_indent(indentationAt(context, body.begin));
  std::string text = outer_indent + (outer.isElif() ? "elif " : "if ") + joinedByAnd(context, outer.test(), inner->test(), inner_indent, outer_indent);
  // The inner colon with what follows it in its line, a comment perhaps.
  text += is_inline ? ": " + std::string(ast.text({first, body.end}))
                    : std::string(ast.text({parenthesizedRange(ast, inner->test()).end, body_line})) + reindented(context, {body_line, body.end}, inner_indent, outer_indent, JoinedLines::kStay);
  // ruff counts the first line's indentation twice.
  if (fitsLines(context, outer_indent + text)) {
    finding.fix("Combine `if` statements using `and`", {{{lineBegin(context, range.begin), body.end}, text}}, FixSafety::kUnsafe);
  }
}

}  // namespace krait::lint
