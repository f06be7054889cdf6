// Overlap: could one value be of both types? Used by narrowing, by overload checks and by --strict-equality.
#include "checker/relations/relations.h"

namespace krait::relations {

static bool overlapCompat(World& w, TypeId a, TypeId b, const SubtypeOptions& o) {
  return isOverlapping(w, a, b, o.ignore_promotions, false, false);
}
static bool overlapCompatStrict(World& w, TypeId a, TypeId b, const SubtypeOptions& o) {
  return isOverlapping(w, a, b, o.ignore_promotions, true, true);
}

namespace {

struct Overlapper {
  World& w;
  bool ignore_promotions, prohibit_none, for_overloads;

  bool check(TypeId left, TypeId right, int depth);
  bool typedDicts(TypeId left, TypeId right, int depth);
  bool tuples(TypeId left, TypeId right, int depth);
  bool callables(TypeId left, TypeId right);
  bool instances(TypeId left, TypeId right, int depth);
  std::vector<TypeId> variants(TypeId type);
};

}  // namespace

std::vector<TypeId> Overlapper::variants(TypeId type) {
  type = proper(w, type);
  if (isPlainTypeVar(w, type)) {
    std::vector<TypeId> values = valuesOf(w, TypeVarId(w.types[type].ref));
    if (!values.empty()) return values;
    return {upperBound(w, TypeVarId(w.types[type].ref))};
  }
  return unionItems(w, type);
}

bool Overlapper::typedDicts(TypeId left, TypeId right, int depth) {
  std::vector<TypedDictItem> left_items = w.types.typedDictItems(left);
  std::vector<TypedDictItem> right_items = w.types.typedDictItems(right);
  auto find = [](std::vector<TypedDictItem>& items, NameId name) -> TypedDictItem* {
    for (TypedDictItem& item : items) {
      if (item.name == name) return &item;
    }
    return nullptr;
  };
  for (TypedDictItem& item : left_items) {
    TypedDictItem* other = find(right_items, item.name);
    if (item.required && (other == nullptr || !check(item.type, other->type, depth + 1))) return false;
  }
  for (TypedDictItem& item : right_items) {
    TypedDictItem* other = find(left_items, item.name);
    if (item.required && (other == nullptr || !check(item.type, other->type, depth + 1))) return false;
  }
  return true;
}

bool Overlapper::tuples(TypeId left, TypeId right, int depth) {
  auto asTuple = [&](TypeId type, size_t length) -> std::vector<TypeId> {
    if (w.types.is(type, TypeKind::kTuple)) return {w.types[type].args().begin(), w.types[type].args().end()};
    return std::vector<TypeId>(length, w.types[type].items[0]);
  };
  size_t length = w.types.is(left, TypeKind::kTuple) ? w.types[left].count : w.types[right].count;
  for (TypeId side : {left, right}) {
    if (!w.types.is(side, TypeKind::kTuple)) continue;
    for (TypeId item : w.types[side].args()) {
      if (w.types.is(item, TypeKind::kUnpack)) return true;
    }
  }
  if (w.types.is(left, TypeKind::kTuple) && w.types.is(right, TypeKind::kTuple)) {
    // Two named tuples are different classes, whatever their items.
    TypeId x = w.types[left].extra, y = w.types[right].extra;
    bool plain = isNamed(w, x, "builtins.tuple") || isNamed(w, y, "builtins.tuple");
    if (!plain && w.types.is(x, TypeKind::kInstance) && w.types.is(y, TypeKind::kInstance) &&
        !isSubclass(w, w.types[x].cls(), w.types[y].cls()) && !isSubclass(w, w.types[y].cls(), w.types[x].cls())) {
      return false;
    }
  }
  std::vector<TypeId> a = asTuple(left, length);
  std::vector<TypeId> b = asTuple(right, length);
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!check(a[i], b[i], depth + 1)) return false;
  }
  return true;
}

bool Overlapper::callables(TypeId left, TypeId right) {
  CallableOptions options;
  options.base.ignore_promotions = ignore_promotions;
  options.base.ignore_positional_names = !for_overloads;
  options.allow_partial_overlap = true;
  options.compat = for_overloads ? overlapCompatStrict : overlapCompat;
  return isCallableCompatible(w, left, right, options);
}

