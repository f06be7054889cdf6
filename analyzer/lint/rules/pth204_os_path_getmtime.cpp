// PTH204: a call of os.path.getmtime. ref: flake8-use-pathlib
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsPathGetmtime(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  if (qualifiedName(context, func) == "os.path.getmtime") context.sink.begin(Rule::kPTH204, context.ast.range(func));
}

}  // namespace krait::lint
