// Which statements can not run (or are not meant for a checker) for the target version and platform: branches of
// conditions whose truth is known, `case` blocks after an irrefutable one, and what follows an assert that always
// fails. Nothing here looks at types or at jumps: the control-flow graph does (cfg.h).
#pragma once

#include <vector>

#include "analyzer/semantic/flow/condition.h"

namespace krait::semantic {

class Reachability {
 public:
  // Is this statement marked itself? Statements inside a marked one are not marked again.
  bool isMarked(syntax::NodeId statement) const {
    return statement.value < marks_.size() && marks_[statement.value];
  }
  // Is the node inside a marked statement, or marked?
  bool isUnreachable(const syntax::Ast& ast, syntax::NodeId node) const;
  bool hasMarks() const { return has_marks_; }
  // By NodeId; empty when nothing is marked.
  const std::vector<bool>& marks() const { return marks_; }

 private:
  friend Reachability findUnreachable(const syntax::Ast& ast, const Target& target);
  friend struct ReachabilityWalk;
  std::vector<bool> marks_;
  bool has_marks_ = false;
};

Reachability findUnreachable(const syntax::Ast& ast, const Target& target);

// Does the pattern match whatever it is given? (A capture, the wildcard, an `or` with one of them.)
bool isIrrefutable(const syntax::Ast& ast, syntax::NodeId pattern);

}  // namespace krait::semantic
