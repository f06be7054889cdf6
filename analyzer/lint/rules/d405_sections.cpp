// D214, D215, D405 to D414, D416: how a docstring's sections are written: names, underlines, blank lines.
// ref: pydocstyle, the styles of Google and NumPy
#include <optional>
#include <string>

#include "analyzer/lint/docstring_sections.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

namespace {
// A section on its way through the checks.
struct SectionCheck {
  LintContext& context;
  const DocSections& doc;
  const DocSection& section;
  std::string indent;       // of the docstring
  std::string_view last_indent;  // of its last line: none when code stands before it

  const DocLine& heading() const { return doc.lines[section.line]; }
  bool isBlankLine(size_t line) const { return trimmedText(doc.lines[line].text).empty(); }
  std::string dashes() const { return std::string(section.name.size(), '-'); }
};
}  // namespace

// The run of the character that is all a line holds.
static std::optional<TextRange> underlineIn(const DocLine& line, char dash) {
  std::string_view text = trimmedText(line.text);
  if (text.empty() || text.find_first_not_of(dash) != std::string_view::npos) return std::nullopt;
  uint32_t begin = line.begin + indentSize(line.text);
  return TextRange{begin, begin + static_cast<uint32_t>(text.size())};
}

static void checkHeading(const SectionCheck& check) {
  const DocSection& section = check.section;
  DiagnosticSink& sink = check.context.sink;
  if (section.name != section.kind) {
    sink.begin("D405"_rule, section.name_range, {section.name})
        .fix("Capitalize \"" + std::string(section.name) + "\"", {{section.name_range, std::string(section.kind)}});
  }
  if (section.indent > check.indent.size()) {
    uint32_t begin = check.heading().begin;
    sink.begin("D214"_rule, section.name_range, {section.name})
        .fix("Remove over-indentation from \"" + std::string(section.name) + "\"", {{{begin, begin + section.indent}, check.indent}});
  }
}

static void checkLastBlankLine(const SectionCheck& check) {
  const DocSection& section = check.section;
  size_t blank_count = 0;
  for (size_t line = section.line_end; line > section.line + 1 && check.isBlankLine(line - 1); --line) ++blank_count;
  if (blank_count >= 2) return;
  const DocLine& last = check.doc.lines[section.line_end - 1];
  uint32_t begin = blank_count == 0 ? last.end : last.begin;
  std::string text(lineEndText(check.context));
  if (blank_count == 0) text += text;
  check.context.sink.begin("D413"_rule, section.name_range, {section.name})
      .fix("Add blank line after \"" + std::string(section.name) + "\"", {{{begin, last.end}, text + std::string(check.last_indent)}});
}

static void checkBlankLinesAround(const SectionCheck& check, const DocSection* next) {
  const DocSection& section = check.section;
  if (next == nullptr) {
    checkLastBlankLine(check);
  } else if (!check.isBlankLine(next->line - 1)) {
    uint32_t at = next->range.begin;
    check.context.sink.begin("D410"_rule, section.name_range, {section.name})
        .fix("Add blank line after \"" + std::string(section.name) + "\"", {{{at, at}, std::string(lineEndText(check.context))}});
  }
  if (!check.isBlankLine(section.line - 1)) {
    uint32_t at = section.range.begin;
    check.context.sink.begin("D411"_rule, section.name_range, {section.name})
        .fix("Add blank line before \"" + std::string(section.name) + "\"", {{{at, at}, std::string(lineEndText(check.context))}});
  }
}

static void reportEmpty(const SectionCheck& check) {
  check.context.sink.begin("D414"_rule, check.section.name_range, {check.section.name});
}

// A directive, footnote or comment of reStructuredText keeps one blank line before it.
static bool isDirective(const DocLine& line) {
  return trimmedText(line.text).starts_with(".. ");
}

// Blank lines from `first` up to the line of content.
static void checkBlankContent(const SectionCheck& check, size_t first, size_t content) {
  if (first == content) return;
  bool keeps_one = isDirective(check.doc.lines[content]);
  if (keeps_one && content - first == 1) return;
  check.context.sink.begin("D412"_rule, check.section.name_range, {check.section.name})
      .fix("Remove blank line(s)", {{{check.doc.lines[first].begin, check.doc.lines[content].begin}, keeps_one ? std::string(lineEndText(check.context)) : std::string()}});
}

