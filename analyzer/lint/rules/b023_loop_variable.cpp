// B023: a function made in a loop that reads the loop's variables when it is called. ref: flake8-bugbear B023
#include <algorithm>
#include <vector>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

namespace {
struct LoopFunctions {
  std::vector<NodeId> safe;        // lambdas that are called at once
  std::vector<NodeId> suspicious;  // names that functions read and do not bind
};
}  // namespace

static bool contains(const std::vector<NodeId>& nodes, NodeId node) {
  return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
}

static void addAssigned(const Ast& ast, NodeId target, std::vector<NameId>& out) {
  if (ast.is(target, NodeKind::kName)) return out.push_back(syntax::nameOf(ast, target));
  if (auto starred = ast.tryAs<syntax::Starred>(target)) return addAssigned(ast, starred->value(), out);
  if (!ast.is(target, NodeKind::kTuple) && !ast.is(target, NodeKind::kList)) return;
  for (NodeId element : ast.list(target, 0)) addAssigned(ast, element, out);
}

// The names that the loop assigns, functions inside left out.
static void collectAssigned(const Ast& ast, NodeId node, std::vector<NameId>& out) {
  switch (ast.kind(node)) {
    case NodeKind::kFunctionDef:
    case NodeKind::kLambda: return;
    case NodeKind::kAssign:
      for (NodeId target : ast.as<syntax::Assign>(node).targets()) addAssigned(ast, target, out);
      break;
    case NodeKind::kAugAssign: addAssigned(ast, ast.as<syntax::AugAssign>(node).target(), out); break;
    case NodeKind::kAnnAssign: addAssigned(ast, ast.as<syntax::AnnAssign>(node).target(), out); break;
    case NodeKind::kFor: addAssigned(ast, ast.as<syntax::For>(node).target(), out); break;
    case NodeKind::kComprehension: addAssigned(ast, ast.as<syntax::Comprehension>(node).target(), out); break;
    default: break;
  }
  syntax::forEachChild(ast, node, [&](NodeId child) { collectAssigned(ast, child, out); });
}

static void collectReads(const Ast& ast, NodeId params, NodeList body, std::vector<NodeId>& out) {
  std::vector<NodeId> loaded;
  std::vector<NameId> bound;
  for (NodeId param : ast.as<syntax::Parameters>(params).params()) {
    bound.push_back(syntax::nameOf(ast, ast.as<syntax::Parameter>(param).name()));
  }
  for (NodeId part : body) {
    anyOver(ast, part, [&](NodeId node) {
      auto name = ast.tryAs<syntax::Name>(node);
      if (name && name->context() == syntax::ExprContext::kLoad) loaded.push_back(node);
      if (name && name->context() == syntax::ExprContext::kStore) bound.push_back(name->name());
      return false;
    });
  }
  for (NodeId node : loaded) {
    if (std::find(bound.begin(), bound.end(), syntax::nameOf(ast, node)) == bound.end()) out.push_back(node);
  }
}

static void markSafeArguments(const Ast& ast, syntax::Call call, LoopFunctions& functions) {
  std::string_view name = ast.is(call.func(), NodeKind::kName) ? syntax::nameText(ast, call.func()) : std::string_view();
  bool calls_now = isOneOf(name, {"filter", "reduce", "map"}) || dottedText(ast, call.func()) == "functools.reduce";
  if (ast.is(call.func(), NodeKind::kLambda)) functions.safe.push_back(call.func());
  for (NodeId arg : call.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (!keyword && calls_now && ast.is(arg, NodeKind::kLambda)) functions.safe.push_back(arg);
    bool is_key = keyword && syntax::nameText(ast, keyword->arg()) == "key";
    if (is_key && ast.is(keyword->value(), NodeKind::kLambda)) functions.safe.push_back(keyword->value());
  }
}

static void visit(const Ast& ast, NodeId node, LoopFunctions& functions) {
  if (auto function = ast.tryAs<syntax::FunctionDef>(node)) {
    return collectReads(ast, function->params(), function->body(), functions.suspicious);
  }
  if (auto statement = ast.tryAs<syntax::Return>(node)) {
    if (ast.is(statement->value(), NodeKind::kLambda)) functions.safe.push_back(statement->value());
  } else if (auto call = ast.tryAs<syntax::Call>(node)) {
    markSafeArguments(ast, *call, functions);
  } else if (auto lambda = ast.tryAs<syntax::Lambda>(node); lambda && !contains(functions.safe, node)) {
    NodeId body[] = {lambda->body()};
    return collectReads(ast, lambda->params(), body, functions.suspicious);
  }
  syntax::forEachChild(ast, node, [&](NodeId child) { visit(ast, child, functions); });
}

void checkLoopFunctions(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  LoopFunctions functions;
  syntax::forEachChild(ast, node, [&](NodeId child) { visit(ast, child, functions); });
  if (functions.suspicious.empty()) return;
  std::vector<NameId> assigned;
  collectAssigned(ast, node, assigned);
  for (NodeId name : functions.suspicious) {
    if (std::find(assigned.begin(), assigned.end(), syntax::nameOf(ast, name)) == assigned.end()) continue;
    // An outer loop comes first and reports for the inner ones.
    bool is_reported = false;
    for (NodeId outer = ast.parent(node); outer.valid() && !is_reported; outer = ast.parent(outer)) {
      NodeKind kind = ast.kind(outer);
      if (kind == NodeKind::kFunctionDef || kind == NodeKind::kLambda) break;
      bool is_loop = kind == NodeKind::kFor || kind == NodeKind::kWhile || kind == NodeKind::kListComp ||
                     kind == NodeKind::kSetComp || kind == NodeKind::kDictComp || kind == NodeKind::kGeneratorExp;
      if (!is_loop) continue;
      std::vector<NameId> outer_assigned;
      collectAssigned(ast, outer, outer_assigned);
      is_reported = std::find(outer_assigned.begin(), outer_assigned.end(), syntax::nameOf(ast, name)) != outer_assigned.end();
    }
    if (!is_reported) context.sink.begin("B023"_rule, ast.range(name), {syntax::nameText(ast, name)});
  }
}

}  // namespace krait::lint
