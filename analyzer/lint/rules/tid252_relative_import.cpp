// TID252: a relative import from a parent. ref: flake8-tidy-imports
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkRelativeImports(LintContext& context, NodeId node) {
  auto import = context.ast.as<syntax::ImportFrom>(node);
  bool bans_all = context.options.text("flake8-tidy-imports.ban-relative-imports", "parents") == "all";
  if (import.level() < (bans_all ? 1u : 2u)) return;
  // Each name that is imported counts.
  for ([[maybe_unused]] NodeId name : import.names()) context.sink.begin("TID252"_rule, context.ast.range(node));
}

}  // namespace krait::lint
