// What the files of the subtype relation ask of each other: one function for each shape of left and right side.
#pragma once

#include "checker/relations/relations.h"

namespace krait::relations {

// A generic callable with the variables of another one, in order, in place of its own: what join and meet compare.
TypeId withVariablesOf(World& w, TypeId model, TypeId callable);


// Is it an instance of a class made with NamedTuple, where just NamedTuple is wanted?
bool isNamedTupleOf(World& w, TypeId left, TypeId right);
bool fitsVariance(World& w, TypeId left, TypeId right, Variance variance, const SubtypeOptions& options);
bool instanceOfTuple(World& w, TypeId left, TypeId right, const SubtypeOptions& options);
bool leftTuple(World& w, TypeId left, TypeId right, const SubtypeOptions& options);
bool leftTypedDict(World& w, TypeId left, TypeId right, const SubtypeOptions& options);
bool functionOfInstance(World& w, TypeId left, TypeId right, const SubtypeOptions& options);

}  // namespace krait::relations
