// Use-def: which definitions of a frame's own variables can reach each use in that frame, and whether the name can
// still be unbound there.
//
// What always holds: each use in a reachable block has at least one reaching definition or may be unbound. Uses in
// nested functions and lambdas are not here (when they run is not known); those in comprehensions count where the
// comprehension stands. An exception may leave a block before or after any of its elements.
#pragma once

#include <string>
#include <vector>

#include "analyzer/semantic/flow/cfg.h"

namespace krait::semantic {

enum class BoundState : uint8_t { kBound, kPossiblyUnbound, kUnbound, kUnreachable };

// A use or definition of one of the frame's variables, in the order of evaluation.
struct FlowEvent {
  NodeId node;      // the Name or Identifier
  SymbolId symbol;  // the owner
  enum Kind : uint8_t { kUse, kDefine, kUnbind } kind = kUse;
};

class UseDef {
 public:
  const Cfg& cfg() const { return *cfg_; }
  // Is the variable bound at this use? kBound for names that are not variables of the frame.
  BoundState stateOf(NodeId use) const;
  // The definitions (Name or Identifier nodes) that can reach the use, in the order of their blocks; `may_be_unbound`
  // is set when the name can also be unbound. Searched on demand.
  std::vector<NodeId> definitionsReaching(NodeId use, bool& may_be_unbound) const;
  // Uses that are possibly or certainly unbound, in the order of the text.
  const std::vector<std::pair<NodeId, BoundState>>& unboundUses() const { return unbound_; }
  // Events of a block, in order.
  std::span<const FlowEvent> eventsOf(BlockId block) const {
    return {events_.data() + first_event_[block.value], first_event_[block.value + 1] - first_event_[block.value]};
  }

 private:
  friend struct UseDefBuilder;
  const Cfg* cfg_ = nullptr;
  std::vector<FlowEvent> events_;
  std::vector<uint32_t> first_event_;  // by block, and one past the last
  std::vector<std::vector<uint32_t>> predecessors_;  // by block; an exception edge is marked by the high bit
  std::vector<std::pair<NodeId, BoundState>> unbound_;
};

// The graph must outlive the result.
UseDef computeUseDef(const Cfg& cfg, const SemanticModel& model);

// The first broken invariant, or empty.
std::string verifyUseDef(const UseDef& use_def);

}  // namespace krait::semantic
