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
    if (filled == 1 && lines > 1) context.sink.begin(Rule::kD200, docstring.range);
  }
}

}  // namespace krait::lint
