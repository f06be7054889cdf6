// D209: closing quotes on the last line of text. ref: pydocstyle
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/docstrings.h"

namespace krait::lint {

void checkClosingQuotes(LintContext& context) {
  for (const Docstring& docstring : docstringsOf(context)) {
    std::vector<std::string_view> lines = linesOf(docstring.content);
    uint32_t filled = 0;
    for (std::string_view line : lines) filled += !isBlank(line);
    if (filled < 2 || isBlank(lines.back())) continue;
    auto finding = context.sink.begin("D209"_rule, docstring.range);
    uint32_t end = docstring.range.end - static_cast<uint32_t>(docstring.quote.size());
    uint32_t begin = end;
    while (begin > docstring.range.begin && (context.ast.text()[begin - 1] == ' ' || context.ast.text()[begin - 1] == '\t')) --begin;
    std::string text = std::string(lineEndText(context)) + std::string(indentationAt(context, docstring.range.begin));
    finding.fix("Move closing quotes to new line", {{{begin, end}, text}});
  }
}

}  // namespace krait::lint
