#include <algorithm>
#include <optional>

#include "analyzer/lint/imports/import_block.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

static bool isImport(const Ast& ast, NodeId node) {
  return ast.is(node, NodeKind::kImport) || ast.is(node, NodeKind::kImportFrom);
}

// Does the range hold a comment that reads `# isort: word`?
static bool hasDirective(const LintContext& context, TextRange range, std::string_view word) {
  auto comments = context.ast.comments();
  auto at = std::lower_bound(comments.begin(), comments.end(), range.begin,
                             [](const syntax::Comment& comment, uint32_t place) { return comment.begin < place; });
  for (; at != comments.end() && at->begin < range.end; ++at) {
    std::string_view text = context.ast.text({at->begin, at->end});
    size_t place = text.find("isort:");
    if (place != std::string_view::npos && text.substr(place + 6).find(word) != std::string_view::npos) return true;
  }
  return false;
}

// The parts of the file between `# isort: off` and `# isort: on`.
static std::vector<TextRange> excludedRanges(const LintContext& context) {
  std::vector<TextRange> out;
  std::optional<uint32_t> off;
  for (const syntax::Comment& comment : context.ast.comments()) {
    std::string_view text = context.ast.text({comment.begin, comment.end});
    if (text.find("isort") == std::string_view::npos) continue;
    if (text.starts_with("# ruff: ")) text.remove_prefix(6);
    bool is_off = text.ends_with(" isort: off") && text.size() <= 12, is_on = text.ends_with(" isort: on") && text.size() <= 11;
    if (is_off && !off) off = comment.begin;
    if (!is_on || !off) continue;
    out.push_back({*off, comment.begin});
    off.reset();
  }
  if (off) out.push_back({*off, static_cast<uint32_t>(context.ast.text().size())});
  return out;
}

static void addBlocks(const LintContext& context, NodeList body, bool is_nested, const std::vector<TextRange>& excluded, std::vector<ImportBlock>& out) {
  const Ast& ast = context.ast;
  ImportBlock block;
  block.is_nested = is_nested;
  uint32_t previous_end = body.empty() ? 0 : ast.range(body[0]).begin;
  auto finish = [&](Trailer trailer) {
    if (block.statements.empty()) return;
    block.trailer = is_nested ? Trailer::kNone : trailer;
    out.push_back(block);
    block.statements.clear();
  };
  for (NodeId statement : body) {
    TextRange range = syntax::fullRange(ast, statement);
    uint32_t line = context.file.lines.lineOf(range.end);
    uint32_t line_end = context.file.lines.lineStart(line) + static_cast<uint32_t>(context.file.lines.lineText(line).size());
    if (hasDirective(context, {previous_end, range.begin}, "split")) finish(Trailer::kStatement);
    bool is_excluded = std::any_of(excluded.begin(), excluded.end(), [&](TextRange one) { return one.begin <= range.begin && range.begin < one.end; });
    if (isImport(ast, statement) && !is_excluded && !hasDirective(context, {range.begin, line_end}, "skip")) {
      block.statements.push_back(statement);
    } else {
      // A comment between the imports and a definition is what stands next, unless it belongs to the definition.
      auto comments = context.ast.comments();
      auto comment = std::lower_bound(comments.begin(), comments.end(), previous_end,
                                      [](const syntax::Comment& one, uint32_t place) { return one.begin < place; });
      bool has_comment = false;
      for (; comment != comments.end() && comment->begin < range.begin; ++comment) {
        has_comment = context.file.lines.lineOf(comment->begin) + 1 < context.file.lines.lineOf(range.begin);
      }
      bool is_definition = !has_comment && (ast.is(statement, NodeKind::kFunctionDef) || ast.is(statement, NodeKind::kClassDef));
      finish(is_definition ? Trailer::kDefinition : Trailer::kStatement);
    }
    previous_end = line_end;
  }
  finish(Trailer::kNone);
}

std::vector<ImportBlock> importBlocksOf(const LintContext& context) {
  const Ast& ast = context.ast;
  std::vector<ImportBlock> out;
  if (hasDirective(context, {0, static_cast<uint32_t>(ast.text().size())}, "skip_file")) return out;
  std::vector<TextRange> excluded = excludedRanges(context);
  addBlocks(context, ast.as<syntax::Module>(ast.root()).body(), false, excluded, out);
  // The first import of each other list of statements leads to its list.
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    if (!isImport(ast, node) || ast.is(ast.parent(node), NodeKind::kModule)) continue;
    NodeList body = blockOf(ast, node);
    NodeId first;
    for (NodeId statement : body) {
      if (isImport(ast, statement)) {
        first = statement;
        break;
      }
    }
    if (first == node) addBlocks(context, body, true, excluded, out);
  }
  return out;
}

