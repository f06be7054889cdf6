// What compile()'s mode asks of a text beyond its grammar: 'eval' takes one expression, 'single' one interactive statement.
#pragma once

#include <optional>
#include <string_view>

#include "analyzer/syntax/parser.h"
#include "runtime/codegen/compile.h"

namespace krait::compile {

// The error at `range` of the text, with lines and columns as CPython counts them.
syntax::SyntaxError errorAt(std::string_view text, TextRange range, std::string message);

// CPython's error for the text as `mode` reads it: the parser's own, or another where the mode ends reading earlier. `module` is
// the text's. ref: the rules `eval` and `interactive` of the grammar, bad_single_statement in Parser/pegen.c.
std::optional<syntax::SyntaxError> findModeError(const syntax::ParsedModule& module, std::string_view text, codegen::CompileMode mode);

// The error for the first decimal literal of more than `limit` digits (0: there is no limit). ref: _PyPegen_number_token.
std::optional<syntax::SyntaxError> findLongNumber(const syntax::Ast& ast, std::string_view text, int64_t limit);

}  // namespace krait::compile
