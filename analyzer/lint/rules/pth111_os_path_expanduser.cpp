// PTH111: a call of os.path.expanduser. ref: flake8-use-pathlib
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsPathExpanduser(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  if (qualifiedName(context, func) == "os.path.expanduser") context.sink.begin(Rule::kPTH111, context.ast.range(func));
}

}  // namespace krait::lint
