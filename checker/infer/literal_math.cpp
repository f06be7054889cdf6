// Arithmetic on literals: Literal[1, 2] + Literal[3] is Literal[4, 5], Literal["a"] + Literal["b"] is Literal["ab"]. Where
// no side is declared to be a literal, the result is not either, but known to have the value; in loops, where a value may
// change each time, nothing is computed.
#include <optional>

#include "checker/infer/infer.h"

namespace krait::infer {

using syntax::BinaryOp;

// Results with more members than this are plain types.
static constexpr size_t kMostMembers = 64;
// Longer text, put together of what nobody declared to be a literal, is not written out.
static constexpr size_t kLongestText = 64;

// The literals that the type consists of, of one kind; empty: it has other parts. `is_declared`: written as literals,
// not just known to have the value.
static std::vector<TypeId> literalsOf(World& w, TypeId type, bool& is_declared) {
  std::vector<TypeId> found;
  for (TypeId item : unionItems(w, proper(w, type))) {
    TypeId plain = proper(w, item);
    bool is_literal = w.types.is(plain, TypeKind::kLiteral);
    TypeId literal = is_literal ? plain : (w.types.is(plain, TypeKind::kInstance) ? w.types[plain].extra : TypeId::none());
    if (!literal.valid() || !w.types.is(literal, TypeKind::kLiteral)) return {};
    LiteralKind kind = w.types.literalValue(literal).kind;
    bool is_other = !found.empty() && w.types.literalValue(found[0]).kind != kind;
    if (is_other || (kind != LiteralKind::kInt && kind != LiteralKind::kStr && kind != LiteralKind::kBytes)) return {};
    is_declared = is_declared || is_literal;
    found.push_back(literal);
  }
  return found;
}

static std::optional<int64_t> numberOf(World& w, TypeId literal) {
  std::string text(w.types.literalValue(literal).text);
  if (text.size() > 18) return std::nullopt;
  return std::stoll(text);
}

static std::optional<int64_t> compute(BinaryOp op, int64_t a, int64_t b) {
  int64_t result = 0;
  switch (op) {
    case BinaryOp::kAdd: return __builtin_add_overflow(a, b, &result) ? std::nullopt : std::optional(result);
    case BinaryOp::kSub: return __builtin_sub_overflow(a, b, &result) ? std::nullopt : std::optional(result);
    case BinaryOp::kMult: return __builtin_mul_overflow(a, b, &result) ? std::nullopt : std::optional(result);
    case BinaryOp::kFloorDiv:
      if (b == 0) return std::nullopt;
      return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0);
    case BinaryOp::kMod:
      if (b == 0) return std::nullopt;
      return a % b + ((a % b != 0 && (a < 0) != (b < 0)) ? b : 0);
    case BinaryOp::kBitOr: return a | b;
    case BinaryOp::kBitAnd: return a & b;
    case BinaryOp::kBitXor: return a ^ b;
    case BinaryOp::kRShift: return b < 0 ? std::nullopt : std::optional(b > 62 ? (a < 0 ? -1 : 0) : a >> b);
    case BinaryOp::kLShift:
      if (b < 0 || b > 62) return std::nullopt;
      return __builtin_mul_overflow(a, int64_t{1} << b, &result) ? std::nullopt : std::optional(result);
    case BinaryOp::kPow:
      if (b < 0 || b > 62) return std::nullopt;
      result = 1;
      for (int64_t i = 0; i < b; ++i) {
        if (__builtin_mul_overflow(result, a, &result)) return std::nullopt;
      }
      return result;
    default: return std::nullopt;
  }
}

bool isRepeated(const Ast& ast, NodeId node) {
  for (NodeId at = ast.parent(node); at.valid(); at = ast.parent(at)) {
    NodeKind kind = ast.kind(at);
    if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef) return false;
    if (kind == NodeKind::kFor || kind == NodeKind::kWhile || kind == NodeKind::kLambda) return true;
  }
  return false;
}

TypeId literalMath(Checker& c, BinaryOp op, TypeId left, TypeId right, NodeId node) {
  World& w = c.w;
  if (!follows(*c.options, Divergence::kLiteralMath)) return TypeId::none();
  bool is_declared = false;
  std::vector<TypeId> as = literalsOf(w, left, is_declared);
  if (as.empty()) return TypeId::none();
  std::vector<TypeId> bs = literalsOf(w, right, is_declared);
  if (bs.empty() || as.size() * bs.size() > kMostMembers || isRepeated(*c.ast, node)) return TypeId::none();
  if (!is_declared && (as.size() > 1 || bs.size() > 1)) return TypeId::none();
  std::vector<TypeId> results;
  for (TypeId a : as) {
    for (TypeId b : bs) {
      LiteralKind kind = w.types.literalValue(a).kind;
      if (w.types.literalValue(b).kind != kind) return TypeId::none();
      std::string text;
      if (kind == LiteralKind::kInt) {
        std::optional<int64_t> x = numberOf(w, a), y = numberOf(w, b);
        std::optional<int64_t> value = x && y ? compute(op, *x, *y) : std::nullopt;
        if (!value) return TypeId::none();
        text = std::to_string(*value);
      } else {
        if (op != BinaryOp::kAdd) return TypeId::none();
        text = std::string(w.types.literalValue(a).text) + std::string(w.types.literalValue(b).text);
      }
      if (!is_declared && text.size() > kLongestText) return TypeId::none();
      TypeId made = w.types.literal(kind, text, w.types[a].extra);
      results.push_back(is_declared ? made : w.types.instance(w.types[w.types[a].extra].cls(), {}, made));
    }
  }
  return simplifiedUnion(w, results);
}

}  // namespace krait::infer
