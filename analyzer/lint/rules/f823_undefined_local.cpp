// F823: a name that the function binds later is read before. ref: pyflakes UndefinedLocal
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

// Pyflakes' sense of it: an outer scope has the name too, and the function read that one before it bound its own once.
void checkUndefinedLocals(LintContext& context) {
  const NameFlow& flow = context.tokens.nameFlow(context);
  for (uint32_t latest : flow.latest) {
    if (latest == kNoBinding) continue;
    const FlowBinding& binding = flow.bindings[latest];
    if (binding.kind == BindKind::kDeletion || binding.kind == BindKind::kConditionalDeletion) continue;
    if (binding.outer == kNoBinding || context.model[binding.scope].kind != ScopeKind::kFunction) continue;
    NodeId first;
    for (uint32_t at = flow.bindings[binding.outer].references; at != kNoBinding; at = flow.references[at].next) {
      if (flow.references[at].scope == binding.scope) first = flow.references[at].node;
    }
    if (first.valid()) context.sink.begin("F823"_rule, context.ast.range(first), {context.model.nameOf(binding.symbol)});
  }
}

}  // namespace krait::lint
