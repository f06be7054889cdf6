// F402: a `for` loop takes the name of an import. ref: pyflakes ImportShadowedByLoopVar
#include "analyzer/lint/rule.h"

namespace krait::lint {

// The import of the name that a scope around the symbol's own one holds, or null.
static const Definition* outerImport(const SemanticModel& model, SymbolId owner) {
  for (ScopeId scope = model[model[owner].scope].parent; scope.valid(); scope = model[scope].parent) {
    if (model[scope].kind == ScopeKind::kClass) continue;
    SymbolId symbol = model.find(scope, model[owner].name);
    if (!symbol.valid() || model.resolve(symbol) != symbol || model.definitions(symbol).empty()) continue;
    const Definition& last = model.definitions(symbol).back();
    bool is_import = last.kind == DefinitionKind::kImport || last.kind == DefinitionKind::kImportFrom;
    return is_import ? &last : nullptr;
  }
  return nullptr;
}

void checkImportsShadowedByLoops(LintContext& context) {
  const SemanticModel& model = context.model;
  for (uint32_t i = 0; i < model.symbols().size(); ++i) {
    SymbolId owner(i);
    if (model.resolve(owner) != owner) continue;
    const Definition* imported = nullptr;
    for (const Definition& definition : model.definitions(owner)) {
      if (definition.kind == DefinitionKind::kImport || definition.kind == DefinitionKind::kImportFrom) imported = &definition;
      if (definition.kind != DefinitionKind::kFor) continue;
      bool is_first = definition.node == model.definitions(owner)[0].node;
      const Definition* hidden = imported != nullptr ? imported : is_first ? outerImport(model, owner) : nullptr;
      if (hidden == nullptr) continue;
      uint32_t line = context.file.lines.lineOf(context.ast.range(hidden->node).begin) + 1;
      context.sink.begin(Rule::kF402, context.ast.range(definition.node), {model.nameOf(owner), std::to_string(line)});
    }
  }
}

}  // namespace krait::lint
