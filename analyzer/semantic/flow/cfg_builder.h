// CfgBuilder: the state while a control-flow graph is built. Internal to cfg_*.cpp.
#pragma once

#include "analyzer/semantic/flow/cfg.h"

namespace krait::semantic {

// A `finally` whose body is copied for each way into it.
struct FinallyFrame {
  NodeList body;
  BlockId on_exception;  // the copy that exceptions run through
  BlockId on_jump;       // the copy that return, break and continue run through; made on demand
  std::vector<BlockId> jump_targets;  // where they go on; a none stands for leaving the frame
  size_t depth = 0;      // the number of frames outside
};

struct LoopFrame {
  BlockId on_break;
  BlockId on_continue;
  size_t finally_depth = 0;  // the number of finally frames outside the loop
};

struct CfgBuilder {
  const SemanticModel& model;
  const Ast& ast;
  Target target;
  const FlowFacts* facts = nullptr;
  Cfg cfg;

  std::vector<std::vector<Element>> elements;  // by block
  BlockId current;      // none after a jump: what follows is unreachable
  BlockId exception;    // where exceptions go now
  std::vector<LoopFrame> loops;
  std::vector<FinallyFrame*> finallies;

  bool knows(const std::unordered_set<uint32_t> FlowFacts::* which, NodeId node) const {
    return facts != nullptr && (facts->*which).contains(node.value);
  }
  Block& at(BlockId id) { return cfg.blocks_[id.value]; }
  Cfg finish(ScopeId scope);
  void start() { current = newBlock(); }

  BlockId newBlock() {
    BlockId id(static_cast<uint32_t>(cfg.blocks_.size()));
    Block block;
    block.exception = exception;
    cfg.blocks_.push_back(std::move(block));
    elements.emplace_back();
    return id;
  }
  void add(NodeId node, ElementKind kind = ElementKind::kStatement) {
    if (!current.valid()) current = newBlock();  // unreachable, kept
    elements[current.value].push_back({node, kind});
  }
  // Ends the current block.
  void terminate(Terminator terminator, NodeId node, BlockId next = {}, BlockId other = {}) {
    if (!current.valid()) current = newBlock();
    Block& block = at(current);
    block.terminator = terminator;
    block.node = node;
    block.next = next;
    block.other = other;
    current = BlockId::none();
  }
  void jumpTo(BlockId block) {
    if (current.valid()) terminate(Terminator::kJump, NodeId::none(), block);
  }
  // Continues in `block`, after what came before.
  void continueIn(BlockId block) {
    jumpTo(block);
    current = block;
  }
};

void buildStatements(CfgBuilder& b, NodeList body);
void buildStatement(CfgBuilder& b, NodeId node);
// Branches on a condition, taking `and`, `or` and `not` apart.
void buildCondition(CfgBuilder& b, NodeId condition, BlockId if_true, BlockId if_false);
void buildTry(CfgBuilder& b, NodeId node);
// A jump of this statement out of `keep` finally frames: to `to`, or out of the frame when that is none.
void buildJump(CfgBuilder& b, NodeId node, size_t keep, BlockId to);

}  // namespace krait::semantic
