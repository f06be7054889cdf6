// C410: list() around a list or tuple literal. ref: flake8-comprehensions
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkLiteralList(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  std::string_view name = syntax::nameText(ast, call.func());
  if (!isOneOf(name, {"list"}) || !isBuiltin(context, call.func(), name)) return;
  if (call.args().size() != 1) return;
  bool is_list = ast.is(call.args()[0], NodeKind::kList);
  if (is_list || ast.is(call.args()[0], NodeKind::kTuple)) {
    context.sink.begin(Rule::kC410, ast.range(node), {is_list ? "list" : "tuple"});
  }
}

}  // namespace krait::lint
