// PTH122: a call of os.path.splitext. ref: flake8-use-pathlib
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsPathSplitext(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  if (qualifiedName(context, func) == "os.path.splitext") context.sink.begin(Rule::kPTH122, context.ast.range(func));
}

}  // namespace krait::lint
