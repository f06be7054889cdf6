// PTH104: a call of os.rename. ref: flake8-use-pathlib
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsRename(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  if (qualifiedName(context, func) == "os.rename") context.sink.begin(Rule::kPTH104, context.ast.range(func));
}

}  // namespace krait::lint
