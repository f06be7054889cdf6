// Tokens of a text that Python rejects, one at a time: a lexical error is noted and reading goes on behind it. The parser
// of broken texts drives it and may send it back: to a state it had (it is a value), or to a line end inside brackets that
// turned out never to be closed.
// What always holds: `token()` is the token read last; ranges lie inside the text; the end gives kEndMarker for ever.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/syntax/tokens/token.h"

namespace krait::syntax::recovery {

// Something wrong at a place, in the linter's words.
struct Problem {
  TextRange range;
  std::string message;
};

class RecoveryLexer {
 public:
  // Lexical errors go into `problems`, which outlives the reader.
  RecoveryLexer(std::string_view text, std::vector<Problem>& problems) : text_(text), size_(static_cast<uint32_t>(text.size())), problems_(&problems) {}

  // Reads the next token, comments (kComment) and line ends inside statements and brackets (kNl) included; what is no token is kError.
  void advance();
  const Token& token() const { return token_; }
  // Whether the string that was read last has no closing quote.
  bool isUnclosed() const { return is_unclosed_; }
  // The same place, and what is wrong behind it is not noted: to look ahead.
  RecoveryLexer silent() const {
    RecoveryLexer copy = *this;
    copy.problems_ = nullptr;
    return copy;
  }

  // The innermost open bracket will not be closed: reads on at the line end at `line_end` (a kNl token's begin) as at the end
  // of a statement. False when there is nothing to go back to: no bracket is open, or no line end was passed (kNone).
  static constexpr uint32_t kNone = 0xffffffffu;
  bool endLineAt(uint32_t line_end);
  // The token is a string without a closing quote inside a replacement field: where its quotes are those of the string around,
  // they end that one.
  void endInterpolatedHere();

 private:
  struct Interpolated {
    uint32_t nesting;  // brackets that were open around it
    uint32_t format_specs = 0;
    char quote;
    bool is_triple, is_raw, is_template;
    uint32_t fieldsOpen(uint32_t now) const { return now > nesting ? now - nesting : 0; }
    bool isInField(uint32_t now) const { return fieldsOpen(now) > format_specs; }
    bool isInFormatSpec(uint32_t now) const { return format_specs > 0 && !isInField(now); }
    void endFormatSpec(uint32_t now) {
      if (isInFormatSpec(now)) --format_specs;
    }
  };
  struct Indentation {
    uint32_t column = 0, characters = 0;
  };

  char byte(uint32_t ahead = 0) const { return at_ + ahead < size_ ? text_[at_ + ahead] : '\0'; }
  bool atEnd() const { return at_ >= size_; }
  bool eat(char wanted) {
    bool found = !atEnd() && text_[at_] == wanted;
    at_ += found;
    return found;
  }
  void eatLineEnd();
  TokenKind lex();
  TokenKind fail(TextRange range, std::string message);
  TokenKind fail(std::string message) { return fail({token_.begin, at_}, std::move(message)); }
  TokenKind lexCharacter();
  TokenKind lexOperator(char first);
  TokenKind lexWord();
  TokenKind lexNumber(char first);
  TokenKind lexString(char quote);
  TokenKind startInterpolated(char quote, bool is_raw, bool is_template);
  TokenKind interpolatedText();  // kError: a problem; kEndMarker: no text here
  TokenKind endOfText();
  bool skipBlanks(TokenKind* out);
  bool indentation(TokenKind* out);
  bool compareIndentation(Indentation now, bool is_pending, TokenKind* out);
  TokenKind popIndentation(Indentation now);
  void passDigits(int base);

  std::string_view text_;
  uint32_t size_;
  uint32_t at_ = 0;
  uint32_t nesting_ = 0;
  bool at_line_start_ = true;
  bool is_line_fresh_ = false;  // the token is the first of its line, at the indentation of the line before
  bool is_unclosed_ = false;
  bool has_pending_ = false;
  Indentation pending_;
  std::vector<Indentation> indents_ = {Indentation{}};
  std::vector<Interpolated> strings_;
  Token token_;
  std::vector<Problem>* problems_;  // none: nothing is noted
};

}  // namespace krait::syntax::recovery
