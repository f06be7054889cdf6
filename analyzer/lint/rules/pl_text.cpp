// PLE2502, PLE2510 to PLE2515, PLR2044: characters in the text that are not to be seen, and comments that say nothing.
// ref: pylint
#include <string>

#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rule.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

// The bidirectional controls U+202A to U+202E, U+2066 to U+2069, U+200F, in UTF-8.
static bool isBidirectional(std::string_view text) {
  if (text.size() < 3 || text[0] != '\xE2') return false;
  unsigned char second = static_cast<unsigned char>(text[1]), third = static_cast<unsigned char>(text[2]);
  if (second == 0x80) return (third >= 0xAA && third <= 0xAE) || third == 0x8F;
  return second == 0x81 && third >= 0xA6 && third <= 0xA9;
}

void checkBidirectional(LintContext& context) {
  std::string_view text = context.ast.text();
  for (size_t at = text.find('\xE2'); at != std::string_view::npos;) {
    if (!isBidirectional(text.substr(at))) {
      at = text.find('\xE2', at + 1);
      continue;
    }
    uint32_t offset = static_cast<uint32_t>(at);
    TextRange line{lineBegin(context, offset), nextLineBegin(context, offset)};
    context.sink.begin("PLE2502"_rule, line);
    at = text.find('\xE2', line.end);
  }
}

static void checkCharacter(LintContext& context, TextRange range, Rule rule, std::string_view escape, bool is_raw) {
  auto finding = context.sink.begin(rule, range);
  if (!is_raw) finding.fix("Replace with escape sequence", {{range, std::string(escape)}});
}

static void checkInvisible(LintContext& context, TextRange range, bool is_raw_literal) {
  std::string_view text = context.ast.text();
  for (uint32_t at = range.begin; at < range.end; ++at) {
    TextRange one{at, at + 1};
    // Behind a backslash, an escape sequence would read as another text.
    size_t slashes = 0;
    while (at - slashes > range.begin && text[at - slashes - 1] == '\\') ++slashes;
    bool is_raw = is_raw_literal || slashes % 2 == 1;
    switch (text[at]) {
      case '\b': checkCharacter(context, one, "PLE2510"_rule, "\\b", is_raw); break;
      case '\x1A': checkCharacter(context, one, "PLE2512"_rule, "\\x1a", is_raw); break;
      case '\x1B': checkCharacter(context, one, "PLE2513"_rule, "\\x1b", is_raw); break;
      case '\0': checkCharacter(context, one, "PLE2514"_rule, "\\0", is_raw); break;
      case '\xE2':
        if (text.substr(at, 3) == "\xE2\x80\x8B") checkCharacter(context, {at, at + 3}, "PLE2515"_rule, "\\u200b", is_raw);
        break;
      default: break;
    }
  }
}

void checkInvisibleCharacters(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto constant = ast.tryAs<syntax::Constant>(node);
  if (constant && constant->constantKind() != syntax::ConstantKind::kStr && constant->constantKind() != syntax::ConstantKind::kBytes) return;
  // A format is part of the literal that it stands in.
  if (ast.is(ast.parent(node), NodeKind::kFormattedValue) || ast.is(ast.parent(node), NodeKind::kInterpolation)) return;
  if (ast.is(ast.parent(node), NodeKind::kJoinedStr) || ast.is(ast.parent(node), NodeKind::kTemplateStr)) return;
  checkInvisible(context, ast.range(node), syntax::parseStringPrefix(ast.text(node)).is_raw);
}

// Nothing but `#` and white space.
static bool isEmptyComment(std::string_view text) { return text.substr(1).find_first_not_of(" \t\f") == std::string_view::npos; }

static bool isOwnLine(const LintContext& context, uint32_t begin) {
  uint32_t line = lineBegin(context, begin);
  return context.ast.text({line, begin}).find_first_not_of(" \t\f") == std::string_view::npos;
}

void checkEmptyComments(LintContext& context) {
  const Ast& ast = context.ast;
  std::span<const syntax::Comment> comments = ast.comments();
  for (size_t i = 0; i < comments.size();) {
    // A block of comments on lines of their own, one under the other at the same column, may hold empty lines.
    size_t last = i;
    bool is_own = isOwnLine(context, comments[i].begin);
    uint32_t column = comments[i].begin - lineBegin(context, comments[i].begin);
    while (is_own && last + 1 < comments.size()) {
      const syntax::Comment& next = comments[last + 1];
      bool follows = nextLineBegin(context, comments[last].begin) == lineBegin(context, next.begin);
      if (!follows || !isOwnLine(context, next.begin) || next.begin - lineBegin(context, next.begin) != column) break;
      ++last;
    }
    bool is_block = last > i;
    bool has_text = false;
    for (size_t k = i; k <= last; ++k) has_text |= !isEmptyComment(ast.text({comments[k].begin, comments[k].end}));
    for (size_t k = i; k <= last && !(is_block && has_text); ++k) {
      TextRange range{comments[k].begin, comments[k].end};
      if (!isEmptyComment(ast.text(range))) continue;
      uint32_t begin = range.begin;
      TextRange removed{lineBegin(context, begin), nextLineBegin(context, begin)};
      if (!is_own) {
        while (begin > removed.begin && (ast.text()[begin - 1] == ' ' || ast.text()[begin - 1] == '\t')) --begin;
        removed = {begin, range.end};
      }
      context.sink.begin("PLR2044"_rule, range).fix("Delete the empty comment", {{removed, ""}});
    }
    i = last + 1;
  }
}

}  // namespace krait::lint
