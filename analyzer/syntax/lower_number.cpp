// Number literals (language reference 2.5).
#include <charconv>
#include <cstdlib>
#include <string>

#include "analyzer/syntax/lower_context.h"

namespace krait::syntax::lowering {

static bool isDigitOf(char c, int base) {
  int value = c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? (c | 0x20) - 'a' + 10 : 99;
  return value < base;
}

// Removes underscores that stand between digits; false when one stands elsewhere.
static bool stripUnderscores(std::string_view text, std::string* out) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      *out += text[i];
    } else if (i == 0 || i + 1 == text.size() || !isDigitOf(text[i - 1], 16) || !isDigitOf(text[i + 1], 16)) {
      return false;
    }
  }
  return true;
}

static NodeId addNumber(LowerContext& context, TextRange range, ConstantKind kind, uint32_t payload) {
  return addExpr(context, NodeKind::kConstant, range, {payload}, static_cast<uint8_t>(kind));
}

static NodeId lowerInteger(LowerContext& context, TextRange range, std::string_view text) {
  IntConstant constant;
  std::string_view digits = text;
  if (text.size() > 1 && text[0] == '0' && !isDigitOf(text[1], 10) && text[1] != '_') {
    char marker = static_cast<char>(text[1] | 0x20);
    constant.base = marker == 'x' ? 16 : marker == 'o' ? 8 : 2;
    digits.remove_prefix(2);
    if (!digits.empty() && digits[0] == '_') digits.remove_prefix(1);
  }
  std::string clean;
  bool is_fine = stripUnderscores(digits, &clean) && !clean.empty();
  for (char c : clean) is_fine &= isDigitOf(c, constant.base);
  if (constant.base == 10 && clean.size() > 1 && clean[0] == '0' &&
      clean.find_first_not_of('0') != std::string::npos) {
    is_fine = false;
  }
  if (constant.base == 10 && clean.size() > 4300) context.suspect();
  if (!is_fine) {
    context.suspect();
    return addNumber(context, range, ConstantKind::kInt, context.builder.addInt(constant));
  }
  auto parsed = std::from_chars(clean.data(), clean.data() + clean.size(), constant.value, constant.base);
  constant.fits = parsed.ec == std::errc();
  constant.digits = constant.fits ? std::string_view() : std::string_view(clean);
  return addNumber(context, range, ConstantKind::kInt, context.builder.addInt(constant));
}

NodeId lowerNumber(LowerContext& context, TextRange range) {
  std::string_view text = context.textOf(range);
  // A name that touches the number (`1if`) is deprecated, `1_a` an error: the exact check knows.
  if (range.end < context.text.size()) {
    char next = context.text[range.end];
    if ((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '_' || (next >= '0' && next <= '9') ||
        static_cast<unsigned char>(next) >= 0x80) {
      context.suspect();
    }
  }
  char last = static_cast<char>(text.back() | 0x20);
  bool is_prefixed = text.size() > 1 && text[0] == '0' && ((text[1] | 0x20) == 'x' || (text[1] | 0x20) == 'o' ||
                                                           (text[1] | 0x20) == 'b');
  bool is_imaginary = last == 'j' && !is_prefixed;
  bool is_integer = !is_imaginary && (is_prefixed || text.find_first_of(".eE") == std::string_view::npos);
  if (is_integer) return lowerInteger(context, range, text);
  if (is_imaginary) text.remove_suffix(1);
  std::string clean;
  if (!stripUnderscores(text, &clean)) context.suspect();
  double value = std::strtod(clean.c_str(), nullptr);
  ConstantKind kind = is_imaginary ? ConstantKind::kComplex : ConstantKind::kFloat;
  return addNumber(context, range, kind, context.builder.addFloat(value));
}

}  // namespace krait::syntax::lowering
