#include "analyzer/format/directives.h"

#include <algorithm>
#include <optional>
#include <string>

#include "analyzer/format/comments.h"

namespace krait::format {

using enum TokenKind;

static bool isBlockEdge(const ConcreteTree& tree, ElementId leaf) {
  return tree.is(leaf, kNewline) || tree.is(leaf, kIndent) || tree.is(leaf, kDedent);
}

// Whether the comments before the element switch formatting on, the last one deciding.
static bool switchesOn(ConcreteTree& tree, ElementId element) {
  bool is_on = false;
  for (const GapComment& comment : commentsIn(tree, tree[tree.firstLeaf(element)].gap, false)) {
    if (isFormatOn(comment.text)) is_on = true;
    if (isFormatOff(comment.text)) is_on = false;
  }
  return is_on;
}

static bool hasChildThatSwitchesOn(ConcreteTree& tree, ElementId element) {
  if (!tree.isNode(element)) return false;
  for (ElementId child = tree[element].first; child.valid(); child = tree[child].next) {
    if (switchesOn(tree, child)) return true;
  }
  return false;
}

// The largest element that begins with the leaf and is not the content of brackets.
static ElementId containerOf(const ConcreteTree& tree, ElementId leaf) {
  ElementId container = leaf;
  for (;;) {
    ElementId parent = tree[container].parent;
    if (!parent.valid() || tree.is(parent, Form::kFile) || tree[parent].first != container) return container;
    ElementId before = tree[parent].previous;
    if (tree.isLeaf(before) && (isOpening(tree[before]) || isClosing(tree[before]))) return container;
    container = parent;
  }
}

// The children of an element in which formatting is switched on again, up to there.
static void addUntilOn(ConcreteTree& tree, ElementId container, std::vector<ElementId>& covered) {
  for (ElementId child = tree[container].first; child.valid(); child = tree[child].next) {
    if (tree.isLeaf(child) && switchesOn(tree, child)) {
      // Switched on at another level of brackets: the closing one must stay with its opening one.
      if (isClosing(tree[child])) covered.push_back(child);
      return;
    }
    bool is_block_begin = tree.is(child, kIndent) && tree[child].next.valid();
    if (is_block_begin && hasChildThatSwitchesOn(tree, tree[child].next)) return;
    if (hasChildThatSwitchesOn(tree, child)) return;
    covered.push_back(child);
  }
}

static std::vector<ElementId> coveredByOff(ConcreteTree& tree, ElementId leaf) {
  std::vector<ElementId> covered;
  for (ElementId container = containerOf(tree, leaf); container.valid(); container = tree[container].next) {
    if (tree.is(container, kEndMarker) || switchesOn(tree, container)) break;
    if (hasChildThatSwitchesOn(tree, container)) {
      addUntilOn(tree, container, covered);
      break;
    }
    if (tree.is(container, kDedent) && tree[container].next.isNone()) break;
    covered.push_back(container);
  }
  return covered;
}

static bool hasLineEndBefore(const ConcreteTree& tree, ElementId element) {
  TextRange gap = tree[tree.firstLeaf(element)].gap;
  return tree.source().substr(gap.begin, gap.size()).find('\n') != std::string_view::npos;
}

// What is on the line that the comment before `leaf` ends.
static std::vector<ElementId> coveredBySkip(ConcreteTree& tree, ElementId leaf) {
  std::vector<ElementId> covered;
  ElementId element = tree[leaf].previous;
  ElementId parent = tree[leaf].parent;
  if (element.valid()) {
    covered.push_back(element);
    while (!hasLineEndBefore(tree, element) && tree[element].previous.valid()) {
      element = tree[element].previous;
      covered.push_back(element);
    }
  } else if (tree.is(parent, Form::kSuite) && tree.is(leaf, kNewline)) {
    for (element = tree[parent].previous; element.valid() && !tree.is(element, Form::kSuite);) {
      covered.push_back(element);
      element = tree[element].previous;
    }
    ElementId statement = tree[parent].parent;
    if (tree.is(tree[statement].previous, kKwAsync)) covered.push_back(tree[statement].previous);
  }
  std::reverse(covered.begin(), covered.end());
  return covered;
}

// Puts one leaf with `text` in place of the elements.
static ElementId replaceAll(ConcreteTree& tree, const std::vector<ElementId>& covered, std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  ElementId leaf = tree.addLeaf(Form::kStandaloneComment, TokenKind::kComment, tree.keep(text));
  ElementId first = tree.firstLeaf(covered.front());
  tree[leaf].gap = tree[first].gap;
  tree[leaf].range = {tree[first].range.begin, tree[tree.lastLeaf(covered.back())].range.end};
  tree.insertBefore(tree[covered.front()].parent, covered.front(), leaf);
  for (ElementId element : covered) tree.remove(element);
  return leaf;
}

// The blanks before the first code of what is covered; nothing where other code stands before it on its line.
static std::optional<std::string_view> indentationOf(const ConcreteTree& tree, const std::vector<ElementId>& covered) {
  for (ElementId element : covered) {
    for (ElementId leaf = tree.firstLeaf(element); leaf.valid(); leaf = tree.nextLeaf(leaf, element)) {
      if (isBlockEdge(tree, leaf) || tree[leaf].range.size() == 0) continue;
      std::string_view before = tree.source().substr(0, tree[leaf].range.begin);
      std::string_view line = before.substr(before.rfind('\n') + 1);
      return line.find_first_not_of(" \t\f") == std::string_view::npos ? std::optional(line) : std::nullopt;
    }
  }
  return std::nullopt;
}

// Whether the elements are statements or clauses: no part of what stands in brackets.
static bool areStatements(const ConcreteTree& tree, const std::vector<ElementId>& covered) {
  switch (tree[tree[covered.front()].parent].form) {
    case Form::kFile: case Form::kSuite: case Form::kIfStmt: case Form::kWhileStmt: case Form::kForStmt: case Form::kTryStmt:
    case Form::kMatchStmt: case Form::kDecorated: return true;
    default: return false;
  }
}

// What is covered from `begin` on keeps its text. Of statements the indentation of the block is that of the formatted text: lines that begin with
// the old one, and not in a string, begin with the new one.
static std::string sourceOf(const ConcreteTree& tree, uint32_t begin, const std::vector<ElementId>& covered) {
  uint32_t end = tree[tree.lastLeaf(covered.back())].range.end;
  std::string_view text = tree.source().substr(begin, end - begin);
  if (!areStatements(tree, covered)) return std::string(text);
  uint32_t levels = 0;
  for (ElementId above = tree[covered.front()].parent; above.valid(); above = tree[above].parent) levels += tree.is(above, Form::kSuite);
  std::string wanted;
  tree.indents.append(wanted, levels);
  std::optional<std::string_view> old = indentationOf(tree, covered);
  if (!old || old->empty() || *old == wanted) return std::string(text);
  std::vector<TextRange> strings;
  for (ElementId element : covered) {
    for (ElementId leaf = tree.firstLeaf(element); leaf.valid(); leaf = tree.nextLeaf(leaf, element)) {
      if (tree.is(leaf, kString)) strings.push_back(tree[leaf].range);
    }
  }
  std::string out;
  size_t string = 0;
  for (size_t at = 0; at < text.size();) {
    size_t line_end = std::min(text.find('\n', at), text.size() - 1) + 1;
    uint32_t place = begin + static_cast<uint32_t>(at);
    while (string < strings.size() && strings[string].end <= place) ++string;
    bool is_in_string = string < strings.size() && strings[string].begin < place;
    bool is_line_start = place > 0 && tree.source()[place - 1] == '\n';
    std::string_view line = text.substr(at, line_end - at);
    if (is_line_start && !is_in_string && line.starts_with(*old)) {
      out += wanted;
      line.remove_prefix(old->size());
    }
    out += line;
    at = line_end;
  }
  return out;
}

// The leaf that took the place of what `comment`, before `leaf`, covers; none when it covers nothing.
static ElementId applyOff(ConcreteTree& tree, ElementId leaf, const GapComment& comment, uint32_t comments_end) {
  std::vector<ElementId> covered = coveredByOff(tree, leaf);
  if (covered.empty()) return ElementId();
  uint32_t gap_begin = tree[leaf].gap.begin;
  std::string text = std::string(comment.text) + "\n" + sourceOf(tree, comment.end, covered);
  ElementId standing = replaceAll(tree, covered, std::move(text));
  tree[standing].gap = {gap_begin, comments_end};
  tree[standing].range.begin = comment.range.begin;
  tree[standing].newlines = comment.newlines;
  return standing;
}

static ElementId applySkip(ConcreteTree& tree, ElementId leaf, const GapComment& comment) {
  std::vector<ElementId> covered = coveredBySkip(tree, leaf);
  if (covered.empty()) return ElementId();
  ElementId first = tree.firstLeaf(covered.front());
  std::string text = sourceOf(tree, tree[first].range.begin, covered);
  text.append("  ").append(comment.text);
  // Comments after the directive's line stay before the leaf.
  TextRange& rest = tree[leaf].gap;
  bool has_more = tree.source().substr(comment.end, rest.end - comment.end).find('#') != std::string_view::npos;
  rest.begin = has_more ? comment.end - 1 : rest.end;
  ElementId standing = replaceAll(tree, covered, std::move(text));
  TextRange gap = tree[standing].gap;
  tree[standing].newlines = newlinesBefore(tree.source().substr(gap.begin, gap.size()));
  return standing;
}

// Applies the first directive before the leaf that covers something.
static ElementId applyAt(ConcreteTree& tree, ElementId leaf) {
  uint32_t comments_end = tree[leaf].gap.begin;
  std::vector<GapComment> comments = commentsIn(tree, tree[leaf].gap, false);
  for (size_t i = 0; i < comments.size(); ++i) {
    const GapComment& comment = comments[i];
    bool is_off = isFormatOff(comment.text), is_skip = isFormatSkip(comment.text);
    if (!is_off && !is_skip) {
      comments_end = comment.end;
      continue;
    }
    // At the end of a line of code only skip counts, on a line of its own only off.
    ElementId before = tree.precedingLeaf(leaf);
    if (comment.is_trailing && before.valid() && isBlockEdge(tree, before) == is_skip) continue;
    if (is_skip && (!comment.is_trailing || i > 0)) continue;
    ElementId standing = is_off ? applyOff(tree, leaf, comment, comments_end) : applySkip(tree, leaf, comment);
    if (standing.valid()) return standing;
  }
  return ElementId();
}

void applyDirectives(ConcreteTree& tree) {
  std::string_view source = tree.source();
  if (source.find("fmt:") == std::string_view::npos && source.find("yapf:") == std::string_view::npos) return;
  for (ElementId leaf = tree.firstLeaf(tree.root); leaf.valid();) {
    bool has_comment = tree[leaf].form == Form::kToken && tree[leaf].gap.size() > 0;
    ElementId standing = has_comment ? applyAt(tree, leaf) : ElementId();
    leaf = tree.nextLeaf(standing.valid() ? standing : leaf, tree.root);
  }
}

}  // namespace krait::format
