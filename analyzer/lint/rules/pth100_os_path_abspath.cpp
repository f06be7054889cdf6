// PTH100: a call of os.path.abspath. ref: flake8-use-pathlib
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsPathAbspath(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  if (qualifiedName(context, func) == "os.path.abspath") context.sink.begin(Rule::kPTH100, context.ast.range(func));
}

}  // namespace krait::lint
