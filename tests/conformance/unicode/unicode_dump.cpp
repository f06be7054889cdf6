// Prints everything the Unicode tables know about each code point, in the format of dump_unicode.py.
#include <charconv>
#include <cstdio>
#include <string>

#include "analyzer/base/unicode/case.h"
#include "analyzer/base/unicode/normalize.h"
#include "analyzer/base/unicode/utf8.h"
#include "analyzer/base/unicode_names.h"

using namespace krait::unicode;

static std::string hex(char32_t c) {
  char text[16];
  std::snprintf(text, sizeof text, "%x", static_cast<unsigned>(c));
  return text;
}

static std::string codes(std::u32string_view text) {
  std::string out;
  for (char32_t c : text) {
    if (!out.empty()) out += '.';
    out += hex(c);
  }
  return out;
}

// Python's repr of a float; the values here need no exponents but for 1e16 and above.
static std::string floatRepr(double value) {
  char text[64];
  auto end = std::to_chars(text, text + sizeof text, value);
  std::string out(text, end.ptr);
  if (out.find('e') != std::string::npos && value < 1e16) {
    end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed);
    out.assign(text, end.ptr);
  }
  if (out.find_first_of(".e") == std::string::npos) out += ".0";
  return out;
}

static std::string digit(int value) { return value < 0 ? "-" : std::to_string(value) + ".0"; }

static std::string numeric(char32_t c) {
  NumericValue value = numericValue(c);
  return value.denominator == 0 ? "-" : floatRepr(static_cast<double>(value.numerator) / value.denominator);
}

static std::string predicates(char32_t c) {
  std::string out;
  for (bool yes : {isAlpha(c), isDecimal(c), isDigit(c), isNumeric(c), isSpace(c), isPrintable(c), isLower(c), isUpper(c),
                   isUpper(c) || isTitle(c), isAlnum(c), isIdentifierStart(c), isIdentifierContinue(c), isLineBreak(c)}) {
    out += yes ? '1' : '0';
  }
  return out;
}

static std::string decompositionText(char32_t c) {
  Decomposition parts = decomposition(c);
  std::string out(parts.tag);
  for (uint32_t part : parts.characters) {
    char text[16];
    std::snprintf(text, sizeof text, "%s%04X", out.empty() ? "" : " ", part);
    out += text;
  }
  return out;
}

int main() {
  for (char32_t c = 0; c <= kLastCodePoint; ++c) {
    std::u32string one(1, c), after = U"a", inside = U"a";
    after += c;
    inside += c;
    inside += U'b';
    const char* bidirectional = bidirectionalName(c);
    std::string line = hex(c) + '|' + categoryName(c) + '|' + (*bidirectional ? bidirectional : "-") + '|' +
                       std::to_string(combiningClass(c)) + '|' + eastAsianWidthName(c) + '|' + (isMirrored(c) ? '1' : '0') +
                       '|' + digit(decimalValue(c)) + '|' + digit(digitValue(c)) + '|' + numeric(c) + '|' + predicates(c) +
                       '|' + codes(lower(one)) + '|' + codes(upper(one)) + '|' + codes(title(one)) + '|' +
                       codes(caseFold(one)) + '|' + codes(lower(after)) + '|' + codes(lower(inside)) + '|' +
                       decompositionText(c);
    for (NormalForm form : {NormalForm::kNfc, NormalForm::kNfd, NormalForm::kNfkc, NormalForm::kNfkd}) {
      line += '|' + codes(normalize(form, one)) + '|' + (isNormalized(form, one) ? '1' : '0');
    }
    line += '|' + krait::unicodeName(c);
    std::puts(line.c_str());
  }
}
