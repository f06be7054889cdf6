// ARG005: a lambda's parameter that it never reads. ref: flake8-unused-arguments
#include "analyzer/lint/rule.h"
#include "analyzer/lint/unused_parameters.h"

namespace krait::lint {

void checkUnusedLambdaArguments(LintContext& context, NodeId node) {
  for (NodeId param : unusedParameters(context, node)) {
    NodeId name = context.ast.as<syntax::Parameter>(param).name();
    context.sink.begin("ARG005"_rule, context.ast.range(name), {syntax::nameText(context.ast, name)});
  }
}

}  // namespace krait::lint
