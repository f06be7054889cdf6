// Where a line may break: the priority of each place, as a property of the leaf after which the break comes, and the
// brackets that enclose it.
#pragma once

#include <vector>

#include "analyzer/format/concrete.h"

namespace krait::format {

// Looser bindings break first.
enum Priority : uint8_t {
  kNoDelimiter = 0,
  kDotPriority = 1,
  kPowerPriority = 2,
  kTermPriority = 4,
  kArithPriority = 5,
  kShiftPriority = 6,
  kAndPriority = 7,
  kXorPriority = 8,
  kOrPriority = 9,
  kComparatorPriority = 10,
  kStringPriority = 12,
  kLogicPriority = 14,
  kTernaryPriority = 16,
  kCommaPriority = 18,
  kComprehensionPriority = 20,
};

struct Delimiter {
  ElementId leaf;  // the line may break after it
  Priority priority;
};

// The brackets and delimiters of the leaves marked so far. Delimiters inside brackets do not count.
struct BracketTracker {
  struct OpenBracket {
    uint32_t depth;
    TokenKind closing;
    ElementId leaf;
  };
  uint32_t depth = 0;
  ElementId previous;
  std::vector<OpenBracket> open;
  std::vector<Delimiter> delimiters;  // in the leaves' order
  std::vector<uint32_t> loop_depths;
  std::vector<uint32_t> lambda_depths;
  std::vector<ElementId> invisible;  // hidden brackets

  bool hasOpenBrackets() const { return !open.empty(); }
};

// Takes the next leaf in; sets its depth and, of a closing bracket, its opening one.
void mark(BracketTracker& tracker, ConcreteTree& tree, ElementId leaf);
// The highest priority but that of `excluded`; kNoDelimiter when there is none.
Priority highestPriority(const BracketTracker& tracker, ElementId excluded = ElementId());
uint32_t countOf(const BracketTracker& tracker, Priority priority);
// The innermost open bracket when it is a square one.
ElementId openSquareBracket(const BracketTracker& tracker);
// The highest priority in an atom in parentheses, kNoDelimiter for other elements.
Priority highestPriorityInAtom(ConcreteTree& tree, ElementId atom);

// Whether the leaf is a `*`, `**` or `/` that is no operator: of an argument, a parameter or an unpacked element.
bool isStarOfArgument(const ConcreteTree& tree, ElementId leaf);
bool isStarOfUnpacking(const ConcreteTree& tree, ElementId leaf);
// The leaf's phrase, or, inside a starred expression, the phrase around that.
Form formAroundStar(const ConcreteTree& tree, ElementId leaf);
bool isStarLike(const Element& leaf);
bool isMathOperator(TokenKind token);

}  // namespace krait::format
