// PTH104: a call of os.rename. ref: flake8-use-pathlib
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsRename(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  for (std::string_view key : {"src_dir_fd", "dst_dir_fd"}) {
    NodeId folder = keywordOf(context.ast, node, key);
    if (folder.valid() && !isNone(context.ast, folder)) return;
  }
  if (qualifiedName(context, func) == "os.rename") context.sink.begin(Rule::kPTH104, context.ast.range(func));
}

}  // namespace krait::lint
