// The part of `sys` that traces: settrace, setprofile, monitoring.
#pragma once

#include "runtime/modules/module_table.h"

namespace krait::modules {

Status addSysTrace(Thread& t, Module* sys);

}  // namespace krait::modules
