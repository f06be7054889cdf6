// E101: an indentation of both tabs and spaces. ref: pycodestyle tabs_or_spaces
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

void checkMixedIndentation(LintContext& context) {
  const LineIndex& lines = context.file.lines;
  const std::vector<Token>& tokens = context.tokens.all();
  size_t at = 0;
  uint32_t inside_until = 0;  // lines that begin inside a string have no indentation
  for (uint32_t line = 0; line < lines.lineCount(); ++line) {
    uint32_t start = lines.lineStart(line);
    for (; at < tokens.size() && tokens[at].begin < start; ++at) inside_until = std::max(inside_until, tokens[at].end);
    if (inside_until > start) continue;
    std::string_view text = lines.lineText(line);
    size_t size = text.find_first_not_of(" \t");
    if (size == std::string_view::npos || size == 0) continue;
    std::string_view indent = text.substr(0, size);
    bool is_mixed = indent.find(' ') != std::string_view::npos && indent.find('\t') != std::string_view::npos;
    if (is_mixed) context.sink.begin(Rule::kE101, {start, start + static_cast<uint32_t>(size)});
  }
}

}  // namespace krait::lint
