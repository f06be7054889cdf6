// S108: a path in a directory for temporary files. ref: bandit B108
#include "analyzer/lint/calls.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkTemporaryPaths(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto text = syntax::stringValue(ast, node);
  if (!text || !(text->starts_with("/tmp") || text->starts_with("/var/tmp") || text->starts_with("/dev/shm"))) return;
  NodeId parent = ast.parent(node);
  if (ast.is(parent, NodeKind::kKeyword)) parent = ast.parent(parent);
  if (ast.is(parent, NodeKind::kCall) && calleeName(context, parent).starts_with("tempfile.")) return;
  context.sink.begin(Rule::kS108, ast.range(node), {*text});
}

}  // namespace krait::lint
