// Functions, classes, parameters and type parameters of a broken text.
#include "analyzer/syntax/recovery/parser_state.h"

namespace krait::syntax::recovery {

using enum TokenKind;

void RecoveringParser::function() {
  bump();
  identifier();
  typeParameters();
  expect(kLeftParen);
  parameters(List::kParameters, kRightParen);
  expect(kRightParen);
  if (take(kArrow)) {
    if (atExpression()) {
      Expr type = expressionList(kPlain);
      if (type.isBare(Form::kTuple)) say(type.range, "Multiple return types must be parenthesized");
    } else {
      sayHere("Expected an expression");
    }
  }
  expect(kColon);
  body("function definition");
}

void RecoveringParser::classDefinition() {
  bump();
  identifier();
  typeParameters();
  if (is(kLeftParen)) arguments(true);
  expect(kColon);
  body("`class` definition");
}

struct RecoveringParser::Parameters {
  bool has_any = false, has_default = false, has_slash = false, has_star = false, has_star_parameter = false, has_keyword_only = false, has_double_star = false;
  bool is_star_open = false;  // a star alone that no parameter followed yet
  TextRange star;
};

void RecoveringParser::parameter(Parameters& seen, bool is_lambda) {
  uint32_t start = begin();
  if (seen.has_double_star) sayHere("Parameter cannot follow var-keyword parameter");
  auto annotation = [&](Allowed allowed) {
    if (is_lambda || !take(kColon)) return;
    if (atExpression()) {
      Expr type = expression(allowed);
      if (type.isBare(Form::kStarred)) need(11, type.range, "Cannot use star annotation");
    } else {
      sayHere("Expected an expression");
    }
  };
  if (take(kSlash)) {
    TextRange slash{start, last_end_};
    need(8, slash, "Cannot use positional-only parameter separator");
    if (!seen.has_any) say(slash, "Position-only parameter separator not allowed as first parameter");
    if (seen.has_slash) say(slash, "Only one '/' separator allowed");
    if (seen.has_star || seen.has_star_parameter) say(slash, "'/' parameter must appear before '*' parameter");
    seen.has_slash = seen.has_any = true;
    return;
  }
  if (take(kStar)) {
    TextRange star{start, last_end_};
    if (is(kName)) {
      identifier();
      annotation(kStarredOperand);
      TextRange whole = from(start);
      if (is(kEqual)) sayHere("Parameter with `*` or `**` cannot have default value");
      if (seen.has_star || seen.has_star_parameter) say(whole, "Only one '*' parameter allowed");
      seen.has_star_parameter = true;
      seen.is_star_open = false;
    } else {
      if (seen.has_star) say(star, "Only one '*' separator allowed");
      if (seen.has_star_parameter) say(star, "Keyword-only parameter separator not allowed after '*' parameter");
      seen.has_star = seen.is_star_open = true;
      seen.star = star;
    }
    seen.has_any = true;
    return;
  }
  if (take(kDoubleStar)) {
    identifier();
    annotation(kPlain);
    TextRange whole = from(start);
    if (seen.has_double_star) say(whole, "Only one '**' parameter allowed");
    if (is(kEqual)) sayHere("Parameter with `*` or `**` cannot have default value");
    if (seen.has_star && !seen.has_keyword_only) say(whole, "Expected one or more keyword parameter after `*` separator");
    seen.has_double_star = seen.has_any = true;
    seen.is_star_open = false;
    return;
  }
  identifier();
  annotation(kPlain);
  bool has_default = is(kEqual);
  if (take(kEqual)) {
    has_default = atExpression();
    if (has_default) expression();
    else sayHere("Expected an expression");
  }
  bool is_keyword_only = seen.has_star || seen.has_star_parameter;
  if (!has_default && seen.has_default && !is_keyword_only) say(from(start), "Parameter without a default cannot follow a parameter with a default");
  seen.has_default |= has_default;
  seen.has_keyword_only |= is_keyword_only;
  seen.has_any = true;
  seen.is_star_open = false;
}

void RecoveringParser::parameters(List list, TokenKind) {
  Parameters seen;
  parseCommaList(list, [&] { parameter(seen, list == List::kLambdaParameters); });
  if (seen.is_star_open) say(seen.star, "Expected one or more keyword parameter after `*` separator");
}

void RecoveringParser::typeParameters() {
  uint32_t start = begin();
  if (!take(kLeftBracket)) return;
  size_t count = 0;
  parseCommaList(List::kTypeParams, [&] {
    typeParameter();
    ++count;
  });
  if (count == 0) sayHere("Type parameter list cannot be empty");
  expect(kRightBracket);
  need(12, from(start), "Cannot use type parameter lists");
}

void RecoveringParser::typeParameter() {
  bool is_star = take(kStar), is_plain = !is_star && !take(kDoubleStar);
  identifier();
  auto value = [&](Allowed allowed) {
    if (atExpression()) {
      Expr type = expression(allowed);
    } else {
      sayHere("Expected an expression");
    }
  };
  if (is_plain && take(kColon)) value(kPlain);
  uint32_t equal = begin();
  if (!take(kEqual)) return;
  value(is_star ? kStarredOperand : kPlain);
  need(13, from(equal), "Cannot set default type for a type parameter");
}

}  // namespace krait::syntax::recovery
