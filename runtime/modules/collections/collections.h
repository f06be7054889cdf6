// The parts of the `_collections` module, one type a file; collections_module.cpp joins them.
#pragma once

#include "runtime/modules/module_table.h"

namespace krait::modules {

void addDefaultDict(Thread& t, Module* m);
void addDeque(Thread& t, Module* m);
void addOrderedDict(Thread& t, Module* m);
void addTupleGetter(Thread& t, Module* m);

}  // namespace krait::modules
