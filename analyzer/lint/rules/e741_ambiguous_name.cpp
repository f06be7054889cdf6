// E741: variables named l, O or I. ref: pycodestyle ambiguous_identifier
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkAmbiguousNames(LintContext& context) {
  if (context.is_stub) return;
  const Ast& ast = context.ast;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeKind kind = ast.kind(NodeId(i));
    if (kind != NodeKind::kGlobal && kind != NodeKind::kNonlocal) continue;
    for (NodeId id : ast.list(NodeId(i), 0)) {
      std::string_view name = syntax::nameText(ast, id);
      if (name == "l" || name == "O" || name == "I") context.sink.begin("E741"_rule, ast.range(id), {name});
    }
  }
  for (const Definition& definition : context.model.allDefinitions()) {
    DefinitionKind kind = definition.kind;
    if (kind == DefinitionKind::kFunction || kind == DefinitionKind::kClass || kind == DefinitionKind::kImport ||
        kind == DefinitionKind::kImportFrom || kind == DefinitionKind::kDelete || kind == DefinitionKind::kTypeParam || kind == DefinitionKind::kPattern) {
      continue;
    }
    std::string_view name = syntax::nameText(context.ast, definition.node);
    if (name != "l" && name != "O" && name != "I") continue;
    context.sink.begin("E741"_rule, context.ast.range(definition.node), {name});
  }
}

}  // namespace krait::lint
