// B015: a comparison whose result is thrown away. ref: flake8-bugbear B015
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkUselessComparisons(LintContext& context, NodeId node) {
  NodeId value = context.ast.as<syntax::ExprStmt>(node).value();
  if (context.ast.is(value, NodeKind::kCompare)) context.sink.begin(Rule::kB015, context.ast.range(value));
}

}  // namespace krait::lint
