// The disassembler: a unit as text for people, stable for comparison. Locals appear by name, temporaries as t0, t1 …
#pragma once

#include "runtime/bytecode/code_unit.h"

namespace krait::bytecode {

// `f(a, b)  registers 5`, then one line for each instruction: source line (where it changes), index, opcode, operands.
std::string disassemble(const CodeUnit& unit);
// The unit and everything below it; with `name`, only units with this name or qualified name.
std::string disassembleAll(const CodeUnit& unit, std::string_view name = {});

}  // namespace krait::bytecode
