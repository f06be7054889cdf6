#include "analyzer/lint/bindings.h"

#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/value_types.h"

namespace krait::lint {

using syntax::ConstantKind;

// Is the name of another scope, read in a function that runs when all of that scope is bound?
static bool isReadLater(const LintContext& context, NodeId name, SymbolId owner) {
  const SemanticModel& model = context.model;
  for (ScopeId scope = model.enclosingScope(name); scope.valid() && scope != model[owner].scope; scope = model[scope].parent) {
    if (model[scope].kind == ScopeKind::kFunction || model[scope].kind == ScopeKind::kLambda) return true;
  }
  return false;
}

// Does the definition take effect before the place? The value of an assignment comes before its target.
static bool isBefore(const Ast& ast, const Definition& definition, uint32_t place) {
  NodeKind kind = ast.kind(definition.owner);
  bool is_late = kind == NodeKind::kAssign || kind == NodeKind::kAnnAssign || kind == NodeKind::kAugAssign || kind == NodeKind::kNamedExpr ||
                 kind == NodeKind::kClassDef;
  return is_late ? ast.range(definition.owner).end <= place : ast.range(definition.node).begin < place;
}

// The definitions that count where the name stands: how many, and the last one.
static std::pair<size_t, const Definition*> definitionsSoFar(const LintContext& context, NodeId name) {
  if (!context.ast.is(name, NodeKind::kName)) return {0, nullptr};
  SymbolId owner = context.model.ownerAt(name);
  if (!owner.valid()) return {0, nullptr};
  std::span<const Definition> definitions = context.model.definitions(owner);
  if (definitions.empty()) return {0, nullptr};
  if (isReadLater(context, name, owner)) return {definitions.size(), &definitions.back()};
  size_t count = 0;
  const Definition* last = nullptr;
  for (const Definition& definition : definitions) {
    if (!isBefore(context.ast, definition, context.ast.range(name).begin)) continue;
    ++count;
    last = &definition;
  }
  return {count, last};
}

const Definition* onlyDefinition(const LintContext& context, NodeId name) {
  auto [count, last] = definitionsSoFar(context, name);
  return count == 1 ? last : nullptr;
}

const Definition* lastDefinition(const LintContext& context, NodeId name) { return definitionsSoFar(context, name).second; }

// The part of `value` that `wanted` gets when it is unpacked into `target`.
static NodeId valueFor(const Ast& ast, NodeId target, NodeId value, NodeId wanted) {
  if (target == wanted) return value;
  NodeKind kind = ast.kind(target);
  if (kind != NodeKind::kTuple && kind != NodeKind::kList) return NodeId::none();
  if (!ast.is(value, NodeKind::kTuple) && !ast.is(value, NodeKind::kList)) return NodeId::none();
  NodeList targets = ast.list(target, 0), values = ast.list(value, 0);
  if (targets.size() != values.size()) return NodeId::none();
  for (size_t i = 0; i < targets.size(); ++i) {
    if (ast.is(targets[i], NodeKind::kStarred) || ast.is(values[i], NodeKind::kStarred)) return NodeId::none();
    NodeId found = valueFor(ast, targets[i], values[i], wanted);
    if (found.valid()) return found;
  }
  return NodeId::none();
}

NodeId definedValue(const LintContext& context, const Definition& definition) {
  const Ast& ast = context.ast;
  if (auto assign = ast.tryAs<syntax::Assign>(definition.owner)) {
    for (NodeId target : assign->targets()) {
      NodeId found = valueFor(ast, target, assign->value(), definition.node);
      if (found.valid()) return found;
    }
    return NodeId::none();
  }
  if (auto annotated = ast.tryAs<syntax::AnnAssign>(definition.owner)) return annotated->value();
  if (auto named = ast.tryAs<syntax::NamedExpr>(definition.owner)) return named->value();
  if (auto item = ast.tryAs<syntax::WithItem>(definition.owner)) {
    return item->optionalVars() == definition.node ? item->contextExpr() : NodeId::none();
  }
  return NodeId::none();
}

NodeId assignedValue(const LintContext& context, NodeId name) {
  SymbolId owner = context.model.ownerAt(name);
  if (!owner.valid()) return NodeId::none();
  std::span<const Definition> definitions = context.model.definitions(owner);
  if (definitions.empty()) return NodeId::none();
  const Definition* last = &definitions.back();
  uint32_t here = context.ast.range(name).begin;
  for (const Definition& definition : definitions) {
    if (context.ast.range(definition.node).begin < here) last = &definition;
  }
  return definedValue(context, *last);
}

NodeId definedAnnotation(const LintContext& context, const Definition& definition) {
  const Ast& ast = context.ast;
  if (auto param = ast.tryAs<syntax::Parameter>(definition.owner)) return param->annotation();
  if (auto annotated = ast.tryAs<syntax::AnnAssign>(definition.owner)) return annotated->annotation();
  return NodeId::none();
}

static std::string_view builtinNameOf(Container container) {
  switch (container) {
    case Container::kList: return "list";
    case Container::kDict: return "dict";
    case Container::kSet: return "set";
    case Container::kTuple: return "tuple";
    case Container::kStr: return "str";
    case Container::kInt: return "int";
    case Container::kFloat: return "float";
    case Container::kBytes: return "bytes";
  }
  return {};
}

bool isAnnotationOf(const LintContext& context, NodeId annotation, Container container) {
  if (!annotation.valid()) return false;
  auto subscript = context.ast.tryAs<syntax::Subscript>(annotation);
  std::string name = qualifiedName(context, subscript ? subscript->value() : annotation);
  if (name == "builtins." + std::string(builtinNameOf(container))) return true;
  switch (container) {
    case Container::kList: return name == "typing.List";
    case Container::kDict: return name == "typing.Dict";
    case Container::kSet:
      return isOneOf(name, {"typing.Set", "typing.AbstractSet", "typing.MutableSet", "collections.abc.Set",
                            "collections.abc.MutableSet"});
    case Container::kTuple: return name == "typing.Tuple";
    default: return false;
  }
}

bool isMaking(const LintContext& context, NodeId expr, Container container) {
  const Ast& ast = context.ast;
  if (auto call = ast.tryAs<syntax::Call>(expr)) return isBuiltin(context, call->func(), builtinNameOf(container));
  auto constant = ast.tryAs<syntax::Constant>(expr);
  switch (container) {
    case Container::kList: return ast.is(expr, NodeKind::kList) || ast.is(expr, NodeKind::kListComp);
    case Container::kDict: return ast.is(expr, NodeKind::kDict) || ast.is(expr, NodeKind::kDictComp);
    case Container::kSet: return ast.is(expr, NodeKind::kSet) || ast.is(expr, NodeKind::kSetComp);
    case Container::kTuple: return ast.is(expr, NodeKind::kTuple);
    case Container::kStr: return ast.is(expr, NodeKind::kJoinedStr) || (constant && constant->constantKind() == ConstantKind::kStr);
    case Container::kInt: return constant && constant->constantKind() == ConstantKind::kInt;
    case Container::kFloat: return constant && constant->constantKind() == ConstantKind::kFloat;
    case Container::kBytes: return constant && constant->constantKind() == ConstantKind::kBytes;
  }
  return false;
}

static ValueType valueTypeNamed(Container container) {
  switch (container) {
    case Container::kList: return ValueType::kList;
    case Container::kDict: return ValueType::kDict;
    case Container::kSet: return ValueType::kSet;
    case Container::kTuple: return ValueType::kTuple;
    case Container::kStr: return ValueType::kStr;
    case Container::kInt: return ValueType::kInt;
    case Container::kFloat: return ValueType::kFloat;
    case Container::kBytes: return ValueType::kBytes;
  }
  return ValueType::kUnknown;
}

bool isDefinedAs(const LintContext& context, const Definition& definition, Container container) {
  switch (definition.kind) {
    case DefinitionKind::kParameter: {
      auto param = context.ast.as<syntax::Parameter>(definition.owner);
      bool is_variadic = param.parameterKind() == syntax::ParameterKind::kVarPositional ||
                         param.parameterKind() == syntax::ParameterKind::kVarKeyword;
      if (is_variadic) {
        return container == (param.parameterKind() == syntax::ParameterKind::kVarPositional ? Container::kTuple : Container::kDict);
      }
      return isAnnotationOf(context, param.annotation(), container);
    }
    case DefinitionKind::kAnnAssign:
    case DefinitionKind::kAnnotation:
      return isAnnotationOf(context, definedAnnotation(context, definition), container);
    case DefinitionKind::kAssign:
    case DefinitionKind::kNamedExpr:
    case DefinitionKind::kWith: {
      NodeId value = definedValue(context, definition);
      return value.valid() && (isMaking(context, value, container) || valueTypeOf(context.ast, value) == valueTypeNamed(container));
    }
    default: return false;
  }
}

// An annotation alone binds nothing that could be read.
static bool isBoundAs(const LintContext& context, const Definition* definition, Container container) {
  return definition != nullptr && definition->kind != DefinitionKind::kAnnotation && isDefinedAs(context, *definition, container);
}

bool isKnownAs(const LintContext& context, NodeId name, Container container) {
  return isBoundAs(context, onlyDefinition(context, name), container);
}

bool isKnownInScope(const LintContext& context, NodeId name, Container container) {
  const Definition* definition = onlyDefinition(context, name);
  if (definition == nullptr || !isDefinedAs(context, *definition, container)) return false;
  return context.model.enclosingScope(name) == context.model[definition->symbol].scope;
}

bool isLastKnownAs(const LintContext& context, NodeId name, Container container) {
  return isBoundAs(context, lastDefinition(context, name), container);
}

bool isTaken(const LintContext& context, NodeId node, std::string_view name) {
  for (SymbolId symbol : context.model.symbolsOf(context.model.enclosingScope(node))) {
    if (context.model.nameOf(symbol) == name) return true;
  }
  return false;
}

}  // namespace krait::lint
