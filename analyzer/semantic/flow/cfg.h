// Cfg: the control-flow graph of one frame (module, class body or function body). Blocks hold elements in the order in
// which they are evaluated: statements without control flow, the expressions of those with it, and the places that
// bind on the way into a block (a loop's target, a handler's name, a pattern's captures).
//
// What always holds: each block ends in one terminator; a block that nothing reaches is kept and marked; an element
// stands in exactly one block, except that a `finally` body stands once for each way into it (falling in, an exception,
// a jump), as it does in CPython's code; successors are blocks of the same graph.
#pragma once

#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "analyzer/semantic/flow/condition.h"
#include "analyzer/semantic/semantic_model.h"

namespace krait::semantic {

struct BlockTag;
using BlockId = Id<BlockTag>;

enum class Terminator : uint8_t {
  kJump,     // to `next`
  kBranch,   // `node` is true: next, else other
  kLoop,     // `node` is a For: another item: next, exhausted: other
  kCase,     // `node` is a MatchCase: its pattern matches: next, else other
  kHandler,  // `node` is an ExceptHandler: it catches: next, else other
  kReturn,   // leaves the frame with a value
  kRaise,    // leaves by an exception, to `exception`
  kEnd,      // falls off the end of the frame
};

// What stands in a block. The node is evaluated, or binds names only.
enum class ElementKind : uint8_t {
  kStatement,    // a simple statement, or the evaluated parts of a FunctionDef or ClassDef
  kExpression,
  kTarget,       // binds the names of an assignment target (For, WithItem)
  kHandlerName,  // an ExceptHandler binds its name
  kHandlerEnd,   // … and unbinds it
  kPattern,      // a MatchCase's pattern binds its captures
};

struct Element {
  NodeId node;
  ElementKind kind = ElementKind::kStatement;
};

struct Block {
  uint32_t first_element = 0;
  uint32_t element_count = 0;
  Terminator terminator = Terminator::kEnd;
  bool is_reachable = false;
  NodeId node;        // of kBranch, kLoop, kCase, kHandler; of kReturn and kRaise the statement
  BlockId next;
  BlockId other;
  BlockId exception;  // where an exception raised in this block goes; none: out of the frame
  std::vector<BlockId> more;  // further successors: where the jumps that ran through a `finally` go on
};

class Cfg {
 public:
  ScopeId scope() const { return scope_; }
  static constexpr BlockId kEntry{0};
  std::span<const Block> blocks() const { return blocks_; }
  const Block& operator[](BlockId id) const { return blocks_[id.value]; }
  std::span<const Element> elements(const Block& block) const {
    return {elements_.data() + block.first_element, block.element_count};
  }
  // Calls visit(block) for each successor, exceptions last.
  template <class Visit>
  static void forEachSuccessor(const Block& block, Visit&& visit) {
    if (block.next.valid()) visit(block.next);
    if (block.other.valid()) visit(block.other);
    for (BlockId more : block.more) visit(more);
    if (block.exception.valid()) visit(block.exception);
  }
  // Can control fall off the end of the frame?
  bool reachesEnd() const;

 private:
  friend struct CfgBuilder;
  ScopeId scope_;
  std::vector<Block> blocks_;
  std::vector<Element> elements_;
};

// What types tell of control flow, by NodeId. A type checker fills it; empty sets say nothing.
struct FlowFacts {
  std::unordered_set<uint32_t> unreached;   // statements that control never gets to
  std::unordered_set<uint32_t> endless;     // expression statements that never return
  std::unordered_set<uint32_t> exhaustive;  // If nodes without else whose test always holds, Match nodes that take all
  std::unordered_set<uint32_t> swallowing;  // With nodes whose managers may swallow an exception
};

// The graph of the frame that `scope` (module, class or function) is the scope of. Conditions whose truth is known for
// the target have one successor only.
// With `facts` the graph follows types as well, and loops over displays with items run once at least.
Cfg buildCfg(const SemanticModel& model, ScopeId scope, const Target& target, const FlowFacts* facts = nullptr);
// The graphs of all frames of a file, in the order of their scopes.
std::vector<Cfg> buildCfgs(const SemanticModel& model, const Target& target);

// The first broken invariant, or empty.
std::string verifyCfg(const Cfg& cfg, const Ast& ast);
// One block a line with its elements and successors, for `krait dump cfg`.
std::string dumpCfg(const Cfg& cfg, const SemanticModel& model);

}  // namespace krait::semantic
