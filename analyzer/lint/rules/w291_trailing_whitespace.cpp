// W291: blanks at the end of a line. ref: pycodestyle trailing_whitespace
#include "analyzer/lint/physical_lines.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkTrailingWhitespace(LintContext& context) {
  for (uint32_t line = 0; line < context.file.lines.lineCount(); ++line) {
    std::string_view text = context.file.lines.lineText(line);
    size_t end = text.find_last_not_of(" \t\f");
    if (end == std::string_view::npos || end + 1 == text.size()) continue;
    uint32_t start = context.file.lines.lineStart(line);
    TextRange range{start + static_cast<uint32_t>(end) + 1, start + static_cast<uint32_t>(text.size())};
    bool is_unsafe = text[end] == '\\' || isInsideString(context, range.begin);
    context.sink.begin("W291"_rule, range)
        .fix("Remove trailing whitespace", {{range, ""}}, is_unsafe ? FixSafety::kUnsafe : FixSafety::kSafe);
  }
}

}  // namespace krait::lint
