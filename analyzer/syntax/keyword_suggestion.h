// Misspelt keywords: what Python 3.14 adds to "invalid syntax" when one word, read as a keyword, makes the text right
// ("invalid syntax. Did you mean 'while'?"; ref: TracebackException._find_keyword_typos of the traceback library).
#pragma once

#include <optional>
#include <string_view>

#include "analyzer/syntax/tokens/syntax_error.h"

namespace krait::syntax {

struct KeywordSuggestion {
  TextRange word;
  std::string_view keyword;
};

// `error`: what findSyntaxError said of `text`. Nothing: the error has a message of its own, or no keyword helps.
std::optional<KeywordSuggestion> suggestKeyword(std::string_view text, const SyntaxError& error);

}  // namespace krait::syntax
