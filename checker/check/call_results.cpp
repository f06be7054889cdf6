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

TypeId callResult(World& w, FunctionId id, const std::vector<TypeId>& given, uint32_t depth) {
  BodyFactsStore& store = w.body_facts;
  if (auto known = store.calls.find(id.value); known != store.calls.end()) {
    for (const BodyFactsStore::Call& call : known->second) {
      if (call.depth == depth && call.given == given) return call.result;
    }
  }
  uint64_t key = kCallKey | id.value, digest = digestOf(given, depth);
  if (const FactsAnswer* nested = nestedAnswer(store, key, digest)) return nested->type;
  if (openFactsFrame(store, key) != nullptr || isTooDeep(store, key)) return TypeId::none();
  openQuestion(store, key);
  FactsAnswer answer = evaluateCall(w, id, given);
  const FactsFrame& frame = store.open.back();
  // A question that only led back to itself has its answer.
  bool lasts = std::all_of(frame.uses.begin(), frame.uses.end(), [&](const FactsUse& use) { return use.key == key; });
  bool is_nested = enclosingFunction(w, w.functions[id].parent).valid();
  closeNestedQuestion(store, answer, digest);
  // What a function in a function sees of that one's names, no key tells.
  if (lasts || is_nested) store.nested.erase(key);
  if (!lasts || is_nested) return answer.type;
  std::vector<BodyFactsStore::Call>& kept = store.calls[id.value];
  if (kept.size() == kAnswers) kept.erase(kept.begin());
  kept.push_back({given, depth, answer.type});
  return answer.type;
}

TypeId inferCallResult(World& w, FunctionId id, const std::vector<TypeId>& given) {
  uint32_t depth = depthOf(w.body_facts);
  if (depth == kDeepestCall || !hasOpenResult(w, id) || !isSmall(w, id)) return TypeId::none();
  return callResult(w, id, given, depth);
}

}  // namespace krait::check
