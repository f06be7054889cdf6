// LOG001, LOG002, LOG004, LOG007, LOG009, LOG014, LOG015: loggers and their calls. ref: flake8-logging
#include "analyzer/lint/calls.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/truthiness.h"

namespace krait::lint {

static void checkDirectLogger(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  auto name = importName(context, "logging", "getLogger", node, true);
  auto finding = context.sink.begin("LOG001"_rule, context.ast.range(func));
  if (!name) return;
  std::vector<FixEdit> edits = {{context.ast.range(func), name->text}};
  if (name->edit) edits.insert(edits.begin(), *name->edit);
  finding.fix("Replace with `logging.getLogger()`", std::move(edits), FixSafety::kUnsafe);
}

static void checkGetLogger(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId name = argumentOf(ast, node, "name", 0);
  if (!ast.is(name, NodeKind::kName) || !isOneOf(syntax::nameText(ast, name), {"__file__", "__cached__"})) return;
  SymbolId owner = context.model.ownerAt(name);
  if (owner.valid() && !context.model.definitions(owner).empty()) return;
  context.sink.begin("LOG002"_rule, ast.range(name))
      .fix("Replace with `__name__`", {{ast.range(name), "__name__"}}, FixSafety::kUnsafe);
}

static bool isTrueConstant(const Ast& ast, NodeId value) {
  auto constant = ast.tryAs<syntax::Constant>(value);
  if (!constant) return false;
  if (auto number = intValue(ast, value)) return *number != 0;
  if (auto text = syntax::stringValue(ast, value)) return !text->empty();
  return constant->constantKind() == syntax::ConstantKind::kTrue;
}

// Inside the handlers of a try statement, nested functions there included?
static bool isInsideHandler(const Ast& ast, NodeId node) {
  for (; node.valid(); node = ast.parent(node)) {
    if (ast.is(node, NodeKind::kExceptHandler)) return true;
  }
  return false;
}

static void checkExcInfo(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId info = keywordNodeOf(ast, node, "exc_info");
  if (!info.valid() || !isTrueConstant(ast, ast.as<syntax::Keyword>(info).value()) || isInsideHandler(ast, node)) return;
  auto logging = loggingCall(context, node);
  if (!logging || logging->level == "log") return;
  context.sink.begin("LOG014"_rule, ast.range(info)).fix("Remove `exc_info=`", {removeArgument(context, node, info)}, FixSafety::kUnsafe);
}

static void checkException(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto logging = loggingCall(context, node);
  if (!logging || logging->level != "exception") return;
  NodeId info = keywordOf(ast, node, "exc_info");
  if (info.valid() && isFalsy(truthOf(context, info))) context.sink.begin("LOG007"_rule, ast.range(node));
  if (isInsideHandler(ast, node)) return;
  auto finding = context.sink.begin("LOG004"_rule, ast.range(node));
  if (ast.is(ast.as<syntax::Call>(node).func(), NodeKind::kAttribute)) {
    finding.fix("Replace with `.error()`", {{logging->name_range, "error"}}, FixSafety::kUnsafe);
  }
}

void checkLoggers(LintContext& context, NodeId node) {
  checkException(context, node);
  checkExcInfo(context, node);
  std::string_view name = calleeName(context, node);
  if (!name.starts_with("logging.")) return;
  name.remove_prefix(8);
  if (name == "Logger") {
    checkDirectLogger(context, node);
  } else if (name == "getLogger") {
    checkGetLogger(context, node);
  } else if (isOneOf(name, {"critical", "debug", "error", "exception", "info", "log", "warn", "warning"})) {
    context.sink.begin("LOG015"_rule, context.ast.range(node), {name});
  }
}

static void checkWarnConstant(LintContext& context, NodeId node) {
  if (qualifiedName(context, node) != "logging.WARN") return;
  auto name = importName(context, "logging", "WARNING", node, true);
  auto finding = context.sink.begin("LOG009"_rule, context.ast.range(node));
  if (!name) return;
  std::vector<FixEdit> edits = {{context.ast.range(node), name->text}};
  if (name->edit) edits.insert(edits.begin(), *name->edit);
  finding.fix("Replace `logging.WARN` with `logging.WARNING`", std::move(edits));
}

void checkWarnAttribute(LintContext& context, NodeId node) {
  if (syntax::nameText(context.ast, context.ast.as<syntax::Attribute>(node).attr()) == "WARN") checkWarnConstant(context, node);
}

void checkWarnName(LintContext& context, NodeId node) {
  auto name = context.ast.as<syntax::Name>(node);
  if (name.context() != syntax::ExprContext::kLoad || syntax::nameText(context.ast, node) == "logging") return;
  SymbolId owner = context.model.ownerAt(node);
  if (!owner.valid() || context.model.definitions(owner).size() != 1) return;
  if (context.model.definitions(owner)[0].kind == DefinitionKind::kImportFrom) checkWarnConstant(context, node);
}

}  // namespace krait::lint
