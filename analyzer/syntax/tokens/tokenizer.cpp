#include "analyzer/syntax/tokens/tokenizer.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "analyzer/base/check.h"
#include "analyzer/base/unicode/character.h"
#include "analyzer/base/unicode/utf8.h"
#include "analyzer/syntax/tokens/tokenizer_context.h"

namespace krait::syntax {

using enum TokenKind;

bool failAt(TokenizerContext& context, uint32_t cursor, std::string message) {
  LinePlace place = linePlaceOf(context.text, cursor == 0 ? 0 : cursor - 1);
  int64_t column = static_cast<int64_t>(cursor) - place.start;
  return failRange(context, cursor, column, column, std::move(message));
}

bool failRange(TokenizerContext& context, uint32_t cursor, int64_t first, int64_t last, std::string message) {
  LinePlace place = linePlaceOf(context.text, cursor == 0 ? 0 : cursor - 1);
  SyntaxError error;
  error.is_lexical = true;
  error.message = std::move(message);
  error.line = error.end_line = place.line;
  error.column = characterColumn(context.text, place.start, first);
  error.end_column = characterColumn(context.text, place.start, last);
  uint32_t begin = std::min<uint32_t>(place.start + static_cast<uint32_t>(std::max<int64_t>(first - 1, 0)), context.size);
  error.range = {begin, std::clamp<uint32_t>(place.start + static_cast<uint32_t>(last), begin, context.size)};
  context.result.error = TokenizeError{std::move(error), false, !context.strings.empty()};
  context.push(kError, begin, begin);
  return false;
}

bool failDeferred(TokenizerContext& context, SyntaxError error) {
  uint32_t begin = std::min(error.range.begin, context.size);
  context.result.error = TokenizeError{std::move(error), true, !context.strings.empty()};
  context.push(kError, begin, begin);
  return false;
}

// A deferred error in the line of `at`: columns count bytes from 1, or are one of CPython's special values.
static bool failOnLine(TokenizerContext& context, SyntaxErrorClass error_class, const char* message, int64_t column,
                       int32_t end_column) {
  LinePlace place = linePlaceOf(context.text, context.at);
  SyntaxError error;
  error.error_class = error_class;
  error.message = message;
  error.line = error.end_line = place.line;
  error.column = characterColumn(context.text, place.start, column);
  error.end_column = end_column;
  error.range = {place.start, lineEndOf(context.text, place.start)};
  return failDeferred(context, std::move(error));
}

bool failAtEnd(TokenizerContext& context) {
  if (context.has_null) {
    context.at = context.size;
    failAt(context, context.size, "source code cannot contain null bytes");
    SyntaxError& error = context.result.error->error;
    error.line = error.end_line = linePlaceOf(context.text, context.size).line + (context.size > 0);
    error.column = error.end_column = 0;
    return false;
  }
  context.at = context.size;
  if (context.depth() == 0) {
    uint32_t start = linePlaceOf(context.text, context.size).start;
    bool lacks_line_end = context.size == 0 || !isLineEnd(context.byteAt(context.size - 1));
    return failOnLine(context, SyntaxErrorClass::kSyntaxError, "unexpected EOF while parsing",
                      context.size - start + lacks_line_end, -1);
  }
  uint32_t bracket = context.result.open_brackets.back();
  LinePlace place = linePlaceOf(context.text, bracket);
  SyntaxError error;
  error.message = std::string("'") + context.text[bracket] + "' was never closed";
  error.line = error.end_line = place.line;
  error.column = characterColumn(context.text, place.start, bracket - place.start + 1);
  error.range = {bracket, bracket + 1};
  return failDeferred(context, std::move(error));
}

// After a backslash at `at`: passes the line end. False: an error was recorded.
static bool joinLine(TokenizerContext& context, bool inside_token) {
  uint32_t line_end = context.at + 1;
  if (line_end < context.size && !isLineEnd(context.byteAt(line_end))) {
    // CPython counts this column from where its buffer begins, which may be an earlier line.
    context.at = line_end;
    return failOnLine(context, SyntaxErrorClass::kSyntaxError, "unexpected character after line continuation character",
                      line_end + 1 - context.buffer_start, 0);
  }
  if (line_end >= context.size) return failAtEnd(context);
  context.at = afterLineEnd(context, line_end);
  if (context.at >= context.size) return failAtEnd(context);
  if (!inside_token) context.buffer_start = context.at;
  return true;
}

struct LineIndent {
  IndentLevel level;
  bool is_blank = false;
};

// Reads the white space that begins a line.
static bool readIndent(TokenizerContext& context, LineIndent& indent) {
  int column = 0;
  int alt_column = 0;
  int joined_column = 0;
  uint32_t begin = context.at;
  for (;; ++context.at) {
    unsigned char c = context.byteAt(context.at);
    if (c == ' ') {
      ++column;
      ++alt_column;
    } else if (c == '\t') {
      column = (column / 8 + 1) * 8;
      ++alt_column;
    } else if (c == '\f') {
      column = alt_column = 0;
    } else if (c == '\\' && context.at < context.size) {
      joined_column = joined_column != 0 ? joined_column : column;
      if (!joinLine(context, false)) return false;
      --context.at;
    } else {
      break;
    }
  }
  bool at_end = context.at >= context.size;
  unsigned char c = context.byteAt(context.at);
  indent.is_blank = at_end ? context.at != begin : c == '#' || isLineEnd(c);
  if (joined_column != 0) column = alt_column = joined_column;
  if (at_end) column = alt_column = 0;
  indent.level = {column, alt_column};
  return true;
}

static bool failTabs(TokenizerContext& context) {
  return failOnLine(context, SyntaxErrorClass::kTabError, "inconsistent use of tabs and spaces in indentation", 1, 0);
}

// Pushes the Indent and Dedent tokens of a line that begins a statement.
static bool pushIndent(TokenizerContext& context, IndentLevel level) {
  std::vector<IndentLevel>& indents = context.indents;
  if (level.column == indents.back().column) {
    return level.alt_column == indents.back().alt_column || failTabs(context);
  }
  if (level.column > indents.back().column) {
    if (indents.size() >= kMaxIndent) {
      return failOnLine(context, SyntaxErrorClass::kIndentationError, "too many levels of indentation", 1, 0);
    }
    if (level.alt_column <= indents.back().alt_column) return failTabs(context);
    indents.push_back(level);
    context.push(kIndent, context.at, context.at);
    return true;
  }
  size_t kept = indents.size();
  while (kept > 1 && level.column < indents[kept - 1].column) --kept;
  if (level.column != indents[kept - 1].column) {
    LinePlace place = linePlaceOf(context.text, context.at);
    return failOnLine(context, SyntaxErrorClass::kIndentationError,
                      "unindent does not match any outer indentation level",
                      lineEndOf(context.text, place.start) - place.start + 1, -1);
  }
  if (level.alt_column != indents[kept - 1].alt_column) {
    indents.resize(kept);
    return failTabs(context);
  }
  for (; indents.size() > kept; indents.pop_back()) context.push(kDedent, context.at, context.at);
  return true;
}

// A word that has non-ASCII bytes: every character must be one that an identifier may hold (PEP 3131).
static bool checkIdentifier(TokenizerContext& context, uint32_t begin, uint32_t end) {
  if (context.is_lenient) return true;
  for (size_t at = begin; at < end;) {
    size_t start = at;
    char32_t c = unicode::decodeUtf8(context.text, at);
    if (start == begin ? unicode::isIdentifierStart(c) : unicode::isIdentifierContinue(c)) continue;
    char shown[16];
    std::snprintf(shown, sizeof shown, "U+%04X", static_cast<unsigned>(c));
    context.at = static_cast<uint32_t>(at);
    if (!unicode::isPrintable(c)) {
      return failAt(context, context.at, std::string("invalid non-printable character ") + shown);
    }
    return failAt(context, context.at,
                  "invalid character '" + std::string(context.text.substr(start, at - start)) + "' (" + shown + ")");
  }
  return true;
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// The prefix letters [begin, at) before the quote at `at` may not stand together: the first clash, or empty.
static const char* findPrefixClash(bool b, bool r, bool u, bool f, bool t) {
  if (u && b) return "'u' and 'b' prefixes are incompatible";
  if (u && r) return "'u' and 'r' prefixes are incompatible";
  if (u && f) return "'u' and 'f' prefixes are incompatible";
  if (u && t) return "'u' and 't' prefixes are incompatible";
  if (b && f) return "'b' and 'f' prefixes are incompatible";
  if (b && t) return "'b' and 't' prefixes are incompatible";
  if (f && t) return "'f' and 't' prefixes are incompatible";
  return nullptr;
}

enum class Prefix : uint8_t { kNone, kString, kFormat, kError };

// Whether the letters at `begin` are the prefix of a string; then `at` stands on its quote.
static Prefix readStringPrefix(TokenizerContext& context, uint32_t begin, char& format) {
  bool seen[5] = {};
  uint32_t at = begin;
  for (;; ++at) {
    const char* letters = "bruft";
    char c = lower(static_cast<char>(context.byteAt(at)));
    const char* found = c == 0 ? nullptr : std::strchr(letters, c);
    if (found == nullptr || seen[found - letters]) return Prefix::kNone;
    seen[found - letters] = true;
    unsigned char next = context.byteAt(at + 1);
    if (next == '"' || next == '\'') break;
  }
  context.at = at + 1;
  if (const char* clash = findPrefixClash(seen[0], seen[1], seen[2], seen[3], seen[4])) {
    uint32_t start = linePlaceOf(context.text, begin).start;
    failRange(context, at + 2, begin + 1 - start, at + 2 - start, clash);
    return Prefix::kError;
  }
  if (!seen[3] && !seen[4]) return Prefix::kString;
  format = seen[3] ? 'f' : 't';
  return Prefix::kFormat;
}

static bool lexWord(TokenizerContext& context) {
  uint32_t begin = context.at;
  uint32_t at = begin;
  bool is_ascii = true;
  while (isWordByte(context.byteAt(at))) is_ascii &= context.byteAt(at++) < 128;
  unsigned char next = context.byteAt(at);
  if ((next == '"' || next == '\'') && at - begin <= 5) {
    char format = 'f';
    Prefix prefix = readStringPrefix(context, begin, format);
    if (prefix == Prefix::kError) return false;
    if (prefix == Prefix::kString) return lexString(context, begin);
    if (prefix == Prefix::kFormat) return lexFormatStringStart(context, begin, format);
  }
  if (!is_ascii && !checkIdentifier(context, begin, at)) return false;
  context.at = at;
  context.push(is_ascii ? wordKind(context.text.substr(begin, at - begin)) : kName, begin, at);
  return true;
}

static void lexComment(TokenizerContext& context) {
  uint32_t begin = context.at;
  uint32_t end = lineEndOf(context.text, begin);
  context.at = end;
  if (context.keep_trivia) {
    context.push(kComment, begin, end);
  } else {
    context.comment_start = begin;
  }
}

// Where a Newline at `at` begins: CPython counts a comment before it as its part.
static uint32_t takeNewlineStart(TokenizerContext& context, uint32_t at) {
  uint32_t start = std::min(at, context.comment_start);
  context.comment_start = kNoComment;
  return start;
}

// The line end at `at`: a Newline, or Nl where it ends no statement.
static void lexLineEnd(TokenizerContext& context, bool ends_statement) {
  uint32_t begin = context.at;
  uint32_t newline_start = takeNewlineStart(context, begin);
  context.at = afterLineEnd(context, begin);
  context.at_line_start = true;
  context.buffer_start = context.at;
  if (ends_statement) {
    context.push(kNewline, newline_start, context.keep_trivia ? context.at : begin);
  } else if (context.keep_trivia) {
    context.push(kNl, begin, context.at);
  }
}

static bool lexToken(TokenizerContext& context, unsigned char c) {
  if (isDigit(c) || (c == '.' && isDigit(context.byteAt(context.at + 1)))) return lexNumber(context);
  if (isWordByte(c)) return lexWord(context);
  if (c == '"' || c == '\'') return lexString(context, context.at);
  return lexOperator(context);
}

// Reads the line start when there is one, then skips white space, comments and joined lines up to the next token.
// `is_blank`: the line holds no token, so its end is no Newline. False: an error.
static bool skipToToken(TokenizerContext& context, bool& is_blank) {
  if (context.at_line_start) {
    context.at_line_start = false;
    LineIndent indent;
    if (!readIndent(context, indent)) return false;
    is_blank = indent.is_blank;
    if (!is_blank && context.depth() == 0 && !pushIndent(context, indent.level)) return false;
  }
  for (;; ++context.at) {
    unsigned char c = context.byteAt(context.at);
    if (c == ' ' || c == '\t' || c == '\f') continue;
    if (c == '#') {
      lexComment(context);
      --context.at;
    } else if (c == '\\' && context.at < context.size) {
      if (!joinLine(context, true)) return false;
      --context.at;
    } else {
      return true;
    }
  }
}

// One token of Python code (not of an f-string's text). False: the end of the text or an error.
static bool lexCode(TokenizerContext& context) {
  bool is_blank = false;
  if (!skipToToken(context, is_blank)) return false;
  if (context.at >= context.size) {
    if (context.has_null || context.depth() > 0) return failAtEnd(context);
    bool has_line_end = context.size == 0 || isLineEnd(context.byteAt(context.size - 1));
    bool wants_newline = !has_line_end && !is_blank && !context.result.tokens.empty() &&
                         context.result.tokens.back().kind != kNewline && context.result.tokens.back().kind != kDedent;
    if (wants_newline) context.push(kNewline, takeNewlineStart(context, context.size), context.size);
    for (; context.indents.size() > 1; context.indents.pop_back()) context.push(kDedent, context.size, context.size);
    context.push(kEndMarker, context.size, context.size);
    return false;
  }
  unsigned char c = context.byteAt(context.at);
  if (!isLineEnd(c)) return lexToken(context, c);
  lexLineEnd(context, !is_blank && context.depth() == 0);
  return true;
}

TokenList tokenize(std::string_view text, Trivia trivia) {
  CHECK(text.size() < 0xfffffff0u, "a source text is smaller than 4 GiB");
  TokenizerContext context;
  if (const void* null = text.empty() ? nullptr : std::memchr(text.data(), 0, text.size())) {
    size_t offset = static_cast<size_t>(static_cast<const char*>(null) - text.data());
    size_t line_end = text.substr(0, offset).find_last_of("\r\n");
    text = text.substr(0, line_end == std::string_view::npos ? 0 : line_end + 1);
    context.has_null = true;
  }
  context.text = text;
  context.size = static_cast<uint32_t>(text.size());
  context.keep_trivia = trivia != Trivia::kDrop;
  context.is_lenient = trivia == Trivia::kLenient;
  context.result.tokens.reserve(text.size() / 5 + 16);
  for (;;) {
    bool in_text = !context.strings.empty() && context.strings.back().in_text;
    if (!(in_text ? lexFormatStringText(context) : lexCode(context))) break;
  }
  return std::move(context.result);
}

}  // namespace krait::syntax
