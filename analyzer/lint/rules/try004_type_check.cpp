// TRY004: a type check that raises something other than TypeError. ref: tryceratops TRY004
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isTypeTest(const LintContext& context, NodeId test) {
  const Ast& ast = context.ast;
  if (auto either = ast.tryAs<syntax::BoolOp>(test)) {
    for (NodeId value : either->values()) {
      if (!isTypeTest(context, value)) return false;
    }
    return true;
  }
  if (auto unary = ast.tryAs<syntax::UnaryOp>(test)) return isTypeTest(context, unary->operand());
  auto call = ast.tryAs<syntax::Call>(test);
  return call && isOneOf(qualifiedName(context, call->func()), {"builtins.isinstance", "builtins.issubclass", "builtins.callable"});
}

static bool hasJump(const Ast& ast, NodeId statement) {
  switch (ast.kind(statement)) {
    case NodeKind::kReturn:
    case NodeKind::kBreak:
    case NodeKind::kContinue: return true;
    case NodeKind::kFunctionDef:
    case NodeKind::kClassDef: return false;
    default: break;
  }
  bool is_found = false;
  syntax::forEachChild(ast, statement, [&](NodeId child) {
    NodeKind kind = ast.kind(child);
    bool is_block = syntax::isStatement(ast, child) || kind == NodeKind::kExceptHandler || kind == NodeKind::kMatchCase;
    if (is_block) is_found = is_found || hasJump(ast, child);
  });
  return is_found;
}

static void checkBody(LintContext& context, NodeList body) {
  const Ast& ast = context.ast;
  for (NodeId statement : body) {
    if (hasJump(ast, statement)) return;
    auto raise = ast.tryAs<syntax::Raise>(statement);
    if (!raise || !raise->exc().valid()) continue;
    NodeId exc = raise->exc();
    if (auto call = ast.tryAs<syntax::Call>(exc)) exc = call->func();
    std::string name = qualifiedName(context, exc);
    if (!name.starts_with("builtins.")) continue;
    if (isOneOf(std::string_view(name).substr(9),
                {"ArithmeticError", "AssertionError", "AttributeError", "BufferError", "EOFError", "Exception", "ImportError",
                 "LookupError", "MemoryError", "NameError", "ReferenceError", "RuntimeError", "SyntaxError", "SystemError",
                 "ValueError"})) {
      context.sink.begin("TRY004"_rule, ast.range(statement));
    }
  }
}

void checkTypeChecks(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::If>(node);
  if (statement.isElif()) return;
  if (auto outer = ast.tryAs<syntax::If>(ast.parent(node)); outer && !isTypeTest(context, outer->test())) return;
  if (!isTypeTest(context, statement.test())) return;
  checkBody(context, statement.body());
  // Every `elif` must be a type test as well, else the rest is about something else.
  NodeList orelse = statement.orelse();
  while (!orelse.empty()) {
    auto elif = ast.tryAs<syntax::If>(orelse[0]);
    if (!elif || !elif->isElif()) return checkBody(context, orelse);
    if (!isTypeTest(context, elif->test())) return;
    checkBody(context, elif->body());
    orelse = elif->orelse();
  }
}

}  // namespace krait::lint
