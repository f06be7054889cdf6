// Places of errors as CPython's RAISE_* macros compute them (Parser/pegen.h, Parser/pegen_errors.c).
#include <algorithm>

#include "analyzer/syntax/grammar/recognizer.h"

namespace krait::syntax {

namespace {

// Indent, Dedent and EndMarker have no column in CPython.
bool hasColumn(TokenKind kind) {
  return kind != TokenKind::kIndent && kind != TokenKind::kDedent && kind != TokenKind::kEndMarker &&
         kind != TokenKind::kError;
}

struct Position {
  LinePlace place;
  int64_t byte_column = 0;  // from 1
};

Position positionOf(const Recognizer& r, uint32_t offset) {
  LinePlace place = linePlaceOf(r.text, offset);
  return {place, static_cast<int64_t>(offset) - place.start + 1};
}

// Where the tokenizer stands after a token, as a column that is not counted from 1.
int64_t cursorColumn(const Recognizer& r, uint32_t offset) {
  Position position = positionOf(r, offset);
  bool lacks_line_end = offset >= r.text.size() && !r.text.empty() && r.text.back() != '\n' && r.text.back() != '\r';
  return position.byte_column - 1 + lacks_line_end;
}

void setStart(const Recognizer& r, SyntaxError& error, const Position& position) {
  error.line = position.place.line;
  error.column = characterColumn(r.text, position.place.start, position.byte_column);
}

// CPython turns the end's bytes into characters by the text of the line where the error begins.
void setEnd(const Recognizer& r, SyntaxError& error, uint32_t begin, Position end) {
  error.end_line = end.place.line;
  LinePlace first_line = linePlaceOf(r.text, begin);
  if (first_line.start != end.place.start) {
    int64_t line_size = static_cast<int64_t>(lineEndOf(r.text, first_line.start)) - first_line.start;
    end.byte_column = std::min(end.byte_column, line_size + 1);
  }
  error.end_column = characterColumn(r.text, first_line.start, end.byte_column);
}

// The end of a token. A line end counts as one byte.
Position endOf(const Recognizer& r, const Token& token) {
  Position end = positionOf(r, token.end);
  end.byte_column += token.kind == TokenKind::kNewline;
  return end;
}

}  // namespace

SyntaxError errorAtTokens(const Recognizer& r, uint32_t first, uint32_t last, std::string message) {
  SyntaxError error;
  error.message = std::move(message);
  const Token& from = r.token(first);
  const Token& to = r.token(last);
  setStart(r, error, positionOf(r, from.begin));
  setEnd(r, error, from.begin, endOf(r, to));
  if (!hasColumn(from.kind)) error.column = 0;
  if (!hasColumn(to.kind)) error.end_column = 0;
  error.range = {from.begin, std::max(from.begin, to.end)};
  return error;
}

SyntaxError errorAtToken(const Recognizer& r, uint32_t index, std::string message) {
  const Token& token = r.token(index);
  SyntaxError error = errorAtTokens(r, index, index, std::move(message));
  if (!hasColumn(token.kind)) {
    LinePlace place = linePlaceOf(r.text, token.begin);
    error.column = characterColumn(r.text, place.start, cursorColumn(r, token.begin));
    error.end_column = -1;
  }
  return error;
}

SyntaxError errorFromToken(const Recognizer& r, uint32_t first, std::string message) {
  const Token& last = r.token(r.fill - 1);
  SyntaxError error = errorAtTokens(r, first, first, std::move(message));
  Position end = endOf(r, last);
  end.byte_column = hasColumn(last.kind) ? end.byte_column - 1 : cursorColumn(r, last.begin);
  setEnd(r, error, r.token(first).begin, end);
  error.range.end = std::max(error.range.end, last.end);
  return error;
}

SyntaxError errorAtEndOf(const Recognizer& r, uint32_t first, uint32_t last, std::string message) {
  SyntaxError error = errorAtTokens(r, first, last, std::move(message));
  Position end = positionOf(r, r.token(last).end);
  LinePlace first_line = linePlaceOf(r.text, r.token(first).begin);
  error.column = characterColumn(r.text, first_line.start, end.byte_column - 1);
  error.end_column = 0;
  return error;
}

}  // namespace krait::syntax