bool Overlapper::instances(TypeId left, TypeId right, int depth) {
  SubtypeOptions o;
  o.ignore_promotions = ignore_promotions;
  if (isSubtype(w, left, right, o) || isSubtype(w, right, left, o)) return true;
  ClassId common;
  if (isSubclass(w, w.types[left].cls(), w.types[right].cls())) {
    common = w.types[right].cls();
  } else if (isSubclass(w, w.types[right].cls(), w.types[left].cls())) {
    common = w.types[left].cls();
  } else {
    return false;
  }
  TypeId x = mapToSupertype(w, left, common);
  TypeId y = mapToSupertype(w, right, common);
  const std::vector<TypeVarId> variables = w.header(common).type_vars;
  bool is_variadic = false;
  for (TypeVarId variable : variables) is_variadic = is_variadic || w.type_vars[variable].kind == TypeVarKind::kTypeVarTuple;
  if (is_variadic) {
    // What a TypeVarTuple stands for compares as a tuple.
    Substitution x_map = argumentMap(w, common, w.types[x].args());
    Substitution y_map = argumentMap(w, common, w.types[y].args());
    for (TypeVarId variable : variables) {
      if (!check(x_map.find(variable), y_map.find(variable), depth + 1)) return false;
    }
    return true;
  }
  if (w.types[x].count != w.types[y].count) return true;
  for (uint32_t i = 0; i < w.types[x].count; ++i) {
    if (!check(w.types[x].items[i], w.types[y].items[i], depth + 1)) return false;
  }
  return true;
}

