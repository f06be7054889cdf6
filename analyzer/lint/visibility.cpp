#include "analyzer/lint/visibility.h"

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"

namespace krait::lint {

// `@x.setter def x`: the getter speaks for the property.
static bool isAccessor(const Ast& ast, NodeId function) {
  auto definition = ast.as<syntax::FunctionDef>(function);
  for (NodeId decorator : definition.decorators()) {
    auto attribute = ast.tryAs<syntax::Attribute>(decorator);
    if (!attribute || syntax::nameText(ast, attribute->value()) != syntax::nameText(ast, definition.name())) continue;
    std::string_view accessor = syntax::nameText(ast, attribute->attr());
    if (accessor == "setter" || accessor == "deleter") return true;
  }
  return false;
}

// Is the node a part of a comprehension inside the statement?
static bool isComputed(const Ast& ast, NodeId node, NodeId statement) {
  for (; node.valid() && node != statement; node = ast.parent(node)) {
    if (ast.is(node, NodeKind::kListComp) || ast.is(node, NodeKind::kSetComp) || ast.is(node, NodeKind::kGeneratorExp)) return true;
  }
  return false;
}

// Does an assignment to `__all__` list the name? What methods of the list change is not followed.
static bool isAssignedInAll(const LintContext& context, std::string_view name) {
  const Ast& ast = context.ast;
  const SemanticModel& model = context.model;
  for (SymbolId symbol : model.symbolsOf(SemanticModel::kModuleScope)) {
    if (model.nameOf(symbol) != "__all__") continue;
    for (const Definition& definition : model.definitions(symbol)) {
      NodeId statement = ast.parent(definition.node);
      bool is_assigned = ast.is(statement, NodeKind::kAssign) || ast.is(statement, NodeKind::kAugAssign) || ast.is(statement, NodeKind::kAnnAssign);
      if (is_assigned && anyOver(ast, statement, [&](NodeId at) { return syntax::stringValue(ast, at) == name && !isComputed(ast, at, statement); })) return true;
    }
  }
  return false;
}

bool isPublicDefinition(const LintContext& context, NodeId definition) {
  const Ast& ast = context.ast;
  if (ast.is(definition, NodeKind::kFunctionDef) && isAccessor(ast, definition)) return false;
  NodeId child = definition;
  for (NodeId node = definition; node.valid(); child = node, node = ast.parent(node)) {
    bool is_function = ast.is(node, NodeKind::kFunctionDef);
    if (is_function && node != definition) return false;
    if (!is_function && !ast.is(node, NodeKind::kClassDef)) continue;
    std::string_view name = syntax::nameText(ast, ast.child(node, 1));
    bool is_method = is_function && classOfMethod(ast, node).valid();
    if (name.starts_with("_") && !(is_method && isDunder(name))) return false;
  }
  if (!context.exports.has_all) return true;
  // With __all__, only what it lists is public at the top level.
  NodeId top = definition;
  for (NodeId node = definition; node.valid(); node = ast.parent(node)) {
    if (ast.is(node, NodeKind::kFunctionDef) || ast.is(node, NodeKind::kClassDef)) top = node;
  }
  return isAssignedInAll(context, syntax::nameText(ast, ast.child(top, 1)));
}

bool isAbstract(const LintContext& context, NodeId function) {
  for (NodeId decorator : context.ast.as<syntax::FunctionDef>(function).decorators()) {
    bool is_abstract = isOneOf(qualifiedName(context, decorator),
                               {"abc.abstractmethod", "abc.abstractclassmethod", "abc.abstractstaticmethod", "abc.abstractproperty"});
    if (is_abstract) return true;
  }
  return false;
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
