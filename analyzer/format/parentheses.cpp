#include "analyzer/format/parentheses.h"

#include <algorithm>

#include "analyzer/format/comments.h"

namespace krait::format {

using enum TokenKind;

ElementId parenthesize(ConcreteTree& tree, ElementId element, Visibility visibility) {
  bool is_shown = visibility == Visibility::kShown;
  ElementId atom = tree.addNode(Form::kAtom);
  ElementId opening = tree.addLeaf(Form::kToken, kLeftParen, is_shown ? "(" : "");
  ElementId closing = tree.addLeaf(Form::kToken, kRightParen, is_shown ? ")" : "");
  ElementId parent = tree[element].parent, place = tree[element].next;
  // What stood before the element stands before the bracket.
  ElementId first = tree.firstLeaf(element);
  tree[opening].gap = tree[first].gap;
  tree[first].gap.end = tree[first].gap.begin = tree[first].gap.end;
  tree.remove(element);
  tree.append(atom, opening);
  tree.append(atom, element);
  tree.append(atom, closing);
  tree.insertBefore(parent, place, atom);
  return atom;
}

void show(ConcreteTree& tree, ElementId bracket) {
  if (tree.is(bracket, kLeftParen)) tree.setText(bracket, "(");
  if (tree.is(bracket, kRightParen)) tree.setText(bracket, ")");
}

static void hide(ConcreteTree& tree, ElementId bracket) { tree.setText(bracket, ""); }

static bool isParenthesized(const ConcreteTree& tree, ElementId element) {
  return tree.is(element, Form::kAtom) && tree.is(tree[element].first, kLeftParen) &&
         tree.is(tree[element].last, kRightParen);
}

// What stands between the atom's parentheses; none for `()` and for what is no such atom.
static ElementId contentOf(const ConcreteTree& tree, ElementId atom) {
  if (!tree.isNode(atom) || !tree.is(tree[atom].first, kLeftParen) || !tree.is(tree[atom].last, kRightParen)) {
    return ElementId();
  }
  ElementId content = tree[tree[atom].first].next;
  return content != tree[atom].last && tree[content].next == tree[atom].last ? content : ElementId();
}

static bool isEmptyTuple(const ConcreteTree& tree, ElementId element) {
  return isParenthesized(tree, element) && tree[tree[element].first].next == tree[element].last;
}

static bool hasOneElementAndComma(const ConcreteTree& tree, ElementId list) {
  ElementId second = tree[tree[list].first].next;
  return second.valid() && second == tree[list].last && tree.is(second, kComma);
}

static bool isTupleOfOne(const ConcreteTree& tree, ElementId element) {
  if (tree.is(element, Form::kAtom)) {
    ElementId content = contentOf(tree, element);
    return tree.is(content, Form::kTestlistGexp) && hasOneElementAndComma(tree, content);
  }
  bool is_bare_list = tree.is(element, Form::kTestlist) || tree.is(element, Form::kTestlistStarExpr) ||
                      tree.is(element, Form::kExprList);
  return is_bare_list && hasOneElementAndComma(tree, element);
}

static bool isTupleWithWalrus(const ConcreteTree& tree, ElementId atom) {
  ElementId content = contentOf(tree, atom);
  if (!tree.is(content, Form::kTestlistGexp)) return false;
  for (ElementId child = tree[content].first; child.valid(); child = tree[child].next) {
    if (tree.is(child, Form::kNamedExpr)) return true;
  }
  return false;
}

bool isYield(const ConcreteTree& tree, ElementId element) {
  while (tree.is(element, Form::kAtom)) element = contentOf(tree, element);
  return tree.is(element, Form::kYieldExpr) || tree.is(element, kKwYield);
}

// Statements in which a walrus needs its parentheses, or reads better with them.
static bool keepsWalrusInParentheses(Form form) {
  switch (form) {
    case Form::kAnnAssign:
    case Form::kExprStmt:
    case Form::kAssertStmt:
    case Form::kReturnStmt:
    case Form::kExceptClause:
    case Form::kFuncDef:
    case Form::kWithStmt:
    case Form::kForStmt:
    case Form::kDelStmt: return true;
    default: return false;
  }
}

enum class Tuples : uint8_t { kKeep, kBare };

static bool hasComment(const ConcreteTree& tree, ElementId leaf) {
  TextRange gap = tree[leaf].gap;
  return tree.source().substr(gap.begin, gap.size()).find('#') != std::string_view::npos;
}

// Hides the parentheses of the atom, and of atoms in it, where they are not needed. True: the element is no such atom,
// and may be put in hidden parentheses.
static bool hideParentheses(ConcreteTree& tree, ElementId atom, ElementId parent, Tuples tuples) {
  Form parent_form = tree[parent].form;
  if (!tree.is(atom, Form::kAtom) || isEmptyTuple(tree, atom) || isTupleOfOne(tree, atom) ||
      (isYield(tree, atom) && parent_form != Form::kExprStmt) ||
      (tuples == Tuples::kKeep && highestPriorityInAtom(tree, atom) >= kCommaPriority) ||
      isTupleWithWalrus(tree, atom)) {
    return false;
  }
  if (tree.is(contentOf(tree, atom), Form::kNamedExpr) && keepsWalrusInParentheses(parent_form)) return false;
  if (!isParenthesized(tree, atom)) return true;
  hide(tree, tree[atom].first);
  hide(tree, tree[atom].last);
  ElementId middle = tree[tree[atom].first].next;
  hideParentheses(tree, middle, parent, tuples);
  // One hidden pair is enough, unless comments stand at the other.
  if (isParenthesized(tree, middle) && isHidden(tree[tree[middle].first]) && isHidden(tree[tree[middle].last]) &&
      !hasComment(tree, tree[middle].first) && !hasComment(tree, tree[middle].last)) {
    tree.replace(middle, tree[tree[middle].first].next);
  }
  return false;
}

static void hideOrWrap(ConcreteTree& tree, ElementId child, ElementId parent, Tuples tuples) {
  if (hideParentheses(tree, child, parent, tuples)) parenthesize(tree, child, Visibility::kHidden);
}

static bool hasWalrus(const ConcreteTree& tree, ElementId node) {
  for (ElementId leaf = tree.firstLeaf(node); leaf.valid(); leaf = tree.nextLeaf(leaf, node)) {
    if (tree.is(leaf, kColonEqual)) return true;
  }
  return false;
}

// Are these, between parentheses, a with statement's items, and not one item that is a tuple or a generator?
static bool areItems(ConcreteTree& tree, ElementId content) {
  if (!tree.is(content, Form::kTestlistGexp)) return !tree.is(content, Form::kAtom) || highestPriorityInAtom(tree, content) < kCommaPriority;
  for (ElementId child = tree[content].first; child.valid(); child = tree[child].next) {
    if (tree.is(child, Form::kStarExpr) || tree.is(child, Form::kCompFor)) return false;
  }
  return true;
}

// The items of a with statement, in whatever parentheses.
static void hideInWithItems(ConcreteTree& tree, ElementId item, ElementId parent) {
  if (tree.is(item, Form::kAtom)) {
    bool is_whole = tree.is(parent, Form::kWithStmt) && tree.is(tree[item].previous, kKwWith) && tree.is(tree[item].next, kColon);
    if (is_whole && !areItems(tree, tree[tree[item].first].next)) return;
    hideOrWrap(tree, item, parent, is_whole ? Tuples::kBare : Tuples::kKeep);
    ElementId content = tree[tree[item].first].next;
    if (tree.isNode(content)) hideInWithItems(tree, content, item);
  } else if (tree.is(item, Form::kTestlistGexp)) {
    for (ElementId child = tree[item].first; child.valid();) {
      ElementId next = tree[child].next;
      if (tree.isNode(child)) hideInWithItems(tree, child, item);
      child = next;
    }
  } else if (tree.is(item, Form::kAsExpr) && !hasWalrus(tree, item)) {
    // `with (a, b) as c` binds a tuple.
    hideOrWrap(tree, tree[item].first, item, Tuples::kKeep);
  }
}

// The names of `from m import (a, b)`: the brackets are parts of the statement itself.
static void hideInImport(ConcreteTree& tree, ElementId statement, ElementId child) {
  if (tree.is(child, kLeftParen)) {
    hide(tree, child);
    hide(tree, tree[statement].last);
  } else if (!tree.is(child, kStar)) {
    ElementId opening = tree.addLeaf(Form::kToken, kLeftParen, "");
    ElementId closing = tree.addLeaf(Form::kToken, kRightParen, "");
    tree.insertBefore(statement, child, opening);
    tree.append(statement, closing);
  }
}

static bool followsFormatOff(ConcreteTree& tree, ElementId statement) {
  std::vector<GapComment> comments = commentsIn(tree, tree[tree.firstLeaf(statement)].gap, false);
  return std::any_of(comments.begin(), comments.end(), [](const GapComment& found) { return isFormatOff(found.text); });
}

static bool asksForParentheses(const ConcreteTree& tree, ElementId leaf, const ParenthesesAfter& after) {
  if (!tree.is(leaf, Form::kToken)) return false;
  TokenKind token = tree[leaf].token;
  if (token == kComma || token == after.first || token == after.second) return true;
  return after.is_assignment && (token == kEqual || (token >= kPlusEqual && token <= kAtEqual));
}

static void normalizeChild(ConcreteTree& tree, ElementId statement, ElementId child) {
  Form form = tree[statement].form;
  if (tree.is(child, Form::kAtom) && form == Form::kForStmt && tree.is(tree[child].previous, kKwFor)) {
    hideOrWrap(tree, child, statement, Tuples::kBare);
  } else if (tree.isNode(child) && form == Form::kWithStmt) {
    hideInWithItems(tree, child, statement);
  } else if (tree.is(child, Form::kAtom)) {
    hideOrWrap(tree, child, statement, Tuples::kKeep);
  } else if (isTupleOfOne(tree, child)) {
    parenthesize(tree, child, Visibility::kShown);
  } else if (form == Form::kImportFrom) {
    hideInImport(tree, statement, child);
  } else if (form == Form::kExceptClause && tree.is(child, kStar)) {
    return;
  } else if (!isMultilineString(tree[child])) {
    parenthesize(tree, child, Visibility::kHidden);
  }
}

void normalizeParentheses(ConcreteTree& tree, ElementId statement, const ParenthesesAfter& after) {
  if (followsFormatOff(tree, statement)) return;
  bool asks = tree.is(tree[statement].first, Form::kTestlistStarExpr);
  for (ElementId child = tree[statement].first; child.valid();) {
    ElementId next = tree[child].next;
    if (tree.is(child, Form::kAnnAssign)) normalizeParentheses(tree, child, after);
    bool asks_next = asksForParentheses(tree, child, after);
    bool is_star_of_except = tree[statement].form == Form::kExceptClause && tree.is(child, kStar);
    if (asks) normalizeChild(tree, statement, child);
    if (asks && tree[statement].form == Form::kImportFrom) return;
    // `except*` is one keyword.
    asks = asks_next || (asks && is_star_of_except);
    child = next;
  }
}

void normalizeReturnAnnotation(ConcreteTree& tree, ElementId function) {
  for (ElementId child = tree[function].first; child.valid(); child = tree[child].next) {
    if (!tree.is(child, kArrow)) continue;
    ElementId annotation = tree[child].next;
    if (tree.is(annotation, Form::kAtom) && tree.is(tree[annotation].first, kLeftParen)) {
      hideOrWrap(tree, annotation, function, Tuples::kKeep);
    } else {
      parenthesize(tree, annotation, Visibility::kHidden);
    }
    return;
  }
}

static bool hasPowerOperator(const ConcreteTree& tree, ElementId power) {
  ElementId last = tree[power].last;
  return tree.is(tree[last].previous, kDoubleStar);
}

void normalizeAwait(ConcreteTree& tree, ElementId power) {
  while (power.valid()) {
    ElementId await = tree[power].first;
    if (!tree.is(await, kKwAwait)) return;
    ElementId operand = tree[await].next;
    if (!isParenthesized(tree, operand)) return;
    hideOrWrap(tree, operand, power, Tuples::kBare);
    operand = tree[await].next;
    ElementId opening = tree[operand].first, closing = tree[operand].last, content = tree[opening].next;
    if (!tree.isNode(content)) return;
    // Only calls, indexes and attributes bind as tightly as await.
    bool is_power = tree.is(content, Form::kPower);
    bool is_await = is_power && tree.is(tree[content].first, kKwAwait);
    if (!is_power || is_await || hasPowerOperator(tree, content)) {
      show(tree, opening);
      show(tree, closing);
    }
    power = is_await ? content : ElementId();
  }
}

void parenthesizeAttributeOfNumber(ConcreteTree& tree, ElementId power) {
  ElementId number = tree[power].first;
  if (!tree.is(number, kNumber)) return;
  ElementId trailer = tree[number].next;
  if (!tree.is(trailer, Form::kTrailer) || !tree.is(tree[trailer].first, kDot)) return;
  std::string_view text = tree[number].text;
  bool has_letters = text.find_first_of("xXbBoOjJ") != std::string_view::npos;
  if (!has_letters) parenthesize(tree, number, Visibility::kShown);
}

void parenthesizeNegatedPower(ConcreteTree& tree, ElementId factor) {
  ElementId operand = tree[factor].last;
  if (!tree.is(operand, Form::kPower) || tree.childCount(operand) != 3) return;
  if (tree.is(tree.child(operand, 1), kDoubleStar)) parenthesize(tree, operand, Visibility::kShown);
}

void parenthesizeArithmetic(ConcreteTree& tree, ElementId simple_statement) {
  for (ElementId child = tree[simple_statement].first; child.valid();) {
    ElementId next = tree[child].next;
    Form form = tree[child].form;
    bool is_first = tree[child].previous.isNone() || tree.is(tree[child].previous, kSemicolon);
    bool is_arithmetic = form == Form::kArithExpr || form == Form::kShiftExpr || form == Form::kXorExpr ||
                         form == Form::kAndExpr;
    if (is_first && is_arithmetic) parenthesize(tree, child, Visibility::kHidden);
    child = next;
  }
}

}  // namespace krait::format
