// PTH114: a call of os.path.islink. ref: flake8-use-pathlib
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsPathIslink(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  if (qualifiedName(context, func) == "os.path.islink") context.sink.begin(Rule::kPTH114, context.ast.range(func));
}

}  // namespace krait::lint
