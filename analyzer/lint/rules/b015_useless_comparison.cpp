// B015: a comparison whose result is thrown away. ref: flake8-bugbear B015
#include "analyzer/lint/cells.h"

namespace krait::lint {

void checkUselessComparisons(LintContext& context, NodeId node) {
  NodeId value = context.ast.as<syntax::ExprStmt>(node).value();
  const Ast& ast = context.ast;
  if (!ast.is(value, NodeKind::kCompare) || endsCell(context, node)) return;
  NodeId function = ast.parent(node);
  bool is_last = ast.is(function, NodeKind::kFunctionDef) && ast.as<syntax::FunctionDef>(function).body().back() == node;
  context.sink.begin("B015"_rule, ast.range(value),
                     {is_last ? " at end of function scope. Did you mean to return the expression result?"
                              : ". Did you mean to assign a value? Otherwise, prepend `assert` or remove it."});
}

}  // namespace krait::lint
