// TID252: a relative import from a parent. ref: flake8-tidy-imports
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkRelativeImports(LintContext& context, NodeId node) {
  auto import = context.ast.as<syntax::ImportFrom>(node);
  if (import.level() < 2) return;
  context.sink.begin(Rule::kTID252, context.ast.range(node));
}

}  // namespace krait::lint
