// Tuples narrowed by their length: `len(x) == 2`, `1 < len(x) < 4`, `if x`. Follows mypy's narrow_with_len.
#include "checker/narrow/checker.h"

namespace krait::narrow {

using Op = syntax::CompareOperator;

// Longer tuples are not written out.
static constexpr int64_t kMaxPreciseLength = 8;

static size_t unpackIndex(World& w, TypeId tuple) {
  std::span<const TypeId> items = w.types[tuple].args();
  for (size_t i = 0; i < items.size(); ++i) {
    if (w.types.is(items[i], TypeKind::kUnpack)) return i;
  }
  return items.size();
}

bool isNarrowedByLength(Checker& c, TypeId type) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kUnion)) {
    for (TypeId item : w.types[plain].args()) {
      if (isNarrowedByLength(c, item)) return true;
    }
    return false;
  }
  if (w.types.is(plain, TypeKind::kTuple)) {
    if (hasCustomMethod(w, plain, w.name("__len__"))) return false;
    return unpackIndex(w, plain) == w.types[plain].count || isNamed(w, w.types[plain].extra, "builtins.tuple");
  }
  return w.types.is(plain, TypeKind::kInstance) && isSubclass(w, w.types[plain].cls(), "builtins.tuple") &&
         !hasCustomMethod(w, plain, w.name("__len__"));
}

static Op opposite(Op op) {
  switch (op) {
    case Op::kEq: return Op::kNotEq;
    case Op::kIs: return Op::kIsNot;
    case Op::kNotEq: return Op::kEq;
    case Op::kIsNot: return Op::kIs;
    case Op::kLt: return Op::kGtE;
    case Op::kLtE: return Op::kGt;
    case Op::kGt: return Op::kLtE;
    default: return Op::kLt;
  }
}

static Op mirrored(Op op) {
  switch (op) {
    case Op::kLt: return Op::kGt;
    case Op::kLtE: return Op::kGtE;
    case Op::kGt: return Op::kLt;
    case Op::kGtE: return Op::kLtE;
    default: return op;
  }
}

static bool holds(Op op, int64_t a, int64_t b) {
  switch (op) {
    case Op::kEq:
    case Op::kIs: return a == b;
    case Op::kNotEq:
    case Op::kIsNot: return a != b;
    case Op::kLt: return a < b;
    case Op::kLtE: return a <= b;
    case Op::kGt: return a > b;
    default: return a >= b;
  }
}

static bool isEqual(Op op) { return op == Op::kEq || op == Op::kIs; }

// A tuple with `*tuple[X, ...]` or `*Ts` in it.
static LengthSplit splitVariadic(Checker& c, TypeId tuple, size_t unpack, Op op, int64_t size) {
  World& w = c.w;
  std::vector<TypeId> items(w.types[tuple].args().begin(), w.types[tuple].args().end());
  TypeId fallback = w.types[tuple].extra;
  TypeId star = items[unpack];
  TypeId inner = proper(w, w.types[star].items[0]);
  auto min_length = static_cast<int64_t>(items.size()) - 1;
  if (!isEqual(op) && op != Op::kLt && op != Op::kLtE) {
    LengthSplit reversed = splitVariadic(c, tuple, unpack, opposite(op), size);
    return {reversed.no, reversed.yes};
  }
  bool is_homogeneous = w.types.is(inner, TypeKind::kInstance);
  auto with = [&](int64_t count, bool keeps_star) {
    std::vector<TypeId> made(items.begin(), items.begin() + static_cast<ptrdiff_t>(unpack));
    for (int64_t i = 0; i < count; ++i) made.push_back(w.types[inner].items[0]);
    if (keeps_star) made.push_back(star);
    made.insert(made.end(), items.begin() + static_cast<ptrdiff_t>(unpack) + 1, items.end());
    return w.types.tuple(made, fallback);
  };
  if (isEqual(op)) {
    if (min_length > size) return {TypeId::none(), tuple};
    return {is_homogeneous ? with(size - min_length, false) : tuple, tuple};
  }
  if (op == Op::kLtE) ++size;
  if (min_length >= size) return {TypeId::none(), tuple};
  if (!is_homogeneous) return {tuple, tuple};
  std::vector<TypeId> shorter;
  for (int64_t n = 0; n < size - min_length; ++n) shorter.push_back(with(n, false));
  return {w.types.unionOf(shorter), with(size - min_length, true)};
}

static bool hasFeature(const CheckOptions& options, std::string_view name) {
  for (const auto& feature : options.enable_incomplete_feature) {
    if (feature == name) return true;
  }
  return false;
}

// tuple[X, ...]
static LengthSplit splitHomogeneous(Checker& c, TypeId type, Op op, int64_t size) {
  World& w = c.w;
  if (!isEqual(op) && op != Op::kLt && op != Op::kLtE) {
    LengthSplit reversed = splitHomogeneous(c, type, opposite(op), size);
    return {reversed.no, reversed.yes};
  }
  TypeId base = mapToSupertype(w, type, lookupClass(w, "builtins", "tuple"));
  TypeId element = w.types[base].items[0];
  if (isEqual(op)) {
    std::vector<TypeId> items(static_cast<size_t>(size), element);
    return {w.types.tuple(items, type), type};
  }
  if (op == Op::kLtE) ++size;
  bool is_precise = isNamed(w, type, "builtins.tuple") && (follows(*c.options, Divergence::kPreciseLengths) || hasFeature(*c.options, "PreciseTupleTypes"));
  if (!is_precise) return {type, type};
  std::vector<TypeId> shorter;
  for (int64_t n = 0; n < size; ++n) shorter.push_back(w.types.tuple(std::vector<TypeId>(static_cast<size_t>(n), element), type));
  std::vector<TypeId> longer(static_cast<size_t>(size), element);
  longer.push_back(w.types.unpack(base));
  return {w.types.unionOf(shorter), w.types.tuple(longer, type)};
}

