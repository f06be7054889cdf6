// C406: dict() around a list or tuple of pairs. ref: flake8-comprehensions
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkLiteralDict(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  std::string_view name = syntax::nameText(ast, call.func());
  if (!isOneOf(name, {"dict"}) || !isBuiltin(context, call.func(), name)) return;
  if (call.args().size() != 1) return;
  NodeId arg = call.args()[0];
  bool is_list = ast.is(arg, NodeKind::kList);
  if (!is_list && !ast.is(arg, NodeKind::kTuple)) return;
  for (NodeId element : ast.list(arg, 0)) {
    auto pair = ast.tryAs<syntax::Tuple>(element);
    if (!pair || pair->elts().size() != 2) return;
  }
  context.sink.begin(Rule::kC406, ast.range(node), {is_list ? "list" : "tuple"});
}

}  // namespace krait::lint
