// W391: blank lines at the end of a file. ref: pycodestyle trailing_blank_lines
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkLinesAtEnd(LintContext& context) {
  std::string_view text = context.file.text;
  size_t last = text.find_last_not_of(" \t\f\r\n");
  const LineIndex& lines = context.file.lines;
  uint32_t end_line = last == std::string_view::npos ? 0 : lines.lineOf(static_cast<uint32_t>(last));
  // A last line without an end is none, blank or not.
  uint32_t ends = lines.lineCount() - 1 - end_line;
  if (ends < 2) return;
  TextRange range{lines.lineStart(end_line + 1), lines.lineStart(lines.lineCount() - 1)};
  context.sink.begin("W391"_rule, range, {ends > 2 ? "Too many newlines" : "Extra newline"})
      .fix(ends > 2 ? "Remove trailing newlines" : "Remove trailing newline", {{range, ""}});
}

}  // namespace krait::lint
