// Expressions but calls, strings and numbers.
#include <algorithm>
#include <cstring>

#include "analyzer/syntax/lower_context.h"

namespace krait::syntax::lowering {

static const Ast& astOf(const LowerContext& context) { return context.builder.ast(); }

NodeId lowerErrorExpr(LowerContext& context, const TreeNode& node) {
  context.suspect();
  context.has_errors = true;
  return addExpr(context, NodeKind::kErrorExpr, node.range(), {AstBuilder::kEmptyList});
}

static NodeId lowerName(LowerContext& context, const TreeNode& node) {
  return addExpr(context, NodeKind::kName, node.range(), {internName(context, node.range()).value});
}

NodeId lowerDottedName(LowerContext& context, const TreeNode& node) {
  if (node.symbol != Symbol::k_dotted_name) return lowerName(context, node);
  Children parts(context.reader(), node);
  NodeId out;
  for (uint32_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].is_named) continue;
    if (out.isNone()) {
      out = lowerName(context, parts[i]);
    } else {
      NodeId attr = addIdentifier(context, parts[i]);
      out = addExpr(context, NodeKind::kAttribute, {node.begin, parts[i].end}, {out.value, attr.value});
    }
  }
  return out;
}

NodeId hoistStar(LowerContext& context, NodeId leading, NodeId whole, uint32_t left_slot) {
  const Ast& ast = astOf(context);
  if (!ast.is(leading, NodeKind::kStarred) || ast.hasFlag(leading, kParenthesized)) return whole;
  NodeId value = ast.as<Starred>(leading).value();
  TextRange range = ast.range(whole);
  context.builder.setSlot(whole, left_slot, value.value);
  context.builder.setRange(whole, {ast.range(value).begin, range.end});
  context.builder.setSlot(leading, 0, whole.value);
  context.builder.setRange(leading, range);
  return leading;
}

static BinaryOp binaryOp(std::string_view text) {
  switch (text[0]) {
    case '+': return BinaryOp::kAdd;
    case '-': return BinaryOp::kSub;
    case '*': return text.size() == 2 ? BinaryOp::kPow : BinaryOp::kMult;
    case '/': return text.size() == 2 ? BinaryOp::kFloorDiv : BinaryOp::kDiv;
    case '@': return BinaryOp::kMatMult;
    case '%': return BinaryOp::kMod;
    case '|': return BinaryOp::kBitOr;
    case '&': return BinaryOp::kBitAnd;
    case '^': return BinaryOp::kBitXor;
    case '<': return BinaryOp::kLShift;
    default: return BinaryOp::kRShift;
  }
}

static NodeId lowerBinary(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  NodeId left = lowerExpr(context, children.find(Field::kLeft));
  NodeId right = lowerExpr(context, children.find(Field::kRight));
  BinaryOp op = binaryOp(context.textOf(children.find(Field::kOperator).range()));
  NodeId out = addExpr(context, NodeKind::kBinOp, node.range(), {left.value, right.value}, static_cast<uint8_t>(op));
  return fixBitwisePrecedence(context, hoistStar(context, left, out, 0));
}

static NodeId lowerUnary(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  UnaryOperator op = UnaryOperator::kNot;
  if (node.symbol == Symbol::k_unary_operator) {
    char c = context.text[node.begin];
    op = c == '-' ? UnaryOperator::kUSub : c == '+' ? UnaryOperator::kUAdd : UnaryOperator::kInvert;
  }
  NodeId operand = lowerExpr(context, children.find(Field::kArgument));
  return addExpr(context, NodeKind::kUnaryOp, node.range(), {operand.value}, static_cast<uint8_t>(op));
}

