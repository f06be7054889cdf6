// S704: text that is marked as safe markup without escaping. ref: bandit B704
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkUnsafeMarkup(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeList args = ast.as<syntax::Call>(node).args();
  if (args.empty() || ast.is(args[0], NodeKind::kKeyword)) return;
  std::string name(calleeName(context, node));
  bool is_markup = isOneOf(name, {"markupsafe.Markup", "flask.Markup"}) || isListed(context, "flake8-bandit.extend-markup-names", name);
  if (!is_markup || isStr(ast, args[0]) || isConstant(ast, args[0], syntax::ConstantKind::kBytes)) return;
  auto inner = ast.tryAs<syntax::Call>(args[0]);
  if (inner && isListed(context, "flake8-bandit.allowed-markup-calls", qualifiedName(context, inner->func()))) return;
  context.sink.begin("S704"_rule, ast.range(node), {name});
}

}  // namespace krait::lint
