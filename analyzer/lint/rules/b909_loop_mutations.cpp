// B909, PLE1141, PLE4703: what a loop runs over changes in its body, or gives less than the targets want.
// ref: flake8-bugbear, pylint
#include <map>
#include <string>
#include <vector>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

namespace {
// Collects what changes `iter`, by branch: leaving the loop forgives the branch at hand.
struct Mutations {
  const Ast& ast;
  NodeId iter, target, index;
  std::map<uint32_t, std::vector<TextRange>> found;
  uint32_t branch = 0;
  uint32_t inner_loops = 0;  // that a `break` would leave

  void add(TextRange range) { found[branch].push_back(range); }
  bool isIter(NodeId node) const { return isSameExpr(ast, node, iter); }
  bool isItem(NodeId node) const {
    auto subscript = ast.tryAs<syntax::Subscript>(node);
    return subscript && isIter(subscript->value());
  }
};
}  // namespace

static bool isMutating(std::string_view name) {
  return isOneOf(name, {"append", "sort", "reverse", "remove", "clear", "extend", "insert", "pop", "popitem", "setdefault", "update", "intersection_update",
                        "difference_update", "symmetric_difference_update", "add", "discard"});
}

static void visitMutations(Mutations& mutations, NodeId node) {
  const Ast& ast = mutations.ast;
  NodeKind kind = ast.kind(node);
  if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef) return;
  if (kind == NodeKind::kBreak && mutations.inner_loops > 0) return;
  if (kind == NodeKind::kFor || kind == NodeKind::kWhile) {
    ++mutations.inner_loops;
    syntax::forEachChild(ast, node, [&](NodeId child) { visitMutations(mutations, child); });
    --mutations.inner_loops;
    return;
  }
  if (kind == NodeKind::kBreak || kind == NodeKind::kReturn) {
    mutations.found[mutations.branch].clear();
    return;
  }
  if (auto branch = ast.tryAs<syntax::If>(node)) {
    ++mutations.branch;
    visitMutations(mutations, branch->test());
    for (NodeId statement : branch->body()) visitMutations(mutations, statement);
    bool has_elif = branch->orelse().size() == 1 && ast.is(branch->orelse()[0], NodeKind::kIf) && ast.as<syntax::If>(branch->orelse()[0]).isElif();
    if (!branch->orelse().empty() && !has_elif) ++mutations.branch;
    for (NodeId statement : branch->orelse()) visitMutations(mutations, statement);
    return;
  }
  if (auto removal = ast.tryAs<syntax::Delete>(node)) {
    for (NodeId target : removal->targets()) {
      if (mutations.isItem(target)) mutations.add(ast.range(node));
    }
  } else if (auto assign = ast.tryAs<syntax::Assign>(node)) {
    for (NodeId target : assign->targets()) {
      if (!mutations.isItem(target)) continue;
      NodeId slice = ast.as<syntax::Subscript>(target).slice();
      bool is_own = isSameExpr(ast, slice, mutations.target) || (mutations.index.valid() && isSameExpr(ast, slice, mutations.index));
      if (!is_own) mutations.add(ast.range(node));
    }
  } else if (auto augmented = ast.tryAs<syntax::AugAssign>(node)) {
    if (mutations.isIter(augmented->target())) mutations.add(ast.range(node));
  } else if (auto call = ast.tryAs<syntax::Call>(node)) {
    auto method = ast.tryAs<syntax::Attribute>(call->func());
    if (method && isMutating(syntax::nameText(ast, method->attr())) && mutations.isIter(method->value())) mutations.add(ast.range(call->func()));
  }
  syntax::forEachChild(ast, node, [&](NodeId child) { visitMutations(mutations, child); });
}

void checkLoopMutations(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto loop = ast.as<syntax::For>(node);
  Mutations mutations{.ast = ast, .iter = loop.iter(), .target = loop.target(), .index = NodeId::none(), .found = {}};
  if (auto call = ast.tryAs<syntax::Call>(loop.iter())) {
    auto pair = ast.tryAs<syntax::Tuple>(loop.target());
    if (!isBuiltin(context, call->func(), "enumerate") || call->args().size() != 1 || !pair || pair->elts().size() != 2) return;
    mutations.iter = call->args()[0];
    mutations.index = pair->elts()[0];
    mutations.target = pair->elts()[1];
  }
  if (!ast.is(mutations.iter, NodeKind::kName) && !ast.is(mutations.iter, NodeKind::kAttribute)) return;
  for (NodeId statement : loop.body()) visitMutations(mutations, statement);
  for (const auto& [branch, ranges] : mutations.found) {
    for (TextRange range : ranges) context.sink.begin("B909"_rule, range, {ast.text(mutations.iter)});
  }
}

// Is the name bound to a dict display all of whose keys are pairs?
static bool hasPairKeys(const LintContext& context, NodeId name) {
  const Definition* definition = onlyDefinition(context, name);
  if (definition == nullptr) return false;
  auto dict = context.ast.tryAs<syntax::Dict>(definedValue(context, *definition));
  if (!dict || dict->keys().empty()) return false;
  for (NodeId key : dict->keys()) {
    auto pair = context.ast.tryAs<syntax::Tuple>(key);
    if (!pair || pair->elts().size() != 2) return false;
  }
  return true;
}

void checkDictUnpacking(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto loop = ast.as<syntax::For>(node);
  auto pair = ast.tryAs<syntax::Tuple>(loop.target());
  if (!pair || pair->elts().size() != 2 || !ast.is(loop.iter(), NodeKind::kName) || !isKnownAs(context, loop.iter(), Container::kDict)) return;
  if (hasPairKeys(context, loop.iter())) return;
  TextRange range = ast.range(loop.iter());
  context.sink.begin("PLE1141"_rule, range).fix("Add a call to `.items()`", {{{range.end, range.end}, ".items()"}}, FixSafety::kUnsafe);
}

static bool mutatesSet(const Ast& ast, NodeId node, NameId set) {
  NodeKind kind = ast.kind(node);
  if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef) return false;
  if (auto call = ast.tryAs<syntax::Call>(node)) {
    auto method = ast.tryAs<syntax::Attribute>(call->func());
    bool is_own = method && ast.is(method->value(), NodeKind::kName) && syntax::nameOf(ast, method->value()) == set;
    if (is_own && isOneOf(std::string(syntax::nameText(ast, method->attr())), {"add", "clear", "discard", "pop", "remove"})) return true;
  }
  bool is_found = false;
  syntax::forEachChild(ast, node, [&](NodeId child) { is_found = is_found || mutatesSet(ast, child, set); });
  return is_found;
}

void checkIteratedSetMutation(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto loop = ast.as<syntax::For>(node);
  if (!ast.is(loop.iter(), NodeKind::kName) || !isKnownAs(context, loop.iter(), Container::kSet)) return;
  bool is_mutated = false;
  for (NodeId statement : loop.body()) is_mutated = is_mutated || mutatesSet(ast, statement, syntax::nameOf(ast, loop.iter()));
  if (!is_mutated) return;
  TextRange range = ast.range(loop.iter());
  std::string name(ast.text(range));
  context.sink.begin("PLE4703"_rule, ast.range(node), {name}).fix("Iterate over a copy of `" + name + "`", {{{range.end, range.end}, ".copy()"}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
