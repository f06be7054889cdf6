// B013: except with a tuple of one. ref: flake8-bugbear B013
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkSingleExceptTuple(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto tuple = ast.tryAs<syntax::Tuple>(ast.as<syntax::ExceptHandler>(node).type());
  if (!tuple || tuple->elts().size() != 1 || ast.is(tuple->elts()[0], NodeKind::kStarred)) return;
  TextRange range = ast.range(tuple->id);
  std::string text = generatedCode(ast, tuple->elts()[0]);
  context.sink.begin("B013"_rule, range).fix("Replace with `except " + text + "`", {{range, padded(ast, range, text)}});
}

}  // namespace krait::lint
