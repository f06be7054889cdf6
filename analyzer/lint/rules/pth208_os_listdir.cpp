// PTH208: a call of os.listdir. ref: flake8-use-pathlib
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsListdir(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  if (qualifiedName(context, func) == "os.listdir") context.sink.begin(Rule::kPTH208, context.ast.range(func));
}

}  // namespace krait::lint
