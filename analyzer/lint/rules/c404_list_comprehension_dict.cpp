// C404: dict() around a list comprehension of pairs. ref: flake8-comprehensions
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkListCompDict(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  std::string_view name = syntax::nameText(ast, call.func());
  if (!isOneOf(name, {"dict"}) || !isBuiltin(context, call.func(), name)) return;
  if (call.args().size() != 1) return;
  auto list = ast.tryAs<syntax::ListComp>(call.args()[0]);
  auto pair = list ? ast.tryAs<syntax::Tuple>(list->elt()) : std::nullopt;
  if (pair && pair->elts().size() == 2) context.sink.begin(Rule::kC404, ast.range(node));
}

}  // namespace krait::lint
