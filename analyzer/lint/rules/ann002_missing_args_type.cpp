// ANN002: *args without annotation. ref: flake8-annotations
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkArgsType(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto param = ast.as<syntax::Parameter>(node);
  if (param.parameterKind() != syntax::ParameterKind::kVarPositional || param.annotation().valid()) return;
  NodeId function = ast.parent(ast.parent(node));
  if (!ast.is(function, NodeKind::kFunctionDef) || isOverloadImplementation(context, function)) return;
  if (isIgnoredAsUntyped(context, function) || isIgnoredDummy(context, syntax::nameText(ast, param.name()))) return;
  // The finding begins at the star.
  TextRange range = ast.range(node);
  while (range.begin > 0 && ast.text()[range.begin] != '*') --range.begin;
  while (range.begin > 0 && ast.text()[range.begin - 1] == '*') --range.begin;
  context.sink.begin("ANN002"_rule, range, {syntax::nameText(ast, param.name())});
}

}  // namespace krait::lint
