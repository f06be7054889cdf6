// F823: a name that the function binds later is read before. ref: pyflakes UndefinedLocal
#include "analyzer/lint/rule.h"

namespace krait::lint {

// Pyflakes' sense of it: an outer scope has the name too, which is what was meant.
void checkUndefinedLocals(LintContext& context) {
  const SemanticModel& model = context.model;
  const Ast& ast = context.ast;
  for (uint32_t i = 0; i < model.symbols().size(); ++i) {
    SymbolId owner(i);
    const Symbol& symbol = model[owner];
    const semantic::Scope& scope = model[symbol.scope];
    if (model.resolve(owner) != owner || scope.kind != ScopeKind::kFunction) continue;
    if ((symbol.flags & (semantic::kDefGlobal | semantic::kDefNonlocal | semantic::kDefParam)) != 0) continue;
    std::span<const Definition> definitions = model.definitions(owner);
    if (definitions.empty()) continue;
    uint32_t first = UINT32_MAX;
    for (const Definition& definition : definitions) first = std::min(first, ast.range(definition.node).begin);
    NameId name = symbol.name;
    SymbolId outer = scope.parent.valid() ? model.lookup(scope.parent, name) : SymbolId::none();
    if (!outer.valid() || model.definitions(model.resolve(outer)).empty()) continue;
    for (const Reference& reference : model.references(owner)) {
      if (model[reference.symbol].scope != symbol.scope || ast.range(reference.node).begin >= first) continue;
      NodeId statement = statementOf(ast, reference.node);
      // The right side of the first assignment, or a loop's later round, is not judged.
      if (ast.is(statement, NodeKind::kDelete)) continue;
      bool is_in_loop = false;
      for (NodeId around = ast.parent(reference.node); around.valid() && around != scope.node; around = ast.parent(around)) {
        is_in_loop |= ast.is(around, NodeKind::kFor) || ast.is(around, NodeKind::kWhile);
      }
      if (is_in_loop) continue;
      context.sink.begin(Rule::kF823, ast.range(reference.node), {model.nameOf(owner)});
      break;
    }
  }
}

}  // namespace krait::lint
