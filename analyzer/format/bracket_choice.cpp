// Choices between pairs of brackets: whether hidden parentheses help, and which trailing pairs to keep together.
#include <algorithm>

#include "analyzer/format/splitter.h"

namespace krait::format {

using enum TokenKind;

bool mayBeSplit(const ConcreteTree& tree, const Line& line) {
  if (line.leaves.size() < 2) return false;
  if (!tree.is(line.leaves[0], kString) || !tree.is(line.leaves[1], kDot)) return true;
  // A string's method: one call is left as it is, a chain of calls may be split.
  uint32_t calls = 0, dots = 0;
  const Element* next = &tree[line.leaves.back()];
  for (size_t i = line.leaves.size() - 1; i-- > 0;) {
    const Element& leaf = tree[line.leaves[i]];
    if (isOpening(leaf)) {
      if (!isClosing(*next)) return false;
      ++calls;
    } else if (isToken(leaf, kDot)) {
      ++dots;
    } else if (isWord(leaf)) {
      if (!isToken(*next, kDot) && !isOpening(*next)) return false;
    } else if (!isClosing(leaf)) {
      return false;
    }
    if (dots > 1 && calls > 1) return false;
  }
  return true;
}

// The line begins with a bracket pair: what follows the pair fits, up to the next bracket.
static bool mayOmitBefore(const ConcreteTree& tree, const Line& line, uint32_t line_length) {
  uint32_t length = tree.indents.columns(line.depth);
  bool is_rest = false;
  for (ElementId id : line.leaves) {
    const Element& leaf = tree[id];
    if (leaf.spans_lines) return false;
    if (isClosing(leaf) && leaf.opening == line.leaves[0]) is_rest = true;
    if (!is_rest) continue;
    length += lengthWithComments(tree, line, id);
    if (length > line_length) return false;
    if (isOpening(leaf)) is_rest = false;
  }
  return true;
}

// The line ends in a bracket pair: what is before the pair fits, or has brackets of its own.
static bool mayOmitAfter(const ConcreteTree& tree, const Line& line, uint32_t line_length) {
  uint32_t length = tree.indents.columns(line.depth);
  bool has_brackets = false;
  ElementId opening = tree[line.leaves.back()].opening;
  for (ElementId id : line.leaves) {
    const Element& leaf = tree[id];
    if (leaf.spans_lines) return false;
    length += lengthWithComments(tree, line, id);
    if (id == opening) {
      if (has_brackets || length <= line_length) return true;
    } else if (isOpening(leaf)) {
      has_brackets = true;
    }
  }
  return false;
}

bool mayOmitParentheses(const ConcreteTree& tree, const Line& line, uint32_t line_length) {
  const BracketTracker& brackets = line.brackets;
  if (brackets.delimiters.empty()) return true;
  Priority priority = highestPriority(brackets);
  // With several operators of a kind the parentheses read better.
  if (countOf(brackets, priority) > 1) return false;
  if (priority == kDotPriority) return true;
  if (line.leaves.size() < 2) return false;
  const Element& first = tree[line.leaves[0]];
  const Element& second = tree[line.leaves[1]];
  if (isOpening(first) && !isClosing(second) && mayOmitBefore(tree, line, line_length)) return true;
  ElementId last = line.leaves.back();
  bool ends_in_index = tree.is(last, kRightBracket) && tree.parentIs(last, Form::kTrailer);
  if (!isClosing(tree[last]) || ends_in_index) return false;
  if (tree.is(last, kRightBracket) && !tree[last].parent.valid()) return false;
  if (isOpening(tree[line.leaves[line.leaves.size() - 2]])) return false;
  return isMultilineString(first) || mayOmitAfter(tree, line, line_length);
}

bool TrailerOmitter::followsMagicComma(ElementId leaf) const {
  bool follows_comma = index_ > 0 && tree_.is(line_.leaves[index_ - 1], kComma);
  ElementId opening = tree_[leaf].opening;
  return follows_comma && opening.valid() && !holdsOneElement(tree_, opening, leaf, line_.leaves, kLeftParen);
}

// A pair to omit next time begins at its closing bracket. False: it must be split.
bool TrailerOmitter::beginPair(ElementId leaf) {
  if (followsMagicComma(leaf)) return false;
  if (!tree_[leaf].text.empty()) {
    opening_ = tree_[leaf].opening;
    closing_ = leaf;
  }
  return true;
}

TrailerOmitter::Step TrailerOmitter::readClosing(ElementId leaf) {
  if (index_ > 0 && isOpening(tree_[line_.leaves[index_ - 1]])) {
    // Empty brackets cannot be split at.
    inner_.push_back(leaf);
    return Step::kGoOn;
  }
  if (closing_.valid()) {
    omitted_.push_back(closing_);
    omitted_.insert(omitted_.end(), inner_.begin(), inner_.end());
    inner_.clear();
    pending_ = leaf;
    return Step::kYield;
  }
  return beginPair(leaf) ? Step::kGoOn : Step::kStop;
}

TrailerOmitter::Step TrailerOmitter::readLeaf() {
  if (index_ == 0) return Step::kStop;
  ElementId id = line_.leaves[--index_];
  const Element& leaf = tree_[id];
  if (leaf.spans_lines) return Step::kStop;
  uint32_t length = lengthWithComments(tree_, line_, id);
  length_ += length;
  bool has_comment = length > leaf.width + leaf.spaces;
  if (length_ > line_length_ || leaf.form == Form::kStandaloneComment || has_comment) return Step::kStop;
  if (opening_.valid()) {
    if (id == opening_) {
      opening_ = ElementId();
    } else if (isClosing(leaf)) {
      if (followsMagicComma(id)) return Step::kStop;
      inner_.push_back(id);
    }
    return Step::kGoOn;
  }
  return isClosing(leaf) ? readClosing(id) : Step::kGoOn;
}

bool TrailerOmitter::next() {
  if (!has_begun_) {
    has_begun_ = true;
    if (!line_.magic_comma_bracket.valid()) return true;
  }
  if (pending_.valid()) {
    ElementId leaf = pending_;
    pending_ = ElementId();
    if (!beginPair(leaf)) index_ = 0;
  }
  Step step = Step::kGoOn;
  while (step == Step::kGoOn) step = readLeaf();
  if (step == Step::kStop) index_ = 0;
  return step == Step::kYield;
}

}  // namespace krait::format
