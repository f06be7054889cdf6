// Tuples on the left and on the right of the subtype relation.
#include "checker/relations/subtype_internal.h"

namespace krait::relations {

static size_t unpackIndex(World& w, std::span<const TypeId> items) {
  for (size_t i = 0; i < items.size(); ++i) {
    if (w.types.is(items[i], TypeKind::kUnpack)) return i;
  }
  return items.size();
}

bool instanceOfTuple(World& w, TypeId left, TypeId right, const SubtypeOptions& o) {
  const Type& b = w.types[right];
  ClassId tuple = lookupClass(w, "builtins", "tuple");
  if (!tuple.valid() || !isSubclass(w, w.types[left].cls(), tuple)) return false;
  if (!isNamed(w, b.extra, "builtins.tuple") && !isSubclass(w, w.types[left].cls(), w.types[b.extra].cls())) return false;
  TypeId mapped = mapToSupertype(w, left, tuple);
  if (w.types[mapped].count == 0) return false;
  TypeId item = w.types[mapped].items[0];
  bool is_any = w.types.is(proper(w, item), TypeKind::kAny);
  if (is_any && !o.proper) return true;
  // tuple[X, ...] fits tuple[*tuple[X, ...]] but no tuple of fixed length.
  if (b.count == 1 && w.types.is(b.items[0], TypeKind::kUnpack)) {
    TypeId inner = proper(w, w.types[b.items[0]].items[0]);
    if (isNamed(w, inner, "builtins.tuple")) return isSubtype(w, mapped, inner, o);
  }
  return false;
}

// tuple items with at most one unpacked part on each side.
static bool variadicFits(World& w, std::span<const TypeId> left, std::span<const TypeId> right, const SubtypeOptions& o) {
  size_t right_at = unpackIndex(w, right);
  size_t left_at = unpackIndex(w, left);
  if (right_at == right.size()) {
    // Only a fixed tuple fits a fixed tuple, except that an Any of unknown length fits.
    if (left_at == left.size()) return false;
    TypeId inner = proper(w, w.types[left[left_at]].items[0]);
    if (o.proper || !isNamed(w, inner, "builtins.tuple") || !w.types.is(proper(w, w.types[inner].items[0]), TypeKind::kAny)) {
      return false;
    }
    size_t fixed = left.size() - 1;
    if (fixed > right.size()) return false;
    for (size_t i = 0; i < left_at; ++i) {
      if (!isSubtype(w, left[i], right[i], o)) return false;
    }
    for (size_t i = 1; i + left_at < left.size(); ++i) {
      if (!isSubtype(w, left[left.size() - i], right[right.size() - i], o)) return false;
    }
    return true;
  }
  size_t prefix = right_at;
  size_t suffix = right.size() - right_at - 1;
  TypeId right_inner = proper(w, w.types[right[right_at]].items[0]);
  bool right_is_tuple = isNamed(w, right_inner, "builtins.tuple");
  TypeId right_item = right_is_tuple ? w.types[right_inner].items[0] : TypeId::none();
  if (left_at == left.size()) {
    if (!right_is_tuple || left.size() < prefix + suffix) return false;
    for (size_t i = 0; i < left.size(); ++i) {
      TypeId target = i < prefix ? right[i] : (i + suffix >= left.size() ? right[right.size() - (left.size() - i)] : right_item);
      if (!isSubtype(w, left[i], target, o)) return false;
    }
    return true;
  }
  size_t left_suffix = left.size() - left_at - 1;
  TypeId left_inner = proper(w, w.types[left[left_at]].items[0]);
  TypeId left_item = isNamed(w, left_inner, "builtins.tuple") ? w.types[left_inner].items[0] : TypeId::none();
  if (!right_is_tuple) {
    if (left.size() != right.size() || left_at != right_at) return false;
    for (size_t i = 0; i < left.size(); ++i) {
      if (!isSubtype(w, left[i], right[i], o)) return false;
    }
    return true;
  }
  bool any_item = left_item.valid() && w.types.is(proper(w, left_item), TypeKind::kAny) && !o.proper;
  if (!any_item && (left_at < prefix || left_suffix < suffix)) return false;
  for (size_t i = 0; i < left_at; ++i) {
    if (!isSubtype(w, left[i], i < prefix ? right[i] : right_item, o)) return false;
  }
  for (size_t i = 1; i <= left_suffix; ++i) {
    if (!isSubtype(w, left[left.size() - i], i <= suffix ? right[right.size() - i] : right_item, o)) return false;
  }
  if (!left_item.valid()) return isSubtype(w, left_inner, right_inner, o);
  return isSubtype(w, left_item, right_item, o);
}

static bool tupleOfInstance(World& w, TypeId left, TypeId right, const SubtypeOptions& o) {
  const Type& a = w.types[left];
  const Type& b = w.types[right];
  const std::string& name = w.classes[b.cls()].fullname;
  if (name == "typing.Sized") return true;
  if (name == "builtins.object") return true;
  bool is_collection = name == "builtins.tuple" || name == "typing.Iterable" || name == "typing.Container" ||
                       name == "typing.Collection" || name == "typing.Sequence" || name == "typing.Reversible";
  if (is_collection && b.count == 1) {
    if (!isSubtype(w, builtinType(w, "tuple", w.types.any()), right, {})) return false;
    TypeId item_type = b.items[0];
    for (TypeId item : a.args()) {
      if (w.types.is(item, TypeKind::kUnpack)) {
        TypeId inner = proper(w, w.types[item].items[0]);
        if (isTypeVarTuple(w, inner)) inner = proper(w, upperBound(w, TypeVarId(w.types[inner].ref)));
        if (isNamed(w, inner, "builtins.tuple") && isSubtype(w, w.types[inner].items[0], item_type, o)) continue;
        return false;
      }
      if (!isSubtype(w, item, item_type, o)) return false;
    }
    return true;
  }
  return isSubtype(w, a.extra, right, o) ? isSubtype(w, tupleFallback(w, left), right, o) : false;
}

bool leftTuple(World& w, TypeId left, TypeId right, const SubtypeOptions& o) {
  const Type& a = w.types[left];
  const Type& b = w.types[right];
  if (b.kind == TypeKind::kInstance) return tupleOfInstance(w, left, right, o) || isNamedTupleOf(w, a.extra, right);
  if (b.kind != TypeKind::kTuple) return false;
  bool variadic = unpackIndex(w, a.args()) < a.count || unpackIndex(w, b.args()) < b.count;
  if (variadic) {
    if (!variadicFits(w, a.args(), b.args(), o)) return false;
  } else {
    if (a.count != b.count) return false;
    for (uint32_t i = 0; i < a.count; ++i) {
      if (!isSubtype(w, a.items[i], b.items[i], o)) return false;
    }
  }
  if (isNamed(w, b.extra, "builtins.tuple")) return true;
  return isSubtype(w, a.extra, b.extra, o);
}

}  // namespace krait::relations