// `a and b and c` nests to the left in tree-sitter; here it is one BoolOp of three values.
static NodeId lowerBoolean(LowerContext& context, const TreeNode& node) {
  std::vector<TreeNode> rights;
  TreeNode current = node;
  char first = 0;
  while (true) {
    Children children(context.reader(), current);
    TreeNode op = children.find(Field::kOperator);
    if (first == 0) first = context.text[op.begin];
    rights.push_back(children.find(Field::kRight));
    TreeNode left = children.find(Field::kLeft);
    if (left.symbol == Symbol::k_boolean_operator) {
      Children inner(context.reader(), left);
      if (context.text[inner.find(Field::kOperator).begin] == first) {
        current = left;
        continue;
      }
    }
    rights.push_back(left);
    break;
  }
  ListScope values(context);
  for (size_t i = rights.size(); i-- > 0;) values.add(lowerExpr(context, rights[i]));
  BoolOperator op = first == 'a' ? BoolOperator::kAnd : BoolOperator::kOr;
  NodeId leading = values.items()[0];
  if (astOf(context).is(leading, NodeKind::kStarred)) context.suspect();
  return addExpr(context, NodeKind::kBoolOp, node.range(), {values.store()}, static_cast<uint8_t>(op));
}

static CompareOperator compareOp(LowerContext& context, std::string_view text) {
  switch (text[0]) {
    case '=': return CompareOperator::kEq;
    case '!': return CompareOperator::kNotEq;
    case '<':
      if (text == "<>") context.suspect();
      return text == "<=" ? CompareOperator::kLtE : text == "<" ? CompareOperator::kLt : CompareOperator::kNotEq;
    case '>': return text.size() == 2 ? CompareOperator::kGtE : CompareOperator::kGt;
    case 'n': return CompareOperator::kNotIn;
    case 'i':
      if (text == "in") return CompareOperator::kIn;
      return text == "is" ? CompareOperator::kIs : CompareOperator::kIsNot;
    default: return CompareOperator::kEq;
  }
}

static NodeId lowerComparison(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  NodeId left;
  uint32_t comparators = AstBuilder::kEmptyList;
  size_t operand_count = 0;
  {
    ListScope operands(context);
    for (uint32_t i = 0; i < children.size(); ++i) {
      if (children[i].is_named) operands.add(lowerExpr(context, children[i]));
    }
    operand_count = operands.size();
    if (operand_count < 2) return lowerErrorExpr(context, node);
    left = operands.items()[0];
    comparators = context.builder.list(operands.items().subspan(1));
  }
  ListScope ops(context);
  for (uint32_t i = 0; i < children.size(); ++i) {
    if (children[i].is_named) continue;
    CompareOperator op = compareOp(context, context.textOf(children[i].range()));
    ops.add(NodeId(static_cast<uint32_t>(op)));
  }
  if (ops.size() + 1 != operand_count) return lowerErrorExpr(context, node);
  if (astOf(context).is(left, NodeKind::kStarred)) context.suspect();
  return addExpr(context, NodeKind::kCompare, node.range(), {left.value, ops.store(), comparators});
}

static NodeId lowerNamedExpr(LowerContext& context, const TreeNode& node) {
  if (context.walrus_allowed_at != node.begin) context.suspect();
  Children children(context.reader(), node);
  NodeId target = lowerName(context, children.find(Field::kName));
  setContext(context, target, ExprContext::kStore);
  NodeId value = lowerExpr(context, children.find(Field::kValue));
  return addExpr(context, NodeKind::kNamedExpr, node.range(), {target.value, value.value});
}

// The range of an expression that may end with a with item's `as`.
static TextRange rangeBeforeAs(const LowerContext& context, const TreeNode& node) {
  bool ends_with_as = context.item_as_at != 0xffffffffu && node.begin <= context.item_as_at && node.end == context.item_as_end;
  return {node.begin, ends_with_as ? context.item_value_end : node.end};
}

static NodeId lowerLambda(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  NodeId params = lowerParameters(context, children.find(Field::kParameters), node.begin + 6);
  NodeId body = lowerExpr(context, children.find(Field::kBody));
  if (astOf(context).is(body, NodeKind::kStarred) || astOf(context).is(body, NodeKind::kNamedExpr)) context.suspect();
  return addExpr(context, NodeKind::kLambda, rangeBeforeAs(context, node), {params.value, body.value});
}

