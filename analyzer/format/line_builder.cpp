#include "analyzer/format/line_builder.h"

#include "analyzer/format/comments.h"
#include "analyzer/format/literals.h"
#include "analyzer/format/parentheses.h"

namespace krait::format {

using enum TokenKind;

namespace {
struct BuildContext {
  FormatContext& format;
  ConcreteTree& tree;
  Line current;
  std::vector<Line> lines = {};
};
}  // namespace

static void visit(BuildContext& context, ElementId id);

// Ends the current line; the next one is `levels` deeper.
static void endLine(BuildContext& context, int levels = 0) {
  uint32_t depth = static_cast<uint32_t>(static_cast<int>(context.current.depth) + levels);
  if (!context.current.isEmpty()) {
    context.lines.push_back(std::move(context.current));
    context.current = Line();
  }
  context.current.depth = depth;
}

static void addLeaf(BuildContext& context, ElementId leaf) {
  appendLeaf(context.format, context.current, leaf, Placing::kNew);
}

static void addComments(BuildContext& context, ElementId leaf, bool is_in_brackets) {
  ConcreteTree& tree = context.tree;
  bool ends_file = tree.is(leaf, kEndMarker);
  for (const GapComment& found : commentsIn(tree, tree[leaf].gap, ends_file)) {
    Form form = found.is_trailing ? Form::kComment : Form::kStandaloneComment;
    ElementId comment = tree.addLeaf(form, TokenKind::kComment, found.text);
    tree[comment].newlines = found.newlines;
    tree[comment].range = found.range;
    if (!is_in_brackets && !found.is_trailing) endLine(context);
    addLeaf(context, comment);
    if (!is_in_brackets) endLine(context);
  }
}

// Whether the literal is in its standard form already, as most are: nothing to weigh.
static bool isPlain(std::string_view literal, QuoteStyle quotes) {
  if (quotes == QuoteStyle::kSingle && !literal.starts_with("\"\"\"") && literal[0] == '"') return false;
  if (literal[0] == '"') return literal.find('\\') == std::string_view::npos;
  return literal.find_first_not_of("0123456789") == std::string_view::npos;
}

static void normalizeLiteral(BuildContext& context, ElementId leaf) {
  ConcreteTree& tree = context.tree;
  bool is_literal = tree.is(leaf, kString) || tree.is(leaf, kNumber);
  const FormatOptions& options = context.format.options;
  if (!is_literal || isPlain(tree[leaf].text, options.quotes)) return;
  std::string_view text = tree[leaf].text;
  std::string changed;
  if (tree.is(leaf, kString) && options.normalizes_strings) {
    changed = standardPrefix(text);
    if (options.quotes != QuoteStyle::kPreserve) changed = standardQuotes(changed, options.quotes);
  } else if (tree.is(leaf, kNumber)) {
    changed = standardNumber(text);
  } else {
    return;
  }
  if (changed != text) tree.setText(leaf, tree.keep(changed));
}

static void visitLeaf(BuildContext& context, ElementId leaf) {
  ConcreteTree& tree = context.tree;
  bool is_in_brackets = context.current.brackets.hasOpenBrackets();
  addComments(context, leaf, is_in_brackets);
  TextRange gap = tree[leaf].gap;
  if (tree[leaf].form == Form::kToken) {
    tree[leaf].newlines = is_in_brackets ? 0 : newlinesBefore(tree.source().substr(gap.begin, gap.size()));
  }
  normalizeLiteral(context, leaf);
  TokenKind token = tree[leaf].token;
  if (tree[leaf].form == Form::kToken && (token == kNewline || token == kIndent || token == kDedent || token == kEndMarker)) {
    return;
  }
  addLeaf(context, leaf);
}

// The first statement of a block is a string by itself.
static bool isDocstring(const ConcreteTree& tree, ElementId leaf) {
  ElementId statement = tree[leaf].parent;
  if (!tree.is(statement, Form::kSimpleStmt) || tree[leaf].previous.valid()) return false;
  ElementId before = tree[statement].previous;
  if (!before.valid() || !tree[before].previous.valid()) return false;
  ElementId before_that = tree[before].previous;
  if (tree.is(before, kIndent)) return tree.is(before_that, kNewline) && tree[before_that].previous.isNone();
  return tree.is(before, kColon) && tree.is(before_that, Form::kParameters);
}

static void visitString(BuildContext& context, ElementId leaf) {
  ConcreteTree& tree = context.tree;
  std::string_view text = tree[leaf].text;
  bool has_joined_line = text.find("\\\n") != std::string_view::npos;
  std::string_view prefix = text.substr(0, prefixSize(text));
  bool is_text = prefix.find_first_of("fFbBtT") == std::string_view::npos;
  if (!has_joined_line && is_text && isDocstring(tree, leaf)) {
    std::string standard(text);
    const FormatOptions& options = context.format.options;
    if (options.normalizes_strings) standard = standardPrefix(text);
    if (options.normalizes_strings && options.quotes != QuoteStyle::kPreserve) standard = standardQuotes(standard, QuoteStyle::kDouble);
    DocstringPlace place{options.indents, context.current.depth, options.line_length};
    tree.setText(leaf, tree.keep(standardDocstring(standard, place)));
  }
  visitLeaf(context, leaf);
}

static void visitChildren(BuildContext& context, ElementId node) {
  for (ElementId child = context.tree[node].first; child.valid(); child = context.tree[child].next) {
    visit(context, child);
  }
}

// Each of the keywords begins a line.
static void visitStatement(BuildContext& context, ElementId node, std::initializer_list<TokenKind> keywords) {
  for (ElementId child = context.tree[node].first; child.valid(); child = context.tree[child].next) {
    for (TokenKind keyword : keywords) {
      if (context.tree.is(child, keyword)) endLine(context);
    }
    visit(context, child);
  }
}

static bool isStubBody(const ConcreteTree& tree, ElementId node) {
  return tree.is(node, Form::kSimpleStmt) && tree.is(tree[node].first, kEllipsis) && tree.childCount(node) == 2;
}

// A block of an ellipsis alone, which stands on its header's line in a stub; with comments it does not.
static bool isStubSuite(const ConcreteTree& tree, ElementId node) {
  if (!tree.is(node, Form::kSuite) || tree.childCount(node) != 4 || !isStubBody(tree, tree.child(node, 2))) return false;
  for (ElementId child = tree[node].first; child.valid(); child = tree[child].next) {
    TextRange gap = tree[tree.firstLeaf(child)].gap;
    if (tree.source().substr(gap.begin, gap.size()).find('#') != std::string_view::npos) return false;
  }
  return true;
}

static bool isBlockStatement(Form form) {
  switch (form) {
    case Form::kIfStmt:
    case Form::kWhileStmt:
    case Form::kForStmt:
    case Form::kTryStmt:
    case Form::kExceptClause:
    case Form::kWithStmt:
    case Form::kFuncDef:
    case Form::kClassDef:
    case Form::kMatchStmt:
    case Form::kCaseBlock: return true;
    default: return false;
  }
}

static void visitSimpleStatement(BuildContext& context, ElementId node) {
  ConcreteTree& tree = context.tree;
  bool is_stub = context.format.options.is_stub;
  parenthesizeArithmetic(tree, node);
  if (isBlockStatement(tree.parentForm(node))) {
    bool stays = is_stub && isStubBody(tree, node);
    if (!stays) endLine(context, 1);
    visitChildren(context, node);
    if (!stays) endLine(context, -1);
    return;
  }
  if (!is_stub || !isStubSuite(tree, tree[node].parent)) endLine(context);
  visitChildren(context, node);
}

static void visitAsync(BuildContext& context, ElementId node) {
  ConcreteTree& tree = context.tree;
  endLine(context);
  ElementId child = tree[node].first;
  for (; child.valid(); child = tree[child].next) {
    visit(context, child);
    if (tree.is(child, kKwAsync) || tree.is(child, Form::kStandaloneComment)) break;
  }
  ElementId statement = child.valid() ? tree[child].next : ElementId();
  if (statement.valid()) visitChildren(context, statement);
}

static void visitNode(BuildContext& context, ElementId node) {
  ConcreteTree& tree = context.tree;
  auto statement = [&](ParenthesesAfter after, std::initializer_list<TokenKind> keywords) {
    normalizeParentheses(tree, node, after);
    visitStatement(context, node, keywords);
  };
  switch (tree[node].form) {
    case Form::kAssertStmt: return statement({kKwAssert, kComma}, {kKwAssert});
    case Form::kIfStmt: return statement({kKwIf, kKwElif}, {kKwIf, kKwElse, kKwElif});
    case Form::kWhileStmt: return statement({kKwWhile}, {kKwWhile, kKwElse});
    case Form::kForStmt: return statement({kKwFor, kKwIn}, {kKwFor, kKwElse});
    case Form::kTryStmt: return statement({}, {kKwTry, kKwExcept, kKwElse, kKwFinally});
    case Form::kExceptClause: return statement({kKwExcept}, {kKwExcept});
    case Form::kWithStmt: return statement({kKwWith}, {kKwWith});
    case Form::kClassDef: return statement({}, {kKwClass});
    case Form::kExprStmt: return statement({.is_assignment = true}, {});
    case Form::kReturnStmt: return statement({kKwReturn}, {kKwReturn});
    case Form::kImportFrom: return statement({kKwImport}, {});
    case Form::kDelStmt: return statement({kKwDel}, {});
    case Form::kFuncDef:
      endLine(context);
      normalizeReturnAnnotation(tree, node);
      return visitChildren(context, node);
    case Form::kMatchStmt:
    case Form::kCaseBlock:
      normalizeParentheses(tree, node, {});
      endLine(context);
      return visitChildren(context, node);
    case Form::kSuite:
      if (context.format.options.is_stub && isStubSuite(tree, node)) return visit(context, tree.child(node, 2));
      return visitChildren(context, node);
    case Form::kSimpleStmt: return visitSimpleStatement(context, node);
    case Form::kAsyncStmt:
    case Form::kAsyncFuncDef: return visitAsync(context, node);
    case Form::kDecorated:
    case Form::kDecorators:
      for (ElementId child = tree[node].first; child.valid(); child = tree[child].next) {
        endLine(context);
        visit(context, child);
      }
      return;
    case Form::kPower:
      parenthesizeAttributeOfNumber(tree, node);
      normalizeAwait(tree, node);
      return visitChildren(context, node);
    case Form::kFactor: parenthesizeNegatedPower(tree, node); return visitChildren(context, node);
    default: return visitChildren(context, node);
  }
}

static void visit(BuildContext& context, ElementId id) {
  ConcreteTree& tree = context.tree;
  if (tree.isNode(id)) return visitNode(context, id);
  if (tree[id].form == Form::kStandaloneComment) {
    if (!context.current.brackets.hasOpenBrackets()) endLine(context);
    return visitLeaf(context, id);
  }
  switch (tree[id].token) {
    case kIndent:
      endLine(context, 1);
      return visitLeaf(context, id);
    case kDedent:
      endLine(context);
      visitLeaf(context, id);
      return endLine(context, -1);
    case kSemicolon: return endLine(context);
    case kEndMarker:
      visitLeaf(context, id);
      return endLine(context);
    case kString: return visitString(context, id);
    default: return visitLeaf(context, id);
  }
}

std::vector<Line> buildLines(FormatContext& context) {
  BuildContext build{context, context.tree, Line()};
  visit(build, context.tree.root);
  endLine(build);
  return std::move(build.lines);
}

}  // namespace krait::format
