// ANN206: a function without return annotation. ref: flake8-annotations
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/visibility.h"

namespace krait::lint {

void checkClassReturn(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  if (function.returns().valid() || hasDecorator(ast, node, "overload")) return;
  if (returnKindOf(context, node) != ReturnKind::kClass) return;
  context.sink.begin(Rule::kANN206, ast.range(function.name()), {syntax::nameText(ast, function.name())});
}

}  // namespace krait::lint
