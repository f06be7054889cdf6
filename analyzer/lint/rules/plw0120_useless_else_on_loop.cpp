// PLW0120: else of a loop without break. ref: pylint useless-else-on-loop
#include "analyzer/lint/superfluous_else.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool hasBreak(const Ast& ast, NodeList body) {
  for (NodeId node : body) {
    NodeKind kind = ast.kind(node);
    if (kind == NodeKind::kBreak) return true;
    if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef) continue;
    if (kind == NodeKind::kFor || kind == NodeKind::kWhile) {
      NodeList orelse = kind == NodeKind::kFor ? ast.as<syntax::For>(node).orelse() : ast.as<syntax::While>(node).orelse();
      if (hasBreak(ast, orelse)) return true;
      continue;
    }
    bool found = false;
    syntax::forEachChild(ast, node, [&](NodeId child) {
      NodeKind child_kind = ast.kind(child);
      bool holds = syntax::isStatement(ast, child) || child_kind == NodeKind::kExceptHandler || child_kind == NodeKind::kMatchCase;
      if (!found && holds) {
        if (child_kind == NodeKind::kExceptHandler) found = hasBreak(ast, ast.as<syntax::ExceptHandler>(child).body());
        else if (child_kind == NodeKind::kMatchCase) found = hasBreak(ast, ast.as<syntax::MatchCase>(child).body());
        else found = hasBreak(ast, NodeList(&child, 1));
      }
    });
    if (found) return true;
  }
  return false;
}

void checkLoopElse(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  bool is_for = ast.is(node, NodeKind::kFor);
  NodeList body = is_for ? ast.as<syntax::For>(node).body() : ast.as<syntax::While>(node).body();
  NodeList orelse = is_for ? ast.as<syntax::For>(node).orelse() : ast.as<syntax::While>(node).orelse();
  if (orelse.empty() || hasBreak(ast, body)) return;
  size_t at = ast.text().rfind("else", ast.range(orelse[0]).begin);
  uint32_t begin = static_cast<uint32_t>(at);
  auto finding = context.sink.begin("PLW0120"_rule, {begin, begin + 4});
  if (auto edit = withoutElse(context, begin, orelse, ast.range(node).begin, ElseComment::kDropped)) finding.fix("Remove `else`", {*edit});
}

}  // namespace krait::lint
