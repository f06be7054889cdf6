// Simple statements of a broken text.
#include "analyzer/syntax/recovery/parser_state.h"

namespace krait::syntax::recovery {

using enum TokenKind;

static constexpr std::string_view kBareTuple = "Unparenthesized tuple expression cannot be used here";
static constexpr std::string_view kBadStar = "Starred expression cannot be used here";

void RecoveringParser::statement() {
  Depth depth(*this);
  if (gave_up_) return;
  if (atCompoundStatement()) return compound();
  if (isWord("match") && matchStatement()) return;
  simpleStatement();
  bool has_semicolon = take(kSemicolon);
  if (take(kNewline)) return;
  if (!has_semicolon && atSimpleStatement()) sayHere("Simple statements must be separated by newlines or semicolons");
  else if (atCompoundStatement()) sayHere("Compound statements are not allowed on the same line as simple statements");
}

// The statements of a clause that stand on its own line.
void RecoveringParser::simpleStatements() {
  while (!gave_up_) {
    simpleStatement();
    if (take(kSemicolon)) {
      if (!atSimpleStatement()) break;
    } else {
      if (!atSimpleStatement()) break;
      sayHere("Simple statements must be separated by newlines or semicolons");
    }
  }
  if (take(kNewline)) return;
  if (atCompoundStatement()) sayHere("Compound statements are not allowed on the same line as simple statements");
  else expect(kNewline);
}

void RecoveringParser::simpleStatement() {
  switch (kind()) {
    case kKwPass: case kKwBreak: case kKwContinue: return bump();
    case kKwReturn:
      bump();
      if (atExpression()) {
        Expr value = expressionList(kStarredOperand);
        if (value.isBare(Form::kStarred)) sayLater(value.range, std::string(kBadStar));
        else needUnpacking(8, value, "Cannot use iterable unpacking in return statements");
      }
      return;
    case kKwImport: return importStatement();
    case kKwFrom: return importFrom();
    case kKwRaise: return raiseStatement();
    case kKwDel: return deleteStatement();
    case kKwAssert: return assertStatement();
    case kKwGlobal: return nameList("Global");
    case kKwNonlocal: return nameList("Nonlocal");
    default: break;
  }
  if (isWord("lazy") && (peek().kind == kKwImport || peek().kind == kKwFrom)) {
    need(15, range(), "Cannot use `lazy` import statement");
    bump();
    return is(kKwImport) ? importStatement() : importFrom();
  }
  if (isWord("type") && peek().kind == kName) {
    TokenKind after = peek(2).kind;
    if (after == kLeftBracket || after == kEqual) return typeAlias();
  }
  expressionStatement();
}

static bool isAugmented(TokenKind kind) { return kind >= kPlusEqual && kind <= kAtEqual; }

void RecoveringParser::expressionStatement() {
  Expr first = expressionList(kYieldOrStarred);
  if (is(kEqual)) {
    std::vector<Expr> targets;
    targets.push_back(std::move(first));
    auto next = [&] {
      bump();
      targets.push_back(expressionList(kYieldOrStarred));
    };
    next();
    if (is(kEqual)) parseList(List::kAssignmentTargets, next);
    Expr value = std::move(targets.back());
    targets.pop_back();
    for (const Expr& target : targets) checkAssignmentTarget(target);
    for (const Expr& target : targets) {
      if (target.form == Form::kStarred) sayLater(target.range, "starred assignment target must be in a list or tuple");
    }
    if (value.isBare(Form::kStarred)) sayLater(value.range, std::string(kBadStar));
  } else if (take(kColon)) {
    checkAnnotatedTarget(first);
    expression();
    if (take(kEqual)) {
      if (atExpression()) expressionList(kYieldOrStarred);
      else sayHere("Expected an expression");
    }
  } else if (isAugmented(kind())) {
    bump();
    bool is_target = first.form == Form::kName || first.form == Form::kAttribute || first.form == Form::kSubscript;
    if (!is_target) say(first.range, "Invalid augmented assignment target");
    expressionList(kYieldOrStarred);
  } else if (first.isBare(Form::kStarred)) {
    sayLater(first.range, std::string(kBadStar));
  }
}

void RecoveringParser::typeAlias() {
  need(12, range(), "Cannot use `type` alias statement");
  bump();
  identifier();
  typeParameters();
  expect(kEqual);
  expression();
}

void RecoveringParser::dottedName() {
  identifier();
  while (take(kDot)) identifier();
}

// What is imported; "*" for everything.
std::string_view RecoveringParser::alias(bool is_from) {
  if (is_from && take(kStar)) return "*";
  if (is_from) identifier();
  else dottedName();
  if (take(kKwAs)) {
    if (is(kName)) bump();
    else sayHere("Expected symbol after `as`");
  }
  return {};
}

void RecoveringParser::importStatement() {
  bump();
  size_t count = 0;
  parseCommaList(List::kImportNames, [&] {
    alias(false);
    ++count;
  });
  if (count == 0) sayHere("Expected one or more symbol names after import");
}

void RecoveringParser::importFrom() {
  bump();
  uint32_t dots = 0;
  for (; is(kDot) || is(kEllipsis); bump()) ++dots;
  if (is(kName)) dottedName();
  else if (dots == 0) sayHere("Expected a module name");
  expect(kKwImport);
  uint32_t start = begin();
  size_t count = 0;
  bool has_star = false, in_parens = take(kLeftParen);
  parseCommaList(in_parens ? List::kImportFromNamesInParens : List::kImportFromNames, [&] {
    has_star |= alias(true) == "*";
    ++count;
  });
  if (count == 0) sayHere("Expected one or more symbol names after import");
  if (has_star && in_parens) say(from(start), "Star import cannot be parenthesized");
  else if (has_star && count > 1) say(from(start), "Star import must be the only import");
  if (in_parens) expect(kRightParen);
}

void RecoveringParser::nameList(std::string_view word) {
  bump();
  size_t count = 0;
  parseCommaList(List::kIdentifiers, [&] {
    identifier();
    ++count;
  });
  if (count == 0) sayHere(std::string(word) + " statement must have at least one name");
}

Expr RecoveringParser::raised() {
  Expr value = expressionList(kPlain);
  if (value.isBare(Form::kTuple)) say(value.range, std::string(kBareTuple));
  return value;
}

void RecoveringParser::raiseStatement() {
  bump();
  bool has_value = !isAnyOf({kNewline, kEndMarker, kKwFrom});
  if (has_value) raised();
  if (!is(kKwFrom)) return;
  if (!has_value) sayHere("Exception missing in `raise` statement with cause");
  bump();
  raised();
}

void RecoveringParser::assertStatement() {
  bump();
  expression();
  if (!take(kComma)) return;
  if (atExpression()) expression();
  else sayHere("Expected an expression");
}

void RecoveringParser::deleteStatement() {
  bump();
  size_t count = 0;
  parseCommaList(List::kDeleteTargets, [&] {
    checkDeleteTarget(expression(kStarredCondition));
    ++count;
  });
  if (count == 0) sayHere("Delete statement must have at least one target");
}

}  // namespace krait::syntax::recovery
