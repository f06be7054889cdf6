// D213: a summary that begins on the first line. ref: pydocstyle
#include <algorithm>

#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/docstrings.h"

namespace krait::lint {

void checkSummarySecondLine(LintContext& context) {
  for (const Docstring& docstring : docstringsOf(context)) {
    std::vector<std::string_view> lines = linesOf(docstring.content);
    bool is_empty = std::all_of(lines.begin(), lines.end(), isBlank);
    // Blanks behind the quotes count as a first line.
    if (lines.size() < 2 || is_empty || lines[0].empty() || lines[0] == "\r") continue;
    uint32_t begin = static_cast<uint32_t>(docstring.content.data() - context.ast.text().data());
    uint32_t blanks = static_cast<uint32_t>(std::min(docstring.content.find_first_not_of(" \t"), docstring.content.size()));
    std::string text = std::string(lineEndText(context)) + std::string(indentationAt(context, docstring.range.begin));
    context.sink.begin("D213"_rule, docstring.range).fix("Insert line break and indentation after opening quotes", {{{begin, begin + blanks}, text}});
  }
}

}  // namespace krait::lint
