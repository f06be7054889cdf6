// The code of reStructuredText: `.. code-block:: python`, `.. code::`, `.. testcode::`, literal blocks after `::`, and
// sessions that stand in the text. ref: docutils, "Literal Blocks", "Doctest Blocks"
#include <algorithm>

#include "cli/verify/blocks.h"

namespace krait::cli {

static constexpr std::string_view kHighlight = ".. highlight::";

namespace {
struct RestReader {
  std::vector<std::string_view> lines;
  std::vector<TextBlock> blocks;
  std::string section, lead;
  std::string unlabelled;  // the language of blocks without a label; empty: to be guessed
  uint32_t section_id = 0, lead_line = 0, texts = 0;

  static std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
    return text;
  }
  static size_t indentOf(std::string_view line) { return line.size() - trimmed(line).size() - (line.ends_with("\r") ? 1 : 0); }

  bool isUnderline(size_t i) const {
    std::string_view line = trimmed(lines[i]);
    if (line.size() < 3 || i == 0 || trimmed(lines[i - 1]).empty()) return false;
    bool is_mark = std::string_view("=-~^\"'`#*+.:_").find(line[0]) != std::string_view::npos;
    return is_mark && line.find_first_not_of(line[0]) == std::string_view::npos && line.size() >= trimmed(lines[i - 1]).size();
  }
  void add(size_t line, size_t first, size_t end, const Directive& directive, std::string flags);
  size_t readIndented(size_t i, const Directive& directive);
  static std::optional<Directive> readDirective(std::string_view line);
  size_t readSession(size_t i);
  void read();
};
}  // namespace

void RestReader::add(size_t line, size_t first, size_t end, const Directive& directive, std::string flags) {
  while (end > first && trimmed(lines[end - 1]).empty()) --end;
  size_t shared = std::string_view::npos;
  for (size_t i = first; i < end; ++i) {
    if (!trimmed(lines[i]).empty()) shared = std::min(shared, indentOf(lines[i]));
  }
  std::string text;
  for (size_t i = first; i < end; ++i) text += std::string(lines[i].substr(std::min(shared, lines[i].size()))) + "\n";
  blocks.push_back({.line = static_cast<uint32_t>(line) + 1, .first_line = static_cast<uint32_t>(first) + 1, .language = directive.language, .info = "", .text = std::move(text),
                    .section = section, .section_id = section_id, .lead = lead, .lead_line = lead_line, .is_next = texts == 1 && !blocks.empty(),
                    .is_magic = directive.is_magic, .role = directive.role, .group = directive.group, .flags = std::move(flags), .result = ""});
  texts = 0;
}

// The indented lines below line i, without the options of a directive.
size_t RestReader::readIndented(size_t i, const Directive& directive) {
  size_t outer = indentOf(lines[i]);
  size_t first = i + 1;
  std::string flags;
  for (; first < lines.size() && trimmed(lines[first]).starts_with(":") && indentOf(lines[first]) > outer; ++first) {
    std::string_view option = trimmed(lines[first]);
    if (option.starts_with(":options:")) flags = option.substr(9);
  }
  while (first < lines.size() && trimmed(lines[first]).empty()) ++first;
  size_t end = first;
  while (end < lines.size() && (trimmed(lines[end]).empty() || indentOf(lines[end]) > outer)) ++end;
  if (end > first) add(i, first, end, directive, std::move(flags));
  return std::max(end, i + 1);
}

size_t RestReader::readSession(size_t i) {
  size_t end = i;
  while (end < lines.size() && !trimmed(lines[end]).empty()) ++end;
  add(i, i, end, {.language = "pycon", .group = ""}, "");
  return end;
}

// `.. name:: argument`
std::optional<Directive> RestReader::readDirective(std::string_view line) {
  size_t colons = line.starts_with(".. ") ? line.find("::") : std::string_view::npos;
  if (colons == std::string_view::npos) return std::nullopt;
  return directiveOf(trimmed(line.substr(3, colons - 3)), trimmed(line.substr(colons + 2)));
}

void RestReader::read() {
  for (size_t i = 0; i < lines.size();) {
    std::string_view line = trimmed(lines[i]);
    if (isUnderline(i)) {
      section = trimmed(lines[i - 1]);
      ++section_id;
    }
    if (line.starts_with(kHighlight)) {
      // Sphinx tries what it is told is Python, as here.
      std::string language(trimmed(line.substr(kHighlight.size())));
      unlabelled = language.starts_with("py") || language == "default" ? "" : language;
      ++i;
      continue;
    }
    std::optional<Directive> directive = readDirective(line);
    if (directive) {
      if (directive->language.empty()) directive->language = unlabelled;
      i = readIndented(i, *directive);
      continue;
    }
    if (line.starts_with(">>>")) {
      i = readSession(i);
      continue;
    }
    if (line.ends_with("::") && !line.starts_with("..")) {
      i = readIndented(i, {.language = unlabelled, .group = ""});
      continue;
    }
    if (!line.empty()) {
      lead = line;
      lead_line = static_cast<uint32_t>(i) + 1;
      ++texts;
    }
    ++i;
  }
}

std::vector<TextBlock> findRestBlocks(std::string_view document) {
  RestReader reader;
  while (!document.empty()) {
    size_t end = std::min(document.find('\n'), document.size());
    reader.lines.push_back(document.substr(0, end));
    document.remove_prefix(std::min(end + 1, document.size()));
  }
  reader.read();
  return std::move(reader.blocks);
}

}  // namespace krait::cli
