// D212: a summary that does not begin on the first line. ref: pydocstyle
#include <algorithm>

#include "analyzer/lint/rule.h"
#include "analyzer/lint/docstrings.h"

namespace krait::lint {

void checkSummaryFirstLine(LintContext& context) {
  for (const Docstring& docstring : docstringsOf(context)) {
    std::vector<std::string_view> lines = linesOf(docstring.content);
    bool is_empty = std::all_of(lines.begin(), lines.end(), isBlank);
    // Blanks behind the quotes count as a first line.
    if (lines.size() > 1 && !is_empty && lines[0].empty()) context.sink.begin(Rule::kD212, docstring.range);
  }
}

}  // namespace krait::lint
