// PTH202: a call of os.path.getsize. ref: flake8-use-pathlib
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsPathGetsize(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  if (qualifiedName(context, func) == "os.path.getsize") context.sink.begin(Rule::kPTH202, context.ast.range(func));
}

}  // namespace krait::lint
