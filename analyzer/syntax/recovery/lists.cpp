// Lists: what belongs to each, what ends it, what is said about the rest, and how a list that broke goes on.
#include "analyzer/syntax/recovery/parser_state.h"

namespace krait::syntax::recovery {

using enum TokenKind;

bool RecoveringParser::beginsExpression(TokenKind kind) {
  switch (kind) {
    case kName: case kNumber: case kString: case kFStringStart: case kTStringStart: case kKwTrue: case kKwFalse: case kKwNone: case kEllipsis:
    case kMinus: case kPlus: case kTilde: case kStar: case kDoubleStar: case kLeftParen: case kLeftBracket: case kLeftBrace: case kKwLambda:
    case kKwAwait: case kKwNot: case kKwYield: return true;
    default: return false;
  }
}

bool RecoveringParser::atSimpleStatement() const {
  return atExpression() || isAnyOf({kKwPass, kKwReturn, kKwBreak, kKwContinue, kKwGlobal, kKwNonlocal, kKwAssert, kKwRaise, kKwDel, kKwFrom, kKwImport});
}

bool RecoveringParser::atCompoundStatement() const {
  return isAnyOf({kKwIf, kKwWith, kKwWhile, kKwTry, kKwAsync, kKwFor, kKwDef, kKwClass, kAt});
}

bool RecoveringParser::atPattern() const {
  return isAnyOf({kStar, kName, kLeftParen, kLeftBracket, kLeftBrace, kNumber, kString, kFStringStart, kTStringStart, kMinus, kPlus, kKwNone, kKwTrue, kKwFalse});
}

// Where an expression without brackets around it ends.
bool RecoveringParser::atSequenceEnd() const {
  return isAnyOf({kRightParen, kRightBracket, kRightBrace, kColon, kNewline, kEndMarker, kSemicolon, kEqual, kKwIn, kKwIf, kKwFor, kKwAs, kKwFrom, kKwElse, kKwAsync,
                  kPlusEqual, kMinusEqual, kStarEqual, kSlashEqual, kPercentEqual, kAmpersandEqual, kPipeEqual, kCaretEqual, kLeftShiftEqual,
                  kRightShiftEqual, kDoubleStarEqual, kDoubleSlashEqual, kAtEqual, kExclamation});
}

bool RecoveringParser::isElement(List list) const {
  switch (list) {
    case List::kModule: case List::kBlock: return atStatement();
    case List::kElif: return is(kKwElif);
    case List::kExcept: return is(kKwExcept);
    case List::kAssignmentTargets: return is(kEqual);
    case List::kTypeParams: return isAnyOf({kStar, kDoubleStar, kName}) || isKeyword(kind());
    case List::kImportNames: case List::kIdentifiers: return is(kName);
    case List::kImportFromNames: case List::kImportFromNamesInParens: return is(kName) || is(kStar);
    case List::kSlices: return is(kColon) || atExpression();
    case List::kMappingPattern: return is(kDoubleStar) || (atPattern() && !isAnyOf({kLeftParen, kLeftBracket, kLeftBrace}));
    case List::kSequencePattern: case List::kSequencePatternInParens: case List::kSequencePatternInBrackets: case List::kClassPattern: return atPattern();
    case List::kParameters: case List::kLambdaParameters: return isAnyOf({kName, kStar, kDoubleStar, kSlash});
    case List::kFormatElements: return is(kFStringMiddle) || is(kLeftBrace);
    case List::kFormatSpec: return isAnyOf({kFStringMiddle, kTStringMiddle, kLeftBrace});
    case List::kTemplateElements: return is(kTStringMiddle) || is(kLeftBrace);
    default: return atExpression();
  }
}

RecoveringParser::End RecoveringParser::endOf(List list) const {
  auto regular = [&](std::initializer_list<TokenKind> kinds) { return isAnyOf(kinds) ? End::kRegular : End::kNo; };
  auto either = [&](TokenKind closing, std::initializer_list<TokenKind> kinds) {
    return is(closing) ? End::kRegular : isAnyOf(kinds) ? End::kRecovery : End::kNo;
  };
  switch (list) {
    case List::kModule: return regular({kEndMarker});
    case List::kBlock: return regular({kDedent});
    case List::kElif: return regular({kKwElse});
    case List::kExcept: return regular({kKwFinally, kKwElse});
    case List::kAssignmentTargets: return regular({kNewline, kSemicolon});
    case List::kTypeParams: return either(kRightBracket, {kNewline, kColon, kEqual, kLeftParen});
    case List::kImportFromNames: case List::kImportFromNamesInParens: return regular({kRightParen, kSemicolon, kNewline});
    case List::kImportNames: case List::kDeleteTargets: case List::kIdentifiers: return regular({kSemicolon, kNewline});
    case List::kSlices: case List::kListElements: return regular({kRightBracket});
    case List::kSetElements: case List::kDictElements: return regular({kRightBrace});
    case List::kTupleElementsInParens: return regular({kRightParen});
    case List::kTupleElements: return atSequenceEnd() ? End::kRegular : End::kNo;
    case List::kMappingPattern: return regular({kRightBrace});
    case List::kSequencePattern: return regular({kColon, kKwIf});
    case List::kSequencePatternInParens: case List::kClassPattern: return regular({kRightParen});
    case List::kSequencePatternInBrackets: return regular({kRightBracket});
    case List::kArguments: return regular({kRightParen});
    case List::kParameters: return either(kRightParen, {kArrow});
    case List::kLambdaParameters: return either(kColon, {kArrow});
    case List::kWithItems: return regular({kColon, kNewline});
    case List::kWithItemsInParens: return either(kRightParen, {kColon});
    case List::kWithItemsOfExpression: return regular({kColon});
    case List::kFormatElements: return either(kFStringEnd, {kNewline});
    case List::kTemplateElements: return either(kTStringEnd, {kNewline});
    case List::kFormatSpec: return either(kRightBrace, {kNewline, kFStringEnd, kTStringEnd});
  }
  return End::kNo;
}

std::string RecoveringParser::problemOf(List list) const {
  switch (list) {
    case List::kModule: case List::kBlock: return is(kIndent) ? "Unexpected indentation" : "Expected a statement";
    case List::kElif: case List::kExcept: return "Expected a statement";
    case List::kAssignmentTargets: return isKeyword(kind()) ? "The keyword is not allowed as a variable declaration name" : "Expected an assignment target";
    case List::kTypeParams: return "Expected a type parameter or the end of the type parameter list";
    case List::kImportNames: case List::kImportFromNames: return "Expected an import name";
    case List::kImportFromNamesInParens: return "Expected an import name or a ')'";
    case List::kSlices: return "Expected an expression or the end of the slice list";
    case List::kListElements: return "Expected an expression or a ']'";
    case List::kSetElements: case List::kDictElements: return "Expected an expression or a '}'";
    case List::kTupleElements: return "Expected an expression";
    case List::kTupleElementsInParens: case List::kArguments: case List::kWithItemsInParens: return "Expected an expression or a ')'";
    case List::kMappingPattern: return "Expected a mapping pattern or the end of the mapping pattern";
    case List::kSequencePattern: case List::kSequencePatternInParens: case List::kSequencePatternInBrackets:
      return "Expected a pattern or the end of the sequence pattern";
    case List::kClassPattern: return "Expected a pattern or a ')'";
    case List::kDeleteTargets: return "Expected a delete target";
    case List::kIdentifiers: return "Expected an identifier";
    case List::kParameters: case List::kLambdaParameters: return "Expected a parameter or the end of the parameter list";
    case List::kWithItems: case List::kWithItemsOfExpression: return "Expected an expression or the end of the with item list";
    case List::kFormatElements: return "Expected an element of or the end of the f-string";
    case List::kTemplateElements: return "Expected an element of or the end of the t-string";
    case List::kFormatSpec: return "Expected an f-string element or a '}'";
  }
  return {};
}

bool RecoveringParser::endsListAround() const {
  for (uint32_t i = 0; i <= static_cast<uint32_t>(List::kFormatSpec); ++i) {
    if ((lists_ >> i & 1) == 0) continue;
    List list = static_cast<List>(i);
    if (isElement(list) || endOf(list) != End::kNo) return true;
  }
  return false;
}

void RecoveringParser::parseList(List list, const std::function<void()>& element) {
  uint32_t outer = lists_;
  lists_ |= 1u << static_cast<uint32_t>(list);
  uint32_t indents = 0;  // that opened no block
  while (!gave_up_) {
    if (isElement(list)) {
      element();
    } else if (indents > 0 && is(kDedent)) {
      --indents;
      bump();
    } else if (End end = endOf(list); end != End::kNo) {
      if (end == End::kRecovery) endBrokenBracket();
      break;
    } else if (endsListAround()) {
      endBrokenBracket();
      break;
    } else {
      sayHere(problemOf(list));
      indents += is(kIndent);
      bump();
    }
  }
  lists_ = outer;
}

static bool mayEndInComma(List list) {
  switch (list) {
    case List::kImportNames: case List::kImportFromNames: case List::kIdentifiers: case List::kWithItems: case List::kWithItemsOfExpression: return false;
    default: return true;
  }
}

bool RecoveringParser::parseCommaList(List list, const std::function<void()>& element) {
  uint32_t outer = lists_;
  lists_ |= 1u << static_cast<uint32_t>(list);
  bool is_first = true, has_comma = false;
  TextRange comma;
  while (!gave_up_) {
    if (isElement(list)) {
      element();
      is_first = false;
      has_comma = is(kComma);
      if (has_comma) {
        comma = range();
        bump();
        continue;
      }
    }
    if (End end = endOf(list); end != End::kNo) {
      if (end == End::kRecovery) endBrokenBracket();
      break;
    }
    if (isElement(list)) {
      expect(kComma);
      continue;
    }
    if (endsListAround()) {
      endBrokenBracket();
      break;
    }
    if (is_first || is(kComma)) {
      sayHere(problemOf(list));
      has_comma = is(kComma);
      comma = range();
    } else {
      expect(kComma);
      has_comma = false;
    }
    bump();
  }
  if (has_comma && !mayEndInComma(list)) say(comma, "Trailing comma not allowed");
  lists_ = outer;
  return has_comma;
}

}  // namespace krait::syntax::recovery
