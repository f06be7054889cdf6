// What the rules of one file share: its tokens with comments and line ends and the course of its names, both made once
// when the first rule asks, and the types in quotes. What always holds: the list of tokens ends in EndMarker or Error;
// nothing changes once made.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/config/path_regex.h"
#include "analyzer/syntax/tokens/tokenizer.h"

namespace krait::syntax {
class QuotedTypes;
}

namespace krait::lint {

using syntax::Token;
using syntax::TokenKind;

struct LintContext;
struct NameFlow;

class SharedTokens {
 public:
  SharedTokens(std::string_view text, const syntax::QuotedTypes& quoted_types);
  ~SharedTokens();
  // What string constants say where types are wanted.
  const syntax::QuotedTypes& quotedTypes() const { return quoted_types_; }
  const NameFlow& nameFlow(const LintContext& context);
  // Null while nobody asked.
  const NameFlow* madeNameFlow() const { return name_flow_.get(); }
  const std::vector<Token>& all() {
    if (tokens_.empty()) tokens_ = syntax::tokenize(text_, syntax::Trivia::kKeep).tokens;
    return tokens_;
  }
  // Takes these for the file's tokens: those that a parser of broken texts read.
  void use(std::vector<Token> tokens) { tokens_ = std::move(tokens); }
  // May the file get builtins by the module that has them?
  bool mentionsBuiltins() {
    if (!mentions_builtins_) mentions_builtins_ = text_.find("builtins") != std::string_view::npos;
    return *mentions_builtins_;
  }
  // The folder of the outermost package that holds the file at `path` (the one these are of); "" where its folder is no package.
  const std::string& outermostPackage(const std::string& path);
  // Is the setting's regular expression found in the text? It is compiled once; one that cannot be read is found nowhere.
  bool isFoundIn(const std::string& pattern, std::string_view text);
  // The position of the first token that begins at `offset` or later.
  size_t firstAt(uint32_t offset);
  // The position of the last token that ends at `offset` or before, comments and line ends left out; -1: none.
  ptrdiff_t lastBefore(uint32_t offset);
  // The first token at `offset` or later that is no comment and no line end.
  const Token& nextCode(uint32_t offset);

 private:
  std::string_view text_;
  const syntax::QuotedTypes& quoted_types_;
  std::vector<Token> tokens_;
  std::optional<bool> mentions_builtins_;
  std::optional<std::string> outermost_package_;
  std::unique_ptr<NameFlow> name_flow_;
  std::map<std::string, std::optional<config::PathRegex>> patterns_;
};

inline bool isTrivia(TokenKind kind) { return kind == TokenKind::kComment || kind == TokenKind::kNl; }
inline bool isOpening(TokenKind kind) {
  return kind == TokenKind::kLeftParen || kind == TokenKind::kLeftBracket || kind == TokenKind::kLeftBrace;
}
inline bool isClosing(TokenKind kind) {
  return kind == TokenKind::kRightParen || kind == TokenKind::kRightBracket || kind == TokenKind::kRightBrace;
}

}  // namespace krait::lint
