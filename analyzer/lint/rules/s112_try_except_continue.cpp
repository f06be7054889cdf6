// S112: an exception swallowed with continue. ref: bandit B112
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isBroad(const LintContext& context, NodeId type) {
  if (!type.valid()) return true;
  if (auto tuple = context.ast.tryAs<syntax::Tuple>(type)) {
    for (NodeId elt : tuple->elts()) {
      if (isBroad(context, elt)) return true;
    }
    return false;
  }
  return isBuiltin(context, type, "Exception") || isBuiltin(context, type, "BaseException");
}

void checkTryExceptContinue(LintContext& context, NodeId node) {
  auto handler = context.ast.as<syntax::ExceptHandler>(node);
  if (handler.body().size() != 1 || !context.ast.is(handler.body()[0], NodeKind::kContinue)) return;
  bool checks_all = context.options.flag("flake8-bandit.check-typed-exception");
  if (checks_all || isBroad(context, handler.type())) context.sink.begin("S112"_rule, context.ast.range(node));
}

}  // namespace krait::lint
