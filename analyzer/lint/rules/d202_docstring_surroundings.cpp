// D202, D204, D208, D210, D419: blank lines after docstrings, their indentation and edges. ref: pydocstyle, PEP 257
#include <algorithm>

#include "analyzer/lint/docstring_sections.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

namespace {
// What follows a docstring inside its definition, line by line.
struct After {
  uint32_t line;         // where the docstring ends
  uint32_t line_end;     // that line's end
  uint32_t blank_count = 0;
  uint32_t blank_end;    // end of the last blank line
  bool is_rest_empty = true;  // blank lines and comments only
  std::string_view first_text;  // the first line behind the blank ones and comments that is no comment; it may be blank
};
}  // namespace

static std::string_view trimmed(std::string_view text) {
  size_t begin = text.find_first_not_of(" \t\r\f\v");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\f\v") + 1 - begin);
}

static After after(const LintContext& context, const Docstring& docstring) {
  const LineIndex& lines = context.file.lines;
  After out;
  out.line = lines.lineOf(docstring.range.end);
  out.line_end = lines.lineStart(out.line) + static_cast<uint32_t>(lines.lineText(out.line).size());
  out.blank_end = out.line_end;
  uint32_t end = context.ast.range(docstring.owner).end;
  bool counts_blanks = true, has_first = false;
  for (uint32_t line = out.line + 1; line < lines.lineCount() && lines.lineStart(line) < end; ++line) {
    std::string_view text = trimmed(lines.lineText(line));
    if (counts_blanks && text.empty()) {
      ++out.blank_count;
      out.blank_end = lines.lineStart(line) + static_cast<uint32_t>(lines.lineText(line).size());
      continue;
    }
    counts_blanks = false;
    if (!text.empty() && text[0] == '#') continue;
    if (!has_first) out.first_text = text;
    has_first = true;
    if (text.empty()) continue;
    out.is_rest_empty = false;
    break;
  }
  return out;
}

static bool beginsDefinition(std::string_view line) {
  return line.starts_with("def ") || line.starts_with("class ") || line.starts_with("async def ") || line.starts_with("@");
}

static void checkAfterFunction(LintContext& context, const Docstring& docstring) {
  After rest = after(context, docstring);
  if (rest.is_rest_empty || rest.blank_count == 0) return;
  if (rest.blank_count == 1 && beginsDefinition(rest.first_text)) return;
  context.sink.begin("D202"_rule, docstring.range, {std::to_string(rest.blank_count)})
      .fix("Remove blank line(s) after function docstring", {{{rest.line_end, rest.blank_end}, ""}});
}

static void checkAfterClass(LintContext& context, const Docstring& docstring) {
  After rest = after(context, docstring);
  // Statements behind a semicolon on the docstring's own line have none to move.
  std::string_view same_line = trimmed(context.ast.text({docstring.range.end, rest.line_end}));
  bool has_rest = !rest.is_rest_empty || (!same_line.empty() && same_line[0] == ';' && same_line.size() > 1);
  uint32_t line_begin = lineBegin(context, docstring.range.begin);
  bool is_own_line = trimmed(context.ast.text({line_begin, docstring.range.begin})).empty();
  if (!has_rest || rest.blank_count == 1 || !is_own_line) return;
  auto finding = context.sink.begin("D204"_rule, docstring.range);
  if (same_line.empty() || same_line[0] == '#') {
    finding.fix("Insert 1 blank line after class docstring", {{{rest.line_end, rest.blank_end}, std::string(lineEndText(context))}});
  } else if (same_line[0] == ';') {
    std::string text = "\n\n" + std::string(context.ast.text({line_begin, docstring.range.begin})) + std::string(trimmed(same_line.substr(1)));
    finding.fix("Insert 1 blank line after class docstring", {{{docstring.range.end, rest.line_end}, text}});
  }
}

static size_t indentOf(std::string_view line) { return std::min(line.find_first_not_of(" \t\r\f\v"), line.size()); }

static void reportOverIndented(LintContext& context, uint32_t start, size_t size, const std::string& indent) {
  context.sink.begin("D208"_rule, {start, start})
      .fix("Remove over-indentation", {{{start, start + static_cast<uint32_t>(size)}, indent}});
}

static void checkIndentation(LintContext& context, const Docstring& docstring) {
  std::vector<std::string_view> lines = linesOf(docstring.content);
  if (lines.size() < 2) return;
  std::string indent = docstringIndent(context, docstring);
  const char* text = context.ast.text().data();
  auto startOf = [&](std::string_view line) { return static_cast<uint32_t>(line.data() - text); };
  bool is_over = true;
  size_t smallest = SIZE_MAX;
  std::vector<std::string_view> over;
  for (size_t i = 1; i < lines.size(); ++i) {
    if (isBlank(lines[i])) continue;
    size_t size = indentOf(lines[i]);
    if (size > indent.size()) {
      over.push_back(lines[i]);
      smallest = std::min(smallest, size);
    } else {
      is_over = false;
    }
  }
  if (is_over) {
    for (std::string_view line : over) {
      size_t size = indentOf(line);
      // Without an indentation of its own the docstring's lines get none at all.
      reportOverIndented(context, startOf(line), size, indent.empty() ? "" : indent + std::string(size - smallest, ' '));
    }
  }
  std::string_view last = lines.back();
  if (indentOf(last) > indent.size() && isBlank(last)) reportOverIndented(context, startOf(last), last.size(), indent);
}

static void checkEdges(LintContext& context, const Docstring& docstring) {
  std::string_view line = linesOf(docstring.content)[0];
  while (line.ends_with('\r')) line.remove_suffix(1);
  std::string_view inner = trimmed(line);
  if (inner.empty() || inner == line) return;
  auto finding = context.sink.begin("D210"_rule, docstring.range);
  size_t slashes = 0;
  while (slashes < inner.size() && inner[inner.size() - 1 - slashes] == '\\') ++slashes;
  bool ends_in_quote = inner.back() == docstring.quote[0] || slashes % 2 == 1;
  if (ends_in_quote) return;
  uint32_t start = static_cast<uint32_t>(line.data() - context.ast.text().data());
  finding.fix("Trim surrounding whitespace", {{{start, start + static_cast<uint32_t>(line.size())}, std::string(inner)}});
}

void checkDocstringSurroundings(LintContext& context) {
  for (const Docstring& docstring : docstringsOf(context)) {
    if (docstring.content.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos) {
      context.sink.begin("D419"_rule, docstring.range);
      continue;
    }
    if (context.ast.is(docstring.owner, NodeKind::kFunctionDef)) checkAfterFunction(context, docstring);
    if (context.ast.is(docstring.owner, NodeKind::kClassDef)) checkAfterClass(context, docstring);
    checkIndentation(context, docstring);
    checkEdges(context, docstring);
  }
}

}  // namespace krait::lint
