// E713: `not x in y`. ref: pycodestyle comparison_negative
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkNotIn(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto unary = ast.as<syntax::UnaryOp>(node);
  auto compare = ast.tryAs<syntax::Compare>(unary.operand());
  if (unary.op() != syntax::UnaryOperator::kNot || !compare || compare->comparators().size() != 1) return;
  if (static_cast<syntax::CompareOperator>(compare->ops()[0].value) != syntax::CompareOperator::kIn) return;
  NodeId right = compare->comparators()[0];
  auto finding = context.sink.begin("E713"_rule, ast.range(unary.operand()));
  std::string text = std::string(ast.text(parenthesizedRange(ast, compare->left()))) + " not in " + std::string(ast.text(parenthesizedRange(ast, right)));
  finding.fix("Convert to `not in`", {{ast.range(node), text}});
}

}  // namespace krait::lint
