// A006: a lambda's parameter named like a builtin. ref: flake8-builtins
#include "analyzer/lint/builtin_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkBuiltinLambdaArguments(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId id : ast.as<syntax::Parameters>(ast.as<syntax::Lambda>(node).params()).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    bool is_variadic = param.parameterKind() == syntax::ParameterKind::kVarPositional || param.parameterKind() == syntax::ParameterKind::kVarKeyword;
    if (is_variadic) continue;
    NodeId name = param.name();
    if (isShadowedBuiltin(context, syntax::nameOf(ast, name))) context.sink.begin("A006"_rule, ast.range(name), {syntax::nameText(ast, name)});
  }
}

}  // namespace krait::lint
