// F822: `__all__` lists what the module does not define. ref: pyflakes UndefinedExport
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

// Names of an assignment to `__all__`; those that calls put in are not judged.
void checkUndefinedExports(LintContext& context) {
  const SemanticModel& model = context.model;
  bool is_named = context.file.path.ends_with("__init__.py");
  if (!context.exports.has_all || is_named) return;
  const NameFlow& flow = context.tokens.nameFlow(context);
  for (const semantic::AllEntry& entry : assignedExports(context)) {
    SymbolId symbol = model.find(SemanticModel::kModuleScope, entry.name);
    bool is_defined = symbol.valid() && flow.latest[symbol.value] != kNoBinding;
    if (is_defined || context.builtins.has(entry.name)) continue;
    Rule rule = model.hasStarImport() ? "F405"_rule : "F822"_rule;
    context.sink.begin(rule, context.ast.range(entry.node), {context.ast.name(entry.name)})
        .origin(context.ast.range(statementOf(context.ast, entry.node)));
  }
}

}  // namespace krait::lint
