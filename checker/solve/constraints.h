// Constraints: what comparing a type with variables (the template) to an actual type says about the variables, and
// their solution. A lower constraint says "T is at least this", an upper one "T is at most this". Follows mypy's
// constraints.py and solve.py; variables that nobody asks to solve are ignored by the solver.
#pragma once

#include "checker/relations/relations.h"

namespace krait::solve {

using namespace types;
using namespace relations;

enum class Direction : uint8_t { kSubtypeOf, kSupertypeOf };
inline Direction opposite(Direction d) { return d == Direction::kSubtypeOf ? Direction::kSupertypeOf : Direction::kSubtypeOf; }

struct Constraint {
  TypeVarId variable;
  Direction direction;  // kSupertypeOf: the variable is a supertype of target
  TypeId target;
  TypeId origin;  // a generic callable whose own variables may occur in target; or none
  bool operator==(const Constraint& other) const {
    return variable == other.variable && direction == other.direction && target == other.target;
  }
};
using Constraints = std::vector<Constraint>;

// kSupertypeOf: template :> actual (an argument of type `actual` is passed where `pattern` is wanted).
Constraints inferConstraints(World& w, TypeId pattern, TypeId actual, Direction direction);

struct SolveOptions {
  bool polymorphic = false;  // a variable may be solved by a free variable: what no constraint decides stays generic
  bool keep_misfits = false; // do not replace a solution outside its bound by the bound
  bool unions = false;       // several lower constraints make a union, not a join
};
struct Solution {
  // One for each variable. Never (ambiguous): nothing was said about it; none: the constraints contradict each other.
  std::vector<TypeId> types;
  std::vector<TypeVarId> free;  // the variables that occur in `types` and stand for any type
};
Solution solveConstraints(World& w, std::span<const TypeVarId> variables, const Constraints& constraints,
                          const SolveOptions& options = {});
// A callable whose free variables became variables of the callables inside that mention them; none: they occur where
// no callable can bind them.
TypeId bindFreeVariables(World& w, TypeId callable, std::span<const TypeVarId> free);

// The hooks of World: unify_callable and solve_pattern.
TypeId unifyCallable(World& w, TypeId left, TypeId right, bool ignore_return);
// As unifyCallable, but the result of `left` is to be a supertype of that of `right`.
TypeId unifyForImplementation(World& w, TypeId left, TypeId right);
std::vector<TypeId> solvePattern(World& w, std::span<const TypeVarId> variables, TypeId pattern, TypeId actual,
                                 bool is_supertype);
// A callable with new type variables in place of its own, so that they clash with nothing; numbered from first_id.
TypeId freshen(World& w, TypeId callable, int32_t first_id = 0);
// A generic callable with its variables replaced by these types; a none leaves its variable in place.
TypeId applyArguments(World& w, TypeId callable, std::span<const TypeId> arguments);

}  // namespace krait::solve