namespace {
// Hands out the comments of a block in order.
struct CommentReader {
  const LintContext& context;
  size_t at;

  // Comments that begin before `end`, each with the blanks before it cut.
  void take(uint32_t end, std::vector<std::string>& out) {
    auto comments = context.ast.comments();
    for (; at < comments.size() && comments[at].begin < end; ++at) {
      std::string_view text = context.ast.text({comments[at].begin, comments[at].end});
      while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
      out.emplace_back(text);
    }
  }
};
}  // namespace

static uint32_t lineEndAt(const LintContext& context, uint32_t offset) {
  const LineIndex& lines = context.file.lines;
  uint32_t line = lines.lineOf(offset);
  return lines.lineStart(line) + static_cast<uint32_t>(lines.lineText(line).size());
}

static void readFrom(const LintContext& context, NodeId node, CommentReader& reader, ImportedModule& module) {
  const Ast& ast = context.ast;
  auto import = ast.as<syntax::ImportFrom>(node);
  module.is_from = true;
  module.level = import.level();
  if (import.module().valid()) module.name = syntax::nameText(ast, import.module());
  ptrdiff_t last = context.tokens.lastBefore(ast.range(node).end);
  bool has_parens = last >= 0 && context.tokens.all()[static_cast<size_t>(last)].kind == TokenKind::kRightParen;
  if (has_parens) {
    ptrdiff_t before = context.tokens.lastBefore(context.tokens.all()[static_cast<size_t>(last)].begin);
    module.has_trailing_comma = before >= 0 && context.tokens.all()[static_cast<size_t>(before)].kind == TokenKind::kComma;
  }
  NodeList names = import.names();
  for (size_t i = 0; i < names.size(); ++i) {
    auto alias = ast.as<syntax::Alias>(names[i]);
    ImportMember member;
    member.name = syntax::nameText(ast, alias.name());
    if (alias.asname().valid()) member.asname = syntax::nameText(ast, alias.asname());
    if (has_parens) {
      // A comment in the line of `from m import (` belongs to the statement.
      if (i == 0) reader.take(std::min(lineEndAt(context, ast.range(node).begin), ast.range(names[0]).begin), module.comments.inlined);
      reader.take(ast.range(names[i]).begin, member.comments.atop);
      uint32_t end = lineEndAt(context, ast.range(names[i]).end);
      bool is_last_of_line = i + 1 >= names.size() || ast.range(names[i + 1]).begin > end;
      if (is_last_of_line && end < ast.range(node).end) reader.take(end, member.comments.inlined);
    }
    module.members.push_back(std::move(member));
  }
  if (has_parens) {
    reader.take(ast.range(node).end, module.members.back().comments.inlined);
    reader.take(lineEndAt(context, ast.range(node).end), module.comments.inlined);
  }
}

std::vector<ImportedModule> readImports(const LintContext& context, const ImportBlock& block) {
  const Ast& ast = context.ast;
  auto comments = ast.comments();
  uint32_t start = ast.range(block.statements[0]).begin;
  auto first = std::lower_bound(comments.begin(), comments.end(), start,
                                [](const syntax::Comment& comment, uint32_t place) { return comment.begin < place; });
  CommentReader reader{context, static_cast<size_t>(first - comments.begin())};
  std::vector<ImportedModule> out;
  for (NodeId node : block.statements) {
    ImportedModule module;
    reader.take(ast.range(node).begin, module.comments.atop);
    if (ast.is(node, NodeKind::kImportFrom)) {
      readFrom(context, node, reader, module);
      reader.take(lineEndAt(context, ast.range(node).end), module.comments.inlined);
      out.push_back(std::move(module));
      continue;
    }
    reader.take(lineEndAt(context, ast.range(node).end), module.comments.inlined);
    NodeList names = ast.as<syntax::Import>(node).names();
    for (size_t i = 0; i < names.size(); ++i) {
      auto alias = ast.as<syntax::Alias>(names[i]);
      ImportedModule one;
      one.name = syntax::nameText(ast, alias.name());
      if (alias.asname().valid()) one.asname = syntax::nameText(ast, alias.asname());
      if (i == 0) one.comments = module.comments;
      out.push_back(std::move(one));
    }
  }
  return out;
}

}  // namespace krait::lint
