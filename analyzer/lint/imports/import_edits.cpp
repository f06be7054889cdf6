#include "analyzer/lint/imports/import_edits.h"

#include <algorithm>

#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

std::string importedModule(const Ast& ast, NodeId node) {
  NodeId alias = ast.parent(node);
  std::string name(syntax::nameText(ast, ast.as<syntax::Alias>(alias).name()));
  auto from = ast.tryAs<syntax::ImportFrom>(ast.parent(alias));
  if (!from) return name;
  std::string module(from->level(), '.');
  if (from->module().valid()) module += std::string(syntax::nameText(ast, from->module()));
  bool needs_dot = !module.empty() && module.back() != '.';
  return module + (needs_dot ? "." : "") + name;
}

// Of names written more than once the first ones go, whichever of them is meant.
static std::vector<NodeId> keptAliases(const Ast& ast, NodeList names, std::span<const NodeId> aliases) {
  auto isSame = [&](NodeId a, NodeId b) {
    auto one = ast.as<syntax::Alias>(a), other = ast.as<syntax::Alias>(b);
    return syntax::nameText(ast, one.name()) == syntax::nameText(ast, other.name()) &&
           syntax::nameText(ast, one.asname()) == syntax::nameText(ast, other.asname());
  };
  std::vector<NodeId> kept(names.begin(), names.end());
  for (NodeId alias : aliases) {
    auto at = std::find_if(kept.begin(), kept.end(), [&](NodeId name) { return isSame(name, alias); });
    if (at != kept.end()) kept.erase(at);
  }
  return kept;
}

std::optional<FixEdit> withoutAliases(const LintContext& context, NodeId statement, std::span<const NodeId> aliases) {
  const Ast& ast = context.ast;
  NodeList names = ast.is(statement, NodeKind::kImport) ? ast.as<syntax::Import>(statement).names()
                                                        : ast.as<syntax::ImportFrom>(statement).names();
  std::vector<NodeId> kept = keptAliases(ast, names, aliases);
  if (kept.empty()) return deleteStatement(context, statement);
  // Each name keeps what stands between it and the next one; the last one that stays gets what the last one had, but for a comment
  // behind it on its line.
  auto hasComment = [&](size_t i) {
    std::string_view between = ast.text({ast.range(names[i]).end, ast.range(names[i + 1]).begin});
    return between.substr(0, between.find('\n')).find('#') != std::string_view::npos;
  };
  TextRange range = ast.range(statement);
  std::string text(ast.text({range.begin, ast.range(names[0]).begin}));
  for (size_t i = 0; i < names.size(); ++i) {
    if (std::find(kept.begin(), kept.end(), names[i]) == kept.end()) continue;
    bool is_last = names[i] == kept.back();
    if (is_last && i + 1 < names.size() && hasComment(i)) {
      return FixEdit{range, text + std::string(ast.text({ast.range(names[i]).begin, ast.range(names[i + 1]).begin})) + ")"};
    }
    uint32_t end = is_last || i + 1 == names.size() ? ast.range(names[i]).end : ast.range(names[i + 1]).begin;
    text += ast.text({ast.range(names[i]).begin, end});
  }
  text += ast.text({ast.range(names.back()).end, range.end});
  return FixEdit{range, text};
}

static bool isFuture(const Ast& ast, NodeId statement) {
  auto from = ast.tryAs<syntax::ImportFrom>(statement);
  return from && from->level() == 0 && syntax::nameText(ast, from->module()) == "__future__";
}

FixEdit importAtStart(const LintContext& context, const std::string& statement) {
  const Ast& ast = context.ast;
  const LineIndex& lines = context.file.lines;
  std::string_view source = ast.text();
  NodeList body = ast.as<syntax::Module>(ast.root()).body();
  NodeId last = syntax::docstringOf(ast, body);
  size_t i = last.valid() ? 1 : 0;
  for (; i < body.size() && isFuture(ast, body[i]); ++i) last = body[i];
  uint32_t line = 0;
  if (last.valid()) {
    uint32_t end = ast.range(last).end;
    size_t next = source.find_first_not_of(" \t", end);
    if (next != std::string_view::npos && source[next] == ';') {
      uint32_t at = static_cast<uint32_t>(next) + 1;
      return {.range = {at, at}, .replacement = " " + statement + ";"};
    }
    line = lines.lineOf(end) + 1;
    while (line < lines.lineCount() && lines.lineText(line - 1).ends_with('\\')) ++line;
  }
  // Comments stay before, and the blank lines below them.
  bool is_future = last.valid() && isFuture(ast, last), has_comment = false;
  uint32_t code = line;
  for (; code < lines.lineCount() && !is_future; ++code) {
    std::string_view text = lines.lineText(code);
    size_t first = text.find_first_not_of(" \t\f");
    if (first == std::string_view::npos && code + 1 < lines.lineCount()) continue;
    if (first == std::string_view::npos || text[first] != '#') break;
    has_comment = true;
  }
  if (has_comment) line = code;
  uint32_t at = line < lines.lineCount() ? lines.lineStart(line) : static_cast<uint32_t>(source.size());
  std::string line_end(lineEndText(context));
  bool is_open = at == source.size() && !source.empty() && !source.ends_with('\n');
  return {.range = {at, at}, .replacement = is_open ? line_end + statement : statement + line_end};
}

bool mayDeferAnnotations(const LintContext& context) {
  return !context.is_stub && !context.model.hasFutureAnnotations() && context.options.flag("future-annotations");
}

FixEdit futureAnnotationsEdit(const LintContext& context) { return importAtStart(context, "from __future__ import annotations"); }

}  // namespace krait::lint
