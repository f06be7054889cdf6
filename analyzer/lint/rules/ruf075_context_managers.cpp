// RUF075: a generator behind `@contextmanager` whose last steps an error in the `with` block skips.
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isContextManager(const LintContext& context, NodeId function) {
  for (NodeId decorator : context.ast.as<syntax::FunctionDef>(function).decorators()) {
    if (auto call = context.ast.tryAs<syntax::Call>(decorator)) decorator = call->func();
    if (isOneOf(qualifiedName(context, decorator), {"contextlib.contextmanager", "contextlib.asynccontextmanager"})) return true;
  }
  return false;
}

static bool isIn(NodeList list, NodeId node) {
  for (NodeId each : list) {
    if (each == node) return true;
  }
  return false;
}

// Does the body of a `try` hold the node, within the function?
static bool isProtected(const Ast& ast, NodeId node, NodeId function) {
  for (NodeId child = node, parent = ast.parent(node); child != function; child = parent, parent = ast.parent(parent)) {
    auto statement = ast.tryAs<syntax::Try>(parent);
    if (statement && isIn(statement->body(), child)) return true;
  }
  return false;
}

// Would anything run after the statement that an error raised there skips? What follows a `with` block is its manager's
// matter; `return` right after a bare `yield` is nothing.
static bool isFollowed(const Ast& ast, NodeId statement, NodeId function) {
  bool is_bare = ast.is(statement, NodeKind::kExprStmt) &&
                 (ast.is(ast.as<syntax::ExprStmt>(statement).value(), NodeKind::kYield) ||
                  ast.is(ast.as<syntax::ExprStmt>(statement).value(), NodeKind::kYieldFrom));
  while (statement != function) {
    NodeList block = blockOf(ast, statement);
    size_t at = 0;
    while (at < block.size() && block[at] != statement) ++at;
    bool leaves_loop = is_bare && at + 1 < block.size() && ast.is(block[at + 1], NodeKind::kBreak);
    if (at + 1 < block.size() && !leaves_loop) return !(is_bare && ast.is(block[at + 1], NodeKind::kReturn));
    is_bare = false;
    NodeId parent = ast.parent(statement);
    while (parent != function && !syntax::isStatement(ast, parent)) parent = ast.parent(parent);
    if (ast.is(parent, NodeKind::kWith)) return false;
    statement = parent;
  }
  return false;
}

static void checkYields(LintContext& context, NodeId node, NodeId function) {
  const Ast& ast = context.ast;
  NodeKind kind = ast.kind(node);
  if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef || kind == NodeKind::kLambda) return;
  if (kind == NodeKind::kYield || kind == NodeKind::kYieldFrom) {
    NodeId statement = statementOf(ast, node);
    if (!isProtected(ast, statement, function) && isFollowed(ast, statement, function)) {
      context.sink.begin("RUF075"_rule, ast.range(node));
    }
  }
  syntax::forEachChild(ast, node, [&](NodeId child) { checkYields(context, child, function); });
}

void checkFallibleContextManager(LintContext& context, NodeId node) {
  if (!isContextManager(context, node)) return;
  for (NodeId statement : context.ast.as<syntax::FunctionDef>(node).body()) checkYields(context, statement, node);
}

}  // namespace krait::lint
