#include "analyzer/semantic/compile_errors/pattern_key.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace krait::semantic {

using namespace syntax;

// repr() of a float: the shortest digits that read back, with an exponent from 1e16 and below 1e-4.
static std::string floatRepr(double value) {
  char buffer[40];
  if (!std::isfinite(value)) return std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
  double size = std::fabs(value);
  bool has_exponent = size != 0 && (size >= 1e16 || size < 1e-4);
  auto format = has_exponent ? std::chars_format::scientific : std::chars_format::fixed;
  std::to_chars_result end = std::to_chars(buffer, buffer + sizeof buffer, value, format);
  std::string text(buffer, end.ptr);
  if (!has_exponent && text.find('.') == std::string::npos) text += ".0";
  return text;
}

static std::string withoutPointZero(std::string text) {
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

static std::string complexRepr(double real, double imaginary) {
  std::string tail = withoutPointZero(floatRepr(imaginary)) + "j";
  if (real == 0 && !std::signbit(real)) return tail;
  return "(" + withoutPointZero(floatRepr(real)) + (tail[0] == '-' ? "" : "+") + tail + ")";
}

// repr() of a str or bytes. Characters that are not ASCII are taken to be printable.
static std::string quotedRepr(std::string_view text, bool is_bytes) {
  bool has_single = text.find('\'') != std::string_view::npos;
  char quote = has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
  std::string out = is_bytes ? "b" : "";
  out += quote;
  for (char c : text) {
    unsigned char byte = static_cast<unsigned char>(c);
    char escape[8];
    std::snprintf(escape, sizeof escape, "\\x%02x", byte);
    if (c == '\n' || c == '\r' || c == '\t') {
      out += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
    } else if (c == quote || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f || (is_bytes && byte >= 0x80)) {
      out += escape;
    } else {
      out += c;
    }
  }
  return out + quote;
}

// Numbers that are equal have one identity, whatever their types: the float's value, or the digits beyond 2**53.
static PatternKey numberKey(double real, double imaginary, std::optional<int64_t> integer, std::string shown) {
  PatternKey key{.shown = std::move(shown), .is_number = true, .integer = integer, .real = real, .imaginary = imaginary};
  bool is_exact = !integer || (*integer > -(int64_t{1} << 53) && *integer < (int64_t{1} << 53));
  double shown_real = real == 0 ? 0 : real;  // -0.0 == 0.0
  key.identity = is_exact ? "n" + floatRepr(shown_real) + (imaginary != 0 ? "j" + floatRepr(imaginary) : "")
                          : "i" + std::to_string(*integer);
  return key;
}

static PatternKey integerKey(const IntConstant& constant) {
  if (constant.fits) {
    return numberKey(static_cast<double>(constant.value), 0, constant.value, std::to_string(constant.value));
  }
  std::string digits(constant.digits);
  PatternKey key = numberKey(std::strtod(digits.c_str(), nullptr), 0, std::nullopt, digits);
  key.identity = "b" + std::to_string(constant.base) + " " + digits;
  return key;
}

static PatternKey floatKey(double value) { return numberKey(value, 0, std::nullopt, floatRepr(value)); }

static PatternKey complexKey(double real, double imaginary) {
  PatternKey key = numberKey(real, imaginary, std::nullopt, complexRepr(real, imaginary));
  key.is_complex = true;
  return key;
}

static PatternKey singletonKey(const char* name) { return {.identity = name, .shown = name}; }

static PatternKey textKey(std::string_view text, bool is_bytes) {
  return {.identity = (is_bytes ? "y" : "s") + std::string(text), .shown = quotedRepr(text, is_bytes)};
}

static PatternKey constantKey(const Ast& ast, const Constant& constant) {
  uint32_t payload = constant.payload();
  switch (constant.constantKind()) {
    case ConstantKind::kNone: return singletonKey("None");
    case ConstantKind::kEllipsis: return singletonKey("Ellipsis");
    case ConstantKind::kTrue: return numberKey(1, 0, 1, "True");
    case ConstantKind::kFalse: return numberKey(0, 0, 0, "False");
    case ConstantKind::kInt: return integerKey(ast.integer(payload));
    case ConstantKind::kFloat: return floatKey(ast.floating(payload));
    case ConstantKind::kComplex: return complexKey(0, ast.floating(payload));
    case ConstantKind::kStr: return textKey(ast.string(payload), false);
    case ConstantKind::kBytes: return textKey(ast.string(payload), true);
  }
  return singletonKey("None");
}

static std::optional<PatternKey> negated(std::optional<PatternKey> key) {
  if (!key || !key->is_number) return std::nullopt;
  if (key->is_complex) return complexKey(-key->real, -key->imaginary);
  if (key->integer) return numberKey(-key->real, 0, -*key->integer, std::to_string(-*key->integer));
  if (!key->identity.starts_with('b')) return floatKey(-key->real);
  key->identity.insert(1, 1, '-');
  key->shown.insert(0, 1, '-');
  return key;
}

std::optional<PatternKey> patternKey(const Ast& ast, NodeId id) {
  if (auto constant = ast.tryAs<Constant>(id)) return constantKey(ast, *constant);
  if (auto unary = ast.tryAs<UnaryOp>(id)) return negated(patternKey(ast, unary->operand()));
  auto sum = ast.tryAs<BinOp>(id);
  if (!sum) return std::nullopt;
  std::optional<PatternKey> left = patternKey(ast, sum->left());
  std::optional<PatternKey> right = patternKey(ast, sum->right());
  if (!left || !right) return std::nullopt;
  return complexKey(left->real, sum->op() == BinaryOp::kSub ? -right->imaginary : right->imaginary);
}

}  // namespace krait::semantic
