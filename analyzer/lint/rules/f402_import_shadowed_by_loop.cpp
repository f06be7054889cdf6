// F402: a `for` loop takes the name of an import. ref: pyflakes ImportShadowedByLoopVar
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkImportsShadowedByLoops(LintContext& context) {
  const SemanticModel& model = context.model;
  for (uint32_t i = 0; i < model.symbols().size(); ++i) {
    SymbolId owner(i);
    if (model.resolve(owner) != owner) continue;
    const Definition* imported = nullptr;
    for (const Definition& definition : model.definitions(owner)) {
      if (definition.kind == DefinitionKind::kImport || definition.kind == DefinitionKind::kImportFrom) imported = &definition;
      if (definition.kind != DefinitionKind::kFor || imported == nullptr) continue;
      uint32_t line = context.file.lines.lineOf(context.ast.range(imported->node).begin) + 1;
      context.sink.begin(Rule::kF402, context.ast.range(definition.node), {model.nameOf(owner), std::to_string(line)});
    }
  }
}

}  // namespace krait::lint
