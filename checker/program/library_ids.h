// The numbers of type variables that checking the library's stubs uses up before a program is checked.
#pragma once

#include "checker/types/world.h"

namespace krait::program {

// With --test-lib-stub, whose cases show these numbers (`T`3`): how many variables the class decorators have that stand in the
// modules which `source` imports, and in those of the standard library that are read for every program. 0 without the option.
int32_t libraryIds(types::World& w, types::ModuleId source);

}  // namespace krait::program
