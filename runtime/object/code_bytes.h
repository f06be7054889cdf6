// What code objects show of themselves in CPython's terms.
#pragma once

#include "runtime/object/code.h"

namespace krait::object {

// co_code: the names that instructions read and write, by CPython's opcodes.
Ref codeUnits(Thread& t, const Code* c);
// co_consts and co_names, to which co_code's arguments are indices.
Ref codeConstants(Thread& t, const Code* c);
Ref codeNameTuple(Thread& t, const Code* c);

}  // namespace krait::object
