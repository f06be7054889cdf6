// F701, F702, F704, F706: break, continue, yield and return at places where they do not work. ref: pyflakes
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// Is the statement in the body of a loop of its own function or class?
static bool isInLoop(const Ast& ast, NodeId statement) {
  for (NodeId child = statement, parent = ast.parent(statement); parent.valid(); child = parent, parent = ast.parent(parent)) {
    NodeKind kind = ast.kind(parent);
    if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef || kind == NodeKind::kModule) return false;
    NodeList orelse;
    if (kind == NodeKind::kFor) {
      orelse = ast.as<syntax::For>(parent).orelse();
    } else if (kind == NodeKind::kWhile) {
      orelse = ast.as<syntax::While>(parent).orelse();
    } else {
      continue;
    }
    bool is_else = false;
    for (NodeId other : orelse) is_else |= other == child;
    if (!is_else) return true;
  }
  return false;
}

void checkLoopJumps(LintContext& context, NodeId node) {
  if (isInLoop(context.ast, node)) return;
  context.sink.begin(context.ast.is(node, NodeKind::kBreak) ? "F701"_rule : "F702"_rule, context.ast.range(node));
}

void checkReturnPlace(LintContext& context, NodeId node) {
  if (!context.ast.is(enclosingFunction(context.ast, node), NodeKind::kFunctionDef)) context.sink.begin("F706"_rule, context.ast.range(node));
}

void checkYieldPlace(LintContext& context, NodeId node) {
  if (enclosingFunction(context.ast, node).valid()) return;
  NodeKind kind = context.ast.kind(node);
  std::string_view name = kind == NodeKind::kYield ? "yield" : kind == NodeKind::kYieldFrom ? "yield from" : "await";
  context.sink.begin("F704"_rule, context.ast.range(node), {name});
}

}  // namespace krait::lint
