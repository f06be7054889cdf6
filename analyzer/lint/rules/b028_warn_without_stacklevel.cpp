// B028: warnings.warn without stacklevel. ref: flake8-bugbear B028
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkWarnStacklevel(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (qualifiedName(context, call.func()) != "warnings.warn") return;
  if (argumentOf(ast, node, "stacklevel", 2).valid()) return;
  NodeId prefixes = keywordOf(ast, node, "skip_file_prefixes");
  auto none = ast.tryAs<syntax::Tuple>(prefixes);
  if (prefixes.valid() && !(none && none->elts().empty())) return;
  for (NodeId arg : call.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (ast.is(arg, NodeKind::kStarred) || (keyword && !keyword->arg().valid())) return;
  }
  context.sink.begin("B028"_rule, ast.range(call.func()))
      .fix("Set `stacklevel=2`", {addArgument(context, node, "stacklevel=2")}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
