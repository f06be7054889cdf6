// The syntax tree as text, one node a line, for `krait dump ast` and for comparing trees.
#pragma once

#include <string>

#include "analyzer/syntax/ast.h"

namespace krait::syntax {

enum class DumpRanges : uint8_t { kNone, kLineColumn };

// Each line: two blanks per level, the field's name and "=" (for fields with one child), the kind, the range as
// "line:column-line:column" (lines from 1, columns in UTF-8 bytes from 0), the details and names. Lists are marked by a
// line with the field's name and ":".
std::string dumpAst(const Ast& ast, DumpRanges ranges);

}  // namespace krait::syntax
