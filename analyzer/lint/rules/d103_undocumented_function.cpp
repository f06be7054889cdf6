// D103: a public function without docstring. ref: pydocstyle
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/docstrings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/visibility.h"

namespace krait::lint {

void checkFunctionDocstrings(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (classOfMethod(ast, node).valid()) return;
  if (!isPublicDefinition(context, node) || hasTypingDecorator(context, node, "overload") || hasTypingDecorator(context, node, "override")) return;
  if (syntax::docstringOf(ast, syntax::bodyOf(ast, node)).valid() || isIgnoredByDecorator(context, node)) return;
  context.sink.begin("D103"_rule, nameRange(ast, node));
}

}  // namespace krait::lint
