// TC005: an `if TYPE_CHECKING:` block without content. ref: flake8-type-checking
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkEmptyTypeChecking(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto branch = ast.as<syntax::If>(node);
  if (!isTypingBlock(context, node) || !branch.orelse().empty() || branch.body().size() != 1 || !ast.is(branch.body()[0], NodeKind::kPass)) return;
  context.sink.begin("TC005"_rule, ast.range(branch.body()[0])).fix("Delete empty type-checking block", {removeStatement(context, node)});
}

}  // namespace krait::lint
