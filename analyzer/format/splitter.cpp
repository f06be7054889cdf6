#include "analyzer/format/splitter.h"

#include <algorithm>

#include "analyzer/format/comments.h"
#include "analyzer/format/parentheses.h"

namespace krait::format {

using enum TokenKind;

enum class Splitter : uint8_t { kFirstBracket, kDelimiters, kComments, kLastBracket };

// Whether the name at `index` and what is attached to it is a plain dotted name. `step`: the direction it goes on in.
static bool isPlainName(const ConcreteTree& tree, const Line& line, size_t index, int step) {
  for (; index < line.leaves.size(); index += static_cast<size_t>(step)) {
    const Element& leaf = tree[line.leaves[index]];
    if (step < 0 ? isToken(leaf, kRightParen) || isToken(leaf, kRightBracket)
                 : isToken(leaf, kLeftParen) || isToken(leaf, kLeftBracket)) {
      return false;
    }
    bool goes_on = (isWord(leaf) && !isToken(leaf, kKwFor)) || isToken(leaf, kDot);
    if (!goes_on) return true;
  }
  return true;
}

static bool isPlainOperand(const ConcreteTree& tree, const Line& line, size_t index, int step) {
  const Element& leaf = tree[line.leaves[index]];
  if (isWord(leaf) || isToken(leaf, kNumber)) return isPlainName(tree, line, index, step);
  bool is_sign = isToken(leaf, kPlus) || isToken(leaf, kMinus) || isToken(leaf, kTilde);
  if (!is_sign || index + 1 >= line.leaves.size()) return false;
  const Element& operand = tree[line.leaves[index + 1]];
  return (isWord(operand) || isToken(operand, kNumber)) && isPlainName(tree, line, index + 1, 1);
}

// `x**2`, but `f(x) ** 2`.
static void hugPowers(ConcreteTree& tree, const Line& line) {
  for (size_t i = 1; i + 1 < line.leaves.size(); ++i) {
    if (!tree.is(line.leaves[i], kDoubleStar)) continue;
    bool is_plain = isPlainOperand(tree, line, i - 1, -1) && !tree.is(line.leaves[i - 1], kKwLambda) &&
                    isPlainOperand(tree, line, i + 1, 1);
    if (!is_plain) continue;
    tree[line.leaves[i]].spaces = 0;
    tree[line.leaves[i + 1]].spaces = 0;
  }
}

static void finishLine(SplitContext& context, const Line& line) {
  hugPowers(context.tree, line);
  bool is_fixed = hasFixedTypeComment(context.tree, line) || hasFixedTypeIgnore(context.tree, line);
  bool is_short = fits(context.tree, line, context.format.options.line_length);
  render(context.tree, line, context.text);
  context.text += '\n';
  context.lines.push_back({context.text.size(), is_short, is_fixed});
}

static Parts split(FormatContext& context, const Line& line, Splitter splitter, bool shows_optional) {
  switch (splitter) {
    case Splitter::kFirstBracket: return splitAtFirstBracket(context, line);
    case Splitter::kDelimiters: return splitAtDelimiters(context, line);
    case Splitter::kComments: return splitAtComments(context, line);
    case Splitter::kLastBracket: return splitAtLastBracket(context, line, shows_optional);
  }
  UNREACHABLE("every splitter has its case");
}

static void write(SplitContext& context, Line& line, bool shows_optional);

static void cutBack(SplitContext& context, size_t line_count) {
  context.lines.resize(line_count);
  context.text.resize(line_count == 0 ? 0 : context.lines.back().end);
}

// Splits the line and writes its parts. False, with nothing written, when it cannot be split or a part is the line again.
static bool writeParts(SplitContext& context, const Line& line, Splitter splitter, bool shows_optional,
                       const std::string& whole) {
  size_t line_count = context.lines.size();
  Parts parts = split(context.format, line, splitter, shows_optional);
  std::string part_text;
  for (Line& part : parts) {
    part_text.clear();
    if (part.depth == line.depth) render(context.tree, part, part_text);
    if (part.depth == line.depth && part_text == whole) {
      cutBack(context, line_count);
      return false;
    }
    write(context, part, shows_optional);
  }
  return !parts.empty();
}

// Whether the line, written from `first_line` on without showing hidden parentheses, may do better with them shown.
static bool wantsSecondTry(const SplitContext& context, const Line& line, size_t first_line) {
  const WrittenLine& first = context.lines[first_line];
  if (line.brackets.invisible.empty() || first.fits || first.is_fixed) return false;
  bool has_shown = std::any_of(line.brackets.invisible.begin(), line.brackets.invisible.end(),
                               [&](ElementId bracket) { return !isHidden(context.tree[bracket]); });
  if (has_shown || hasMultilineStrings(context.tree, line)) return false;
  return std::none_of(line.leaves.begin(), line.leaves.end(), [&](ElementId leaf) {
    return context.tree[leaf].is_orphan || !context.tree[leaf].parent.valid();
  });
}

static Line rebuild(FormatContext& context, const Line& line) {
  Line copy;
  copy.depth = line.depth;
  copy.is_in_brackets = line.is_in_brackets;
  copy.must_split = line.must_split;
  copy.magic_comma_bracket = line.magic_comma_bracket;
  size_t hint = 0;
  for (ElementId leaf : line.leaves) {
    appendLeaf(context, copy, leaf, Placing::kNew);
    forCommentsAfter(context.tree, line, leaf, hint,
                     [&](ElementId comment) { appendLeaf(context, copy, comment, Placing::kKept); });
  }
  return copy;
}

// Writes the line at its last bracket, once looking past hidden parentheses and, where the first line got too long,
// once more with them shown; the second way counts when all of its lines fit.
static bool writeAtLastBracket(SplitContext& context, const Line& line, bool shows_optional, const std::string& whole) {
  size_t before = context.lines.size();
  if (!writeParts(context, line, Splitter::kLastBracket, shows_optional, whole)) return false;
  if (shows_optional || !wantsSecondTry(context, line, before)) return true;
  size_t middle = context.lines.size();
  size_t text_begin = before == 0 ? 0 : context.lines[before - 1].end;
  size_t text_middle = context.text.size();
  Line copy = rebuild(context.format, line);
  bool is_split = writeParts(context, copy, Splitter::kLastBracket, true, whole);
  for (ElementId leaf : line.leaves) context.tree[leaf].is_orphan = true;
  for (ElementId bracket : line.brackets.invisible) context.tree.setText(bracket, "");
  if (!is_split) {
    cutBack(context, before);
    return false;
  }
  bool all_fit = std::all_of(context.lines.begin() + static_cast<ptrdiff_t>(middle), context.lines.end(),
                             [](const WrittenLine& written) { return written.fits; });
  if (!all_fit) {
    cutBack(context, middle);
    return true;
  }
  context.text.erase(text_begin, text_middle - text_begin);
  context.lines.erase(context.lines.begin() + static_cast<ptrdiff_t>(before),
                      context.lines.begin() + static_cast<ptrdiff_t>(middle));
  for (size_t i = before; i < context.lines.size(); ++i) context.lines[i].end -= text_middle - text_begin;
  return true;
}

static bool staysWhole(const SplitContext& context, const Line& line) {
  const ConcreteTree& tree = context.tree;
  if (line.must_split || line.magic_comma_bracket.valid() || hasFixedTypeComment(tree, line)) return false;
  if (!fits(tree, line, context.format.options.line_length) && !hasFixedTypeIgnore(tree, line)) return false;
  return !line.is_in_brackets || !hasStandaloneComments(tree, line);
}

static void write(SplitContext& context, Line& line, bool shows_optional) {
  if (isComment(context.tree, line) || staysWhole(context, line)) return finishLine(context, line);
  std::string whole;
  render(context.tree, line, whole);
  if (isFunction(context.tree, line)) {
    if (writeParts(context, line, Splitter::kFirstBracket, shows_optional, whole)) return;
    return finishLine(context, line);
  }
  if (line.is_in_brackets && (writeParts(context, line, Splitter::kDelimiters, shows_optional, whole) ||
                              writeParts(context, line, Splitter::kComments, shows_optional, whole))) {
    return;
  }
  if (!writeAtLastBracket(context, line, shows_optional, whole)) finishLine(context, line);
}

void writeLine(SplitContext& context, Line& line) { write(context, line, false); }

}  // namespace krait::format
