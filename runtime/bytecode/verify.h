// The verifier: is a unit sound? Checks the tables, every operand, and by following all paths the temporaries: one that is read
// holds a value, a call window has nothing above it, and nothing is held when the frame is left. What it accepts cannot make the
// interpreter read outside the frame or the tables.
#pragma once

#include "runtime/bytecode/code_unit.h"

namespace krait::bytecode {

// The first problem found ("12 Add: register 9 of 8"), empty when there is none. Children are not looked at.
std::string verify(const CodeUnit& unit);
// verify() for the unit and everything below it; the problem begins with the unit's qualified name.
std::string verifyAll(const CodeUnit& unit);

}  // namespace krait::bytecode
