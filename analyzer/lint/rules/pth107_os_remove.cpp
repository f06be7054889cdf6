// PTH107: a call of os.remove. ref: flake8-use-pathlib
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsRemove(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  NodeId folder = keywordOf(context.ast, node, "dir_fd");
  if (folder.valid() && !isNone(context.ast, folder)) return;
  if (qualifiedName(context, func) == "os.remove") context.sink.begin(Rule::kPTH107, context.ast.range(func));
}

}  // namespace krait::lint
