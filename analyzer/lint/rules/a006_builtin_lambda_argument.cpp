// A006: a lambda's parameter named like a builtin. ref: flake8-builtins
#include "analyzer/lint/builtin_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkBuiltinLambdaArguments(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId id : ast.as<syntax::Parameters>(ast.as<syntax::Lambda>(node).params()).params()) {
    NodeId name = ast.as<syntax::Parameter>(id).name();
    if (isShadowedBuiltin(context, syntax::nameOf(ast, name))) context.sink.begin(Rule::kA006, ast.range(name), {syntax::nameText(ast, name)});
  }
}

}  // namespace krait::lint
