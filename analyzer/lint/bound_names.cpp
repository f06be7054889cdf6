#include "analyzer/lint/bound_names.h"

#include "analyzer/lint/nodes.h"

namespace krait::lint {

// Does the place stand in what the definition's own statement gives to the name? There the name is not bound yet.
static bool isInOwnValue(const Ast& ast, const Definition& definition, NodeId at) {
  NodeId owner = statementOf(ast, definition.node);
  if (auto loop = ast.tryAs<syntax::For>(owner)) owner = loop->iter();
  else if (!ast.is(owner, NodeKind::kAssign) && !ast.is(owner, NodeKind::kAnnAssign) && !ast.is(owner, NodeKind::kAugAssign)) return false;
  return ast.range(owner).contains(ast.range(at).begin);
}

bool isBoundAt(const LintContext& context, NodeId at, std::string_view name) {
  const SemanticModel& model = context.model;
  const Ast& ast = context.ast;
  NameId id = ast.names().find(name);
  if (!id.valid()) return false;
  NodeId function = enclosingFunction(ast, at);
  for (ScopeId scope = model.enclosingScope(at); scope.valid(); scope = model[scope].parent) {
    bool is_here = scope == model.enclosingScope(at);
    if (!is_here && model[scope].kind == ScopeKind::kClass) continue;
    SymbolId symbol = model.find(scope, id);
    if (!symbol.valid()) continue;
    for (const Definition& definition : model.definitions(model.resolve(symbol))) {
      if (!semantic::isBinding(definition.kind)) continue;
      bool is_later_body = function.valid() && enclosingFunction(ast, definition.node) != function;
      if (ast.is(definition.owner, NodeKind::kComprehension)) continue;
      bool is_before = ast.range(definition.node).begin < ast.range(at).begin && !isInOwnValue(ast, definition, at);
      if (is_later_body || is_before) return true;
    }
  }
  return false;
}

}  // namespace krait::lint
