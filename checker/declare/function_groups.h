// Functions of one name that stand one behind the other, as mypy takes them together: overloads with their implementation,
// a property with its setter and deleter. Those of an `if` that surely runs join the ones around; where nobody knows
// whether it runs, the block counts for nothing. ref: mypy fastparse.fix_function_overloads
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

struct FunctionGroup {
  NodeId first;  // the decorated function that the group begins with; the function itself where it stands alone
  size_t overloads = 0;
  bool has_implementation = false;  // the last one is no overload
};

// The group of a function of the module.
FunctionGroup functionGroup(World& w, ModuleId module, NodeId function);

// Does a decorator of this name stand on the function? (By its spelling: names are not resolved yet.)
bool isSpelledOverload(const Ast& ast, NodeId function);

}  // namespace krait::declare
