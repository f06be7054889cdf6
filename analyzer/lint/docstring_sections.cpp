#include "analyzer/lint/docstring_sections.h"

#include <algorithm>
#include <array>
#include <string>

#include "analyzer/lint/qualified_names.h"

namespace krait::lint {

namespace {
enum class StyleUse : uint8_t { kBoth, kGoogle, kNumpy };
struct SectionName {
  std::string_view name;
  StyleUse use;
};
}  // namespace

static constexpr SectionName kSectionNames[] = {
    {"Attributes", StyleUse::kBoth},          {"Examples", StyleUse::kBoth},         {"Methods", StyleUse::kBoth},
    {"Notes", StyleUse::kBoth},               {"Raises", StyleUse::kBoth},           {"References", StyleUse::kBoth},
    {"Returns", StyleUse::kBoth},             {"See Also", StyleUse::kBoth},         {"Warnings", StyleUse::kBoth},
    {"Warns", StyleUse::kBoth},               {"Yields", StyleUse::kBoth},           {"Short Summary", StyleUse::kNumpy},
    {"Extended Summary", StyleUse::kNumpy},   {"Parameters", StyleUse::kNumpy},      {"Other Params", StyleUse::kNumpy},
    {"Other Parameters", StyleUse::kNumpy},   {"Receives", StyleUse::kNumpy},        {"Args", StyleUse::kGoogle},
    {"Arguments", StyleUse::kGoogle},         {"Attention", StyleUse::kGoogle},      {"Caution", StyleUse::kGoogle},
    {"Danger", StyleUse::kGoogle},            {"Error", StyleUse::kGoogle},          {"Example", StyleUse::kGoogle},
    {"Hint", StyleUse::kGoogle},              {"Important", StyleUse::kGoogle},      {"Keyword Args", StyleUse::kGoogle},
    {"Keyword Arguments", StyleUse::kGoogle}, {"Note", StyleUse::kGoogle},           {"Other Args", StyleUse::kGoogle},
    {"Other Arguments", StyleUse::kGoogle},   {"Return", StyleUse::kGoogle},         {"Tip", StyleUse::kGoogle},
    {"Todo", StyleUse::kGoogle},              {"Warning", StyleUse::kGoogle},        {"Yield", StyleUse::kGoogle},
};

bool isSectionName(std::string_view text) {
  return std::any_of(std::begin(kSectionNames), std::end(kSectionNames), [&](const SectionName& section) { return section.name == text; });
}

uint32_t indentSize(std::string_view line) {
  return static_cast<uint32_t>(std::min(line.find_first_not_of(" \t\f\v"), line.size()));
}

std::string_view trimmedText(std::string_view text) {
  size_t begin = text.find_first_not_of(" \t\r\n\f\v");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n\f\v") + 1 - begin);
}

std::string docstringIndent(const LintContext& context, const Docstring& docstring) {
  std::string indent;
  uint32_t begin = context.file.lines.lineStart(context.file.lines.lineOf(docstring.range.begin));
  for (char c : context.ast.text({begin, docstring.range.begin})) indent += c == '\t' ? '\t' : ' ';
  return indent;
}

std::vector<DocLine> docLinesOf(const LintContext& context, const Docstring& docstring) {
  std::vector<DocLine> lines;
  uint32_t begin = static_cast<uint32_t>(docstring.content.data() - context.ast.text().data());
  for (std::string_view text : linesOf(docstring.content)) {
    uint32_t full_end = begin + static_cast<uint32_t>(text.size()) + 1;
    if (text.ends_with('\r')) text.remove_suffix(1);
    uint32_t end = begin + static_cast<uint32_t>(text.size());
    lines.push_back({text, begin, end, full_end});
    begin = full_end;
  }
  lines.back().full_end = lines.back().end;
  return lines;
}

// The text up to the first sign that is no letter, digit or blank.
static std::string_view leadingWords(std::string_view line) {
  line = trimmedText(line);
  size_t end = 0;
  while (end < line.size()) {
    unsigned char c = static_cast<unsigned char>(line[end]);
    bool is_word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80 || c == ' ' || (c >= '\t' && c <= '\r');
    if (!is_word) break;
    ++end;
  }
  return line.substr(0, end);
}

static char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

static std::string_view sectionKind(std::string_view words, bool is_numpy) {
  for (const SectionName& entry : kSectionNames) {
    if (entry.use != StyleUse::kBoth && (entry.use == StyleUse::kNumpy) != is_numpy) continue;
    bool is_same = std::equal(words.begin(), words.end(), entry.name.begin(), entry.name.end(),
                              [](char a, char b) { return lowered(a) == lowered(b); });
    if (is_same) return entry.name;
  }
  return {};
}

static bool isUnderline(std::string_view line) {
  line = trimmedText(line);
  return !line.empty() && line.find_first_not_of("-=") == std::string_view::npos;
}

static bool endsParagraph(std::string_view line) {
  line = trimmedText(line);
  return line.empty() || std::string_view(",;.-\\/]})").find(line.back()) != std::string_view::npos;
}

// Does the line head a section, and not a part of the section before it?
static bool isHeading(const std::vector<DocLine>& lines, const DocSection& found, const DocSection* previous) {
  const DocLine& line = lines[found.line];
  std::string_view suffix = trimmedText(line.text.substr(found.name_range.end - line.begin));
  if (!suffix.empty() && suffix != ":") return false;
  if (found.line + 1 < lines.size() && isUnderline(lines[found.line + 1].text)) return true;
  std::string_view before = lines[found.line - 1].text;
  if (!endsParagraph(before)) return false;
  if (previous == nullptr) return true;
  bool is_verbatim = found.name == found.kind;
  if (previous->indent < found.indent && !is_verbatim) return false;
  if (trimmedText(before).empty()) return true;
  return is_verbatim || !(found.name[0] >= 'a' && found.name[0] <= 'z');
}

// The lines that belong to a directive or comment of reStructuredText (`.. note::`): those indented further than it.
static std::vector<bool> directiveLines(const std::vector<DocLine>& lines) {
  std::vector<bool> inside(lines.size(), false);
  for (size_t i = 1; i < lines.size(); ++i) {
    std::string_view text = trimmedText(lines[i].text);
    if (inside[i] || !text.starts_with(".. ")) continue;
    uint32_t indent = indentSize(lines[i].text);
    for (size_t k = i + 1; k < lines.size() && (trimmedText(lines[k].text).empty() || indentSize(lines[k].text) > indent); ++k) inside[k] = true;
  }
  return inside;
}

static std::vector<DocSection> sectionsIn(const std::vector<DocLine>& lines, bool is_numpy) {
  std::vector<DocSection> sections;
  std::vector<bool> in_directive = directiveLines(lines);
  for (size_t i = 1; i < lines.size(); ++i) {
    std::string_view words = leadingWords(lines[i].text);
    std::string_view kind = sectionKind(words, is_numpy);
    if (kind.empty() || in_directive[i]) continue;
    uint32_t indent = indentSize(lines[i].text);
    uint32_t begin = lines[i].begin + indent, end = begin + static_cast<uint32_t>(words.size());
    DocSection found{kind, words, {begin, end}, {lines[i].begin, lines.back().end}, indent, i, lines.size()};
    if (!isHeading(lines, found, sections.empty() ? nullptr : &sections.back())) continue;
    if (!sections.empty()) {
      sections.back().range.end = lines[i].begin;
      sections.back().line_end = i;
    }
    sections.push_back(found);
  }
  return sections;
}

bool isArgumentsSection(std::string_view kind) {
  return isOneOf(kind, {"Args", "Arguments", "Keyword Args", "Keyword Arguments", "Other Args", "Other Arguments"});
}

// Where the names tell nothing, the first section that has an underline (NumPy) or a colon (Google) does.
static bool looksLikeNumpy(const std::vector<DocLine>& lines, const std::vector<DocSection>& sections) {
  for (const DocSection& section : sections) {
    if (section.line + 1 < section.line_end && isUnderline(lines[section.line + 1].text)) return true;
    if (section.name_range.end < lines[section.line].end && trimmedText(lines[section.line].text).ends_with(':')) return false;
  }
  return true;
}

static bool isNumpyStyle(const LintContext& context, const std::vector<DocLine>& lines, const std::vector<DocSection>& numpy, const std::vector<DocSection>& google) {
  std::string convention = context.options.text("pydocstyle.convention", "");
  if (convention == "numpy" || convention == "google") return convention == "numpy";
  auto has = [](const std::vector<DocSection>& sections, auto test) {
    return std::any_of(sections.begin(), sections.end(), [&](const DocSection& section) { return test(section.kind); });
  };
  if (has(numpy, [](std::string_view kind) { return kind == "Parameters" || kind == "Other Params" || kind == "Other Parameters"; })) return true;
  if (has(google, isArgumentsSection)) return false;
  return google.size() == numpy.size() ? looksLikeNumpy(lines, numpy) : google.size() < numpy.size();
}

DocSections readSections(const LintContext& context, const Docstring& docstring) {
  DocSections out;
  out.lines = docLinesOf(context, docstring);
  if (out.lines.size() < 2) return out;
  std::vector<DocSection> numpy = sectionsIn(out.lines, true), google = sectionsIn(out.lines, false);
  out.is_numpy = isNumpyStyle(context, out.lines, numpy, google);
  out.sections = std::move(out.is_numpy ? numpy : google);
  return out;
}

}  // namespace krait::lint
