// W293: a blank line with blanks in it. ref: pycodestyle trailing_whitespace
#include "analyzer/lint/physical_lines.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkBlankLines(LintContext& context) {
  for (uint32_t line = 0; line < context.file.lines.lineCount(); ++line) {
    std::string_view text = context.file.lines.lineText(line);
    if (text.empty() || text.find_first_not_of(" \t\f") != std::string_view::npos) continue;
    uint32_t start = context.file.lines.lineStart(line);
    TextRange range{start, start + static_cast<uint32_t>(text.size())};
    context.sink.begin("W293"_rule, range).fix("Remove whitespace from blank line", {{range, ""}},
                                          isInsideString(context, start) ? FixSafety::kUnsafe : FixSafety::kSafe);
  }
}

}  // namespace krait::lint
