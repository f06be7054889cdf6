// E221-E228: blanks around operators. ref: pycodestyle whitespace_around_operator, missing_whitespace
#include "analyzer/lint/logical_lines.h"

namespace krait::lint {

enum class Need : uint8_t { kNone, kOptional, kRequired };

static bool isArithmetic(TokenKind kind) {
  switch (kind) {
    case TokenKind::kPlus:
    case TokenKind::kMinus:
    case TokenKind::kStar:
    case TokenKind::kSlash:
    case TokenKind::kDoubleStar:
    case TokenKind::kDoubleSlash:
    case TokenKind::kAt:
      return true;
    default:
      return false;
  }
}

static bool isBitwise(TokenKind kind) {
  switch (kind) {
    case TokenKind::kPipe:
    case TokenKind::kAmpersand:
    case TokenKind::kCaret:
    case TokenKind::kLeftShift:
    case TokenKind::kRightShift:
      return true;
    default:
      return false;
  }
}

static bool needsBlanks(TokenKind kind) {
  bool is_augmented = kind >= TokenKind::kPlusEqual && kind <= TokenKind::kAtEqual;
  bool is_comparison = kind >= TokenKind::kEqualEqual && kind <= TokenKind::kGreaterEqual;
  switch (kind) {
    case TokenKind::kLess:
    case TokenKind::kGreater:
    case TokenKind::kEqual:
    case TokenKind::kArrow:
    case TokenKind::kColonEqual:
    case TokenKind::kKwAnd:
    case TokenKind::kKwOr:
    case TokenKind::kKwIn:
    case TokenKind::kKwIs:
      return true;
    default:
      return is_augmented || is_comparison;
  }
}

static bool isSymbolOperator(TokenKind kind) {
  if (kind == TokenKind::kAt || kind == TokenKind::kAtEqual || kind == TokenKind::kArrow) return false;
  return isArithmetic(kind) || isBitwise(kind) || kind == TokenKind::kPercent || (needsBlanks(kind) && !syntax::isKeyword(kind));
}

static void oneBlank(LintContext& context, Rule rule, TextRange range, const char* what) {
  context.sink.begin(rule, range).fix(what, {{range, " "}});
}

void checkOperatorBlanks(const LogicalLine& line) {
  bool follows_operator = false;
  for (const Token& token : line.tokens) {
    bool is_operator = isSymbolOperator(token.kind);
    if (is_operator) {
      BlankRun before = blanksBefore(line.text(), token.begin), after = blanksAfter(line.text(), token.end);
      if (!follows_operator && before.kind == Blanks::kTab) oneBlank(line.context, "E223"_rule, before.range, "Replace with single space");
      if (!follows_operator && before.kind == Blanks::kMany) oneBlank(line.context, "E221"_rule, before.range, "Replace with single space");
      if (after.kind == Blanks::kTab) oneBlank(line.context, "E224"_rule, after.range, "Replace with single space");
      if (after.kind == Blanks::kMany) oneBlank(line.context, "E222"_rule, after.range, "Replace with single space");
    }
    follows_operator = is_operator;
  }
}

// Whether a value ends with the token: what follows is a binary operator.
static bool endsValue(const Token& token) {
  switch (token.kind) {
    case TokenKind::kName:
    case TokenKind::kNumber:
    case TokenKind::kString:
    case TokenKind::kEllipsis:
      return true;
    default:
      return isClosing(token.kind) || isFormatEnd(token.kind);
  }
}

static Rule ruleOf(TokenKind kind) {
  if (kind == TokenKind::kPercent) return "E228"_rule;
  return isArithmetic(kind) ? "E226"_rule : isBitwise(kind) ? "E227"_rule : "E225"_rule;
}

static void checkBothSides(LintContext& context, const Token& token, bool has_before, bool has_after, Need need) {
  if (has_before && has_after) return;
  // `a**b` binds tightly.
  if (!has_before && !has_after && token.kind == TokenKind::kDoubleStar) return;
  Rule rule = need == Need::kOptional ? ruleOf(token.kind) : "E225"_rule;
  std::vector<FixEdit> edits;
  if (!has_before) edits.push_back({{token.begin, token.begin}, " "});
  if (!has_after) edits.push_back({{token.end, token.end}, " "});
  context.sink.begin(rule, token.range()).fix("Add missing whitespace", std::move(edits));
}

namespace {
struct OperatorState {
  uint32_t parens = 0;
  int formats = 0;
};
}  // namespace

static Need needOf(const TypeParameterList& parameters, const OperatorState& state, bool follows_value, const Token& token, const Token* next) {
  TokenKind kind = token.kind;
  if (kind == TokenKind::kEqual && (state.parens > 0 || state.formats > 0 || parameters.contains(token))) return Need::kNone;
  if (kind == TokenKind::kSlash) {
    // The mark of positional parameters.
    bool is_mark = next != nullptr && (next->kind == TokenKind::kComma || next->kind == TokenKind::kRightParen || next->kind == TokenKind::kColon);
    return is_mark ? Need::kNone : Need::kOptional;
  }
  bool may_be_unary = kind == TokenKind::kPlus || kind == TokenKind::kMinus || kind == TokenKind::kStar || kind == TokenKind::kDoubleStar;
  if (may_be_unary) return follows_value ? Need::kOptional : Need::kNone;
  if (needsBlanks(kind)) return Need::kRequired;
  return isSymbolOperator(kind) || kind == TokenKind::kAt ? Need::kOptional : Need::kNone;
}

void checkMissingOperatorBlanks(const LogicalLine& line) {
  TypeParameterList parameters(line);
  OperatorState state;
  const Token* previous = nullptr;
  const Token* soft = line.softKeyword();
  for (size_t i = 0; i < line.tokens.size(); ++i) {
    const Token& token = line.tokens[i];
    if (isLayout(token.kind) || token.kind == TokenKind::kComment) continue;
    state.formats += isFormatStart(token.kind) - isFormatEnd(token.kind);
    if (token.kind == TokenKind::kLeftParen || token.kind == TokenKind::kKwLambda) ++state.parens;
    if (token.kind == TokenKind::kRightParen && state.parens > 0) --state.parens;
    if (previous != nullptr) {
      const Token* next = i + 1 < line.tokens.size() ? &line.tokens[i + 1] : nullptr;
      Need need = needOf(parameters, state, previous != soft && endsValue(*previous), token, next);
      bool has_after = next == nullptr || token.end < next->begin || isTrivia(next->kind) || isLayout(next->kind);
      if (need != Need::kNone) checkBothSides(line.context, token, previous->end < token.begin, has_after, need);
    }
    previous = &token;
  }
}

}  // namespace krait::lint
