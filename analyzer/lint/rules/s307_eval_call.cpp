// S307: a call of eval. ref: bandit B307
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkEval(LintContext& context, NodeId node) {
  auto call = context.ast.as<syntax::Call>(node);
  if (isBuiltin(context, call.func(), "eval")) context.sink.begin("S307"_rule, context.ast.range(node));
}

}  // namespace krait::lint
