// C417: map() with a lambda. ref: flake8-comprehensions
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkMapLambda(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  std::string_view name = syntax::nameText(ast, call.func());
  if (!isOneOf(name, {"map"}) || !isBuiltin(context, call.func(), name)) return;
  if (call.args().size() < 2 || !ast.is(call.args()[0], NodeKind::kLambda)) return;
  auto lambda = ast.as<syntax::Lambda>(call.args()[0]);
  NodeList params = ast.as<syntax::Parameters>(lambda.params()).params();
  if (params.size() != call.args().size() - 1) return;
  for (NodeId param : params) {
    if (ast.as<syntax::Parameter>(param).parameterKind() > syntax::ParameterKind::kPositionalOrKeyword) return;
  }
  context.sink.begin(Rule::kC417, ast.range(node));
}

}  // namespace krait::lint
