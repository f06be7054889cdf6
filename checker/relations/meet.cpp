// Meet: the type of values that are of both types (meet.py), and narrowing a declared type.
#include "checker/relations/relations.h"
#include "checker/relations/subtype_internal.h"

namespace krait::relations {

static TypeId nothing(World& w) { return w.options.strict_optional ? w.types.never() : w.types.none(); }

static TypeId meetInstances(World& w, TypeId s, TypeId t) {
  const Type& a = w.types[s];
  const Type& b = w.types[t];
  if (a.cls() == b.cls()) {
    if (isSubtype(w, t, s) || isSubtype(w, s, t)) {
      // Combine the arguments: the meet of each.
      std::vector<TypeId> args;
      for (uint32_t i = 0; i < b.count && i < a.count; ++i) args.push_back(meet(w, b.items[i], a.items[i]));
      return w.types.instance(b.cls(), args, b.extra.valid() ? b.extra : a.extra);
    }
    return nothing(w);
  }
  if (isSubtype(w, t, s)) return t;
  if (isSubtype(w, s, t)) return s;
  return nothing(w);
}

static TypeId meetCallables(World& w, TypeId s, TypeId t) {
  CallableView a = w.types.callable(s);
  CallableView b = w.types.callable(t);
  if (a.paramCount() != b.paramCount() || a.shape->var_count != b.shape->var_count) {
    if (isSubtype(w, t, s)) return t;
    if (isSubtype(w, s, t)) return s;
    return nothing(w);
  }
  if (isEquivalent(w, t, s)) return t;
  s = withVariablesOf(w, t, s);
  a = w.types.callable(s);
  CallableParts parts = w.types.parts(t);
  for (size_t i = 0; i < parts.types.size(); ++i) parts.types[i] = join(w, b.types()[i], a.types()[i]);
  parts.ret = meet(w, b.ret(), a.ret());
  if (w.types.is(proper(w, parts.ret), TypeKind::kNever) && !w.types.is(proper(w, a.ret()), TypeKind::kNever)) {
    return nothing(w);
  }
  return w.types.callable(parts);
}

static TypeId meetTuples(World& w, TypeId s, TypeId t) {
  const Type& a = w.types[s];
  const Type& b = w.types[t];
  if (a.count != b.count) {
    if (isSubtype(w, s, t)) return s;
    if (isSubtype(w, t, s)) return t;
    return nothing(w);
  }
  std::vector<TypeId> items;
  for (uint32_t i = 0; i < a.count; ++i) {
    if (w.types.is(a.items[i], TypeKind::kUnpack) || w.types.is(b.items[i], TypeKind::kUnpack)) {
      if (isSubtype(w, s, t)) return s;
      return isSubtype(w, t, s) ? t : nothing(w);
    }
    items.push_back(meet(w, b.items[i], a.items[i]));
  }
  return w.types.tuple(items, isNamed(w, a.extra, "builtins.tuple") ? b.extra : a.extra);
}

bool isNativeInt(World& w, TypeId type) {
  if (!w.types.is(type, TypeKind::kInstance)) return false;
  std::string_view name = w.header(w.types[type].cls()).fullname;
  constexpr std::string_view kModule = "mypy_extensions.";
  if (!name.starts_with(kModule)) return false;
  name.remove_prefix(kModule.size());
  return name == "i64" || name == "i32" || name == "i16" || name == "u8";
}

TypeId meet(World& w, TypeId s, TypeId t) {
  s = proper(w, s);
  t = proper(w, t);
  if (s == t) return s;
  if (!w.types.is(s, TypeKind::kAny) && !w.types.is(t, TypeKind::kAny)) {
    if (isProperSubtype(w, s, t, SubtypeOptions{.ignore_promotions = true})) return s;
    if (isProperSubtype(w, t, s, SubtypeOptions{.ignore_promotions = true})) return t;
  }
  if (w.types.is(s, TypeKind::kErased)) return s;
  if (w.types.is(s, TypeKind::kAny)) return t;
  if (w.types.is(t, TypeKind::kAny)) return s;
  if (w.types.is(s, TypeKind::kUnion) && !w.types.is(t, TypeKind::kUnion)) std::swap(s, t);
  if (w.types.is(t, TypeKind::kUnion)) {
    std::vector<TypeId> items;
    for (TypeId x : unionItems(w, t)) {
      for (TypeId y : unionItems(w, s)) {
        TypeId both = meet(w, x, y);
        if (!w.types.is(both, TypeKind::kNever)) items.push_back(both);
      }
    }
    return items.empty() ? nothing(w) : simplifiedUnion(w, items);
  }
  TypeKind a = w.types.kind(s);
  TypeKind b = w.types.kind(t);
  if (a == TypeKind::kInstance && b == TypeKind::kInstance) return meetInstances(w, s, t);
  if (a == TypeKind::kCallable && b == TypeKind::kCallable) return meetCallables(w, s, t);
  if (a == TypeKind::kCallable && b == TypeKind::kInstance) {
    std::swap(s, t);
    std::swap(a, b);
  }
  if (a == TypeKind::kInstance && b == TypeKind::kCallable && w.header(w.types[s].cls()).has(kClassProtocol) && protocolMembers(w, w.types[s].cls()).size() == 1) {
    // A callback protocol is as good as its __call__.
    TypeId call = findMemberType(w, w.names.__call__, s, s);
    if (call.valid() && w.types.is(proper(w, call), TypeKind::kCallable)) return meet(w, t, call);
  }
  if (a == TypeKind::kTuple && b == TypeKind::kTuple) return meetTuples(w, s, t);
  if (a == TypeKind::kTypedDict && b == TypeKind::kTypedDict) {
    TypeId both = meetTypedDicts(w, s, t);
    return both.valid() ? both : nothing(w);
  }
  if (a == TypeKind::kTypeType && b == TypeKind::kTypeType) {
    TypeId item = meet(w, w.types[t].items[0], w.types[s].items[0]);
    if (w.types.is(item, TypeKind::kNever)) return nothing(w);
    return w.types.isTypeForm(s) && w.types.isTypeForm(t) ? w.types.typeForm(item) : w.types.typeType(item);
  }
  if (b == TypeKind::kInstance && a == TypeKind::kTuple) {
    std::swap(s, t);
    std::swap(a, b);
  }
  if (a == TypeKind::kInstance && b == TypeKind::kTuple && isNamed(w, s, "builtins.tuple") && w.types[s].count == 1) {
    std::vector<TypeId> items;
    for (TypeId item : w.types[t].args()) {
      items.push_back(w.types.is(item, TypeKind::kUnpack) ? item : meet(w, item, w.types[s].items[0]));
    }
    return w.types.tuple(items, w.types[t].extra);
  }
  if (isNativeInt(w, t) && isNamed(w, s, "builtins.int")) return t;
  if (isSubtype(w, s, t)) return s;
  if (isSubtype(w, t, s)) return t;
  return nothing(w);
}

static bool mentionsTypeVars(World& w, TypeId type) { return eraseTypeVars(w, type, nullptr, w.types.any()) != type; }

static TypeId narrowUnion(World& w, TypeId declared, TypeId narrowed) {
  std::vector<TypeId> kept;
  std::vector<TypeId> parts = unionItems(w, narrowed);
  for (TypeId item : unionItems(w, declared)) {
    for (TypeId part : parts) {
      // A promotion fits too: x: float | None; x = 1.
      if (isOverlapping(w, item, part, true) || isSubtype(w, part, item)) kept.push_back(narrowDeclared(w, item, part));
    }
  }
  return simplifiedUnion(w, kept);
}

static TypeId narrowByEach(World& w, TypeId declared, TypeId union_type) {
  std::vector<TypeId> items;
  for (TypeId item : unionItems(w, union_type)) items.push_back(narrowDeclared(w, declared, item));
  return simplifiedUnion(w, items);
}

TypeId narrowDeclared(World& w, TypeId declared, TypeId narrowed) {
  TypeId d = proper(w, declared);
  TypeId n = proper(w, narrowed);
  if (d == n) return declared;
  TypeKind dk = w.types.kind(d);
  TypeKind nk = w.types.kind(n);
  // A float that is no int is less than what `float` declares.
  if (w.types.isExact(n) && w.types.withoutLiteral(n) == d) return narrowed;
  if (dk == TypeKind::kUnion) return narrowUnion(w, declared, narrowed);
  if (dk == TypeKind::kTypeVar && isPlainTypeVar(w, d) && !mentionsTypeVars(w, n) && isSubtype(w, n, upperBound(w, TypeVarId(w.types[d].ref)))) {
    return narrowedVariable(w, d, narrowDeclared(w, upperBound(w, TypeVarId(w.types[d].ref)), narrowed));
  }
  if (nk == TypeKind::kTypeVar && isPlainTypeVar(w, n) && !mentionsTypeVars(w, d) && isSubtype(w, d, upperBound(w, TypeVarId(w.types[n].ref)))) {
    return narrowedVariable(w, n, narrowDeclared(w, declared, upperBound(w, TypeVarId(w.types[n].ref))));
  }
  if (!isOverlapping(w, d, n)) return nothing(w);
  if (nk == TypeKind::kUnion) return narrowByEach(w, declared, narrowed);
  if (nk == TypeKind::kAny) return narrowed;
  if (nk == TypeKind::kTypeVar && isPlainTypeVar(w, n) && isSubtype(w, upperBound(w, TypeVarId(w.types[n].ref)), d)) return narrowed;
  if (dk == TypeKind::kTypeType && nk == TypeKind::kTypeType) {
    TypeId item = narrowDeclared(w, w.types[d].items[0], w.types[n].items[0]);
    return w.types.isTypeForm(d) && w.types.isTypeForm(n) ? w.types.typeForm(item) : w.types.typeType(item);
  }
  if (dk == TypeKind::kTypeType && nk == TypeKind::kInstance && isMetaclass(w, w.types[n].cls())) {
    return w.types.isTypeForm(d) ? w.types.typeType(w.types[d].items[0]) : declared;
  }
  // They are represented differently from int: neither becomes the other. ref: mypy meet.narrow_declared_type
  if (isNativeInt(w, d) || (isNativeInt(w, n) && isNamed(w, d, "builtins.int"))) return declared;
  if (dk == TypeKind::kInstance && nk == TypeKind::kInstance) {
    SubtypeOptions o;
    o.ignore_promotions = true;
    if (isProperSubtype(w, d, n, o)) return declared;
    if (isProperSubtype(w, n, d, o)) return narrowed;
  }
  if (dk == TypeKind::kInstance || dk == TypeKind::kTuple || dk == TypeKind::kTypeType || dk == TypeKind::kLiteral) return meet(w, d, n);
  if (dk == TypeKind::kTypedDict && nk == TypeKind::kInstance) return isNamed(w, n, "builtins.dict") ? declared : meet(w, d, n);
  return narrowed;
}

}  // namespace krait::relations
