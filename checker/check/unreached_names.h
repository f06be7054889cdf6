// Names in statements that are never reached. ref: mypy semanal.lookup, which runs before flow is known
#pragma once

#include "checker/check/check.h"

namespace krait::check {

// Reports the undefined names of statements that flow does not reach, as of any others; functions, classes, lambdas and
// comprehensions in them have scopes of their own and are left out. Nothing where bound names are found by flow.
void reportUnreachedNames(Checker& c, std::span<const NodeId> statements);

}  // namespace krait::check
