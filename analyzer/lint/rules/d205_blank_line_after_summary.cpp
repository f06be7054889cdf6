// D205: no blank line between summary and description. ref: pydocstyle
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"
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
    if (at >= lines.size() || blanks == 1) continue;
    std::string found = blanks == 0 ? "" : " (found " + std::to_string(blanks) + ")";
    auto finding = context.sink.begin("D205"_rule, docstring.range, {found});
    if (blanks == 0) continue;
    uint32_t begin = static_cast<uint32_t>(lines[first].data() + lines[first].size() + 1 - context.ast.text().data());
    uint32_t end = static_cast<uint32_t>(lines[at].data() - context.ast.text().data());
    finding.fix("Insert single blank line", {{{begin, end}, std::string(lineEndText(context))}});
  }
}

}  // namespace krait::lint
