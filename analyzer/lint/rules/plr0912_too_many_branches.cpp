// PLR0912: too many branches. ref: pylint too-many-branches
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static uint32_t branchesIn(const Ast& ast, NodeList body);

static uint32_t branchesOf(const Ast& ast, NodeId node) {
  switch (ast.kind(node)) {
    case NodeKind::kIf: {
      auto statement = ast.as<syntax::If>(node);
      bool has_elif = statement.orelse().size() == 1 && ast.is(statement.orelse()[0], NodeKind::kIf) &&
                      ast.as<syntax::If>(statement.orelse()[0]).isElif();
      uint32_t own = 1 + (!statement.orelse().empty() && !has_elif);
      return own + branchesIn(ast, statement.body()) + branchesIn(ast, statement.orelse());
    }
    case NodeKind::kMatch: {
      uint32_t count = 0;
      for (NodeId id : ast.as<syntax::Match>(node).cases()) {
        count += 1 + branchesIn(ast, ast.as<syntax::MatchCase>(id).body());
      }
      return count;
    }
    case NodeKind::kFor: {
      auto statement = ast.as<syntax::For>(node);
      return 1 + branchesIn(ast, statement.body()) +
             (statement.orelse().empty() ? 0 : 1 + branchesIn(ast, statement.orelse()));
    }
    case NodeKind::kWhile: {
      auto statement = ast.as<syntax::While>(node);
      return 1 + branchesIn(ast, statement.body()) +
             (statement.orelse().empty() ? 0 : 1 + branchesIn(ast, statement.orelse()));
    }
    case NodeKind::kTry: {
      auto statement = ast.as<syntax::Try>(node);
      // The body counts when there is something beside the handlers.
      uint32_t count = branchesIn(ast, statement.body());
      if (!statement.orelse().empty()) count += 1 + branchesIn(ast, statement.orelse());
      if (!statement.finalbody().empty()) count += 1 + branchesIn(ast, statement.finalbody());
      for (NodeId id : statement.handlers()) count += 1 + branchesIn(ast, ast.as<syntax::ExceptHandler>(id).body());
      return count;
    }
    case NodeKind::kWith: return branchesIn(ast, ast.as<syntax::With>(node).body());
    default: return 0;
  }
}

static uint32_t branchesIn(const Ast& ast, NodeList body) {
  uint32_t count = 0;
  for (NodeId statement : body) count += branchesOf(ast, statement);
  return count;
}

void checkBranchCount(LintContext& context, NodeId node) {
  uint32_t count = branchesIn(context.ast, context.ast.as<syntax::FunctionDef>(node).body());
  uint32_t limit = context.options.number("pylint.max-branches", 12);
  if (count > limit) context.sink.begin("PLR0912"_rule, nameRange(context.ast, node), {std::to_string(count), std::to_string(limit)});
}

}  // namespace krait::lint
