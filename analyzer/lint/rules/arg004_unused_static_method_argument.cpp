// ARG004: a parameter that the body never reads. ref: flake8-unused-arguments
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/unused_parameters.h"

namespace krait::lint {

void checkUnusedStaticMethodArguments(LintContext& context, NodeId node) {
  if (methodKind(context, node) != MethodKind::kStatic) return;
  // What a `__new__` takes that says what it is, `__init__` may want.
  bool is_said = hasDecorator(context.ast, node, "staticmethod") || hasDecorator(context.ast, node, "classmethod");
  if (is_said && definedName(context.ast, node) == "__new__") return;
  for (NodeId param : unusedParameters(context, node)) {
    NodeId name = context.ast.as<syntax::Parameter>(param).name();
    context.sink.begin("ARG004"_rule, context.ast.range(name), {syntax::nameText(context.ast, name)});
  }
}

}  // namespace krait::lint
