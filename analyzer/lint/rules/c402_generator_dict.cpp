// C402: dict() around a generator of pairs. ref: flake8-comprehensions
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkGeneratorDict(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  std::string_view name = syntax::nameText(ast, call.func());
  if (!isOneOf(name, {"dict"}) || !isBuiltin(context, call.func(), name)) return;
  if (call.args().size() != 1) return;
  auto generator = ast.tryAs<syntax::GeneratorExp>(call.args()[0]);
  auto pair = generator ? ast.tryAs<syntax::Tuple>(generator->elt()) : std::nullopt;
  if (!pair || pair->elts().size() != 2) return;
  for (NodeId element : pair->elts()) {
    if (ast.is(element, NodeKind::kStarred)) return;
  }
  context.sink.begin(Rule::kC402, ast.range(node));
}

}  // namespace krait::lint
