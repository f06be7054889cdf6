// C419: any() or all() around a list comprehension. ref: flake8-comprehensions
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkComprehensionInAnyAll(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  std::string_view name = syntax::nameText(ast, call.func());
  if (!isOneOf(name, {"any", "all"}) || !isBuiltin(context, call.func(), name)) return;
  if (call.args().size() != 1) return;
  NodeId arg = call.args()[0];
  if (ast.is(arg, NodeKind::kListComp) || ast.is(arg, NodeKind::kSetComp)) {
    context.sink.begin(Rule::kC419, ast.range(arg));
  }
}

}  // namespace krait::lint
