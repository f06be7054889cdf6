// B031: the group of itertools.groupby used twice. ref: flake8-bugbear B031
#include <algorithm>
#include <vector>

#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

namespace {
struct GroupUses {
  const Ast& ast;
  NameId group;
  uint32_t count = 0;
  bool is_nested = false;
  bool is_overridden = false;
  std::vector<NodeId> repeated;

  bool matches(NodeId node) const { return ast.is(node, NodeKind::kName) && syntax::nameOf(ast, node) == group; }
  void visit(NodeId node);
  void visitChildren(NodeId node);
  void visitAll(NodeList nodes);
  void visitIterable(NodeId node);
  uint32_t visitBranch(NodeList body);
  void visitIf(syntax::If statement);
  void visitMatch(syntax::Match statement);
  void visitComprehension(NodeId node);
};
}  // namespace

void GroupUses::visitChildren(NodeId node) {
  syntax::forEachChild(ast, node, [&](NodeId child) { visit(child); });
}

void GroupUses::visitAll(NodeList nodes) {
  for (NodeId node : nodes) visit(node);
}

void GroupUses::visitIterable(NodeId node) {
  if (!matches(node)) return visit(node);
  if (++count > 1) repeated.push_back(node);
}

// What the branch adds to the count; nothing when it leaves.
uint32_t GroupUses::visitBranch(NodeList body) {
  uint32_t before = count;
  visitAll(body);
  uint32_t added = count - before;
  count = before;
  bool leaves = false;
  if (!body.empty()) {
    NodeKind last = ast.kind(body.back());
    leaves = last == NodeKind::kReturn || last == NodeKind::kContinue || last == NodeKind::kBreak || last == NodeKind::kRaise;
  }
  return leaves ? 0 : added;
}

void GroupUses::visitIf(syntax::If statement) {
  visit(statement.test());
  uint32_t added = visitBranch(statement.body());
  added = std::max(added, visitBranch(statement.orelse()));
  count += added;
}

void GroupUses::visitMatch(syntax::Match statement) {
  visit(statement.subject());
  uint32_t added = 0;
  for (NodeId id : statement.cases()) added = std::max(added, visitBranch(ast.as<syntax::MatchCase>(id).body()));
  count += added;
}

void GroupUses::visitComprehension(NodeId node) {
  bool is_dict = ast.is(node, NodeKind::kDictComp);
  for (NodeId id : ast.list(node, is_dict ? 2 : 1)) visitIterable(ast.as<syntax::Comprehension>(id).iter());
  bool was_nested = is_nested;
  is_nested = true;
  visitChildren(ast.child(node, 0));
  if (is_dict) visitChildren(ast.child(node, 1));
  is_nested = was_nested;
}

void GroupUses::visit(NodeId node) {
  if (is_overridden) return;
  bool was_nested = is_nested;
  switch (ast.kind(node)) {
    case NodeKind::kFor:
      visitIterable(ast.as<syntax::For>(node).iter());
      is_nested = true;
      visitAll(ast.as<syntax::For>(node).body());
      is_nested = was_nested;
      return;
    case NodeKind::kWhile:
      is_nested = true;
      visitAll(ast.as<syntax::While>(node).body());
      is_nested = was_nested;
      return;
    case NodeKind::kIf: return visitIf(ast.as<syntax::If>(node));
    case NodeKind::kMatch: return visitMatch(ast.as<syntax::Match>(node));
    case NodeKind::kAssign: {
      auto assign = ast.as<syntax::Assign>(node);
      visit(assign.value());
      for (NodeId target : assign.targets()) is_overridden = is_overridden || matches(target);
      return;
    }
    case NodeKind::kNamedExpr:
      if (!matches(ast.as<syntax::NamedExpr>(node).target())) break;
      is_overridden = true;
      return;
    case NodeKind::kListComp:
    case NodeKind::kSetComp:
    case NodeKind::kDictComp:
    case NodeKind::kGeneratorExp: return visitComprehension(node);
    case NodeKind::kName:
      if (matches(node) && (++count > 1 || is_nested)) repeated.push_back(node);
      return;
    default: break;
  }
  visitChildren(node);
}

void checkGroupbyReuse(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto loop = ast.as<syntax::For>(node);
  auto target = ast.tryAs<syntax::Tuple>(loop.target());
  auto call = ast.tryAs<syntax::Call>(loop.iter());
  if (!target || !call || target->elts().size() != 2 || !ast.is(target->elts()[1], NodeKind::kName)) return;
  if (qualifiedName(context, call->func()) != "itertools.groupby") return;
  GroupUses uses{.ast = ast, .group = syntax::nameOf(ast, target->elts()[1]), .repeated = {}};
  uses.visitAll(loop.body());
  for (NodeId name : uses.repeated) context.sink.begin("B031"_rule, ast.range(name));
}

}  // namespace krait::lint
