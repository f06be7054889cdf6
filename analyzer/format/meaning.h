// The meaning of a text, summed up: two texts of equal sums parse to equal Asts, but for the blanks in docstrings.
//
// Takes a tree as parseConcrete gave it. What the style may change does not count: parentheses around what binds as
// tightly without them (the tree says how things bind), commas that make no tuple, semicolons, joined lines, the spelling
// of literals. What always holds: everything else counts; builds with KRAIT_VERIFY compare the Asts besides.
#pragma once

#include "analyzer/format/concrete.h"

namespace krait::format {

struct Meaning {
  uint64_t sum = 0;
  uint64_t comment_size = 0;  // visible ASCII characters of all comments, to notice a lost one
  bool operator==(const Meaning&) const = default;
};

Meaning meaningOf(const ConcreteTree& tree);

}  // namespace krait::format
