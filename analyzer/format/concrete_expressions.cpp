// Expressions: operators by their levels, the conditional expression, lambda, lists of expressions.
#include "analyzer/format/concrete_parser.h"

namespace krait::format {

using enum TokenKind;

static constexpr Form kLevelForms[] = {
    Form::kToken,   Form::kOrTest,  Form::kAndTest,   Form::kNotTest,   Form::kComparison, Form::kExpr,
    Form::kXorExpr, Form::kAndExpr, Form::kShiftExpr, Form::kArithExpr, Form::kTerm,
};

// The level of the operator that stands next, 0 for none.
static uint8_t levelOf(const ConcreteParser& parser) {
  switch (parser.kind()) {
    case kKwOr: return kLevelOr;
    case kKwAnd: return kLevelAnd;
    case kLess:
    case kGreater:
    case kEqualEqual:
    case kNotEqual:
    case kLessEqual:
    case kGreaterEqual:
    case kKwIn:
    case kKwIs: return kLevelComparison;
    case kKwNot: return parser.kindAfter() == kKwIn ? uint8_t{kLevelComparison} : uint8_t{0};
    case kPipe: return kLevelExpr;
    case kCaret: return 6;
    case kAmpersand: return 7;
    case kLeftShift:
    case kRightShift: return 8;
    case kPlus:
    case kMinus: return 9;
    case kStar:
    case kSlash:
    case kDoubleSlash:
    case kPercent:
    case kAt: return 10;
    default: return 0;
  }
}

static ElementId parsePower(ConcreteParser& parser);

static ElementId parseFactor(ConcreteParser& parser) {
  Nesting nesting(parser);
  if (parser.has_failed) return parser.take();
  if (parser.sees(kPlus) || parser.sees(kMinus) || parser.sees(kTilde)) {
    ElementId node = wrapIn(parser.tree, Form::kFactor, parser.take());
    parser.tree.append(node, parseFactor(parser));
    return node;
  }
  if (parser.sees(kKwNot)) {
    ElementId node = wrapIn(parser.tree, Form::kNotTest, parser.take());
    parser.tree.append(node, parseBinary(parser, kLevelNot));
    return node;
  }
  return parsePower(parser);
}

static ElementId parsePower(ConcreteParser& parser) {
  ElementId await;
  if (parser.sees(kKwAwait)) await = parser.take();
  ElementId atom = parseAtom(parser);
  bool has_trailer = parser.sees(kLeftParen) || parser.sees(kLeftBracket) || parser.sees(kDot);
  if (!await.valid() && !has_trailer && !parser.sees(kDoubleStar)) return atom;
  ElementId node = parser.tree.addNode(Form::kPower);
  if (await.valid()) parser.tree.append(node, await);
  parser.tree.append(node, atom);
  while (parser.sees(kLeftParen) || parser.sees(kLeftBracket) || parser.sees(kDot)) {
    parser.tree.append(node, parseTrailer(parser));
  }
  if (parser.accept(node, kDoubleStar)) parser.tree.append(node, parseFactor(parser));
  return node;
}

// `not in` and `is not` are one operator of two words.
static ElementId takeOperator(ConcreteParser& parser) {
  bool is_double = (parser.sees(kKwNot) && parser.kindAfter() == kKwIn) ||
                   (parser.sees(kKwIs) && parser.kindAfter() == kKwNot);
  ElementId op = parser.take();
  if (!is_double) return op;
  ElementId node = wrapIn(parser.tree, Form::kCompOp, op);
  parser.takeInto(node);
  return node;
}

ElementId parseBinary(ConcreteParser& parser, uint8_t lowest) {
  Nesting nesting(parser);
  ElementId left = parseFactor(parser);
  for (;;) {
    uint8_t level = levelOf(parser);
    if (level < lowest || level == 0 || parser.has_failed) return left;
    ElementId node = wrapIn(parser.tree, kLevelForms[level], left);
    while (levelOf(parser) == level && !parser.has_failed) {
      parser.tree.append(node, takeOperator(parser));
      parser.tree.append(node, parseBinary(parser, static_cast<uint8_t>(level + 1)));
    }
    left = node;
  }
}

static ElementId parseLambda(ConcreteParser& parser) {
  ElementId node = wrapIn(parser.tree, Form::kLambda, parser.take());
  ElementId parameters = parseLambdaParameters(parser);
  if (parameters.valid()) parser.tree.append(node, parameters);
  parser.expect(node, kColon);
  parser.tree.append(node, parseTest(parser));
  return node;
}

ElementId parseTest(ConcreteParser& parser) {
  Nesting nesting(parser);
  if (parser.has_failed) return parser.take();
  if (parser.sees(kKwLambda)) return parseLambda(parser);
  ElementId body = parseBinary(parser, kLevelOr);
  if (!parser.sees(kKwIf)) return body;
  ElementId node = wrapIn(parser.tree, Form::kTest, body);
  parser.takeInto(node);
  parser.tree.append(node, parseBinary(parser, kLevelOr));
  parser.expect(node, kKwElse);
  parser.tree.append(node, parseTest(parser));
  return node;
}

ElementId parseNamedExpr(ConcreteParser& parser) {
  ElementId test = parseTest(parser);
  if (parser.sees(kKwAs)) {
    test = wrapIn(parser.tree, Form::kAsExpr, test);
    parser.takeInto(test);
    parser.tree.append(test, parseTest(parser));
  }
  if (!parser.sees(kColonEqual)) return test;
  test = wrapIn(parser.tree, Form::kNamedExpr, test);
  parser.takeInto(test);
  parser.tree.append(test, parseTest(parser));
  return test;
}

ElementId parseStarOrNamed(ConcreteParser& parser) {
  if (!parser.sees(kStar)) return parseNamedExpr(parser);
  ElementId node = wrapIn(parser.tree, Form::kStarExpr, parser.take());
  parser.tree.append(node, parseBinary(parser, kLevelExpr));
  return node;
}

bool seesElement(const ConcreteParser& parser) {
  switch (parser.kind()) {
    case kRightParen:
    case kRightBracket:
    case kRightBrace:
    case kColon:
    case kSemicolon:
    case kNewline:
    case kEqual:
    case kKwIn:
    case kKwIf:
    case kEndMarker: return false;
    default: return true;
  }
}

// The rest of a list whose first element was read. `parseOne` reads an element.
template <class ParseOne>
static ElementId parseListRest(ConcreteParser& parser, Form form, ElementId first, ParseOne parseOne) {
  if (!parser.sees(kComma)) return first;
  ElementId node = wrapIn(parser.tree, form, first);
  while (parser.accept(node, kComma) && seesElement(parser) && !parser.has_failed) {
    parser.tree.append(node, parseOne(parser));
  }
  return node;
}

ElementId parseList(ConcreteParser& parser, Form form) {
  return parseListRest(parser, form, parseStarOrNamed(parser), parseStarOrNamed);
}

static ElementId parseTarget(ConcreteParser& parser) {
  if (!parser.sees(kStar)) return parseBinary(parser, kLevelExpr);
  ElementId node = wrapIn(parser.tree, Form::kStarExpr, parser.take());
  parser.tree.append(node, parseBinary(parser, kLevelExpr));
  return node;
}

ElementId parseTargets(ConcreteParser& parser) {
  return parseListRest(parser, Form::kExprList, parseTarget(parser), parseTarget);
}

ElementId parseYieldOrList(ConcreteParser& parser, Form form) {
  if (!parser.sees(kKwYield)) return parseList(parser, form);
  ElementId node = wrapIn(parser.tree, Form::kYieldExpr, parser.take());
  if (parser.sees(kKwFrom)) {
    ElementId arg = wrapIn(parser.tree, Form::kYieldArg, parser.take());
    parser.tree.append(arg, parseTest(parser));
    parser.tree.append(node, arg);
  } else if (seesElement(parser) && !parser.sees(kComma)) {
    parser.tree.append(node, parseList(parser, Form::kTestlistStarExpr));
  }
  return collapse(parser.tree, node);
}

bool seesComprehension(const ConcreteParser& parser) {
  return parser.sees(kKwFor) || (parser.sees(kKwAsync) && parser.kindAfter() == kKwFor);
}

static ElementId parseCondition(ConcreteParser& parser) {
  ElementId node = wrapIn(parser.tree, Form::kCompIf, parser.take());
  parser.tree.append(node, parser.sees(kKwLambda) ? parseLambda(parser) : parseBinary(parser, kLevelOr));
  return node;
}

ElementId parseComprehension(ConcreteParser& parser) {
  ElementId outermost, innermost;
  while ((seesComprehension(parser) || parser.sees(kKwIf)) && !parser.has_failed) {
    ElementId clause;
    if (parser.sees(kKwIf)) {
      clause = parseCondition(parser);
    } else {
      clause = wrapIn(parser.tree, Form::kCompFor, parser.take());
      parser.accept(clause, kKwFor);
      parser.tree.append(clause, parseTargets(parser));
      parser.expect(clause, kKwIn);
      parser.tree.append(clause, parser.sees(kKwLambda) ? parseLambda(parser) : parseBinary(parser, kLevelOr));
    }
    if (innermost.valid()) {
      parser.tree.append(innermost, clause);
    } else {
      outermost = clause;
    }
    innermost = clause;
  }
  return outermost;
}

}  // namespace krait::format
