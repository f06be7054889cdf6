// Text to code object: what compile(), import and `krait run` need.
#pragma once

#include <span>
#include <string>

#include "analyzer/syntax/tokens/syntax_error.h"
#include "runtime/codegen/compile.h"
#include "runtime/compile/ast_to_python.h"
#include "runtime/object/object.h"

namespace krait::compile {

// Compiles UTF-8 text. Raises SyntaxError (IndentationError, TabError) with CPython's message, place and source line, SyntaxWarning
// through the `warnings` module, or RecursionError for text that nests too deeply. ref: Py_CompileStringObject.
object::Ref compileText_py(object::Thread& t, std::string_view utf8, object::Str* filename, const codegen::CompileOptions& options);

// SyntaxError or another class of the error's; `text`, which need not be UTF-8, has the error's line.
enum class ErrorStage : uint8_t { kParsing, kParsingInput, kLater };
object::RaisedTag raiseSyntaxError(object::Thread& t, const syntax::SyntaxError& error, std::string_view text, object::Str* filename, ErrorStage stage = ErrorStage::kParsing);

struct ParseOptions {
  bool tells = true;           // warns of what a parser warns of
  bool type_comments = false;  // they become parts of the tree
  int feature_version = -1;    // the minor version of Python whose syntax is allowed; negative: this one's
};
// The text's tree as `ast` objects; `classes`: the dictionary of `_ast`. Raises what the parser of CPython raises, not what its
// symbol table and compiler do.
object::Ref parseText_py(object::Thread& t, std::string_view utf8, object::Str* filename, AstRoot root, object::Dict* classes, const ParseOptions& options = {});

// The blocks of the text's symbol table as tuples; see CompileHooks::symtable.
object::Ref symtableOfText_py(object::Thread& t, std::string_view utf8, object::Str* filename, codegen::CompileMode mode);

// A name in the text that stands for one that no text could say; `to` is interned.
struct Renamed {
  std::string from;
  object::Str* to;
};
// Compiles `ast` objects: `text` is what ast.unparse made of `tree`. Places are the tree's.
object::Ref compileTree_py(object::Thread& t, object::Value tree, std::string_view text, object::Str* filename,
                           const codegen::CompileOptions& options, object::Dict* classes, std::span<const Renamed> renamed = {});

}  // namespace krait::compile
