// PTH207: a call of glob.glob. ref: flake8-use-pathlib
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkGlobGlob(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  std::string name = qualifiedName(context, func);
  if (!isOneOf(name, {"glob.glob", "glob.iglob"})) return;
  NodeId folder = keywordOf(context.ast, node, "dir_fd");
  if (folder.valid() && !isNone(context.ast, folder)) return;
  context.sink.begin(Rule::kPTH207, context.ast.range(func), {name.substr(5)});
}

}  // namespace krait::lint
