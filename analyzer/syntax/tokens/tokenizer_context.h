// TokenizerContext: the state of one tokenize() call, shared by the files tokenizer*.cpp and by nobody else.
// A function that reports an error records it in `result.error`, pushes the Error token and returns false; its callers
// return at once.
#pragma once

#include <string>
#include <vector>

#include "analyzer/syntax/tokens/tokenizer.h"

namespace krait::syntax {

inline constexpr uint32_t kMaxIndent = 100;
inline constexpr uint32_t kMaxBrackets = 200;
inline constexpr uint32_t kMaxStringNesting = 150;
inline constexpr int kMaxFieldNesting = 3;
inline constexpr uint32_t kNoComment = 0xffffffffu;

// One f-string or t-string that is being read. `in_text`: the next token is literal text (or a format specification),
// else it is a token of a replacement field.
struct StringMode {
  uint32_t start = 0;  // of its prefix
  char prefix = 'f';   // 'f' or 't'
  char quote = '"';
  uint8_t quote_size = 1;
  bool is_raw = false;
  bool in_text = true;
  bool in_format_spec = false;
  int bracket_depth = 0;      // brackets open inside this string's fields
  int field_depth = -1;       // bracket depth at which the innermost field began; -1 outside of fields
};

struct IndentLevel {
  int column = 0;
  int alt_column = 0;  // with tabs of width 1: differs from `column` when tabs and spaces mix
};

struct TokenizerContext {
  std::string_view text;
  uint32_t size = 0;
  uint32_t at = 0;  // the next byte to read
  bool keep_trivia = false;
  bool is_lenient = false;
  bool at_line_start = true;
  bool has_null = false;        // the text was cut before a line with a null byte
  uint32_t comment_start = kNoComment;  // of the dropped comment that stands before the line end to come
  uint32_t buffer_start = 0;    // start of the line from which the current token chain was read without a gap
  std::vector<IndentLevel> indents = {IndentLevel{}};
  std::vector<StringMode> strings;
  TokenList result;

  // The byte at `offset`, or 0 past the end.
  unsigned char byteAt(uint32_t offset) const {
    return offset < size ? static_cast<unsigned char>(text[offset]) : 0;
  }
  uint32_t depth() const { return static_cast<uint32_t>(result.open_brackets.size()); }
  void push(TokenKind kind, uint32_t begin, uint32_t end) {
    result.tokens.push_back({begin, end, kind, static_cast<uint8_t>(depth())});
  }
};

inline bool isLineEnd(unsigned char c) { return c == '\n' || c == '\r'; }
inline bool isDigit(unsigned char c) { return c >= '0' && c <= '9'; }
inline bool isWordByte(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_' || c >= 128;
}
// The offset after the line end at `offset`, which stands on '\n' or '\r'.
inline uint32_t afterLineEnd(const TokenizerContext& context, uint32_t offset) {
  return context.byteAt(offset) == '\r' && context.byteAt(offset + 1) == '\n' ? offset + 2 : offset + 1;
}

// An error at once: line and column of the byte before `cursor`, as CPython's tokenizer counts.
bool failAt(TokenizerContext& context, uint32_t cursor, std::string message);
// An error at once, with columns: `first` and `last` count bytes from 1 in the line of `cursor`.
bool failRange(TokenizerContext& context, uint32_t cursor, int64_t first, int64_t last, std::string message);
// An error that a parser reports when it asks for the token.
bool failDeferred(TokenizerContext& context, SyntaxError error);
// The end of the text inside brackets: "'(' was never closed"; elsewhere "unexpected EOF while parsing".
bool failAtEnd(TokenizerContext& context);

// tokenizer_number.cpp: the number that begins at `at`, a digit or a dot before a digit.
bool lexNumber(TokenizerContext& context);
// tokenizer_operator.cpp: the bracket or operator at `at`; also what is neither.
bool lexOperator(TokenizerContext& context);
// tokenizer_string.cpp: the string whose prefix begins at `start` and whose opening quote is at `at`.
bool lexString(TokenizerContext& context, uint32_t start);
// tokenizer_format.cpp: the start of an f-string or t-string, and one token of its text.
bool lexFormatStringStart(TokenizerContext& context, uint32_t start, char prefix);
bool lexFormatStringText(TokenizerContext& context);

}  // namespace krait::syntax
