// B012: return, break or continue in finally. ref: flake8-bugbear B012
#include "analyzer/lint/rule.h"

namespace krait::lint {

static void checkStatement(LintContext& context, NodeId node, bool in_loop) {
  const Ast& ast = context.ast;
  NodeKind kind = ast.kind(node);
  if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef) return;
  if (auto inner = ast.tryAs<syntax::Try>(node)) {
    // Its handlers and its own `finally` are judged by themselves.
    for (NodeId statement : inner->body()) checkStatement(context, statement, in_loop);
    return;
  }
  if (kind == NodeKind::kReturn) context.sink.begin("B012"_rule, ast.range(node), {"return"});
  if (kind == NodeKind::kBreak && !in_loop) context.sink.begin("B012"_rule, ast.range(node), {"break"});
  if (kind == NodeKind::kContinue && !in_loop) context.sink.begin("B012"_rule, ast.range(node), {"continue"});
  bool is_loop = kind == NodeKind::kFor || kind == NodeKind::kWhile;
  // Only the bodies are followed, no `else`.
  if (is_loop || kind == NodeKind::kIf) {
    NodeList body = kind == NodeKind::kIf    ? ast.as<syntax::If>(node).body()
                    : kind == NodeKind::kFor ? ast.as<syntax::For>(node).body()
                                             : ast.as<syntax::While>(node).body();
    for (NodeId statement : body) checkStatement(context, statement, in_loop || is_loop);
    return;
  }
  syntax::forEachChild(ast, node, [&](NodeId child) {
    NodeKind child_kind = ast.kind(child);
    if (syntax::isStatement(ast, child) || child_kind == NodeKind::kExceptHandler || child_kind == NodeKind::kMatchCase) {
      checkStatement(context, child, in_loop || is_loop);
    }
  });
}

void checkJumpInFinally(LintContext& context, NodeId node) {
  for (NodeId statement : context.ast.as<syntax::Try>(node).finalbody()) checkStatement(context, statement, false);
}

}  // namespace krait::lint
