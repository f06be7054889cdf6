// SLF001: a private member of another object. ref: flake8-self
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isEnclosingClass(const Ast& ast, NodeId node, std::string_view name) {
  for (NodeId parent = ast.parent(node); parent.valid(); parent = ast.parent(parent)) {
    auto cls = ast.tryAs<syntax::ClassDef>(parent);
    if (cls && syntax::nameText(ast, cls->name()) == name) return true;
  }
  return false;
}

// The function or lambda around a node.
static NodeId enclosingFunction(const Ast& ast, NodeId node) {
  NodeId parent = ast.parent(node);
  while (parent.valid() && !ast.is(parent, NodeKind::kFunctionDef) && !ast.is(parent, NodeKind::kLambda)) parent = ast.parent(parent);
  return parent;
}

// A method of a binary operator, whose operands are of one kind.
static bool isOperatorMethod(std::string_view name) {
  if (isOneOf(name, {"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"})) return true;
  if (name.size() < 6 || !name.starts_with("__") || !name.ends_with("__")) return false;
  std::string_view word = name.substr(2, name.size() - 4);
  auto is_operator = [](std::string_view text) {
    return isOneOf(text, {"add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow", "lshift", "rshift", "and", "xor", "or"});
  };
  return is_operator(word) || ((word[0] == 'r' || word[0] == 'i') && is_operator(word.substr(1)));
}

// A name that stands for an object of the class around it: made by it or annotated with it.
static bool isOfOwnClass(const LintContext& context, NodeId node, const Definition& definition) {
  const Ast& ast = context.ast;
  if (auto parameter = ast.tryAs<syntax::Parameter>(definition.owner)) {
    NodeId annotation = parameter->annotation();
    return annotation.valid() && ast.is(annotation, NodeKind::kName) && isEnclosingClass(ast, node, syntax::nameText(ast, annotation));
  }
  auto assign = ast.tryAs<syntax::Assign>(definition.owner);
  auto call = assign ? ast.tryAs<syntax::Call>(assign->value()) : std::nullopt;
  if (!call || !ast.is(call->func(), NodeKind::kName)) return false;
  std::string_view made = syntax::nameText(ast, call->func());
  return made == "cls" || isEnclosingClass(ast, node, made);
}

void checkPrivateMembers(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto attribute = ast.as<syntax::Attribute>(node);
  std::string_view name = syntax::nameText(ast, attribute.attr());
  // `_type_` and `__name__` are names of a protocol.
  if (!name.starts_with("_") || name.ends_with("_")) return;
  auto method = ast.tryAs<syntax::FunctionDef>(enclosingFunction(ast, node));
  if (method && isOperatorMethod(syntax::nameText(ast, method->name()))) return;
  bool has_own = context.options.list("flake8-self.ignore-names") != nullptr;
  bool is_usual = isOneOf(name, {"_make", "_asdict", "_replace", "_fields", "_field_defaults", "_name_", "_value_"});
  if (has_own ? isListed(context, "flake8-self.ignore-names", name) : is_usual) return;
  if (isListed(context, "flake8-self.extend-ignore-names", name)) return;
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
    if (isEnclosingClass(ast, node, base)) return;
    SymbolId owner = context.model.ownerAt(value);
    auto definitions = context.model.definitions(owner);
    for (const Definition& definition : definitions) {
      if (isOfOwnClass(context, node, definition)) return;
      if (definition.kind != DefinitionKind::kImport && definition.kind != DefinitionKind::kImportFrom) continue;
      // Modules give their private names to whom they like: only `from x import y; y._z` of a class is meant.
      if (name.starts_with("_") && qualifiedName(context, value) == "os" && name == "_exit") return;
    }
  }
  context.sink.begin(Rule::kSLF001, ast.range(node), {name});
}

}  // namespace krait::lint
