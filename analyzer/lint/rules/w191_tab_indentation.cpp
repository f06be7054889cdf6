// W191: an indentation with tabs. ref: pycodestyle tabs_obsolete
#include <algorithm>

#include "analyzer/lint/physical_lines.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

void checkTabIndentation(LintContext& context) {
  const std::vector<Token>& tokens = context.tokens.all();
  size_t at = 0;
  uint32_t inside_until = 0;  // lines that begin inside a string have no indentation
  for (uint32_t line = 0; line < context.file.lines.lineCount(); ++line) {
    TextRange range = indentationOf(context, line);
    for (; at < tokens.size() && tokens[at].begin < range.begin; ++at) inside_until = std::max(inside_until, tokens[at].end);
    if (inside_until > range.begin) continue;
    if (context.ast.text(range).find('\t') != std::string_view::npos) context.sink.begin("W191"_rule, range);
  }
}

}  // namespace krait::lint
