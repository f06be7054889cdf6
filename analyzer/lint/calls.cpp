#include "analyzer/lint/calls.h"

#include <algorithm>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"

namespace krait::lint {

std::string_view calleeName(LintContext& context, NodeId call) {
  if (context.callees.call != call) {
    context.callees.call = call;
    context.callees.name = qualifiedName(context, context.ast.as<syntax::Call>(call).func());
  }
  return context.callees.name;
}

NodeId keywordNodeOf(const Ast& ast, NodeId call, std::string_view name) {
  for (NodeId arg : ast.as<syntax::Call>(call).args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (keyword && syntax::nameText(ast, keyword->arg()) == name) return arg;
  }
  return NodeId::none();
}

NodeId positionalAt(const Ast& ast, NodeId call, uint32_t index) {
  uint32_t at = 0;
  for (NodeId arg : ast.as<syntax::Call>(call).args()) {
    if (ast.is(arg, NodeKind::kStarred)) break;
    if (ast.is(arg, NodeKind::kKeyword)) continue;
    if (at++ == index) return arg;
  }
  return NodeId::none();
}

bool isLogger(const LintContext& context, NodeId expr) {
  if (auto call = context.ast.tryAs<syntax::Call>(expr)) return qualifiedName(context, call->func()) == "logging.getLogger";
  std::string qualified = qualifiedName(context, expr);
  const std::vector<std::string>* own = context.options.list("logger-objects");
  if (own != nullptr && !qualified.empty() && std::find(own->begin(), own->end(), qualified) != own->end()) return true;
  if (!qualified.empty() && qualified[0] != '.') return isOneOf(qualified, {"logging", "flask.current_app.logger"});
  if (dottedText(context.ast, expr).empty()) return false;
  std::string_view last = lastName(context.ast, expr);
  return last.starts_with("log") || last.ends_with("logger") || last.ends_with("logging") || last.starts_with("LOG");
}

static bool isLevel(std::string_view name) {
  return isOneOf(name, {"debug", "info", "warning", "warn", "error", "critical", "exception", "log"});
}

std::optional<LoggingCall> loggingCall(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId func = ast.as<syntax::Call>(node).func();
  std::string_view level;
  TextRange range = ast.range(func);
  if (auto method = ast.tryAs<syntax::Attribute>(func)) {
    level = syntax::nameText(ast, method->attr());
    range = ast.range(method->attr());
    if (!isLevel(level) || !isLogger(context, method->value())) return std::nullopt;
  } else if (ast.is(func, NodeKind::kName)) {
    std::string_view name = calleeName(context, node);
    if (!name.starts_with("logging.") || !isLevel(name.substr(8))) return std::nullopt;
    level = name.substr(8);
  } else {
    return std::nullopt;
  }
  return LoggingCall{level, range, argumentOf(ast, node, "msg", level == "log" ? 1 : 0)};
}

bool isInAsyncFunction(const Ast& ast, NodeId node) {
  for (NodeId child = node, at = ast.parent(node); at.valid(); child = at, at = ast.parent(at)) {
    if (auto function = ast.tryAs<syntax::FunctionDef>(at)) {
      // Decorators and defaults run around the function.
      if (ast.range(child).begin >= ast.range(function->body()[0]).begin) return function->isAsync();
      continue;
    }
    if (ast.is(at, NodeKind::kClassDef) || ast.is(at, NodeKind::kLambda)) return false;
  }
  return false;
}

NodeId enclosingHandler(const Ast& ast, NodeId node) {
  for (NodeId at = ast.parent(node); at.valid(); at = ast.parent(at)) {
    NodeKind kind = ast.kind(at);
    if (kind == NodeKind::kExceptHandler) return at;
    if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef || kind == NodeKind::kLambda) break;
  }
  return NodeId::none();
}

bool isGettextCall(LintContext& context, NodeId call) {
  NodeId func = context.ast.as<syntax::Call>(call).func();
  std::string_view name = context.ast.is(func, NodeKind::kName) ? syntax::nameText(context.ast, func) : std::string_view();
  bool has_own = context.options.list("flake8-gettext.function-names") != nullptr;
  bool is_named = has_own ? isListed(context, "flake8-gettext.function-names", name) : isOneOf(name, {"_", "gettext", "ngettext"});
  if (!name.empty() && (is_named || isListed(context, "flake8-gettext.extend-function-names", name))) return true;
  return isOneOf(calleeName(context, call), {"gettext.gettext", "gettext.ngettext"});
}

}  // namespace krait::lint