static void checkUnderline(const SectionCheck& check, size_t line, TextRange dashes) {
  const DocSection& section = check.section;
  const DocSections& doc = check.doc;
  DiagnosticSink& sink = check.context.sink;
  std::string name(section.name);
  if (line > section.line + 1) {
    sink.begin("D408"_rule, dashes, {name}).fix("Add underline to \"" + name + "\"", {{{doc.lines[section.line + 1].begin, doc.lines[line].begin}, ""}});
  }
  if (dashes.size() != section.name.size()) {
    sink.begin("D409"_rule, dashes, {name}).fix("Adjust underline length to match \"" + name + "\"", {{dashes, check.dashes()}});
  }
  if (indentSize(doc.lines[line].text) > check.indent.size()) {
    sink.begin("D215"_rule, dashes, {name})
        .fix("Remove over-indentation from \"" + name + "\" underline", {{{doc.lines[line].begin, dashes.begin + 1}, check.indent}});
  }
  size_t content = line + 1;
  while (content < section.line_end && check.isBlankLine(content)) ++content;
  if (content == section.line_end) return reportEmpty(check);
  checkBlankContent(check, line + 1, content);
}

static void reportMissingUnderline(const SectionCheck& check, const DocLine* below) {
  if (!check.doc.is_numpy) return;
  std::string name(check.section.name);
  std::optional<TextRange> equals = below != nullptr ? underlineIn(*below, '=') : std::nullopt;
  FixEdit edit{{check.heading().end, check.heading().end}, std::string(lineEndText(check.context)) + check.indent + check.dashes()};
  if (equals) edit = {*equals, check.dashes()};
  check.context.sink.begin("D407"_rule, equals ? *equals : check.section.name_range, {name}).fix("Add dashed line under \"" + name + "\"", {edit});
}

static void checkContent(const SectionCheck& check) {
  const DocSection& section = check.section;
  size_t line = section.line + 1;
  while (line < section.line_end && check.isBlankLine(line)) ++line;
  if (line == section.line_end) {
    reportMissingUnderline(check, nullptr);
    return reportEmpty(check);
  }
  if (auto dashes = underlineIn(check.doc.lines[line], '-')) return checkUnderline(check, line, *dashes);
  reportMissingUnderline(check, &check.doc.lines[line]);
  checkBlankContent(check, section.line + 1, line);
}

static void checkSuffix(const SectionCheck& check) {
  TextRange suffix{check.section.name_range.end, check.heading().end};
  std::string_view text = check.context.ast.text(suffix);
  std::string name(check.section.name);
  if (check.doc.is_numpy && !text.empty()) {
    check.context.sink.begin("D406"_rule, check.section.name_range, {name}).fix("Add newline after \"" + name + "\"", {{suffix, ""}});
  } else if (!check.doc.is_numpy && text != ":") {
    check.context.sink.begin("D416"_rule, check.section.name_range, {name}).fix("Add colon to \"" + name + "\"", {{suffix, ":"}});
  }
}

void checkDocstringSections(LintContext& context) {
  for (const Docstring& docstring : docstringsOf(context)) {
    DocSections doc = readSections(context, docstring);
    uint32_t line_begin = context.file.lines.lineStart(context.file.lines.lineOf(docstring.range.begin));
    std::string_view before = context.ast.text({line_begin, docstring.range.begin});
    std::string_view last_indent = trimmedText(before).empty() ? before : std::string_view();
    for (size_t i = 0; i < doc.sections.size(); ++i) {
      SectionCheck check{context, doc, doc.sections[i], docstringIndent(context, docstring), last_indent};
      checkHeading(check);
      checkContent(check);
      checkBlankLinesAround(check, i + 1 < doc.sections.size() ? &doc.sections[i + 1] : nullptr);
      checkSuffix(check);
    }
  }
}

}  // namespace krait::lint
