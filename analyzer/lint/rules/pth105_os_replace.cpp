// PTH105: a call of os.replace. ref: flake8-use-pathlib
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsReplace(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  if (qualifiedName(context, func) == "os.replace") context.sink.begin(Rule::kPTH105, context.ast.range(func));
}

}  // namespace krait::lint
