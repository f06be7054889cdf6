// B901, ASYNC119: generators that return, or yield while they hold a context. ref: flake8-bugbear, flake8-async
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

namespace {
struct Exits {
  bool yields = false;
  NodeId last_return;  // with a value
};
}  // namespace

static void findExits(const Ast& ast, NodeId node, Exits& exits) {
  NodeKind kind = ast.kind(node);
  if (kind == NodeKind::kFunctionDef || kind == NodeKind::kLambda) return;
  if (kind == NodeKind::kYield || kind == NodeKind::kYieldFrom) exits.yields = true;
  if (kind == NodeKind::kReturn && ast.as<syntax::Return>(node).value().valid()) exits.last_return = node;
  syntax::forEachChild(ast, node, [&](NodeId child) { findExits(ast, child, exits); });
}

void checkReturnInGenerator(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  if (syntax::nameText(ast, function.name()) == "__await__") return;
  Exits exits;
  for (NodeId statement : function.body()) findExits(ast, statement, exits);
  if (exits.yields && exits.last_return.valid()) context.sink.begin("B901"_rule, ast.range(exits.last_return));
}

// What makes a context manager or a fixture of the generator sees to it that it ends.
static bool isRunToItsEnd(const LintContext& context, NodeId function) {
  for (NodeId decorator : context.ast.as<syntax::FunctionDef>(function).decorators()) {
    if (auto call = context.ast.tryAs<syntax::Call>(decorator)) decorator = call->func();
    if (isOneOf(qualifiedName(context, decorator), {"contextlib.asynccontextmanager", "pytest.fixture", "pytest_asyncio.fixture"})) return true;
  }
  return false;
}

void checkYieldInContext(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  bool is_held = false;
  for (NodeId at = ast.parent(node); at.valid(); at = ast.parent(at)) {
    NodeKind kind = ast.kind(at);
    if (kind == NodeKind::kLambda || kind == NodeKind::kClassDef) return;
    if (kind == NodeKind::kWith) is_held = true;
    if (kind != NodeKind::kFunctionDef) continue;
    if (is_held && ast.as<syntax::FunctionDef>(at).isAsync() && !isRunToItsEnd(context, at)) context.sink.begin("ASYNC119"_rule, ast.range(node));
    return;
  }
}

}  // namespace krait::lint
