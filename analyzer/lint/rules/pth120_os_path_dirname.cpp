// PTH120: a call of os.path.dirname. ref: flake8-use-pathlib
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsPathDirname(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  if (qualifiedName(context, func) == "os.path.dirname") context.sink.begin(Rule::kPTH120, context.ast.range(func));
}

}  // namespace krait::lint
