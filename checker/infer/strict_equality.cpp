// --strict-equality: comparisons that can never be true. Follows mypy's dangerous_comparison.
#include "checker/infer/infer.h"

namespace krait::infer {

static bool isOneOf(World& w, TypeId type, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (isNamed(w, type, name)) return true;
  }
  return false;
}

static bool isBytesLike(World& w, TypeId type) { return isOneOf(w, type, {"builtins.bytes", "builtins.bytearray", "builtins.memoryview"}); }

static bool hasBytesPart(World& w, TypeId type) {
  for (TypeId item : unionItems(w, type)) {
    TypeId plain = proper(w, item);
    if (w.types.is(plain, TypeKind::kLiteral)) plain = w.types[plain].extra;
    if (isOneOf(w, plain, {"builtins.bytes", "builtins.bytearray"})) return true;
  }
  return false;
}

static bool isSetLike(World& w, TypeId type) {
  return isOneOf(w, type, {"builtins.set", "builtins.frozenset", "typing.KeysView", "typing.ItemsView", "builtins._dict_keys", "builtins._dict_items",
                           "_collections_abc.dict_keys", "_collections_abc.dict_items"});
}

static TypeId knownLiteral(World& w, TypeId type) {
  return w.types.is(type, TypeKind::kInstance) && w.types.is(w.types[type].extra, TypeKind::kLiteral) ? w.types[type].extra : type;
}

static bool isBoolLiteral(World& w, TypeId type) {
  return w.types.is(type, TypeKind::kLiteral) && w.types.literalValue(type).kind == LiteralKind::kBool;
}

namespace {

struct Comparison {
  bool is_identity = false;
  bool reads_literals = true;
  TypeId container;  // of `in`; or none
};

}  // namespace

static bool isDangerous(Checker& c, TypeId left, TypeId right, const Comparison& how, int depth = 0);

// Sets, mappings and lists of different item types are equal only when they are empty: their items are compared.
static bool comparesItems(Checker& c, TypeId left, TypeId right, const Comparison& how, int depth, bool& result) {
  World& w = c.w;
  if (!w.types.is(left, TypeKind::kInstance) || !w.types.is(right, TypeKind::kInstance)) return false;
  Comparison items = how;
  items.container = TypeId::none();
  auto shared = [&](const char* base, size_t count) {
    ClassId cls = lookupClass(w, "typing", base);
    if (!cls.valid() || !isSubclass(w, w.types[left].cls(), cls) || !isSubclass(w, w.types[right].cls(), cls)) return false;
    TypeId a = mapToSupertype(w, left, cls), b = mapToSupertype(w, right, cls);
    result = false;
    for (size_t i = 0; i < count; ++i) result = result || isDangerous(c, w.types[a].items[i], w.types[b].items[i], items, depth + 1);
    return true;
  };
  if (isSetLike(w, left) && isSetLike(w, right)) return shared("AbstractSet", 1);
  if (shared("Mapping", 2)) return true;
  bool same = w.types[left].cls() == w.types[right].cls();
  if (same && isOneOf(w, left, {"builtins.list", "builtins.tuple"}) && w.types[left].count == 1) {
    result = isDangerous(c, w.types[left].items[0], w.types[right].items[0], items, depth + 1);
    return true;
  }
  if (isBytesLike(w, left) && isBytesLike(w, right)) {
    result = false;
    return true;
  }
  return false;
}

static bool isDangerous(Checker& c, TypeId left, TypeId right, const Comparison& how, int depth) {
  World& w = c.w;
  if (depth > 20) return false;
  left = proper(w, left);
  right = proper(w, right);
  if (!how.is_identity && (hasCustomMethod(w, left, w.names.__eq__) || hasCustomMethod(w, right, w.names.__eq__))) return false;
  if (how.reads_literals) {
    left = knownLiteral(w, left);
    right = knownLiteral(w, right);
  }
  bool has_none = w.types.is(left, TypeKind::kNone) || w.types.is(right, TypeKind::kNone);
  if (has_none && !c.options->strict_equality_for_none) return false;
  if (!c.options->strict_equality_for_none && w.types.is(left, TypeKind::kUnion) && w.types.is(right, TypeKind::kUnion)) {
    left = proper(w, removeOptional(w, left));
    right = proper(w, removeOptional(w, right));
  }
  if (hasBytesPart(w, left) && hasBytesPart(w, right)) return false;
  // 97 in b"abc" and b"a" in b"abc" both hold.
  if (how.container.valid() && hasBytesPart(w, how.container) && hasBytesPart(w, left)) return false;
  bool result = false;
  if (comparesItems(c, left, right, how, depth, result)) return result;
  if (isBoolLiteral(w, left) && isBoolLiteral(w, right)) return false;
  return !isOverlapping(w, left, right, false);
}

static bool isChecked(const Checker& c) {
  return c.options->strict_equality && !isDynamic(c) && !c.binder->isWarningSuppressed() && c.silent == 0;
}

// The operands as the message shows them: literals where these tell more.
static std::pair<std::string, std::string> shown(World& w, TypeId left, TypeId right) {
  return formatTwo(w, knownLiteral(w, proper(w, left)), knownLiteral(w, proper(w, right)));
}

void checkComparable(Checker& c, TypeId left, TypeId right, bool is_identity, NodeId node) {
  if (!isChecked(c) || !isDangerous(c, left, right, {.is_identity = is_identity})) return;
  auto texts = shown(c.w, left, right);
  fail(c, node, Code::kComparisonOverlap,
       std::string("Non-overlapping ") + (is_identity ? "identity" : "equality") + " check (left operand type: " + texts.first +
           ", right operand type: " + texts.second + ")");
}

void checkContainer(Checker& c, TypeId element, TypeId container, NodeId node) {
  World& w = c.w;
  if (!isChecked(c)) return;
  TypeId item, shown_item;
  if (w.types.is(container, TypeKind::kInstance) && w.types[container].count >= 1) item = w.types[container].items[0];
  if (w.types.is(container, TypeKind::kTuple)) {
    std::vector<TypeId> items(w.types[container].args().begin(), w.types[container].args().end());
    for (TypeId each : items) {
      if (w.types.is(each, TypeKind::kUnpack)) return;
    }
    item = items.empty() ? TypeId::none() : w.types.unionOf(items);
    if (item.valid()) shown_item = removeLastKnownValues(w, item);
  }
  if (!item.valid() || !isDangerous(c, element, item, {.reads_literals = false, .container = container})) return;
  auto texts = formatTwo(w, element, shown_item.valid() ? shown_item : item);
  fail(c, node, Code::kComparisonOverlap, "Non-overlapping container check (element type: " + texts.first + ", container item type: " + texts.second + ")");
}

}  // namespace krait::infer
