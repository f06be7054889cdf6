// Tokenizer: UTF-8 text to the tokens of CPython 3.14's own tokenizer (language reference 2; PEP 701, PEP 750).
//
// Takes valid UTF-8 of less than 4 GiB; a BOM must be cut off before. Gives tokens up to the first lexical error or the
// EndMarker. The text's last line counts as ended even when it has no line end. Line ends are "\n", "\r\n" and "\r".
// What always holds: the token list ends in EndMarker or in Error, and in Error exactly when `error` is set; with
// kKeep, every byte of an accepted text is white space, a line joining backslash, or inside exactly one token.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "analyzer/syntax/tokens/syntax_error.h"
#include "analyzer/syntax/tokens/token.h"

namespace krait::syntax {

enum class Trivia : uint8_t {
  kDrop,  // no Comment and Nl tokens: what a parser reads
  kKeep,  // comments, and Nl for line ends that end no statement
  kLenient,  // the same, and brackets need not match, names may hold any character above ASCII: what `tokenize` reads
};

// A lexical error. CPython reports some of them at once and some only when a parser asks for the token: the second
// kind gives way to a grammar error that stands before it.
struct TokenizeError {
  SyntaxError error;
  bool is_deferred = false;
  bool is_in_format_string = false;  // then any grammar error before it goes first
};

struct TokenList {
  std::vector<Token> tokens;
  std::optional<TokenizeError> error;
  // Brackets that were open where tokenizing ended, outermost first: byte offsets of "(", "[" and "{".
  std::vector<uint32_t> open_brackets;
};

TokenList tokenize(std::string_view text, Trivia trivia = Trivia::kDrop);

}  // namespace krait::syntax
