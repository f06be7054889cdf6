// S704: text that is marked as safe markup without escaping. ref: bandit B704
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkUnsafeMarkup(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeList args = ast.as<syntax::Call>(node).args();
  if (args.empty() || ast.is(args[0], NodeKind::kKeyword)) return;
  std::string name(calleeName(context, node));
  if (!isOneOf(name, {"markupsafe.Markup", "flask.Markup"})) return;
  if (isStr(ast, args[0])) return;
  context.sink.begin(Rule::kS704, ast.range(node), {name});
}

}  // namespace krait::lint
