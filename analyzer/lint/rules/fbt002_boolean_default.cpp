// FBT002: a positional parameter with a boolean default. ref: flake8-boolean-trap
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkBooleanDefaults(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  std::string_view name = syntax::nameText(ast, function.name());
  if ((isDunder(name) && name != "__init__") || hasDecorator(ast, node, "override") || hasDecorator(ast, node, "overload")) return;
  if (hasDecorator(ast, node, "setter")) return;
  for (NodeId id : ast.as<syntax::Parameters>(function.params()).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    if (param.parameterKind() > syntax::ParameterKind::kPositionalOrKeyword) break;
    if (param.defaultValue().valid() && isBool(ast, param.defaultValue())) {
      context.sink.begin(Rule::kFBT002, ast.range(param.name()));
    }
  }
}

}  // namespace krait::lint
