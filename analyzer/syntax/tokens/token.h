// Token: one lexical element of a text, by its byte range. Keywords have kinds of their own; soft keywords are names.
// What always holds: begin <= end <= size of the text; tokens come in order of begin; Indent, Dedent and EndMarker are
// empty and stand where the next line's first token begins.
#pragma once

#include <cstdint>
#include <string_view>

#include "analyzer/base/text.h"

namespace krait::syntax {

enum class TokenKind : uint8_t {
#define KEYWORD(Name, text) kKw##Name,
#define OPERATOR(Name, text) k##Name,
#define OTHER(Name, shown) k##Name,
#include "analyzer/syntax/tokens/token_kinds.def"
};

inline constexpr uint32_t kTokenKindCount = 0
#define KEYWORD(Name, text) +1
#define OPERATOR(Name, text) +1
#define OTHER(Name, shown) +1
#include "analyzer/syntax/tokens/token_kinds.def"
    ;

struct Token {
  uint32_t begin = 0;
  uint32_t end = 0;
  TokenKind kind = TokenKind::kEndMarker;
  uint8_t depth = 0;  // how many brackets are open after the token; at most 200

  TextRange range() const { return {begin, end}; }
  bool operator==(const Token&) const = default;
};

// A reserved word or an operator as it is written; other kinds by their name in the `tokenize` library ("NAME").
std::string_view tokenKindText(TokenKind kind);
// The kind of a word: a keyword's own, or kName.
TokenKind wordKind(std::string_view word);
bool isKeyword(TokenKind kind);

}  // namespace krait::syntax
