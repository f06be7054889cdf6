// The semantic model as text: `krait dump scopes`, and a form that compares with CPython's own symbol table.
#pragma once

#include <string>

#include "analyzer/semantic/semantic_model.h"

namespace krait::semantic {

// One scope a line ("function f line 3: nested"), its symbols below it ("x: local, assigned, used; 2 definitions, 1
// use"), children indented.
std::string dumpScopes(const SemanticModel& model);

// One JSON value: [block type, name, nested, {symbol: flags | scope << 12}, [children…]], as `_symtable` of CPython 3.14
// tells it, the names that CPython invents (".0", ".format") included. Symbols are sorted by name.
std::string dumpSymtable(const SemanticModel& model);

}  // namespace krait::semantic
