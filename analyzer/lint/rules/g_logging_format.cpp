// G001, G002, G003, G010, G101, G201, G202: how logging methods are called. ref: flake8-logging-format
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isRecordField(std::string_view name) {
  return isOneOf(name, {"args",     "asctime", "created",  "exc_info", "exc_text",   "filename",    "funcName",        "levelname",
                        "levelno",  "lineno",  "message",  "module",   "msecs",      "msg",         "name",            "pathname",
                        "process",  "processName", "relativeCreated", "stack_info", "thread",      "threadName"});
}

static void checkExtra(LintContext& context, NodeId extra) {
  const Ast& ast = context.ast;
  if (auto dict = ast.tryAs<syntax::Dict>(extra)) {
    for (NodeId key : dict->keys()) {
      auto text = key.valid() ? syntax::stringValue(ast, key) : std::nullopt;
      if (text && isRecordField(*text)) context.sink.begin("G101"_rule, ast.range(key), {*text});
    }
    return;
  }
  auto call = ast.tryAs<syntax::Call>(extra);
  if (!call || !isBuiltin(context, call->func(), "dict")) return;
  for (NodeId arg : call->args()) {
    std::string_view name = ast.is(arg, NodeKind::kKeyword) ? definedName(ast, arg) : std::string_view();
    if (isRecordField(name)) context.sink.begin("G101"_rule, ast.range(arg), {name});
  }
}

void checkLoggingFormat(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto logging = loggingCall(context, node);
  if (!logging) return;
  auto sum = ast.tryAs<syntax::BinOp>(logging->message);
  if (sum && sum->op() == syntax::BinaryOp::kAdd) context.sink.begin("G003"_rule, ast.range(logging->message));
  if (sum && sum->op() == syntax::BinaryOp::kMod) context.sink.begin("G002"_rule, ast.range(logging->message));
  auto made = ast.tryAs<syntax::Call>(logging->message);
  auto method = made ? ast.tryAs<syntax::Attribute>(made->func()) : std::nullopt;
  if (method && syntax::nameText(ast, method->attr()) == "format" && isLiteral(ast, method->value())) {
    context.sink.begin("G001"_rule, ast.range(logging->message));
  }
  if (logging->level == "warn") {
    context.sink.begin("G010"_rule, logging->name_range).fix("Convert to `warning`", {{logging->name_range, "warning"}});
  }
  NodeId extra = keywordOf(ast, node, "extra");
  if (extra.valid()) checkExtra(context, extra);
  NodeId info = keywordNodeOf(ast, node, "exc_info");
  if (!info.valid() || !enclosingHandler(ast, node).valid()) return;
  NodeId value = ast.as<syntax::Keyword>(info).value();
  auto call = ast.tryAs<syntax::Call>(value);
  bool is_set = isConstant(ast, value, syntax::ConstantKind::kTrue) || (call && qualifiedName(context, call->func()) == "sys.exc_info");
  if (!is_set) return;
  if (logging->level == "error") context.sink.begin("G201"_rule, logging->name_range);
  if (logging->level == "exception") context.sink.begin("G202"_rule, ast.range(info));
}

}  // namespace krait::lint
