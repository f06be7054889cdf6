// PTH207: a call of glob.glob. ref: flake8-use-pathlib
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkGlobGlob(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  if (isOneOf(qualifiedName(context, func), {"glob.glob", "glob.iglob"})) context.sink.begin(Rule::kPTH207, context.ast.range(func));
}

}  // namespace krait::lint
