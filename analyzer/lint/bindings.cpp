#include "analyzer/lint/bindings.h"

#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

using syntax::ConstantKind;

const Definition* onlyDefinition(const LintContext& context, NodeId name) {
  if (!context.ast.is(name, NodeKind::kName)) return nullptr;
  SymbolId owner = context.model.ownerAt(name);
  if (!owner.valid()) return nullptr;
  std::span<const Definition> definitions = context.model.definitions(owner);
  return definitions.size() == 1 ? &definitions[0] : nullptr;
}

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
      return value.valid() && isMaking(context, value, container);
    }
    default: return false;
  }
}

bool isKnownAs(const LintContext& context, NodeId name, Container container) {
  const Definition* definition = onlyDefinition(context, name);
  const NameFlow* flow = context.tokens.madeNameFlow();
  bool is_unknown = flow != nullptr && context.ast.is(name, NodeKind::kName) && flow->resolved[name.value] == kNoBinding;
  return !is_unknown && definition != nullptr && isDefinedAs(context, *definition, container);
}

}  // namespace krait::lint