bool Overlapper::check(TypeId left, TypeId right, int depth) {
  left = proper(w, left);
  right = proper(w, right);
  if (left == right) return true;
  if (depth > 40) return true;
  auto is = [&](TypeId type, TypeKind kind) { return w.types.is(type, kind); };
  if (is(left, TypeKind::kPartial) || is(right, TypeKind::kPartial)) return true;
  if (is(left, TypeKind::kAny) || is(right, TypeKind::kAny)) {
    return !for_overloads || (is(left, TypeKind::kAny) && is(right, TypeKind::kAny));
  }
  if (is(left, TypeKind::kErased) || is(right, TypeKind::kErased)) return true;
  if (is(left, TypeKind::kUnbound) || is(right, TypeKind::kUnbound)) return true;
  // Parameters and the like: only as subtypes.
  SubtypeOptions o;
  o.ignore_promotions = ignore_promotions;
  o.ignore_positional_names = true;
  if (for_overloads) {
    auto noneAndObject = [&](TypeId a, TypeId b) { return is(a, TypeKind::kNone) && isNamed(w, b, "builtins.object"); };
    if (noneAndObject(left, right) || noneAndObject(right, left)) return false;
  }
  auto noneAndVariable = [&](TypeId a, TypeId b) { return is(a, TypeKind::kNone) && is(b, TypeKind::kTypeVar); };
  if (prohibit_none && (noneAndVariable(left, right) || noneAndVariable(right, left))) return false;
  o.proper = for_overloads;
  o.ignore_positional_names = !for_overloads;
  if (isSubtype(w, left, right, o) || isSubtype(w, right, left, o)) return true;
  bool left_many = is(left, TypeKind::kUnion) || isPlainTypeVar(w, left);
  bool right_many = is(right, TypeKind::kUnion) || isPlainTypeVar(w, right);
  if (left_many || right_many) {
    // None in both unions alone is no overlap.
    std::vector<TypeId> a = variants(left);
    std::vector<TypeId> b = variants(right);
    for (TypeId x : a) {
      for (TypeId y : b) {
        if (left_many && right_many && a.size() > 1 && b.size() > 1 && is(proper(w, x), TypeKind::kNone) &&
            is(proper(w, y), TypeKind::kNone)) {
          continue;
        }
        if (check(x, y, depth + 1)) return true;
      }
    }
    return false;
  }
  if (prohibit_none || w.options.strict_optional) {
    if (is(left, TypeKind::kNone) != is(right, TypeKind::kNone)) {
      TypeId other = is(left, TypeKind::kNone) ? right : left;
      if (for_overloads || prohibit_none) return false;
      return isNamed(w, other, "builtins.object");
    }
  }
  if (is(left, TypeKind::kTypedDict) && is(right, TypeKind::kTypedDict)) return typedDicts(left, right, depth);
  if (is(left, TypeKind::kTypedDict)) left = w.types[left].extra;
  if (is(right, TypeKind::kTypedDict)) right = w.types[right].extra;
  bool left_tuple = is(left, TypeKind::kTuple) || isNamed(w, left, "builtins.tuple");
  bool right_tuple = is(right, TypeKind::kTuple) || isNamed(w, right, "builtins.tuple");
  if (left_tuple && right_tuple && (is(left, TypeKind::kTuple) || is(right, TypeKind::kTuple))) {
    return tuples(left, right, depth);
  }
  if (is(left, TypeKind::kTuple)) left = tupleFallback(w, left);
  if (is(right, TypeKind::kTuple)) right = tupleFallback(w, right);
  if (is(left, TypeKind::kTypeType) && is(right, TypeKind::kTypeType)) {
    return check(w.types[left].items[0], w.types[right].items[0], depth + 1);
  }
  auto typeOfType = [&](TypeId type, TypeId other) -> bool {
    if (is(other, TypeKind::kCallable)) {
      CallableView view = w.types.callable(other);
      return check(w.types[type].items[0], view.ret(), depth + 1);
    }
    if (is(other, TypeKind::kInstance)) {
      if (isNamed(w, other, "builtins.type")) return true;
      TypeId meta = fallbackOf(w, type);
      TypeId item = proper(w, w.types[type].items[0]);
      if (is(item, TypeKind::kAny) || isObject(w, item)) return isMetaclass(w, w.types[other].cls());
      return is(meta, TypeKind::kInstance) && check(meta, other, depth + 1);
    }
    return false;
  };
  if (is(left, TypeKind::kTypeType)) return typeOfType(left, right);
  if (is(right, TypeKind::kTypeType)) return typeOfType(right, left);
  auto function = [&](TypeId type) { return is(type, TypeKind::kCallable) || is(type, TypeKind::kOverloaded); };
  if (is(left, TypeKind::kCallable) && is(right, TypeKind::kCallable)) return callables(left, right);
  if (function(left) && function(right)) {
    for (TypeId x : is(left, TypeKind::kOverloaded) ? w.types[left].args() : std::span<const TypeId>(&left, 1)) {
      for (TypeId y : is(right, TypeKind::kOverloaded) ? w.types[right].args() : std::span<const TypeId>(&right, 1)) {
        if (callables(x, y)) return true;
      }
    }
    return false;
  }
  auto functionAndInstance = [&](TypeId fn, TypeId instance) {
    TypeId call = findMemberType(w, w.names.__call__, instance, instance);
    if (call.valid() && function(proper(w, call))) return check(call, fn, depth + 1);
    return check(fallbackOf(w, fn), instance, depth + 1);
  };
  if (function(left) && is(right, TypeKind::kInstance)) return functionAndInstance(left, right);
  if (function(right) && is(left, TypeKind::kInstance)) return functionAndInstance(right, left);
  if (is(left, TypeKind::kLiteral) && is(right, TypeKind::kLiteral)) {
    return w.types[left].extra == w.types[right].extra && left == right;
  }
  if (is(left, TypeKind::kLiteral)) left = w.types[left].extra;
  if (is(right, TypeKind::kLiteral)) right = w.types[right].extra;
  if (is(left, TypeKind::kModule)) left = w.types[left].extra;
  if (is(right, TypeKind::kModule)) right = w.types[right].extra;
  if (is(left, TypeKind::kInstance) && is(right, TypeKind::kInstance)) return instances(left, right, depth);
  return w.types.kind(left) == w.types.kind(right) && !is(left, TypeKind::kNone);
}

bool isOverlapping(World& w, TypeId left, TypeId right, bool ignore_promotions, bool prohibit_none, bool for_overloads) {
  return Overlapper{w, ignore_promotions, prohibit_none, for_overloads}.check(left, right, 0);
}

bool isOverlappingErased(World& w, TypeId left, TypeId right, bool ignore_promotions) {
  return isOverlapping(w, eraseType(w, left), eraseType(w, right), ignore_promotions, true);
}

}  // namespace krait::relations
