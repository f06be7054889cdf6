// PLW2901: a loop variable that the body assigns. ref: pylint redefined-loop-name
#include <algorithm>
#include <vector>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/name_settings.h"

namespace krait::lint {

struct LoopNames {
  std::vector<NodeId> names;  // or attributes and items
  bool is_with = false;
  bool has(const Ast& ast, NodeId name) const {
    return std::any_of(names.begin(), names.end(), [&](NodeId other) {
      return ast.is(name, NodeKind::kName) ? ast.is(other, NodeKind::kName) && syntax::nameOf(ast, other) == syntax::nameOf(ast, name)
                                           : ast.kind(other) == ast.kind(name) && ast.text(other) == ast.text(name);
    });
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
  if (ast.is(target, NodeKind::kAttribute) || ast.is(target, NodeKind::kSubscript)) out.push_back(target);
}

static void report(LintContext& context, const LoopNames& loop, NodeId target, std::string_view what) {
  std::vector<NodeId> names;
  collectNames(context.ast, target, names);
  for (NodeId name : names) {
    if (!loop.has(context.ast, name)) continue;
    std::string_view outer = loop.is_with ? "`with` statement" : "`for` loop";
    bool is_same_kind = what == (loop.is_with ? "`with` statement" : "`for` loop");
    std::string shown = is_same_kind ? "inner " + std::string(what) : std::string(what);
    context.sink.begin("PLW2901"_rule, context.ast.range(name),
                       {(is_same_kind ? "Outer " : "") + std::string(outer), context.ast.text(name), shown});
  }
}

// `x = typing.cast(T, x)`, which changes nothing.
static bool isCast(const LintContext& context, syntax::Assign assign) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(assign.value());
  if (!call || assign.targets().size() != 1 || call->args().size() != 2 || typingName(context, call->func()) != "cast") return false;
  NodeId target = assign.targets()[0], value = call->args()[1];
  return ast.is(target, NodeKind::kName) && ast.is(value, NodeKind::kName) && syntax::nameOf(ast, target) == syntax::nameOf(ast, value);
}

static void visit(LintContext& context, const LoopNames& loop, NodeId node) {
  const Ast& ast = context.ast;
  NodeKind kind = ast.kind(node);
  if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef) return;
  if (auto assign = ast.tryAs<syntax::Assign>(node)) {
    for (size_t i = 0; i < assign->targets().size() && !isCast(context, *assign); ++i) report(context, loop, assign->targets()[i], "assignment");
  } else if (auto augmented = ast.tryAs<syntax::AugAssign>(node)) {
    report(context, loop, augmented->target(), "assignment");
  } else if (auto annotated = ast.tryAs<syntax::AnnAssign>(node)) {
    if (annotated->value().valid()) report(context, loop, annotated->target(), "assignment");
  } else if (auto inner = ast.tryAs<syntax::For>(node)) {
    report(context, loop, inner->target(), "`for` loop");
  } else if (auto with = ast.tryAs<syntax::With>(node)) {
    for (NodeId id : with->items()) {
      NodeId target = ast.as<syntax::WithItem>(id).optionalVars();
      if (target.valid()) report(context, loop, target, "`with` statement");
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
  std::vector<NodeId> targets;
  LoopNames loop;
  NodeList body;
  if (auto with = ast.tryAs<syntax::With>(node)) {
    for (NodeId item : with->items()) {
      NodeId target = ast.as<syntax::WithItem>(item).optionalVars();
      if (target.valid()) collectNames(ast, target, targets);
    }
    body = with->body();
    loop.is_with = true;
  } else {
    collectNames(ast, ast.as<syntax::For>(node).target(), targets);
    body = ast.as<syntax::For>(node).body();
  }
  for (NodeId target : targets) {
    if (!isDummy(context, syntax::nameText(ast, target))) loop.names.push_back(target);
  }
  if (loop.names.empty()) return;
  for (NodeId child : body) visit(context, loop, child);
}

}  // namespace krait::lint
