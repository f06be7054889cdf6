// Puts an edited text into a World without making it anew. Takes a module that was checked, and its new text parsed;
// true: the module's findings are those of the new text. False: something outside the edited function may see the edit,
// and the World is not to be used any more.
#pragma once

#include <memory>

#include "checker/program/state.h"

namespace krait::program {

bool patchModule(Program::State& state, types::ModuleId id, const std::shared_ptr<const ParsedText>& parsed);

}  // namespace krait::program
