// E714: `not x is y`. ref: pycodestyle comparison_negative
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkNotIs(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto unary = ast.as<syntax::UnaryOp>(node);
  auto compare = ast.tryAs<syntax::Compare>(unary.operand());
  if (unary.op() != syntax::UnaryOperator::kNot || !compare || compare->comparators().size() != 1) return;
  if (static_cast<syntax::CompareOperator>(compare->ops()[0].value) != syntax::CompareOperator::kIs) return;
  NodeId right = compare->comparators()[0];
  bool has_parens = ast.hasFlag(compare->left(), syntax::kParenthesized) || ast.hasFlag(right, syntax::kParenthesized);
  auto finding = context.sink.begin("E714"_rule, ast.range(unary.operand()));
  if (has_parens) return;
  std::string text = std::string(ast.text(compare->left())) + " is not " + std::string(ast.text(right));
  finding.fix("Convert to `is not`", {{ast.range(node), text}});
}

}  // namespace krait::lint
