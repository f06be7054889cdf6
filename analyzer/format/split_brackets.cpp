#include <algorithm>
#include <optional>

#include "analyzer/format/parentheses.h"
#include "analyzer/format/splitter.h"

namespace krait::format {

using enum TokenKind;

enum class Component : uint8_t { kHead, kBody, kTail };

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

// A pair of brackets to split at, by the places of its brackets in the line.
struct PairPlace {
  size_t opening;
  size_t closing;
};

static std::vector<ElementId> leavesBetween(const Line& line, size_t begin, size_t end) {
  return {line.leaves.begin() + static_cast<ptrdiff_t>(begin), line.leaves.begin() + static_cast<ptrdiff_t>(end)};
}

static Line buildHead(FormatContext& context, const Line& line, PairPlace pair) {
  return buildPart(context, leavesBetween(line, 0, pair.opening + 1), line, line.leaves[pair.opening], Component::kHead);
}

static Line buildBody(FormatContext& context, const Line& line, PairPlace pair) {
  return buildPart(context, leavesBetween(line, pair.opening + 1, pair.closing), line, line.leaves[pair.opening],
                   Component::kBody);
}

static Line buildTail(FormatContext& context, const Line& line, PairPlace pair) {
  return buildPart(context, leavesBetween(line, pair.closing, line.leaves.size()), line, line.leaves[pair.opening],
                   Component::kTail);
}

static Parts partsOf(Line head, Line body, Line tail) {
  Parts parts;
  for (Line* part : {&head, &body, &tail}) {
    if (!part->isEmpty()) parts.push_back(std::move(*part));
  }
  return parts;
}

// The first bracket of a definition that may be split at: of its parameters, before that of its type parameters.
static size_t findFirstBracket(const ConcreteTree& tree, const Line& line) {
  size_t first = line.leaves.size();
  for (size_t i = 0; i < line.leaves.size(); ++i) {
    if (!isOpening(tree[line.leaves[i]])) continue;
    bool has_content = i + 1 < line.leaves.size() && !isClosing(tree[line.leaves[i + 1]]);
    if (tree.parentIs(line.leaves[i], Form::kParameters) && has_content) return i;
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
      PairPlace pair{opening_index, closing_index};
      Line head = buildHead(context, line, pair), body = buildBody(context, line, pair);
      return partsOf(std::move(head), std::move(body), buildTail(context, line, pair));
    }
    // An empty pair: on to the next.
    opening_index = closing_index;
    while (opening_index < line.leaves.size() && !isOpening(tree[line.leaves[opening_index]])) ++opening_index;
  }
  return {};
}

// The last pair of brackets before the leaf `end` that is neither empty nor omitted.
static std::optional<PairPlace> findLastPair(const ConcreteTree& tree, const Line& line, size_t end,
                                             const std::vector<ElementId>& omitted) {
  std::optional<size_t> closing;
  for (size_t i = end; i-- > 0;) {
    ElementId id = line.leaves[i];
    if (closing) {
      if (id != tree[line.leaves[*closing]].opening) continue;
      if (i + 1 < *closing) return PairPlace{i, *closing};
      closing.reset();
    } else if (isClosing(tree[id]) && std::find(omitted.begin(), omitted.end(), id) == omitted.end()) {
      closing = i;
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

static bool isHiddenPair(const OmittingContext& context, PairPlace pair) {
  const ConcreteTree& tree = context.format.tree;
  ElementId opening = context.line.leaves[pair.opening], closing = context.line.leaves[pair.closing];
  return tree.is(opening, kLeftParen) && isHidden(tree[opening]) && tree.is(closing, kRightParen) &&
         isHidden(tree[closing]);
}

static bool mayOmit(const OmittingContext& context, PairPlace pair, const Line& body) {
  const ConcreteTree& tree = context.format.tree;
  return !context.shows_optional && isHiddenPair(context, pair) && !isImport(tree, context.line) &&
         !hasStandaloneComments(tree, body, 0) &&
         mayOmitParentheses(tree, body, context.format.options.line_length);
}

static bool hasMultilineStringOutside(const OmittingContext& context, PairPlace pair) {
  const std::vector<ElementId>& leaves = context.line.leaves;
  for (size_t i = 0; i < leaves.size(); ++i) {
    bool is_outside = i <= pair.opening || i >= pair.closing;
    if (is_outside && isMultilineString(context.format.tree[leaves[i]])) return true;
  }
  return false;
}

// Nothing is to split at inside hidden parentheses: whether the line may be split at them.
static bool isFallback(const OmittingContext& context, PairPlace pair, const Line& body) {
  const ConcreteTree& tree = context.format.tree;
  bool is_hopeless = !mayBeSplit(tree, body) && !fits(tree, body, context.format.options.line_length);
  return !is_hopeless && !hasMultilineStringOutside(context, pair);
}

// Finds the pair to split at and builds its body: looks past hidden parentheses while the line reads well without them;
// shows those where that ends. Nothing: there is none.
static std::optional<PairPlace> choosePair(const OmittingContext& context, const std::vector<ElementId>& omitted,
                                           Line& body) {
  std::optional<PairPlace> found = findLastPair(context.format.tree, context.line, context.line.leaves.size(), omitted);
  if (!found) return std::nullopt;
  PairPlace pair = *found;
  ConcreteTree& tree = context.format.tree;
  std::vector<std::pair<PairPlace, Line>> passed;
  body = buildBody(context.format, context.line, pair);
  while (mayOmit(context, pair, body)) {
    std::optional<PairPlace> inner = findLastPair(tree, context.line, pair.closing, omitted);
    passed.push_back({pair, std::move(body)});
    if (inner) {
      pair = *inner;
      body = buildBody(context.format, context.line, pair);
      continue;
    }
    // Back to the innermost pair that will do.
    while (!passed.empty() && !isFallback(context, passed.back().first, passed.back().second)) passed.pop_back();
    if (passed.empty()) return std::nullopt;
    pair = passed.back().first;
    body = std::move(passed.back().second);
    break;
  }
  show(tree, context.line.leaves[pair.opening]);
  show(tree, context.line.leaves[pair.closing]);
  return pair;
}

// Whether the line up to the pair's opening bracket is short enough, as `fits` says of the head once it is built.
static bool headFits(const FormatContext& context, const Line& line, PairPlace pair) {
  uint32_t length = context.tree.indents.columns(line.depth);
  for (size_t i = 0; i <= pair.opening; ++i) {
    const Element& leaf = context.tree[line.leaves[i]];
    if (leaf.spans_lines || leaf.form == Form::kStandaloneComment) return false;
    length += leaf.width + (i > 0 ? leaf.spaces : 0);
    size_t hint = 0;
    forCommentsAfter(context.tree, line, line.leaves[i], hint, [&](ElementId comment) {
      length += context.tree[comment].width + context.tree[comment].spaces;
    });
    if (length > context.options.line_length) return false;
  }
  return true;
}

Parts splitAtLastBracket(FormatContext& format, const Line& line, bool shows_optional) {
  OmittingContext context{format, line, shows_optional};
  TrailerOmitter omitter(format.tree, line, format.options.line_length);
  Line body;
  std::optional<PairPlace> pair;
  bool is_good = false;
  while (!is_good && omitter.next()) {
    pair = choosePair(context, omitter.omitted(), body);
    if (!pair) return {};
    is_good = headFits(format, line, *pair);
  }
  if (!is_good) pair = choosePair(context, {}, body);
  if (!pair) return {};
  Line head = buildHead(format, line, *pair);
  return partsOf(std::move(head), std::move(body), buildTail(format, line, *pair));
}

}  // namespace krait::format
