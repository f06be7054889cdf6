// S704: text that is marked as safe markup without escaping. ref: bandit B704
#include <algorithm>

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
  if (positionalCount(ast, node) != 1) return;
  NodeId text = *std::find_if(args.begin(), args.end(), [&](NodeId arg) { return !ast.is(arg, NodeKind::kKeyword); });
  std::string name(calleeName(context, node));
  bool is_markup = isOneOf(name, {"markupsafe.Markup", "flask.Markup"}) || listsQualified(context, "flake8-bandit.extend-markup-names", name);
  if (!is_markup || isStr(ast, text) || isConstant(ast, text, syntax::ConstantKind::kBytes)) return;
  auto inner = ast.tryAs<syntax::Call>(text);
  if (inner && listsQualified(context, "flake8-bandit.allowed-markup-calls", qualifiedName(context, inner->func()))) return;
  context.sink.begin("S704"_rule, ast.range(node), {name});
}

}  // namespace krait::lint
