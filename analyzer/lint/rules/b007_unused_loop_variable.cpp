// B007: a loop variable that the body never reads. ref: flake8-bugbear B007
#include <vector>

#include "analyzer/lint/rule.h"

namespace krait::lint {

static void collectNames(const Ast& ast, NodeId target, std::vector<NodeId>& names) {
  if (ast.is(target, NodeKind::kName)) names.push_back(target);
  if (auto tuple = ast.tryAs<syntax::Tuple>(target)) {
    for (NodeId element : tuple->elts()) collectNames(ast, element, names);
  }
  if (auto list = ast.tryAs<syntax::List>(target)) {
    for (NodeId element : list->elts()) collectNames(ast, element, names);
  }
  if (auto starred = ast.tryAs<syntax::Starred>(target)) collectNames(ast, starred->value(), names);
}

// Is the name read or bound anywhere in the body, or does the body look at all locals?
static bool isMentioned(const Ast& ast, NodeId node, NameId name) {
  if (ast.is(node, NodeKind::kName) && syntax::nameOf(ast, node) == name &&
      ast.as<syntax::Name>(node).context() == syntax::ExprContext::kLoad) {
    return true;
  }
  if (auto call = ast.tryAs<syntax::Call>(node); call && call->args().empty()) {
    std::string_view function = syntax::nameText(ast, call->func());
    if (function == "locals") return true;
  }
  bool found = false;
  syntax::forEachChild(ast, node, [&](NodeId child) { found = found || isMentioned(ast, child, name); });
  return found;
}

void checkUnusedLoopVariables(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto loop = ast.as<syntax::For>(node);
  std::vector<NodeId> names;
  collectNames(ast, loop.target(), names);
  for (NodeId name : names) {
    std::string_view text = syntax::nameText(ast, name);
    if (text.starts_with("_")) continue;
    bool is_used = false;
    for (NodeId statement : loop.body()) is_used = is_used || isMentioned(ast, statement, syntax::nameOf(ast, name));
    // Not in the body, but after the loop: then the last value is what is wanted; ruff reports it without a fix.
    if (!is_used) context.sink.begin(Rule::kB007, ast.range(name), {text});
  }
}

}  // namespace krait::lint
