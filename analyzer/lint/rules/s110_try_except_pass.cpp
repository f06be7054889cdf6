// S110: an exception swallowed with pass. ref: bandit B110
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isBroadName(const LintContext& context, NodeId type) {
  return isBuiltin(context, type, "Exception") || isBuiltin(context, type, "BaseException");
}

static bool isBroad(const LintContext& context, NodeId type) {
  if (!type.valid()) return true;
  auto tuple = context.ast.tryAs<syntax::Tuple>(type);
  if (!tuple) return isBroadName(context, type);
  for (NodeId elt : tuple->elts()) {
    if (isBroadName(context, elt)) return true;
  }
  return false;
}

void checkTryExceptPass(LintContext& context, NodeId node) {
  auto handler = context.ast.as<syntax::ExceptHandler>(node);
  if (handler.body().size() != 1 || !context.ast.is(handler.body()[0], NodeKind::kPass)) return;
  bool checks_all = context.options.flag("flake8-bandit.check-typed-exception");
  if (checks_all || isBroad(context, handler.type())) context.sink.begin("S110"_rule, context.ast.range(node));
}

}  // namespace krait::lint
