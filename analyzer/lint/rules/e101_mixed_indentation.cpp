// E101: an indentation of both tabs and spaces. ref: pycodestyle tabs_or_spaces
#include "analyzer/lint/physical_lines.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkMixedIndentation(LintContext& context) {
  for (uint32_t line = 0; line < context.file.lines.lineCount(); ++line) {
    TextRange range = indentationOf(context, line);
    std::string_view indent = context.ast.text(range);
    bool is_mixed = indent.find(' ') != std::string_view::npos && indent.find('\t') != std::string_view::npos;
    if (is_mixed) context.sink.begin("E101"_rule, range);
  }
}

}  // namespace krait::lint
