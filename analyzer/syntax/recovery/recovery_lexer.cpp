// Lines, indentation, words and operators of a broken text.
#include "analyzer/syntax/recovery/recovery_lexer.h"

#include "analyzer/base/unicode/character.h"

namespace krait::syntax::recovery {

using enum TokenKind;

static bool isWordStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 128; }
static bool isDigit(char c) { return c >= '0' && c <= '9'; }

// The code point at `at`; `size` is how many bytes it takes.
static char32_t codePointAt(std::string_view text, uint32_t at, uint32_t* size) {
  auto byte = [&](uint32_t ahead) { return at + ahead < text.size() ? static_cast<unsigned char>(text[at + ahead]) : 0u; };
  unsigned first = byte(0);
  *size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (*size == 1) return first;
  char32_t out = first & (0xffu >> (*size + 1));
  for (uint32_t i = 1; i < *size; ++i) out = (out << 6) | (byte(i) & 0x3fu);
  return out;
}

TokenKind RecoveryLexer::fail(TextRange range, std::string message) {
  if (problems_ != nullptr) problems_->push_back({range, std::move(message)});
  return kError;
}

void RecoveryLexer::eatLineEnd() {
  if (eat('\r')) eat('\n');
  else eat('\n');
}

void RecoveryLexer::advance() {
  is_unclosed_ = is_line_fresh_ = false;
  token_.begin = at_;
  token_.kind = lex();
  token_.end = at_;
  token_.depth = static_cast<uint8_t>(nesting_ < 200 ? nesting_ : 200);
}

TokenKind RecoveryLexer::lex() {
  TokenKind made;
  if (!strings_.empty() && !strings_.back().isInField(nesting_)) {
    made = interpolatedText();
    if (made != kEndMarker) return made;
  } else if (has_pending_) {
    has_pending_ = false;
    if (compareIndentation(pending_, true, &made)) return made;
  }
  if (at_line_start_) {
    if (indentation(&made)) return made;
  } else if (!skipBlanks(&made)) {
    return made;
  }
  token_.begin = at_;
  return atEnd() ? endOfText() : lexCharacter();
}

bool RecoveryLexer::skipBlanks(TokenKind* out) {
  for (;; ++at_) {
    char c = byte();
    if (c == ' ' || c == '\t' || c == '\f') continue;
    if (c != '\\') return true;
    uint32_t backslash = at_++;
    if (byte() != '\n' && byte() != '\r') {
      *out = fail({backslash, at_}, "Expected a newline after line continuation character");
      token_.begin = backslash;
      return false;
    }
    eatLineEnd();
    if (atEnd()) {
      *out = fail("unexpected EOF while parsing");
      return false;
    }
    --at_;
  }
}

// Reads the blanks at a line's start. True: they make a token.
bool RecoveryLexer::indentation(TokenKind* out) {
  Indentation now;
  for (;;) {
    if (eat(' ')) {
      ++now.column, ++now.characters;
    } else if (eat('\t')) {
      now.column = (now.column / 8 + 1) * 8, ++now.characters;
    } else if (eat('\f')) {
      now = {};
    } else if (byte() == '\\' && !atEnd()) {
      uint32_t backslash = at_++;
      if (byte() != '\n' && byte() != '\r') {
        *out = fail({backslash, at_}, "Expected a newline after line continuation character");
        token_.begin = backslash;
        return true;
      }
      eatLineEnd();
      now = {};
    } else {
      break;
    }
  }
  char c = byte();
  if (atEnd() || c == '\n' || c == '\r' || c == '#') return false;
  at_line_start_ = false;
  is_line_fresh_ = !compareIndentation(now, false, out);
  return !is_line_fresh_;
}

bool RecoveryLexer::compareIndentation(Indentation now, bool is_pending, TokenKind* out) {
  Indentation top = indents_.back();
  int by_column = now.column < top.column ? -1 : now.column > top.column;
  int by_characters = now.characters < top.characters ? -1 : now.characters > top.characters;
  if (by_column != by_characters) {
    *out = fail("unindent does not match any outer indentation level");
    return true;
  }
  if (by_column == 0) return false;
  if (by_column > 0) {
    if (is_pending) return false;
    indents_.push_back(now);
    *out = kIndent;
    return true;
  }
  pending_ = now;
  has_pending_ = true;
  *out = popIndentation(now);
  return true;
}

TokenKind RecoveryLexer::popIndentation(Indentation now) {
  indents_.pop_back();
  Indentation top = indents_.back();
  bool is_deeper = now.column > top.column, is_mixed = is_deeper != (now.characters > top.characters) ||
                                                       (now.column < top.column) != (now.characters < top.characters);
  if (is_deeper || is_mixed) return fail("unindent does not match any outer indentation level");
  token_.begin = at_;
  return kDedent;
}

TokenKind RecoveryLexer::endOfText() {
  if (nesting_ > 0) {
    nesting_ = 0;
    if (!strings_.empty()) {
      bool is_template = strings_.back().is_template;
      strings_.clear();
      return fail({at_, at_}, std::string(is_template ? "t" : "f") + "-string: unterminated string");
    }
    return fail({at_, at_}, "unexpected EOF while parsing");
  }
  if (!at_line_start_) {
    at_line_start_ = true;
    return kNewline;
  }
  if (indents_.size() == 1) return kEndMarker;
  indents_.pop_back();
  return kDedent;
}

