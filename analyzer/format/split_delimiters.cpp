#include <algorithm>

#include "analyzer/format/splitter.h"

namespace krait::format {

using enum TokenKind;

namespace {
struct DelimiterContext {
  FormatContext& format;
  const Line& line;
  Parts parts = {};
  Line current = {};
};
}  // namespace

static Line emptyPart(const Line& line) {
  Line part;
  part.depth = line.depth;
  part.is_in_brackets = line.is_in_brackets;
  return part;
}

static void endPart(DelimiterContext& context) {
  if (!context.current.isEmpty()) {
    if (!context.current.leaves.empty()) context.format.tree[context.current.leaves[0]].spaces = 0;
    context.parts.push_back(std::move(context.current));
  }
  context.current = emptyPart(context.line);
}

static void addToPart(DelimiterContext& context, ElementId leaf) {
  if (appendAlone(context.format, context.current, leaf)) return;
  endPart(context);
  appendLeaf(context.format, context.current, leaf, Placing::kNew);
}

// Whether a comma may follow the last of elements with this one among them, in all versions that read the result.
static bool allowsComma(const FormatContext& context, ElementId leaf) {
  if (!isStarLike(context.tree[leaf])) return true;
  Form form = formAroundStar(context.tree, leaf);
  if (form == Form::kTypedArgsList) return context.may_end_star_parameters_in_comma;
  if (form == Form::kArgList || form == Form::kArgument) return context.may_end_star_call_in_comma;
  return true;
}

static void addTrailingComma(DelimiterContext& context) {
  const Element& last = context.format.tree[context.current.leaves.back()];
  if (isToken(last, kComma) || last.form == Form::kStandaloneComment) return;
  ElementId comma = context.format.tree.addLeaf(Form::kToken, kComma, ",");
  appendLeaf(context.format, context.current, comma, Placing::kNew);
}

Parts splitAtDelimiters(FormatContext& format, const Line& line) {
  if (line.leaves.empty()) return {};
  const ConcreteTree& tree = format.tree;
  Priority priority = highestPriority(line.brackets, line.leaves.back());
  if (priority == kNoDelimiter) return {};
  // One attribute by itself is better not torn off.
  if (priority == kDotPriority && countOf(line.brackets, priority) == 1) return {};
  DelimiterContext context{format, line};
  context.current = emptyPart(line);
  uint32_t lowest_depth = UINT32_MAX;
  bool may_end_in_comma = true;
  size_t hint = 0, delimiter = 0;
  const std::vector<Delimiter>& delimiters = line.brackets.delimiters;
  for (ElementId leaf : line.leaves) {
    addToPart(context, leaf);
    forCommentsAfter(tree, line, leaf, hint, [&](ElementId comment) { addToPart(context, comment); });
    lowest_depth = std::min(lowest_depth, tree[leaf].depth);
    if (tree[leaf].depth == lowest_depth && !allowsComma(format, leaf)) may_end_in_comma = false;
    if (delimiter >= delimiters.size() || delimiters[delimiter].leaf != leaf) continue;
    if (delimiters[delimiter++].priority == priority) endPart(context);
  }
  if (!context.current.isEmpty()) {
    if (may_end_in_comma && priority == kCommaPriority) addTrailingComma(context);
    endPart(context);
  }
  return std::move(context.parts);
}

Parts splitAtComments(FormatContext& format, const Line& line) {
  if (!hasStandaloneComments(format.tree, line, 0)) return {};
  DelimiterContext context{format, line};
  context.current = emptyPart(line);
  size_t hint = 0;
  for (ElementId leaf : line.leaves) {
    addToPart(context, leaf);
    forCommentsAfter(format.tree, line, leaf, hint, [&](ElementId comment) { addToPart(context, comment); });
  }
  endPart(context);
  return std::move(context.parts);
}

}  // namespace krait::format
