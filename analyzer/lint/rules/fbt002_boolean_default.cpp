// FBT002: a positional parameter with a boolean default. ref: flake8-boolean-trap
#include "analyzer/lint/boolean_trap.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkBooleanDefaults(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  if (mayTakeBooleans(context, node)) return;
  for (NodeId id : ast.as<syntax::Parameters>(function.params()).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    if (param.parameterKind() > syntax::ParameterKind::kPositionalOrKeyword) break;
    if (param.defaultValue().valid() && isBool(ast, param.defaultValue())) {
      context.sink.begin("FBT002"_rule, ast.range(param.name()));
    }
  }
}

}  // namespace krait::lint
