// Logical lines: the tokens from the start of a statement, comment or decorator to its line's end, and the checks of
// pycodestyle that read them. A comment ends its line, lines without tokens are none. What always holds: a line has a
// token that is no line end; the tokens are those of the shared list.
#pragma once

#include <span>

#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

struct LogicalLine {
  LintContext& context;
  std::span<const Token> tokens;

  std::string_view text() const { return context.file.text; }
  // Its first token is a comment, which ends it.
  bool isComment() const;
  // The last token but line ends, comments, indents and dedents; null: there is none.
  const Token* lastCode() const;
  // The `match`, `case` or `type` that begins the line as a keyword; null: none does.
  const Token* softKeyword() const;
};

enum class Blanks : uint8_t { kNone, kSingle, kMany, kTab };

struct BlankRun {
  Blanks kind = Blanks::kNone;
  TextRange range;
};

// Where the indentation of the statement at `first` begins: of its line, or of the one above it that holds nothing but a
// backslash.
uint32_t indentationBegin(std::string_view text, uint32_t first);
// The blanks on the same line that end at `offset`; those of an indentation are none.
BlankRun blanksBefore(std::string_view text, uint32_t offset);
// The blanks on the same line that begin at `offset`; those before a comment are none.
BlankRun blanksAfter(std::string_view text, uint32_t offset);

inline bool isLayout(TokenKind kind) {
  return kind == TokenKind::kNewline || kind == TokenKind::kNl || kind == TokenKind::kIndent || kind == TokenKind::kDedent;
}
inline bool isFormatStart(TokenKind kind) { return kind == TokenKind::kFStringStart || kind == TokenKind::kTStringStart; }
inline bool isFormatEnd(TokenKind kind) { return kind == TokenKind::kFStringEnd || kind == TokenKind::kTStringEnd; }

// The list of type parameters of a `def`, `class` or `type` line: which tokens stand in it. ref: PEP 695
class TypeParameterList {
 public:
  explicit TypeParameterList(const LogicalLine& line);
  bool isFunction() const { return is_function_; }
  bool contains(const Token& token) const { return begin_ < token.begin && token.begin < end_; }

 private:
  bool is_function_ = false;
  uint32_t begin_ = 0, end_ = 0;
};

// The checks, each over one line; `e1_logical_lines.cpp` calls them.
void checkBracketBlanks(const LogicalLine& line);         // E201, E202, E203, E204
void checkBlanksBeforeBrackets(const LogicalLine& line);  // E211
void checkRedundantBackslashes(const LogicalLine& line);  // E502
void checkOperatorBlanks(const LogicalLine& line);        // E221-E224
void checkMissingOperatorBlanks(const LogicalLine& line); // E225-E228
void checkPunctuationBlanks(const LogicalLine& line);     // E231, E241, E242
void checkParameterEquals(const LogicalLine& line);       // E251, E252
void checkCommentBlanks(const LogicalLine& line);         // E261, E262, E265, E266
void checkKeywordBlanks(const LogicalLine& line);         // E271-E275

}  // namespace krait::lint
