// D213: a summary that begins on the first line. ref: pydocstyle
#include "analyzer/lint/rule.h"
#include "analyzer/lint/docstrings.h"

namespace krait::lint {

void checkSummarySecondLine(LintContext& context) {
  for (const Docstring& docstring : docstringsOf(context)) {
    std::vector<std::string_view> lines = linesOf(docstring.content);
    uint32_t filled = 0;
    for (std::string_view line : lines) filled += !isBlank(line);
    if (filled > 1 && !isBlank(lines[0])) context.sink.begin(Rule::kD213, docstring.range);
  }
}

}  // namespace krait::lint
