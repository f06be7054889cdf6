// What the parts of the solver share: solving one variable, and the polymorphic solver's entry.
#pragma once

#include "checker/solve/constraints.h"

namespace krait::solve {

// is_known: some constraint spoke of the variable; then a none type means that they contradict each other.
struct OneSolution {
  TypeId type;
  bool is_known = false;
};
OneSolution solveOne(World& w, TypeVarId variable, const std::vector<TypeId>& lowers, const std::vector<TypeId>& uppers, bool unions);
bool mentions(World& w, TypeId type, std::span<const TypeVarId> variables);
// The callable with Any for all of its variables; none: one of them stands for more than a type.
TypeId withUnknownArguments(World& w, TypeId callable);
// A method without a declared result with what its body returns, where self is of that type; else the method as it is.
TypeId withBodyResult(World& w, TypeId method, TypeId self_type);
void addOnce(std::vector<TypeId>& list, TypeId type);
// `all`: the variables asked for, then those of generic callables in the constraints.
void solveDependent(World& w, std::span<const TypeVarId> variables, const std::vector<TypeVarId>& all, const Constraints& constraints,
                    const SolveOptions& options, Solution& solution);

}  // namespace krait::solve
