// I001, I002: imports in isort's order, and imports that every file must have. ref: isort, PEP 8 "Imports"
#include <algorithm>

#include "analyzer/lint/docstrings.h"
#include "analyzer/lint/physical_lines.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/imports/import_block.h"
#include "analyzer/lint/imports/import_edits.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

// Are the texts equal but for the blanks that lines begin with?
static bool isSameText(std::string_view a, std::string_view b) {
  std::vector<std::string_view> left = linesOf(a), right = linesOf(b);
  if (left.size() != right.size()) return false;
  for (size_t i = 0; i < left.size(); ++i) {
    auto strip = [](std::string_view line) {
      while (line.ends_with('\r')) line.remove_suffix(1);
      return line.substr(std::min(line.find_first_not_of(" \t\f"), line.size()));
    };
    if (strip(left[i]) != strip(right[i])) return false;
  }
  return true;
}

static std::string indented(const std::string& text, std::string_view indent) {
  if (indent.empty()) return text;
  std::string out;
  for (std::string_view line : linesOf(text)) {
    if (!out.empty() || line.data() != text.data()) out += '\n';
    if (!line.empty()) (out += indent) += line;
  }
  return out;
}

// The text with the line ends of the file.
static std::string withLineEnds(const LintContext& context, std::string text) {
  std::string_view line_end = lineEndText(context);
  if (line_end == "\n") return text;
  std::string out;
  for (char c : text) {
    if (c == '\n') out += line_end;
    else out += c;
  }
  return out;
}

static uint32_t lineAfter(const LineIndex& lines, uint32_t line) {
  return line + 1 < lines.lineCount() ? lines.lineStart(line + 1)
                                      : lines.lineStart(line) + static_cast<uint32_t>(lines.lineText(line).size());
}

static void checkBlock(LintContext& context, const ImportBlock& block) {
  const Ast& ast = context.ast;
  const LineIndex& lines = context.file.lines;
  TextRange range{ast.range(block.statements[0]).begin, ast.range(block.statements.back()).end};
  uint32_t line = lines.lineOf(range.end);
  uint32_t first_line_start = lines.lineStart(lines.lineOf(range.begin));
  ptrdiff_t previous = context.tokens.lastBefore(range.begin);
  const std::vector<Token>& tokens = context.tokens.all();
  bool shares_line = previous >= 0 && tokens[static_cast<size_t>(previous)].end > first_line_start;
  TokenKind next = context.tokens.nextCode(range.end).kind;
  shares_line |= next == TokenKind::kSemicolon;
  if (shares_line) {
    // A `# noqa` on the first line silences the block.
    context.sink.begin("I001"_rule, range).origin({range.begin, range.begin});
    return;
  }
  uint32_t end = lineAfter(lines, line);
  if (block.trailer != Trailer::kNone) {
    while (line + 1 < lines.lineCount() && isBlank(lines.lineText(line + 1)) && lineAfter(lines, line + 1) > lines.lineStart(line + 1)) {
      end = lineAfter(lines, ++line);
    }
  }
  ImportSettings settings = importSettings(context);
  settings.tab_width = context.options.indent_width;
  settings.indent_width = lineWidth(ast.text({first_line_start, range.begin}), settings.tab_width);
  std::string wished = formatImports(context, block, settings);
  // Headings of sections belong to the block.
  uint32_t first = lines.lineOf(range.begin);
  auto headingAt = [&](uint32_t at) {
    std::string_view text = lines.lineText(at);
    size_t begin = text.find_first_not_of(" \t\f");
    return begin != std::string_view::npos && isHeading(settings, text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin));
  };
  while (first > 0 && headingAt(first - 1)) --first;
  uint32_t begin = first < lines.lineOf(range.begin) ? lines.lineStart(first) : range.begin;
  std::string_view actual = ast.text({begin, end});
  bool lacks_line_end = !actual.ends_with('\n') && !actual.ends_with('\r');
  if (isSameText(lacks_line_end ? std::string(actual) + "\n" : std::string(actual), wished)) return;
  std::string_view indent = ast.text({first_line_start, range.begin});
  context.sink.begin("I001"_rule, range).origin({range.begin, range.begin}).fix("Organize imports", {{{lines.lineStart(first), end}, withLineEnds(context, indented(wished, indent))}});
}

void checkImportOrder(LintContext& context) {
  for (const ImportBlock& block : importBlocksOf(context)) checkBlock(context, block);
}

static bool imports(const LintContext& context, const std::string& required) {
  const Ast& ast = context.ast;
  for (NodeId statement : ast.as<syntax::Module>(ast.root()).body()) {
    if (auto from = ast.tryAs<syntax::ImportFrom>(statement)) {
      for (NodeId name : from->names()) {
        std::string text = "from " + std::string(from->level(), '.') + std::string(syntax::nameText(ast, from->module())) + " import " + std::string(ast.text(name));
        if (text == required) return true;
      }
    } else if (auto import = ast.tryAs<syntax::Import>(statement)) {
      for (NodeId name : import->names()) {
        if ("import " + std::string(ast.text(name)) == required) return true;
      }
    }
  }
  return false;
}

void checkRequiredImports(LintContext& context) {
  const std::vector<std::string>* required = context.options.list("isort.required-imports");
  if (required == nullptr) return;
  const Ast& ast = context.ast;
  NodeList body = ast.as<syntax::Module>(ast.root()).body();
  // A file with nothing but texts needs no imports.
  bool is_bare = std::all_of(body.begin(), body.end(), [&](NodeId statement) {
    auto expr = ast.tryAs<syntax::ExprStmt>(statement);
    return expr && syntax::stringValue(ast, expr->value());
  });
  if (is_bare || skipsImports(context)) return;
  for (const std::string& text : *required) {
    bool is_needless = context.is_stub && text == "from __future__ import annotations";
    if (is_needless || imports(context, text)) continue;
    context.sink.begin("I002"_rule, {0, 0}, {text}).fix("Insert required import: `" + text + "`", {importAtStart(context, text)});
  }
}

}  // namespace krait::lint
