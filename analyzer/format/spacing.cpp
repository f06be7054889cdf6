// Each rule answers for one kind of phrase around the leaf: blanks, no blanks, or nothing, when the next rule is asked.
// "Previous" is the element before the leaf in its own phrase; "preceding" the leaf before the phrase.
#include "analyzer/format/spacing.h"

#include <optional>

namespace krait::format {

using enum TokenKind;

namespace {
struct Place {
  ConcreteTree& tree;
  const Line& line;
  ElementId id;
  const Element& leaf;
  ElementId parent;
  Form form;
  ElementId previous;   // none at the phrase's begin
  ElementId preceding;  // looked up only where there is no previous

  bool isFirst() const { return previous.isNone(); }
  bool previousIs(TokenKind token) const { return tree.is(previous, token); }
  bool precedingIs(TokenKind token) const { return tree.is(preceding, token); }
};
}  // namespace

using Answer = std::optional<uint8_t>;
static constexpr uint8_t kNo = 0;
static constexpr uint8_t kOne = 1;

static bool isComplexForm(Form form) {
  switch (form) {
    case Form::kTest:
    case Form::kLambda:
    case Form::kOrTest:
    case Form::kAndTest:
    case Form::kNotTest:
    case Form::kComparison:
    case Form::kStarExpr:
    case Form::kExpr:
    case Form::kXorExpr:
    case Form::kAndExpr:
    case Form::kShiftExpr:
    case Form::kArithExpr:
    case Form::kTrailer:
    case Form::kTerm:
    case Form::kPower: return true;
    default: return false;
  }
}

// Whether the element, or anything in it, is more than a name, a literal or a bracket. Remembered in the element.
static bool isComplex(ConcreteTree& tree, ElementId root) {
  if (tree[root].complexity >= 0) return tree[root].complexity > 0;
  bool found = isComplexForm(tree[root].form);
  ElementId id = tree[root].first;
  while (id.valid() && !found) {
    found = isComplexForm(tree[id].form);
    ElementId next = tree[id].first;
    for (ElementId up = id; !next.valid() && up != root; up = tree[up].parent) next = tree[up].next;
    id = next;
  }
  tree[root].complexity = found ? 1 : 0;
  return found;
}

// Whether the leaf stands in a subscript of which some part is more than a name or a number: then its colons are
// spaced like operators.
static bool isInComplexSubscript(const Place& place) {
  ConcreteTree& tree = place.tree;
  ElementId bracket = openSquareBracket(place.line.brackets);
  if (!bracket.valid()) return false;
  ElementId start = tree[bracket].next;
  if (!start.valid() || tree.is(start, Form::kListMaker)) return false;
  if (tree.is(start, Form::kSubscriptList)) {
    ElementId list = start;
    start = place.id;
    while (start.valid() && tree[start].parent != list) start = tree[start].parent;
  }
  return start.valid() && isComplex(tree, start);
}

static bool isSubscriptPart(Form form) { return form == Form::kSubscript || form == Form::kSliceOp; }

// After `=`: a default or keyword argument has none; an annotated parameter's default has what its `=` has.
static Answer afterEqual(const Place& place) {
  Form form = place.tree.parentForm(place.preceding);
  if (form == Form::kArgList || form == Form::kArgument || form == Form::kParameters || form == Form::kVarArgsList) {
    return kNo;
  }
  if (form == Form::kTypedArgsList) return place.tree[place.preceding].spaces;
  return std::nullopt;
}

// What the leaf before the phrase says about the phrase's first leaf.
static Answer byPrecedingLeaf(const Place& place) {
  const ConcreteTree& tree = place.tree;
  if (place.preceding.isNone() || isOpening(tree[place.preceding])) return kNo;
  const Element& preceding = tree[place.preceding];
  Form preceding_form = tree.parentForm(place.preceding);
  if (isToken(place.leaf, kColon)) {
    if (place.precedingIs(kColon)) return kNo;
    return place.precedingIs(kComma) || isInComplexSubscript(place) ? kOne : kNo;
  }
  if (place.precedingIs(kEqual)) return afterEqual(place);
  if (place.precedingIs(kStar) && preceding_form == Form::kStarExpr &&
      tree.parentForm(preceding.parent) == Form::kSubscriptList) {
    return kNo;
  }
  if (isStarLike(preceding)) {
    if (isStarOfArgument(tree, place.preceding) || isStarOfUnpacking(tree, place.preceding)) return kNo;
    return std::nullopt;
  }
  if (place.precedingIs(kColon)) {
    if (!isSubscriptPart(preceding_form)) return std::nullopt;
    return isInComplexSubscript(place) ? kOne : kNo;
  }
  if (preceding_form == Form::kFactor && preceding.form == Form::kToken && isMathOperator(preceding.token)) return kNo;
  if (place.precedingIs(kAt) && tree.parentForm(place.parent) == Form::kDecorator) return kNo;
  return std::nullopt;
}

static Answer inTypedParameters(const Place& place) {
  if (place.isFirst()) return kNo;
  bool follows_typed = place.tree.is(place.previous, Form::kTypedName);
  if (isToken(place.leaf, kEqual)) return follows_typed ? Answer() : Answer(kNo);
  if (place.previousIs(kEqual)) return place.tree[place.previous].spaces;
  return place.previousIs(kComma) ? Answer() : Answer(kNo);
}

static Answer inTrailer(const Place& place) {
  if (isToken(place.leaf, kLeftParen) || isToken(place.leaf, kRightParen)) return kNo;
  if (place.isFirst()) {
    return isToken(place.leaf, kDot) || isToken(place.leaf, kLeftBracket) ? Answer(kNo) : Answer();
  }
  return place.previousIs(kComma) ? Answer() : Answer(kNo);
}

static Answer inArgument(const Place& place) {
  if (isToken(place.leaf, kEqual)) return kNo;
  if (place.isFirst()) return place.preceding.isNone() || place.precedingIs(kLeftParen) ? Answer(kNo) : Answer();
  bool is_glued = place.previousIs(kEqual) || (place.tree.isLeaf(place.previous) && isStarLike(place.tree[place.previous]));
  return is_glued ? Answer(kNo) : Answer();
}

static Answer inSubscript(const Place& place) {
  if (place.isFirst()) return place.tree.parentForm(place.parent) == Form::kSubscriptList ? kOne : kNo;
  return isInComplexSubscript(place) ? Answer() : Answer(kNo);
}

static Answer inUnary(const Place& place) {
  if (!place.isFirst()) {
    bool is_plain = isWord(place.leaf) || isToken(place.leaf, kNumber) || isToken(place.leaf, kString);
    return is_plain ? Answer(kNo) : Answer();
  }
  if (place.preceding.isNone() || isOpening(place.tree[place.preceding])) return kNo;
  Form preceding_form = place.tree.parentForm(place.preceding);
  if (place.precedingIs(kColon) && isSubscriptPart(preceding_form)) return kNo;
  if (place.precedingIs(kEqual) && preceding_form == Form::kArgument) return kNo;
  return std::nullopt;
}

static bool isDot(const ConcreteTree& tree, ElementId id) { return tree.is(id, kDot) || tree.is(id, kEllipsis); }

static Answer inImportFrom(const Place& place) {
  bool follows_dot = isDot(place.tree, place.previous);
  if (isDot(place.tree, place.id)) return follows_dot ? Answer(kNo) : Answer();
  if (isToken(place.leaf, kKwImport)) return kOne;
  return isWord(place.leaf) && follows_dot ? Answer(kNo) : Answer();
}

static Answer inDottedName(const Place& place) {
  if (!place.isFirst()) return kNo;
  bool is_glued = place.preceding.isNone() || place.precedingIs(kAt) || isDot(place.tree, place.preceding);
  return is_glued ? Answer(kNo) : Answer();
}

static Answer inTypeParameters(const Place& place) {
  if (isToken(place.leaf, kLeftBracket)) return kNo;
  if (place.form == Form::kTypeVar && place.tree.isLeaf(place.previous) && isStarLike(place.tree[place.previous])) {
    return kNo;
  }
  return std::nullopt;
}

static Answer byPhrase(const Place& place) {
  switch (place.form) {
    case Form::kParameters:
    case Form::kArgList: return place.previousIs(kComma) ? Answer() : Answer(kNo);
    case Form::kVarArgsList: return !place.isFirst() && !place.previousIs(kComma) ? Answer(kNo) : Answer();
    case Form::kTypedArgsList: return inTypedParameters(place);
    case Form::kTypedName: return place.isFirst() && !place.precedingIs(kComma) ? Answer(kNo) : Answer();
    case Form::kTrailer: return inTrailer(place);
    case Form::kArgument: return inArgument(place);
    case Form::kDecorator: return kNo;
    case Form::kDottedName: return inDottedName(place);
    case Form::kClassDef:
      return isToken(place.leaf, kLeftParen) || place.previousIs(kLeftParen) ? Answer(kNo) : Answer();
    case Form::kSubscript:
    case Form::kSliceOp: return inSubscript(place);
    case Form::kDictSetMaker: return place.previousIs(kDoubleStar) ? Answer(kNo) : Answer();
    case Form::kFactor:
    case Form::kStarExpr: return inUnary(place);
    case Form::kImportFrom: return inImportFrom(place);
    case Form::kExceptClause: return isToken(place.leaf, kStar) ? Answer(kNo) : Answer();
    case Form::kTypeParams:
    case Form::kTypeVar: return inTypeParameters(place);
    default: return std::nullopt;
  }
}

uint8_t spacesBefore(ConcreteTree& tree, const Line& line, ElementId id) {
  const Element& leaf = tree[id];
  if (isClosing(leaf) || isToken(leaf, kComma) || leaf.form == Form::kStandaloneComment) return kNo;
  if (leaf.form == Form::kComment) return 2;
  ElementId parent = leaf.parent;
  if (!parent.valid()) return kOne;
  Form form = tree[parent].form;
  if (isToken(leaf, kColon) && !isSubscriptPart(form) && form != Form::kSubscriptList) return kNo;
  Place place{tree, line, id, leaf, parent, form, leaf.previous, ElementId()};
  if (place.isFirst()) {
    place.preceding = tree.precedingLeaf(parent);
    if (Answer answer = byPrecedingLeaf(place)) return *answer;
  } else if (tree.isLeaf(place.previous) && isOpening(tree[place.previous])) {
    return kNo;
  }
  return byPhrase(place).value_or(kOne);
}

}  // namespace krait::format