// `a := b if c else d` is read as (a := b) if c else d; Python gives the name the choice.
static NodeId lowerConditional(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  NodeId parts[3], target;
  uint32_t count = 0, begin = node.begin;
  for (uint32_t i = 0; i < children.size() && count < 3; ++i) {
    if (!children[i].is_named) continue;
    if (count > 0 || children[i].symbol != Symbol::k_named_expression) {
      parts[count++] = lowerExpr(context, children[i]);
      continue;
    }
    if (context.walrus_allowed_at != children[i].begin) context.suspect();
    Children named(context.reader(), children[i]);
    target = lowerName(context, named.find(Field::kName));
    setContext(context, target, ExprContext::kStore);
    TreeNode value = named.find(Field::kValue);
    begin = value.begin;
    parts[count++] = lowerExpr(context, value);
  }
  if (count < 3) return lowerErrorExpr(context, node);
  for (NodeId part : parts) {
    if (astOf(context).is(part, NodeKind::kStarred)) context.suspect();
  }
  TextRange range = rangeBeforeAs(context, node);
  NodeId choice = addExpr(context, NodeKind::kIfExp, {begin, range.end}, {parts[0].value, parts[1].value, parts[2].value});
  return target.valid() ? addExpr(context, NodeKind::kNamedExpr, range, {target.value, choice.value}) : choice;
}

// `await a ** b` is read as await (a ** b); Python awaits first.
static NodeId lowerAwait(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  NodeId value = lowerExpr(context, children.firstNamed());
  const Ast& ast = astOf(context);
  std::vector<NodeId> spine;
  NodeId leftmost = value;
  while (ast.is(leftmost, NodeKind::kBinOp) && !ast.hasFlag(leftmost, kParenthesized)) {
    spine.push_back(leftmost);
    leftmost = ast.as<BinOp>(leftmost).left();
  }
  bool is_primary = !ast.is(leftmost, NodeKind::kUnaryOp) && !ast.is(leftmost, NodeKind::kAwait);
  if (!is_primary && !ast.hasFlag(leftmost, kParenthesized)) context.suspect();
  uint32_t end = spine.empty() ? node.end : ast.range(leftmost).end;
  if (ast.hasFlag(leftmost, kParenthesized) && !spine.empty()) {
    while (end < node.end && context.text[end] != ')') ++end;
    ++end;
  }
  NodeId awaited = addExpr(context, NodeKind::kAwait, {node.begin, end}, {leftmost.value});
  if (spine.empty()) return awaited;
  context.builder.setSlot(spine.back(), 0, awaited.value);
  for (NodeId op : spine) context.builder.setRange(op, {node.begin, ast.range(op).end});
  return value;
}

static NodeId lowerYield(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  TreeNode value = children.firstNamed();
  if (children.has(Symbol::kTokenFrom)) {
    NodeId lowered = exists(value) ? lowerExpr(context, value) : lowerErrorExpr(context, node);
    return addExpr(context, NodeKind::kYieldFrom, node.range(), {lowered.value});
  }
  NodeId lowered;
  if (value.symbol == Symbol::k_expression_list) {
    Children parts(context.reader(), value);
    lowered = lowerExprList(context, parts, 0, parts.size());
  } else if (exists(value)) {
    lowered = lowerExpr(context, value);
  }
  return addExpr(context, NodeKind::kYield, node.range(), {lowered.value});
}

static NodeId lowerAttribute(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  NodeId value = lowerExpr(context, children.find(Field::kObject));
  NodeId attr = addIdentifier(context, children.find(Field::kAttribute));
  NodeId out = addExpr(context, NodeKind::kAttribute, node.range(), {value.value, attr.value});
  return hoistStar(context, value, out, 0);
}

static NodeId lowerParenthesized(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  TreeNode inner = children.firstNamed();
  if (!exists(inner)) return lowerErrorExpr(context, node);
  context.allowWalrus(inner);
  NodeId out = lowerExpr(context, inner);
  if (astOf(context).is(out, NodeKind::kStarred)) context.suspect();
  context.builder.setFlag(out, kParenthesized);
  return out;
}

