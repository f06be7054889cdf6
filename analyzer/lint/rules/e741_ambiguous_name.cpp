// E741: variables named l, O or I. ref: pycodestyle ambiguous_identifier
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkAmbiguousNames(LintContext& context) {
  if (context.is_stub) return;
  for (const Definition& definition : context.model.allDefinitions()) {
    DefinitionKind kind = definition.kind;
    if (kind == DefinitionKind::kFunction || kind == DefinitionKind::kClass || kind == DefinitionKind::kImport ||
        kind == DefinitionKind::kImportFrom || kind == DefinitionKind::kDelete || kind == DefinitionKind::kTypeParam) {
      continue;
    }
    std::string_view name = syntax::nameText(context.ast, definition.node);
    if (name != "l" && name != "O" && name != "I") continue;
    TextRange range = context.ast.range(kind == DefinitionKind::kPattern ? definition.node : definition.node);
    context.sink.begin(Rule::kE741, range, {name});
  }
}

}  // namespace krait::lint
