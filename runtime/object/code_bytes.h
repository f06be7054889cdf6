// What code objects show of themselves in CPython's terms.
#pragma once

#include "runtime/object/code.h"

namespace krait::object {

// co_code: the names that instructions read and write, by CPython's opcodes.
Ref codeUnits(Thread& t, const Code* c);
// co_linetable: positions in CPython's form, one entry for each of our instructions; lines count from co_firstlineno.
std::string locationTable(const Code* c);
// The positions of the first `count` entries of such a table; those that it lacks are unknown.
std::vector<SourcePosition> readLocationTable(std::string_view table, uint32_t first_line, uint32_t count);
// co_consts and co_names, to which co_code's arguments are indices.
Ref codeConstants(Thread& t, const Code* c);
Ref codeNameTuple(Thread& t, const Code* c);

}  // namespace krait::object
