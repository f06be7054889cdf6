// SyntaxError: one rejection of a text, with the class, message and position that CPython 3.14 reports for it.
// line and column count from 1, columns in characters (code points), and are what the exception's lineno, offset,
// end_lineno and end_offset hold, quirks included (an end column of 0 or -1 means "unknown"); `range` is the place in
// bytes for editors, never empty unless the text ends there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/base/text.h"

namespace krait::syntax {

enum class SyntaxErrorClass : uint8_t { kSyntaxError, kIndentationError, kTabError, kMemoryError, kOverflowError };

struct SyntaxError {
  SyntaxErrorClass error_class = SyntaxErrorClass::kSyntaxError;
  std::string message;
  int32_t line = 0;
  int32_t column = 0;
  int32_t end_line = 0;
  int32_t end_column = 0;
  TextRange range;
  bool is_lexical = false;  // the tokenizer says it at once: CPython shows its line without the end
};

// "SyntaxError", "IndentationError", …
std::string_view syntaxErrorClassName(SyntaxErrorClass error_class);

// A place in a text: 1-based line, and the byte offset of that line's start.
struct LinePlace {
  int32_t line = 1;
  uint32_t start = 0;
};

// The line that holds byte `offset` (the last line for the end of the text). Walks the text: for error paths only.
LinePlace linePlaceOf(std::string_view text, uint32_t offset);

// The end of the line that starts at `start`, before its line end.
uint32_t lineEndOf(std::string_view text, uint32_t start);

// How many characters begin in the first `byte_column` bytes of the line: turns a 1-based column in bytes into one in
// characters. 0 and less pass unchanged. Past the line's text one byte counts one, up to one past its line end.
int32_t characterColumn(std::string_view text, uint32_t line_start, int64_t byte_column);

}  // namespace krait::syntax
