// F842: a local name that is annotated and neither assigned nor read. ref: pyflakes UnusedAnnotation
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkUnusedAnnotations(LintContext& context) {
  const SemanticModel& model = context.model;
  for (uint32_t i = 0; i < model.symbols().size(); ++i) {
    SymbolId owner(i);
    if (model.resolve(owner) != owner || model[model[owner].scope].kind != ScopeKind::kFunction) continue;
    if (context.isUsed(owner) || isDummyName(model.nameOf(owner))) continue;
    std::span<const Definition> definitions = model.definitions(owner);
    if (definitions.size() != 1 || definitions[0].kind != DefinitionKind::kAnnotation) continue;
    context.sink.begin(Rule::kF842, context.ast.range(definitions[0].node), {model.nameOf(owner)});
  }
}

}  // namespace krait::lint
