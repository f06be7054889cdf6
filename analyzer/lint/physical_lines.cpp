#include "analyzer/lint/physical_lines.h"

#include <algorithm>
#include <array>

#include "analyzer/base/unicode/character.h"
#include "analyzer/base/unicode/utf8.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

static constexpr std::string_view kBlanks = " \t";

TextRange indentationOf(const LintContext& context, uint32_t line) {
  std::string_view text = context.file.lines.lineText(line);
  uint32_t begin = context.file.lines.lineStart(line);
  return {begin, begin + static_cast<uint32_t>(std::min(text.find_first_not_of(kBlanks), text.size()))};
}

// Spacing marks that go with the letter before them all the same. ref: Unicode's PropList, Other_Grapheme_Extend
static constexpr std::array<char32_t, 36> kExtendingMarks = {
    0x9be,  0x9d7,  0xb3e,  0xb57,  0xbbe,  0xbd7,  0xcc0,  0xcc2,  0xcc7,  0xcc8,  0xcca,  0xccb,
    0xcd5,  0xcd6,  0xd3e,  0xd57,  0xdcf,  0xddf,  0x1715, 0x1734, 0x1b35, 0x1b3b, 0x1b3d, 0x1b43,
    0x1b44, 0x1baa, 0x1bf2, 0x1bf3, 0x302e, 0x302f, 0xa953, 0xa9c0, 0xff9e, 0xff9f, 0x1133e, 0x11357};

static uint32_t characterWidth(char32_t c) {
  if (std::binary_search(kExtendingMarks.begin(), kExtendingMarks.end(), c)) return 0;
  std::string_view width = unicode::eastAsianWidthName(c);
  if (width == "W" || width == "F") return 2;
  std::string_view category = unicode::categoryName(c);
  // Signs that go around the digits behind them take a column, other format characters and controls none.
  bool is_around = (c >= 0x600 && c <= 0x605) || c == 0x6dd || c == 0x70f || c == 0x8e2;
  return is_around || !(category == "Mn" || category == "Me" || category == "Cf" || category == "Cc");
}

// Moves past the character at text[at]; the columns up to and with it.
static uint32_t advance(std::string_view text, size_t& at, uint32_t width, uint32_t tab) {
  unsigned char c = static_cast<unsigned char>(text[at]);
  if (c < 0x80) {
    ++at;
    bool is_control = c < 0x20 || c == 0x7f;
    return c == '\t' ? width + tab - width % tab : width + !is_control;
  }
  return width + characterWidth(unicode::decodeUtf8(text, at));
}

bool isPragma(std::string_view comment) {
  std::string_view text = comment.substr(std::min(comment.find_first_not_of(" \t", 1), comment.size()));
  bool is_noqa = text.size() >= 4;
  for (size_t i = 0; i < 4 && is_noqa; ++i) is_noqa = (text[i] | 0x20) == "noqa"[i];
  if (is_noqa || text.starts_with("nosec")) return true;
  std::string_view tool = text.substr(0, text.find(':'));
  return tool.size() < text.size() && isOneOf(tool, {"type", "pyright", "pylint", "flake8", "ruff", "isort", "ty", "pyrefly"});
}

uint32_t lineWidth(std::string_view text, uint32_t tab) {
  uint32_t width = 0;
  for (size_t at = 0; at < text.size();) width = advance(text, at, width, tab);
  return width;
}

uint32_t bytesWithin(std::string_view text, uint32_t limit, uint32_t tab) {
  uint32_t width = 0;
  for (size_t at = 0; at < text.size();) {
    if (width >= limit) return static_cast<uint32_t>(at);
    width = advance(text, at, width, tab);
  }
  return static_cast<uint32_t>(text.size());
}

static bool isTask(const LintContext& context, std::string_view comment) {
  const std::vector<std::string>* tags = context.options.list("task-tags");
  auto starts = [&](std::string_view tag) { return comment.starts_with(tag); };
  if (tags != nullptr) return std::any_of(tags->begin(), tags->end(), starts);
  return starts("TODO") || starts("FIXME") || starts("XXX");
}

std::string_view measuredPart(const LintContext& context, std::string_view line, size_t comment) {
  if (comment >= line.size()) return line;
  std::string_view text = line.substr(comment + 1);
  text = text.substr(std::min(text.find_first_not_of(kBlanks), text.size()));
  bool is_task = context.options.flag("pycodestyle.ignore-overlong-task-comments") && isTask(context, text);
  // Words may stand before what is meant for a tool: `# why  # noqa`.
  if (!is_task) {
    while (comment != std::string_view::npos && !isPragma(line.substr(comment))) comment = line.find('#', comment + 1);
    if (comment == std::string_view::npos) return line;
  }
  return line.substr(0, line.substr(0, comment).find_last_not_of(kBlanks) + 1);
}

bool mayBeLong(const LintContext& context, std::string_view line, uint32_t limit) {
  size_t first = line.find_first_not_of(kBlanks);
  size_t last = line.find_last_of(kBlanks);
  // One word cannot be broken.
  if (first == std::string_view::npos || last == std::string_view::npos || last < first) return true;
  std::string_view word = line.substr(last + 1);
  uint32_t tab = context.options.indent_width;
  return word.find("://") != std::string_view::npos && lineWidth(line, tab) - lineWidth(word, tab) <= limit;
}

bool isInsideString(LintContext& context, uint32_t offset) {
  const std::vector<Token>& tokens = context.tokens.all();
  auto after = std::upper_bound(tokens.begin(), tokens.end(), offset, [](uint32_t at, const Token& token) { return at < token.begin; });
  if (after == tokens.begin()) return false;
  const Token& token = *(after - 1);
  bool is_text = token.kind == TokenKind::kString || token.kind == TokenKind::kFStringMiddle || token.kind == TokenKind::kTStringMiddle;
  return is_text && offset < token.end;
}

}  // namespace krait::lint
