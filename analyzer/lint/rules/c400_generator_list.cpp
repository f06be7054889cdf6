// C400: list() around a generator. ref: flake8-comprehensions
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkGeneratorList(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  std::string_view name = syntax::nameText(ast, call.func());
  if (!isOneOf(name, {"list"}) || !isBuiltin(context, call.func(), name)) return;
  if (call.args().size() != 1 || !ast.is(call.args()[0], NodeKind::kGeneratorExp)) return;
  context.sink.begin(Rule::kC400, ast.range(node));
}

}  // namespace krait::lint
