// PTH110: a call of os.path.exists. ref: flake8-use-pathlib
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsPathExists(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  if (qualifiedName(context, func) == "os.path.exists") context.sink.begin(Rule::kPTH110, context.ast.range(func));
}

}  // namespace krait::lint
