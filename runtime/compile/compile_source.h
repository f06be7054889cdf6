// Text to code object: what compile(), import and `krait run` need.
#pragma once

#include "runtime/codegen/compile.h"
#include "runtime/object/object.h"

namespace krait::compile {

// Compiles UTF-8 text. Raises SyntaxError (IndentationError, TabError) with CPython's message, place and source line, or
// RecursionError for text that nests too deeply. ref: Py_CompileStringObject.
object::Ref compileText_py(object::Thread& t, std::string_view utf8, object::Str* filename, const codegen::CompileOptions& options);

}  // namespace krait::compile
