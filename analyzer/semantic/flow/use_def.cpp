// Two bits per variable and block, "may be bound" and "may be unbound", go forward through the graph until nothing
// changes. Which definitions reach a use is searched backwards on demand.
#include "analyzer/semantic/flow/use_def.h"

#include <algorithm>
#include <unordered_map>

#include "analyzer/semantic/flow/flow_events.h"

namespace krait::semantic {

static constexpr uint32_t kExceptionEdge = 0x80000000u;

namespace {
using Bits = std::vector<uint64_t>;

struct BlockState {
  Bits bound;
  Bits unbound;
  bool is_entered = false;
};
}  // namespace

struct UseDefBuilder {
  const Cfg& cfg;
  const SemanticModel& model;
  UseDef result;
  std::unordered_map<uint32_t, uint32_t> index_of;  // symbol -> bit
  std::vector<BlockState> states;                   // at the blocks' entries
  size_t words = 0;

  void start() { result.cfg_ = &cfg; }
  void collectEvents();
  void linkPredecessors();
  void solve();
  void findUnbound();

  bool isTracked(SymbolId symbol) const { return index_of.contains(symbol.value); }
  static bool join(BlockState& into, const Bits& bound, const Bits& unbound) {
    bool changed = !into.is_entered;
    into.is_entered = true;
    for (size_t i = 0; i < bound.size(); ++i) {
      uint64_t b = into.bound[i] | bound[i];
      uint64_t u = into.unbound[i] | unbound[i];
      changed |= b != into.bound[i] || u != into.unbound[i];
      into.bound[i] = b;
      into.unbound[i] = u;
    }
    return changed;
  }
};

void UseDefBuilder::collectEvents() {
  for (const Block& block : cfg.blocks()) {
    result.first_event_.push_back(static_cast<uint32_t>(result.events_.size()));
    for (const Element& element : cfg.elements(block)) appendEvents(model, cfg.scope(), element, result.events_);
  }
  result.first_event_.push_back(static_cast<uint32_t>(result.events_.size()));
  for (const FlowEvent& event : result.events_) {
    index_of.emplace(event.symbol.value, static_cast<uint32_t>(index_of.size()));
  }
  words = (index_of.size() + 63) / 64;
}

void UseDefBuilder::linkPredecessors() {
  result.predecessors_.resize(cfg.blocks().size());
  for (uint32_t i = 0; i < cfg.blocks().size(); ++i) {
    const Block& block = cfg.blocks()[i];
    if (!block.is_reachable) continue;
    if (block.next.valid()) result.predecessors_[block.next.value].push_back(i);
    if (block.other.valid()) result.predecessors_[block.other.value].push_back(i);
    for (BlockId more : block.more) result.predecessors_[more.value].push_back(i);
    if (block.exception.valid()) result.predecessors_[block.exception.value].push_back(i | kExceptionEdge);
  }
}

// Moves one event's effect into the state.
static void apply(const FlowEvent& event, uint32_t bit, Bits& bound, Bits& unbound) {
  uint64_t mask = uint64_t{1} << (bit % 64);
  if (event.kind == FlowEvent::kDefine) {
    bound[bit / 64] |= mask;
    unbound[bit / 64] &= ~mask;
  } else if (event.kind == FlowEvent::kUnbind) {
    bound[bit / 64] &= ~mask;
    unbound[bit / 64] |= mask;
  }
}

void UseDefBuilder::solve() {
  states.assign(cfg.blocks().size(), {Bits(words, 0), Bits(words, 0), false});
  states[0].is_entered = true;
  for (auto [symbol, bit] : index_of) {
    bool is_param = (model[SymbolId(symbol)].flags & kDefParam) != 0;
    (is_param ? states[0].bound : states[0].unbound)[bit / 64] |= uint64_t{1} << (bit % 64);
  }
  std::vector<uint32_t> work = {0};
  std::vector<bool> is_queued(cfg.blocks().size(), false);
  while (!work.empty()) {
    uint32_t id = work.back();
    work.pop_back();
    is_queued[id] = false;
    const Block& block = cfg.blocks()[id];
    Bits bound = states[id].bound;
    Bits unbound = states[id].unbound;
    Bits thrown_bound = bound;  // what holds somewhere in the block
    Bits thrown_unbound = unbound;
    for (const FlowEvent& event : result.eventsOf(BlockId(id))) {
      uint32_t bit = index_of[event.symbol.value];
      apply(event, bit, bound, unbound);
      thrown_bound[bit / 64] |= bound[bit / 64];
      thrown_unbound[bit / 64] |= unbound[bit / 64];
    }
    auto flowTo = [&](BlockId next, const Bits& b, const Bits& u) {
      if (join(states[next.value], b, u) && !is_queued[next.value]) {
        is_queued[next.value] = true;
        work.push_back(next.value);
      }
    };
    if (block.next.valid()) flowTo(block.next, bound, unbound);
    if (block.other.valid()) flowTo(block.other, bound, unbound);
    for (BlockId more : block.more) flowTo(more, bound, unbound);
    if (block.exception.valid()) flowTo(block.exception, thrown_bound, thrown_unbound);
  }
}

void UseDefBuilder::findUnbound() {
  for (uint32_t id = 0; id < cfg.blocks().size(); ++id) {
    if (!states[id].is_entered) continue;
    Bits bound = states[id].bound;
    Bits unbound = states[id].unbound;
    for (const FlowEvent& event : result.eventsOf(BlockId(id))) {
      uint32_t bit = index_of[event.symbol.value];
      uint64_t mask = uint64_t{1} << (bit % 64);
      if (event.kind != FlowEvent::kDefine && (unbound[bit / 64] & mask)) {
        bool may_be_bound = (bound[bit / 64] & mask) != 0;
        result.unbound_.push_back({event.node, may_be_bound ? BoundState::kPossiblyUnbound : BoundState::kUnbound});
      }
      apply(event, bit, bound, unbound);
    }
  }
  const Ast& ast = model.ast();
  std::sort(result.unbound_.begin(), result.unbound_.end(), [&](const auto& a, const auto& b) {
    uint32_t left = ast.range(a.first).begin;
    uint32_t right = ast.range(b.first).begin;
    return left != right ? left < right : a.second < b.second;
  });
  // A use in a copied `finally` body counts once; possibly unbound says more than unbound in one of the copies.
  auto last = std::unique(result.unbound_.begin(), result.unbound_.end(),
                          [](const auto& a, const auto& b) { return a.first == b.first; });
  result.unbound_.erase(last, result.unbound_.end());
}

UseDef computeUseDef(const Cfg& cfg, const SemanticModel& model) {
  UseDefBuilder builder{cfg, model, {}, {}, {}};
  builder.start();
  builder.collectEvents();
  builder.linkPredecessors();
  builder.solve();
  builder.findUnbound();
  return std::move(builder.result);
}

BoundState UseDef::stateOf(NodeId use) const {
  for (const auto& [node, state] : unbound_) {
    if (node == use) return state;
  }
  return BoundState::kBound;
}

// The definition of `symbol` that holds at the end of the events [begin, end), or none; `unbinds`: it is unbound there.
static NodeId lastDefinition(std::span<const FlowEvent> events, SymbolId symbol, bool& unbinds) {
  for (size_t i = events.size(); i-- > 0;) {
    if (events[i].symbol != symbol || events[i].kind == FlowEvent::kUse) continue;
    unbinds = events[i].kind == FlowEvent::kUnbind;
    return events[i].node;
  }
  return NodeId::none();
}

std::vector<NodeId> UseDef::definitionsReaching(NodeId use, bool& may_be_unbound) const {
  may_be_unbound = false;
  std::vector<NodeId> found;
  for (uint32_t id = 0; id < cfg_->blocks().size(); ++id) {
    auto events = eventsOf(BlockId(id));
    for (size_t at = 0; at < events.size(); ++at) {
      if (events[at].node != use || events[at].kind == FlowEvent::kDefine) continue;
      SymbolId symbol = events[at].symbol;
      bool unbinds = false;
      NodeId here = lastDefinition(events.first(at), symbol, unbinds);
      if (here.valid()) {
        unbinds ? void(may_be_unbound = true) : found.push_back(here);
        continue;
      }
      std::vector<bool> visited(cfg_->blocks().size(), false);
      std::vector<uint32_t> work = {id};
      bool is_first = true;
      while (!work.empty()) {
        uint32_t block = work.back();
        work.pop_back();
        if (block == 0 && (is_first || visited[0])) may_be_unbound = true;
        is_first = false;
        for (uint32_t edge : predecessors_[block]) {
          uint32_t before = edge & ~kExceptionEdge;
          if (edge & kExceptionEdge) {
            // The exception may come before or after each of the block's definitions.
            for (const FlowEvent& event : eventsOf(BlockId(before))) {
              if (event.symbol != symbol || event.kind == FlowEvent::kUse) continue;
              event.kind == FlowEvent::kUnbind ? void(may_be_unbound = true) : found.push_back(event.node);
            }
          } else if (NodeId definition = lastDefinition(eventsOf(BlockId(before)), symbol, unbinds);
                     definition.valid()) {
            unbinds ? void(may_be_unbound = true) : found.push_back(definition);
            continue;
          }
          if (visited[before]) continue;
          visited[before] = true;
          work.push_back(before);
        }
      }
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::string verifyUseDef(const UseDef& use_def) {
  const Cfg& cfg = use_def.cfg();
  for (uint32_t id = 0; id < cfg.blocks().size(); ++id) {
    if (!cfg.blocks()[id].is_reachable) continue;
    for (const FlowEvent& event : use_def.eventsOf(BlockId(id))) {
      if (event.kind != FlowEvent::kUse) continue;
      bool may_be_unbound = false;
      if (use_def.definitionsReaching(event.node, may_be_unbound).empty() && !may_be_unbound) {
        return "block " + std::to_string(id) + ": a use has a definition or may be unbound";
      }
    }
  }
  return {};
}

}  // namespace krait::semantic
