#include "analyzer/format/delimiters.h"

#include <algorithm>

namespace krait::format {

using enum TokenKind;

bool isStarLike(const Element& leaf) {
  return isToken(leaf, kStar) || isToken(leaf, kDoubleStar) || isToken(leaf, kSlash);
}

bool isMathOperator(TokenKind token) {
  switch (token) {
    case kPipe:
    case kCaret:
    case kAmpersand:
    case kLeftShift:
    case kRightShift:
    case kPlus:
    case kMinus:
    case kStar:
    case kSlash:
    case kDoubleSlash:
    case kPercent:
    case kAt:
    case kTilde:
    case kDoubleStar: return true;
    default: return false;
  }
}

static Priority mathPriority(TokenKind token) {
  switch (token) {
    case kPipe: return kOrPriority;
    case kCaret: return kXorPriority;
    case kAmpersand: return kAndPriority;
    case kLeftShift:
    case kRightShift: return kShiftPriority;
    case kPlus:
    case kMinus: return kArithPriority;
    case kDoubleStar: return kPowerPriority;
    default: return kTermPriority;
  }
}

Form formAroundStar(const ConcreteTree& tree, ElementId leaf) {
  ElementId parent = tree[leaf].parent;
  if (tree.is(parent, Form::kStarExpr)) parent = tree[parent].parent;
  return parent.valid() ? tree[parent].form : Form::kToken;
}

bool isStarOfArgument(const ConcreteTree& tree, ElementId leaf) {
  if (!isStarLike(tree[leaf])) return false;
  Form form = formAroundStar(tree, leaf);
  return form == Form::kArgList || form == Form::kArgument || form == Form::kTrailer || form == Form::kTypedArgsList ||
         form == Form::kVarArgsList || form == Form::kTypeVar;
}

bool isStarOfUnpacking(const ConcreteTree& tree, ElementId leaf) {
  if (!isStarLike(tree[leaf])) return false;
  Form form = formAroundStar(tree, leaf);
  return form == Form::kAtom || form == Form::kDictSetMaker || form == Form::kListMaker ||
         form == Form::kTestlistGexp || form == Form::kTestlistStarExpr || form == Form::kSubjectExpr ||
         form == Form::kPattern;
}

static Priority wordPriority(const ConcreteTree& tree, const Element& leaf, ElementId previous_leaf) {
  Form form = leaf.parent.valid() ? tree[leaf.parent].form : Form::kToken;
  bool follows_async = leaf.previous.valid() && tree.is(leaf.previous, kKwAsync);
  switch (leaf.token) {
    case kKwAsync: return kComprehensionPriority;
    case kKwFor: return form == Form::kCompFor && !follows_async ? kComprehensionPriority : kNoDelimiter;
    case kKwIf:
      if (form == Form::kCompIf) return kComprehensionPriority;
      return form == Form::kTest ? kTernaryPriority : kNoDelimiter;
    case kKwElse: return form == Form::kTest ? kTernaryPriority : kNoDelimiter;
    case kKwIs: return kComparatorPriority;
    case kKwIn: {
      bool is_operator = form == Form::kCompOp || form == Form::kComparison;
      return is_operator && !tree.is(previous_leaf, kKwNot) ? kComparatorPriority : kNoDelimiter;
    }
    case kKwNot:
      return form == Form::kCompOp && !tree.is(previous_leaf, kKwIs) ? kComparatorPriority : kNoDelimiter;
    case kKwAnd:
    case kKwOr: return leaf.parent.valid() ? kLogicPriority : kNoDelimiter;
    default: return kNoDelimiter;
  }
}

// The priority of a break before the leaf.
static Priority priorityBefore(const ConcreteTree& tree, ElementId id, ElementId previous) {
  const Element& leaf = tree[id];
  if (leaf.form != Form::kToken) return kNoDelimiter;
  Form form = leaf.parent.valid() ? tree[leaf.parent].form : Form::kToken;
  switch (leaf.token) {
    case kDot: {
      bool is_name_part = form == Form::kImportFrom || form == Form::kDottedName || !leaf.parent.valid();
      return !is_name_part && (!previous.valid() || isClosing(tree[previous])) ? kDotPriority : kNoDelimiter;
    }
    case kLess:
    case kGreater:
    case kEqualEqual:
    case kNotEqual:
    case kLessEqual:
    case kGreaterEqual: return kComparatorPriority;
    case kString: return tree.is(previous, kString) ? kStringPriority : kNoDelimiter;
    default: break;
  }
  if (isMathOperator(leaf.token)) {
    if (isStarOfArgument(tree, id) || isStarOfUnpacking(tree, id)) return kNoDelimiter;
    bool is_unary = form == Form::kFactor || form == Form::kStarExpr || !leaf.parent.valid();
    return is_unary ? kNoDelimiter : mathPriority(leaf.token);
  }
  return wordPriority(tree, leaf, previous);
}

static ElementId takeOpening(BracketTracker& tracker, TokenKind closing) {
  for (size_t i = tracker.open.size(); i-- > 0;) {
    if (tracker.open[i].depth != tracker.depth || tracker.open[i].closing != closing) continue;
    ElementId leaf = tracker.open[i].leaf;
    tracker.open.erase(tracker.open.begin() + static_cast<ptrdiff_t>(i));
    return leaf;
  }
  return ElementId();
}

static TokenKind closingOf(TokenKind opening) {
  return opening == kLeftParen ? kRightParen : opening == kLeftBracket ? kRightBracket : kRightBrace;
}

static bool hasOpening(const BracketTracker& tracker, TokenKind closing) {
  return std::any_of(tracker.open.begin(), tracker.open.end(), [&](const BracketTracker::OpenBracket& bracket) {
    return bracket.depth == tracker.depth && bracket.closing == closing;
  });
}

static void addDelimiter(BracketTracker& tracker, ElementId leaf, Priority priority) {
  if (!tracker.delimiters.empty() && tracker.delimiters.back().leaf == leaf) {
    tracker.delimiters.back().priority = priority;
  } else {
    tracker.delimiters.push_back({leaf, priority});
  }
}

static void endDepth(BracketTracker& tracker, std::vector<uint32_t>& depths) {
  if (depths.empty() || depths.back() != tracker.depth) return;
  --tracker.depth;
  depths.pop_back();
}

void mark(BracketTracker& tracker, ConcreteTree& tree, ElementId id) {
  Element& leaf = tree[id];
  if (leaf.form == Form::kComment) return;
  bool is_token = leaf.form == Form::kToken;
  bool closes = isClosing(leaf);
  if (tracker.depth == 0 && closes && !hasOpening(tracker, leaf.token)) return;
  // The targets between `for` and `in`, and the parameters of a lambda, are one level deeper: their commas hold.
  if (is_token && leaf.token == kKwIn) endDepth(tracker, tracker.loop_depths);
  if (is_token && leaf.token == kColon) endDepth(tracker, tracker.lambda_depths);
  if (closes) {
    tracker.depth -= tracker.depth > 0;
    leaf.opening = takeOpening(tracker, leaf.token);
    if (leaf.text.empty()) tracker.invisible.push_back(id);
  }
  // A comment must end its line wherever it stands: between `for` and `in`, too.
  leaf.depth = is_token ? tracker.depth : static_cast<uint32_t>(tracker.open.size());
  if (tracker.depth == 0) {
    Priority before = priorityBefore(tree, id, tracker.previous);
    if (before != kNoDelimiter && tracker.previous.valid()) {
      addDelimiter(tracker, tracker.previous, before);
    } else if (isToken(leaf, kComma)) {
      addDelimiter(tracker, id, kCommaPriority);
    }
  }
  if (isOpening(leaf)) {
    TokenKind closing = closingOf(leaf.token);
    if (hasOpening(tracker, closing)) takeOpening(tracker, closing);
    tracker.open.push_back({tracker.depth, closing, id});
    ++tracker.depth;
    if (leaf.text.empty()) tracker.invisible.push_back(id);
  }
  tracker.previous = id;
  if (is_token && leaf.token == kKwLambda) tracker.lambda_depths.push_back(++tracker.depth);
  if (is_token && leaf.token == kKwFor) tracker.loop_depths.push_back(++tracker.depth);
}

Priority highestPriority(const BracketTracker& tracker, ElementId excluded) {
  Priority highest = kNoDelimiter;
  for (const Delimiter& delimiter : tracker.delimiters) {
    if (delimiter.leaf != excluded) highest = std::max(highest, delimiter.priority);
  }
  return highest;
}

uint32_t countOf(const BracketTracker& tracker, Priority priority) {
  return static_cast<uint32_t>(std::count_if(tracker.delimiters.begin(), tracker.delimiters.end(),
                                             [&](const Delimiter& found) { return found.priority == priority; }));
}

ElementId openSquareBracket(const BracketTracker& tracker) {
  for (const BracketTracker::OpenBracket& bracket : tracker.open) {
    if (bracket.depth + 1 == tracker.depth && bracket.closing == kRightBracket) return bracket.leaf;
  }
  return ElementId();
}

Priority highestPriorityInAtom(ConcreteTree& tree, ElementId atom) {
  if (!tree.is(atom, Form::kAtom)) return kNoDelimiter;
  ElementId first = tree[atom].first, last = tree[atom].last;
  if (!tree.is(first, kLeftParen) || !tree.is(last, kRightParen)) return kNoDelimiter;
  BracketTracker tracker;
  for (ElementId leaf = tree.nextLeaf(first, atom); leaf.valid() && leaf != last; leaf = tree.nextLeaf(leaf, atom)) {
    mark(tracker, tree, leaf);
  }
  return highestPriority(tracker);
}

}  // namespace krait::format
