// D403: a summary that begins with a small letter. ref: pydocstyle
#include "analyzer/lint/rule.h"
#include "analyzer/lint/docstrings.h"

namespace krait::lint {

void checkSummaryCapital(LintContext& context) {
  for (const Docstring& docstring : docstringsOf(context)) {
    if (!context.ast.is(docstring.owner, NodeKind::kFunctionDef)) continue;
    std::string_view body = docstring.content;
    size_t first = body.find_first_not_of(" \t\n\r");
    if (first == std::string_view::npos) continue;
    std::string_view word = body.substr(first, body.substr(first).find_first_of(" \t\n\r"));
    while (!word.empty() && (word.back() == '.' || word.back() == '!' || word.back() == '?')) word.remove_suffix(1);
    if (word.empty() || word[0] < 'a' || word[0] > 'z') continue;
    bool is_plain = true;
    for (char c : word.substr(1)) is_plain &= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\'';
    if (!is_plain) continue;
    std::string capitalized(word);
    capitalized[0] = static_cast<char>(capitalized[0] - 'a' + 'A');
    uint32_t begin = static_cast<uint32_t>(word.data() - context.ast.text().data());
    context.sink.begin("D403"_rule, docstring.range, {word, capitalized})
        .fix("Capitalize `" + std::string(word) + "` to `" + capitalized + "`", {{{begin, begin + static_cast<uint32_t>(word.size())}, capitalized}});
  }
}

}  // namespace krait::lint
