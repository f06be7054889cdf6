// Assignments to one target, whichever way they are written. Takes a statement, gives what is given to what.
#pragma once

#include "analyzer/lint/rule.h"

namespace krait::lint {

struct SoleAssignment {
  NodeId target, value;  // both none when there is no assignment; the value of a bare annotation is none too
};

// The target and the value of `target = value` or `target: T = value`; none for several targets and other statements.
// ref: language reference 7.2, assignment statements
SoleAssignment soleAssignment(const Ast& ast, NodeId statement);

}  // namespace krait::lint
