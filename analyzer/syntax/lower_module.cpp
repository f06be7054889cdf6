// The frame of lowering: the module, blocks of statements and their indentation, names.
//
// tree-sitter's scanner takes indentation as a hint: it accepts missing, extra and unmatched indentation. So every
// statement that starts a line is compared with the column of its block; any difference makes the text suspicious and
// the exact check decides.
#include <algorithm>

#include "analyzer/base/unicode/character.h"
#include "analyzer/base/unicode/normalize.h"
#include "analyzer/syntax/keywords.h"
#include "analyzer/syntax/logical_lines.h"
#include "analyzer/syntax/lower_context.h"
#include "analyzer/syntax/parser.h"

namespace krait::syntax {

namespace lowering {

int32_t columnIfFirst(LowerContext& context, uint32_t begin) {
  uint32_t line = begin;
  bool has_odd_blank = false;
  while (line > 0) {
    char c = context.text[line - 1];
    if (c == '\n' || c == '\r') break;
    if (c == '\t' || c == '\f') has_odd_blank = true;
    else if (c != ' ') {
      if (line == 3 && context.text.substr(0, 3) == "\xef\xbb\xbf") break;
      return -1;
    }
    --line;
  }
  if (!has_odd_blank) return static_cast<int32_t>(begin - line);
  context.suspect();
  int32_t column = 0;
  for (; line < begin; ++line) {
    char c = context.text[line];
    column = c == '\t' ? (column / 8 + 1) * 8 : c == '\f' ? 0 : column + 1;
  }
  return column;
}

void checkClauseColumn(LowerContext& context, const TreeNode& clause, int32_t column) {
  int32_t own = columnIfFirst(context, clause.begin);
  if (own >= 0) ++context.logical_lines;
  if (own != column && column >= 0) context.suspect();
}

void lowerStatements(LowerContext& context, const TreeNode& block, int32_t parent_column, ListScope& out) {
  Children children(context.reader(), block);
  int32_t block_column = parent_column < 0 ? 0 : -2;  // -2: not known yet
  bool is_inline = false;
  for (uint32_t i = 0; i < children.size(); ++i) {
    TreeNode child = children[i];
    if (!child.is_named && child.symbol != Symbol::kError) continue;
    int32_t column = columnIfFirst(context, child.begin);
    if (column >= 0) ++context.logical_lines;
    if (block_column == -2) {
      is_inline = column < 0;
      block_column = column;
      if (!is_inline && column <= parent_column) context.suspect();
    } else if (column >= 0 && (column != block_column || is_inline)) {
      context.suspect();
    }
    lowerStatement(context, child, block_column, out);
  }
}

uint32_t lowerBlock(LowerContext& context, const TreeNode& block, int32_t parent_column) {
  ListScope body(context);
  if (exists(block)) lowerStatements(context, block, parent_column, body);
  if (body.size() == 0) context.suspect();
  return body.store();
}

TextRange compoundRange(const LowerContext& context, TextRange node, std::initializer_list<uint32_t> blocks) {
  uint32_t end = 0;
  for (uint32_t block : blocks) {
    NodeList statements = context.builder.listAt(block);
    if (!statements.empty()) end = context.builder.ast().range(statements.back()).end;
  }
  if (end == 0) return node;
  // A semicolon after the last statement belongs to the compound one (as in CPython's grammar).
  uint32_t after = end;
  while (after < node.end && context.text[after] == ' ') ++after;
  return {node.begin, after < context.text.size() && context.text[after] == ';' ? after + 1 : end};
}

static bool isAscii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

static bool isDottedIdentifier(std::string_view text) {
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = std::min(text.find('.', begin), text.size());
    if (!unicode::isIdentifier(text.substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  return true;
}

// Names are compared in their NFKC form (PEP 3131): what is interned is that form.
NameId internName(LowerContext& context, TextRange range) {
  std::string_view text = context.textOf(range);
  uint64_t hash = hashBytes(text);
  LowerContext::CachedName& cached = context.cached_names[hash % context.cached_names.size()];
  if (cached.hash == hash && cached.id.valid() && context.names.text(cached.id) == text) return cached.id;
  if (isKeyword(text)) context.suspect();
  std::string normalized;
  if (!isAscii(text)) {
    if (!isDottedIdentifier(text)) context.suspect();
    normalized = unicode::normalizeUtf8(unicode::NormalForm::kNfkc, text);
    text = normalized;
  }
  cached = {hash, context.names.intern(text)};
  return cached.id;
}

NodeId addIdentifier(LowerContext& context, const TreeNode& node) {
  NameId name = internName(context, node.range());
  return context.builder.add(NodeKind::kIdentifier, node.range(), {name.value});
}

NodeId addDottedIdentifier(LowerContext& context, const TreeNode& node) {
  std::string_view text = context.textOf(node.range());
  if (text.find_first_of(" \t\\\n\r\f") == std::string_view::npos) {
    Children parts(context.reader(), node);
    for (uint32_t i = 0; i < parts.size(); ++i) {
      if (parts[i].is_named) internName(context, parts[i].range());
    }
    return addIdentifier(context, node);
  }
  std::string joined;
  Children parts(context.reader(), node);
  for (uint32_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].is_named) continue;
    if (!joined.empty()) joined += '.';
    joined += context.names.text(internName(context, parts[i].range()));
  }
  return context.builder.add(NodeKind::kIdentifier, node.range(), {context.names.intern(joined).value});
}

NodeId addExpr(LowerContext& context, NodeKind kind, TextRange range, std::initializer_list<uint32_t> fields,
               uint8_t detail) {
  return context.builder.add(kind, range, fields, detail);
}

// May one of the characters make the text odd? Without branches, so that many are looked at at once.
static bool mayBeOdd(std::string_view text) {
  uint8_t found = 0;
  for (char each : text) {
    uint8_t c = static_cast<uint8_t>(each);
    found |= static_cast<uint8_t>((c < 0x20) & (c != '\n') & (c != '\t')) | static_cast<uint8_t>((c == 0xe2) | (c == 0xef));
  }
  return found != 0;
}

bool hasOddCharacters(std::string_view text) {
  constexpr size_t kBlock = 256;
  for (size_t i = 0; i < text.size(); ++i) {
    while (i % kBlock == 0 && i < text.size() && !mayBeOdd(text.substr(i, kBlock))) i += kBlock;
    if (i >= text.size()) break;
    unsigned char c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 && c != '\n' && c != '\t') {
      if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
      return true;
    }
    if (c == 0xe2 || c == 0xef) {  // zero-width spaces, byte order marks
      std::string_view rest = text.substr(i, 3);
      if (rest == "\xe2\x81\xa0" || rest == "\xe2\x80\x8b" || rest == "\xef\xbb\xbf") return i != 0 || c != 0xef;
    }
  }
  size_t last = text.find_last_not_of("\n\r");
  return last != std::string_view::npos && text[last] == '\\';
}

bool joinsIndents(std::string_view text) {
  for (size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at + 1)) {
    bool ends_line = at + 1 < text.size() && (text[at + 1] == '\n' || text[at + 1] == '\r');
    if (!ends_line) continue;
    size_t before = text.find_last_not_of(" \t\f", at == 0 ? 0 : at - 1);
    if (at == 0 || before == std::string_view::npos || text[before] == '\n' || text[before] == '\r') return true;
  }
  return false;
}

}  // namespace lowering

LoweredModule lower(const SyntaxTree& tree, std::string_view text, Interner& names) {
  TreeReader reader(tree.get());
  lowering::LowerContext context(reader, text, names);
  context.builder.reserve(text.size());
  context.has_errors = reader.sawError();
  context.is_suspicious = reader.sawError() || lowering::hasOddCharacters(text);
  lowering::ListScope body(context);
  lowering::lowerStatements(context, reader.root(), -1, body);
  uint32_t end = static_cast<uint32_t>(text.size());
  NodeId root = context.builder.add(NodeKind::kModule, {0, end}, {body.store()});
  for (Comment comment : reader.takeComments()) {
    // tree-sitter takes the first half of "\r\n" for a part of the comment.
    if (comment.end > comment.begin && text[comment.end - 1] == '\r') --comment.end;
    context.builder.addComment(comment);
  }
  // tree-sitter reads on behind the end of a line where what stands there cannot end.
  if (!context.is_suspicious && countLogicalLines(text) != context.logical_lines) context.suspect();
  Ast ast = context.builder.finish(root);
  bool is_suspicious = context.is_suspicious || context.builder.hasStrayStar();
  return {std::move(ast), is_suspicious, context.has_errors};
}

}  // namespace krait::syntax
