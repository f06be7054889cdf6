// E501: a line that is too long. ref: pycodestyle maximum_line_length
#include <algorithm>
#include <string>

#include "analyzer/lint/physical_lines.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkLineLength(LintContext& context) {
  const uint32_t limit = context.options.number("pycodestyle.max-line-length", context.options.line_length);
  const uint32_t tab = context.options.indent_width;
  const LineIndex& lines = context.file.lines;
  auto comments = context.ast.comments();
  size_t next = 0;
  for (uint32_t line = 0; line < lines.lineCount(); ++line) {
    std::string_view text = lines.lineText(line);
    uint32_t start = lines.lineStart(line);
    uint32_t comment = static_cast<uint32_t>(text.size());
    while (next < comments.size() && comments[next].begin < start) ++next;
    if (next < comments.size() && comments[next].begin < start + text.size()) comment = comments[next].begin - start;
    // No byte is wider than a column, but for tabs.
    if (text.size() <= limit && text.find('\t') == std::string_view::npos) continue;
    std::string_view code = measuredPart(context, text, comment);
    uint32_t width = lineWidth(code, tab);
    if (width <= limit || mayBeLong(context, code, limit)) continue;
    context.sink.begin("E501"_rule, {start + bytesWithin(code, limit, tab), start + static_cast<uint32_t>(code.size())},
                       {std::to_string(width), std::to_string(limit)});
  }
}

}  // namespace krait::lint
