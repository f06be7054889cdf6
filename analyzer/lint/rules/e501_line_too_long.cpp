// E501: a line that is too long. ref: pycodestyle maximum_line_length
#include <algorithm>
#include <string>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// Columns that a text takes: tabs go to the next multiple of 4, wide characters count as one.
static uint32_t widthOf(std::string_view text) {
  uint32_t width = 0;
  for (unsigned char c : text) {
    if (c == '\t') {
      width += 4 - width % 4;
    } else if ((c & 0xc0) != 0x80) {
      ++width;
    }
  }
  return width;
}

// Where a comment for tools begins at the end of the line: those do not count.
static std::string_view withoutPragma(std::string_view line, uint32_t comment) {
  if (comment >= line.size()) return line;
  std::string_view text = line.substr(comment + 1);
  text = text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
  for (std::string_view word : {"noqa", "type:", "pyright:", "pylint:", "flake8:", "ruff:", "isort:", "nosec", "yapf:",
                                "fmt:", "krait:", "mypy:", "ty:"}) {
    if (!text.starts_with(word)) continue;
    std::string_view before = line.substr(0, comment);
    return before.substr(0, before.find_last_not_of(" \t") + 1);
  }
  return line;
}

static bool isAllowed(std::string_view line, uint32_t limit) {
  size_t first = line.find_first_not_of(" \t");
  if (first == std::string_view::npos) return true;
  size_t last = line.find_last_of(" \t");
  // One word, or a comment of one word, cannot be broken.
  if (last == std::string_view::npos || last < first) return true;
  std::string_view word = line.substr(last + 1);
  std::string_view head = line.substr(first, last - first);
  while (!head.empty() && (head.back() == ' ' || head.back() == '\t')) head.remove_suffix(1);
  if (head == "#") return true;
  return word.find("://") != std::string_view::npos && widthOf(line) - widthOf(word) <= limit;
}

void checkLineLength(LintContext& context) {
  const uint32_t limit = context.options.line_length;
  const LineIndex& lines = context.file.lines;
  auto comments = context.ast.comments();
  size_t next = 0;
  for (uint32_t line = 0; line < lines.lineCount(); ++line) {
    std::string_view text = lines.lineText(line);
    uint32_t start = lines.lineStart(line);
    uint32_t comment = static_cast<uint32_t>(text.size());
    while (next < comments.size() && comments[next].begin < start) ++next;
    if (next < comments.size() && comments[next].begin < start + text.size()) comment = comments[next].begin - start;
    if (text.size() <= limit) continue;
    std::string_view code = withoutPragma(text, comment);
    uint32_t width = widthOf(code);
    if (width <= limit || isAllowed(code, limit)) continue;
    uint32_t from = 0;
    uint32_t columns = 0;
    while (from < code.size() && columns < limit) {
      columns = widthOf(code.substr(0, from + 1));
      ++from;
      while (from < code.size() && (static_cast<unsigned char>(code[from]) & 0xc0) == 0x80) ++from;
    }
    context.sink.begin(Rule::kE501, {start + from, start + static_cast<uint32_t>(code.size())}, {std::to_string(width)});
  }
}

}  // namespace krait::lint
