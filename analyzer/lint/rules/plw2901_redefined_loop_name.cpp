// PLW2901: a loop variable that the body assigns. ref: pylint redefined-loop-name
#include <vector>

#include "analyzer/lint/rule.h"

namespace krait::lint {

struct LoopNames {
  std::vector<NameId> names;
  bool has(NameId name) const {
    for (NameId other : names) {
      if (other == name) return true;
    }
    return false;
  }
};

static void collectNames(const Ast& ast, NodeId target, std::vector<NodeId>& out) {
  if (ast.is(target, NodeKind::kName)) out.push_back(target);
  if (auto tuple = ast.tryAs<syntax::Tuple>(target)) {
    for (NodeId element : tuple->elts()) collectNames(ast, element, out);
  }
  if (auto list = ast.tryAs<syntax::List>(target)) {
    for (NodeId element : list->elts()) collectNames(ast, element, out);
  }
  if (auto starred = ast.tryAs<syntax::Starred>(target)) collectNames(ast, starred->value(), out);
}

static void report(LintContext& context, const LoopNames& loop, NodeId target, std::string_view what) {
  std::vector<NodeId> names;
  collectNames(context.ast, target, names);
  for (NodeId name : names) {
    if (!loop.has(syntax::nameOf(context.ast, name))) continue;
    context.sink.begin(Rule::kPLW2901, context.ast.range(name), {syntax::nameText(context.ast, name), what});
  }
}

static void visit(LintContext& context, const LoopNames& loop, NodeId node) {
  const Ast& ast = context.ast;
  NodeKind kind = ast.kind(node);
  if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef) return;
  if (auto assign = ast.tryAs<syntax::Assign>(node)) {
    for (NodeId target : assign->targets()) report(context, loop, target, "assignment");
  } else if (auto augmented = ast.tryAs<syntax::AugAssign>(node)) {
    report(context, loop, augmented->target(), "assignment");
  } else if (auto annotated = ast.tryAs<syntax::AnnAssign>(node)) {
    if (annotated->value().valid()) report(context, loop, annotated->target(), "assignment");
  } else if (auto inner = ast.tryAs<syntax::For>(node)) {
    report(context, loop, inner->target(), "inner `for` loop");
  } else if (auto with = ast.tryAs<syntax::With>(node)) {
    for (NodeId id : with->items()) {
      NodeId target = ast.as<syntax::WithItem>(id).optionalVars();
      if (target.valid()) report(context, loop, target, "inner `with` statement");
    }
  }
  syntax::forEachChild(ast, node, [&](NodeId child) {
    NodeKind child_kind = ast.kind(child);
    if (syntax::isStatement(ast, child) || child_kind == NodeKind::kExceptHandler || child_kind == NodeKind::kMatchCase) {
      visit(context, loop, child);
    }
  });
}

void checkRedefinedLoopName(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::For>(node);
  std::vector<NodeId> targets;
  collectNames(ast, statement.target(), targets);
  LoopNames loop;
  for (NodeId target : targets) {
    if (!isDummyName(syntax::nameText(ast, target))) loop.names.push_back(syntax::nameOf(ast, target));
  }
  if (loop.names.empty()) return;
  for (NodeId child : statement.body()) visit(context, loop, child);
}

}  // namespace krait::lint
