// What a call of a function without annotations gives: its body is evaluated once more with the types of the arguments
// in place of the parameters, where without them the result is not known. Such calls in a body that is evaluated so are
// looked into once more, not deeper. What is found depends on the function and those types alone; it is kept in
// types/body_facts.h.
#include <algorithm>

#include "checker/check/check.h"
#include "checker/check/fact_questions.h"

namespace krait::check {

// Calls with more arguments, or of longer functions, give what is known without them.
static constexpr size_t kMostParameters = 6;
static constexpr uint32_t kLongestBody = 1200;
// So deep in each other calls are looked into.
static constexpr uint32_t kDeepestCall = 2;
// So many answers about a function are kept, the newest.
static constexpr size_t kAnswers = 16;

static constexpr uint64_t kCallKey = uint64_t{2} << 32;

// How many calls are being looked into, one in the other, since the last question of another kind.
static uint32_t depthOf(const BodyFactsStore& store) {
  uint32_t depth = 0;
  for (size_t i = store.open.size(); i-- > 0 && (store.open[i].key >> 32) == (kCallKey >> 32);) ++depth;
  return depth;
}

static uint64_t digestOf(const std::vector<TypeId>& given, uint32_t depth) {
  uint64_t digest = depth + 1;
  for (TypeId type : given) {
    digest = (digest ^ type.value) * 0x9E3779B97F4A7C15u;
    digest ^= digest >> 29;
  }
  return digest;
}

// Is the function short, and of plain parameters?
static bool isSmall(World& w, FunctionId id) {
  const FunctionInfo& function = w.functions[id];
  const Ast& ast = *w.modules[function.module].ast;
  auto def = ast.as<syntax::FunctionDef>(function.node);
  size_t count = ast.as<syntax::Parameters>(def.params()).params().size();
  if (count > kMostParameters + (function.owner.valid() ? 1 : 0) || def.body().empty()) return false;
  NodeList body = def.body();
  bool has_text = body.size() > 1 && ast.is(body[0], NodeKind::kExprStmt) && syntax::stringValue(ast, ast.as<syntax::ExprStmt>(body[0]).value()).has_value();
  return ast.range(function.node).end - ast.range(body[has_text ? 1 : 0]).begin <= kLongestBody;
}

namespace {

// The names of a body whose values come from its parameters, as far as the text tells.
struct Sources {
  const Ast& ast;
  std::vector<NameId> names = {};

