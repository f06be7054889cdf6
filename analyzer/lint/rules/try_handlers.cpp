// TRY203, TRY301, TRY401: handlers that only raise again, raises that the handler beside them catches, and exceptions
// logged twice. ref: tryceratops
#include <vector>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// Does the handler begin with raising the same exception again?
static bool isReraise(const Ast& ast, NodeId id) {
  auto handler = ast.as<syntax::ExceptHandler>(id);
  auto raise = ast.tryAs<syntax::Raise>(handler.body()[0]);
  if (!raise || raise->cause().valid()) return false;
  if (!raise->exc().valid()) return true;
  return handler.name().valid() && ast.is(raise->exc(), NodeKind::kName) &&
         syntax::nameText(ast, raise->exc()) == syntax::nameText(ast, handler.name());
}

void checkUselessTry(LintContext& context, NodeId node) {
  NodeList handlers = context.ast.as<syntax::Try>(node).handlers();
  for (NodeId handler : handlers) {
    if (!isReraise(context.ast, handler)) return;
  }
  for (NodeId handler : handlers) context.sink.begin("TRY203"_rule, context.ast.range(handler));
}

static void collectRaises(const Ast& ast, NodeId node, std::vector<NodeId>& out) {
  NodeKind kind = ast.kind(node);
  if (kind == NodeKind::kTry) return;
  if (kind == NodeKind::kRaise) return out.push_back(node);
  syntax::forEachChild(ast, node, [&](NodeId child) {
    if (syntax::isStatement(ast, child) || ast.is(child, NodeKind::kMatchCase)) collectRaises(ast, child, out);
  });
}

void checkRaiseWithinTry(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::Try>(node);
  std::vector<NodeId> caught;
  for (NodeId id : statement.handlers()) {
    NodeId type = ast.as<syntax::ExceptHandler>(id).type();
    if (auto tuple = ast.tryAs<syntax::Tuple>(type)) {
      caught.insert(caught.end(), tuple->elts().begin(), tuple->elts().end());
    } else if (type.valid()) {
      caught.push_back(type);
    }
  }
  std::vector<NodeId> raises;
  for (NodeId child : statement.body()) collectRaises(ast, child, raises);
  if (raises.empty() || caught.empty()) return;
  bool catches_all = false;
  for (NodeId type : caught) {
    catches_all = catches_all || isBuiltin(context, type, "Exception") || isBuiltin(context, type, "BaseException");
  }
  for (NodeId id : raises) {
    NodeId exc = ast.as<syntax::Raise>(id).exc();
    if (!exc.valid()) continue;
    if (auto call = ast.tryAs<syntax::Call>(exc)) exc = call->func();
    bool is_caught = catches_all;
    for (NodeId type : caught) is_caught = is_caught || isSameExpr(ast, type, exc);
    if (is_caught) context.sink.begin("TRY301"_rule, ast.range(id));
  }
}

static void reportNames(LintContext& context, NodeId node, std::string_view wanted) {
  const Ast& ast = context.ast;
  NodeKind kind = ast.kind(node);
  if (kind == NodeKind::kAttribute) return;
  if (kind == NodeKind::kName) {
    if (syntax::nameText(ast, node) == wanted) context.sink.begin("TRY401"_rule, ast.range(node));
    return;
  }
  syntax::forEachChild(ast, node, [&](NodeId child) { reportNames(context, child, wanted); });
}

void checkVerboseLogs(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  // A name may stand for the function under another name.
  auto method = ast.tryAs<syntax::Attribute>(call.func());
  if (method && syntax::nameText(ast, method->attr()) != "exception") return;
  auto logging = loggingCall(context, node);
  if (!logging || logging->level != "exception") return;
  for (NodeId at = enclosingHandler(ast, node); at.valid(); at = enclosingHandler(ast, at)) {
    NodeId target = ast.as<syntax::ExceptHandler>(at).name();
    if (!target.valid()) continue;
    for (NodeId arg : call.args()) {
      if (ast.is(arg, NodeKind::kKeyword)) continue;
      reportNames(context, arg, syntax::nameText(ast, target));
    }
  }
}

}  // namespace krait::lint
