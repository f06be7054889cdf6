// Numbers (language reference 2.6): what they are, and CPython's messages for what they are not.
#include "analyzer/syntax/tokens/tokenizer_context.h"

namespace krait::syntax {

using enum TokenKind;

static bool isHexDigit(unsigned char c) {
  return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool startsWith(const TokenizerContext& context, uint32_t at, std::string_view word) {
  return context.text.substr(std::min<size_t>(at, context.size), word.size()) == word;
}

// A keyword that may follow a number without a space: CPython only warns there.
static bool isKeywordAfterNumber(const TokenizerContext& context, uint32_t at) {
  for (std::string_view word : {"and", "else", "for", "or", "not"}) {
    if (startsWith(context, at, word)) return !isWordByte(context.byteAt(at + static_cast<uint32_t>(word.size())));
  }
  return startsWith(context, at, "if") || startsWith(context, at, "in") || startsWith(context, at, "is");
}

// verify_end_of_number: what may stand right behind a number.
static bool checkEnd(TokenizerContext& context, uint32_t at, const char* kind) {
  unsigned char c = context.byteAt(at);
  if (c >= 128 || !isWordByte(c) || isKeywordAfterNumber(context, at)) return true;
  return failAt(context, at, std::string("invalid ") + kind + " literal");
}

static bool pushNumber(TokenizerContext& context, uint32_t begin, uint32_t end) {
  context.push(kNumber, begin, end);
  context.at = end;
  return true;
}

// Digits with single underscores between them, from a digit at `at`. False: an error.
static bool passDecimals(TokenizerContext& context, uint32_t& at) {
  for (;;) {
    while (isDigit(context.byteAt(at))) ++at;
    if (context.byteAt(at) != '_') return true;
    ++at;
    if (!isDigit(context.byteAt(at))) return failAt(context, at, "invalid decimal literal");
  }
}

struct Radix {
  const char* name;
  unsigned char limit;  // one past the largest digit; 0: hexadecimal
};

static bool isRadixDigit(unsigned char c, const Radix& radix) {
  return radix.limit == 0 ? isHexDigit(c) : c >= '0' && c < radix.limit;
}

static bool failDigit(TokenizerContext& context, uint32_t at, const Radix& radix) {
  return failAt(context, at + 1,
                std::string("invalid digit '") + context.text[at] + "' in " + radix.name + " literal");
}

// 0x…, 0o… and 0b…; `at` stands behind the letter.
static bool lexRadix(TokenizerContext& context, uint32_t begin, uint32_t at, const Radix& radix) {
  do {
    if (context.byteAt(at) == '_') ++at;
    unsigned char c = context.byteAt(at);
    if (!isRadixDigit(c, radix)) {
      if (radix.limit != 0 && isDigit(c)) return failDigit(context, at, radix);
      return failAt(context, at, std::string("invalid ") + radix.name + " literal");
    }
    while (isRadixDigit(context.byteAt(at), radix)) ++at;
  } while (context.byteAt(at) == '_');
  if (radix.limit != 0 && isDigit(context.byteAt(at))) return failDigit(context, at, radix);
  return checkEnd(context, at, radix.name) && pushNumber(context, begin, at);
}

// What may follow the digits of the whole part or the fraction: exponent and imaginary part.
static bool lexTail(TokenizerContext& context, uint32_t begin, uint32_t at) {
  unsigned char c = context.byteAt(at);
  if (c == 'e' || c == 'E') {
    uint32_t digits = at + 1;
    bool has_sign = context.byteAt(digits) == '+' || context.byteAt(digits) == '-';
    if (has_sign) ++digits;
    if (!isDigit(context.byteAt(digits))) {
      if (has_sign) return failAt(context, digits, "invalid decimal literal");
      return checkEnd(context, at, "decimal") && pushNumber(context, begin, at);
    }
    at = digits;
    if (!passDecimals(context, at)) return false;
    c = context.byteAt(at);
  }
  if (c == 'j' || c == 'J') return checkEnd(context, at + 1, "imaginary") && pushNumber(context, begin, at + 1);
  return checkEnd(context, at, "decimal") && pushNumber(context, begin, at);
}

// `at` stands behind the dot.
static bool lexFraction(TokenizerContext& context, uint32_t begin, uint32_t at) {
  if (isDigit(context.byteAt(at)) && !passDecimals(context, at)) return false;
  return lexTail(context, begin, at);
}

// A number that begins with 0 and has no radix letter.
static bool lexZero(TokenizerContext& context, uint32_t begin) {
  uint32_t at = begin + 1;
  for (;;) {
    if (context.byteAt(at) == '_') {
      ++at;
      if (!isDigit(context.byteAt(at))) return failAt(context, at, "invalid decimal literal");
    }
    if (context.byteAt(at) != '0') break;
    ++at;
  }
  uint32_t zeros_end = at + 1;  // CPython has read one byte more
  bool has_digits = isDigit(context.byteAt(at));
  if (has_digits && !passDecimals(context, at)) return false;
  unsigned char c = context.byteAt(at);
  if (c == '.') return lexFraction(context, begin, at + 1);
  if (c == 'e' || c == 'E' || c == 'j' || c == 'J') return lexTail(context, begin, at);
  if (has_digits) {
    uint32_t start = linePlaceOf(context.text, begin).start;
    return failRange(context, at, begin + 1 - start, zeros_end - start,
                     "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers");
  }
  return checkEnd(context, at, "decimal") && pushNumber(context, begin, at);
}

bool lexNumber(TokenizerContext& context) {
  uint32_t begin = context.at;
  unsigned char c = context.byteAt(begin);
  if (c == '.') return lexFraction(context, begin, begin + 1);
  if (c == '0') {
    switch (context.byteAt(begin + 1)) {
      case 'x': case 'X': return lexRadix(context, begin, begin + 2, {"hexadecimal", 0});
      case 'o': case 'O': return lexRadix(context, begin, begin + 2, {"octal", '8'});
      case 'b': case 'B': return lexRadix(context, begin, begin + 2, {"binary", '2'});
      default: return lexZero(context, begin);
    }
  }
  uint32_t at = begin;
  if (!passDecimals(context, at)) return false;
  return context.byteAt(at) == '.' ? lexFraction(context, begin, at + 1) : lexTail(context, begin, at);
}

}  // namespace krait::syntax
