// PTH112: a call of os.path.isdir. ref: flake8-use-pathlib
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsPathIsdir(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  if (qualifiedName(context, func) == "os.path.isdir") context.sink.begin(Rule::kPTH112, context.ast.range(func));
}

}  // namespace krait::lint
