// Who speaks of a name: what an edit of a declaration may change for others than itself.
#pragma once

#include <optional>
#include <unordered_set>
#include <vector>

#include "checker/program/state.h"

namespace krait::program {

using NameIds = std::unordered_set<NameId>;

// The outermost functions of the module whose bodies (or default values) mention one of the names, as a name, an attribute, an
// argument or inside of a string; what stands at module or class level is to be checked again in any case. Nodes in `known`
// (ranges of ids) do not count. None: a declaration mentions one (an annotation, a decorator, a base, an alias, a field), or
// another module that sees this one does.
std::optional<std::vector<types::FunctionId>> findMentions(Program::State& state, types::ModuleId module, const NameIds& names,
                                                           const std::vector<std::pair<uint32_t, uint32_t>>& known);

// Does a module that sees this one mention one of the names, or take all of its names?
bool areMentionedElsewhere(Program::State& state, types::ModuleId module, const NameIds& names);

}  // namespace krait::program
