// D300: a docstring in other quotes than three double ones. ref: pydocstyle
#include "analyzer/lint/rule.h"
#include "analyzer/lint/docstrings.h"

namespace krait::lint {

void checkDocstringQuotes(LintContext& context) {
  for (const Docstring& docstring : docstringsOf(context)) {
    if (docstring.quote == "\"\"\"" || docstring.content.empty()) continue;
    if (docstring.content.find("\"\"\"") != std::string_view::npos) continue;
    auto finding = context.sink.begin("D300"_rule, docstring.range);
    bool is_safe = !docstring.content.ends_with('"') && !docstring.content.ends_with('\\');
    if (!is_safe) continue;
    uint32_t begin = static_cast<uint32_t>(docstring.content.data() - context.ast.text().data());
    uint32_t quote = begin - static_cast<uint32_t>(docstring.quote.size());
    std::string text = std::string(context.ast.text({docstring.range.begin, quote})) + "\"\"\"" + std::string(docstring.content) + "\"\"\"";
    finding.fix("Convert to triple double quotes", {{docstring.range, text}});
  }
}

}  // namespace krait::lint
