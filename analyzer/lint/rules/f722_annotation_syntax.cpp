// F722: a string annotation that is no expression. ref: pyflakes ForwardAnnotationSyntaxError
#include <vector>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/syntax/keywords.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

namespace {
// The bracket around a place, and whether it opened a call or subscript.
struct Bracket {
  char open;
  bool is_trailer;
};
}  // namespace

static std::string shownToken(std::string_view text, const Token& token) {
  switch (token.kind) {
    case TokenKind::kName: return "identifier";
    case TokenKind::kNumber: return "int";
    case TokenKind::kString: return "string";
    case TokenKind::kNewline:
    case TokenKind::kEndMarker: return "newline";
    default: return "`" + std::string(text.substr(token.begin, token.end - token.begin)) + "`";
  }
}

static bool endsOperand(TokenKind kind) {
  return kind == TokenKind::kName || kind == TokenKind::kNumber || kind == TokenKind::kString || isClosing(kind) ||
         kind == TokenKind::kKwNone || kind == TokenKind::kKwTrue || kind == TokenKind::kKwFalse || kind == TokenKind::kEllipsis ||
         kind == TokenKind::kFStringEnd;
}

static bool beginsOperand(TokenKind kind) {
  return (endsOperand(kind) && !isClosing(kind) && kind != TokenKind::kFStringEnd) || kind == TokenKind::kFStringStart;
}

// A sign that may stand before an operand.
static bool isPrefixSign(TokenKind kind) {
  return kind == TokenKind::kPlus || kind == TokenKind::kMinus || kind == TokenKind::kTilde || kind == TokenKind::kStar || isOpening(kind);
}

// A sign that ends every expression outside brackets.
static bool endsExpression(TokenKind kind) {
  return kind == TokenKind::kColon || kind == TokenKind::kSemicolon || kind == TokenKind::kEqual || kind == TokenKind::kArrow ||
         kind == TokenKind::kExclamation;
}

// What a bracket expects after an operand.
static std::string afterOperand(Bracket bracket, std::string_view found) {
  std::string expected = bracket.open == '(' && !bracket.is_trailer ? ")" : bracket.open == '[' && bracket.is_trailer ? ":" : ",";
  return "Expected `" + expected + "`, found " + std::string(found);
}

// The first place where the tokens are no expression, in words.
static std::string problemOf(std::string_view text) {
  syntax::TokenList list = syntax::tokenize(text, syntax::Trivia::kDrop);
  std::vector<Bracket> brackets;
  TokenKind last = TokenKind::kNewline;
  size_t open_conditions = 0;
  for (const Token& token : list.tokens) {
    if (token.kind == TokenKind::kError || token.kind == TokenKind::kIndent) break;
    bool is_after = endsOperand(last);
    bool is_end = token.kind == TokenKind::kNewline || token.kind == TokenKind::kEndMarker;
    if (is_after && brackets.empty() && is_end && open_conditions > 0) return "Expected `else`, found newline";
    if (is_after && brackets.empty() && (is_end || beginsOperand(token.kind) || isClosing(token.kind) || endsExpression(token.kind))) break;
    if (token.kind == TokenKind::kKwIf && brackets.empty()) ++open_conditions;
    if (token.kind == TokenKind::kKwElse && brackets.empty() && open_conditions > 0) --open_conditions;
    bool is_sign = !is_end && !syntax::isKeyword(token.kind) && !beginsOperand(token.kind) && !isClosing(token.kind);
    if (last == TokenKind::kNewline && is_sign && !isPrefixSign(token.kind)) return "Expected an expression";
    if (last == TokenKind::kKwLambda && is_end) return "Expected a parameter or the end of the parameter list";
    if (is_after && !brackets.empty() && beginsOperand(token.kind)) return afterOperand(brackets.back(), shownToken(text, token));
    if (!is_after && is_end) return last == TokenKind::kDot ? "Expected an identifier" : "Expected an expression";
    bool is_word = syntax::isKeyword(token.kind) && !beginsOperand(token.kind);
    bool is_prefix = token.kind == TokenKind::kKwNot || token.kind == TokenKind::kKwLambda || token.kind == TokenKind::kKwAwait ||
                     token.kind == TokenKind::kKwYield;
    if (!is_after && is_word && !is_prefix && last != TokenKind::kKwNot && last != TokenKind::kKwIs) {
      return "Expected an identifier, but found a keyword `" + std::string(text.substr(token.begin, token.end - token.begin)) +
             "` that cannot be used here";
    }
    if (isOpening(token.kind)) {
      brackets.push_back({text[token.begin], is_after});
    } else if (isClosing(token.kind)) {
      if (brackets.empty()) return "Expected an expression";
      brackets.pop_back();
    }
    last = token.kind;
  }
  if (!brackets.empty() && !list.error) return "unexpected EOF while parsing";
  if (list.error && !list.open_brackets.empty()) return "unexpected EOF while parsing";
  if (list.error && text.find('\\') != std::string_view::npos) return "Expected a newline after line continuation character";
  if (list.error && text.find_first_of("'\"") != std::string_view::npos) return "missing closing quote in string literal";
  if (list.error) {
    size_t at = text.find_first_of("$?!");
    if (at != std::string_view::npos && text[at] != '!') return std::string("Got unexpected token ") + text[at];
  }
  return endsOperand(last) ? "Unexpected token at the end of an expression" : "Expected an expression";
}

