// SLF001: a private member of another object. ref: flake8-self
#include <algorithm>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/bindings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

static bool isEnclosingClass(const Ast& ast, NodeId node, std::string_view name) {
  for (NodeId parent = ast.parent(node); parent.valid(); parent = ast.parent(parent)) {
    auto cls = ast.tryAs<syntax::ClassDef>(parent);
    if (cls && syntax::nameText(ast, cls->name()) == name) return true;
  }
  return false;
}

// The function whose own code holds the node: not that of a class or comprehension in it, nor the bases of a class.
static NodeId ownFunction(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  const Scope& scope = context.model[context.model.enclosingScope(node)];
  if (scope.kind != ScopeKind::kFunction) return NodeId::none();
  for (NodeId child = node, parent = ast.parent(node); parent.valid() && parent != scope.node; child = parent, parent = ast.parent(parent)) {
    auto cls = ast.tryAs<syntax::ClassDef>(parent);
    NodeList decorators = cls ? cls->decorators() : NodeList();
    if (cls && std::find(decorators.begin(), decorators.end(), child) == decorators.end()) return NodeId::none();
  }
  return scope.node;
}

// A method of a binary operator, whose operands are of one kind.
static bool isOperatorMethod(std::string_view name) {
  if (isOneOf(name, {"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"})) return true;
  if (name.size() < 6 || !name.starts_with("__") || !name.ends_with("__")) return false;
  std::string_view word = name.substr(2, name.size() - 4);
  auto is_operator = [](std::string_view text) {
    return isOneOf(text, {"add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow", "lshift", "rshift", "and", "xor", "or"});
  };
  if (word == "idivmod") return false;  // divmod has no form that assigns
  return is_operator(word) || ((word[0] == 'r' || word[0] == 'i') && is_operator(word.substr(1)));
}

// Does the annotation name the class around it, or `Self`?
static bool isOwnAnnotation(const LintContext& context, NodeId node, NodeId annotation) {
  const Ast& ast = context.ast;
  if (auto subscript = ast.tryAs<syntax::Subscript>(annotation)) {
    auto tuple = ast.tryAs<syntax::Tuple>(subscript->slice());
    bool is_annotated = tuple && !tuple->elts().empty() && isOneOf(qualifiedName(context, subscript->value()), {"typing.Annotated", "typing_extensions.Annotated"});
    return isOwnAnnotation(context, node, is_annotated ? tuple->elts()[0] : subscript->value());
  }
  if (isOneOf(qualifiedName(context, annotation), {"typing.Self", "typing_extensions.Self"})) return true;
  return ast.is(annotation, NodeKind::kName) && isEnclosingClass(ast, node, syntax::nameText(ast, annotation));
}

// Does the value make an object of the class around it: `A()`, `A[int]()`, `cls()`, `super().__new__(cls)`?
static bool isOwnValue(const LintContext& context, NodeId node, NodeId value) {
  const Ast& ast = context.ast;
  if (syntax::nameText(ast, value) == "self") return true;
  auto call = ast.tryAs<syntax::Call>(value);
  if (!call) return false;
  if (auto attribute = ast.tryAs<syntax::Attribute>(call->func())) {
    auto base = ast.tryAs<syntax::Call>(attribute->value());
    bool is_base = base ? syntax::nameText(ast, base->func()) == "super" : syntax::nameText(ast, attribute->value()) == "object";
    return is_base && syntax::nameText(ast, attribute->attr()) == "__new__";
  }
  if (ast.is(call->func(), NodeKind::kSubscript)) return isOwnAnnotation(context, node, call->func());
  std::string_view made = syntax::nameText(ast, call->func());
  return isOneOf(made, {"cls", "mcs"}) || (!made.empty() && isEnclosingClass(ast, node, made));
}

