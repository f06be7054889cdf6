// D209: closing quotes on the last line of text. ref: pydocstyle
#include "analyzer/lint/rule.h"
#include "analyzer/lint/docstrings.h"

namespace krait::lint {

void checkClosingQuotes(LintContext& context) {
  for (const Docstring& docstring : docstringsOf(context)) {
    std::vector<std::string_view> lines = linesOf(docstring.content);
    uint32_t filled = 0;
    for (std::string_view line : lines) filled += !isBlank(line);
    if (filled > 1 && !isBlank(lines.back())) context.sink.begin(Rule::kD209, docstring.range);
  }
}

}  // namespace krait::lint