NodeId lowerExprList(LowerContext& context, const Children& children, uint32_t first, uint32_t last) {
  ListScope elements(context);
  TextRange range;
  bool has_comma = false;
  for (uint32_t i = first; i < last; ++i) {
    TreeNode child = children[i];
    if (child.symbol == Symbol::kTokenComma) {
      has_comma = true;
      range.end = child.end;
    } else if (child.is_named || child.symbol == Symbol::kError) {
      if (elements.size() == 0) range.begin = child.begin;
      range.end = child.end;
      NodeId element = lowerExpr(context, child);
      NodeKind kind = astOf(context).kind(element);
      if (kind == NodeKind::kNamedExpr && !astOf(context).hasFlag(element, kParenthesized)) context.suspect();
      elements.add(element);
    }
  }
  if (elements.size() == 0) return addExpr(context, NodeKind::kErrorExpr, range, {AstBuilder::kEmptyList});
  if (!has_comma) return elements.items()[0];
  for (NodeId element : elements.items()) {
    NodeKind kind = astOf(context).kind(element);
    if (!astOf(context).hasFlag(element, kParenthesized) && (kind == NodeKind::kYield || kind == NodeKind::kYieldFrom)) {
      context.suspect();
    }
  }
  return addExpr(context, NodeKind::kTuple, range, {elements.store()});
}

static NodeId lowerStar(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  TreeNode inner = children.firstNamed();
  if (!exists(inner)) return lowerErrorExpr(context, node);
  NodeId value = lowerExpr(context, inner);
  NodeKind kind = astOf(context).kind(value);
  if (kind == NodeKind::kStarred || kind == NodeKind::kNamedExpr) context.suspect();
  if ((kind == NodeKind::kBoolOp || kind == NodeKind::kCompare || kind == NodeKind::kIfExp ||
       kind == NodeKind::kLambda || kind == NodeKind::kUnaryOp) && !astOf(context).hasFlag(value, kParenthesized)) {
    context.suspect();  // fine as an argument, not in a display
  }
  return addExpr(context, NodeKind::kStarred, node.range(), {value.value});
}

void setContext(LowerContext& context, NodeId id, ExprContext expr_context) {
  const Ast& ast = astOf(context);
  switch (ast.kind(id)) {
    case NodeKind::kTuple:
    case NodeKind::kList:
      for (NodeId element : NodeList(ast.list(id, 0))) setContext(context, element, expr_context);
      break;
    case NodeKind::kStarred:
      if (expr_context == ExprContext::kDel) context.suspect();
      setContext(context, ast.as<Starred>(id).value(), expr_context);
      break;
    case NodeKind::kName: case NodeKind::kAttribute: case NodeKind::kSubscript: break;
    default: context.suspect(); return;
  }
  context.builder.setDetail(id, static_cast<uint8_t>(expr_context));
}

NodeId lowerTarget(LowerContext& context, const TreeNode& node, ExprContext expr_context) {
  if (!exists(node)) {
    context.suspect();
    return addExpr(context, NodeKind::kErrorExpr, {}, {AstBuilder::kEmptyList});
  }
  NodeId out;
  if (node.symbol == Symbol::k_pattern_list || node.symbol == Symbol::k_expression_list) {
    Children children(context.reader(), node);
    out = lowerExprList(context, children, 0, children.size());
  } else {
    out = lowerExpr(context, node);
  }
  setContext(context, out, expr_context);
  if (astOf(context).is(out, NodeKind::kStarred)) context.suspect();
  return out;
}

static NodeId lowerSingleton(LowerContext& context, const TreeNode& node, ConstantKind kind) {
  return addExpr(context, NodeKind::kConstant, node.range(), {0}, static_cast<uint8_t>(kind));
}

