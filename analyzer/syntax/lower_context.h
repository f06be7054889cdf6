// What lowering shares: the tree being read, the Ast being built, and the entry points of its parts. A part is one
// file: lower_module (statements' frame), lower_stmt, lower_compound, lower_def, lower_expr, lower_call, lower_string,
// lower_number, lower_pattern. Each takes a TreeNode and returns the NodeId of what it added.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "analyzer/syntax/ast_builder.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/tree/tree_reader.h"

namespace krait::syntax::lowering {

struct LowerContext {
  LowerContext(TreeReader& reader, std::string_view text, Interner& names)
      : builder(text, names), text(text), names(names), reader_(&reader) {}
  // For what reads no tree.
  LowerContext(std::string_view text, Interner& names) : builder(text, names), text(text), names(names) {}

  AstBuilder builder;
  std::string_view text;
  Interner& names;
  // Something was read that Python may reject, or that this tree may describe wrongly.
  bool is_suspicious = false;
  bool has_errors = false;  // an error node was added
  uint32_t logical_lines = 0;  // statements and clauses that start a line
  uint32_t depth = 0;
  uint32_t spec_depth = 0;  // format specs around what is being lowered
  // Where a `:=` may stand without parentheses: the place that the caller is about to lower.
  uint32_t walrus_allowed_at = 0xffffffffu;
  // `type(x).a = y` arrives as a type alias of `(x).a`: where that parenthesis (or bracket) stands, to be lowered as a
  // call (or subscript) of `type`.
  uint32_t type_call_at = 0xffffffffu;
  uint32_t type_name_at = 0;
  // `with a if b else c as d`, `with lambda: a as d`: the tree gives the `as` to the last part. Where that pattern stands, and where the
  // item's expression ends in truth.
  uint32_t item_as_at = 0xffffffffu, item_as_end = 0, item_value_end = 0;
  std::vector<NodeId> scratch;  // lists under construction, used as a stack by ListScope
  struct CachedName {
    uint64_t hash = 0;
    NameId id;
  };
  std::array<CachedName, 1024> cached_names;

  // The tree that is being read.
  TreeReader& reader() { return *reader_; }
  void suspect() { is_suspicious = true; }
  void allowWalrus(const TreeNode& node) { walrus_allowed_at = node.begin; }
  std::string_view textOf(TextRange range) const { return text.substr(range.begin, range.size()); }

 private:
  TreeReader* reader_ = nullptr;
};

// A list of nodes under construction. Scopes nest like calls.
class ListScope {
 public:
  explicit ListScope(LowerContext& context) : context_(context), base_(context.scratch.size()) {}
  ~ListScope() { context_.scratch.resize(base_); }
  ListScope(const ListScope&) = delete;
  ListScope& operator=(const ListScope&) = delete;
  void add(NodeId id) { context_.scratch.push_back(id); }
  NodeList items() const { return NodeList(context_.scratch).subspan(base_); }
  uint32_t store() const { return context_.builder.list(items()); }
  size_t size() const { return context_.scratch.size() - base_; }

 private:
  LowerContext& context_;
  size_t base_;
};

// CPython's tokenizer takes 100 blocks and 200 brackets in each other: deeper texts are read again by its grammar.
inline constexpr uint32_t kDoubtfulDepth = 100;

// Counts nesting; over the limit the node becomes an error node.
class DepthScope {
 public:
  explicit DepthScope(LowerContext& context) : context_(context) {
    if (++context_.depth >= kDoubtfulDepth) context_.suspect();
  }
  ~DepthScope() { --context_.depth; }
  bool tooDeep() const { return context_.depth > kMaxDepth; }

