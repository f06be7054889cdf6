// PTH102: a call of os.mkdir. ref: flake8-use-pathlib
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsMkdir(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  if (qualifiedName(context, func) == "os.mkdir") context.sink.begin(Rule::kPTH102, context.ast.range(func));
}

}  // namespace krait::lint
