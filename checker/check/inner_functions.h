// Functions in functions are checked where they stand, with what is known there of variables that do not change any
// more. What they read of other variables may become wider behind them, by the outer function's statements or by those
// that functions beside them assign with `nonlocal`: then they are checked again where the outer function ends.
#pragma once

#include "checker/check/check.h"

namespace krait::check {

// What holds of variables in the function `id`, which stands where `outer` holds. ref: mypy
// is_var_redefined_in_outer_context
std::vector<std::pair<KeyId, KnownType>> keptKnown(Checker& c, const Binder& outer, FunctionId id);
void putKnown(Checker& c, const std::vector<std::pair<KeyId, KnownType>>& kept);
// Reads the functions below `node` that assign by `nonlocal`, so that their assignments are known before any is checked.
void collectSharing(Checker& c, NodeId node);
// Checks the body of a function in a function.
void checkInnerBody(Checker& c, FunctionId id);
// Checks those again whose variables became wider; at the end of the function around them.
void checkInnerAgain(Checker& c);

}  // namespace krait::check
