#include <algorithm>
#include <optional>

#include "analyzer/lint/imports/import_block.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

static bool isImport(const Ast& ast, NodeId node) {
  return ast.is(node, NodeKind::kImport) || ast.is(node, NodeKind::kImportFrom);
}

namespace {
// What `# isort: …` comments say, in the order of the file.
struct Directives {
  bool skips_file = false;
  std::vector<TextRange> excluded;  // between `off` and `on`, and lines with `skip`
  std::vector<uint32_t> splits;
};
}  // namespace

static Directives directivesOf(const LintContext& context) {
  Directives found;
  std::optional<uint32_t> off;
  for (const syntax::Comment& comment : context.ast.comments()) {
    std::string_view text = context.ast.text({comment.begin, comment.end});
    size_t place = text.find("isort:");
    if (place == std::string_view::npos) continue;
    std::string_view trimmed = text.substr(0, text.find_last_not_of(" \t\r\f") + 1);
    std::string_view word = trimmed.starts_with("# ruff: isort:") ? trimmed.substr(14) : trimmed.starts_with("# isort:") ? trimmed.substr(8) : "";
    found.skips_file |= word == " skip_file" || word == "skip_file";
    if (word == " split") {
      found.splits.push_back(comment.begin);
    } else if (off) {
      if (word != " on") continue;
      found.excluded.push_back({*off, comment.begin});
      off.reset();
    } else if (word == " off") {
      off = comment.begin;
    } else if (text.find("isort: skip") != std::string_view::npos || text.find("isort:skip") != std::string_view::npos) {
      const LineIndex& lines = context.file.lines;
      uint32_t line = lines.lineOf(comment.begin);
      found.excluded.push_back({lines.lineStart(line), lines.lineStart(line) + static_cast<uint32_t>(lines.lineText(line).size())});
    }
  }
  // The imports of each cell of a notebook stay in it.
  for (const CellStart& cell : context.file.cells) {
    if (cell.line > 0) found.splits.push_back(context.file.lines.lineStart(cell.line));
  }
  std::sort(found.splits.begin(), found.splits.end());
  if (off) found.excluded.push_back({*off, static_cast<uint32_t>(context.ast.text().size())});
  return found;
}

static void addBlocks(const LintContext& context, NodeList body, bool is_nested, const Directives& directives, std::vector<ImportBlock>& out) {
  const Ast& ast = context.ast;
  ImportBlock block;
  block.is_nested = is_nested;
  uint32_t previous_end = body.empty() ? 0 : ast.range(body[0]).begin, previous_begin = previous_end;
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
    auto split = std::upper_bound(directives.splits.begin(), directives.splits.end(), previous_begin);
    if (split != directives.splits.end() && *split <= range.begin) finish(Trailer::kStatement);
    previous_begin = range.begin;
    bool is_excluded = std::any_of(directives.excluded.begin(), directives.excluded.end(), [&](TextRange one) { return one.begin <= range.begin && range.begin < one.end; });
    if (isImport(ast, statement) && !is_excluded) {
      block.statements.push_back(statement);
    } else {
      // A comment between the imports and a definition is what stands next, unless it belongs to the definition: no line between its
      // own lines and the definition's is empty.
      auto comments = context.ast.comments();
      auto comment = std::lower_bound(comments.begin(), comments.end(), previous_end,
                                      [](const syntax::Comment& one, uint32_t place) { return one.begin < place; });
      bool has_comment = false;
      const LineIndex& lines = context.file.lines;
      for (; comment != comments.end() && comment->begin < range.begin; ++comment) {
        bool is_followed = std::next(comment) != comments.end() && std::next(comment)->begin < range.begin;
        has_comment |= lines.lineOf(comment->begin) + 1 < lines.lineOf(is_followed ? std::next(comment)->begin : range.begin);
      }
      bool is_definition = !has_comment && (ast.is(statement, NodeKind::kFunctionDef) || ast.is(statement, NodeKind::kClassDef));
      finish(is_definition ? Trailer::kDefinition : Trailer::kStatement);
    }
    previous_end = line_end;
  }
  finish(Trailer::kNone);
}

bool skipsImports(const LintContext& context) { return directivesOf(context).skips_file; }

std::vector<ImportBlock> importBlocksOf(const LintContext& context) {
  const Ast& ast = context.ast;
  std::vector<ImportBlock> out;
  Directives directives = directivesOf(context);
  if (directives.skips_file) return out;
  addBlocks(context, ast.as<syntax::Module>(ast.root()).body(), false, directives, out);
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
    if (first == node) addBlocks(context, body, true, directives, out);
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
  uint32_t line_end = lineEndAt(context, ast.range(node).begin);
  // A comment in the first line belongs to the statement, unless its one name stands there.
  if (names.size() > 1 || lineEndAt(context, ast.range(names[0]).begin) > line_end) reader.take(line_end, module.comments.inlined);
  for (NodeId name : names) {
    auto alias = ast.as<syntax::Alias>(name);
    ImportMember member;
    member.name = syntax::nameText(ast, alias.name());
    if (alias.asname().valid()) member.asname = syntax::nameText(ast, alias.asname());
    reader.take(ast.range(name).begin, member.comments.atop);
    reader.take(lineEndAt(context, ast.range(name).end), member.comments.inlined);
    module.members.push_back(std::move(member));
  }
  reader.take(ast.range(node).end, module.members.back().comments.trailing);
  reader.take(lineEndAt(context, ast.range(node).end), module.comments.trailing);
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
