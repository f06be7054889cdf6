// CPY001: no copyright notice near the top of a file. ref: flake8-copyright
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isDigit(char c) { return c >= '0' && c <= '9'; }

// `Copyright`, then perhaps `(C)` or `©`, then a year.
static bool hasNotice(std::string_view text, std::string_view author) {
  for (size_t at = 0; at + 9 < text.size(); ++at) {
    bool is_word = true;
    for (size_t i = 0; i < 9 && is_word; ++i) is_word = (text[at + i] | 0x20) == "copyright"[i];
    if (!is_word) continue;
    size_t next = at + 9;
    size_t blanks = 0;
    auto skip = [&] {
      while (next < text.size() && (text[next] == ' ' || text[next] == '\t')) ++next, ++blanks;
    };
    skip();
    for (std::string_view mark : {"(c)", "(C)", "©"}) {
      if (text.substr(next).starts_with(mark)) {
        next += mark.size();
        skip();
        break;
      }
    }
    if (text.substr(next).starts_with(",")) ++next;
    skip();
    if (blanks == 0 || next + 4 > text.size()) continue;
    if (isDigit(text[next]) && isDigit(text[next + 1]) && isDigit(text[next + 2]) && isDigit(text[next + 3])) {
      if (author.empty() || text.substr(next).find(author) != std::string_view::npos) return true;
    }
  }
  return false;
}

void checkCopyright(LintContext& context) {
  std::string_view text = context.ast.text();
  if (text.size() < context.options.number("flake8-copyright.min-file-size", 0)) return;
  if (hasNotice(text.substr(0, 4096), context.options.text("flake8-copyright.author", ""))) return;
  context.sink.begin("CPY001"_rule, {0, 0});
}

}  // namespace krait::lint
