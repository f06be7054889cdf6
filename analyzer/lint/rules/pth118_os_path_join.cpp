// PTH118: a call of os.path.join. ref: flake8-use-pathlib
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsPathJoin(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  if (isOneOf(qualifiedName(context, func), {"os.path.join", "os.sep.join"})) {
    bool is_join = !hasStarredArgument(context.ast, node);
    context.sink.begin(Rule::kPTH118, context.ast.range(func), {is_join ? "`Path` with `/` operator" : "`Path.joinpath()`"});
  }
}

}  // namespace krait::lint