// The words for what is wrong with the text as an annotation; empty when nothing is.
static std::string errorOf(std::string_view text, bool is_bracketed) {
  size_t first = text.find_first_not_of(is_bracketed ? " \t\n\r\f" : "\n\r");
  if (first == std::string_view::npos || text[first] == ' ' || text[first] == '\t' || text[first] == '#') return "Expected an expression";
  Interner names;
  std::string source = is_bracketed ? "(" + std::string(text) + "\n)" : std::string(text);
  syntax::ParsedModule parsed = syntax::parseModule(source, names);
  if (parsed.error) return problemOf(text);
  NodeList body = syntax::bodyOf(parsed.ast, parsed.ast.root());
  auto statement = body.size() == 1 ? parsed.ast.tryAs<syntax::ExprStmt>(body[0]) : std::nullopt;
  if (!statement) return problemOf(text);
  if (parsed.ast.is(statement->value(), NodeKind::kYield) || parsed.ast.is(statement->value(), NodeKind::kYieldFrom)) {
    return "Yield expression cannot be used here";
  }
  bool has_star = parsed.ast.is(statement->value(), NodeKind::kStarred);
  if (auto tuple = parsed.ast.tryAs<syntax::Tuple>(statement->value())) {
    for (NodeId elt : tuple->elts()) has_star |= parsed.ast.is(elt, NodeKind::kStarred);
  }
  if (has_star) return "Starred expression cannot be used here";
  for (const Token& token : syntax::tokenize(source, syntax::Trivia::kDrop).tokens) {
    if (token.kind == TokenKind::kSemicolon) return "Unexpected token at the end of an expression";
  }
  return {};
}

void checkAnnotationSyntax(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto text = syntax::stringValue(ast, node);
  if (!text || ast.is(ast.parent(node), NodeKind::kJoinedStr) || ast.is(ast.parent(node), NodeKind::kFormattedValue)) return;
  if (!isTypeDefinition(context, node)) return;
  std::string_view literal = ast.text(node);
  syntax::StringPrefix prefix = syntax::parseStringPrefix(literal);
  uint32_t head = prefix.prefix_size + prefix.quote_size;
  bool is_plain = literal.size() >= head + prefix.quote_size && literal.substr(head, literal.size() - head - prefix.quote_size) == *text;
  std::string problem = errorOf(*text, is_plain && prefix.quote_size == 3);
  if (!problem.empty()) context.sink.begin("F722"_rule, ast.range(node), {problem});
}

}  // namespace krait::lint
