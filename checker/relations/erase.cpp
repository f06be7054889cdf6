// Types with detail taken away: type arguments, type variables, known literals.
#include "checker/relations/relations.h"

namespace krait::relations {

TypeId eraseType(World& w, TypeId id) {
  id = proper(w, id);
  const Type& type = w.types[id];
  switch (type.kind) {
    case TypeKind::kInstance: return instanceWithAny(w, type.cls(), AnyKind::kSpecialForm);
    case TypeKind::kTypeVar:
    case TypeKind::kUnpack:
    case TypeKind::kErased: return w.types.any(AnyKind::kSpecialForm);
    case TypeKind::kCallable: {
      if (w.types.callable(id).isTypeObject()) return w.types.typeType(eraseType(w, w.types.callable(id).made()));
      CallableParts parts;
      TypeId any = w.types.any(AnyKind::kSpecialForm);
      parts.add(NameId::none(), ParamKind::kStar, any);
      parts.add(NameId::none(), ParamKind::kStar2, any);
      parts.ret = any;
      parts.set(kEllipsisArgs);
      parts.set(kImplicit);
      return w.types.callable(parts);
    }
    case TypeKind::kOverloaded: return eraseType(w, type.items[0]);
    case TypeKind::kTuple: return eraseType(w, type.extra);
    case TypeKind::kTypedDict: return eraseType(w, type.extra);
    case TypeKind::kUnion: {
      std::vector<TypeId> items;
      std::vector<TypeId> members(type.args().begin(), type.args().end());
      for (TypeId member : members) items.push_back(eraseType(w, member));
      return simplifiedUnion(w, items);
    }
    case TypeKind::kTypeType: return type.sub == 1 ? w.types.typeForm(eraseType(w, type.items[0])) : w.types.typeType(eraseType(w, type.items[0]));
    default: return id;
  }
}

namespace {
struct Eraser {
  const std::vector<TypeVarId>* only;
  TypeId replacement;
};
}  // namespace

static TypeId eraseOne(World& w, TypeId id, void* data) {
  auto* eraser = static_cast<Eraser*>(data);
  const Type& type = w.types[id];
  if (!type.has(kHasTypeVars)) return id;
  if (type.kind != TypeKind::kTypeVar) return TypeId::none();
  if (eraser->only != nullptr) {
    bool found = false;
    for (TypeVarId variable : *eraser->only) found = found || variable.value == type.ref;
    if (!found) return id;
  }
  TypeVarKind kind = w.type_vars[TypeVarId(type.ref)].kind;
  if (kind == TypeVarKind::kTypeVarTuple) return builtinType(w, "tuple", eraser->replacement);
  if (kind == TypeVarKind::kParamSpec && w.types.is(eraser->replacement, TypeKind::kAny)) {
    return type.sub == static_cast<uint8_t>(TypeVarForm::kPlain) ? ellipsisParameters(w) : eraser->replacement;
  }
  return eraser->replacement;
}

TypeId eraseTypeVars(World& w, TypeId type, const std::vector<TypeVarId>* only, TypeId replacement) {
  if (!w.types[type].has(kHasTypeVars)) return type;
  if (only != nullptr) {
    Substitution map;
    for (TypeVarId variable : *only) {
      TypeVarKind kind = w.type_vars[variable].kind;
      if (kind == TypeVarKind::kTypeVarTuple) {
        TypeId item = w.types.unpack(builtinType(w, "tuple", replacement));
        map.add(variable, w.types.tuple(std::span<const TypeId>(&item, 1), builtinType(w, "tuple")));
      } else if (kind == TypeVarKind::kParamSpec) {
        map.add(variable, w.types.is(replacement, TypeKind::kErased) ? w.types.any() : replacement);
      } else {
        map.add(variable, replacement);
      }
    }
    return substitute(w, type, map);
  }
  Eraser eraser{only, replacement};
  return mapTypes(w, type, eraseOne, &eraser);
}

static TypeId dropLiteral(World& w, TypeId id, void*) {
  const Type& type = w.types[id];
  if (type.kind != TypeKind::kInstance || (!w.types.is(type.extra, TypeKind::kLiteral) && !w.types.isExact(id))) {
    return type.kind == TypeKind::kLiteral || type.kind == TypeKind::kTypedDict ? id : TypeId::none();
  }
  return w.types.withoutLiteral(id);
}

TypeId removeLastKnownValues(World& w, TypeId type) {
  if (w.types.is(type, TypeKind::kUnion)) {
    std::vector<TypeId> items;
    std::vector<TypeId> members(w.types[type].args().begin(), w.types[type].args().end());
    for (TypeId member : members) items.push_back(removeLastKnownValues(w, member));
    // A literal stays beside the class of a value that is no longer known. ref: mypy erasetype.LastKnownValueEraser
    bool has_literal = false;
    for (TypeId item : items) has_literal = has_literal || w.types.is(item, TypeKind::kLiteral);
    return has_literal && !follows(w.options, Divergence::kRedefinition) ? w.types.unionOf(items) : simplifiedUnion(w, items);
  }
  return mapTypes(w, type, dropLiteral, nullptr);
}

}  // namespace krait::relations
