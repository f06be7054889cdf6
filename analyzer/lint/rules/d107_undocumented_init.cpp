// D107: a public init without docstring. ref: pydocstyle
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/docstrings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/visibility.h"

namespace krait::lint {

void checkInitDocstrings(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (!classOfMethod(ast, node).valid() || syntax::nameText(ast, ast.child(node, 1)) != "__init__") return;
  if (!isPublicDefinition(context, node) || hasTypingDecorator(context, node, "overload") || hasTypingDecorator(context, node, "override")) return;
  if (syntax::docstringOf(ast, syntax::bodyOf(ast, node)).valid() || isIgnoredByDecorator(context, node)) return;
  context.sink.begin("D107"_rule, nameRange(ast, node));
}

}  // namespace krait::lint
