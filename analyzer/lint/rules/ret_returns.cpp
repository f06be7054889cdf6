// RET501, RET502, RET503: functions that return a value on some of their ways only. ref: flake8-return
#include <string>
#include <vector>

#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

namespace {
struct Exits {
  std::vector<NodeId> returns;
  bool is_generator = false;
};
}  // namespace

static void collectExits(const Ast& ast, NodeId node, Exits& out) {
  switch (ast.kind(node)) {
    case NodeKind::kFunctionDef:
    case NodeKind::kClassDef:
    case NodeKind::kLambda: return;
    case NodeKind::kYield:
    case NodeKind::kYieldFrom: out.is_generator = true; break;
    case NodeKind::kReturn: out.returns.push_back(node); break;
    default: break;
  }
  syntax::forEachChild(ast, node, [&](NodeId child) { collectExits(ast, child, out); });
}

// A call that never returns: of a known function, or of one in this file that says so.
static bool isNoReturn(const LintContext& context, NodeId expr) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(expr);
  if (!call) return false;
  std::string name = qualifiedName(context, call->func());
  if (isOneOf(name, {"builtins.exit", "builtins.quit", "posix._exit", "posix.abort", "os._exit", "os.abort",
                     "os.execl", "os.execle", "os.execlp", "os.execlpe", "os.execv", "os.execve", "os.execvp", "os.execvpe",
                     "nt._exit", "sys.exit", "_thread.exit", "_winapi.ExitProcess", "pytest.exit", "pytest.fail", "pytest.skip", "pytest.xfail"})) {
    return true;
  }
  if (!ast.is(call->func(), NodeKind::kName)) return false;
  SymbolId owner = context.model.ownerAt(call->func());
  if (!owner.valid()) return false;
  std::span<const Definition> definitions = context.model.definitions(owner);
  auto function = definitions.empty() ? std::nullopt : ast.tryAs<syntax::FunctionDef>(definitions.back().owner);
  if (!function || !function->returns().valid()) return false;
  return isOneOf(qualifiedName(context, function->returns()), {"typing.NoReturn", "typing.Never", "typing_extensions.NoReturn", "typing_extensions.Never"});
}

static bool fallsThrough(const LintContext& context, NodeId statement);

static bool lastFallsThrough(const LintContext& context, NodeList body) {
  return !body.empty() && fallsThrough(context, body.back());
}

static bool ifFallsThrough(const LintContext& context, syntax::If statement) {
  if (statement.orelse().empty()) return true;
  return lastFallsThrough(context, statement.body()) || lastFallsThrough(context, statement.orelse());
}

// Can the function end after this last statement of a block without a return?
static bool fallsThrough(const LintContext& context, NodeId statement) {
  const Ast& ast = context.ast;
  switch (ast.kind(statement)) {
    case NodeKind::kIf: return ifFallsThrough(context, ast.as<syntax::If>(statement));
    case NodeKind::kAssert: return !isConstant(ast, ast.as<syntax::Assert>(statement).test(), syntax::ConstantKind::kFalse);
    case NodeKind::kWhile: {
      auto loop = ast.as<syntax::While>(statement);
      if (isConstant(ast, loop.test(), syntax::ConstantKind::kTrue)) return false;
      return loop.orelse().empty() || lastFallsThrough(context, loop.orelse());
    }
    case NodeKind::kFor: {
      NodeList orelse = ast.as<syntax::For>(statement).orelse();
      return orelse.empty() || lastFallsThrough(context, orelse);
    }
    case NodeKind::kMatch: {
      for (NodeId id : ast.as<syntax::Match>(statement).cases()) {
        if (lastFallsThrough(context, ast.as<syntax::MatchCase>(id).body())) return true;
      }
      return false;
    }
    case NodeKind::kWith: return lastFallsThrough(context, ast.as<syntax::With>(statement).body());
    case NodeKind::kReturn:
    case NodeKind::kRaise:
    case NodeKind::kTry: return false;
    case NodeKind::kExprStmt: return !isNoReturn(context, ast.as<syntax::ExprStmt>(statement).value());
    default: return true;
  }
}

// Where a block ends whose last statement may have a semicolon behind it, which Python counts in.
static uint32_t withoutSemicolons(std::string_view text, uint32_t end) {
  while (end > 0 && text[end - 1] == ';') end = static_cast<uint32_t>(text.substr(0, end - 1).find_last_not_of(" \t\f") + 1);
  return end;
}

static void checkValues(LintContext& context, NodeId node, NodeList body, const std::vector<NodeId>& returns) {
  const Ast& ast = context.ast;
  for (NodeId id : returns) {
    if (ast.as<syntax::Return>(id).value().valid()) continue;
    context.sink.begin("RET502"_rule, ast.range(id)).fix("Add explicit `None` return value", {{ast.range(id), "return None"}});
  }
  if (!lastFallsThrough(context, body)) return;
  TextRange range = syntax::fullRange(ast, node), last = syntax::fullRange(ast, body.back());
  range.end = withoutSemicolons(ast.text(), range.end);
  auto finding = context.sink.begin("RET503"_rule, range);
  bool has_own_line = indentationAt(context, last.begin).size() == last.begin - lineBegin(context, last.begin);
  if (!has_own_line) return;
  // What else is on the line stays there.
  size_t end = std::min(ast.text().find_first_of("\r\n", withoutSemicolons(ast.text(), last.end)), ast.text().size());
  while (end < ast.text().size() && ast.text()[end - 1] == '\\') end = std::min(ast.text().find_first_of("\r\n", nextLineBegin(context, static_cast<uint32_t>(end))), ast.text().size());
  std::string text = std::string(lineEndText(context)) + std::string(indentationAt(context, last.begin)) + "return None";
  uint32_t place = static_cast<uint32_t>(end);
  finding.fix("Add explicit `return` statement", {{{place, place}, text}}, FixSafety::kUnsafe);
}

void checkReturns(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  NodeList body = function.body();
  if (body.size() == 1 && ast.is(body[0], NodeKind::kReturn)) return;
  Exits exits;
  for (NodeId statement : body) collectExits(ast, statement, exits);
  if (exits.is_generator || exits.returns.empty()) return;
  bool has_value = false;
  for (NodeId id : exits.returns) {
    NodeId value = ast.as<syntax::Return>(id).value();
    has_value |= value.valid() && !isNone(ast, value);
  }
  if (has_value) return checkValues(context, node, body, exits.returns);
  for (NodeId decorator : function.decorators()) {
    std::string name = qualifiedName(context, decorator);
    if (isOneOf(name, {"builtins.property", "functools.cached_property", "abc.abstractproperty"})) return;
  }
  if (function.returns().valid() && !isNone(ast, function.returns())) return;
  for (NodeId id : exits.returns) {
    NodeId value = ast.as<syntax::Return>(id).value();
    if (value.valid()) context.sink.begin("RET501"_rule, ast.range(id)).fix("Remove explicit `return None`", {{ast.range(id), "return"}});
  }
}

}  // namespace krait::lint
