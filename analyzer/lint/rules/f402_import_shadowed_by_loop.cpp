// F402: a `for` loop takes the name of an import. ref: pyflakes ImportShadowedByLoopVar
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

void checkImportsShadowedByLoops(LintContext& context) {
  const NameFlow& flow = context.tokens.nameFlow(context);
  for (uint32_t latest : flow.latest) {
    for (uint32_t at = latest; at != kNoBinding; at = flow.bindings[at].shadowed) {
      const FlowBinding& binding = flow.bindings[at];
      uint32_t hidden = binding.shadowed != kNoBinding ? binding.shadowed : binding.outer;
      if (binding.kind != BindKind::kLoopVar || hidden == kNoBinding) continue;
      const FlowBinding& import = flow.bindings[hidden];
      if (!isImportKind(import.kind) && import.kind != BindKind::kFutureImport) continue;
      if (import.branch != binding.branch) continue;
      uint32_t line = context.file.lines.lineOf(context.ast.range(import.node).begin) + 1;
      context.sink.begin("F402"_rule, context.ast.range(binding.node), {context.model.nameOf(binding.symbol), std::to_string(line)});
    }
  }
}

}  // namespace krait::lint
