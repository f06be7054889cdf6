#include "cli/verify/blocks.h"

#include <algorithm>
#include <cstddef>

namespace krait::cli {

namespace {
struct Fence {
  char mark = 0;
  size_t width = 0;
  std::string_view info;
};
}  // namespace

// As code without a fence is. ref: CommonMark, "Indented code blocks"
static bool isIndented(std::string_view line) { return line.starts_with("    ") || line.starts_with("\t"); }

static bool isBlank(char c) { return c == ' ' || c == '\t'; }

static std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (isBlank(text.front()) || text.front() == '\r')) text.remove_prefix(1);
  while (!text.empty() && (isBlank(text.back()) || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// Indentation and quote marks at the front of a line.
static std::string_view withoutQuotes(std::string_view line) {
  size_t at = 0;
  while (at < line.size() && (isBlank(line[at]) || line[at] == '>')) ++at;
  return line.substr(at);
}

// The same, and the marker of a list item: `- ```python`.
static std::string_view withoutContainers(std::string_view line) {
  std::string_view rest = withoutQuotes(line);
  bool is_bullet = rest.size() > 1 && (rest[0] == '-' || rest[0] == '*' || rest[0] == '+') && isBlank(rest[1]);
  if (is_bullet) return withoutQuotes(rest.substr(1));
  size_t digits = 0;
  while (digits < rest.size() && digits < 9 && rest[digits] >= '0' && rest[digits] <= '9') ++digits;
  bool is_number = digits > 0 && digits + 1 < rest.size() && (rest[digits] == '.' || rest[digits] == ')') &&
                   isBlank(rest[digits + 1]);
  return is_number ? withoutQuotes(rest.substr(digits + 1)) : rest;
}

static size_t runLength(std::string_view text) {
  size_t width = 0;
  while (width < text.size() && text[width] == text[0]) ++width;
  return width;
}

static bool readOpening(std::string_view line, Fence& fence) {
  std::string_view rest = withoutContainers(line);
  if (rest.empty() || (rest[0] != '`' && rest[0] != '~')) return false;
  fence = {.mark = rest[0], .width = runLength(rest), .info = {}};
  fence.info = trimmed(rest.substr(fence.width));
  return fence.width >= 3 && (fence.mark == '~' || fence.info.find('`') == std::string_view::npos);
}

static bool isClosing(std::string_view line, const Fence& fence) {
  std::string_view rest = trimmed(withoutQuotes(line));
  return !rest.empty() && rest[0] == fence.mark && runLength(rest) == rest.size() && rest.size() >= fence.width;
}

static std::string languageOf(std::string_view info) {
  if (info.starts_with("{")) info.remove_prefix(1);
  if (info.starts_with(".")) info.remove_prefix(1);
  std::string out;
  for (char c : info) {
    if (isBlank(c) || c == '{' || c == '}' || c == ',' || c == ':') break;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return out;
}

// Quote marks that the opening line has as well, then the indentation that all lines share.
static std::string dedented(const std::vector<std::string_view>& lines, std::string_view opening) {
  bool is_quoted =
      opening.substr(0, opening.size() - withoutQuotes(opening).size()).find('>') != std::string_view::npos;
  std::vector<std::string_view> bare;
  for (std::string_view line : lines) {
    if (line.ends_with("\r")) line.remove_suffix(1);
    if (is_quoted) {
      size_t mark = line.find_first_not_of(" \t");
      if (mark != std::string_view::npos && line[mark] == '>') line.remove_prefix(mark + 1);
    }
    bare.push_back(line);
  }
  std::string_view shared;
  bool is_first = true;
  for (std::string_view line : bare) {
    size_t indent = line.find_first_not_of(" \t");
    if (indent == std::string_view::npos) continue;
    std::string_view own = line.substr(0, indent);
    size_t same = 0;
    while (same < own.size() && same < shared.size() && own[same] == shared[same]) ++same;
    shared = is_first ? own : shared.substr(0, same);
    is_first = false;
  }
  std::string out;
  for (std::string_view line : bare) {
    bool is_empty = line.find_first_not_of(" \t") == std::string_view::npos;
    if (!is_empty) out += line.substr(shared.size());
    out += "\n";
  }
  return out;
}

namespace {
struct Outline {
  std::vector<std::pair<size_t, std::string>> headings;  // level, text
  uint32_t id = 0;

  void read(std::string_view line) {
    size_t level = line.starts_with("#") ? runLength(line) : 0;
    if (level == 0 || level > 6 || level >= line.size() || !isBlank(line[level])) return;
    while (!headings.empty() && headings.back().first >= level) headings.pop_back();
    headings.emplace_back(level, std::string(trimmed(line.substr(level))));
    ++id;
  }
  std::string path() const {
    std::string out;
    for (const auto& [level, text] : headings) out += (out.empty() ? "" : " > ") + text;
    return out;
  }
};
}  // namespace

static std::vector<std::string_view> linesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// `{code-block} python`: MyST. Its options, `:name: value` or YAML between dashes, stand in front of the code and become blank.
static bool readMyst(const Fence& fence, std::vector<std::string_view>& content, TextBlock& block) {
  size_t close = fence.info.starts_with("{") ? fence.info.find('}') : std::string_view::npos;
  if (close == std::string_view::npos) return false;
  std::optional<Directive> directive = directiveOf(fence.info.substr(1, close - 1), trimmed(fence.info.substr(close + 1)));
  if (!directive) return false;
  block.language = std::move(directive->language);
  block.group = std::move(directive->group);
  block.role = directive->role;
  block.is_magic = directive->is_magic;
  bool is_yaml = !content.empty() && trimmed(content[0]) == "---";
  for (size_t i = 0; i < content.size(); ++i) {
    std::string_view line = trimmed(content[i]);
    if (!is_yaml && !line.starts_with(":")) break;
    if (line.starts_with(":options:")) block.flags = line.substr(9);
    content[i] = "";
    if (is_yaml && i > 0 && line == "---") break;
  }
  return true;
}

// The end of an indented session that begins on line i: where text without indentation comes.
static size_t endOfIndented(const std::vector<std::string_view>& lines, size_t i) {
  size_t end = i, at = i;
  for (; at < lines.size(); ++at) {
    if (trimmed(lines[at]).empty()) continue;
    if (!isIndented(lines[at])) break;
    end = at + 1;
  }
  return end;
}

std::vector<TextBlock> findMarkdownBlocks(std::string_view document) {
  std::vector<TextBlock> blocks;
  std::vector<std::string_view> lines = linesOf(document);
  Outline outline;
  std::string lead;
  uint32_t lead_line = 0, texts = 0;
  for (size_t i = 0; i < lines.size(); ++i) {
    Fence fence;
    bool is_session = isIndented(lines[i]) && trimmed(lines[i]).starts_with(">>> ");
    if (is_session) {
      size_t end = endOfIndented(lines, i);
      std::vector<std::string_view> content(lines.begin() + static_cast<std::ptrdiff_t>(i), lines.begin() + static_cast<std::ptrdiff_t>(end));
      auto line = static_cast<uint32_t>(i) + 1;
      blocks.push_back({.line = line, .first_line = line, .language = "pycon", .info = "", .text = dedented(content, ""), .section = outline.path(), .section_id = outline.id,
                        .lead = lead, .lead_line = lead_line, .group = "", .flags = "", .result = ""});
      texts = 0;
      i = end - 1;
      continue;
    }
    if (!readOpening(lines[i], fence)) {
      outline.read(lines[i]);
      if (trimmed(lines[i]).empty()) continue;
      lead = trimmed(withoutQuotes(lines[i]));
      lead_line = static_cast<uint32_t>(i) + 1;
      ++texts;
      continue;
    }
    size_t end = i + 1;
    while (end < lines.size() && !isClosing(lines[end], fence)) ++end;
    std::vector<std::string_view> content(lines.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                          lines.begin() + static_cast<std::ptrdiff_t>(end));
    size_t word = fence.info.find_first_of(" \t{:,");
    TextBlock block{.line = static_cast<uint32_t>(i) + 1,
                      .first_line = static_cast<uint32_t>(i) + 2,
                      .language = languageOf(fence.info),
                      .info = std::string(word == std::string_view::npos ? "" : fence.info.substr(word)),
                      .text = "",
                      .section = outline.path(),
                      .section_id = outline.id,
                      .lead = lead,
                      .lead_line = lead_line,
                      .is_next = texts == 1 && !blocks.empty(),
                      .is_closed = end < lines.size(),
                      .group = "",
                      .flags = "",
                      .result = ""};
    readMyst(fence, content, block);
    block.is_magic = block.is_magic || block.language.starts_with("ipython");
    block.text = dedented(content, lines[i]);
    blocks.push_back(std::move(block));
    texts = 0;
    i = end;
  }
  return blocks;
}

}  // namespace krait::cli
