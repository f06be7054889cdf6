// FBT001: a positional parameter annotated bool. ref: flake8-boolean-trap
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isBoolType(const LintContext& context, NodeId annotation) {
  auto text = syntax::stringValue(context.ast, annotation);
  return (text && *text == "bool") || isBuiltin(context, annotation, "bool");
}

void checkBooleanAnnotations(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  std::string_view name = syntax::nameText(ast, function.name());
  if ((isDunder(name) && name != "__init__") || hasDecorator(ast, node, "override") || hasDecorator(ast, node, "overload")) return;
  if (hasDecorator(ast, node, "setter")) return;
  for (NodeId id : ast.as<syntax::Parameters>(function.params()).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    if (param.parameterKind() > syntax::ParameterKind::kPositionalOrKeyword) break;
    if (param.annotation().valid() && isBoolType(context, param.annotation())) {
      context.sink.begin(Rule::kFBT001, ast.range(param.name()));
    }
  }
}

}  // namespace krait::lint
