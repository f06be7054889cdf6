// D200: a docstring of one line over several lines. ref: pydocstyle
#include "analyzer/lint/rule.h"
#include "analyzer/lint/docstrings.h"

namespace krait::lint {

void checkUnnecessaryMultiline(LintContext& context) {
  for (const Docstring& docstring : docstringsOf(context)) {
    std::string_view body = docstring.content;
    uint32_t lines = 0, filled = 0;
    for (std::string_view line : linesOf(body)) {
      ++lines;
      filled += !isBlank(line);
    }
    if (filled != 1 || lines < 2) continue;
    auto finding = context.sink.begin("D200"_rule, docstring.range);
    std::string_view line = summaryEnd(body);
    uint32_t begin = static_cast<uint32_t>(body.data() - context.ast.text().data()) - static_cast<uint32_t>(docstring.quote.size());
    bool is_safe = line.back() != docstring.quote[0] && (line.size() < 2 || line.back() != '\\') && line[0] != docstring.quote[0];
    if (!is_safe) continue;
    std::string text = std::string(context.ast.text({docstring.range.begin, begin})) + std::string(docstring.quote) + std::string(line) + std::string(docstring.quote);
    finding.fix("Reformat to one line", {{docstring.range, text}});
  }
}

}  // namespace krait::lint
