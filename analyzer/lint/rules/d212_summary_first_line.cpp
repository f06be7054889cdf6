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
    if (lines.size() < 2 || is_empty || !(lines[0].empty() || lines[0] == "\r")) continue;
    auto finding = context.sink.begin("D212"_rule, docstring.range);
    size_t first = docstring.content.find_first_not_of(" \t\r\n\f");
    uint32_t begin = static_cast<uint32_t>(docstring.content.data() - context.ast.text().data());
    finding.fix("Remove whitespace after opening quotes", {{{begin, begin + static_cast<uint32_t>(first)}, ""}});
  }
}

}  // namespace krait::lint
