// Brackets and operators (language reference 2.7, 2.8).
#include <cstdio>

#include "analyzer/base/unicode/character.h"
#include "analyzer/syntax/tokens/tokenizer_context.h"

namespace krait::syntax {

using enum TokenKind;

static bool openBracket(TokenizerContext& context, TokenKind kind) {
  if (context.depth() >= kMaxBrackets) return failAt(context, context.at + 1, "too many nested parentheses");
  context.result.open_brackets.push_back(context.at);
  if (!context.strings.empty()) ++context.strings.back().bracket_depth;
  context.push(kind, context.at, context.at + 1);
  ++context.at;
  return true;
}

static bool failMismatch(TokenizerContext& context, char closing, uint32_t opening_at) {
  char opening = context.text[opening_at];
  if (!context.strings.empty() && opening == '{') {
    StringMode& mode = context.strings.back();
    if (mode.bracket_depth - 1 == mode.field_depth) {
      return failAt(context, context.at + 1, std::string(1, mode.prefix) + "-string: unmatched '" + closing + "'");
    }
  }
  std::string message = std::string("closing parenthesis '") + closing + "' does not match opening parenthesis '" +
                        opening + "'";
  int32_t opening_line = linePlaceOf(context.text, opening_at).line;
  if (opening_line != linePlaceOf(context.text, context.at).line) message += " on line " + std::to_string(opening_line);
  return failAt(context, context.at + 1, std::move(message));
}

static bool closeBracket(TokenizerContext& context, TokenKind kind) {
  char closing = context.text[context.at];
  StringMode* mode = context.strings.empty() ? nullptr : &context.strings.back();
  if (mode != nullptr && mode->bracket_depth == 0 && closing == '}') {
    return failAt(context, context.at + 1, std::string(1, mode->prefix) + "-string: single '}' is not allowed");
  }
  bool is_open = context.depth() != 0;
  if (!is_open && !context.is_lenient) return failAt(context, context.at + 1, std::string("unmatched '") + closing + "'");
  if (is_open) {
    uint32_t opening_at = context.result.open_brackets.back();
    context.result.open_brackets.pop_back();
    char opening = context.text[opening_at];
    bool matches = opening == '(' ? closing == ')' : opening == '[' ? closing == ']' : closing == '}';
    if (!matches && !context.is_lenient) return failMismatch(context, closing, opening_at);
  }
  if (mode != nullptr) {
    if (--mode->bracket_depth < 0) {
      return failAt(context, context.at + 1, std::string(1, mode->prefix) + "-string: unmatched '" + closing + "'");
    }
    if (closing == '}' && mode->bracket_depth == mode->field_depth) {
      --mode->field_depth;
      mode->in_text = true;
      mode->in_format_spec = false;
    }
  }
  context.push(kind, context.at, context.at + 1);
  ++context.at;
  return true;
}

// The longest operator that begins with `c`, and its size; size 1 and kUnknownOp for a character that begins none.
struct OperatorMatch {
  TokenKind kind;
  uint32_t size;
};

static OperatorMatch withEqual(unsigned char next, TokenKind alone, TokenKind with_equal) {
  return next == '=' ? OperatorMatch{with_equal, 2} : OperatorMatch{alone, 1};
}

static OperatorMatch doubled(unsigned char c, unsigned char next, unsigned char third, TokenKind twice,
                             TokenKind twice_equal, OperatorMatch otherwise) {
  if (next != c) return otherwise;
  return third == '=' ? OperatorMatch{twice_equal, 3} : OperatorMatch{twice, 2};
}

static OperatorMatch matchOperator(unsigned char c, unsigned char next, unsigned char third) {
  switch (c) {
    case ',': return {kComma, 1};
    case ';': return {kSemicolon, 1};
    case '~': return {kTilde, 1};
    case ':': return withEqual(next, kColon, kColonEqual);
    case '=': return withEqual(next, kEqual, kEqualEqual);
    case '+': return withEqual(next, kPlus, kPlusEqual);
    case '%': return withEqual(next, kPercent, kPercentEqual);
    case '&': return withEqual(next, kAmpersand, kAmpersandEqual);
    case '|': return withEqual(next, kPipe, kPipeEqual);
    case '^': return withEqual(next, kCaret, kCaretEqual);
    case '@': return withEqual(next, kAt, kAtEqual);
    case '!': return withEqual(next, kExclamation, kNotEqual);
    case '-': return next == '>' ? OperatorMatch{kArrow, 2} : withEqual(next, kMinus, kMinusEqual);
    case '.': return next == '.' && third == '.' ? OperatorMatch{kEllipsis, 3} : OperatorMatch{kDot, 1};
    case '<':
      if (next == '>') return {kNotEqual, 2};
      return doubled(c, next, third, kLeftShift, kLeftShiftEqual, withEqual(next, kLess, kLessEqual));
    case '>': return doubled(c, next, third, kRightShift, kRightShiftEqual, withEqual(next, kGreater, kGreaterEqual));
    case '*': return doubled(c, next, third, kDoubleStar, kDoubleStarEqual, withEqual(next, kStar, kStarEqual));
    case '/': return doubled(c, next, third, kDoubleSlash, kDoubleSlashEqual, withEqual(next, kSlash, kSlashEqual));
    default: return {kUnknownOp, 1};
  }
}

bool lexOperator(TokenizerContext& context) {
  uint32_t begin = context.at;
  unsigned char c = context.byteAt(begin);
  switch (c) {
    case '(': return openBracket(context, kLeftParen);
    case '[': return openBracket(context, kLeftBracket);
    case '{': return openBracket(context, kLeftBrace);
    case ')': return closeBracket(context, kRightParen);
    case ']': return closeBracket(context, kRightBracket);
    case '}': return closeBracket(context, kRightBrace);
    default: break;
  }
  OperatorMatch match = matchOperator(c, context.byteAt(begin + 1), context.byteAt(begin + 2));
  if (c == ':' && !context.strings.empty()) {
    StringMode& mode = context.strings.back();
    if (mode.field_depth >= 0 && mode.bracket_depth - 1 == mode.field_depth) {
      mode.in_text = true;
      mode.in_format_spec = true;
      match = {kColon, 1};
    }
  }
  if (match.kind == kUnknownOp && !unicode::isPrintable(c)) {
    char shown[16];
    std::snprintf(shown, sizeof shown, "U+%04X", c);
    return failAt(context, begin + 1, std::string("invalid non-printable character ") + shown);
  }
  context.at = begin + match.size;
  context.push(match.kind, begin, context.at);
  return true;
}

}  // namespace krait::syntax
