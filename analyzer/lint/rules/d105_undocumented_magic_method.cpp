// D105: a public magic method without docstring. ref: pydocstyle
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/docstrings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/visibility.h"

namespace krait::lint {

void checkMagicDocstrings(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::string_view name = syntax::nameText(ast, ast.child(node, 1));
  if (!classOfMethod(ast, node).valid() || !isDunder(name) || name == "__init__" || name == "__new__" || name == "__call__") return;
  if (!isPublicDefinition(context, node) || hasTypingDecorator(context, node, "overload") || hasTypingDecorator(context, node, "override")) return;
  if (syntax::docstringOf(ast, syntax::bodyOf(ast, node)).valid() || isIgnoredByDecorator(context, node)) return;
  context.sink.begin("D105"_rule, nameRange(ast, node));
}

}  // namespace krait::lint
