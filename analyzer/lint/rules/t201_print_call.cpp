// T201: a call of print. ref: flake8-print
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkPrint(LintContext& context, NodeId node) {
  auto call = context.ast.as<syntax::Call>(node);
  if (!isBuiltin(context, call.func(), "print")) return;
  NodeId file = keywordOf(context.ast, node, "file");
  if (file.valid() && !isNone(context.ast, file) &&
      !isOneOf(qualifiedName(context, file), {"sys.stdout", "sys.stderr"})) {
    return;
  }
  auto finding = context.sink.begin("T201"_rule, context.ast.range(call.func()));
  // A call that is no part of another expression goes with its whole statement, unless that holds others.
  NodeId statement = context.ast.parent(node);
  if (!syntax::isStatement(context.ast, statement)) return;
  bool holds_others = false;
  syntax::forEachChild(context.ast, statement, [&](NodeId child) { holds_others |= !syntax::isExpression(context.ast, child); });
  if (holds_others) return;
  finding.fix("Remove `print`", {deleteStatement(context, statement)}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
