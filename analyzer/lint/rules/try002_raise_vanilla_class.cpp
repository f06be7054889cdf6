// TRY002: raise Exception itself. ref: tryceratops
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkVanillaClass(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId exc = ast.as<syntax::Raise>(node).exc();
  if (!exc.valid()) return;
  NodeId func = exc;
  if (auto call = ast.tryAs<syntax::Call>(exc)) func = call->func();
  if (isBuiltin(context, func, "Exception") || isBuiltin(context, func, "BaseException")) {
    context.sink.begin("TRY002"_rule, ast.range(exc));
  }
}

}  // namespace krait::lint
