// Puts an edited text into a World without making it anew. Takes a module that was checked, and its new text parsed.
#pragma once

#include <memory>

#include "checker/program/state.h"

namespace krait::program {

enum class Patched : uint8_t {
  kYes,      // the module's findings are those of the new text
  kRefused,  // something outside the edited function may see the edit; the World is as it was
  kBroken,   // … which came out only on the way: the World is not to be used any more
};

Patched patchModule(Program::State& state, types::ModuleId id, const std::shared_ptr<const ParsedText>& parsed);

}  // namespace krait::program
