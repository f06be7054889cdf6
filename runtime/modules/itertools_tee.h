// itertools.tee and its types, added to the module that itertools_module.cpp makes.
#pragma once

#include "runtime/modules/module_table.h"
#include "runtime/object/str.h"

namespace krait::modules {

Status addTee(Thread& t, Module* m);

}  // namespace krait::modules