LengthSplit splitByLength(Checker& c, TypeId type, Op op, int64_t size) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kTuple)) {
    size_t unpack = unpackIndex(w, plain);
    if (unpack < w.types[plain].count) return splitVariadic(c, plain, unpack, op, size);
    if (holds(op, static_cast<int64_t>(w.types[plain].count), size)) return {plain, TypeId::none()};
    return {TypeId::none(), plain};
  }
  if (w.types.is(plain, TypeKind::kInstance)) return splitHomogeneous(c, plain, op, size);
  std::vector<TypeId> yes, no, others;
  std::vector<TypeId> members(w.types[plain].args().begin(), w.types[plain].args().end());
  for (TypeId member : members) {
    if (!isNarrowedByLength(c, member)) {
      others.push_back(member);
      continue;
    }
    LengthSplit one = splitByLength(c, member, op, size);
    if (one.yes.valid()) yes.push_back(one.yes);
    if (one.no.valid()) no.push_back(one.no);
  }
  yes.insert(yes.end(), others.begin(), others.end());
  no.insert(no.end(), others.begin(), others.end());
  return {yes.empty() ? TypeId::none() : simplifiedUnion(w, yes), no.empty() ? TypeId::none() : simplifiedUnion(w, no)};
}

// The x of `len(x)`, when its length is of use; none otherwise.
static NodeId measured(Checker& c, NodeId node) {
  if (auto named = c.ast->tryAs<syntax::NamedExpr>(node)) node = named->value();
  auto call = c.ast->tryAs<syntax::Call>(node);
  if (!call || call->args().size() != 1) return NodeId::none();
  if (fullNameAt(c.w, c.module, c.scope, *c.ast, call->func()) != "builtins.len") return NodeId::none();
  NodeId value = call->args()[0];
  TypeId type = c.nodeType(value);
  if (!keyOf(c, value).valid() || !type.valid() || !isNarrowedByLength(c, type)) return NodeId::none();
  return value;
}

static bool literalInt(Checker& c, NodeId node, int64_t& out) {
  if (auto named = c.ast->tryAs<syntax::NamedExpr>(node)) node = named->value();
  TypeId type = c.nodeType(node);
  if (!type.valid()) return false;
  TypeId literal = proper(c.w, coerceToLiteral(c.w, type));
  if (!c.w.types.is(literal, TypeKind::kLiteral) || c.w.types.literalValue(literal).kind != LiteralKind::kInt) return false;
  std::string text(c.w.types.literalValue(literal).text);
  if (text.size() > 9) return false;
  out = std::atoll(text.c_str());
  return true;
}

static Conditions lengthOf(Checker& c, NodeId value, Op op, int64_t size) {
  LengthSplit split = splitByLength(c, c.nodeType(value), op, size);
  auto map = [&](TypeId type) { return type.valid() ? mapOf(c, value, type) : impossibleMap(); };
  return {map(split.yes), map(split.no)};
}

// A chain of `==` in which some operands are lengths and some are known numbers.
static Conditions equalLengths(Checker& c, const std::vector<NodeId>& chain) {
  int64_t size = 0, value = 0;
  bool is_known = false;
  for (NodeId node : chain) {
    if (!literalInt(c, node, value)) continue;
    if (is_known && value != size) return {impossibleMap(), {}};
    size = value;
    is_known = true;
  }
  Conditions all;
  if (!is_known || size > kMaxPreciseLength || size < 0) return all;
  bool is_first = true;
  for (NodeId node : chain) {
    NodeId asked = measured(c, node);
    if (!asked.valid()) continue;
    Conditions one = lengthOf(c, asked, Op::kEq, size);
    all.if_true = andMaps(c, all.if_true, one.if_true, true);
    all.if_false = is_first ? one.if_false : orMaps(c, all.if_false, one.if_false);
    is_first = false;
  }
  return all;
}

Conditions findLengthChecks(Checker& c, NodeId node) {
  auto compare = c.ast->as<syntax::Compare>(node);
  std::vector<NodeId> operands{compare.left()};
  for (NodeId comparator : compare.comparators()) operands.push_back(comparator);
  Conditions all;
  bool is_first = true;
  for (size_t i = 0; i + 1 < operands.size(); ++i) {
    auto op = static_cast<Op>(compare.ops()[i].value);
    if (op == Op::kIn || op == Op::kNotIn) continue;
    Conditions one;
    if (isEqual(op)) {
      std::vector<NodeId> chain{operands[i], operands[i + 1]};
      while (i + 2 < operands.size() && isEqual(static_cast<Op>(compare.ops()[i + 1].value))) chain.push_back(operands[++i + 1]);
      one = equalLengths(c, chain);
    } else {
      NodeId left = operands[i], right = operands[i + 1];
      if (measured(c, right).valid()) {
        std::swap(left, right);
        op = mirrored(op);
      }
      int64_t size = 0;
      NodeId asked = measured(c, left);
      if (asked.valid() && literalInt(c, right, size) && size >= 0 && size <= kMaxPreciseLength) one = lengthOf(c, asked, op, size);
    }
    if (one.isEmpty()) continue;
    all.if_true = andMaps(c, all.if_true, one.if_true, true);
    all.if_false = is_first ? one.if_false : orMaps(c, all.if_false, one.if_false);
    is_first = false;
  }
  return all;
}

}  // namespace krait::narrow
