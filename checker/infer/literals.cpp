// Constants: their classes, with what is known of their values, and literal types where one is expected.
#include <charconv>

#include "checker/infer/forms.h"

namespace krait::infer {

using syntax::ConstantKind;

// Decimal digits of a number written in hexadecimal, octal or binary that does not fit 64 bits.
static std::string decimalOf(const syntax::IntConstant& value) {
  if (value.fits) return std::to_string(value.value);
  if (value.base == 10) {
    size_t start = value.digits.find_first_not_of('0');
    return start == std::string_view::npos ? "0" : std::string(value.digits.substr(start));
  }
  std::string decimal = "0";  // least significant digit first
  for (char digit : value.digits) {
    int carry = digit <= '9' ? digit - '0' : (digit | 32) - 'a' + 10;
    for (char& place : decimal) {
      int sum = (place - '0') * value.base + carry;
      place = static_cast<char>('0' + sum % 10);
      carry = sum / 10;
    }
    for (; carry > 0; carry /= 10) decimal.push_back(static_cast<char>('0' + carry % 10));
  }
  return std::string(decimal.rbegin(), decimal.rend());
}

// Does the expected type mention literals, so that a value should be one?
static bool wantsLiteral(World& w, TypeId expected) {
  if (!expected.valid()) return false;
  TypeId type = proper(w, expected);
  switch (w.types.kind(type)) {
    case TypeKind::kLiteral: return true;
    case TypeKind::kUnion:
      for (TypeId item : w.types[type].args()) {
        if (wantsLiteral(w, item)) return true;
      }
      return false;
    case TypeKind::kTypeVar: {
      TypeVarId id(w.types[type].ref);
      if (w.type_vars[id].kind != TypeVarKind::kTypeVar) return false;
      return wantsLiteral(w, upperBound(w, id)) || [&] {
        for (TypeId value : valuesOf(w, id)) {
          if (wantsLiteral(w, value)) return true;
        }
        return false;
      }();
    }
    default: return false;
  }
}

static TypeId literalOf(Context& c, LiteralKind kind, std::string_view text, std::string_view cls, TypeId expected) {
  World& w = c.w;
  TypeId instance = builtinType(w, cls);
  if (!w.types.is(instance, TypeKind::kInstance)) return instance;
  TypeId literal = w.types.literal(kind, text, instance);
  if (wantsLiteral(w, expected)) return literal;
  return w.types.instance(w.types[instance].cls(), {}, literal);
}

TypeId inferConstant(Context& c, NodeId node, TypeId expected) {
  World& w = c.w;
  auto constant = c.ast->as<syntax::Constant>(node);
  switch (constant.constantKind()) {
    case ConstantKind::kNone: return w.types.none();
    case ConstantKind::kTrue: return literalOf(c, LiteralKind::kBool, "True", "bool", expected);
    case ConstantKind::kFalse: return literalOf(c, LiteralKind::kBool, "False", "bool", expected);
    case ConstantKind::kEllipsis: {
      TypeId type = namedType(w, "types", "EllipsisType");
      return isAny(w, type) ? builtinType(w, "ellipsis") : type;
    }
    case ConstantKind::kInt: return literalOf(c, LiteralKind::kInt, decimalOf(c.ast->integer(constant.payload())), "int", expected);
    case ConstantKind::kFloat: return builtinType(w, "float");
    case ConstantKind::kComplex: return builtinType(w, "complex");
    case ConstantKind::kStr: return literalOf(c, LiteralKind::kStr, c.ast->string(constant.payload()), "str", expected);
    case ConstantKind::kBytes: return literalOf(c, LiteralKind::kBytes, c.ast->string(constant.payload()), "bytes", expected);
  }
  return w.types.any(AnyKind::kFromError);
}

// The literal types of a union of literals of one kind, or of one value; empty when the type is something else.
static std::vector<TypeId> literalItems(World& w, TypeId type, LiteralKind kind) {
  std::vector<TypeId> result;
  for (TypeId item : unionItems(w, type)) {
    TypeId literal = coerceToLiteral(w, proper(w, item));
    if (!w.types.is(literal, TypeKind::kLiteral) || w.types.literalValue(literal).kind != kind) return {};
    result.push_back(literal);
  }
  return result;
}

std::vector<std::string> literalStrings(Context& c, NodeId node, TypeId type) {
  std::vector<std::string> texts;
  if (node.valid()) {
    if (auto text = syntax::stringValue(*c.ast, node)) return {std::string(*text)};
  }
  for (TypeId literal : literalItems(c.w, type, LiteralKind::kStr)) texts.emplace_back(c.w.types.literalValue(literal).text);
  return texts;
}

bool literalInts(Context& c, NodeId node, std::vector<int64_t>& values, TypeId* type) {
  TypeId found = inferExpr(c, node);
  if (type != nullptr) *type = found;
  for (TypeId literal : literalItems(c.w, found, LiteralKind::kInt)) {
    std::string_view text = c.w.types.literalValue(literal).text;
    int64_t value = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc()) return false;
    values.push_back(value);
  }
  return !values.empty();
}

}  // namespace krait::infer