 private:
  LowerContext& context_;
};

// The column of a statement that starts at `begin`, if it is the first thing on its line, else -1. Tabs advance to
// multiples of 8 and a form feed starts over (language reference 2.1.8); both make the text suspicious.
int32_t columnIfFirst(LowerContext& context, uint32_t begin);

// Bytes that Python never takes outside strings and comments, or that start lines for it and not for tree-sitter.
bool hasOddCharacters(std::string_view text);
// Does a line of nothing but white space end in a line joining backslash? tree-sitter takes the statement behind it for
// one of another depth.
bool joinsIndents(std::string_view text);

// Lowers the statements of a `module` or `block` node into `out`. `parent_column` is the column of the statement that
// the block belongs to, -1 for the module.
void lowerStatements(LowerContext& context, const TreeNode& block, int32_t parent_column, ListScope& out);
// A block as a stored list.
uint32_t lowerBlock(LowerContext& context, const TreeNode& block, int32_t parent_column);

void lowerStatement(LowerContext& context, const TreeNode& node, int32_t column, ListScope& out);
NodeId lowerSimpleStatement(LowerContext& context, const TreeNode& node);
NodeId lowerCompoundStatement(LowerContext& context, const TreeNode& node, int32_t column);
NodeId lowerMatch(LowerContext& context, const TreeNode& node, int32_t column);
NodeId lowerFunction(LowerContext& context, const TreeNode& node, uint32_t decorators, int32_t column);
NodeId lowerClass(LowerContext& context, const TreeNode& node, uint32_t decorators, int32_t column);
NodeId lowerErrorStatement(LowerContext& context, const TreeNode& node);
// The range of a compound statement: to the end of the last statement in the last of its blocks (stored lists) that has
// one. tree-sitter's node may go on over a comment. Without
// any, the node's own range.
TextRange compoundRange(const LowerContext& context, TextRange node, std::initializer_list<uint32_t> blocks);
// A clause (else, except, case …) must stand at its statement's column, first on its line.
void checkClauseColumn(LowerContext& context, const TreeNode& clause, int32_t column);

NodeId lowerExpr(LowerContext& context, const TreeNode& node);
// An expression or, for several separated by commas, their Tuple. `nodes` are children i of `children` that are named
// and lie in [first, last).
NodeId lowerExprList(LowerContext& context, const Children& children, uint32_t first, uint32_t last);
// Lowers an annotation: a `type` node.
NodeId lowerType(LowerContext& context, const TreeNode& node);
// Lowers an assignment's target and gives it the context. Marks what cannot be a target as suspicious.
NodeId lowerTarget(LowerContext& context, const TreeNode& node, ExprContext expr_context);
void setContext(LowerContext& context, NodeId id, ExprContext expr_context);
// A list, set or tuple display. A tuple of one without a comma is that one, in parentheses.
NodeId lowerDisplay(LowerContext& context, const TreeNode& node, NodeKind kind);
NodeId lowerTupleDisplay(LowerContext& context, const TreeNode& node);
NodeId lowerDictionary(LowerContext& context, const TreeNode& node);
NodeId lowerSlice(LowerContext& context, const TreeNode& node);
NodeId lowerSubscript(LowerContext& context, const TreeNode& node);
NodeId lowerComprehension(LowerContext& context, const TreeNode& node);
NodeId lowerCall(LowerContext& context, const TreeNode& node);
// Marks a call whose arguments, in parentheses at `arguments`, end in a comma.
void flagTrailingCommaOfCall(LowerContext& context, NodeId call, TextRange arguments);
// The arguments of a call or class.
uint32_t lowerArguments(LowerContext& context, const TreeNode& node);
// `parameters`, `lambda_parameters`, or a node that does not exist (no parameters; `at` is where they would be).
NodeId lowerParameters(LowerContext& context, const TreeNode& node, uint32_t at);
uint32_t lowerTypeParameters(LowerContext& context, const TreeNode& node);
NodeId lowerString(LowerContext& context, const TreeNode& node);
NodeId lowerNumber(LowerContext& context, TextRange range);
// `case_pattern` and what may stand in one.
NodeId lowerPattern(LowerContext& context, const TreeNode& node);

// tree-sitter reads `*a + b` as `(*a) + b` in displays. Given the node just built around a leading Starred (whose
// leftmost child is field `left_slot`), puts it inside the star.
NodeId hoistStar(LowerContext& context, NodeId leading, NodeId whole, uint32_t left_slot);

// Puts `&` before `^` in a BinOp just built, as Python binds them; returns the root of the repaired tree.
NodeId fixBitwisePrecedence(LowerContext& context, NodeId node);
// `left | right` in an annotation, joined to the left.
NodeId joinTypeUnion(LowerContext& context, NodeId left, NodeId right, TextRange range);

NodeId lowerErrorExpr(LowerContext& context, const TreeNode& node);
NodeId addExpr(LowerContext& context, NodeKind kind, TextRange range, std::initializer_list<uint32_t> fields,
               uint8_t detail = 0);
NameId internName(LowerContext& context, TextRange range);
NodeId addIdentifier(LowerContext& context, const TreeNode& node);
// `dotted_name`: an Identifier with the parts joined by ".".
NodeId addDottedIdentifier(LowerContext& context, const TreeNode& node);
// The Name or Attribute chain of a `dotted_name` or `identifier`.
NodeId lowerDottedName(LowerContext& context, const TreeNode& node);

}  // namespace krait::syntax::lowering
