// S102: a call of exec. ref: bandit B102
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkExec(LintContext& context, NodeId node) {
  auto call = context.ast.as<syntax::Call>(node);
  if (isBuiltin(context, call.func(), "exec")) context.sink.begin("S102"_rule, context.ast.range(call.func()));
}

}  // namespace krait::lint
