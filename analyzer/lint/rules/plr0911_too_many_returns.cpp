// PLR0911: too many return statements. ref: pylint too-many-return-statements
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static uint32_t returnsIn(const Ast& ast, NodeId node) {
  if (ast.is(node, NodeKind::kReturn)) return 1;
  if (ast.is(node, NodeKind::kFunctionDef) || ast.is(node, NodeKind::kClassDef)) return 0;
  uint32_t count = 0;
  syntax::forEachChild(ast, node, [&](NodeId child) {
    NodeKind kind = ast.kind(child);
    if (syntax::isStatement(ast, child) || kind == NodeKind::kExceptHandler || kind == NodeKind::kMatchCase) {
      count += returnsIn(ast, child);
    }
  });
  return count;
}

void checkReturnCount(LintContext& context, NodeId node) {
  uint32_t count = 0;
  for (NodeId statement : context.ast.as<syntax::FunctionDef>(node).body()) count += returnsIn(context.ast, statement);
  uint32_t limit = context.options.number("pylint.max-returns", 6);
  if (count > limit) context.sink.begin("PLR0911"_rule, nameRange(context.ast, node), {std::to_string(count), std::to_string(limit)});
}

}  // namespace krait::lint
