#include "analyzer/lint/class_bases.h"

#include <algorithm>

#include "analyzer/lint/qualified_names.h"

namespace krait::lint {

// The class of this file that the expression names where it stands, or in the module. None: it names no class.
static NodeId localClass(const LintContext& context, NodeId base, BasesFrom from) {
  if (!context.ast.is(base, NodeKind::kName)) return NodeId::none();
  SymbolId owner = from == BasesFrom::kModule ? context.model.find(SemanticModel::kModuleScope, syntax::nameOf(context.ast, base)) : context.model.ownerAt(base);
  if (!owner.valid()) return NodeId::none();
  std::span<const Definition> definitions = context.model.definitions(owner);
  if (definitions.empty() || definitions.back().kind != DefinitionKind::kClass) return NodeId::none();
  return definitions.back().owner;
}

std::vector<NodeId> allBases(const LintContext& context, NodeId cls, BasesFrom from) {
  const Ast& ast = context.ast;
  std::vector<NodeId> bases, classes = {cls};
  for (size_t i = 0; i < classes.size(); ++i) {
    for (NodeId base : ast.as<syntax::ClassDef>(classes[i]).args()) {
      if (ast.is(base, NodeKind::kKeyword)) continue;
      bases.push_back(base);
      auto subscript = ast.tryAs<syntax::Subscript>(base);
      NodeId local = localClass(context, subscript ? subscript->value() : base, from);
      if (local.valid() && std::find(classes.begin(), classes.end(), local) == classes.end()) classes.push_back(local);
    }
  }
  return bases;
}

bool hasBase(const LintContext& context, NodeId cls, std::initializer_list<std::string_view> names) {
  for (NodeId base : allBases(context, cls)) {
    auto subscript = context.ast.tryAs<syntax::Subscript>(base);
    if (isOneOf(qualifiedName(context, subscript ? subscript->value() : base), names)) return true;
  }
  return false;
}

IsMetaclass isMetaclass(const LintContext& context, NodeId cls) {
  const Ast& ast = context.ast;
  bool is_maybe = false;
  for (NodeId base : allBases(context, cls, BasesFrom::kModule)) {
    if (auto call = ast.tryAs<syntax::Call>(base)) {
      is_maybe = true;
      if (call->args().size() == 1 && isBuiltin(context, call->func(), "type")) return IsMetaclass::kMaybe;
      continue;
    }
    if (auto subscript = ast.tryAs<syntax::Subscript>(base)) {
      if (isBuiltin(context, subscript->value(), "type")) return IsMetaclass::kYes;
      continue;
    }
    if (isOneOf(qualifiedName(context, base), {"builtins.type", "abc.ABCMeta", "enum.EnumMeta", "enum.EnumType"})) {
      return is_maybe ? IsMetaclass::kMaybe : IsMetaclass::kYes;
    }
  }
  return IsMetaclass::kNo;
}

bool isEnum(const LintContext& context, NodeId cls) {
  return hasBase(context, cls, {"enum.Enum", "enum.Flag", "enum.IntEnum", "enum.IntFlag", "enum.StrEnum", "enum.ReprEnum", "enum.CheckEnum"});
}

}  // namespace krait::lint