  bool has(NameId name) const { return std::find(names.begin(), names.end(), name) != names.end(); }
  bool isIn(NodeId node) const {
    if (ast.is(node, NodeKind::kName)) return has(syntax::nameOf(ast, node));
    bool found = false;
    syntax::forEachChild(ast, node, [&](NodeId child) { found = found || isIn(child); });
    return found;
  }
  void addAll(NodeId target) {
    if (ast.is(target, NodeKind::kName) && !has(syntax::nameOf(ast, target))) names.push_back(syntax::nameOf(ast, target));
    syntax::forEachChild(ast, target, [&](NodeId child) { addAll(child); });
  }
  // Follows values into variables, and into what variables hold (`x.append(y)`).
  void follow(NodeId node) {
    syntax::forEachChild(ast, node, [&](NodeId child) { follow(child); });
    switch (ast.kind(node)) {
      case NodeKind::kAssign:
      case NodeKind::kAnnAssign:
      case NodeKind::kAugAssign:
      case NodeKind::kNamedExpr:
      case NodeKind::kFor:
      case NodeKind::kWithItem:
      case NodeKind::kComprehension:
      case NodeKind::kMatch:
      case NodeKind::kFunctionDef:
        if (isIn(node)) addTargets(node);
        return;
      case NodeKind::kCall:
        if (isIn(node)) addAll(ast.as<syntax::Call>(node).func());
        return;
      default: return;
    }
  }
  void addTargets(NodeId node) {
    if (auto def = ast.tryAs<syntax::FunctionDef>(node)) return add(syntax::nameOf(ast, def->name()));
    auto visit = [&](auto&& self, NodeId at) -> void {
      if (auto name = ast.tryAs<syntax::Name>(at); name && name->context() != syntax::ExprContext::kLoad) add(syntax::nameOf(ast, at));
      if (ast.is(at, NodeKind::kSubscript) || ast.is(at, NodeKind::kAttribute) || ast.is(at, NodeKind::kMatchAs)) addAll(at);
      syntax::forEachChild(ast, at, [&](NodeId child) { self(self, child); });
    };
    visit(visit, node);
  }
  void add(NameId name) {
    if (!has(name)) names.push_back(name);
  }
  bool reachResult(NodeId node) const {
    switch (ast.kind(node)) {
      case NodeKind::kReturn:
      case NodeKind::kYield:
      case NodeKind::kYieldFrom: return isIn(node);
      case NodeKind::kFunctionDef:
      case NodeKind::kLambda:
      case NodeKind::kClassDef: return false;
      default: break;
    }
    bool found = false;
    syntax::forEachChild(ast, node, [&](NodeId child) { found = found || reachResult(child); });
    return found;
  }
};

}  // namespace

// Does what the function gives come from its parameters, as far as the text tells?
static bool dependsOnParameters(World& w, FunctionId id) {
  const FunctionInfo& function = w.functions[id];
  const Ast& ast = *w.modules[function.module].ast;
  auto def = ast.as<syntax::FunctionDef>(function.node);
  Sources sources{ast};
  NodeList params = ast.as<syntax::Parameters>(def.params()).params();
  for (size_t i = function.owner.valid() && !function.has(kFnStatic) ? 1 : 0; i < params.size(); ++i) {
    auto param = ast.as<syntax::Parameter>(params[i]);
    if (!param.annotation().valid()) sources.add(syntax::nameOf(ast, param.name()));
  }
  for (size_t known = 0; known != sources.names.size();) {
    known = sources.names.size();
    for (NodeId statement : def.body()) sources.follow(statement);
  }
  for (NodeId statement : def.body()) {
    if (sources.reachResult(statement)) return true;
  }
  return false;
}

TypeId callResult(World& w, FunctionId id, const std::vector<TypeId>& given, uint32_t depth) {
  BodyFactsStore& store = w.body_facts;
  if (auto known = store.calls.find(id.value); known != store.calls.end()) {
    for (const BodyFactsStore::Call& call : known->second) {
      if (call.depth == depth && call.given == given) return call.result;
    }
  }
  auto keep = [&](TypeId result) {
    std::vector<BodyFactsStore::Call>& kept = store.calls[id.value];
    if (kept.size() == kAnswers) kept.erase(kept.begin());
    kept.push_back({given, depth, result});
    return result;
  };
  bool is_nested = enclosingFunction(w, w.functions[id].parent).valid();
  if (!hasOpenResult(w, id)) return TypeId::none();
  if (!isSmall(w, id) || !dependsOnParameters(w, id)) return is_nested ? TypeId::none() : keep(TypeId::none());
  uint64_t key = kCallKey | id.value, digest = digestOf(given, depth) ^ (is_nested ? digestOfNames(w, id) : 0);
  if (const FactsAnswer* nested = nestedAnswer(store, key, digest)) return nested->type;
  if (openFactsFrame(store, key) != nullptr || isTooDeep(store, key)) return TypeId::none();
  openQuestion(store, key);
  FactsAnswer answer = evaluateCall(w, id, given);
  const FactsFrame& frame = store.open.back();
  // A question that only led back to itself has its answer.
  bool lasts = std::all_of(frame.uses.begin(), frame.uses.end(), [&](const FactsUse& use) { return use.key == key; });
  closeNestedQuestion(store, answer, digest);
  if (lasts && !is_nested) store.nested.erase(key);
  return !lasts || is_nested ? answer.type : keep(answer.type);
}

TypeId inferCallResult(World& w, FunctionId id, const std::vector<TypeId>& given) {
  uint32_t depth = depthOf(w.body_facts);
  return depth == kDeepestCall ? TypeId::none() : callResult(w, id, given, depth);
}

}  // namespace krait::check
