// `match` statements and their patterns in a broken text.
#include "analyzer/syntax/recovery/parser_state.h"

namespace krait::syntax::recovery {

using enum TokenKind;

static constexpr std::string_view kBadStarPattern = "Star pattern cannot be used here";

// Whether `match` begins a statement by what follows; both: it has to be tried.
static bool isSurelyMatch(TokenKind next, TokenKind after) {
  switch (next) {
    case kKwNot: return after != kKwIn;
    case kName: case kNumber: case kString: case kFStringStart: case kTStringStart: case kLeftBrace: case kTilde: case kEllipsis: case kKwAwait: case kKwYield:
    case kKwLambda: case kKwTrue: case kKwFalse: case kKwNone: return true;
    default: return false;
  }
}
static bool isMaybeMatch(TokenKind next) {
  return next == kLeftParen || next == kLeftBracket || next == kStar || next == kMinus || next == kPlus;
}

// False: it is none, and nothing was read.
bool RecoveringParser::matchStatement() {
  Token next = peek();
  bool is_sure = isSurelyMatch(next.kind, next.kind == kKwNot ? peek(2).kind : kEndMarker);
  if (!is_sure && !isMaybeMatch(next.kind)) return false;
  State before = save();
  if (is_sure) need(10, range(), "Cannot use `match` statement");
  bump();
  uint32_t start = begin();
  Expr subject = namedExpression(kStarredOperand);
  if (is(kComma)) tupleRest(std::move(subject), start, false, [&] { return namedExpression(kStarredOperand); });
  else if (subject.isBare(Form::kStarred)) say(subject.range, "Starred expression cannot be used here");
  if (is_sure || is(kColon)) {
    bool is_other = !is_sure && peek().kind != kNewline;
    if (!is_other) {
      matchRest();
      return true;
    }
  } else if (is(kNewline) && peek().kind == kIndent) {
    Token third = peek(2);
    if (third.kind == kName && text(third.range()) == "case") {
      matchRest();
      return true;
    }
  }
  restore(std::move(before));
  return false;
}

void RecoveringParser::matchRest() {
  expect(kColon);
  expect(kNewline);
  bool is_indented = take(kIndent);
  if (!is_indented) sayHere("Expected an indented block after `match` statement");
  if (!isWord("case")) {
    sayHere("Expected `case` block");
    return;
  }
  while (isWord("case") && !gave_up_) {
    bump();
    patterns();
    if (take(kKwIf)) {
      if (atExpression()) namedExpression(kPlain);
      else sayHere("Expected an expression");
    }
    expect(kColon);
    body("`case` block");
  }
  expect(kDedent);
}

void RecoveringParser::patterns() {
  uint32_t start = begin();
  Pattern first = pattern(true);
  if (is(kComma)) {
    bump();
    sequencePattern(start, List::kSequencePattern, kColon);
  } else if (first.kind == Pattern::Kind::kStar) {
    say(first.range, std::string(kBadStarPattern));
  }
}

Pattern RecoveringParser::pattern(bool may_be_star) {
  Depth depth(*this);
  uint32_t start = begin();
  if (gave_up_) return {.range = missing()};
  Pattern left = closedPattern(may_be_star);
  if (is(kPipe)) {
    if (left.kind == Pattern::Kind::kStar) say(left.range, std::string(kBadStarPattern));
    while (take(kPipe)) closedPattern(false);
    left = {.range = from(start)};
  }
  if (take(kKwAs)) {
    if (left.kind == Pattern::Kind::kStar) say(left.range, std::string(kBadStarPattern));
    identifier();
    left = {.range = from(start)};
  }
  return left;
}

Pattern RecoveringParser::closedPattern(bool may_be_star) {
  uint32_t start = begin();
  Pattern left;
  switch (kind()) {
    case kLeftBrace: left = mappingPattern(); break;
    case kStar: {
      bump();
      identifier();
      left = {.kind = Pattern::Kind::kStar, .range = from(start)};
      if (!may_be_star) say(left.range, std::string(kBadStarPattern));
      break;
    }
    case kLeftParen: case kLeftBracket: left = bracketedPattern(); break;
    default: left = literalPattern();
  }
  if (is(kLeftParen)) left = classPattern(left, start);
  if (is(kPlus) || is(kMinus)) left = complexPattern(left, start);
  return left;
}

Pattern RecoveringParser::literalPattern() {
  uint32_t start = begin();
  auto value = [&](Expr made) {
    TextRange place = made.range;
    return Pattern{.kind = Pattern::Kind::kValue, .value = std::move(made), .range = place};
  };
  switch (kind()) {
    case kKwTrue: case kKwFalse: case kKwNone: case kNumber: case kString: case kFStringStart: case kTStringStart: return value(atom());
    case kPlus: case kMinus: case kTilde:
      if (peek().kind == kNumber) {
        Expr number = operand(Precedence::kNone, kPlain);
        if (number.form != Form::kReal && number.form != Form::kImaginary) say(number.range, "Expected a numeric literal after unary operator");
        return value(std::move(number));
      }
      break;
    default: {
      if (!is(kName) && !isKeyword(kind())) break;
      Expr first = name();
      if (!is(kDot)) return {.kind = Pattern::Kind::kCapture, .value = first, .range = first.range};
      while (take(kDot)) identifier();
      return value({.form = Form::kAttribute, .range = from(start)});
    }
  }
  sayHere("Expected a pattern");
  return value({.form = Form::kName, .range = missing(), .is_missing = true});
}

// The elements after the first comma, or all of them inside brackets.
Pattern RecoveringParser::sequencePattern(uint32_t start, List list, TokenKind closing) {
  parseCommaList(list, [&] { pattern(true); });
  if (closing != kColon) expect(closing);
  return {.range = from(start)};
}

Pattern RecoveringParser::bracketedPattern() {
  uint32_t start = begin();
  bool is_list = is(kLeftBracket);
  bump();
  TokenKind closing = is_list ? kRightBracket : kRightParen;
  List list = is_list ? List::kSequencePatternInBrackets : List::kSequencePatternInParens;
  if (atLineEnd() || is(kColon)) sayHere(is_list ? "Missing ']'" : "Missing ')'");
  if (take(closing)) return {.range = from(start)};
  Pattern first = pattern(true);
  if (!is_list && !is(kComma)) {
    if (first.kind == Pattern::Kind::kStar) say(first.range, std::string(kBadStarPattern));
    expect(kRightParen);
    if (first.kind == Pattern::Kind::kStar) first.kind = Pattern::Kind::kOther;
    return first;
  }
  if (!is(closing)) expect(kComma);
  return sequencePattern(start, list, closing);
}

Pattern RecoveringParser::mappingPattern() {
  uint32_t start = begin();
  bump();
  bool has_rest = false;
  parseCommaList(List::kMappingPattern, [&] {
    uint32_t at = begin();
    if (take(kDoubleStar)) {
      bool is_wildcard = isWord("_");
      TextRange name = identifier();
      if (has_rest) say(from(at), "Only one double star pattern is allowed");
      else if (is_wildcard) say(name, "cannot use '_' as a target");
      has_rest = true;
      return;
    }
    Pattern key = closedPattern(false);
    if (key.kind != Pattern::Kind::kValue) say(key.range, "Invalid mapping pattern key");
    expect(kColon);
    pattern(false);
    if (has_rest) say(from(at), "Pattern cannot follow a double star pattern");
  });
  expect(kRightBrace);
  return {.range = from(start)};
}

Pattern RecoveringParser::classPattern(const Pattern& cls, uint32_t start) {
  bump();
  bool has_keyword = false;
  parseCommaList(List::kClassPattern, [&] {
    Pattern each = pattern(false);
    if (take(kEqual)) {
      has_keyword = true;
      if (each.kind != Pattern::Kind::kCapture) say(each.range, "Expected an identifier for the keyword pattern");
      pattern(false);
    } else if (has_keyword) {
      say(each.range, "Positional patterns cannot follow keyword patterns");
    }
  });
  expect(kRightParen);
  bool is_name = cls.kind == Pattern::Kind::kCapture || (cls.kind == Pattern::Kind::kValue && (cls.value.form == Form::kAttribute || cls.value.form == Form::kName));
  if (!is_name) say(cls.range, "Invalid value for a class pattern");
  return {.range = from(start)};
}

Pattern RecoveringParser::complexPattern(const Pattern& real, uint32_t start) {
  bool is_real = real.kind == Pattern::Kind::kValue && real.value.form == Form::kReal && real.value.unary != '~';
  if (!is_real) say(real.range, "Expected a real number in complex literal pattern");
  bump();
  Pattern imaginary = closedPattern(false);
  bool is_imaginary = imaginary.kind == Pattern::Kind::kValue && imaginary.value.form == Form::kImaginary && imaginary.value.unary == 0;
  if (!is_imaginary) say(imaginary.range, "Expected an imaginary number in complex literal pattern");
  return {.kind = Pattern::Kind::kValue, .range = from(start)};
}

}  // namespace krait::syntax::recovery
