// E713: `not x in y`. ref: pycodestyle comparison_negative
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkNotIn(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto unary = ast.as<syntax::UnaryOp>(node);
  auto compare = ast.tryAs<syntax::Compare>(unary.operand());
  if (unary.op() != syntax::UnaryOperator::kNot || !compare || compare->comparators().size() != 1) return;
  if (static_cast<syntax::CompareOperator>(compare->ops()[0].value) != syntax::CompareOperator::kIn) return;
  NodeId right = compare->comparators()[0];
  bool has_parens = ast.hasFlag(compare->left(), syntax::kParenthesized) || ast.hasFlag(right, syntax::kParenthesized);
  auto finding = context.sink.begin("E713"_rule, ast.range(unary.operand()));
  if (has_parens) return;
  std::string text = std::string(ast.text(compare->left())) + " not in " + std::string(ast.text(right));
  finding.fix("Convert to `not in`", {{ast.range(node), text}});
}

}  // namespace krait::lint
