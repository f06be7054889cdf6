// E261, E262, E265, E266: how comments begin. ref: pycodestyle whitespace_before_comment
#include <algorithm>

#include "analyzer/lint/logical_lines.h"

namespace krait::lint {

static bool isOwnLine(std::string_view text, uint32_t offset) {
  while (offset > 0 && (text[offset - 1] == ' ' || text[offset - 1] == '\t' || text[offset - 1] == '\f')) --offset;
  return offset == 0 || text[offset - 1] == '\n' || text[offset - 1] == '\r';
}

static std::string_view withoutLeading(std::string_view text, std::string_view characters) {
  size_t first = text.find_first_not_of(characters);
  return first == std::string_view::npos ? "" : text.substr(first);
}

// The blank of any kind that the text starts with, also one beyond ASCII; empty: none.
static std::string_view leadingBlank(std::string_view text) {
  static constexpr std::string_view kBlanks[] = {" ", "\t", "\f", "\u00A0", "\u2002", "\u2003", "\u2009", "\u202F", "\u3000"};
  auto found = std::find_if(std::begin(kBlanks), std::end(kBlanks), [&](std::string_view blank) { return text.starts_with(blank); });
  return found == std::end(kBlanks) ? "" : *found;
}

static std::string_view withoutBlanks(std::string_view text) {
  while (!leadingBlank(text).empty()) text.remove_prefix(leadingBlank(text).size());
  return text;
}

// `#comment` as `# comment`, `#:comment` as `#: comment`.
static std::string spaced(std::string_view comment) {
  bool is_special = comment.starts_with("#:");
  std::string_view rest = is_special ? comment.substr(2) : withoutLeading(comment, "#");
  return (is_special ? "#: " : "# ") + std::string(withoutBlanks(rest));
}

static void checkComment(const LogicalLine& line, const Token& token, uint32_t previous_end) {
  LintContext& context = line.context;
  std::string_view text = line.text().substr(token.begin, token.end - token.begin);
  bool is_inline = !isOwnLine(line.text(), token.begin);
  if (is_inline && token.begin - previous_end < 2) {
    TextRange gap{previous_end, token.begin};
    context.sink.begin("E261"_rule, gap).fix("Insert spaces", {{gap, "  "}});
  }
  size_t space = text.find(' ');
  std::string_view symbol = text.substr(0, space);
  std::string_view rest = space == std::string_view::npos ? "" : text.substr(space + 1);
  bool is_bad = symbol != "#" && symbol != "#:";
  if (is_inline) {
    if (is_bad || !leadingBlank(rest).empty()) context.sink.begin("E262"_rule, token.range()).fix("Format space", {{token.range(), spaced(text)}});
    return;
  }
  if (!is_bad) return;
  std::string_view word = withoutLeading(symbol, "#");
  char prefix = word.empty() ? '#' : word[0];
  if (prefix == '!' && token.begin == 0) return;
  if (prefix != '#') {
    context.sink.begin("E265"_rule, token.range()).fix("Format space", {{token.range(), spaced(text)}});
  } else if (!rest.empty()) {
    std::string fixed = "# " + std::string(withoutBlanks(withoutLeading(text, "#")));
    context.sink.begin("E266"_rule, token.range()).fix("Remove leading `#`", {{token.range(), fixed}});
  }
}

void checkCommentBlanks(const LogicalLine& line) {
  uint32_t previous_end = 0;
  for (const Token& token : line.tokens) {
    if (token.kind == TokenKind::kComment) {
      checkComment(line, token, previous_end);
    } else if (token.kind != TokenKind::kNl) {
      previous_end = token.end;
    }
  }
}

}  // namespace krait::lint
