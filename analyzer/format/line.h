// Line: leaves that are to stand on one line, the comments that follow them, and the brackets and delimiters among them.
//
// Lines come from the line builder, one for each logical line; the splitter makes shorter ones of them. What always
// holds: comments are in `comments`, never in `leaves`, unless they stand alone.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "analyzer/format/delimiters.h"
#include "analyzer/format/options.h"

namespace krait::format {

struct AttachedComment {
  ElementId leaf;  // it follows
  ElementId comment;
};

struct Line {
  uint32_t depth = 0;            // levels of indentation
  bool is_in_brackets = false;   // all of it stands between the brackets of another line
  bool must_split = false;       // one element to a line
  ElementId magic_comma_bracket;  // the closing bracket after a trailing comma that keeps its line split
  std::vector<ElementId> leaves;
  std::vector<AttachedComment> comments;
  BracketTracker brackets;

  bool isEmpty() const { return leaves.empty() && comments.empty(); }
};

// What every step needs.
struct FormatContext {
  ConcreteTree& tree;
  const FormatOptions& options;
  // The syntax that every version of Python that must read the result has.
  bool may_end_star_call_in_comma = false;
  bool may_end_star_parameters_in_comma = false;
  std::string scratch = {};
};

// How a leaf comes into a line.
enum class Placing : uint8_t {
  kNew,        // its blanks are worked out, its brackets marked
  kKept,       // it has its blanks; brackets are marked when the line stands in brackets
  kKeptMarked  // it has its blanks; its brackets are marked
};

void appendLeaf(FormatContext& context, Line& line, ElementId leaf, Placing placing);
// As appendLeaf with kKept, but false, and nothing done, when a comment that stands alone would share its line.
bool appendAlone(FormatContext& context, Line& line, ElementId leaf);

// The comments after `leaf` in this line. `hint` speeds up calls in the leaves' order; start with 0.
template <class Visit>
void forCommentsAfter(const ConcreteTree& tree, const Line& line, ElementId leaf, size_t& hint, Visit&& visit) {
  if (!tree[leaf].has_comments || line.comments.empty()) return;
  size_t count = line.comments.size();
  size_t found = hint < count && line.comments[hint].leaf == leaf ? hint : 0;
  for (size_t i = found; i < count; ++i) {
    if (line.comments[i].leaf != leaf) continue;
    visit(line.comments[i].comment);
    hint = i + 1;
  }
}

bool isComment(const ConcreteTree& tree, const Line& line);  // one comment, by itself
bool isDecorator(const ConcreteTree& tree, const Line& line);
bool isImport(const ConcreteTree& tree, const Line& line);
bool isClass(const ConcreteTree& tree, const Line& line);
bool isStubClass(const ConcreteTree& tree, const Line& line);  // `class A: ...`
bool isFunction(const ConcreteTree& tree, const Line& line);
bool isTripleQuoted(const ConcreteTree& tree, const Line& line);
bool opensBlock(const ConcreteTree& tree, const Line& line);
// Depth 0 counts the comments outside of all brackets only.
bool hasStandaloneComments(const ConcreteTree& tree, const Line& line, uint32_t deepest = UINT32_MAX);
bool hasMultilineStrings(const ConcreteTree& tree, const Line& line);
// A type comment that would change its meaning on another line.
bool hasFixedTypeComment(const ConcreteTree& tree, const Line& line);
// A `# type: ignore` at the end of what was one line.
bool hasFixedTypeIgnore(const ConcreteTree& tree, const Line& line);
// At most one comma between the brackets at depth 1: a tuple of one.
bool holdsOneElement(const ConcreteTree& tree, ElementId opening, ElementId closing,
                     const std::vector<ElementId>& leaves, TokenKind opening_kind);

// Appends the line as text, with indentation, without a line end.
void render(const ConcreteTree& tree, const Line& line, std::string& out);
// Whether the line is short enough: no longer than `limit` characters, without line ends or comments that stand alone.
bool fits(const ConcreteTree& tree, const Line& line, uint32_t limit);
// Visible characters of the leaf with its blanks and the comments that follow it.
uint32_t lengthWithComments(const ConcreteTree& tree, const Line& line, ElementId leaf);

}  // namespace krait::format
