#include "runtime/codegen/def.h"

namespace krait::codegen {

// Tabs become spaces up to columns of eight; the first line loses its leading blanks, the others their common margin.
static std::string expandTabs(std::string_view text) {
  std::string out;
  size_t column = 0;
  for (char ch : text) {
    if (ch == '\t') {
      size_t width = 8 - column % 8;
      out.append(width, ' ');
      column += width;
      continue;
    }
    out += ch;
    column = ch == '\n' || ch == '\r' ? 0 : column + 1;
  }
  return out;
}

std::string cleanDocstring(std::string_view text) {
  std::string expanded = expandTabs(text);
  std::string_view rest = expanded;
  size_t margin = std::string_view::npos;
  size_t at = rest.find('\n');
  while (at != std::string_view::npos) {
    size_t begin = at + 1, end = begin;
    while (end < rest.size() && rest[end] == ' ') ++end;
    bool is_blank = end == rest.size() || rest[end] == '\n';
    if (!is_blank && end - begin < margin) margin = end - begin;
    at = rest.find('\n', begin);
  }
  size_t first = 0;
  while (first < rest.size() && rest[first] == ' ') ++first;
  if (first == 0 && (margin == 0 || margin == std::string_view::npos)) {
    bool has_lines = rest.find('\n') != std::string_view::npos;
    if (!has_lines || margin == 0) return expanded;
  }
  std::string out;
  size_t line = first;
  for (;;) {
    size_t newline = rest.find('\n', line);
    if (newline == std::string_view::npos) return out.append(rest.substr(line));
    out.append(rest.substr(line, newline + 1 - line));
    line = newline + 1;
    for (size_t i = 0; i < margin && line < rest.size() && rest[line] == ' '; ++i) ++line;
  }
}

}  // namespace krait::codegen
