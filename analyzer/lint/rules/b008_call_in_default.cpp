// B008: a call in a default value. ref: flake8-bugbear B008
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/immutable_types.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static void checkDefault(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (ast.is(node, NodeKind::kLambda)) return;
  if (auto call = ast.tryAs<syntax::Call>(node)) {
    if (!isMutableCall(context, call->func()) && !isImmutableCall(context, call->func())) {
      std::string name = dottedText(ast, call->func());
      context.sink.begin("B008"_rule, ast.range(node), {name.empty() ? name : " `" + name + "`"});
    }
  }
  syntax::forEachChild(ast, node, [&](NodeId child) { checkDefault(context, child); });
}

void checkCallsInDefaults(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId id : ast.as<syntax::Parameters>(node).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    NodeId value = param.defaultValue();
    if (value.valid() && !isImmutableAnnotation(context, param.annotation())) checkDefault(context, value);
  }
}

}  // namespace krait::lint
