// T203: a call of pprint. ref: flake8-print
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkPprint(LintContext& context, NodeId node) {
  auto call = context.ast.as<syntax::Call>(node);
  if (qualifiedName(context, call.func()) != "pprint.pprint") return;
  // Where the text goes elsewhere, it is meant.
  NodeId stream = keywordOf(context.ast, node, "stream");
  if (stream.valid() && !isNone(context.ast, stream) && !isOneOf(qualifiedName(context, stream), {"sys.stdout", "sys.stderr"})) return;
  auto finding = context.sink.begin("T203"_rule, context.ast.range(call.func()));
  NodeId statement = context.ast.parent(node);
  if (!context.ast.is(statement, NodeKind::kExprStmt)) return;
  finding.fix("Remove `pprint`", {deleteStatement(context, statement)}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
