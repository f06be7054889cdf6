// D102: a public method without docstring. ref: pydocstyle
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/docstrings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/visibility.h"

namespace krait::lint {

void checkMethodDocstrings(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::string_view name = syntax::nameText(ast, ast.child(node, 1));
  // `__call__` and `__new__` say what a class is for.
  bool is_special = isDunder(name) && name != "__call__" && name != "__new__";
  if (!classOfMethod(ast, node).valid() || is_special) return;
  if (!isPublicDefinition(context, node) || hasTypingDecorator(context, node, "overload") || hasTypingDecorator(context, node, "override")) return;
  if (syntax::docstringOf(ast, syntax::bodyOf(ast, node)).valid() || isIgnoredByDecorator(context, node)) return;
  context.sink.begin("D102"_rule, nameRange(ast, node));
}

}  // namespace krait::lint
