// PTH113: a call of os.path.isfile. ref: flake8-use-pathlib
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsPathIsfile(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  if (qualifiedName(context, func) == "os.path.isfile") context.sink.begin(Rule::kPTH113, context.ast.range(func));
}

}  // namespace krait::lint
