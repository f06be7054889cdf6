// SLF001: a private member of another object. ref: flake8-self
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkPrivateMembers(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto attribute = ast.as<syntax::Attribute>(node);
  if (attribute.context() != syntax::ExprContext::kLoad) return;
  std::string_view name = syntax::nameText(ast, attribute.attr());
  if (!name.starts_with("_") || (name.starts_with("__") && name.ends_with("__"))) return;
  if (isOneOf(name, {"_make", "_asdict", "_replace", "_fields", "_field_defaults", "_name_", "_value_"})) return;
  NodeId value = attribute.value();
  std::string_view base = syntax::nameText(ast, value);
  if (isOneOf(base, {"self", "cls", "mcs"})) return;
  if (auto inner = ast.tryAs<syntax::Attribute>(value)) {
    // self.__class__._x
    if (syntax::nameText(ast, inner->attr()) == "__class__" && syntax::nameText(ast, inner->value()) == "self") return;
  }
  if (auto call = ast.tryAs<syntax::Call>(value)) {
    if (isBuiltin(context, call->func(), "super")) return;
    bool is_type_of_self = isBuiltin(context, call->func(), "type") && call->args().size() == 1 &&
                           syntax::nameText(ast, call->args()[0]) == "self";
    if (is_type_of_self) return;
  }
  if (ast.is(value, NodeKind::kName)) {
    // Inside the class of that name.
    for (NodeId parent = ast.parent(node); parent.valid(); parent = ast.parent(parent)) {
      auto cls = ast.tryAs<syntax::ClassDef>(parent);
      if (cls && syntax::nameText(ast, cls->name()) == base) return;
    }
    SymbolId owner = context.model.ownerAt(value);
    auto definitions = context.model.definitions(owner);
    for (const Definition& definition : definitions) {
      if (definition.kind != DefinitionKind::kImport && definition.kind != DefinitionKind::kImportFrom) continue;
      // Modules give their private names to whom they like: only `from x import y; y._z` of a class is meant.
      if (name.starts_with("_") && qualifiedName(context, value) == "os" && name == "_exit") return;
    }
  }
  context.sink.begin(Rule::kSLF001, ast.range(node), {name});
}

}  // namespace krait::lint
