#include <algorithm>
#include <optional>

#include "analyzer/format/parentheses.h"
#include "analyzer/format/splitter.h"

namespace krait::format {

using enum TokenKind;

enum class Component : uint8_t { kHead, kBody, kTail };

namespace {
struct BracketSplit {
  Line head, body, tail;
  ElementId opening, closing;
};
}  // namespace

// Which of the leaves are in or at pairs of brackets that both stand among them.
static std::vector<bool> findMatched(const ConcreteTree& tree, const std::vector<ElementId>& leaves) {
  std::vector<int32_t> change(leaves.size() + 1, 0);  // pairs that begin or end at each leaf
  std::vector<size_t> open;
  bool has_opening = false;
  for (size_t i = 0; i < leaves.size(); ++i) {
    const Element& leaf = tree[leaves[i]];
    if (isOpening(leaf)) {
      open.push_back(i);
      has_opening = true;
    } else if (isClosing(leaf) && has_opening) {
      if (open.empty()) break;
      ++change[open.back()];
      --change[i + 1];
      open.pop_back();
    }
  }
  std::vector<bool> is_matched(leaves.size(), false);
  int32_t depth = 0;
  for (size_t i = 0; i < leaves.size(); ++i) is_matched[i] = (depth += change[i]) > 0;
  return is_matched;
}

// Whether the leaves are those of a return annotation in parentheses.
static bool isReturnAnnotation(const ConcreteTree& tree, ElementId leaf) {
  ElementId parent = tree[leaf].parent;
  for (int levels = 0; levels < 2 && parent.valid(); ++levels, parent = tree[parent].parent) {
    if (tree.is(tree[parent].previous, kArrow)) return true;
  }
  return false;
}

// Imports, and definitions with one parameter, get the comma that other lists get when they are split at theirs.
static void addTrailingComma(FormatContext& context, const Line& original, ElementId opening,
                             std::vector<ElementId>& leaves) {
  ConcreteTree& tree = context.tree;
  bool is_lone_parameter =
      isFunction(tree, original) && isToken(tree[opening], kLeftParen) && !isHidden(tree[opening]) &&
      std::none_of(leaves.begin(), leaves.end(), [&](ElementId leaf) { return tree.is(leaf, kComma); }) &&
      !isReturnAnnotation(tree, leaves[0]);
  if (!is_lone_parameter && !isImport(tree, original)) return;
  for (size_t i = leaves.size(); i-- > 0;) {
    if (tree[leaves[i]].form == Form::kStandaloneComment) continue;
    if (tree.is(leaves[i], kComma)) return;
    ElementId comma = tree.addLeaf(Form::kToken, kComma, ",");
    leaves.insert(leaves.begin() + static_cast<ptrdiff_t>(i) + 1, comma);
    return;
  }
}

// Whether the body of a bracket pair goes one element to a line.
static bool mustSplit(const FormatContext& context, const Line& body, ElementId opening) {
  const ConcreteTree& tree = context.tree;
  if (!tree[opening].parent.valid() || body.leaves.empty()) return false;
  bool ends_in_comma = tree.is(body.leaves.back(), kComma);
  ElementId excluded = ends_in_comma ? body.leaves.back() : ElementId();
  if (highestPriority(body.brackets, excluded) != kCommaPriority) return false;
  Form form = tree.parentForm(opening);
  return (context.options.has_magic_commas && ends_in_comma) || form == Form::kAtom || form == Form::kImportFrom;
}

static Line buildPart(FormatContext& context, std::vector<ElementId> leaves, const Line& original, ElementId opening,
                      Component component) {
  ConcreteTree& tree = context.tree;
  Line part;
  part.depth = original.depth;
  if (component == Component::kBody) {
    part.is_in_brackets = true;
    ++part.depth;
    if (!leaves.empty()) {
      tree[leaves[0]].spaces = 0;
      addTrailingComma(context, original, opening, leaves);
    }
  }
  std::vector<bool> is_matched;
  if (component == Component::kHead) is_matched = findMatched(tree, leaves);
  part.leaves.reserve(leaves.size());
  size_t hint = 0;
  for (size_t i = 0; i < leaves.size(); ++i) {
    bool is_marked = !is_matched.empty() && is_matched[i];
    appendLeaf(context, part, leaves[i], is_marked ? Placing::kKeptMarked : Placing::kKept);
    forCommentsAfter(tree, original, leaves[i], hint,
                     [&](ElementId comment) { appendLeaf(context, part, comment, Placing::kKept); });
  }
  if (component == Component::kBody) part.must_split = mustSplit(context, part, opening);
  return part;
}

static BracketSplit buildParts(FormatContext& context, const Line& line, size_t head_end, size_t body_end,
                               ElementId opening, ElementId closing) {
  auto at = [&](size_t index) { return line.leaves.begin() + static_cast<ptrdiff_t>(index); };
  BracketSplit parts;
  parts.opening = opening;
  parts.closing = closing;
  parts.head = buildPart(context, {at(0), at(head_end)}, line, opening, Component::kHead);
  parts.body = buildPart(context, {at(head_end), at(body_end)}, line, opening, Component::kBody);
  parts.tail = buildPart(context, {at(body_end), line.leaves.end()}, line, opening, Component::kTail);
  return parts;
}

// A split of empty brackets is not worth a line of one or two characters.
static bool isWorthwhile(const ConcreteTree& tree, const BracketSplit& parts) {
  if (!parts.body.isEmpty()) return true;
  std::string tail;
  render(tree, parts.tail, tail);
  size_t first = tail.find_first_not_of(' ');
  return first != std::string::npos && widthOf(std::string_view(tail).substr(first)) >= 3;
}

static Parts partsOf(BracketSplit split) {
  Parts parts;
  for (Line* part : {&split.head, &split.body, &split.tail}) {
    if (!part->isEmpty()) parts.push_back(std::move(*part));
  }
  return parts;
}

// The first bracket of a definition that may be split at: of its parameters, before that of its type parameters.
static size_t findFirstBracket(const ConcreteTree& tree, const Line& line) {
  size_t first = line.leaves.size();
  for (size_t i = 0; i < line.leaves.size(); ++i) {
    if (!isOpening(tree[line.leaves[i]])) continue;
    if (tree.parentIs(line.leaves[i], Form::kParameters)) return i;
    first = std::min(first, i);
  }
  return first;
}

static size_t findClosing(const ConcreteTree& tree, const Line& line, size_t opening_index) {
  size_t index = opening_index + 1;
  while (index < line.leaves.size()) {
    const Element& leaf = tree[line.leaves[index]];
    if (isClosing(leaf) && leaf.opening == line.leaves[opening_index]) break;
    ++index;
  }
  return index;
}

Parts splitAtFirstBracket(FormatContext& context, const Line& line) {
  ConcreteTree& tree = context.tree;
  size_t opening_index = findFirstBracket(tree, line);
  while (opening_index < line.leaves.size()) {
    size_t closing_index = findClosing(tree, line, opening_index);
    ElementId opening = line.leaves[opening_index], closing;
    if (closing_index < line.leaves.size()) {
      closing = line.leaves[closing_index];
      show(tree, opening);
      show(tree, closing);
    }
    if (opening_index + 1 < closing_index) {
      BracketSplit parts = buildParts(context, line, opening_index + 1, closing_index, opening, closing);
      return isWorthwhile(tree, parts) ? partsOf(std::move(parts)) : Parts();
    }
    // An empty pair: on to the next.
    opening_index = closing_index;
    while (opening_index < line.leaves.size() && !isOpening(tree[line.leaves[opening_index]])) ++opening_index;
  }
  return {};
}

// The last pair of brackets that is neither empty nor omitted.
static std::optional<BracketSplit> splitAtLast(FormatContext& context, const Line& line,
                                               const std::vector<ElementId>& omitted) {
  const ConcreteTree& tree = context.tree;
  ElementId opening, closing;
  size_t body_end = 0;
  for (size_t i = line.leaves.size(); i-- > 0;) {
    ElementId id = line.leaves[i];
    if (closing.valid()) {
      if (id != opening) continue;
      if (i + 1 < body_end) {
        BracketSplit parts = buildParts(context, line, i + 1, body_end, opening, closing);
        if (!isWorthwhile(tree, parts)) return std::nullopt;
        return parts;
      }
      closing = ElementId();
    } else if (isClosing(tree[id]) && std::find(omitted.begin(), omitted.end(), id) == omitted.end()) {
      opening = tree[id].opening;
      closing = id;
      body_end = i;
    }
  }
  return std::nullopt;
}

namespace {
struct OmittingContext {
  FormatContext& format;
  const Line& line;
  bool shows_optional;
};
}  // namespace

static bool mayOmit(const OmittingContext& context, const BracketSplit& parts) {
  const ConcreteTree& tree = context.format.tree;
  return !context.shows_optional && tree.is(parts.opening, kLeftParen) && isHidden(tree[parts.opening]) &&
         tree.is(parts.closing, kRightParen) && isHidden(tree[parts.closing]) && !isImport(tree, context.line) &&
         !hasStandaloneComments(tree, parts.body, 0) &&
         mayOmitParentheses(tree, parts.body, context.format.options.line_length);
}

// Looks past hidden parentheses while the line reads well without them; shows those where that ends.
static Parts splitOmitting(const OmittingContext& context, BracketSplit parts, std::vector<ElementId> omitted) {
  ConcreteTree& tree = context.format.tree;
  std::vector<BracketSplit> passed;
  for (;;) {
    if (!mayOmit(context, parts)) break;
    omitted.push_back(parts.closing);
    std::optional<BracketSplit> inner = splitAtLast(context.format, context.line, omitted);
    passed.push_back(std::move(parts));
    if (!inner) {
      // Nothing to split at in there: back to the innermost pair that will do.
      bool is_found = false;
      while (!passed.empty() && !is_found) {
        parts = std::move(passed.back());
        passed.pop_back();
        bool is_hopeless = !mayBeSplit(tree, parts.body) && !fits(tree, parts.body, context.format.options.line_length);
        is_found = !is_hopeless && !hasMultilineStrings(tree, parts.head) && !hasMultilineStrings(tree, parts.tail);
      }
      if (!is_found) return {};
      break;
    }
    parts = std::move(*inner);
  }
  show(tree, parts.opening);
  show(tree, parts.closing);
  return partsOf(std::move(parts));
}

static Parts splitOnce(const OmittingContext& context, const std::vector<ElementId>& omitted) {
  std::optional<BracketSplit> parts = splitAtLast(context.format, context.line, omitted);
  if (!parts) return {};
  return splitOmitting(context, std::move(*parts), omitted);
}

Parts splitAtLastBracket(FormatContext& format, const Line& line, bool shows_optional) {
  OmittingContext context{format, line, shows_optional};
  TrailerOmitter omitter(format.tree, line, format.options.line_length);
  while (omitter.next()) {
    Parts parts = splitOnce(context, omitter.omitted());
    if (parts.empty() || fits(format.tree, parts[0], format.options.line_length)) return parts;
  }
  return splitOnce(context, {});
}

}  // namespace krait::format
