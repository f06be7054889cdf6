// COM812, COM818, COM819: the comma after the last element: missing before a line end, or where none should be.
// ref: flake8-commas
#include <algorithm>

#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

namespace {
enum class Place : uint8_t { kNone, kFunctionParameters, kCallArguments, kSubscript, kTuple, kList, kDict, kLambda, kImports, kTypeParams };
struct Bracket {
  Place place = Place::kNone;
  uint32_t commas = 0;
};
struct Piece {
  TokenKind kind = TokenKind::kEndMarker;
  uint32_t begin = 0, end = 0;
};
}  // namespace

static bool isNamed(TokenKind kind) { return kind == TokenKind::kName; }

// Opens, counts in and returns the innermost bracket for a token.
static Bracket place(std::vector<Bracket>& stack, const Piece& token, const Piece& before, const Piece& before2) {
  switch (token.kind) {
    case TokenKind::kLeftParen:
      if (isNamed(before.kind) && before2.kind == TokenKind::kKwDef) {
        stack.push_back({Place::kFunctionParameters});
      } else if (before.kind == TokenKind::kKwImport) {
        stack.push_back({Place::kImports});
      } else if (isNamed(before.kind) || isClosing(before.kind)) {
        stack.push_back({Place::kCallArguments});
      } else {
        stack.push_back({Place::kTuple});
      }
      break;
    case TokenKind::kLeftBracket: {
      bool is_definition = isNamed(before.kind) && (before2.kind == TokenKind::kKwDef || before2.kind == TokenKind::kKwClass);
      bool is_subscript = isNamed(before.kind) || isClosing(before.kind) || before.kind == TokenKind::kString;
      stack.push_back({is_definition ? Place::kTypeParams : is_subscript ? Place::kSubscript : Place::kList});
      break;
    }
    case TokenKind::kLeftBrace:
      stack.push_back({Place::kDict});
      break;
    case TokenKind::kKwLambda:
      stack.push_back({Place::kLambda});
      break;
    case TokenKind::kKwFor:
      stack.back() = {Place::kNone};
      break;
    case TokenKind::kComma:
      ++stack.back().commas;
      break;
    default:
      break;
  }
  return stack.back();
}

static bool allowsComma(const Bracket& bracket) {
  switch (bracket.place) {
    case Place::kNone:
    case Place::kLambda:
      return false;
    case Place::kTuple:
    case Place::kSubscript:
      return bracket.commas != 0;
    default:
      return true;
  }
}

static void checkPiece(LintContext& context, const Bracket& bracket, const Piece& token, const Piece& before, const Piece& before2) {
  bool is_allowed = isClosing(token.kind) && allowsComma(bracket);
  bool is_comma = before.kind == TokenKind::kComma;
  bool is_single = (bracket.place == Place::kSubscript || bracket.place == Place::kTuple) && bracket.commas <= 1;
  bool is_lambda_end = bracket.place == Place::kLambda && token.kind == TokenKind::kColon;
  if (is_comma && ((is_allowed && !is_single) || is_lambda_end)) {
    context.sink.begin("COM819"_rule, {before.begin, before.end}).fix("Remove trailing comma", {{{before.begin, before.end}, ""}});
    return;
  }
  if (is_comma && token.kind == TokenKind::kNewline) {
    context.sink.begin("COM818"_rule, {before.begin, before.end});
    return;
  }
  bool is_empty = before2.kind == TokenKind::kComma || isOpening(before2.kind);
  if (is_allowed && before.kind == TokenKind::kNl && !is_empty) {
    // The token is written anew, so that no other fix of the same pass takes it away: `(a)` that loses its parentheses.
    TextRange last{before2.begin, before2.end};
    context.sink.begin("COM812"_rule, {last.end, last.end}).fix("Add trailing comma", {{last, std::string(context.ast.text(last)) + ","}});
  }
}

// Where `match`, `case` and `type` are keywords.
static std::vector<uint32_t> softKeywords(const Ast& ast) {
  std::vector<uint32_t> begins;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeKind kind = ast.kind(NodeId(i));
    if (kind == NodeKind::kMatch || kind == NodeKind::kMatchCase || kind == NodeKind::kTypeAlias) begins.push_back(ast.range(NodeId(i)).begin);
  }
  std::sort(begins.begin(), begins.end());
  return begins;
}

void checkTrailingCommas(LintContext& context) {
  std::vector<Bracket> stack = {{}};
  std::vector<uint32_t> soft_keywords = softKeywords(context.ast);
  Piece before, before2;
  uint32_t format_depth = 0, format_start = 0;
  for (const Token& token : context.tokens.all()) {
    Piece piece{token.kind, token.begin, token.end};
    bool is_keyword = isNamed(token.kind) && std::binary_search(soft_keywords.begin(), soft_keywords.end(), token.begin);
    if (is_keyword) piece.kind = TokenKind::kKwClass;
    if (token.kind == TokenKind::kFStringStart || token.kind == TokenKind::kTStringStart) {
      if (format_depth++ == 0) format_start = token.begin;
      continue;
    }
    if (token.kind == TokenKind::kFStringEnd || token.kind == TokenKind::kTStringEnd) {
      if (--format_depth > 0) continue;
      piece = {TokenKind::kString, format_start, token.end};
    } else if (format_depth > 0) {
      continue;
    }
    bool is_skipped = token.kind == TokenKind::kComment || token.kind == TokenKind::kIndent || token.kind == TokenKind::kDedent;
    if (is_skipped || (token.kind == TokenKind::kNl && before.kind == TokenKind::kNl)) continue;
    Bracket bracket = place(stack, piece, before, before2);
    checkPiece(context, bracket, piece, before, before2);
    bool closes = bracket.place == Place::kLambda ? piece.kind == TokenKind::kColon : isClosing(piece.kind);
    if (closes && stack.size() > 1) stack.pop_back();
    before2 = before;
    before = piece;
  }
}

}  // namespace krait::lint
