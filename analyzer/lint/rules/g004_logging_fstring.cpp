// G004: an f-string in a logging call. ref: flake8-logging-format
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkLoggingFString(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto method = ast.tryAs<syntax::Attribute>(ast.as<syntax::Call>(node).func());
  if (!method) return;
  std::string_view name = syntax::nameText(ast, method->attr());
  bool is_log = name == "log";
  if (!is_log && !isOneOf(name, {"debug", "info", "warning", "warn", "error", "critical", "fatal", "exception"})) return;
  std::string qualified = qualifiedName(context, method->value());
  std::string_view last = ast.is(method->value(), NodeKind::kAttribute)
                              ? syntax::nameText(ast, ast.as<syntax::Attribute>(method->value()).attr())
                              : syntax::nameText(ast, method->value());
  bool is_logger = qualified == "logging" || last.starts_with("log") || last.ends_with("logger") ||
                   last.ends_with("logging") || last.starts_with("LOG");
  if (!is_logger) return;
  NodeId message = argumentOf(ast, node, "msg", is_log ? 1 : 0);
  if (ast.is(message, NodeKind::kJoinedStr)) context.sink.begin(Rule::kG004, ast.range(message));
}

}  // namespace krait::lint
