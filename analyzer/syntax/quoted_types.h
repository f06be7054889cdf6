// Types in quotes: the expressions that string constants say, as small trees that hang under their constants
// (QuotedTypes). Takes a finished tree and the constants that stand where a type is wanted; gives the tree with the
// types added, those in quotes inside them too. A constant whose text is no expression keeps none. The old nodes keep
// their ids.
#pragma once

#include <span>
#include <vector>

#include "analyzer/syntax/ast.h"

namespace krait::syntax {

// The tree of a type in quotes. Its root's parent is the constant, which does not have it as a child.
struct QuotedType {
  NodeId constant;
  NodeId type;
  // The text in the quotes is the value itself, in one piece: the nodes stand where their text stands. Otherwise each has
  // the range of the whole literal.
  bool is_plain = false;
};

// The types in quotes of one tree.
class QuotedTypes {
 public:
  // In any order.
  void set(std::vector<QuotedType> types);
  // The type that a constant says, or none.
  NodeId typeOf(NodeId constant) const;
  std::span<const QuotedType> all() const { return types_; }
  // Is the node in a type whose nodes do not stand where their text stands?
  bool isInComplex(const Ast& ast, NodeId node) const;

 private:
  std::vector<QuotedType> types_;  // by constant
};

Ast addQuotedTypes(Ast ast, Interner& names, std::span<const NodeId> constants, QuotedTypes& types);

// What a parser of annotations reads in a constant: its value, or in brackets when it may go over several lines.
struct QuotedText {
  std::string_view value;
  uint32_t begin = 0;  // where the value stands in the text, if it is plain
  bool is_plain = false;
  bool is_bracketed = false;
};
QuotedText quotedTextOf(const Ast& ast, NodeId constant);

}  // namespace krait::syntax
