// PTH103: a call of os.makedirs. ref: flake8-use-pathlib
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsMakedirs(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  if (qualifiedName(context, func) == "os.makedirs") context.sink.begin(Rule::kPTH103, context.ast.range(func));
}

}  // namespace krait::lint
