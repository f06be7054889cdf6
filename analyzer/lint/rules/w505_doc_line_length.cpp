// W505: a comment or docstring line that is longer than `pycodestyle.max-doc-length`; nothing without that setting.
#include <algorithm>

#include "analyzer/lint/docstrings.h"
#include "analyzer/lint/physical_lines.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static void checkLine(LintContext& context, uint32_t line, uint32_t limit) {
  const LineIndex& lines = context.file.lines;
  std::string_view text = lines.lineText(line);
  uint32_t tab = context.options.indent_width;
  size_t comment = std::min(text.find_first_not_of(" \t"), text.size());
  if (comment < text.size() && text[comment] == '#' && !isInsideString(context, lines.lineStart(line) + static_cast<uint32_t>(comment))) {
    text = measuredPart(context, text, comment);
  }
  uint32_t width = lineWidth(text, tab);
  if (width <= limit || mayBeLong(context, text, limit)) return;
  uint32_t start = lines.lineStart(line);
  uint32_t from = start + bytesWithin(text, limit, tab);
  context.sink.begin("W505"_rule, {from, start + static_cast<uint32_t>(text.size())},
                     {std::to_string(width), std::to_string(limit)});
}

void checkDocLineLength(LintContext& context) {
  uint32_t limit = context.options.number("pycodestyle.max-doc-length", 0);
  if (limit == 0) return;
  const LineIndex& lines = context.file.lines;
  std::vector<uint32_t> found;
  for (const syntax::Comment& comment : context.ast.comments()) {
    uint32_t line = lines.lineOf(comment.begin);
    std::string_view before = lines.lineText(line).substr(0, comment.begin - lines.lineStart(line));
    if (isBlank(before)) found.push_back(line);
  }
  // Strings that stand alone, docstrings among them.
  const Ast& ast = context.ast;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    auto alone = ast.tryAs<syntax::ExprStmt>(NodeId{i});
    if (!alone || !syntax::stringValue(ast, alone->value())) continue;
    TextRange range = ast.range(alone->value());
    for (uint32_t line = lines.lineOf(range.begin); line <= lines.lineOf(range.end); ++line) found.push_back(line);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  for (uint32_t line : found) checkLine(context, line, limit);
}

}  // namespace krait::lint
