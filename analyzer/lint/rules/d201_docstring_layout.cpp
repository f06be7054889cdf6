// D104, D201, D203, D206, D207, D211, D301, D402, D404, D418: where docstrings stand, how their lines begin, what they
// should not say. ref: pydocstyle
#include <string>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/docstring_sections.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

namespace {
// The blank lines right above a docstring.
struct BlanksBefore {
  uint32_t count = 0;
  uint32_t begin;       // of the first of them, or of the docstring's line
  uint32_t line_begin;  // of the docstring's line
};
}  // namespace

static std::optional<BlanksBefore> blanksBefore(const LintContext& context, const Docstring& docstring) {
  const LineIndex& lines = context.file.lines;
  uint32_t line = lines.lineOf(docstring.range.begin), first = lines.lineOf(context.ast.range(docstring.owner).begin);
  if (line == first) return std::nullopt;
  BlanksBefore out{0, lines.lineStart(line), lines.lineStart(line)};
  for (uint32_t i = line; i-- > first && trimmedText(lines.lineText(i)).empty();) {
    ++out.count;
    out.begin = lines.lineStart(i);
  }
  return out;
}

static void checkBlanksBefore(LintContext& context, const Docstring& docstring) {
  bool is_class = context.ast.is(docstring.owner, NodeKind::kClassDef);
  if (!is_class && !context.ast.is(docstring.owner, NodeKind::kFunctionDef)) return;
  auto blanks = blanksBefore(context, docstring);
  if (!blanks) return;
  TextRange range{blanks->begin, blanks->line_begin};
  if (!is_class) {
    if (blanks->count == 0) return;
    context.sink.begin("D201"_rule, docstring.range, {std::to_string(blanks->count)}).fix("Remove blank line(s) before function docstring", {{range, ""}});
    return;
  }
  if (blanks->count > 0) context.sink.begin("D211"_rule, docstring.range).fix("Remove blank line(s) before class docstring", {{range, ""}});
  if (blanks->count != 1) context.sink.begin("D203"_rule, docstring.range).fix("Insert 1 blank line before class docstring", {{range, std::string(lineEndText(context))}});
}

static void checkLineStarts(LintContext& context, const Docstring& docstring) {
  std::vector<DocLine> lines = docLinesOf(context, docstring);
  if (lines.size() < 2) return;
  std::string indent = docstringIndent(context, docstring);
  bool has_tab = indent.find('\t') != std::string::npos;
  for (size_t i = 1; i < lines.size(); ++i) {
    bool is_continuation = lines[i - 1].text.ends_with("\\");
    uint32_t size = indentSize(lines[i].text);
    bool is_blank = trimmedText(lines[i].text).empty();
    if (is_continuation || (is_blank && i + 1 < lines.size())) continue;
    has_tab = has_tab || lines[i].text.substr(0, size).find('\t') != std::string_view::npos;
    if (size >= indent.size()) continue;
    context.sink.begin("D207"_rule, {lines[i].begin, lines[i].begin}).fix("Increase indentation", {{{lines[i].begin, lines[i].begin + size}, indent}});
  }
  if (has_tab) context.sink.begin("D206"_rule, docstring.range);
}

// Is there a backslash that is no escape a docstring may have: of a line end, a quote of three, a Unicode character?
static bool hasEscape(std::string_view body) {
  for (size_t at = body.find('\\'); at != std::string_view::npos; at = body.find('\\', at)) {
    std::string_view rest = body.substr(at + 1);
    if (rest.empty()) return false;
    if (rest.starts_with("\"\"\"") || rest.starts_with("'''")) {
      at += 4;
    } else if (rest.starts_with("\"\\\"\\\"") || rest.starts_with("'\\'\\'")) {
      at += 6;
    } else if (std::string_view("\r\nuUN").find(rest[0]) != std::string_view::npos) {
      at += 2;
    } else {
      return true;
    }
  }
  return false;
}

static void checkEscapes(LintContext& context, const Docstring& docstring) {
  syntax::StringPrefix prefix = syntax::parseStringPrefix(context.ast.text(docstring.range));
  if (prefix.is_raw || !hasEscape(docstring.content)) return;
  auto finding = context.sink.begin("D301"_rule, docstring.range);
  uint32_t at = docstring.range.begin;
  if (!prefix.is_unicode) finding.fix("Add `r` prefix", {{{at, at}, "r"}}, FixSafety::kUnsafe);
}

// Does the line call the function by its name?
static bool hasSignature(std::string_view line, std::string_view name) {
  for (size_t at = line.find(name); at != std::string_view::npos; at = line.find(name, at + 1)) {
    bool is_start = at == 0 || std::string_view(" \t;,").find(line[at - 1]) != std::string_view::npos;
    if (is_start && line.substr(at + name.size()).starts_with("(")) return true;
  }
  return false;
}

static bool beginsWithThis(std::string_view text) {
  std::string word;
  for (char c : text.substr(0, text.find_first_of(" \t\r\n\f\v"))) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80)) word += c;
    if (c >= 'A' && c <= 'Z') word += static_cast<char>(c + 32);
  }
  return word == "this";
}

static void checkFirstLine(LintContext& context, const Docstring& docstring) {
  const Ast& ast = context.ast;
  std::string_view text = trimmedText(docstring.content);
  if (beginsWithThis(text)) context.sink.begin("D404"_rule, docstring.range);
  if (!ast.is(docstring.owner, NodeKind::kFunctionDef)) return;
  std::string_view line = text.substr(0, text.find('\n'));
  if (hasSignature(line, syntax::nameText(ast, ast.child(docstring.owner, 1)))) context.sink.begin("D402"_rule, docstring.range);
  if (hasTypingDecorator(context, docstring.owner, "overload")) context.sink.begin("D418"_rule, nameRange(ast, docstring.owner));
}

void checkDocstringLayout(LintContext& context) {
  for (const Docstring& docstring : docstringsOf(context)) {
    if (trimmedText(docstring.content).empty()) continue;
    checkBlanksBefore(context, docstring);
    checkLineStarts(context, docstring);
    checkEscapes(context, docstring);
    checkFirstLine(context, docstring);
  }
}

void checkPackageDocstring(LintContext& context) {
  const Ast& ast = context.ast;
  if (!context.is_init || syntax::docstringOf(ast, syntax::bodyOf(ast, ast.root())).valid()) return;
  context.sink.begin("D104"_rule, {0, 0});
}

}  // namespace krait::lint
