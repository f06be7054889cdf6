#include "checker/check/fact_questions.h"

#include <algorithm>
#include <optional>

#include "checker/relations/relations.h"

namespace krait::check {

static constexpr size_t kDeepest = 40;
// So often a cycle's answers are made again at most; what still changes then stays as it was first.
static constexpr int kRounds = 20;
// So often an answer may come out deeper than before: one that holds itself (a list of lists of …) would do so forever.
static constexpr int kGrowths = 3;
static constexpr int kDeepestType = 10;
// So many answers about a nested function are kept, the newest.
static constexpr size_t kNestedAnswers = 4;

static void use(BodyFactsStore& store, uint64_t key, uint32_t version, size_t low) {
  if (store.open.empty()) return;
  FactsFrame& asker = store.open.back();
  asker.low = std::min(asker.low, low);
  FactsUse entry{key, version};
  if (asker.uses.empty() || asker.uses.back() != entry) asker.uses.push_back(entry);
}

const FactsAnswer* factsAnswer(BodyFactsStore& store, uint64_t key) {
  if (auto known = store.known.find(key); known != store.known.end()) return &known->second;
  auto local = store.local.find(key);
  if (local == store.local.end()) return nullptr;
  use(store, key, local->second.version, local->second.low);
  return &local->second.answer;
}

FactsFrame* openFactsFrame(BodyFactsStore& store, uint64_t key) {
  for (size_t i = 0; i < store.open.size(); ++i) {
    if (store.open[i].key != key) continue;
    store.open[i].is_cyclic = true;
    use(store, key, 0, i);
    return &store.open[i];
  }
  return nullptr;
}

bool isTooDeep(BodyFactsStore& store, uint64_t key) {
  if (store.open.size() < kDeepest && store.evaluated.size() < kDeepest) return false;
  // What is found without an answer does not last.
  use(store, key, 0, 0);
  return true;
}

void openQuestion(BodyFactsStore& store, uint64_t key) {
  FactsFrame frame;
  frame.key = key;
  frame.low = store.open.size();
  store.open.push_back(std::move(frame));
}

static std::vector<FactsUse> withoutRepeats(std::vector<FactsUse> uses) {
  std::sort(uses.begin(), uses.end());
  uses.erase(std::unique(uses.begin(), uses.end()), uses.end());
  return uses;
}

// The lowest frame that an answer depends on that was used; none: it is not what it was then.
static std::optional<size_t> lowOfUse(const BodyFactsStore& store, const FactsUse& used) {
  auto local = store.local.find(used.key);
  if (local != store.local.end()) return local->second.version == used.version ? std::optional(local->second.low) : std::nullopt;
  if (used.version != 0) return std::nullopt;
  for (size_t i = 0; i < store.open.size(); ++i) {
    if (store.open[i].key == used.key) return i;
  }
  return std::nullopt;
}

const FactsAnswer* nestedAnswer(BodyFactsStore& store, uint64_t key, uint64_t names) {
  auto found = store.nested.find(key);
  if (found == store.nested.end()) return nullptr;
  for (const BodyFactsStore::Nested& nested : found->second) {
    bool holds = nested.names == names;
    for (const FactsUse& each : nested.uses) holds = holds && lowOfUse(store, each).has_value();
    if (!holds) continue;
    for (const FactsUse& each : nested.uses) {
      size_t low = *lowOfUse(store, each);
      if (each.version == 0) store.open[low].is_cyclic = true;
      use(store, each.key, each.version, low);
    }
    return &nested.answer;
  }
  return nullptr;
}

void closeNestedQuestion(BodyFactsStore& store, const FactsAnswer& answer, uint64_t names) {
  FactsFrame frame = std::move(store.open.back());
  store.open.pop_back();
  std::vector<FactsUse> uses = withoutRepeats(std::move(frame.uses));
  std::erase_if(uses, [&](const FactsUse& each) { return each.key == frame.key; });
  if (!store.open.empty()) {
    for (const FactsUse& each : uses) use(store, each.key, each.version, std::min(frame.low, store.open.size() - 1));
  }
  std::vector<BodyFactsStore::Nested>& kept = store.nested[frame.key];
  if (kept.size() == kNestedAnswers) kept.erase(kept.begin());
  kept.push_back({names, answer, std::move(uses)});
}

// The same but for the order in unions. Instances that are known to be of one literal differ from others.
static bool isSameFact(World& w, TypeId a, TypeId b) {
  if (a == b || !a.valid() || !b.valid()) return a == b;
  std::vector<TypeId> left = unionItems(w, a), right = unionItems(w, b);
  auto isPlain = [&](TypeId type) { return w.types.withoutLiteral(proper(w, type)) == proper(w, type); };
  return left.size() == right.size() && std::all_of(left.begin(), left.end(), [&](TypeId item) {
    return std::any_of(right.begin(), right.end(), [&](TypeId other) { return item == other || (isPlain(item) && isPlain(other) && isSameType(w, item, other)); });
  });
}

bool isSameAnswer(World& w, const FactsAnswer& a, const FactsAnswer& b) {
  if (a.assigned.size() != b.assigned.size() || !isSameFact(w, a.type, b.type)) return false;
  for (size_t i = 0; i < a.assigned.size(); ++i) {
    if (a.assigned[i].first != b.assigned[i].first || !isSameFact(w, a.assigned[i].second, b.assigned[i].second)) return false;
  }
  return true;
}

// Was the answer made of others that are no longer what they were? What was not answered at all then may be now.
static bool isStale(const BodyFactsStore& store, const BodyFactsStore::Local& local) {
  if (local.is_given_up) return false;
  return std::any_of(local.uses.begin(), local.uses.end(), [&](const FactsUse& used) {
    auto now = store.local.find(used.key);
    return now == store.local.end() ? used.version == 0 : now->second.version != used.version;
  });
}

// How deep types are nested in the type, up to `limit`.
static int depthOf(World& w, TypeId type, int limit) {
  int deepest = 0;
  if (!type.valid() || limit == 0) return deepest;
  int own = w.types.is(type, TypeKind::kUnion) ? 0 : 1;
  for (TypeId arg : w.types[type].args()) {
    deepest = std::max(deepest, own + depthOf(w, arg, limit - own));
    if (deepest >= limit) break;
  }
  return deepest;
}

static int depthOf(World& w, const FactsAnswer& answer) {
  int deepest = depthOf(w, answer.type, kDeepestType);
  for (const auto& each : answer.assigned) deepest = std::max(deepest, depthOf(w, each.second, kDeepestType));
  return deepest;
}

// The first answer, unknown besides where the last one is: at first that did not count.
static FactsAnswer asFirst(World& w, const FactsAnswer& first, const FactsAnswer& last) {
  FactsAnswer answer = first;
  if (!first.type.valid() || !last.type.valid()) return answer;
  std::vector<TypeId> items = unionItems(w, first.type);
  for (TypeId item : unionItems(w, last.type)) {
    if (isUnknownFact(w, item)) items.push_back(item);
  }
  answer.type = simplifiedUnion(w, items);
  return answer;
}

FactsAnswer settledAnswer(World& w, const FactsAnswer& first, const FactsAnswer& again) {
  return depthOf(w, again) > depthOf(w, first) ? asFirst(w, first, again) : again;
}

// Answers the stale questions of the cycle on top once more. True: an answer changed.
static bool makeAgain(World& w, size_t index, bool is_last, FactsAnswer (*again)(World&, uint64_t)) {
  BodyFactsStore& store = w.body_facts;
  bool has_changed = false;
  // What is asked on the way joins the cycle.
  for (size_t i = 0; i < store.local_order.size(); ++i) {
    uint64_t key = store.local_order[i];
    if (store.local.at(key).low < index || !isStale(store, store.local.at(key))) continue;
    store.open[index].uses.clear();
    FactsAnswer answer = is_last ? store.local.at(key).first : again(w, key);
    BodyFactsStore::Local& local = store.local.at(key);
    local.uses = withoutRepeats(std::move(store.open[index].uses));
    store.open[index].uses.clear();
    local.is_given_up = is_last;
    if (isSameAnswer(w, local.answer, answer)) continue;
    int depth = depthOf(w, answer);
    if ((depth > depthOf(w, local.answer) || depth == kDeepestType) && ++local.growth == kGrowths) {
      local.is_given_up = true;
      answer = asFirst(w, local.first, answer);
    }
    local.answer = std::move(answer);
    ++local.version;
    has_changed = true;
  }
  return has_changed;
}

static void addLocal(BodyFactsStore& store, const FactsFrame& frame, FactsAnswer answer) {
  BodyFactsStore::Local local;
  local.first = answer;
  local.answer = std::move(answer);
  local.low = frame.low;
  local.uses = withoutRepeats(frame.uses);
  store.local[frame.key] = std::move(local);
  store.local_order.push_back(frame.key);
}

FactsAnswer closeQuestion(World& w, FactsAnswer answer, FactsAnswer (*again)(World&, uint64_t key)) {
  BodyFactsStore& store = w.body_facts;
  size_t index = store.open.size() - 1;
  uint64_t key = store.open[index].key;
  bool is_lowest = store.open[index].low == index;
  if (is_lowest && !isUnfinished(store.open[index])) {
    store.open.pop_back();
    return store.known[key] = std::move(answer);
  }
  addLocal(store, store.open[index], std::move(answer));
  for (int round = 0; is_lowest && round < kRounds && makeAgain(w, index, round == kRounds - 1, again); ++round) {}
  FactsFrame frame = std::move(store.open[index]);
  store.open.pop_back();
  if (frame.low < index) {
    // What hung on this question hangs on the lower one.
    if (frame.is_cyclic) {
      for (auto& [each, local] : store.local) {
        if (local.low >= index) local.low = frame.low;
      }
    }
    const BodyFactsStore::Local& own = store.local.at(key);
    use(store, key, own.version, own.low);
    return own.answer;
  }
  std::erase_if(store.local_order, [&](uint64_t each) {
    auto local = store.local.find(each);
    if (local->second.low < index) return false;
    store.known[each] = std::move(local->second.answer);
    store.local.erase(local);
    return true;
  });
  return store.known.at(key);
}

}  // namespace krait::check
