// F822: `__all__` lists what the module does not define. ref: pyflakes UndefinedExport
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkUndefinedExports(LintContext& context) {
  const SemanticModel& model = context.model;
  if (!context.exports.has_all || model.hasStarImport() || context.is_init) return;
  for (const semantic::AllEntry& entry : context.exports.all) {
    if (entry.is_removal) continue;
    SymbolId symbol = model.find(SemanticModel::kModuleScope, entry.name);
    bool is_defined = symbol.valid() && model.isBound(model.resolve(symbol));
    std::string_view name = context.ast.name(entry.name);
    bool is_implicit = name == "__file__" || name == "__name__" || name == "__path__" || name == "__doc__" || name == "__all__";
    if (!is_defined && !is_implicit) context.sink.begin(Rule::kF822, context.ast.range(entry.node), {name});
  }
}

}  // namespace krait::lint
