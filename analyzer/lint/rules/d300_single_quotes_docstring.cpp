// D300: a docstring in other quotes than three double ones. ref: pydocstyle
#include "analyzer/lint/rule.h"
#include "analyzer/lint/docstrings.h"

namespace krait::lint {

void checkDocstringQuotes(LintContext& context) {
  for (const Docstring& docstring : docstringsOf(context)) {
    // What holds three double quotes stands between three single ones.
    bool is_single = docstring.content.find("\"\"\"") != std::string_view::npos;
    std::string wanted = is_single ? "'''" : "\"\"\"";
    if (docstring.quote == wanted || docstring.content.empty()) continue;
    auto finding = context.sink.begin(is_single ? "D300Single"_rule : "D300"_rule, docstring.range);
    bool is_safe = !docstring.content.ends_with(wanted[0]) && !docstring.content.ends_with('\\') && docstring.content.find(wanted) == std::string_view::npos;
    if (!is_safe) continue;
    uint32_t begin = static_cast<uint32_t>(docstring.content.data() - context.ast.text().data());
    uint32_t quote = begin - static_cast<uint32_t>(docstring.quote.size());
    std::string text = std::string(context.ast.text({docstring.range.begin, quote})) + wanted + std::string(docstring.content) + wanted;
    finding.fix(is_single ? "Convert to triple single quotes" : "Convert to triple double quotes", {{docstring.range, text}});
  }
}

}  // namespace krait::lint
