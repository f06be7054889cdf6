// E501: a line that is too long. ref: pycodestyle maximum_line_length
#include <algorithm>
#include <string>

#include "analyzer/lint/rule.h"

namespace krait::lint {

namespace {
struct PointRange {
  uint32_t first, last;
};
}  // namespace

// ref: UAX #11, East_Asian_Width W and F
static constexpr PointRange kWide[] = {{0x1100, 0x115f}, {0x231a, 0x231b}, {0x2329, 0x232a}, {0x23e9, 0x23ec}, {0x25fd, 0x25fe}, {0x2614, 0x2615},
                                       {0x2648, 0x2653}, {0x26aa, 0x26ab}, {0x26bd, 0x26be}, {0x26c4, 0x26c5}, {0x2705, 0x2705}, {0x270a, 0x270b},
                                       {0x2728, 0x2728}, {0x274c, 0x274c}, {0x2753, 0x2755}, {0x2795, 0x2797}, {0x2e80, 0x303e}, {0x3041, 0xa4cf},
                                       {0xa960, 0xa97c}, {0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0xfe10, 0xfe19}, {0xfe30, 0xfe6f}, {0xff00, 0xff60},
                                       {0xffe0, 0xffe6}, {0x1f300, 0x1f320}, {0x1f32d, 0x1f335}, {0x1f337, 0x1f37c}, {0x1f37e, 0x1f393},
                                       {0x1f3a0, 0x1f3ca}, {0x1f3e0, 0x1f3f0}, {0x1f3f8, 0x1f43e}, {0x1f440, 0x1f440}, {0x1f442, 0x1f4fc},
                                       {0x1f4ff, 0x1f53d}, {0x1f550, 0x1f567}, {0x1f5fb, 0x1f64f}, {0x1f680, 0x1f6c5}, {0x1f6cc, 0x1f6cc},
                                       {0x1f6eb, 0x1f6ec}, {0x1f6f4, 0x1f6fc}, {0x1f7e0, 0x1f7eb}, {0x1f90c, 0x1f9ff}, {0x1fa70, 0x1faff},
                                       {0x20000, 0x3fffd}};
// Marks that join the character before.
static constexpr PointRange kJoining[] = {{0x300, 0x36f}, {0x483, 0x489}, {0x591, 0x5bd}, {0x610, 0x61a}, {0x64b, 0x65f}, {0x1ab0, 0x1aff},
                                          {0x1dc0, 0x1dff}, {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0x3099, 0x309a}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};

template <size_t kSize>
static bool holdsPoint(const PointRange (&ranges)[kSize], uint32_t point) {
  return std::any_of(std::begin(ranges), std::end(ranges), [&](PointRange one) { return one.first <= point && point <= one.last; });
}

static uint32_t columnsOf(uint32_t point) { return point < 0x300 ? 1 : holdsPoint(kJoining, point) ? 0 : holdsPoint(kWide, point) ? 2 : 1; }

// Columns that a text takes: tabs go to the next multiple of 4, wide characters take two, accents that join none.
static uint32_t widthOf(std::string_view text) {
  uint32_t width = 0;
  for (size_t at = 0; at < text.size();) {
    unsigned char c = static_cast<unsigned char>(text[at]);
    if (c < 0x80) {
      width += c == '\t' ? 4 - width % 4 : 1;
      ++at;
      continue;
    }
    size_t size = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
    uint32_t point = c & (0xffu >> (size + 1));
    for (size_t i = 1; i < size && at + i < text.size(); ++i) point = (point << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3fu);
    width += columnsOf(point);
    at += size;
  }
  return width;
}

// Where a comment for tools begins at the end of the line: those do not count.
static std::string_view withoutPragma(std::string_view line, uint32_t comment) {
  if (comment >= line.size()) return line;
  std::string_view text = line.substr(comment + 1);
  text = text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
  for (std::string_view word : {"noqa", "type:", "pyright:", "pylint:", "flake8:", "ruff:", "isort:", "nosec", "yapf:",
                                "fmt:", "krait:", "mypy:", "ty:"}) {
    if (!text.starts_with(word)) continue;
    std::string_view before = line.substr(0, comment);
    return before.substr(0, before.find_last_not_of(" \t") + 1);
  }
  return line;
}

static bool isAllowed(std::string_view line, uint32_t limit) {
  size_t first = line.find_first_not_of(" \t");
  if (first == std::string_view::npos) return true;
  size_t last = line.find_last_of(" \t");
  // One word, or a comment of one word, cannot be broken.
  if (last == std::string_view::npos || last < first) return true;
  std::string_view word = line.substr(last + 1);
  std::string_view head = line.substr(first, last - first);
  while (!head.empty() && (head.back() == ' ' || head.back() == '\t')) head.remove_suffix(1);
  if (head == "#") return true;
  return word.find("://") != std::string_view::npos && widthOf(line) - widthOf(word) <= limit;
}

// `# TODO: …` alone on its line.
static bool isTaskComment(const config::LintOptions& options, std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  if (!line.starts_with("#")) return false;
  line.remove_prefix(std::min(line.find_first_not_of("# \t"), line.size()));
  const std::vector<std::string>* tags = options.list("task-tags");
  std::vector<std::string> usual = {"TODO", "FIXME", "XXX"};
  for (const std::string& tag : tags != nullptr ? *tags : usual) {
    if (line.starts_with(tag)) return true;
  }
  return false;
}

void checkLineLength(LintContext& context) {
  const uint32_t limit = context.options.number("pycodestyle.max-line-length", context.options.line_length);
  bool ignores_tasks = context.options.flag("pycodestyle.ignore-overlong-task-comments");
  const LineIndex& lines = context.file.lines;
  auto comments = context.ast.comments();
  size_t next = 0;
  for (uint32_t line = 0; line < lines.lineCount(); ++line) {
    std::string_view text = lines.lineText(line);
    uint32_t start = lines.lineStart(line);
    uint32_t comment = static_cast<uint32_t>(text.size());
    while (next < comments.size() && comments[next].begin < start) ++next;
    if (next < comments.size() && comments[next].begin < start + text.size()) comment = comments[next].begin - start;
    if (text.size() <= limit) continue;
    if (ignores_tasks && isTaskComment(context.options, text)) continue;
    std::string_view code = withoutPragma(text, comment);
    uint32_t width = widthOf(code);
    if (width <= limit || isAllowed(code, limit)) continue;
    uint32_t from = 0;
    uint32_t columns = 0;
    while (from < code.size() && columns < limit) {
      columns = widthOf(code.substr(0, from + 1));
      ++from;
      while (from < code.size() && (static_cast<unsigned char>(code[from]) & 0xc0) == 0x80) ++from;
    }
    context.sink.begin(Rule::kE501, {start + from, start + static_cast<uint32_t>(code.size())}, {std::to_string(width)});
  }
}

}  // namespace krait::lint
