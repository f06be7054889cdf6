#include "analyzer/lint/bound_names.h"

#include "analyzer/lint/nodes.h"

namespace krait::lint {

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
      bool is_comprehension = ast.is(definition.owner, NodeKind::kComprehension);
      if (is_later_body || is_comprehension || ast.range(definition.node).begin < ast.range(at).begin) return true;
    }
  }
  return false;
}

}  // namespace krait::lint
