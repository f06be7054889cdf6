// The splitter: one logical line to the lines it is written as, none longer than allowed where that can be done.
//
// A line that fits stays as it is. Else it is split, at delimiters or at brackets, and each part is looked at again.
// What always holds: the parts' leaves are the line's, in its order, but for trailing commas and brackets shown; the
// work is bounded by the line's length times the depth of its brackets.
#pragma once

#include <string>
#include <vector>

#include "analyzer/format/line.h"

namespace krait::format {

// A finished line in the text.
struct WrittenLine {
  size_t end;  // of the text up to it, line end included
  bool fits;
  bool is_fixed;  // by a type comment
};

struct SplitContext {
  FormatContext& format;
  ConcreteTree& tree;
  std::string text;
  std::vector<WrittenLine> lines;
};

// Appends the line's text, split where needed.
void writeLine(SplitContext& context, Line& line);

// Parts of a line that was split; empty when it could not be.
using Parts = std::vector<Line>;

// split_delimiters.cpp: one part for each element between delimiters of the highest priority; comments that stand
// alone apart from the rest.
Parts splitAtDelimiters(FormatContext& context, const Line& line);
Parts splitAtComments(FormatContext& context, const Line& line);
// split_brackets.cpp: what is before, in and after a pair of brackets: the first one, for definitions; else the last one
// that gives a good result.
Parts splitAtFirstBracket(FormatContext& context, const Line& line);
// `shows_optional`: hidden parentheses are shown rather than looked past.
Parts splitAtLastBracket(FormatContext& context, const Line& line, bool shows_optional);

// bracket_choice.cpp: whether the line reads well without the hidden parentheses around it, and could be split at all.
bool mayOmitParentheses(const ConcreteTree& tree, const Line& body, uint32_t line_length);
bool mayBeSplit(const ConcreteTree& tree, const Line& line);

// Trailing brackets to look past, one more with each step.
class TrailerOmitter {
 public:
  TrailerOmitter(const ConcreteTree& tree, const Line& line, uint32_t line_length)
      : tree_(tree), line_(line), line_length_(line_length), index_(line.leaves.size()), length_(tree.indents.columns(line.depth)) {}
  // Makes omitted() the next set; false when there is none.
  bool next();
  const std::vector<ElementId>& omitted() const { return omitted_; }

 private:
  enum class Step : uint8_t { kGoOn, kYield, kStop };
  Step readLeaf();
  Step readClosing(ElementId leaf);
  bool followsMagicComma(ElementId leaf) const;
  bool beginPair(ElementId leaf);

  const ConcreteTree& tree_;
  const Line& line_;
  uint32_t line_length_;
  size_t index_;  // of the leaf that was read last
  uint32_t length_;
  bool has_begun_ = false;
  ElementId pending_;  // a closing bracket to go on with after a yield
  ElementId opening_;
  ElementId closing_;
  std::vector<ElementId> inner_;
  std::vector<ElementId> omitted_;
};

}  // namespace krait::format
