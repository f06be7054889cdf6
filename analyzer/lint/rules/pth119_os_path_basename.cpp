// PTH119: a call of os.path.basename. ref: flake8-use-pathlib
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsPathBasename(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  if (qualifiedName(context, func) == "os.path.basename") context.sink.begin(Rule::kPTH119, context.ast.range(func));
}

}  // namespace krait::lint
