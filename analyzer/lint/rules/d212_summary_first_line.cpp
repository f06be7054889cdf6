// D212: a summary that does not begin on the first line. ref: pydocstyle
#include "analyzer/lint/rule.h"
#include "analyzer/lint/docstrings.h"

namespace krait::lint {

void checkSummaryFirstLine(LintContext& context) {
  for (const Docstring& docstring : docstringsOf(context)) {
    std::vector<std::string_view> lines = linesOf(docstring.content);
    uint32_t filled = 0;
    for (std::string_view line : lines) filled += !isBlank(line);
    if (filled > 1 && isBlank(lines[0])) context.sink.begin(Rule::kD212, docstring.range);
  }
}

}  // namespace krait::lint
