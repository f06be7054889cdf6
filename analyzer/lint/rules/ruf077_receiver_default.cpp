// RUF077: a default of the parameter that takes the object or the class. ref: language reference "Function definitions"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkReceiverDefault(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  NodeId cls = ast.parent(node);
  while (cls.valid() && !ast.is(cls, NodeKind::kClassDef) && !ast.is(cls, NodeKind::kFunctionDef)) cls = ast.parent(cls);
  if (!ast.is(cls, NodeKind::kClassDef)) return;
  // What another decorator passes is not known.
  for (NodeId decorator : function.decorators()) {
    if (!isBuiltin(context, decorator, "classmethod")) return;
  }
  NodeList params = ast.as<syntax::Parameters>(function.params()).params();
  if (params.empty()) return;
  auto first = ast.as<syntax::Parameter>(params[0]);
  bool is_receiver = first.parameterKind() == syntax::ParameterKind::kPositionalOnly || first.parameterKind() == syntax::ParameterKind::kPositionalOrKeyword;
  if (!is_receiver || !first.defaultValue().valid()) return;
  uint32_t kept = first.annotation().valid() ? parenthesizedRange(context, first.annotation()).end : ast.range(first.name()).end;
  context.sink.begin("RUF077"_rule, ast.range(first.defaultValue()))
      .fix("Remove default value from receiver parameter", {{{kept, parenthesizedRange(context, first.defaultValue()).end}, ""}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
