// PLR0915, PLW0717: too many statements, in a function and in a try clause. ref: pylint
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static uint32_t statementsIn(const Ast& ast, NodeList body);

static uint32_t statementsOf(const Ast& ast, NodeId node) {
  switch (ast.kind(node)) {
    case NodeKind::kIf: {
      auto statement = ast.as<syntax::If>(node);
      bool has_elif = statement.orelse().size() == 1 && ast.is(statement.orelse()[0], NodeKind::kIf) &&
                      ast.as<syntax::If>(statement.orelse()[0]).isElif();
      bool has_else = !statement.orelse().empty() && !has_elif;
      return 1 + has_else + statementsIn(ast, statement.body()) + statementsIn(ast, statement.orelse());
    }
    case NodeKind::kFor: {
      auto statement = ast.as<syntax::For>(node);
      return statementsIn(ast, statement.body()) + statementsIn(ast, statement.orelse());
    }
    case NodeKind::kWhile: {
      auto statement = ast.as<syntax::While>(node);
      return 1 + statementsIn(ast, statement.body()) + statementsIn(ast, statement.orelse());
    }
    case NodeKind::kWith: return 1 + statementsIn(ast, ast.as<syntax::With>(node).body());
    case NodeKind::kMatch: {
      uint32_t count = 1;
      for (NodeId id : ast.as<syntax::Match>(node).cases()) {
        count += 1 + statementsIn(ast, ast.as<syntax::MatchCase>(id).body());
      }
      return count;
    }
    case NodeKind::kTry: {
      auto statement = ast.as<syntax::Try>(node);
      uint32_t count = 1 + statementsIn(ast, statement.body());
      if (!statement.orelse().empty()) count += 1 + statementsIn(ast, statement.orelse());
      if (!statement.finalbody().empty()) count += 2 + statementsIn(ast, statement.finalbody());
      if (statement.handlers().size() > 1) ++count;
      for (NodeId id : statement.handlers()) count += 1 + statementsIn(ast, ast.as<syntax::ExceptHandler>(id).body());
      return count;
    }
    case NodeKind::kFunctionDef: return 1 + statementsIn(ast, ast.as<syntax::FunctionDef>(node).body());
    case NodeKind::kReturn: return 0;
    default: return 1;
  }
}

static uint32_t statementsIn(const Ast& ast, NodeList body) {
  uint32_t count = 0;
  for (NodeId statement : body) count += statementsOf(ast, statement);
  return count;
}

void checkStatementCount(LintContext& context, NodeId node) {
  uint32_t count = statementsIn(context.ast, context.ast.as<syntax::FunctionDef>(node).body());
  uint32_t limit = context.options.number("pylint.max-statements", 50);
  if (count > limit) context.sink.begin("PLR0915"_rule, nameRange(context.ast, node), {std::to_string(count), std::to_string(limit)});
}

void checkTryStatementCount(LintContext& context, NodeId node) {
  auto attempt = context.ast.as<syntax::Try>(node);
  if (attempt.handlers().empty()) return;
  uint32_t count = statementsIn(context.ast, attempt.body());
  uint32_t limit = context.options.number("pylint.max-statements-in-try", 5);
  if (count > limit) context.sink.begin("PLW0717"_rule, keywordRange(context.ast, node, 3), {std::to_string(count), std::to_string(limit)});
}

}  // namespace krait::lint
