// Properties of single code points by Unicode 16, with the meaning that CPython 3.14's str and unicodedata give them.
// Takes any code point (surrogates and unassigned ones included; above 0x10ffff answers are those of an unassigned one),
// gives plain values; constant tables only, no start-up work, safe from any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace krait::unicode {

inline constexpr char32_t kLastCodePoint = 0x10ffff;

// ref: Objects/unicodectype.c and makeunicodedata.py: one bit per predicate of str.
enum CharacterFlag : uint16_t {
  kAlpha = 1 << 0,
  kDecimal = 1 << 1,
  kDigit = 1 << 2,
  kNumeric = 1 << 3,
  kSpace = 1 << 4,
  kPrintable = 1 << 5,
  kLower = 1 << 6,
  kUpper = 1 << 7,
  kTitle = 1 << 8,
  kXidStart = 1 << 9,
  kXidContinue = 1 << 10,
  kLineBreak = 1 << 11,
  kCased = 1 << 12,
  kCaseIgnorable = 1 << 13,
};

// All flags of a character: one table access for several questions.
uint16_t characterFlags(char32_t c);

inline bool isAlpha(char32_t c) { return characterFlags(c) & kAlpha; }
inline bool isAlnum(char32_t c) { return characterFlags(c) & (kAlpha | kDecimal | kDigit | kNumeric); }
inline bool isDecimal(char32_t c) { return characterFlags(c) & kDecimal; }
inline bool isDigit(char32_t c) { return characterFlags(c) & kDigit; }
inline bool isNumeric(char32_t c) { return characterFlags(c) & kNumeric; }
inline bool isSpace(char32_t c) { return characterFlags(c) & kSpace; }
inline bool isPrintable(char32_t c) { return characterFlags(c) & kPrintable; }
inline bool isLower(char32_t c) { return characterFlags(c) & kLower; }
inline bool isUpper(char32_t c) { return characterFlags(c) & kUpper; }
inline bool isTitle(char32_t c) { return characterFlags(c) & kTitle; }
// What str.splitlines splits at.
inline bool isLineBreak(char32_t c) { return characterFlags(c) & kLineBreak; }
inline bool isCased(char32_t c) { return characterFlags(c) & kCased; }
inline bool isCaseIgnorable(char32_t c) { return characterFlags(c) & kCaseIgnorable; }
// PEP 3131: the first and the following characters of an identifier (`_` may start one).
inline bool isIdentifierStart(char32_t c) { return c == '_' || (characterFlags(c) & kXidStart); }
inline bool isIdentifierContinue(char32_t c) { return characterFlags(c) & kXidContinue; }
// str.isidentifier of UTF-8 text; malformed text is none.
bool isIdentifier(std::string_view utf8);

// The value of a decimal digit (0–9), -1 if it is none. int() and float() read these.
int decimalValue(char32_t c);
// The value of a digit in the wider sense (superscripts and such), -1 if it is none.
int digitValue(char32_t c);
// The numeric value as a fraction; denominator 0 if the character has none.
struct NumericValue {
  int64_t numerator;
  int32_t denominator;
};
NumericValue numericValue(char32_t c);

// The abbreviations that unicodedata gives: general category ("Lu"), bidirectional class ("" if unassigned), East Asian
// width ("Na").
const char* categoryName(char32_t c);
const char* bidirectionalName(char32_t c);
const char* eastAsianWidthName(char32_t c);
// Canonical combining class, 0–254.
uint8_t combiningClass(char32_t c);
bool isMirrored(char32_t c);

}  // namespace krait::unicode
