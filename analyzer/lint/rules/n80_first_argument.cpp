// N804, N805: the name of a method's first parameter. ref: pep8-naming
#include <algorithm>

#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/class_bases.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// All places of the parameter's name in its function, to be written otherwise.
static std::vector<FixEdit> renamed(const LintContext& context, NodeId name_node, std::string_view to) {
  std::vector<FixEdit> edits;
  SymbolId owner = context.model.ownerAt(name_node);
  if (!owner.valid()) return edits;
  for (const Definition& definition : context.model.definitions(owner)) {
    edits.push_back({context.ast.range(definition.node), std::string(to)});
  }
  for (const Reference& reference : context.model.references(owner)) {
    edits.push_back({context.ast.range(reference.node), std::string(to)});
  }
  std::sort(edits.begin(), edits.end(), [](const FixEdit& a, const FixEdit& b) { return a.range.begin < b.range.begin; });
  return edits;
}

// Does the name mean a variable where the scope stands? What `global` names counts, bound or not.
static bool isVariable(const LintContext& context, ScopeId scope, NameId name) {
  const semantic::SemanticModel& model = context.model;
  SymbolId symbol = model.lookup(scope, name);
  if (!symbol.valid()) return false;
  if (model.isBound(model.resolve(symbol))) return true;
  for (uint32_t each = 0; each < model.scopes().size(); ++each) {
    SymbolId own = model.find(ScopeId(each), name);
    if (own.valid() && (model[own].flags & semantic::kDefGlobal)) return true;
  }
  return false;
}

// Is the name another variable's where the parameter is read, in a function inside perhaps?
static bool isOthersWhereRead(const LintContext& context, NodeId name_node, NameId wanted) {
  SymbolId owner = context.model.ownerAt(name_node);
  if (!owner.valid()) return false;
  std::span<const Reference> references = context.model.references(owner);
  return std::any_of(references.begin(), references.end(), [&](const Reference& each) { return isVariable(context, context.model.enclosingScope(each.node), wanted); });
}

void checkFirstArguments(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId cls = ast.parent(node);
  while (cls.valid() && !ast.is(cls, NodeKind::kClassDef) && !ast.is(cls, NodeKind::kFunctionDef)) cls = ast.parent(cls);
  if (!ast.is(cls, NodeKind::kClassDef)) return;
  MethodKind kind = methodKind(context, node);
  if (kind == MethodKind::kFunction || kind == MethodKind::kStatic) return;
  NodeList params = ast.as<syntax::Parameters>(ast.as<syntax::FunctionDef>(node).params()).params();
  if (params.empty()) return;
  auto first = ast.as<syntax::Parameter>(params[0]);
  if (first.parameterKind() != syntax::ParameterKind::kPositionalOnly &&
      first.parameterKind() != syntax::ParameterKind::kPositionalOrKeyword) {
    return;
  }
  if (kind == MethodKind::kInstance) {
    IsMetaclass is_metaclass = isMetaclass(context, cls);
    if (is_metaclass == IsMetaclass::kMaybe) return;
    if (is_metaclass == IsMetaclass::kYes) kind = MethodKind::kClass;
  }
  std::string_view wanted = kind == MethodKind::kClass ? "cls" : "self";
  std::string_view name = syntax::nameText(ast, first.name());
  if (name == wanted || isIgnoredName(context, name)) return;
  bool is_taken = false;
  for (NodeId id : params) is_taken |= definedName(ast, id) == wanted;
  auto finding = context.sink.begin(kind == MethodKind::kClass ? "N804"_rule : "N805"_rule,
                                   {ast.range(first.name()).begin, ast.range(first.annotation().valid() ? first.annotation() : first.name()).end});
  NameId wanted_id = ast.names().find(wanted);
  if (is_taken || (wanted_id.valid() && (isVariable(context, context.model.scopeOf(node), wanted_id) || isOthersWhereRead(context, first.name(), wanted_id)))) return;
  std::vector<FixEdit> edits = renamed(context, first.name(), wanted);
  if (!edits.empty()) finding.fix("Rename `" + std::string(name) + "` to `" + std::string(wanted) + "`", std::move(edits), FixSafety::kUnsafe);
}

}  // namespace krait::lint
