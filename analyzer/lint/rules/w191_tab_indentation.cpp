// W191: an indentation with tabs. ref: pycodestyle tabs_obsolete
#include <algorithm>

#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

void checkTabIndentation(LintContext& context) {
  const LineIndex& lines = context.file.lines;
  const std::vector<Token>& tokens = context.tokens.all();
  size_t at = 0;
  uint32_t inside_until = 0;  // lines that begin inside a string have no indentation
  for (uint32_t line = 0; line < lines.lineCount(); ++line) {
    uint32_t start = lines.lineStart(line);
    for (; at < tokens.size() && tokens[at].begin < start; ++at) inside_until = std::max(inside_until, tokens[at].end);
    if (inside_until > start) continue;
    std::string_view text = lines.lineText(line);
    size_t size = std::min(text.find_first_not_of(" \t"), text.size());
    if (text.substr(0, size).find('\t') == std::string_view::npos) continue;
    context.sink.begin(Rule::kW191, {start, start + static_cast<uint32_t>(size)});
  }
}

}  // namespace krait::lint
