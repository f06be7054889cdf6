// Repairs of tree-sitter's operator precedence. Its grammar binds `^` tighter than `&` (Python: the other way round,
// language reference 6.17) and joins the `|` of annotations to the right.
#include <algorithm>

#include "analyzer/syntax/lower_context.h"

namespace krait::syntax::lowering {

namespace {

// Operands and operators of an unparenthesised tree of `&` and `^`, in source order.
struct Chain {
  std::vector<NodeId> operands;
  std::vector<NodeId> operators;  // the BinOp nodes, to be used again
  std::vector<BinaryOp> ops;
};

}  // namespace

static bool isBitAndXor(const Ast& ast, NodeId id) {
  if (!ast.is(id, NodeKind::kBinOp) || ast.hasFlag(id, kParenthesized)) return false;
  BinaryOp op = ast.as<BinOp>(id).op();
  return op == BinaryOp::kBitAnd || op == BinaryOp::kBitXor;
}

static void flatten(const Ast& ast, NodeId id, Chain& chain) {
  std::vector<NodeId> pending = {id};
  std::vector<bool> is_operator_turn = {false};
  while (!pending.empty()) {
    NodeId current = pending.back();
    bool turn = is_operator_turn.back();
    pending.pop_back();
    is_operator_turn.pop_back();
    if (turn) {
      chain.operators.push_back(current);
      chain.ops.push_back(ast.as<BinOp>(current).op());
    } else if (isBitAndXor(ast, current)) {
      pending.insert(pending.end(), {ast.as<BinOp>(current).right(), current, ast.as<BinOp>(current).left()});
      is_operator_turn.insert(is_operator_turn.end(), {false, true, false});
    } else {
      chain.operands.push_back(current);
    }
  }
}

// The operand's range with the parentheses around it.
static TextRange outerRange(const LowerContext& context, NodeId id) {
  TextRange range = context.builder.ast().range(id);
  if (!context.builder.ast().hasFlag(id, kParenthesized)) return range;
  auto isBlank = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
  for (uint32_t at = range.begin; at > 0 && (isBlank(context.text[at - 1]) || context.text[at - 1] == '('); --at) {
    if (context.text[at - 1] == '(') range.begin = at - 1;
  }
  for (uint32_t at = range.end; at < context.text.size() && (isBlank(context.text[at]) || context.text[at] == ')'); ++at) {
    if (context.text[at] == ')') range.end = at + 1;
  }
  return range;
}

static NodeId join(LowerContext& context, NodeId node, BinaryOp op, NodeId left, NodeId right, TextRange whole) {
  context.builder.setDetail(node, static_cast<uint8_t>(op));
  context.builder.setSlot(node, 0, left.value);
  context.builder.setSlot(node, 1, right.value);
  TextRange range{outerRange(context, left).begin, outerRange(context, right).end};
  // A parenthesis that closes something around the whole chain is not the operand's.
  context.builder.setRange(node, {std::max(range.begin, whole.begin), std::min(range.end, whole.end)});
  return node;
}

NodeId fixBitwisePrecedence(LowerContext& context, NodeId node) {
  const Ast& ast = context.builder.ast();
  if (!isBitAndXor(ast, node)) return node;
  BinaryOp op = ast.as<BinOp>(node).op();
  auto isOther = [&](NodeId side) { return isBitAndXor(ast, side) && ast.as<BinOp>(side).op() != op; };
  if (!isOther(ast.as<BinOp>(node).left()) && !isOther(ast.as<BinOp>(node).right())) return node;
  TextRange whole = ast.range(node);
  Chain chain;
  flatten(ast, node, chain);
  NodeId xor_left;
  NodeId xor_node;
  NodeId group = chain.operands[0];
  for (size_t i = 0; i < chain.ops.size(); ++i) {
    if (chain.ops[i] == BinaryOp::kBitAnd) {
      group = join(context, chain.operators[i], BinaryOp::kBitAnd, group, chain.operands[i + 1], whole);
      continue;
    }
    xor_left = xor_node.valid() ? join(context, xor_node, BinaryOp::kBitXor, xor_left, group, whole) : group;
    xor_node = chain.operators[i];
    group = chain.operands[i + 1];
  }
  return xor_node.valid() ? join(context, xor_node, BinaryOp::kBitXor, xor_left, group, whole) : group;
}

NodeId joinTypeUnion(LowerContext& context, NodeId left, NodeId right, TextRange range) {
  const Ast& ast = context.builder.ast();
  auto isOpenUnion = [&](NodeId id) {
    return ast.is(id, NodeKind::kBinOp) && !ast.hasFlag(id, kParenthesized) && ast.as<BinOp>(id).op() == BinaryOp::kBitOr;
  };
  std::vector<NodeId> spine;
  NodeId first = right;
  while (isOpenUnion(first)) {
    spine.push_back(first);
    first = ast.as<BinOp>(first).left();
  }
  uint32_t first_end = spine.empty() ? range.end : outerRange(context, first).end;
  NodeId joined = addExpr(context, NodeKind::kBinOp, {range.begin, first_end}, {left.value, first.value},
                          static_cast<uint8_t>(BinaryOp::kBitOr));
  if (spine.empty()) return joined;
  context.builder.setSlot(spine.back(), 0, joined.value);
  for (NodeId node : spine) context.builder.setRange(node, {range.begin, ast.range(node).end});
  return right;
}

}  // namespace krait::syntax::lowering
