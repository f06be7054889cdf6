// ConcreteParser: the state of one parseConcrete call, shared by the files concrete_*.cpp and by nobody else. The text is
// known to be right, so the parser only has to find out how its phrases nest; what it cannot read sets `has_failed`.
#pragma once

#include <vector>

#include "analyzer/format/concrete.h"
#include "analyzer/format/concrete_input.h"

namespace krait::format {

struct ConcreteParser {
  ConcreteTree& tree;
  std::vector<InputToken> input;
  size_t at = 0;
  uint32_t nesting = 0;
  bool has_failed = false;

  TokenKind kind() const { return input[at].kind; }
  TokenKind kindAfter() const { return at + 1 < input.size() ? input[at + 1].kind : TokenKind::kEndMarker; }
  bool sees(TokenKind token) const { return kind() == token; }
  std::string_view text() const {
    return tree.source().substr(input[at].range.begin, input[at].range.end - input[at].range.begin);
  }
  bool seesWord(std::string_view word) const { return sees(TokenKind::kName) && text() == word; }

  // The next token as a leaf.
  ElementId take();
  // Adds the next token to `node`; fails when it is not `token`.
  void expect(ElementId node, TokenKind token);
  // Adds the next token to `node` when it is `token`.
  bool accept(ElementId node, TokenKind token);
  void takeInto(ElementId node) { tree.append(node, take()); }
};

// Counts one level of recursion while it lives; the parser fails where there are too many.
class Nesting {
 public:
  explicit Nesting(ConcreteParser& parser) : parser_(parser) {
    if (++parser_.nesting > kMaxNesting) parser_.has_failed = true;
  }
  ~Nesting() { --parser_.nesting; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

 private:
  ConcreteParser& parser_;
};

// The phrase, or its only child in its place.
ElementId collapse(ConcreteTree& tree, ElementId node);
// The element in a new phrase.
ElementId wrapIn(ConcreteTree& tree, Form form, ElementId first);

// concrete_statements.cpp
ElementId parseFile(ConcreteParser& parser);
// concrete_expressions.cpp: an expression of one element; with commas (`form` names the list); with stars, walrus, `as`.
ElementId parseTest(ConcreteParser& parser);
ElementId parseNamedExpr(ConcreteParser& parser);
ElementId parseStarOrNamed(ConcreteParser& parser);
ElementId parseList(ConcreteParser& parser, Form form);
ElementId parseTargets(ConcreteParser& parser);  // before `in`: no comparisons
ElementId parseYieldOrList(ConcreteParser& parser, Form form);
ElementId parseAtom(ConcreteParser& parser);     // concrete_atoms.cpp: brackets, names, literals
ElementId parseTrailer(ConcreteParser& parser);  // concrete_atoms.cpp: a call, an index or an attribute
// concrete_parameters.cpp
ElementId parseParameters(ConcreteParser& parser);        // of a def, with the brackets
ElementId parseLambdaParameters(ConcreteParser& parser);  // none when there are none
ElementId parseTypeParameters(ConcreteParser& parser);    // `[T: int]`

// Operator levels of parseBinary, loosest first.
enum Level : uint8_t { kLevelOr = 1, kLevelAnd, kLevelNot, kLevelComparison, kLevelExpr };
ElementId parseBinary(ConcreteParser& parser, uint8_t lowest);
// Whether an expression (or a starred one) can begin here: false at a list's end.
bool seesElement(const ConcreteParser& parser);
// `for` and `async for` of a comprehension, at the next token.
bool seesComprehension(const ConcreteParser& parser);
ElementId parseComprehension(ConcreteParser& parser);

}  // namespace krait::format
