// Parameters of functions and lambdas, and type parameters.
#include "analyzer/format/concrete_parser.h"

namespace krait::format {

using enum TokenKind;

// A name, with its annotation where one may stand.
static ElementId parseName(ConcreteParser& parser, bool may_annotate) {
  ElementId name = parser.take();
  if (!may_annotate || !parser.sees(kColon)) return name;
  ElementId node = wrapIn(parser.tree, Form::kTypedName, name);
  parser.takeInto(node);
  parser.tree.append(node, parseStarOrNamed(parser));
  return node;
}

static ElementId parseParameterList(ConcreteParser& parser, Form form, TokenKind closing, bool may_annotate) {
  ElementId node = parser.tree.addNode(form);
  while (!parser.sees(closing) && !parser.has_failed) {
    bool has_star = parser.accept(node, kStar) || parser.accept(node, kDoubleStar);
    bool is_bare = parser.sees(kComma) || parser.sees(closing);
    if (!parser.accept(node, kSlash) && !(has_star && is_bare)) {
      if (!parser.sees(kName)) parser.has_failed = true;
      parser.tree.append(node, parseName(parser, may_annotate));
    }
    if (parser.accept(node, kEqual)) parser.tree.append(node, parseTest(parser));
    if (!parser.accept(node, kComma)) break;
  }
  return collapse(parser.tree, node);
}

ElementId parseParameters(ConcreteParser& parser) {
  ElementId node = parser.tree.addNode(Form::kParameters);
  parser.expect(node, kLeftParen);
  if (!parser.sees(kRightParen) && !parser.has_failed) {
    parser.tree.append(node, parseParameterList(parser, Form::kTypedArgsList, kRightParen, true));
  }
  parser.expect(node, kRightParen);
  return node;
}

ElementId parseLambdaParameters(ConcreteParser& parser) {
  if (parser.sees(kColon)) return ElementId();
  return parseParameterList(parser, Form::kVarArgsList, kColon, false);
}

static ElementId parseTypeVariable(ConcreteParser& parser) {
  ElementId node = parser.tree.addNode(Form::kTypeVar);
  if (!parser.accept(node, kStar)) parser.accept(node, kDoubleStar);
  parser.expect(node, kName);
  if (parser.accept(node, kColon)) parser.tree.append(node, parseTest(parser));
  if (parser.accept(node, kEqual)) parser.tree.append(node, parseStarOrNamed(parser));
  return collapse(parser.tree, node);
}

ElementId parseTypeParameters(ConcreteParser& parser) {
  ElementId node = parser.tree.addNode(Form::kTypeParams);
  parser.expect(node, kLeftBracket);
  while (!parser.sees(kRightBracket) && !parser.has_failed) {
    parser.tree.append(node, parseTypeVariable(parser));
    if (!parser.accept(node, kComma)) break;
  }
  parser.expect(node, kRightBracket);
  return node;
}

}  // namespace krait::format
