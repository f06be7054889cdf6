// F842: a local name that is annotated and neither assigned nor read. ref: pyflakes UnusedAnnotation
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

void checkUnusedAnnotations(LintContext& context) {
  const NameFlow& flow = context.tokens.nameFlow(context);
  for (uint32_t latest : flow.latest) {
    if (latest == kNoBinding) continue;
    const FlowBinding& binding = flow.bindings[latest];
    if (binding.kind != BindKind::kAnnotation || binding.isUsed() || context.model[binding.scope].kind != ScopeKind::kFunction) continue;
    std::string_view name = context.model.nameOf(binding.symbol);
    if (!isDummy(context, name)) context.sink.begin("F842"_rule, context.ast.range(binding.node), {name});
  }
}

}  // namespace krait::lint
