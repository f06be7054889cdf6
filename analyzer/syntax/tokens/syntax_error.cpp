#include "analyzer/syntax/tokens/syntax_error.h"

#include <algorithm>

namespace krait::syntax {

std::string_view syntaxErrorClassName(SyntaxErrorClass error_class) {
  switch (error_class) {
    case SyntaxErrorClass::kSyntaxError: return "SyntaxError";
    case SyntaxErrorClass::kIndentationError: return "IndentationError";
    case SyntaxErrorClass::kTabError: return "TabError";
    case SyntaxErrorClass::kMemoryError: return "MemoryError";
    case SyntaxErrorClass::kOverflowError: return "OverflowError";
  }
  return "SyntaxError";
}

LinePlace linePlaceOf(std::string_view text, uint32_t offset) {
  LinePlace place;
  for (uint32_t at = 0; at < offset && at < text.size(); ++at) {
    bool ends_line = text[at] == '\n' || (text[at] == '\r' && !(at + 1 < text.size() && text[at + 1] == '\n'));
    if (!ends_line) continue;
    if (at + 1 >= text.size()) break;
    ++place.line;
    place.start = at + 1;
  }
  return place;
}

uint32_t lineEndOf(std::string_view text, uint32_t start) {
  size_t end = text.find_first_of("\r\n", start);
  return static_cast<uint32_t>(end == std::string_view::npos ? text.size() : end);
}

int32_t characterColumn(std::string_view text, uint32_t line_start, int64_t byte_column) {
  if (byte_column <= 0) return static_cast<int32_t>(byte_column);
  int64_t line_size = static_cast<int64_t>(lineEndOf(text, line_start)) - line_start;
  byte_column = std::min(byte_column, line_size + 2);
  int64_t past = std::max<int64_t>(0, byte_column - line_size);
  std::string_view before = text.substr(line_start, static_cast<size_t>(byte_column - past));
  return static_cast<int32_t>(countUnits(before, ColumnUnit::kUtf32) + past);
}

}  // namespace krait::syntax
