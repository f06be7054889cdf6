// C408: dict(), list() or tuple() for an empty or keyword literal. ref: flake8-comprehensions
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkCollectionCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  std::string_view name = syntax::nameText(ast, call.func());
  if (!isOneOf(name, {"dict", "list", "tuple"}) || !isBuiltin(context, call.func(), name)) return;
  if (name != "dict" && !call.args().empty()) return;
  for (NodeId arg : call.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (!keyword || !keyword->arg().valid()) return;
  }
  context.sink.begin(Rule::kC408, ast.range(node), {name});
}

}  // namespace krait::lint
