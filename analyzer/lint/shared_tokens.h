// The tokens of one file with its comments and line ends, made once when the first rule asks. Takes the text; gives
// tokens in order. What always holds: the list ends in EndMarker or Error; it never changes once made.
#pragma once

#include <string_view>
#include <vector>

#include "analyzer/syntax/tokens/tokenizer.h"

namespace krait::lint {

using syntax::Token;
using syntax::TokenKind;

class SharedTokens {
 public:
  explicit SharedTokens(std::string_view text) : text_(text) {}
  const std::vector<Token>& all() {
    if (tokens_.empty()) tokens_ = syntax::tokenize(text_, syntax::Trivia::kKeep).tokens;
    return tokens_;
  }
  // The position of the first token that begins at `offset` or later.
  size_t firstAt(uint32_t offset);
  // The position of the last token that ends at `offset` or before, comments and line ends left out; -1: none.
  ptrdiff_t lastBefore(uint32_t offset);
  // The first token at `offset` or later that is no comment and no line end.
  const Token& nextCode(uint32_t offset);

 private:
  std::string_view text_;
  std::vector<Token> tokens_;
};

inline bool isTrivia(TokenKind kind) { return kind == TokenKind::kComment || kind == TokenKind::kNl; }
inline bool isOpening(TokenKind kind) {
  return kind == TokenKind::kLeftParen || kind == TokenKind::kLeftBracket || kind == TokenKind::kLeftBrace;
}
inline bool isClosing(TokenKind kind) {
  return kind == TokenKind::kRightParen || kind == TokenKind::kRightBracket || kind == TokenKind::kRightBrace;
}

}  // namespace krait::lint
