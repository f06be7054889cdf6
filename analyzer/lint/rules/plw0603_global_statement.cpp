// PLW0603: a global that the function assigns. ref: pylint global-statement
#include "analyzer/lint/rule.h"

namespace krait::lint {

// Assignments to the name alone, definitions, imports and deletions count; loops and patterns do not.
static bool rebinds(const Ast& ast, const Definition& definition) {
  NodeKind parent = ast.kind(ast.parent(definition.node));
  switch (definition.kind) {
    case DefinitionKind::kFunction:
    case DefinitionKind::kClass:
    case DefinitionKind::kImportFrom: return true;
    case DefinitionKind::kImport: return ast.text(definition.node).find('.') == std::string_view::npos;
    default: return parent == NodeKind::kAssign || parent == NodeKind::kAugAssign || parent == NodeKind::kDelete;
  }
}

void checkGlobalStatements(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId name : ast.as<syntax::Global>(node).names()) {
    SymbolId symbol = context.model.symbolAt(name);
    if (!symbol.valid()) continue;
    for (const Definition& definition : context.model.definitions(context.model.resolve(symbol))) {
      bool is_rebound = definition.symbol == symbol && rebinds(ast, definition);
      if (is_rebound) context.sink.begin("PLW0603"_rule, ast.range(name), {syntax::nameText(ast, name)});
    }
  }
}

}  // namespace krait::lint
