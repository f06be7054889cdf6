// Compound statements of a broken text.
#include "analyzer/syntax/recovery/parser_state.h"

namespace krait::syntax::recovery {

using enum TokenKind;

void RecoveringParser::compound() {
  switch (kind()) {
    case kKwIf: return ifStatement();
    case kKwWhile: return whileStatement();
    case kKwFor: return forStatement();
    case kKwTry: return tryStatement();
    case kKwWith: return withStatement();
    case kKwAsync: return asyncStatement();
    case kKwDef: return function();
    case kKwClass: return classDefinition();
    default: return decorated();
  }
}

void RecoveringParser::body(std::string_view clause) {
  TextRange line_end = range();
  if (take(kNewline)) {
    if (is(kIndent)) return block();
    say(range().size() == 0 ? line_end : range(), "Expected an indented block after " + std::string(clause));
    return;
  }
  if (atSimpleStatement()) return simpleStatements();
  sayHere("Expected a simple statement");
}

void RecoveringParser::block() {
  bump();
  parseList(List::kBlock, [&] { statement(); });
  expect(kDedent);
}

// `else`, `try`, `finally`: the word, a colon and what belongs to it.
void RecoveringParser::clause(std::string_view name) {
  bump();
  expect(kColon);
  body(name);
}

void RecoveringParser::ifStatement() {
  bump();
  namedExpression(kPlain);
  expect(kColon);
  body("`if` statement");
  uint32_t outer = lists_;
  lists_ |= 1u << static_cast<uint32_t>(List::kElif);
  while (take(kKwElif)) {
    namedExpression(kPlain);
    expect(kColon);
    body("`elif` clause");
  }
  lists_ = outer;
  if (is(kKwElse)) clause("`else` clause");
}

void RecoveringParser::whileStatement() {
  bump();
  namedExpression(kPlain);
  expect(kColon);
  body("`while` statement");
  if (is(kKwElse)) clause("`else` clause");
}

void RecoveringParser::forStatement() {
  bump();
  checkAssignmentTarget(expressionList(kTarget));
  expect(kKwIn);
  Expr iterable = expressionList(kStarredOperand);
  if (iterable.isBare(Form::kStarred)) sayLater(iterable.range, "Starred expression cannot be used here");
  else needUnpacking(9, iterable, "Cannot use iterable unpacking in `for` statements");
  expect(kColon);
  body("`for` statement");
  if (is(kKwElse)) clause("`else` clause");
}

// Whether it is `except*`.
bool RecoveringParser::handler() {
  bump();
  if (is(kStar)) need(11, range(), "Cannot use `except*`");
  bool is_star = take(kStar);
  if (atExpression()) {
    Expr types = expressionList(kPlain);
    if (types.isBare(Form::kTuple) && is(kKwAs)) say(types.range, "Multiple exception types must be parenthesized when using `as`");
    else if (types.isBare(Form::kTuple)) need(14, types.range, "Multiple exception types must be parenthesized");
  } else if (is_star || is(kKwAs)) {
    sayHere("Expected one or more exception types");
  }
  if (take(kKwAs)) {
    if (is(kName)) bump();
    else sayHere("Expected name after `as`");
  }
  expect(kColon);
  body("`except` clause");
  return is_star;
}

void RecoveringParser::tryStatement() {
  bump();
  expect(kColon);
  body("`try` statement");
  size_t count = 0;
  bool is_star = false;
  std::vector<TextRange> mixed;
  bool has_handlers = is(kKwExcept);
  uint32_t outer = lists_;
  lists_ |= 1u << static_cast<uint32_t>(List::kExcept);
  while (is(kKwExcept)) {
    uint32_t start = begin();
    bool has_star = handler();
    if (count++ == 0) is_star = has_star;
    else if (has_star != is_star) mixed.push_back(from(start));
  }
  lists_ = outer;
  if (is(kKwElse)) clause("`else` clause");
  bool has_finally = is(kKwFinally);
  if (has_finally) clause("`finally` clause");
  if (!has_handlers && !has_finally) sayHere("Expected `except` or `finally` after `try` block");
  if (has_finally && is(kKwElse)) sayHere("`else` block must come before `finally` block");
  for (TextRange place : mixed) say(place, "Cannot have both 'except' and 'except*' on the same 'try'");
}

Expr RecoveringParser::withItem(bool is_speculative, bool* has_target) {
  Expr value = is_speculative ? namedExpression(kYieldOrStarred) : expression();
  if (take(kKwAs)) {
    *has_target = true;
    checkAssignmentTarget(expression(kStarredCondition));
  }
  return value;
}

// Reads the items in parentheses, when they are that and no expression.
bool RecoveringParser::withItemsInParens() {
  State before = save();
  TextRange open = range();
  bump();
  bool has_target = false, has_star = false, has_other = false;
  size_t count = 0;
  bool has_comma = parseCommaList(List::kWithItemsInParens, [&] {
    Expr item = withItem(true, &has_target);
    has_star |= item.isBare(Form::kStarred);
    has_other |= item.isBare(Form::kYield) || item.isBare(Form::kNamed);
    ++count;
  });
  bool is_closed = is(kRightParen);
  TokenKind after = is_closed ? peek().kind : kind();
  bool is_items = has_target || (is_closed && (after == kColon || after == kNewline) && count > 0 && !has_star && !has_other);
  if (is_items) {
    if (count > 1 || has_comma) need(9, open, "Cannot use parentheses within a `with` statement");
    return true;
  }
  restore(std::move(before));
  return false;
}

void RecoveringParser::withStatement() {
  bump();
  bool has_target = false;
  if (!atExpression()) {
    sayHere("Expected the start of an expression after `with` keyword");
  } else if (is(kLeftParen) && withItemsInParens()) {
    expect(kRightParen);
  } else {
    parseCommaList(is(kLeftParen) ? List::kWithItemsOfExpression : List::kWithItems, [&] { withItem(false, &has_target); });
  }
  expect(kColon);
  body("`with` statement");
}

void RecoveringParser::asyncStatement() {
  bump();
  switch (kind()) {
    case kKwDef: return function();
    case kKwWith: return withStatement();
    case kKwFor: return forStatement();
    default:
      sayHere("Expected `def`, `with` or `for` to follow `async`, found " + describe(lexer_.token()));
      statement();
  }
}

void RecoveringParser::decorated() {
  while (is(kAt) && !gave_up_) {
    bump();
    if (is(kKwDef) || is(kKwClass)) {
      sayHere("Expected an identifier");
      break;
    }
    namedExpression(kPlain);
    expect(kNewline);
  }
  if (is(kKwDef)) return function();
  if (is(kKwClass)) return classDefinition();
  if (is(kKwAsync) && peek().kind == kKwDef) return asyncStatement();
  sayHere("Expected class, function definition or async function definition after decorator");
}

}  // namespace krait::syntax::recovery
