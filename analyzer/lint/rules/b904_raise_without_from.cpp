// B904: raise inside except without from. ref: flake8-bugbear B904
#include <algorithm>

#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool contains(NodeList statements, NodeId node) {
  return std::any_of(statements.begin(), statements.end(), [&](NodeId statement) { return statement == node; });
}

void checkRaiseWithoutFrom(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto raise = ast.as<syntax::Raise>(node);
  if (!raise.exc().valid() || raise.cause().valid()) return;
  NodeId child = node;
  for (NodeId parent = ast.parent(node); parent.valid(); child = parent, parent = ast.parent(parent)) {
    NodeKind kind = ast.kind(parent);
    if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef) return;
    // A try inside the handler is a matter of its own.
    if (kind == NodeKind::kTry && !ast.is(child, NodeKind::kExceptHandler)) return;
    // The `else` of a loop is not followed.
    bool is_in_else = (kind == NodeKind::kFor && contains(ast.as<syntax::For>(parent).orelse(), child)) ||
                      (kind == NodeKind::kWhile && contains(ast.as<syntax::While>(parent).orelse(), child));
    if (is_in_else) return;
    if (kind != NodeKind::kExceptHandler) continue;
    // `raise e` of the exception that was caught hides nothing.
    NodeId name = ast.as<syntax::ExceptHandler>(parent).name();
    if (name.valid() && ast.is(raise.exc(), NodeKind::kName) &&
        syntax::nameOf(ast, raise.exc()) == syntax::nameOf(ast, name)) {
      return;
    }
    bool is_star = ast.as<syntax::Try>(ast.parent(parent)).isStar();
    context.sink.begin("B904"_rule, ast.range(node), {is_star ? "except*" : "except"});
    return;
  }
}

}  // namespace krait::lint