bool RecoveryLexer::endLineAt(uint32_t line_end) {
  if (nesting_ == 0) return false;
  --nesting_;
  if (line_end == kNone) return false;
  bool is_closing = token_.kind == kRightParen || token_.kind == kRightBracket || token_.kind == kRightBrace;
  if (is_closing) ++nesting_;
  at_ = line_end;
  at_line_start_ = false;
  return true;
}

TokenKind RecoveryLexer::lexCharacter() {
  char c = byte();
  if (isWordStart(c)) return lexWord();
  ++at_;
  if (isDigit(c)) return lexNumber(c);
  switch (c) {
    case '#':
      while (!atEnd() && byte() != '\n' && byte() != '\r') ++at_;
      return kComment;
    case '\'': case '"': return lexString(c);
    case '\r': eat('\n'); [[fallthrough]];
    case '\n':
      if (nesting_ == 0 && !at_line_start_) {
        at_line_start_ = true;
        return kNewline;
      }
      if (!strings_.empty()) strings_.back().endFormatSpec(nesting_);
      return kNl;
    default: return lexOperator(c);
  }
}

TokenKind RecoveryLexer::lexWord() {
  uint32_t begin = at_;
  while (!atEnd()) {
    uint32_t size;
    char32_t c = codePointAt(text_, at_, &size);
    bool fits = c < 128 ? isWordStart(static_cast<char>(c)) || (at_ > begin && isDigit(static_cast<char>(c)))
                        : (at_ == begin ? unicode::isIdentifierStart(c) : unicode::isIdentifierContinue(c));
    if (!fits) {
      if (at_ > begin) break;
      at_ += size;
      at_line_start_ = is_line_fresh_ && (byte() == '\n' || byte() == '\r');
      return fail("Got unexpected token " + std::string(text_.substr(begin, size)));
    }
    at_ += size;
  }
  std::string_view word = text_.substr(begin, at_ - begin);
  bool is_conversion = !strings_.empty() && token_.kind == kExclamation;
  if (word.size() <= 2 && !is_conversion && (byte() == '\'' || byte() == '"') && !atEnd()) {
    std::string lower;
    for (char c : word) lower += static_cast<char>(c | 0x20);
    for (std::string_view prefix : {"r", "b", "u", "f", "t", "rb", "br", "rf", "fr", "rt", "tr"}) {
      if (lower != prefix) continue;
      char quote = byte();
      ++at_;
      bool is_raw = lower.find('r') != std::string::npos, is_template = lower.find('t') != std::string::npos;
      if (is_template || lower.find('f') != std::string::npos) return startInterpolated(quote, is_raw, is_template);
      return lexString(quote);
    }
  }
  return wordKind(word);
}

TokenKind RecoveryLexer::lexOperator(char c) {
  auto withEqual = [&](TokenKind alone, TokenKind equal) { return eat('=') ? equal : alone; };
  switch (c) {
    case '(': ++nesting_; return kLeftParen;
    case '[': ++nesting_; return kLeftBracket;
    case '{': ++nesting_; return kLeftBrace;
    case ')': nesting_ -= nesting_ > 0; return kRightParen;
    case ']': nesting_ -= nesting_ > 0; return kRightBracket;
    case '}':
      if (!strings_.empty()) {
        if (strings_.back().nesting == nesting_) return fail(std::string(strings_.back().is_template ? "t" : "f") + "-string: single `}` is not allowed");
        strings_.back().endFormatSpec(nesting_);
      }
      nesting_ -= nesting_ > 0;
      return kRightBrace;
    case ':':
      if (!strings_.empty() && strings_.back().fieldsOpen(nesting_) == strings_.back().format_specs + 1) {
        ++strings_.back().format_specs;
        return kColon;
      }
      return withEqual(kColon, kColonEqual);
    case ',': return kComma;
    case ';': return kSemicolon;
    case '~': return kTilde;
    case '=': return withEqual(kEqual, kEqualEqual);
    case '!': return withEqual(kExclamation, kNotEqual);
    case '+': return withEqual(kPlus, kPlusEqual);
    case '%': return withEqual(kPercent, kPercentEqual);
    case '&': return withEqual(kAmpersand, kAmpersandEqual);
    case '|': return withEqual(kPipe, kPipeEqual);
    case '^': return withEqual(kCaret, kCaretEqual);
    case '@': return withEqual(kAt, kAtEqual);
    case '*': return eat('*') ? withEqual(kDoubleStar, kDoubleStarEqual) : withEqual(kStar, kStarEqual);
    case '/': return eat('/') ? withEqual(kDoubleSlash, kDoubleSlashEqual) : withEqual(kSlash, kSlashEqual);
    case '<': return eat('<') ? withEqual(kLeftShift, kLeftShiftEqual) : withEqual(kLess, kLessEqual);
    case '>': return eat('>') ? withEqual(kRightShift, kRightShiftEqual) : withEqual(kGreater, kGreaterEqual);
    case '-': return eat('>') ? kArrow : withEqual(kMinus, kMinusEqual);
    case '.':
      if (isDigit(byte())) return lexNumber('.');
      if (byte() == '.' && byte(1) == '.') {
        at_ += 2;
        return kEllipsis;
      }
      return kDot;
    default: return fail(std::string("Got unexpected token ") + c);
  }
}

}  // namespace krait::syntax::recovery
