// Empty lines between logical lines: around functions, classes and imports, and as many as there were elsewhere.
#include <algorithm>
#include <optional>

#include "analyzer/format/line_builder.h"

namespace krait::format {

using enum TokenKind;

namespace {
struct EmptyLineContext {
  const FormatContext& format;
  const ConcreteTree& tree;
  const std::vector<Line>& lines;
  std::vector<EmptyLines> counts = {};
  std::vector<uint32_t> open_definitions = {};  // depths of definitions whose bodies may go on
  // The first comment of those that stand before what comes next.
  std::optional<size_t> leading_comment = {};
};
}  // namespace

// After the bodies of definitions: the empty lines before a line of the depth.
static int32_t closeDefinitions(EmptyLineContext& context, size_t index, int32_t before) {
  const Line& line = context.lines[index];
  const ConcreteTree& tree = context.tree;
  while (!context.open_definitions.empty() && context.open_definitions.back() >= line.depth) {
    uint32_t definition_depth = context.open_definitions.back();
    context.open_definitions.pop_back();
    if (context.format.options.is_stub) {
      bool is_attribute = line.depth > 0 && !isFunction(tree, line) && isFunction(tree, context.lines[index - 1]);
      before = is_attribute ? std::min(1, before) : line.depth > 0 ? 0 : 1;
      continue;
    }
    // `else` and its like stay near the function that ends the block before them.
    auto continuesStatement = [&] {
      if (definition_depth == 0 || !tree.is(line.leaves.back(), kColon)) return false;
      std::string_view word = tree[line.leaves[0]].text;
      for (std::string_view begins : {"with", "try", "for", "while", "if", "match"}) {
        if (word == begins) return false;
      }
      return true;
    };
    before = line.depth > 0 || continuesStatement() ? 1 : 2;
  }
  return before;
}

static int32_t newlinesInStub(const EmptyLineContext& context, size_t index, int32_t before) {
  const ConcreteTree& tree = context.tree;
  const Line& line = context.lines[index];
  const Line& previous = context.lines[index - 1];
  if (isClass(tree, line) || isClass(tree, previous)) {
    if (previous.depth < line.depth) return 0;
    if (previous.depth > line.depth) return 1;
    return isStubClass(tree, line) && isStubClass(tree, previous) ? 0 : 1;
  }
  if ((isFunction(tree, line) || isDecorator(tree, line)) && !isFunction(tree, previous)) {
    return line.depth > 0 ? std::min(1, before) : 1;
  }
  return previous.depth > line.depth ? 1 : 0;
}

// A comment block that the definition's empty lines go before, when there is one that may be moved.
static bool mayMoveComments(const EmptyLineContext& context) {
  if (!context.leading_comment || *context.leading_comment == 0) return false;
  const Line& before = context.lines[*context.leading_comment - 1];
  return !isClass(context.tree, before) && !opensBlock(context.tree, before) &&
         context.counts[*context.leading_comment].before <= 1;
}

static EmptyLines beforeDefinition(EmptyLineContext& context, size_t index, int32_t before) {
  const ConcreteTree& tree = context.tree;
  const Line& line = context.lines[index];
  if (!isDecorator(tree, line)) context.open_definitions.push_back(line.depth);
  if (index == 0) return {};
  const Line& previous = context.lines[index - 1];
  if (isDecorator(tree, previous)) {
    return {0, context.format.options.is_stub && isStubClass(tree, line) ? 1 : 0};
  }
  if (previous.depth < line.depth && (isClass(tree, previous) || isFunction(tree, previous))) return {};
  bool follows_comment = isComment(tree, previous) && previous.depth == line.depth && before == 0;
  if (follows_comment && !mayMoveComments(context)) return {};
  int32_t newlines = line.depth > 0 ? 1 : 2;
  if (context.format.options.is_stub) newlines = newlinesInStub(context, index, before);
  if (!follows_comment) return {newlines, 0};
  size_t comment = *context.leading_comment;
  EmptyLines& moved = context.counts[comment];
  moved.before = std::max(moved.before, newlines) - context.counts[comment - 1].after;
  return {};
}

static EmptyLines countFor(EmptyLineContext& context, size_t index) {
  const ConcreteTree& tree = context.tree;
  const Line& line = context.lines[index];
  int32_t most = line.depth > 0 || context.format.options.is_stub ? 1 : 2;
  int32_t before = line.leaves.empty() ? 0 : static_cast<int32_t>(tree[line.leaves[0]].newlines);
  before = closeDefinitions(context, index, std::min(before, most));
  if (isDecorator(tree, line) || isFunction(tree, line) || isClass(tree, line)) {
    return beforeDefinition(context, index, before);
  }
  if (index == 0) return {before, 0};
  const Line& previous = context.lines[index - 1];
  if (isImport(tree, previous) && !isImport(tree, line) && line.depth == previous.depth) {
    return {before == 0 ? 1 : before, 0};
  }
  if (isClass(tree, previous) && isTripleQuoted(tree, line)) return {before, 1};
  return opensBlock(tree, previous) ? EmptyLines{} : EmptyLines{before, 0};
}

std::vector<EmptyLines> countEmptyLines(const FormatContext& format, const std::vector<Line>& lines) {
  EmptyLineContext context{format, format.tree, lines};
  context.counts.reserve(lines.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    EmptyLines counted = countFor(context, i);
    // What the line before asked for after itself is there already.
    counted.before = i == 0 ? 0 : counted.before - context.counts[i - 1].after;
    context.counts.push_back(counted);
    bool has_before = counted.before != 0;
    if (isComment(format.tree, lines[i])) {
      bool follows = i > 0 && (isDecorator(format.tree, lines[i - 1]) ||
                               (isComment(format.tree, lines[i - 1]) && !has_before));
      if (!follows && (!context.leading_comment || has_before || i == 0)) context.leading_comment = i;
    } else if (!isDecorator(format.tree, lines[i]) || has_before) {
      context.leading_comment.reset();
    }
  }
  if (!context.counts.empty()) context.counts.back().after = 0;
  return std::move(context.counts);
}

}  // namespace krait::format
