// Numbers and strings of a broken text.
#include "analyzer/syntax/recovery/recovery_lexer.h"

namespace krait::syntax::recovery {

using enum TokenKind;

static bool isDigitOf(char c, int base) {
  if (c >= '0' && c <= '9') return c - '0' < base;
  char lower = static_cast<char>(c | 0x20);
  return base == 16 && lower >= 'a' && lower <= 'f';
}

// Digits with single underscores between them.
void RecoveryLexer::passDigits(int base) {
  for (;;) {
    if (isDigitOf(byte(), base)) ++at_;
    else if (byte() == '_' && isDigitOf(byte(1), base)) ++at_;
    else return;
  }
}

TokenKind RecoveryLexer::lexNumber(char first) {
  char mark = static_cast<char>(byte() | 0x20);
  if (first == '0' && (mark == 'x' || mark == 'o' || mark == 'b') && !atEnd()) {
    uint32_t digits = ++at_;
    passDigits(mark == 'x' ? 16 : mark == 'o' ? 8 : 2);
    return at_ == digits ? fail("ParseIntError { kind: Empty }") : kNumber;
  }
  bool is_float = first == '.';
  if (!is_float) passDigits(10);
  if (is_float || eat('.')) {
    is_float = true;
    if (byte() == '_') return fail({at_, at_ + 1}, "Invalid Syntax");
    passDigits(10);
  }
  bool has_sign = byte(1) == '+' || byte(1) == '-';
  if ((byte() == 'e' || byte() == 'E') && isDigitOf(byte(has_sign ? 2 : 1), 10)) {
    at_ += has_sign ? 2 : 1;
    passDigits(10);
    is_float = true;
  }
  if (eat('j') || eat('J') || is_float) return kNumber;
  bool is_zero = text_.substr(token_.begin, at_ - token_.begin).find_first_not_of("0_") == std::string_view::npos;
  return first == '0' && !is_zero ? fail("Invalid decimal integer literal") : kNumber;
}

TokenKind RecoveryLexer::lexString(char quote) {
  bool is_triple = byte() == quote && byte(1) == quote && at_ + 1 < size_;
  if (is_triple) at_ += 2;
  for (;;) {
    if (atEnd() || (!is_triple && (byte() == '\n' || byte() == '\r'))) {
      is_unclosed_ = true;
      fail("missing closing quote in string literal");
      return kString;
    }
    char c = byte();
    ++at_;
    if (c == '\\') {
      if (byte() == '\n' || byte() == '\r') eatLineEnd();
      else if (!atEnd()) ++at_;
    } else if (c == quote) {
      if (!is_triple) return kString;
      if (byte() == quote && byte(1) == quote && at_ + 1 < size_) {
        at_ += 2;
        return kString;
      }
    }
  }
}

TokenKind RecoveryLexer::startInterpolated(char quote, bool is_raw, bool is_template) {
  bool is_triple = byte() == quote && byte(1) == quote && at_ + 1 < size_;
  if (is_triple) at_ += 2;
  strings_.push_back({.nesting = nesting_, .quote = quote, .is_triple = is_triple, .is_raw = is_raw, .is_template = is_template});
  return is_template ? kTStringStart : kFStringStart;
}

void RecoveryLexer::endInterpolatedHere() {
  if (token_.kind != kString || !is_unclosed_ || strings_.empty() || strings_.back().fieldsOpen(nesting_) != strings_.back().format_specs + 1) return;
  const Interpolated& string = strings_.back();
  uint32_t size = string.is_triple ? 3 : 1;
  std::string quotes(size, string.quote);
  if (text_.substr(token_.begin, size) != quotes) return;
  size_t behind = text_.find_first_not_of(" \t\f\r\n", token_.begin + size);
  if (behind < at_ && text_[behind] != '#') return;
  if (problems_ != nullptr) problems_->pop_back();
  is_unclosed_ = false;
  at_ = token_.begin + size;
  nesting_ = string.nesting;
  token_.kind = string.is_template ? kTStringEnd : kFStringEnd;
  token_.end = at_;
  strings_.pop_back();
}

TokenKind RecoveryLexer::interpolatedText() {
  Interpolated& string = strings_.back();
  bool is_template = string.is_template, is_triple = string.is_triple;
  char quote = string.quote;
  auto atQuotes = [&] { return !atEnd() && byte() == quote && (!is_triple || (byte(1) == quote && byte(2) == quote && at_ + 2 < size_)); };
  if (atQuotes()) {
    at_ += is_triple ? 3 : 1;
    strings_.pop_back();
    return is_template ? kTStringEnd : kFStringEnd;
  }
  uint32_t begin = at_;
  bool in_name = false, in_spec = string.isInFormatSpec(nesting_);
  for (;;) {
    char c = byte();
    if (atEnd() || (!is_triple && (c == '\n' || c == '\r'))) {
      std::string kind = is_template ? "t-string: " : "f-string: ";
      bool is_line_end = !atEnd() && in_spec;
      nesting_ = string.nesting;
      strings_.pop_back();
      fail(kind + (is_line_end ? "newlines are not allowed in format specifiers when using single quotes"
                               : is_triple ? "unterminated triple-quoted string" : "unterminated string"));
      break;
    }
    if (atQuotes()) break;
    if (c == '\\') {
      ++at_;
      if (byte() == '{' || byte() == '}') continue;
      if (!string.is_raw && byte() == 'N' && byte(1) == '{') {
        at_ += 2;
        in_name = true;
      } else if (byte() == '\r' || byte() == '\n') {
        eatLineEnd();
      } else if (!atEnd()) {
        ++at_;
      }
      continue;
    }
    if (c == '{') {
      if (byte(1) != '{' || in_spec) break;
      ++at_;
    } else if (c == '}') {
      if (in_name) in_name = false;
      else if (byte(1) == '}' && !in_spec) ++at_;
      else break;
    }
    ++at_;
  }
  if (at_ == begin) return kEndMarker;
  return is_template ? kTStringMiddle : kFStringMiddle;
}

}  // namespace krait::syntax::recovery
