#include "analyzer/semantic/compile_errors/pattern_key.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace krait::semantic {

using namespace syntax;

bool PatternKey::operator==(const PatternKey& other) const {
  if (kind != other.kind) return false;
  if (kind != Kind::kNumber) return text == other.text;
  if (is_integer && other.is_integer) return integer == other.integer && text == other.text;
  return real == other.real && imaginary == other.imaginary;
}

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

static PatternKey integerKey(const IntConstant& constant) {
  PatternKey key{.kind = PatternKey::Kind::kNumber, .is_integer = true};
  if (constant.fits) {
    key.integer = constant.value;
    key.real = static_cast<double>(constant.value);
    key.shown = std::to_string(constant.value);
  } else {
    key.text = std::string(constant.digits) + " base " + std::to_string(constant.base);
    key.shown = std::string(constant.digits);
    key.real = std::strtod(key.shown.c_str(), nullptr);
  }
  return key;
}

static PatternKey numberKey(double real, double imaginary, bool is_complex) {
  PatternKey key{.kind = PatternKey::Kind::kNumber, .real = real, .imaginary = imaginary};
  key.shown = is_complex ? complexRepr(real, imaginary) : floatRepr(real);
  return key;
}

static PatternKey singletonKey(const char* name) { return {.text = name, .shown = name}; }

static PatternKey booleanKey(bool value) {
  PatternKey key{.kind = PatternKey::Kind::kNumber, .is_integer = true, .integer = value, .real = value ? 1.0 : 0.0};
  key.shown = value ? "True" : "False";
  return key;
}

static PatternKey constantKey(const Ast& ast, const Constant& constant) {
  switch (constant.constantKind()) {
    case ConstantKind::kNone: return singletonKey("None");
    case ConstantKind::kEllipsis: return singletonKey("Ellipsis");
    case ConstantKind::kTrue: return booleanKey(true);
    case ConstantKind::kFalse: return booleanKey(false);
    case ConstantKind::kInt: return integerKey(ast.integer(constant.payload()));
    case ConstantKind::kFloat: return numberKey(ast.floating(constant.payload()), 0, false);
    case ConstantKind::kComplex: return numberKey(0, ast.floating(constant.payload()), true);
    case ConstantKind::kStr:
    case ConstantKind::kBytes: break;
  }
  bool is_bytes = constant.constantKind() == ConstantKind::kBytes;
  PatternKey key{.kind = is_bytes ? PatternKey::Kind::kBytes : PatternKey::Kind::kStr};
  key.text = ast.string(constant.payload());
  key.shown = quotedRepr(key.text, is_bytes);
  return key;
}

static std::optional<PatternKey> negated(std::optional<PatternKey> key) {
  if (!key || key->kind != PatternKey::Kind::kNumber) return std::nullopt;
  key->integer = -key->integer;
  key->real = -key->real;
  if (key->imaginary != 0) return numberKey(key->real, -key->imaginary, true);
  if (!key->text.empty()) key->text.insert(0, 1, '-');
  key->shown = key->shown.starts_with('-') ? key->shown.substr(1) : "-" + key->shown;
  if (key->is_integer && key->integer == 0 && key->text.empty()) key->shown = "0";
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
  return numberKey(left->real, sum->op() == BinaryOp::kSub ? -right->imaginary : right->imaginary, true);
}

}  // namespace krait::semantic
