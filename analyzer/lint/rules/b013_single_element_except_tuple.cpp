// B013: except with a tuple of one. ref: flake8-bugbear B013
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkSingleExceptTuple(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto tuple = ast.tryAs<syntax::Tuple>(ast.as<syntax::ExceptHandler>(node).type());
  if (!tuple || tuple->elts().size() != 1 || ast.is(tuple->elts()[0], NodeKind::kStarred)) return;
  context.sink.begin("B013"_rule, ast.range(tuple->id))
      .fix("Replace with `except " + std::string(ast.text(tuple->elts()[0])) + "`",
           {{ast.range(tuple->id), std::string(ast.text(tuple->elts()[0]))}});
}

}  // namespace krait::lint
