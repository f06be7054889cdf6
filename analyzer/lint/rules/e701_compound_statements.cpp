// E701, E702, E703: several statements in one line, and semicolons that end one. ref: pycodestyle compound_statements
#include "analyzer/lint/cells.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

// Keywords after which the next colon outside of brackets begins a block.
static bool opensBlock(TokenKind kind) {
  switch (kind) {
    case TokenKind::kKwIf:
    case TokenKind::kKwElif:
    case TokenKind::kKwElse:
    case TokenKind::kKwFor:
    case TokenKind::kKwWhile:
    case TokenKind::kKwWith:
    case TokenKind::kKwTry:
    case TokenKind::kKwExcept:
    case TokenKind::kKwFinally:
    case TokenKind::kKwClass:
      return true;
    default:
      return false;
  }
}

namespace {
// What has been seen of the statement that is being read.
struct LineState {
  bool is_start = true;
  bool is_block = false;
  std::optional<TextRange> colon, semicolon;
};
}  // namespace

static bool isSoftBlock(const Ast& ast, const Token& token, const Token& next) {
  std::string_view word = ast.text(token.range());
  return token.kind == TokenKind::kName && (word == "match" || word == "case") && next.kind != TokenKind::kColon &&
         next.kind != TokenKind::kEqual && next.kind != TokenKind::kDot && next.kind != TokenKind::kComma &&
         next.kind != TokenKind::kNewline && next.kind != TokenKind::kRightParen;
}

static bool isAtCellEnd(const LintContext& context, TextRange semicolon) {
  if (context.file.cells.empty()) return false;
  for (NodeId statement : syntax::bodyOf(context.ast, context.ast.root())) {
    if (context.ast.range(statement).end <= semicolon.begin && endsCell(context, statement) &&
        context.file.lines.lineOf(context.ast.range(statement).end) == context.file.lines.lineOf(semicolon.begin)) {
      return true;
    }
  }
  return false;
}

static void endLine(LintContext& context, LineState& state) {
  // At the end of a notebook's cell it keeps the value from being shown.
  if (state.semicolon && !isAtCellEnd(context, *state.semicolon)) {
    TextRange range = *state.semicolon;
    context.sink.begin("E703"_rule, range).fix("Remove unnecessary semicolon", {{range, ""}});
  }
  state = LineState();
}

static void readToken(LintContext& context, LineState& state, const Token& token, const Token& next) {
  if (state.is_start) {
    if (token.kind == TokenKind::kKwAsync) return;
    state.is_block = opensBlock(token.kind) || isSoftBlock(context.ast, token, next);
    state.is_start = false;
  }
  if (token.kind == TokenKind::kKwLambda) state.is_block = false;
  if (token.kind == TokenKind::kSemicolon) {
    state = LineState();
    state.semicolon = token.range();
    return;
  }
  if (token.kind == TokenKind::kColon) {
    if (state.is_block) {
      state.colon = token.range();
      state.is_block = false;
    }
    return;
  }
  if (state.semicolon) {
    context.sink.begin("E702"_rule, *state.semicolon);
    state.semicolon.reset();
  }
  if (state.colon) {
    if (token.kind == TokenKind::kEllipsis) return;  // `class A: ...`
    context.sink.begin("E701"_rule, *state.colon);
    state.colon.reset();
  }
}

void checkCompoundStatements(LintContext& context) {
  const std::vector<Token>& tokens = context.tokens.all();
  LineState state;
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    const Token& token = tokens[i];
    bool is_layout = isTrivia(token.kind) || token.kind == TokenKind::kIndent || token.kind == TokenKind::kDedent;
    bool is_inner = token.depth > 0 && !isOpening(token.kind);
    if (is_layout || is_inner) continue;
    if (isOpening(token.kind) && token.depth > 1) continue;
    if (token.kind == TokenKind::kFStringMiddle || token.kind == TokenKind::kFStringEnd) continue;
    if (token.kind == TokenKind::kNewline) {
      endLine(context, state);
    } else {
      readToken(context, state, token, tokens[i + 1]);
    }
  }
}

}  // namespace krait::lint
