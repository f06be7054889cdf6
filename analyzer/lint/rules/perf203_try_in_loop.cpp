// PERF203, PLE0116: what older versions of Python do badly in loops. ref: perflint PERF203, pylint continue-in-finally
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// May the statements end the loop's round early?
static bool jumps(const Ast& ast, NodeList body) {
  for (NodeId statement : body) {
    if (ast.is(statement, NodeKind::kBreak) || ast.is(statement, NodeKind::kContinue)) return true;
    bool is_scope = ast.is(statement, NodeKind::kFunctionDef) || ast.is(statement, NodeKind::kClassDef);
    bool is_jump = !is_scope && anyOver(ast, statement, [&](NodeId node) { return ast.is(node, NodeKind::kBreak) || ast.is(node, NodeKind::kContinue); });
    if (is_jump) return true;
  }
  return false;
}

// Entering a try block costs nothing since Python 3.11.
void checkTryInLoop(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (context.options.target_minor >= 11) return;
  NodeList body = ast.is(node, NodeKind::kFor) ? ast.as<syntax::For>(node).body() : ast.as<syntax::While>(node).body();
  auto attempt = body.size() == 1 ? ast.tryAs<syntax::Try>(body[0]) : std::nullopt;
  if (!attempt || attempt->handlers().empty() || jumps(ast, attempt->body())) return;
  NodeId handler = attempt->handlers()[0];
  context.sink.begin("PERF203"_rule, ast.range(handler));
}

void checkContinueInFinally(LintContext& context, NodeId node) {
  if (context.options.target_minor >= 8) return;
  const Ast& ast = context.ast;
  for (NodeId child = node, at = ast.parent(node); at.valid(); child = at, at = ast.parent(at)) {
    NodeKind kind = ast.kind(at);
    if (kind == NodeKind::kFor || kind == NodeKind::kWhile || kind == NodeKind::kFunctionDef) return;
    auto attempt = ast.tryAs<syntax::Try>(at);
    if (!attempt) continue;
    for (NodeId statement : attempt->finalbody()) {
      if (statement == child) context.sink.begin("PLE0116"_rule, ast.range(node));
    }
  }
}

}  // namespace krait::lint
