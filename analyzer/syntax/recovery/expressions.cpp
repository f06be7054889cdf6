// Operators, conditions, lambdas and yields of a broken text.
#include "analyzer/syntax/recovery/parser_state.h"

namespace krait::syntax::recovery {

using enum TokenKind;

Expr RecoveringParser::expressionList(Allowed allowed) {
  uint32_t start = begin();
  Expr first = expression(allowed);
  if (!is(kComma)) return first;
  return tupleRest(std::move(first), start, false, [&] { return expression(allowed); });
}

Expr RecoveringParser::tupleRest(Expr first, uint32_t start, bool in_parens, const std::function<Expr()>& element) {
  Expr tuple{.form = Form::kTuple, .is_parenthesized = in_parens};
  tuple.parts.push_back(std::move(first));
  if (!atSequenceEnd()) expect(kComma);
  parseCommaList(in_parens ? List::kTupleElementsInParens : List::kTupleElements, [&] { tuple.parts.push_back(element()); });
  if (in_parens) expect(kRightParen);
  tuple.range = from(start);
  return tuple;
}

Expr RecoveringParser::namedExpression(Allowed allowed) {
  uint32_t start = begin();
  Expr target = expression(allowed);
  if (!take(kColonEqual)) return target;
  if (target.form != Form::kName) say(target.range, "Assignment expression target must be an identifier");
  expression();
  need(8, from(start), "Cannot use named assignment expression (`:=`)");
  return {.form = Form::kNamed, .range = from(start)};
}

Expr RecoveringParser::expression(Allowed allowed) {
  Depth depth(*this);
  if (gave_up_) return {.range = missing(), .is_missing = true};
  if (is(kKwLambda)) return lambda();
  uint32_t start = begin();
  Expr body = binary(Precedence::kNone, allowed);
  return is(kKwIf) ? conditional(std::move(body), start) : body;
}

Expr RecoveringParser::conditional(Expr, uint32_t start) {
  bump();
  binary(Precedence::kNone, kPlain);
  expect(kKwElse);
  expression();
  return {.form = Form::kConditional, .range = from(start)};
}

Expr RecoveringParser::lambda() {
  uint32_t start = begin();
  bump();
  if (!is(kColon)) parameters(List::kLambdaParameters, kColon);
  expect(kColon);
  expression();
  return {.form = Form::kLambda, .range = from(start)};
}

Expr RecoveringParser::binary(Precedence left, Allowed allowed) {
  Depth depth(*this);
  if (gave_up_) return {.range = missing(), .is_missing = true};
  uint32_t start = begin();
  Expr first = operand(left, allowed);
  return binaryRest(std::move(first), left, allowed, start);
}

static Precedence precedenceOf(TokenKind kind) {
  switch (kind) {
    case kKwOr: return Precedence::kOr;
    case kKwAnd: return Precedence::kAnd;
    case kEqualEqual: case kNotEqual: case kLess: case kLessEqual: case kGreater: case kGreaterEqual: case kKwIn: case kKwIs: case kKwNot: return Precedence::kComparison;
    case kPipe: return Precedence::kBitOr;
    case kCaret: return Precedence::kBitXor;
    case kAmpersand: return Precedence::kBitAnd;
    case kLeftShift: case kRightShift: return Precedence::kShift;
    case kPlus: case kMinus: return Precedence::kSum;
    case kStar: case kSlash: case kDoubleSlash: case kPercent: case kAt: return Precedence::kProduct;
    case kDoubleStar: return Precedence::kPower;
    default: return Precedence::kNone;
  }
}

Expr RecoveringParser::binaryRest(Expr left, Precedence outer, Allowed allowed, uint32_t start) {
  while (!gave_up_) {
    TokenKind operation = kind();
    Precedence precedence = precedenceOf(operation);
    if (precedence == Precedence::kNone || (operation == kKwIn && !allowed.in_operator)) break;
    if (operation == kKwNot && peek().kind != kKwIn) break;
    if (precedence == Precedence::kPower ? precedence < outer : precedence <= outer) break;
    bump();
    if (operation == kKwNot || (operation == kKwIs && is(kKwNot))) bump();
    binary(precedence, allowed);
    bool repeats = precedence <= Precedence::kComparison;
    while (repeats && !gave_up_ && precedenceOf(kind()) == precedence && !(is(kKwIn) && !allowed.in_operator) && !(is(kKwNot) && peek().kind != kKwIn)) {
      bool is_two_words = is(kKwNot) || is(kKwIs);
      bool is_not = is(kKwNot);
      bump();
      if (is_two_words && (is_not || is(kKwNot))) bump();
      binary(precedence, allowed);
    }
    Form form = precedence <= Precedence::kAnd ? Form::kBoolean : repeats ? Form::kComparison : Form::kOther;
    left = {.form = form, .range = from(start)};
  }
  return left;
}

Expr RecoveringParser::operand(Precedence left, Allowed allowed) {
  uint32_t start = begin();
  switch (kind()) {
    case kKwNot: case kPlus: case kMinus: case kTilde: {
      std::string sign(tokenKindText(kind()));
      bool is_not = is(kKwNot);
      bump();
      Expr value = binary(is_not ? Precedence::kNot : Precedence::kSign, allowed);
      Expr whole{.form = value.form == Form::kReal || value.form == Form::kImaginary ? value.form : Form::kOther, .range = from(start), .unary = sign[0]};
      if (is_not) whole.form = Form::kBoolean;
      if (is_not && left > Precedence::kNot) say(whole.range, "Boolean 'not' expression cannot be used here");
      if (!is_not && left > Precedence::kSign && left != Precedence::kPower) say(whole.range, "Unary '" + sign + "' expression cannot be used here");
      return whole;
    }
    case kStar: {
      Expr value = starred(allowed);
      if (left > Precedence::kNone || !allowed.starred) say(value.range, "Starred expression cannot be used here");
      return value;
    }
    case kKwAwait: {
      bump();
      binary(Precedence::kAwait, kPlain);
      Expr value{.range = from(start)};
      if (left == Precedence::kAwait) say(value.range, "Await expression cannot be used here");
      return value;
    }
    case kKwLambda: {
      Expr value = lambda();
      say(value.range, "Lambda expression cannot be used here");
      return value;
    }
    case kKwYield: {
      Expr value = yieldExpression();
      if (left > Precedence::kNone || !allowed.yield) say(value.range, "Yield expression cannot be used here");
      return value;
    }
    default: {
      if ((is(kKwIn) && !allowed.in_operator) || (allowed.before_for && beginsComprehension())) return noName();
      Expr value = atom();
      return postfix(std::move(value), start, allowed);
    }
  }
}

// What stands where no condition may.
Expr RecoveringParser::bitwiseOnly(Allowed allowed) {
  Expr value = expression(allowed);
  if (value.is_parenthesized) return value;
  switch (value.form) {
    case Form::kComparison: say(value.range, "Comparison expression cannot be used here"); break;
    case Form::kBoolean: say(value.range, "Boolean expression cannot be used here"); break;
    case Form::kConditional: say(value.range, "Conditional expression cannot be used here"); break;
    case Form::kLambda: say(value.range, "Lambda expression cannot be used here"); break;
    default: break;
  }
  return value;
}

Expr RecoveringParser::starred(Allowed allowed) {
  uint32_t start = begin();
  bump();
  Expr whole{.form = Form::kStarred};
  Allowed inner{.in_operator = allowed.in_operator};
  whole.parts.push_back(allowed.star_takes_condition ? expression(inner) : bitwiseOnly(inner));
  whole.range = from(start);
  return whole;
}

Expr RecoveringParser::yieldExpression() {
  uint32_t start = begin();
  bump();
  if (take(kKwFrom)) {
    Expr value = expressionList(kStarredOperand);
    if (value.isBare(Form::kTuple)) say(value.range, "Unparenthesized tuple expression cannot be used here");
    if (value.isBare(Form::kStarred)) say(value.range, "Starred expression cannot be used here");
  } else if (atExpression()) {
    needUnpacking(8, expressionList(kStarredOperand), "Cannot use iterable unpacking in yield expressions");
  }
  return {.form = Form::kYield, .range = from(start)};
}

Expr RecoveringParser::postfix(Expr left, uint32_t start, Allowed allowed) {
  while (!gave_up_) {
    if (is(kLeftParen)) {
      arguments(false);
      left = {.form = Form::kCall};
    } else if (is(kLeftBracket)) {
      left = subscript(start);
    } else if (take(kDot)) {
      if (is(kKwIn) && !allowed.in_operator) noName();
      else identifier();
      left = {.form = Form::kAttribute};
    } else {
      break;
    }
    left.range = from(start);
  }
  return left;
}

Expr RecoveringParser::subscript(uint32_t start) {
  bump();
  Expr whole{.form = Form::kSubscript};
  if (is(kRightBracket)) {
    sayHere("Expected index or slice expression");
    bump();
    whole.range = from(start);
    return whole;
  }
  auto element = [&] {
    Expr made = slice();
    if (made.isBare(Form::kStarred)) need(11, made.range, "Cannot use star expression in index");
    if (made.isBare(Form::kNamed)) need(9, made.range, "Cannot use unparenthesized assignment expression in a sequence index");
  };
  element();
  if (take(kComma)) parseCommaList(List::kSlices, element);
  expect(kRightBracket);
  whole.range = from(start);
  return whole;
}

Expr RecoveringParser::slice() {
  uint32_t start = begin();
  if (atExpression()) {
    Expr lower = namedExpression(kStarredCondition);
    if (isAnyOf({kRightBracket, kComma, kNewline, kEndMarker})) return lower;
    if (lower.isBare(Form::kStarred)) say(lower.range, "Starred expression cannot be used here");
    if (lower.isBare(Form::kNamed)) say(lower.range, "Unparenthesized named expression cannot be used here");
  }
  expect(kColon);
  if (!isAnyOf({kComma, kColon, kRightBracket, kNewline, kEndMarker})) expression();
  if (take(kColon) && !isAnyOf({kComma, kRightBracket, kNewline, kEndMarker})) expression();
  return {.range = from(start)};
}

}  // namespace krait::syntax::recovery
