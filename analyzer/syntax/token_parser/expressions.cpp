// Operators, conditions, lambdas, yields; primaries with what follows them.
#include "analyzer/syntax/token_parser/token_parser.h"

namespace krait::syntax::lowering {

using enum TokenKind;

bool TokenParser::endsList() const {
  switch (kind()) {
    case kNewline: case kSemicolon: case kEqual: case kRightParen: case kRightBracket: case kRightBrace: case kColon: case kEndMarker:
    case kKwIn: case kExclamation: case kPlusEqual: case kMinusEqual: case kStarEqual: case kSlashEqual: case kPercentEqual:
    case kAmpersandEqual: case kPipeEqual: case kCaretEqual: case kLeftShiftEqual: case kRightShiftEqual: case kDoubleStarEqual:
    case kDoubleSlashEqual: case kAtEqual: return true;
    default: return false;
  }
}

NodeId TokenParser::tooDeep() {
  context_.has_errors = true;
  uint32_t at = begin();
  advance();
  return add(NodeKind::kErrorExpr, at, {AstBuilder::kEmptyList});
}

NodeId TokenParser::starred(bool is_argument) {
  uint32_t at = begin();
  advance();
  NodeId value = is_argument ? expression() : bitwiseOr();
  return add(NodeKind::kStarred, at, {value.value});
}

NodeId TokenParser::starExpression() { return is(kStar) ? starred(false) : expression(); }
NodeId TokenParser::starNamedExpression() { return is(kStar) ? starred(false) : namedExpression(); }

NodeId TokenParser::starExpressions() {
  uint32_t at = begin();
  NodeId first = starExpression();
  if (!is(kComma)) return first;
  ListScope elements(context_);
  elements.add(first);
  while (take(kComma) && !endsList()) elements.add(starExpression());
  return add(NodeKind::kTuple, at, {elements.store()});
}

NodeId TokenParser::targets(ExprContext expr_context) {
  uint32_t at = begin();
  auto target = [&] { return is(kStar) ? starred(false) : bitwiseOr(); };
  NodeId out = target();
  if (is(kComma)) {
    ListScope elements(context_);
    elements.add(out);
    while (take(kComma) && !endsList()) elements.add(target());
    out = add(NodeKind::kTuple, at, {elements.store()});
  }
  setContext(context_, out, expr_context);
  return out;
}

NodeId TokenParser::yieldOrStarExpressions() { return is(kKwYield) ? yieldExpression() : starExpressions(); }

NodeId TokenParser::yieldExpression() {
  uint32_t at = begin();
  advance();
  if (take(kKwFrom)) {
    NodeId value = expression();
    return add(NodeKind::kYieldFrom, at, {value.value});
  }
  NodeId value = endsList() ? NodeId::none() : starExpressions();
  return add(NodeKind::kYield, at, {value.value});
}

NodeId TokenParser::namedExpression() {
  if (!is(kName) || kind(1) != kColonEqual) return expression();
  uint32_t at = begin();
  NodeId target = name();
  setContext(context_, target, ExprContext::kStore);
  advance();
  NodeId value = expression();
  return add(NodeKind::kNamedExpr, at, {target.value, value.value});
}

NodeId TokenParser::expression() {
  DepthScope depth(context_);
  if (depth.tooDeep()) return tooDeep();
  if (is(kKwLambda)) return lambda();
  uint32_t at = begin();
  NodeId body = disjunction();
  if (!take(kKwIf)) return body;
  NodeId test = disjunction();
  take(kKwElse);
  NodeId orelse = expression();
  return add(NodeKind::kIfExp, at, {body.value, test.value, orelse.value});
}

NodeId TokenParser::lambda() {
  uint32_t at = begin();
  advance();
  NodeId params = is(kColon) ? context_.builder.add(NodeKind::kParameters, {at + 6, at + 6}, {AstBuilder::kEmptyList}) : parameters(kColon);
  take(kColon);
  NodeId body = expression();
  return add(NodeKind::kLambda, at, {params.value, body.value});
}

NodeId TokenParser::disjunction() { return boolean(true); }

NodeId TokenParser::boolean(bool is_or) {
  uint32_t at = begin();
  auto operand = [&] { return is_or ? boolean(false) : inversion(); };
  TokenKind word = is_or ? kKwOr : kKwAnd;
  NodeId first = operand();
  if (!is(word)) return first;
  ListScope values(context_);
  values.add(first);
  while (take(word)) values.add(operand());
  BoolOperator op = is_or ? BoolOperator::kOr : BoolOperator::kAnd;
  return add(NodeKind::kBoolOp, at, {values.store()}, static_cast<uint8_t>(op));
}

NodeId TokenParser::inversion() {
  if (!is(kKwNot)) return comparison();
  DepthScope depth(context_);
  if (depth.tooDeep()) return tooDeep();
  uint32_t at = begin();
  advance();
  NodeId operand = inversion();
  return add(NodeKind::kUnaryOp, at, {operand.value}, static_cast<uint8_t>(UnaryOperator::kNot));
}

NodeId TokenParser::comparison() {
  uint32_t at = begin();
  NodeId left = bitwiseOr();
  ListScope comparators(context_);
  std::vector<NodeId> ops;
  for (;;) {
    CompareOperator op;
    switch (kind()) {
      case kEqualEqual: op = CompareOperator::kEq; break;
      case kNotEqual: op = CompareOperator::kNotEq; break;
      case kLess: op = CompareOperator::kLt; break;
      case kLessEqual: op = CompareOperator::kLtE; break;
      case kGreater: op = CompareOperator::kGt; break;
      case kGreaterEqual: op = CompareOperator::kGtE; break;
      case kKwIn: op = CompareOperator::kIn; break;
      case kKwIs: op = kind(1) == kKwNot ? CompareOperator::kIsNot : CompareOperator::kIs; break;
      case kKwNot: op = CompareOperator::kNotIn; break;
      default:
        if (ops.empty()) return left;
        uint32_t stored = comparators.store();
        return add(NodeKind::kCompare, at, {left.value, context_.builder.list(ops), stored});
    }
    advance();
    if (op == CompareOperator::kIsNot || op == CompareOperator::kNotIn) advance();
    ops.push_back(NodeId(static_cast<uint32_t>(op)));
    comparators.add(bitwiseOr());
  }
}

namespace {
struct Operator {
  TokenKind token;
  int level;  // the higher, the tighter it binds
  BinaryOp op;
};
constexpr Operator kOperators[] = {
    {kPipe, 0, BinaryOp::kBitOr},    {kCaret, 1, BinaryOp::kBitXor},       {kAmpersand, 2, BinaryOp::kBitAnd}, {kLeftShift, 3, BinaryOp::kLShift},
    {kRightShift, 3, BinaryOp::kRShift}, {kPlus, 4, BinaryOp::kAdd},       {kMinus, 4, BinaryOp::kSub},        {kStar, 5, BinaryOp::kMult},
    {kSlash, 5, BinaryOp::kDiv},     {kDoubleSlash, 5, BinaryOp::kFloorDiv}, {kPercent, 5, BinaryOp::kMod},    {kAt, 5, BinaryOp::kMatMult},
};
}  // namespace

static const Operator* operatorOf(TokenKind kind) {
  for (const Operator& known : kOperators) {
    if (known.token == kind) return &known;
  }
  return nullptr;
}

NodeId TokenParser::binary(int level) {
  uint32_t at = begin(), outer_depth = context_.depth;
  NodeId left = factor();
  for (const Operator* found; (found = operatorOf(kind())) != nullptr && found->level >= level;) {
    advance();
    NodeId right = binary(found->level + 1);
    left = ++context_.depth > kMaxDepth ? tooDeep() : add(NodeKind::kBinOp, at, {left.value, right.value}, static_cast<uint8_t>(found->op));
  }
  context_.depth = outer_depth;
  return left;
}

NodeId TokenParser::factor() {
  UnaryOperator op;
  switch (kind()) {
    case kPlus: op = UnaryOperator::kUAdd; break;
    case kMinus: op = UnaryOperator::kUSub; break;
    case kTilde: op = UnaryOperator::kInvert; break;
    default: return power();
  }
  DepthScope depth(context_);
  if (depth.tooDeep()) return tooDeep();
  uint32_t at = begin();
  advance();
  NodeId operand = factor();
  return add(NodeKind::kUnaryOp, at, {operand.value}, static_cast<uint8_t>(op));
}

NodeId TokenParser::power() {
  uint32_t at = begin();
  NodeId left = awaitPrimary();
  if (!is(kDoubleStar)) return left;
  DepthScope depth(context_);
  if (depth.tooDeep()) return tooDeep();
  advance();
  NodeId right = factor();
  return add(NodeKind::kBinOp, at, {left.value, right.value}, static_cast<uint8_t>(BinaryOp::kPow));
}

NodeId TokenParser::awaitPrimary() {
  if (!is(kKwAwait)) return primary();
  uint32_t at = begin();
  advance();
  NodeId value = primary();
  return add(NodeKind::kAwait, at, {value.value});
}

NodeId TokenParser::primary() {
  uint32_t at = begin(), outer_depth = context_.depth;
  NodeId value = atom();
  for (;;) {
    if (++context_.depth > kMaxDepth) return tooDeep();
    if (take(kDot)) {
      NodeId attr = identifier();
      value = add(NodeKind::kAttribute, at, {value.value, attr.value});
    } else if (is(kLeftParen)) {
      uint32_t open = begin();
      uint32_t args = arguments();
      value = add(NodeKind::kCall, at, {value.value, args});
      flagTrailingCommaOfCall(context_, value, from(open));
    } else if (take(kLeftBracket)) {
      NodeId index = slices();
      take(kRightBracket);
      value = add(NodeKind::kSubscript, at, {value.value, index.value});
    } else {
      break;
    }
  }
  context_.depth = outer_depth;
  return value;
}

}  // namespace krait::syntax::lowering
