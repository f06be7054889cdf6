#include "analyzer/lint/visibility.h"

#include "analyzer/lint/nodes.h"

namespace krait::lint {

bool isPublicDefinition(const LintContext& context, NodeId definition) {
  const Ast& ast = context.ast;
  // The getter speaks for a property.
  if (ast.is(definition, NodeKind::kFunctionDef) &&
      (hasDecorator(ast, definition, "setter") || hasDecorator(ast, definition, "deleter"))) {
    return false;
  }
  NodeId child = definition;
  for (NodeId node = definition; node.valid(); child = node, node = ast.parent(node)) {
    bool is_function = ast.is(node, NodeKind::kFunctionDef);
    if (is_function && node != definition) return false;
    if (!is_function && !ast.is(node, NodeKind::kClassDef)) continue;
    std::string_view name = syntax::nameText(ast, ast.child(node, 1));
    if (name.starts_with("_") && !isDunder(name)) return false;
  }
  if (!context.exports.has_all) return true;
  // With __all__, only what it lists is public at the top level.
  NodeId top = definition;
  while (ast.parent(top) != ast.root() && ast.parent(top).valid()) top = ast.parent(top);
  if (!ast.is(top, NodeKind::kFunctionDef) && !ast.is(top, NodeKind::kClassDef)) return true;
  return context.exports.isInAll(syntax::nameOf(ast, ast.child(top, 1)));
}

ReturnKind returnKindOf(const LintContext& context, NodeId function) {
  const Ast& ast = context.ast;
  std::string_view name = syntax::nameText(ast, ast.as<syntax::FunctionDef>(function).name());
  if (classOfMethod(ast, function).valid()) {
    if (hasDecorator(ast, function, "classmethod")) return ReturnKind::kClass;
    if (hasDecorator(ast, function, "staticmethod")) return ReturnKind::kStatic;
    if (isDunder(name)) return ReturnKind::kSpecial;
  }
  return isPublicDefinition(context, function) ? ReturnKind::kPublic : ReturnKind::kPrivate;
}

}  // namespace krait::lint
