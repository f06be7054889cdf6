// Does a module write names into its own namespace that nobody can read from its text? Such names exist when the module
// has run: `globals().update(table)`, `globals()[name] = value`, `exec(text, globals())`, a namespace that is handed to
// a function, enum's `_convert_` and `global_enum`.
// ref: library reference, "globals()", "exec()", "enum.global_enum"
#pragma once

#include "analyzer/syntax/ast.h"

namespace krait::semantic {

// True: the module at the root of the ast may have more names than its statements bind. What only reads the namespace
// (`globals()["x"]`, `name in globals()`, `eval(text, globals())`) does not count.
bool opensItsNames(const syntax::Ast& ast);

// Is the node in the body of a `try` with a handler for NameError (or for everything), in the same function?
bool isNameErrorCaught(const syntax::Ast& ast, syntax::NodeId node);

}  // namespace krait::semantic
