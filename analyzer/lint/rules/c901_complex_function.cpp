// C901: too many paths through a function. ref: mccabe
#include "analyzer/lint/rule.h"

namespace krait::lint {

// ref: mccabe.PathGraphingAstVisitor; `elif` counts as a branch, boolean operators do not.
static uint32_t complexityOf(const Ast& ast, NodeId node) {
  uint32_t own = 0;
  switch (ast.kind(node)) {
    case NodeKind::kIf:
    case NodeKind::kWhile:
    case NodeKind::kFor: own = 1; break;
    case NodeKind::kFunctionDef: own = 1; break;
    case NodeKind::kExceptHandler: own = 1; break;
    case NodeKind::kMatchCase: own = 1; break;
    default: break;
  }
  if (auto statement = ast.tryAs<syntax::Try>(node)) own = !statement->orelse().empty();
  if (auto statement = ast.tryAs<syntax::Match>(node)) {
    // A last case that matches everything is the way that is there anyway.
    NodeList cases = statement->cases();
    auto last = ast.as<syntax::MatchCase>(cases.back());
    auto pattern = ast.tryAs<syntax::MatchAs>(last.pattern());
    if (pattern && !pattern->pattern().valid() && !last.guard().valid()) {
      uint32_t sum = 0;
      for (NodeId match_case : cases) sum += complexityOf(ast, match_case);
      return sum - 1;
    }
  }
  syntax::forEachChild(ast, node, [&](NodeId child) {
    NodeKind kind = ast.kind(child);
    if (syntax::isStatement(ast, child) || kind == NodeKind::kExceptHandler || kind == NodeKind::kMatchCase) {
      own += complexityOf(ast, child);
    }
  });
  return own;
}

void checkComplexity(LintContext& context, NodeId node) {
  uint32_t complexity = complexityOf(context.ast, node);
  uint32_t limit = context.options.number("mccabe.max-complexity", 10);
  if (complexity <= limit) return;
  NodeId name = context.ast.as<syntax::FunctionDef>(node).name();
  context.sink.begin("C901"_rule, context.ast.range(name),
                     {syntax::nameText(context.ast, name), std::to_string(complexity), std::to_string(limit)});
}

}  // namespace krait::lint
