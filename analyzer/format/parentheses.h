// Parentheses that the language does not need: hidden where they stand, put in, hidden, where a line could break at them.
//
// A hidden bracket is a leaf without text. The splitter shows a pair when it breaks the line there. What always holds:
// brackets come in pairs; hiding a pair never changes what the text means.
#pragma once

#include "analyzer/format/line.h"

namespace krait::format {

// Puts the element in a pair of parentheses, in its place. Gives the atom.
enum class Visibility : uint8_t { kHidden, kShown };
ElementId parenthesize(ConcreteTree& tree, ElementId element, Visibility visibility);
void show(ConcreteTree& tree, ElementId bracket);
inline bool isHidden(const Element& bracket) { return bracket.text.empty(); }

// Works over the statement's children: those that follow one of `tokens`, or a comma, get hidden parentheses, or their
// own hidden.
struct ParenthesesAfter {
  TokenKind first = TokenKind::kError;
  TokenKind second = TokenKind::kError;
  bool is_assignment = false;  // every `=` and `+=`
};
void normalizeParentheses(ConcreteTree& tree, ElementId statement, const ParenthesesAfter& after);
// Of `-> annotation`.
void normalizeReturnAnnotation(ConcreteTree& tree, ElementId function);
// Of `await (x)`.
void normalizeAwait(ConcreteTree& tree, ElementId power);
// `1 .real` and `-2 ** 8` gain parentheses that say what they mean.
void parenthesizeAttributeOfNumber(ConcreteTree& tree, ElementId power);
void parenthesizeNegatedPower(ConcreteTree& tree, ElementId factor);
// Operator expressions that are statements.
void parenthesizeArithmetic(ConcreteTree& tree, ElementId simple_statement);

bool isYield(const ConcreteTree& tree, ElementId element);

}  // namespace krait::format
