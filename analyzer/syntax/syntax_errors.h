// The exact syntax check: whether CPython 3.14's tokenizer and grammar accept a text, and if not, CPython's error.
// It finds what the grammar finds; errors that CPython reports after parsing ('return' outside function, …) are
// analyzer/semantic/compile_errors. Time and memory are linear in the text, on every input.
#pragma once

#include <optional>
#include <string_view>

#include "analyzer/syntax/tokens/syntax_error.h"

namespace krait::syntax {

struct TokenList;

// `text` is UTF-8 without a BOM (what decodeSource gives). Nothing: the grammar accepts it.
std::optional<SyntaxError> findSyntaxError(std::string_view text);
// The same for a text whose tokens are there already, as `tokenize` gives them without trivia.
std::optional<SyntaxError> findSyntaxError(std::string_view text, const TokenList& list);

}  // namespace krait::syntax