// See LowerContext::type_call_at.
static NodeId lowerTypeCall(LowerContext& context, const TreeNode& node) {
  context.type_call_at = 0xffffffffu;
  TextRange name_range{context.type_name_at, context.type_name_at + 4};
  NodeId name = addExpr(context, NodeKind::kName, name_range, {internName(context, name_range).value});
  TextRange range{name_range.begin, node.end};
  Children children(context.reader(), node);
  if (node.symbol == Symbol::k_list) {
    NodeId slice = lowerExprList(context, children, 1, children.size() - 1);
    return addExpr(context, NodeKind::kSubscript, range, {name.value, slice.value});
  }
  if (node.symbol == Symbol::k_generator_expression) {
    NodeId generator = lowerComprehension(context, node);
    return addExpr(context, NodeKind::kCall, range, {name.value, context.builder.list({generator})});
  }
  ListScope args(context);
  for (uint32_t i = 0; i < children.size(); ++i) {
    if (children[i].is_named) args.add(lowerExpr(context, children[i]));
  }
  return addExpr(context, NodeKind::kCall, range, {name.value, args.store()});
}

static NodeId lowerExprOf(LowerContext& context, const TreeNode& node) {
  if (node.begin == context.type_call_at &&
      (node.symbol == Symbol::k_parenthesized_expression || node.symbol == Symbol::k_tuple ||
       node.symbol == Symbol::k_list || node.symbol == Symbol::k_generator_expression)) {
    return lowerTypeCall(context, node);
  }
  switch (node.symbol) {
    case Symbol::k_identifier: return lowerName(context, node);
    case Symbol::k_dotted_name: return lowerDottedName(context, node);
    case Symbol::k_call: return lowerCall(context, node);
    case Symbol::k_attribute: return lowerAttribute(context, node);
    case Symbol::k_subscript: return lowerSubscript(context, node);
    case Symbol::k_string: case Symbol::k_concatenated_string: return lowerString(context, node);
    case Symbol::k_integer: case Symbol::k_float: return lowerNumber(context, node.range());
    case Symbol::k_true: return lowerSingleton(context, node, ConstantKind::kTrue);
    case Symbol::k_false: return lowerSingleton(context, node, ConstantKind::kFalse);
    case Symbol::k_none: return lowerSingleton(context, node, ConstantKind::kNone);
    case Symbol::k_ellipsis: return lowerSingleton(context, node, ConstantKind::kEllipsis);
    case Symbol::k_binary_operator: return lowerBinary(context, node);
    case Symbol::k_boolean_operator: return lowerBoolean(context, node);
    case Symbol::k_comparison_operator: return lowerComparison(context, node);
    case Symbol::k_unary_operator: case Symbol::k_not_operator: return lowerUnary(context, node);
    case Symbol::k_conditional_expression: return lowerConditional(context, node);
    case Symbol::k_lambda: return lowerLambda(context, node);
    case Symbol::k_as_pattern:
      if (node.begin != context.item_as_at || node.end != context.item_as_end) return lowerErrorExpr(context, node);
      return lowerExpr(context, Children(context.reader(), node).firstNamed());
    case Symbol::k_named_expression: return lowerNamedExpr(context, node);
    case Symbol::k_await: return lowerAwait(context, node);
    case Symbol::k_yield: return lowerYield(context, node);
    case Symbol::k_parenthesized_expression: return lowerParenthesized(context, node);
    case Symbol::k_tuple: case Symbol::k_tuple_pattern: return lowerTupleDisplay(context, node);
    case Symbol::k_list: case Symbol::k_list_pattern: return lowerDisplay(context, node, NodeKind::kList);
    case Symbol::k_set: return lowerDisplay(context, node, NodeKind::kSet);
    case Symbol::k_dictionary: return lowerDictionary(context, node);
    case Symbol::k_list_comprehension: case Symbol::k_set_comprehension: case Symbol::k_dictionary_comprehension:
    case Symbol::k_generator_expression: return lowerComprehension(context, node);
    case Symbol::k_list_splat: case Symbol::k_list_splat_pattern: return lowerStar(context, node);
    case Symbol::k_slice: return lowerSlice(context, node);
    case Symbol::k_type: return lowerType(context, node);
    default: return lowerErrorExpr(context, node);
  }
}

NodeId lowerExpr(LowerContext& context, const TreeNode& node) {
  DepthScope depth(context);
  if (depth.tooDeep() || !exists(node) || node.is_missing) return lowerErrorExpr(context, node);
  return lowerExprOf(context, node);
}

}  // namespace krait::syntax::lowering
