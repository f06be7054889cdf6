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
  bool operator==(const Constraint&) const = default;
};
using Constraints = std::vector<Constraint>;

// kSupertypeOf: template :> actual (an argument of type `actual` is passed where `pattern` is wanted).
Constraints inferConstraints(World& w, TypeId pattern, TypeId actual, Direction direction);

// One solution for each variable. Unsolved ones: none, unless `fill`: then Never (strict) or Any.
std::vector<TypeId> solveConstraints(World& w, std::span<const TypeVarId> variables, const Constraints& constraints,
                                     bool strict = true, bool fill = true, bool unions = false);

// The hooks of World: unify_callable and solve_pattern.
TypeId unifyCallable(World& w, TypeId left, TypeId right, bool ignore_return);
std::vector<TypeId> solvePattern(World& w, std::span<const TypeVarId> variables, TypeId pattern, TypeId actual,
                                 bool is_supertype);
// A callable with new type variables in place of its own, so that they clash with nothing.
TypeId freshen(World& w, TypeId callable);
// A generic callable with its variables replaced by these types; a none leaves its variable in place.
TypeId applyArguments(World& w, TypeId callable, std::span<const TypeId> arguments);

}  // namespace krait::solve
