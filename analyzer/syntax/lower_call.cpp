// Calls, arguments and comprehensions.
#include "analyzer/syntax/lower_context.h"

namespace krait::syntax::lowering {

// One of Lambda, IfExp, NamedExpr without parentheses: where the grammar wants a disjunction, these are errors.
static bool isLoose(const LowerContext& context, NodeId id) {
  const Ast& ast = context.builder.ast();
  NodeKind kind = ast.kind(id);
  return !ast.hasFlag(id, kParenthesized) && (kind == NodeKind::kLambda || kind == NodeKind::kIfExp ||
                                              kind == NodeKind::kNamedExpr || kind == NodeKind::kStarred);
}

static NodeId lowerForClause(LowerContext& context, const TreeNode& node, uint32_t end, const ListScope& ifs) {
  Children children(context.reader(), node);
  NodeId target = lowerTarget(context, children.find(Field::kLeft), ExprContext::kStore);
  NodeId iter;
  for (uint32_t i = 0; i < children.size(); ++i) {
    if (children[i].field == Field::kRight && children[i].is_named) {
      NodeId source = lowerExpr(context, children[i]);
      if (iter.isNone()) iter = source;
    }
    if (children[i].symbol == Symbol::kTokenComma) context.suspect();
  }
  if (iter.isNone()) iter = lowerErrorExpr(context, node);
  if (isLoose(context, iter)) context.suspect();
  return context.builder.add(NodeKind::kComprehension, {node.begin, end},
                             {target.value, iter.value, ifs.store()}, children.has(Symbol::kTokenAsync));
}

static NodeId lowerIfClause(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  context.allowWalrus(children.firstNamed());
  NodeId test = lowerExpr(context, children.firstNamed());
  if (isLoose(context, test)) context.suspect();
  return test;
}

NodeId lowerComprehension(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  TreeNode body = children.find(Field::kBody);
  NodeId key;
  NodeId elt;
  if (body.symbol == Symbol::k_pair) {
    Children pair(context.reader(), body);
    key = lowerExpr(context, pair.find(Field::kKey));
    elt = lowerExpr(context, pair.find(Field::kValue));
  } else {
    context.allowWalrus(body);
    elt = lowerExpr(context, body);
  }
  if (context.builder.ast().is(elt, NodeKind::kStarred)) context.suspect();
  std::vector<NodeId> clauses;
  for (uint32_t i = 0; i < children.size(); ++i) {
    if (children[i].symbol == Symbol::kError) context.suspect();
    if (children[i].symbol != Symbol::k_for_in_clause) continue;
    ListScope ifs(context);
    uint32_t last = i;
    while (last + 1 < children.size() && children[last + 1].symbol == Symbol::k_if_clause) {
      ifs.add(lowerIfClause(context, children[++last]));
    }
    clauses.push_back(lowerForClause(context, children[i], children[last].end, ifs));
    i = last;
  }
  uint32_t stored = context.builder.list(clauses);
  if (node.symbol == Symbol::k_dictionary_comprehension) {
    if (key.isNone()) return lowerErrorExpr(context, node);
    return addExpr(context, NodeKind::kDictComp, node.range(), {key.value, elt.value, stored});
  }
  NodeKind kind = node.symbol == Symbol::k_list_comprehension  ? NodeKind::kListComp
                  : node.symbol == Symbol::k_set_comprehension ? NodeKind::kSetComp
                                                               : NodeKind::kGeneratorExp;
  return addExpr(context, kind, node.range(), {elt.value, stored});
}

namespace {
struct ArgumentState {
  bool seen_keyword = false;      // name=value
  bool seen_double_star = false;  // **value
};
}  // namespace

static NodeId lowerArgument(LowerContext& context, const TreeNode& node, ArgumentState& state) {
  Children children(context.reader(), node);
  if (node.symbol == Symbol::k_keyword_argument) {
    state.seen_keyword = true;
    NodeId name = addIdentifier(context, children.find(Field::kName));
    NodeId value = lowerExpr(context, children.find(Field::kValue));
    if (context.builder.ast().is(value, NodeKind::kStarred)) context.suspect();
    return context.builder.add(NodeKind::kKeyword, node.range(), {name.value, value.value});
  }
  if (node.symbol == Symbol::k_dictionary_splat) {
    state.seen_double_star = true;
    NodeId value = lowerExpr(context, children.firstNamed());
    return context.builder.add(NodeKind::kKeyword, node.range(), {NodeId::kNone, value.value});
  }
  context.allowWalrus(node);
  NodeId value = lowerExpr(context, node);
  bool is_starred = context.builder.ast().is(value, NodeKind::kStarred);
  if (state.seen_double_star || (state.seen_keyword && !is_starred)) context.suspect();
  return value;
}

uint32_t lowerArguments(LowerContext& context, const TreeNode& node) {
  if (node.symbol == Symbol::k_generator_expression) {
    NodeId generator = lowerComprehension(context, node);
    return context.builder.list({generator});
  }
  Children children(context.reader(), node);
  ListScope args(context);
  ArgumentState state;
  for (uint32_t i = 0; i < children.size(); ++i) {
    TreeNode child = children[i];
    if (child.symbol == Symbol::kError) context.suspect();
    if (child.is_named) args.add(lowerArgument(context, child, state));
  }
  // `f(,)` is taken by tree-sitter.
  if (args.size() == 0 && children.has(Symbol::kTokenComma)) context.suspect();
  return args.store();
}

void flagTrailingCommaOfCall(LowerContext& context, NodeId call, TextRange arguments) {
  if (arguments.size() <= 2) return;
  uint32_t at = arguments.end - 1;
  while (at > arguments.begin && (context.text[at - 1] == ' ' || context.text[at - 1] == '\n')) --at;
  if (context.text[at - 1] == ',') context.builder.setFlag(call, kHasTrailingComma);
}

NodeId lowerCall(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  NodeId func = lowerExpr(context, children.find(Field::kFunction));
  TreeNode arguments = children.find(Field::kArguments);
  uint32_t args = lowerArguments(context, arguments);
  NodeId out = addExpr(context, NodeKind::kCall, node.range(), {func.value, args});
  flagTrailingCommaOfCall(context, out, arguments.range());
  return hoistStar(context, func, out, 0);
}

}  // namespace krait::syntax::lowering
