// D205: no blank line between summary and description. ref: pydocstyle
#include "analyzer/lint/rule.h"
#include "analyzer/lint/docstrings.h"

namespace krait::lint {

void checkSummaryBlankLine(LintContext& context) {
  for (const Docstring& docstring : docstringsOf(context)) {
    std::vector<std::string_view> lines = linesOf(docstring.content);
    size_t first = 0;
    while (first < lines.size() && isBlank(lines[first])) ++first;
    size_t blanks = 0;
    size_t at = first + 1;
    while (at < lines.size() && isBlank(lines[at])) {
      ++at;
      ++blanks;
    }
    if (at < lines.size() && blanks != 1) context.sink.begin(Rule::kD205, docstring.range);
  }
}

}  // namespace krait::lint
