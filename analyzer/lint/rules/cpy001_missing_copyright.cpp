// CPY001: no copyright notice near the top of a file. ref: flake8-copyright
#include <algorithm>
#include <optional>
#include <string>

#include "analyzer/config/path_regex.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isDigit(char c) { return c >= '0' && c <= '9'; }

static bool isYear(std::string_view text) { return text.size() >= 4 && isDigit(text[0]) && isDigit(text[1]) && isDigit(text[2]) && isDigit(text[3]); }

// Behind `from`, where the more years end that follow one: `-2022`, `, 2024`.
static size_t endOfYears(std::string_view text, size_t from) {
  while (from < text.size()) {
    std::string_view rest = text.substr(from);
    size_t mark = rest.starts_with('-') ? 1 : rest.starts_with(", ") || rest.starts_with(",\t") ? 2 : 0;
    if (mark == 0 || !isYear(rest.substr(mark))) break;
    from += mark + 4;
  }
  return from;
}

static bool isFollowedBy(std::string_view text, size_t end, std::string_view author) {
  size_t begin = std::min(text.find_first_not_of(" \t\r\n\f\v", end), text.size());
  return text.substr(begin).starts_with(author);
}

// Is the first match of the setting's pattern, and the author behind it, there?
static bool hasOwnNotice(const std::string& pattern, std::string_view text, std::string_view author) {
  Result<config::PathRegex> compiled = config::PathRegex::compile(pattern);
  if (!compiled.ok()) return true;
  std::optional<size_t> end = compiled.value().endOfMatch(text);
  return end && isFollowedBy(text, *end, author);
}

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
    if (blanks == 0 || next > text.size() || !isYear(text.substr(next))) continue;
    return isFollowedBy(text, endOfYears(text, next + 4), author);
  }
  return false;
}

void checkCopyright(LintContext& context) {
  std::string_view text = context.ast.text();
  if (text.size() < context.options.number("flake8-copyright.min-file-size", 0)) return;
  text = text.substr(0, 4096);
  std::string pattern = context.options.text("flake8-copyright.notice-rgx", ""), author = context.options.text("flake8-copyright.author", "");
  if (pattern.empty() ? hasNotice(text, author) : hasOwnNotice(pattern, text, author)) return;
  context.sink.begin("CPY001"_rule, {0, 0});
}

}  // namespace krait::lint
