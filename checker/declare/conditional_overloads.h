// Overloads under conditions, as mypy merges them: those of a block that surely runs join the overloads around; where
// nobody knows whether it runs, the block counts for nothing. ref: mypy fastparse.fix_function_overloads
#pragma once

#include <vector>

#include "checker/declare/declare.h"

namespace krait::declare {

// An if statement of the list whose functions are not collected, and the condition that is not known.
struct UnmergedOverloads {
  NodeId statement;
  NodeId unknown;  // the `if` or `elif` that has it
};

// In source order. The statements stand in one block of the module.
std::vector<UnmergedOverloads> unmergedOverloads(World& w, ModuleId module, NodeList statements);

}  // namespace krait::declare
