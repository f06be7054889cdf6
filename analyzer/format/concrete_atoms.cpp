// Atoms and trailers: brackets with what is in them, names, numbers, strings; calls, subscripts, attributes.
#include "analyzer/format/concrete_parser.h"

namespace krait::format {

using enum TokenKind;

// The elements between brackets: a comprehension, a list, or one element by itself.
static ElementId parseElements(ConcreteParser& parser, Form form) {
  ElementId node = wrapIn(parser.tree, form, parseStarOrNamed(parser));
  if (seesComprehension(parser)) {
    parser.tree.append(node, parseComprehension(parser));
    return node;
  }
  while (parser.accept(node, kComma) && seesElement(parser) && !parser.has_failed) {
    parser.tree.append(node, parseStarOrNamed(parser));
  }
  return collapse(parser.tree, node);
}

static void parseDictElement(ConcreteParser& parser, ElementId node) {
  if (parser.accept(node, kDoubleStar)) {
    parser.tree.append(node, parseBinary(parser, kLevelExpr));
    return;
  }
  if (parser.sees(kStar)) {
    parser.tree.append(node, parseStarOrNamed(parser));
    return;
  }
  parser.tree.append(node, parseTest(parser));
  if (parser.accept(node, kColonEqual)) {
    parser.tree.append(node, parseTest(parser));
  } else if (parser.accept(node, kColon)) {
    ElementId value = parseTest(parser);
    if (parser.sees(kKwAs)) {
      value = wrapIn(parser.tree, Form::kAsExpr, value);
      parser.takeInto(value);
      parser.tree.append(value, parseTest(parser));
    }
    parser.tree.append(node, value);
  }
}

static ElementId parseDictElements(ConcreteParser& parser) {
  ElementId node = parser.tree.addNode(Form::kDictSetMaker);
  parseDictElement(parser, node);
  if (seesComprehension(parser)) {
    parser.tree.append(node, parseComprehension(parser));
    return node;
  }
  while (parser.accept(node, kComma) && seesElement(parser) && !parser.has_failed) parseDictElement(parser, node);
  return collapse(parser.tree, node);
}

static ElementId parseBrackets(ConcreteParser& parser) {
  Nesting nesting(parser);
  TokenKind opening = parser.kind();
  TokenKind closing = opening == kLeftParen ? kRightParen : opening == kLeftBracket ? kRightBracket : kRightBrace;
  ElementId node = wrapIn(parser.tree, Form::kAtom, parser.take());
  if (!parser.sees(closing) && !parser.has_failed) {
    if (opening == kLeftBrace) {
      parser.tree.append(node, parseDictElements(parser));
    } else if (opening == kLeftBracket) {
      parser.tree.append(node, parseElements(parser, Form::kListMaker));
    } else if (parser.sees(kKwYield)) {
      parser.tree.append(node, parseYieldOrList(parser, Form::kTestlistStarExpr));
    } else {
      parser.tree.append(node, parseElements(parser, Form::kTestlistGexp));
    }
  }
  parser.expect(node, closing);
  return node;
}

ElementId parseAtom(ConcreteParser& parser) {
  switch (parser.kind()) {
    case kLeftParen:
    case kLeftBracket:
    case kLeftBrace: return parseBrackets(parser);
    case kKwYield: return parseYieldOrList(parser, Form::kTestlistStarExpr);
    case kKwLambda: return parseTest(parser);
    case kString: {
      ElementId string = parser.take();
      if (!parser.sees(kString)) return string;
      ElementId node = wrapIn(parser.tree, Form::kAtom, string);
      while (parser.accept(node, kString)) {
      }
      return node;
    }
    case kName:
    case kNumber:
    case kEllipsis:
    case kKwNone:
    case kKwTrue:
    case kKwFalse: return parser.take();
    default: parser.has_failed = true; return parser.take();
  }
}

static ElementId parseArgument(ConcreteParser& parser) {
  if (parser.sees(kStar) || parser.sees(kDoubleStar)) {
    ElementId node = wrapIn(parser.tree, Form::kArgument, parser.take());
    parser.tree.append(node, parseTest(parser));
    return node;
  }
  ElementId node = wrapIn(parser.tree, Form::kArgument, parseTest(parser));
  if (parser.accept(node, kColonEqual) || parser.accept(node, kEqual) || parser.accept(node, kKwAs)) {
    parser.tree.append(node, parseTest(parser));
  }
  if (seesComprehension(parser)) parser.tree.append(node, parseComprehension(parser));
  return collapse(parser.tree, node);
}

static ElementId parseArguments(ConcreteParser& parser) {
  ElementId node = wrapIn(parser.tree, Form::kArgList, parseArgument(parser));
  while (parser.accept(node, kComma) && seesElement(parser) && !parser.has_failed) {
    parser.tree.append(node, parseArgument(parser));
  }
  return collapse(parser.tree, node);
}

static bool endsSubscript(const ConcreteParser& parser) {
  return parser.sees(kColon) || parser.sees(kComma) || parser.sees(kRightBracket);
}

static ElementId parseSubscript(ConcreteParser& parser) {
  if (parser.sees(kStar)) return parseStarOrNamed(parser);
  ElementId node = parser.tree.addNode(Form::kSubscript);
  if (!parser.sees(kColon)) parser.tree.append(node, parseTest(parser));
  if (parser.accept(node, kColonEqual)) parser.tree.append(node, parseTest(parser));
  if (parser.accept(node, kColon)) {
    if (!endsSubscript(parser)) parser.tree.append(node, parseTest(parser));
    if (parser.sees(kColon)) {
      ElementId step = wrapIn(parser.tree, Form::kSliceOp, parser.take());
      if (!endsSubscript(parser)) parser.tree.append(step, parseTest(parser));
      parser.tree.append(node, collapse(parser.tree, step));
    }
  }
  return collapse(parser.tree, node);
}

ElementId parseTrailer(ConcreteParser& parser) {
  Nesting nesting(parser);
  TokenKind opening = parser.kind();
  ElementId node = wrapIn(parser.tree, Form::kTrailer, parser.take());
  if (parser.has_failed) return node;
  if (opening == kDot) {
    parser.expect(node, kName);
  } else if (opening == kLeftParen) {
    if (!parser.sees(kRightParen)) parser.tree.append(node, parseArguments(parser));
    parser.expect(node, kRightParen);
  } else {
    ElementId list = wrapIn(parser.tree, Form::kSubscriptList, parseSubscript(parser));
    while (parser.accept(list, kComma) && !parser.sees(kRightBracket) && !parser.has_failed) {
      parser.tree.append(list, parseSubscript(parser));
    }
    parser.tree.append(node, collapse(parser.tree, list));
    parser.expect(node, kRightBracket);
  }
  return node;
}

}  // namespace krait::format
