// E711: comparison to None with == or !=. ref: pycodestyle comparison_to_singleton
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::CompareOperator;

void checkNoneComparisons(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto compare = ast.as<syntax::Compare>(node);
  NodeId left = compare.left();
  for (size_t i = 0; i < compare.comparators().size(); ++i) {
    NodeId right = compare.comparators()[i];
    auto op = static_cast<CompareOperator>(compare.ops()[i].value);
    NodeId none = isNone(ast, right) ? right : i == 0 && isNone(ast, left) ? left : NodeId::none();
    left = right;
    if (!none.valid() || (op != CompareOperator::kEq && op != CompareOperator::kNotEq)) continue;
    context.sink.begin(op == CompareOperator::kEq ? Rule::kE711 : Rule::kE711Not, ast.range(none));
  }
}

}  // namespace krait::lint
