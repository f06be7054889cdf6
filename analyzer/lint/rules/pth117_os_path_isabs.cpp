// PTH117: a call of os.path.isabs. ref: flake8-use-pathlib
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsPathIsabs(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  if (qualifiedName(context, func) == "os.path.isabs") context.sink.begin(Rule::kPTH117, context.ast.range(func));
}

}  // namespace krait::lint
