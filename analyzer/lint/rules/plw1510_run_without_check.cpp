// PLW1510: subprocess.run without check. ref: pylint subprocess-run-check
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkSubprocessRun(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (qualifiedName(context, call.func()) != "subprocess.run" || keywordOf(ast, node, "check").valid()) return;
  bool has_unpacking = false;
  for (NodeId arg : call.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    has_unpacking |= keyword && !keyword->arg().valid();
  }
  context.sink.begin("PLW1510"_rule, ast.range(call.func()))
      .fix("Add explicit `check=False`", {addArgument(context, node, "check=False")},
           has_unpacking ? FixSafety::kUnsafe : FixSafety::kSafe);
}

}  // namespace krait::lint
