// D300: a docstring in other quotes than three double ones. ref: pydocstyle
#include "analyzer/lint/rule.h"
#include "analyzer/lint/docstrings.h"

namespace krait::lint {

void checkDocstringQuotes(LintContext& context) {
  for (const Docstring& docstring : docstringsOf(context)) {
    if (docstring.quote == "\"\"\"") continue;
    if (docstring.content.find("\"\"\"") != std::string_view::npos) continue;
    context.sink.begin(Rule::kD300, docstring.range);
  }
}

}  // namespace krait::lint
