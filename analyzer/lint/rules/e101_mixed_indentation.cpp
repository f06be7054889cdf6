// E101: an indentation of both tabs and spaces. ref: pycodestyle tabs_or_spaces
#include <algorithm>

#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkMixedIndentation(LintContext& context) {
  const LineIndex& lines = context.file.lines;
  for (uint32_t line = 0; line < lines.lineCount(); ++line) {
    uint32_t start = lines.lineStart(line);
    std::string_view text = lines.lineText(line);
    size_t size = std::min(text.find_first_not_of(" \t"), text.size());
    std::string_view indent = text.substr(0, size);
    bool is_mixed = indent.find(' ') != std::string_view::npos && indent.find('\t') != std::string_view::npos;
    if (is_mixed) context.sink.begin(Rule::kE101, {start, start + static_cast<uint32_t>(size)});
  }
}

}  // namespace krait::lint
