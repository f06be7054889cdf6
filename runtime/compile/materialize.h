// Units of the code generator to Code objects: constants become values, names become interned strings. A code object's
// children are among its constants.
#pragma once

#include "runtime/bytecode/code_unit.h"
#include "runtime/object/code.h"

namespace krait::compile {

// The Code of the unit and of everything below it. Raises only for lack of memory.
object::Ref materialize(object::Thread& t, const bytecode::CodeUnit& unit, object::Str* filename);

}  // namespace krait::compile
