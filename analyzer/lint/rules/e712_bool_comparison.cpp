// E712: comparison to True or False with == or !=. ref: pycodestyle comparison_to_singleton
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::CompareOperator;

void checkBoolComparisons(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto compare = ast.as<syntax::Compare>(node);
  NodeId left = compare.left();
  for (size_t i = 0; i < compare.comparators().size(); ++i) {
    NodeId right = compare.comparators()[i];
    auto op = static_cast<CompareOperator>(compare.ops()[i].value);
    NodeId constant = isBool(ast, right) ? right : i == 0 && isBool(ast, left) ? left : NodeId::none();
    left = right;
    if (!constant.valid() || (op != CompareOperator::kEq && op != CompareOperator::kNotEq)) continue;
    context.sink.begin(Rule::kE712, ast.range(node), {ast.text(constant)});
  }
}

}  // namespace krait::lint