// The object or class that a method is called on.
static bool isFirstParameter(const LintContext& context, NodeId parameter) {
  const Ast& ast = context.ast;
  NodeId params = ast.parent(parameter), function = ast.parent(params);
  if (!ast.is(function, NodeKind::kFunctionDef) || ast.as<syntax::Parameters>(params).params()[0] != parameter) return false;
  auto kind = ast.as<syntax::Parameter>(parameter).parameterKind();
  if (kind != syntax::ParameterKind::kPositionalOnly && kind != syntax::ParameterKind::kPositionalOrKeyword) return false;
  MethodKind method = methodKind(context, function);
  return method != MethodKind::kFunction && (method != MethodKind::kStatic || definedName(ast, function) == "__new__");
}

// Does the name stand for the class around it or an object of it: is it the class, made by it, annotated with it?
static bool isOfOwnClass(LintContext& context, NodeId node, NodeId name) {
  const Ast& ast = context.ast;
  const NameFlow& flow = context.tokens.nameFlow(context);
  uint32_t id = flow.resolved[name.value];
  if (id == kNoBinding) return false;
  const FlowBinding& binding = flow.bindings[id];
  if (!binding.node.valid()) return false;  // a builtin
  if (binding.kind == BindKind::kClass) {
    for (NodeId parent = ast.parent(node); parent.valid(); parent = ast.parent(parent)) {
      if (parent == binding.statement) return true;
    }
    return false;
  }
  if (auto parameter = ast.tryAs<syntax::Parameter>(ast.parent(binding.node))) {
    NodeId annotation = parameter->annotation();
    return isFirstParameter(context, ast.parent(binding.node)) || (annotation.valid() && isOwnAnnotation(context, node, annotation));
  }
  if (auto annotated = ast.tryAs<syntax::AnnAssign>(binding.statement)) return isOwnAnnotation(context, node, annotated->annotation());
  if (auto named = ast.tryAs<syntax::NamedExpr>(ast.parent(binding.node))) return isOwnValue(context, node, named->value());
  if (auto item = ast.tryAs<syntax::WithItem>(ast.parent(binding.node))) return isOwnValue(context, node, item->contextExpr());
  SymbolId owner = context.model.ownerAt(binding.node);
  for (const Definition& definition : context.model.definitions(owner)) {
    if (definition.node != binding.node) continue;
    NodeId value = definedValue(context, definition);
    return value.valid() && isOwnValue(context, node, value);
  }
  return false;
}

void checkPrivateMembers(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto attribute = ast.as<syntax::Attribute>(node);
  std::string_view name = syntax::nameText(ast, attribute.attr());
  // `_type_` and `__name__` are names of a protocol.
  bool is_private = name.starts_with("__") ? !name.ends_with("__") : name.starts_with("_") && !name.ends_with("_");
  if (!is_private) return;
  auto method = ast.tryAs<syntax::FunctionDef>(ownFunction(context, node));
  if (method && isOperatorMethod(syntax::nameText(ast, method->name()))) return;
  bool has_own = context.options.list("flake8-self.ignore-names") != nullptr;
  bool is_usual = isOneOf(name, {"_make", "_asdict", "_replace", "_fields", "_field_defaults", "_name_", "_value_"});
  if (has_own ? isListed(context, "flake8-self.ignore-names", name) : is_usual) return;
  if (isListed(context, "flake8-self.extend-ignore-names", name)) return;
  NodeId value = attribute.value();
  std::string_view base = syntax::nameText(ast, value);
  if (isOneOf(base, {"self", "cls", "mcs"}) || isInAnnotation(context, node)) return;
  auto call = ast.tryAs<syntax::Call>(value);
  if (call && syntax::nameText(ast, call->func()) == "super") return;
  if (ast.is(value, NodeKind::kName) && isOfOwnClass(context, node, value)) return;
  if (name == "_exit" && qualifiedName(context, node) == "os._exit") return;
  context.sink.begin("SLF001"_rule, ast.range(node), {name});
}

}  // namespace krait::lint
