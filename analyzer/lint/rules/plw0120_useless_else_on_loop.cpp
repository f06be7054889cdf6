// PLW0120: else of a loop without break. ref: pylint useless-else-on-loop
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/superfluous_else.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkLoopElse(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  bool is_for = ast.is(node, NodeKind::kFor);
  NodeList body = is_for ? ast.as<syntax::For>(node).body() : ast.as<syntax::While>(node).body();
  NodeList orelse = is_for ? ast.as<syntax::For>(node).orelse() : ast.as<syntax::While>(node).orelse();
  if (orelse.empty() || mayBreak(ast, body)) return;
  size_t at = ast.text().rfind("else", ast.range(orelse[0]).begin);
  uint32_t begin = static_cast<uint32_t>(at);
  auto finding = context.sink.begin("PLW0120"_rule, {begin, begin + 4});
  if (auto edit = withoutElse(context, begin, orelse, ast.range(node).begin, ElseComment::kDropped)) finding.fix("Remove `else`", {*edit});
}

}  // namespace krait::lint
