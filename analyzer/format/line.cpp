#include "analyzer/format/line.h"

#include <algorithm>

#include "analyzer/format/comments.h"
#include "analyzer/format/spacing.h"

namespace krait::format {

using enum TokenKind;

static bool isFirstToken(const ConcreteTree& tree, const Line& line, TokenKind token) {
  return !line.leaves.empty() && isToken(tree[line.leaves[0]], token);
}

bool isComment(const ConcreteTree& tree, const Line& line) {
  return line.leaves.size() == 1 && tree.is(line.leaves[0], Form::kStandaloneComment);
}

bool isDecorator(const ConcreteTree& tree, const Line& line) { return isFirstToken(tree, line, kAt); }

bool isImport(const ConcreteTree& tree, const Line& line) {
  return (isFirstToken(tree, line, kKwImport) && tree.parentIs(line.leaves[0], Form::kImportName)) ||
         (isFirstToken(tree, line, kKwFrom) && tree.parentIs(line.leaves[0], Form::kImportFrom));
}

bool isClass(const ConcreteTree& tree, const Line& line) { return isFirstToken(tree, line, kKwClass); }

bool isStubClass(const ConcreteTree& tree, const Line& line) {
  return isClass(tree, line) && isToken(tree[line.leaves.back()], kEllipsis);
}

bool isFunction(const ConcreteTree& tree, const Line& line) {
  if (isFirstToken(tree, line, kKwDef)) return true;
  return isFirstToken(tree, line, kKwAsync) && line.leaves.size() > 1 && tree.is(line.leaves[1], kKwDef);
}

bool isTripleQuoted(const ConcreteTree& tree, const Line& line) {
  if (!isFirstToken(tree, line, kString)) return false;
  std::string_view text = tree[line.leaves[0]].text;
  return text.starts_with("\"\"\"") || text.starts_with("'''");
}

bool opensBlock(const ConcreteTree& tree, const Line& line) {
  return !line.leaves.empty() && tree.is(line.leaves.back(), kColon);
}

bool hasStandaloneComments(const ConcreteTree& tree, const Line& line, uint32_t deepest) {
  return std::any_of(line.leaves.begin(), line.leaves.end(), [&](ElementId leaf) {
    return tree[leaf].form == Form::kStandaloneComment && tree[leaf].depth <= deepest;
  });
}

bool hasMultilineStrings(const ConcreteTree& tree, const Line& line) {
  return std::any_of(line.leaves.begin(), line.leaves.end(),
                     [&](ElementId leaf) { return isMultilineString(tree[leaf]); });
}

bool hasFixedTypeComment(const ConcreteTree& tree, const Line& line) {
  if (line.comments.empty() || line.leaves.empty()) return false;
  ElementId last = line.leaves.back(), before_last;
  bool may_be_added = tree.is(last, kComma) || (tree.is(last, kRightParen) && tree[last].text.empty());
  if (may_be_added) {
    if (line.leaves.size() < 2) return false;
    before_last = line.leaves[line.leaves.size() - 2];
  }
  bool has_seen_comment = false;
  for (const AttachedComment& attached : line.comments) {
    const Element& comment = tree[attached.comment];
    bool is_at_end = attached.leaf == last || (before_last.valid() && attached.leaf == before_last);
    if (isTypeComment(comment) && (has_seen_comment || (!isTypeIgnore(comment) && !is_at_end))) return true;
    has_seen_comment = true;
  }
  return false;
}

bool hasFixedTypeIgnore(const ConcreteTree& tree, const Line& line) {
  if (line.comments.empty() || line.leaves.empty()) return false;
  uint32_t first_line = 0, last_line = 0;
  for (size_t i = 0; i < line.leaves.size() && first_line == 0; ++i) first_line = tree[line.leaves[i]].line;
  for (size_t i = line.leaves.size(); i-- > 0 && last_line == 0;) last_line = tree[line.leaves[i]].line;
  if (first_line != last_line) return false;
  // A comma or a hidden bracket may have come after the last leaf.
  size_t first = line.leaves.size() < 2 ? 0 : line.leaves.size() - 2;
  return std::any_of(line.comments.begin(), line.comments.end(), [&](const AttachedComment& attached) {
    return isTypeIgnore(tree[attached.comment]) &&
           std::find(line.leaves.begin() + static_cast<ptrdiff_t>(first), line.leaves.end(), attached.leaf) !=
               line.leaves.end();
  });
}

bool holdsOneElement(const ConcreteTree& tree, ElementId opening, ElementId closing,
                     const std::vector<ElementId>& leaves, TokenKind opening_kind) {
  if (!tree.is(opening, opening_kind)) return false;
  TokenKind closing_kind = opening_kind == kLeftParen ? kRightParen : kRightBracket;
  if (!tree.is(closing, closing_kind)) return false;
  uint32_t depth = tree[closing].depth + 1;
  size_t begin = leaves.size();
  while (begin > 0 && leaves[begin - 1] != opening) --begin;
  uint32_t commas = 0;
  for (size_t i = begin; i < leaves.size() && leaves[i] != closing; ++i) {
    const Element& leaf = tree[leaves[i]];
    if (leaf.depth != depth || !isToken(leaf, kComma)) continue;
    ++commas;
    Form form = leaf.parent.valid() ? tree[leaf.parent].form : Form::kToken;
    if (form == Form::kArgList || form == Form::kTypedArgsList) return false;
  }
  return commas < 2;
}

// A comma before `closing` that is neither a tuple's of one element nor an index's. `is_to_remove`: and may go.
static bool endsInMagicComma(const ConcreteTree& tree, const Line& line, ElementId id, bool is_to_remove) {
  const Element& closing = tree[id];
  if (!isClosing(closing) || line.leaves.empty() || !tree.is(line.leaves.back(), kComma)) return false;
  if (closing.token == kRightBrace) return true;
  if (closing.token == kRightBracket) {
    bool is_index = tree.parentIs(id, Form::kTrailer) && closing.opening.valid();
    if (is_index && holdsOneElement(tree, closing.opening, id, line.leaves, kLeftBracket)) return false;
    if (!is_to_remove) return true;
    ElementId comma = line.leaves.back();
    if (!tree[comma].parent.valid()) return false;
    return !tree.parentIs(comma, Form::kSubscriptList) || !closing.opening.valid() ||
           !holdsOneElement(tree, closing.opening, id, line.leaves, kLeftBracket);
  }
  if (isImport(tree, line)) return true;
  return closing.opening.valid() && !holdsOneElement(tree, closing.opening, id, line.leaves, kLeftParen);
}

static void removeTrailingComma(ConcreteTree& tree, Line& line) {
  ElementId comma = line.leaves.back();
  line.leaves.pop_back();
  ElementId last = line.leaves.back();
  for (AttachedComment& attached : line.comments) {
    if (attached.leaf != comma) continue;
    attached.leaf = last;
    tree[last].has_comments = true;
  }
}

static uint32_t leafCountUpTo(const ConcreteTree& tree, ElementId node, uint32_t limit) {
  uint32_t count = 0;
  for (ElementId leaf = tree.firstLeaf(node); leaf.valid() && count <= limit; leaf = tree.nextLeaf(leaf, node)) {
    count += tree.is(leaf, kEllipsis) ? 3 : 1;  // Black's are three dots
  }
  return count;
}

// Puts a comment aside, to stand at the line's end. False: it is a leaf like others.
static bool attachComment(ConcreteTree& tree, Line& line, ElementId id) {
  Element& comment = tree[id];
  if (comment.form == Form::kStandaloneComment && line.brackets.hasOpenBrackets()) {
    comment.newlines = 0;
    comment.spaces = 0;
    return false;
  }
  if (comment.form != Form::kComment) return false;
  auto standAlone = [&] {
    comment.form = Form::kStandaloneComment;
    comment.newlines = 0;
    comment.spaces = 0;
    return false;
  };
  if (line.leaves.empty()) return standAlone();
  ElementId last = line.leaves.back();
  // After hidden brackets around one leaf, a comment belongs to the leaf.
  if (tree.is(last, kRightParen) && tree[last].text.empty() && tree[last].parent.valid() && !isTypeComment(comment) &&
      leafCountUpTo(tree, tree[last].parent, 3) <= 3) {
    if (line.leaves.size() < 2) return standAlone();
    last = line.leaves[line.leaves.size() - 2];
  }
  tree[last].has_comments = true;
  line.comments.push_back({last, id});
  return true;
}

// `class A():`, when the colon comes: the brackets go.
static bool isClassWithEmptyBrackets(const ConcreteTree& tree, const Line& line) {
  return line.leaves.size() == 4 && isClass(tree, line) && isToken(tree[line.leaves[2]], kLeftParen) &&
         !tree[line.leaves[2]].text.empty() && isToken(tree[line.leaves[3]], kRightParen) &&
         !tree[line.leaves[3]].text.empty();
}

static bool isBlankText(std::string_view text) { return text.find_first_not_of(" \t\f\v\r\n") == std::string_view::npos; }

void appendLeaf(FormatContext& context, Line& line, ElementId id, Placing placing) {
  ConcreteTree& tree = context.tree;
  Element& leaf = tree[id];
  if (!isOpening(leaf) && !isClosing(leaf) && isBlankText(leaf.text)) return;
  if (isToken(leaf, kColon) && isClassWithEmptyBrackets(tree, line)) line.leaves.resize(2);
  if (placing == Placing::kNew) leaf.spaces = line.leaves.empty() ? uint8_t{0} : spacesBefore(tree, line, id);
  if (line.is_in_brackets || placing != Placing::kKept) {
    mark(line.brackets, tree, id);
    if (context.options.has_magic_commas) {
      if (endsInMagicComma(tree, line, id, false)) line.magic_comma_bracket = id;
    } else if (endsInMagicComma(tree, line, id, true)) {
      removeTrailingComma(tree, line);
    }
  }
  if (!attachComment(tree, line, id)) line.leaves.push_back(id);
}

bool appendAlone(FormatContext& context, Line& line, ElementId leaf) {
  if (!line.brackets.hasOpenBrackets()) {
    if (isComment(context.tree, line)) return false;
    if (!line.leaves.empty() && context.tree[leaf].form == Form::kStandaloneComment) return false;
  }
  appendLeaf(context, line, leaf, Placing::kKept);
  return true;
}

void render(const ConcreteTree& tree, const Line& line, std::string& out) {
  if (!line.leaves.empty()) tree.indents.append(out, line.depth);
  for (size_t i = 0; i < line.leaves.size(); ++i) {
    const Element& leaf = tree[line.leaves[i]];
    if (i > 0) out.append(leaf.spaces, ' ');
    out += leaf.text;
  }
  for (const AttachedComment& attached : line.comments) {
    out.append(tree[attached.comment].spaces, ' ');
    out += tree[attached.comment].text;
  }
}

bool fits(const ConcreteTree& tree, const Line& line, uint32_t limit) {
  uint32_t length = tree.indents.columns(line.depth);
  for (size_t i = 0; i < line.leaves.size(); ++i) {
    const Element& leaf = tree[line.leaves[i]];
    length += leaf.width + (i > 0 ? leaf.spaces : 0);
    if (length > limit || leaf.spans_lines || leaf.form == Form::kStandaloneComment) return false;
  }
  for (const AttachedComment& attached : line.comments) {
    length += tree[attached.comment].width + tree[attached.comment].spaces;
  }
  return length <= limit;
}

uint32_t lengthWithComments(const ConcreteTree& tree, const Line& line, ElementId id) {
  uint32_t length = tree[id].width + tree[id].spaces;
  size_t hint = 0;
  forCommentsAfter(tree, line, id, hint, [&](ElementId comment) { length += tree[comment].width; });
  return length;
}

}  // namespace krait::format
