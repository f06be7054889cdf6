// Statements: the file, blocks, compound and simple statements.
#include "analyzer/format/concrete_parser.h"

namespace krait::format {

using enum TokenKind;

ElementId ConcreteParser::take() {
  const InputToken& token = input[at];
  std::string_view text = tree.source().substr(token.range.begin, token.range.end - token.range.begin);
  ElementId leaf = tree.addLeaf(Form::kToken, token.kind, text);
  tree[leaf].gap = token.gap;
  tree[leaf].range = token.range;
  tree[leaf].line = token.line;
  if (at + 1 < input.size()) {
    ++at;
  } else {
    has_failed = has_failed || token.kind != kEndMarker;
  }
  return leaf;
}

void ConcreteParser::expect(ElementId node, TokenKind token) {
  if (!accept(node, token)) has_failed = true;
}

bool ConcreteParser::accept(ElementId node, TokenKind token) {
  if (!sees(token)) return false;
  takeInto(node);
  return true;
}

ElementId collapse(ConcreteTree& tree, ElementId node) {
  ElementId only = tree[node].first;
  if (!only.valid() || only != tree[node].last) return node;
  tree.remove(only);
  return only;
}

ElementId wrapIn(ConcreteTree& tree, Form form, ElementId first) {
  ElementId node = tree.addNode(form);
  tree.append(node, first);
  return node;
}

static ElementId parseStatement(ConcreteParser& parser);
static ElementId parseSimpleStatement(ConcreteParser& parser);

static void parseBlock(ConcreteParser& parser, ElementId into) {
  parser.expect(into, kNewline);
  parser.expect(into, kIndent);
  while (!parser.sees(kDedent) && !parser.sees(kEndMarker) && !parser.has_failed) {
    parser.tree.append(into, parseStatement(parser));
  }
  parser.expect(into, kDedent);
}

// `: suite`, added to `node`.
static void parseSuite(ConcreteParser& parser, ElementId node) {
  Nesting nesting(parser);
  parser.expect(node, kColon);
  if (parser.has_failed) return;
  if (!parser.sees(kNewline)) {
    parser.tree.append(node, parseSimpleStatement(parser));
    return;
  }
  ElementId suite = parser.tree.addNode(Form::kSuite);
  parser.tree.append(node, suite);
  parseBlock(parser, suite);
}

static ElementId parseExpressionStatement(ConcreteParser& parser) {
  ElementId first = parseYieldOrList(parser, Form::kTestlistStarExpr);
  if (parser.sees(kColon)) {
    ElementId node = wrapIn(parser.tree, Form::kExprStmt, first);
    ElementId annotation = wrapIn(parser.tree, Form::kAnnAssign, parser.take());
    parser.tree.append(annotation, parseTest(parser));
    if (parser.accept(annotation, kEqual)) {
      parser.tree.append(annotation, parseYieldOrList(parser, Form::kTestlistStarExpr));
    }
    parser.tree.append(node, annotation);
    return node;
  }
  if (parser.kind() >= kPlusEqual && parser.kind() <= kAtEqual) {
    ElementId node = wrapIn(parser.tree, Form::kExprStmt, first);
    parser.takeInto(node);
    parser.tree.append(node, parseYieldOrList(parser, Form::kTestlist));
    return node;
  }
  if (!parser.sees(kEqual)) return first;
  ElementId node = wrapIn(parser.tree, Form::kExprStmt, first);
  while (parser.accept(node, kEqual) && !parser.has_failed) {
    parser.tree.append(node, parseYieldOrList(parser, Form::kTestlistStarExpr));
  }
  return node;
}

static ElementId parseDottedName(ConcreteParser& parser) {
  ElementId node = wrapIn(parser.tree, Form::kDottedName, parser.take());
  while (parser.accept(node, kDot)) parser.expect(node, kName);
  return collapse(parser.tree, node);
}

static ElementId parseAlias(ConcreteParser& parser, Form form) {
  ElementId name = form == Form::kDottedAsName ? parseDottedName(parser) : parser.take();
  if (!parser.sees(kKwAs)) return name;
  ElementId node = wrapIn(parser.tree, form, name);
  parser.takeInto(node);
  parser.expect(node, kName);
  return node;
}

static ElementId parseAliases(ConcreteParser& parser, Form list_form, Form form) {
  ElementId node = wrapIn(parser.tree, list_form, parseAlias(parser, form));
  while (parser.accept(node, kComma) && parser.sees(kName)) parser.tree.append(node, parseAlias(parser, form));
  return collapse(parser.tree, node);
}

static ElementId parseImport(ConcreteParser& parser) {
  ElementId node = wrapIn(parser.tree, Form::kImportName, parser.take());
  parser.tree.append(node, parseAliases(parser, Form::kDottedAsNames, Form::kDottedAsName));
  return node;
}

static ElementId parseImportFrom(ConcreteParser& parser) {
  ElementId node = wrapIn(parser.tree, Form::kImportFrom, parser.take());
  while (parser.accept(node, kDot) || parser.accept(node, kEllipsis)) {
  }
  if (!parser.sees(kKwImport)) parser.tree.append(node, parseDottedName(parser));
  parser.expect(node, kKwImport);
  if (parser.accept(node, kStar)) return node;
  bool has_brackets = parser.accept(node, kLeftParen);
  parser.tree.append(node, parseAliases(parser, Form::kImportAsNames, Form::kImportAsName));
  if (has_brackets) parser.expect(node, kRightParen);
  return node;
}

// A statement of a keyword and what `parse` reads after it; the keyword alone where the statement ends.
template <class Parse>
static ElementId parseKeywordStatement(ConcreteParser& parser, Form form, Parse parse) {
  ElementId keyword = parser.take();
  if (!seesElement(parser)) return keyword;
  ElementId node = wrapIn(parser.tree, form, keyword);
  parse(node);
  return node;
}

static ElementId parseTypeAlias(ConcreteParser& parser) {
  ElementId node = wrapIn(parser.tree, Form::kTypeStmt, parser.take());
  parser.takeInto(node);
  if (parser.sees(kLeftBracket)) parser.tree.append(node, parseTypeParameters(parser));
  parser.expect(node, kEqual);
  parser.tree.append(node, parseTest(parser));
  return node;
}

static ElementId parseSmallStatement(ConcreteParser& parser) {
  ConcreteTree& tree = parser.tree;
  auto addTest = [&](ElementId node) { tree.append(node, parseTest(parser)); };
  switch (parser.kind()) {
    case kKwPass:
    case kKwBreak:
    case kKwContinue: return parser.take();
    case kKwImport: return parseImport(parser);
    case kKwFrom: return parseImportFrom(parser);
    case kKwReturn:
      return parseKeywordStatement(parser, Form::kReturnStmt, [&](ElementId node) {
        tree.append(node, parseList(parser, Form::kTestlistStarExpr));
      });
    case kKwDel:
      return parseKeywordStatement(parser, Form::kDelStmt,
                                   [&](ElementId node) { tree.append(node, parseTargets(parser)); });
    case kKwRaise:
      return parseKeywordStatement(parser, Form::kRaiseStmt, [&](ElementId node) {
        addTest(node);
        if (parser.accept(node, kKwFrom)) addTest(node);
      });
    case kKwAssert:
      return parseKeywordStatement(parser, Form::kAssertStmt, [&](ElementId node) {
        addTest(node);
        if (parser.accept(node, kComma)) addTest(node);
      });
    case kKwGlobal:
    case kKwNonlocal:
      return parseKeywordStatement(parser, Form::kGlobalStmt, [&](ElementId node) {
        parser.takeInto(node);
        while (parser.accept(node, kComma)) parser.expect(node, kName);
      });
    default:
      if (parser.seesWord("type") && parser.kindAfter() == kName) return parseTypeAlias(parser);
      return parseExpressionStatement(parser);
  }
}

static ElementId parseSimpleStatement(ConcreteParser& parser) {
  ElementId node = wrapIn(parser.tree, Form::kSimpleStmt, parseSmallStatement(parser));
  while (parser.accept(node, kSemicolon) && !parser.sees(kNewline) && !parser.has_failed) {
    parser.tree.append(node, parseSmallStatement(parser));
  }
  parser.expect(node, kNewline);
  return node;
}

static void parseElse(ConcreteParser& parser, ElementId node) {
  if (parser.accept(node, kKwElse)) parseSuite(parser, node);
}

static ElementId parseIf(ConcreteParser& parser) {
  ElementId node = parser.tree.addNode(Form::kIfStmt);
  while ((parser.accept(node, kKwIf) || parser.accept(node, kKwElif)) && !parser.has_failed) {
    parser.tree.append(node, parseNamedExpr(parser));
    parseSuite(parser, node);
    if (!parser.sees(kKwElif)) break;
  }
  parseElse(parser, node);
  return node;
}

static ElementId parseWhile(ConcreteParser& parser) {
  ElementId node = wrapIn(parser.tree, Form::kWhileStmt, parser.take());
  parser.tree.append(node, parseNamedExpr(parser));
  parseSuite(parser, node);
  parseElse(parser, node);
  return node;
}

static ElementId parseFor(ConcreteParser& parser) {
  ElementId node = wrapIn(parser.tree, Form::kForStmt, parser.take());
  parser.tree.append(node, parseTargets(parser));
  parser.expect(node, kKwIn);
  parser.tree.append(node, parseList(parser, Form::kTestlistStarExpr));
  parseSuite(parser, node);
  parseElse(parser, node);
  return node;
}

static ElementId parseExcept(ConcreteParser& parser) {
  ElementId node = wrapIn(parser.tree, Form::kExceptClause, parser.take());
  parser.accept(node, kStar);
  if (!parser.sees(kColon)) parser.tree.append(node, parseTest(parser));
  while (parser.accept(node, kComma) && seesElement(parser)) parser.tree.append(node, parseTest(parser));
  if (parser.accept(node, kKwAs)) parser.expect(node, kName);
  return collapse(parser.tree, node);
}

static ElementId parseTry(ConcreteParser& parser) {
  ElementId node = wrapIn(parser.tree, Form::kTryStmt, parser.take());
  parseSuite(parser, node);
  while (parser.sees(kKwExcept) && !parser.has_failed) {
    parser.tree.append(node, parseExcept(parser));
    parseSuite(parser, node);
  }
  parseElse(parser, node);
  if (parser.accept(node, kKwFinally)) parseSuite(parser, node);
  return node;
}

static ElementId parseWith(ConcreteParser& parser) {
  ElementId node = wrapIn(parser.tree, Form::kWithStmt, parser.take());
  parser.tree.append(node, parseNamedExpr(parser));
  while (parser.accept(node, kComma)) parser.tree.append(node, parseNamedExpr(parser));
  parseSuite(parser, node);
  return node;
}

static ElementId parseFunction(ConcreteParser& parser) {
  ElementId node = wrapIn(parser.tree, Form::kFuncDef, parser.take());
  parser.expect(node, kName);
  if (parser.sees(kLeftBracket)) parser.tree.append(node, parseTypeParameters(parser));
  parser.tree.append(node, parseParameters(parser));
  if (parser.accept(node, kArrow)) parser.tree.append(node, parseTest(parser));
  parseSuite(parser, node);
  return node;
}

static ElementId parseClass(ConcreteParser& parser) {
  ElementId node = wrapIn(parser.tree, Form::kClassDef, parser.take());
  parser.expect(node, kName);
  if (parser.sees(kLeftBracket)) parser.tree.append(node, parseTypeParameters(parser));
  if (parser.sees(kLeftParen)) {
    // Read as a call's brackets; they stand in the definition itself.
    ElementId trailer = parseTrailer(parser);
    while (parser.tree[trailer].first.valid()) {
      ElementId part = parser.tree[trailer].first;
      parser.tree.remove(part);
      parser.tree.append(node, part);
    }
  }
  parseSuite(parser, node);
  return node;
}

static ElementId parseAsync(ConcreteParser& parser, Form form) {
  ElementId node = wrapIn(parser.tree, form, parser.take());
  parser.tree.append(node, parseStatement(parser));
  return node;
}

static ElementId parseDecorated(ConcreteParser& parser) {
  ElementId decorators = parser.tree.addNode(Form::kDecorators);
  while (parser.sees(kAt) && !parser.has_failed) {
    ElementId decorator = wrapIn(parser.tree, Form::kDecorator, parser.take());
    parser.tree.append(decorator, parseNamedExpr(parser));
    parser.expect(decorator, kNewline);
    parser.tree.append(decorators, decorator);
  }
  ElementId node = wrapIn(parser.tree, Form::kDecorated, collapse(parser.tree, decorators));
  bool is_async = parser.sees(kKwAsync);
  parser.tree.append(node, is_async ? parseAsync(parser, Form::kAsyncFuncDef) : parseStatement(parser));
  return node;
}

// Only a match statement's header is followed by an indented block, among what begins with the name.
static bool seesMatch(const ConcreteParser& parser) {
  if (!parser.seesWord("match")) return false;
  size_t at = parser.at;
  while (at + 1 < parser.input.size() && parser.input[at].kind != kNewline) ++at;
  return at + 1 < parser.input.size() && parser.input[at + 1].kind == kIndent;
}

static ElementId parsePattern(ConcreteParser& parser) {
  ElementId pattern = parser.sees(kStar) ? parseStarOrNamed(parser) : parseBinary(parser, kLevelExpr);
  if (!parser.sees(kKwAs)) return pattern;
  ElementId node = wrapIn(parser.tree, Form::kPattern, pattern);
  parser.takeInto(node);
  parser.tree.append(node, parseBinary(parser, kLevelExpr));
  return node;
}

static ElementId parseCase(ConcreteParser& parser) {
  ElementId node = wrapIn(parser.tree, Form::kCaseBlock, parser.take());
  ElementId patterns = wrapIn(parser.tree, Form::kPatterns, parsePattern(parser));
  while (parser.accept(patterns, kComma) && seesElement(parser) && !parser.has_failed) {
    parser.tree.append(patterns, parsePattern(parser));
  }
  parser.tree.append(node, collapse(parser.tree, patterns));
  if (parser.sees(kKwIf)) {
    ElementId guard = wrapIn(parser.tree, Form::kGuard, parser.take());
    parser.tree.append(guard, parseNamedExpr(parser));
    parser.tree.append(node, guard);
  }
  parseSuite(parser, node);
  return node;
}

static ElementId parseMatch(ConcreteParser& parser) {
  ElementId node = wrapIn(parser.tree, Form::kMatchStmt, parser.take());
  parser.tree.append(node, parseList(parser, Form::kSubjectExpr));
  parser.expect(node, kColon);
  parser.expect(node, kNewline);
  parser.expect(node, kIndent);
  while (parser.seesWord("case") && !parser.has_failed) parser.tree.append(node, parseCase(parser));
  parser.expect(node, kDedent);
  return node;
}

static ElementId parseStatement(ConcreteParser& parser) {
  Nesting nesting(parser);
  if (parser.has_failed) return parser.take();
  switch (parser.kind()) {
    case kKwIf: return parseIf(parser);
    case kKwWhile: return parseWhile(parser);
    case kKwFor: return parseFor(parser);
    case kKwTry: return parseTry(parser);
    case kKwWith: return parseWith(parser);
    case kKwDef: return parseFunction(parser);
    case kKwClass: return parseClass(parser);
    case kKwAsync: return parseAsync(parser, Form::kAsyncStmt);
    case kAt: return parseDecorated(parser);
    default: return seesMatch(parser) ? parseMatch(parser) : parseSimpleStatement(parser);
  }
}

ElementId parseFile(ConcreteParser& parser) {
  ElementId node = parser.tree.addNode(Form::kFile);
  while (!parser.sees(kEndMarker) && !parser.has_failed) parser.tree.append(node, parseStatement(parser));
  parser.takeInto(node);
  return node;
}

ConcreteTree parseConcrete(std::string_view source, const syntax::TokenList& list) {
  ConcreteTree tree(source);
  ConcreteParser parser{.tree = tree, .input = readInput(source, list)};
  if (parser.input.empty()) return tree;
  tree.reserve(parser.input.size() * 2 + 16);
  ElementId root = parseFile(parser);
  if (!parser.has_failed) tree.root = root;
  return tree;
}

}  // namespace krait::format
