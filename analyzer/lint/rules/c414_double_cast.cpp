// C414: nested calls that make a list or set. ref: flake8-comprehensions
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkDoubleCast(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  std::string_view name = syntax::nameText(ast, call.func());
  if (!isOneOf(name, {"list", "tuple", "set", "sorted", "reversed"}) || !isBuiltin(context, call.func(), name)) return;
  if (call.args().empty()) return;
  auto inner = ast.tryAs<syntax::Call>(call.args()[0]);
  if (!inner) return;
  std::string_view other = syntax::nameText(ast, inner->func());
  if (!isBuiltin(context, inner->func(), other)) return;
  bool is_idle = false;
  if (name == "set") is_idle = isOneOf(other, {"list", "tuple", "reversed", "set", "sorted"});
  if (name == "list" || name == "tuple") is_idle = isOneOf(other, {"list", "tuple"});
  if (name == "sorted") is_idle = isOneOf(other, {"list", "tuple", "reversed", "sorted"});
  if (is_idle && name == "sorted" && other == "sorted" && call.args().size() != inner->args().size()) return;
  if (is_idle) context.sink.begin(Rule::kC414, ast.range(node), {other, name});
}

}  // namespace krait::lint
