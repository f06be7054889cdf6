// BLE001: except Exception without raising or logging. ref: flake8-blind-except
#include "analyzer/lint/calls.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/truthiness.h"

namespace krait::lint {

// Does the handler raise its own exception again, or log the traceback?
static bool isHandled(const LintContext& context, NodeId node, std::string_view name) {
  const Ast& ast = context.ast;
  switch (ast.kind(node)) {
    // What a try inside does with it is not followed.
    case NodeKind::kTry:
    case NodeKind::kFunctionDef:
    case NodeKind::kClassDef: return false;
    case NodeKind::kRaise: {
      auto raise = ast.as<syntax::Raise>(node);
      if (!raise.exc().valid()) return true;
      if (raise.cause().valid() && !name.empty() && syntax::nameText(ast, raise.cause()) == name) return true;
      return !name.empty() && syntax::nameText(ast, raise.exc()) == name;
    }
    case NodeKind::kCall: {
      auto call = ast.as<syntax::Call>(node);
      auto method = ast.tryAs<syntax::Attribute>(call.func());
      std::string_view attr = method ? syntax::nameText(ast, method->attr()) : std::string_view();
      std::string qualified = qualifiedName(context, call.func());
      auto maker = method ? ast.tryAs<syntax::Call>(method->value()) : std::nullopt;
      if (attr == "exception" && maker && qualifiedName(context, maker->func()) == "logging.getLogger") return true;
      if ((attr == "exception" && isLogger(context, method->value())) || qualified == "logging.exception") return true;
      bool is_logging = (isOneOf(attr, {"debug", "info", "warning", "warn", "error", "critical", "fatal", "log"}) && isLogger(context, method->value())) ||
                        qualified.starts_with("logging.");
      NodeId info = is_logging ? keywordOf(ast, node, "exc_info") : NodeId::none();
      if (info.valid() && !isFalsy(truthOf(context, info))) return true;
      break;
    }
    default: break;
  }
  bool found = false;
  syntax::forEachChild(ast, node, [&](NodeId child) { found = found || isHandled(context, child, name); });
  return found;
}

static void checkType(LintContext& context, const syntax::ExceptHandler& handler, NodeId type) {
  const Ast& ast = context.ast;
  if (auto tuple = ast.tryAs<syntax::Tuple>(type)) {
    for (NodeId element : tuple->elts()) checkType(context, handler, element);
    return;
  }
  if (!isBuiltin(context, type, "Exception") && !isBuiltin(context, type, "BaseException")) return;
  std::string_view name = syntax::nameText(ast, handler.name());
  for (NodeId statement : handler.body()) {
    if (isHandled(context, statement, name)) return;
  }
  context.sink.begin("BLE001"_rule, ast.range(type), {syntax::nameText(ast, type)});
}

void checkBlindExcept(LintContext& context, NodeId node) {
  for (NodeId id : context.ast.as<syntax::Try>(node).handlers()) {
    auto handler = context.ast.as<syntax::ExceptHandler>(id);
    if (handler.type().valid()) checkType(context, handler, handler.type());
  }
}

}  // namespace krait::lint
