// Checking by several processes: each is a copy of this one, made when all sources are parsed, and checks a run of the modules.
// What always holds: the findings are those of one process, whatever the number of workers; when a worker fails, its modules are
// checked here.
#pragma once

#include "checker/program/state.h"

namespace krait::program {

// Checks every source that is not known. Findings are in State::found (by source) afterwards, or in the modules.
void checkSources(Program::State& state, unsigned workers);

}  // namespace krait::program
