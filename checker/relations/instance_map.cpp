// Instances seen as instances of their base classes; the fallbacks of other kinds of types.
#include "checker/relations/relations.h"

namespace krait::relations {

// Finds `base` below `instance` and carries the arguments along.
static TypeId searchBases(World& w, TypeId instance, ClassId base, int depth) {
  ClassId cls = w.types[instance].cls();
  if (cls == base) return instance;
  if (depth > 200) return TypeId::none();
  const ClassInfo& info = w.header(cls);
  for (size_t i = 0; i < info.bases.size(); ++i) {
    TypeId parent = info.bases[i];
    if (w.types.is(parent, TypeKind::kTuple) || w.types.is(parent, TypeKind::kTypedDict)) parent = fallbackOf(w, parent);
    if (!w.types.is(parent, TypeKind::kInstance)) continue;
    if (!isSubclass(w, w.types[parent].cls(), base)) continue;
    TypeId mapped = searchBases(w, substituteByInstance(w, parent, instance), base, depth + 1);
    if (mapped.valid()) return mapped;
  }
  return TypeId::none();
}

TypeId mapToSupertype(World& w, TypeId instance, ClassId base) {
  const Type& type = w.types[instance];
  if (type.cls() == base) return instance;
  if (w.header(base).type_vars.empty()) return w.types.instance(base);
  // A tuple class keeps the items' join as the argument of its tuple base.
  const ClassInfo& info = w.header(type.cls());
  if (info.tuple_type.valid() && isNamed(w, base, "builtins.tuple")) {
    TypeId tuple = substituteByInstance(w, info.tuple_type, instance);
    TypeId plain = w.types.tuple(w.types[tuple].args(), builtinType(w, "tuple"));
    return tupleFallback(w, plain);
  }
  TypeId found = searchBases(w, instance, base, 0);
  return found.valid() ? found : instanceWithAny(w, base, AnyKind::kFromError);
}

TypeId instanceWithAny(World& w, ClassId cls, AnyKind kind) {
  const ClassInfo& info = w.header(cls);
  std::vector<TypeId> args;
  for (TypeVarId variable : info.type_vars) {
    TypeVarKind var_kind = w.type_vars[variable].kind;
    if (var_kind == TypeVarKind::kTypeVarTuple) {
      args.push_back(w.types.unpack(builtinType(w, "tuple", w.types.any(kind))));
    } else if (var_kind == TypeVarKind::kParamSpec) {
      args.push_back(ellipsisParameters(w));
    } else {
      args.push_back(w.types.any(kind));
    }
  }
  return w.types.instance(cls, args);
}

TypeId selfInstanceOf(World& w, ClassId cls) {
  ClassInfo& info = w.header(cls);
  std::vector<TypeId> args;
  for (TypeVarId variable : info.type_vars) {
    TypeId type = typeVarType(w, variable);
    if (w.type_vars[variable].kind == TypeVarKind::kTypeVarTuple) type = w.types.unpack(type);
    args.push_back(type);
  }
  return w.types.instance(cls, args);
}

TypeId selfTypeOf(World& w, ClassId cls) {
  ClassInfo& info = w.header(cls);
  TypeId instance = selfInstanceOf(w, cls);
  if (info.tuple_type.valid()) {
    const Type& tuple = w.types[info.tuple_type];
    return w.types.tuple(tuple.args(), instance);
  }
  if (info.typed_dict_type.valid()) {
    return w.types.rebuild(w.types[info.typed_dict_type], w.types[info.typed_dict_type].args(), instance);
  }
  return instance;
}

bool isMetaclass(World& w, ClassId cls) {
  return isSubclass(w, cls, "builtins.type") || w.classes[cls].has(kClassMetaFallbackToAny);
}

TypeId metaclassOf(World& w, ClassId cls) {
  const ClassInfo& info = w.header(cls);
  if (info.metaclass.valid()) return info.metaclass;
  return builtinType(w, "type");
}

TypeId tupleFallback(World& w, TypeId tuple) {
  const Type& type = w.types[tuple];
  if (!isNamed(w, type.extra, "builtins.tuple")) return type.extra;
  std::vector<TypeId> items;
  for (TypeId item : type.args()) {
    if (!w.types.is(item, TypeKind::kUnpack)) {
      items.push_back(item);
      continue;
    }
    TypeId inner = proper(w, w.types[item].items[0]);
    if (isTypeVarTuple(w, inner)) inner = proper(w, upperBound(w, TypeVarId(w.types[inner].ref)));
    if (isNamed(w, inner, "builtins.tuple")) {
      items.push_back(w.types[inner].items[0]);
    } else if (w.types.is(inner, TypeKind::kTuple)) {
      items.push_back(w.types[tupleFallback(w, inner)].items[0]);
    } else {
      items.push_back(w.types.any());
    }
  }
  return builtinType(w, "tuple", simplifiedUnion(w, items));
}

TypeId fallbackOf(World& w, TypeId id) {
  id = proper(w, id);
  const Type& type = w.types[id];
  switch (type.kind) {
    case TypeKind::kTuple: return tupleFallback(w, id);
    case TypeKind::kTypedDict:
    case TypeKind::kLiteral:
    case TypeKind::kModule: return type.extra;
    case TypeKind::kCallable: {
      CallableView view = w.types.callable(id);
      if (view.isTypeObject()) {
        TypeId item = proper(w, view.made());
        if (w.types.is(item, TypeKind::kTuple) || w.types.is(item, TypeKind::kTypedDict)) item = fallbackOf(w, item);
        if (w.types.is(item, TypeKind::kInstance)) return metaclassOf(w, w.types[item].cls());
        return builtinType(w, "type");
      }
      return builtinType(w, "function");
    }
    case TypeKind::kOverloaded: return fallbackOf(w, type.items[0]);
    case TypeKind::kTypeType: {
      TypeId item = proper(w, type.items[0]);
      if (w.types.is(item, TypeKind::kTypeVar)) item = proper(w, upperBound(w, TypeVarId(w.types[item].ref)));
      if (w.types.is(item, TypeKind::kTuple)) item = fallbackOf(w, item);
      if (w.types.is(item, TypeKind::kInstance)) return metaclassOf(w, w.types[item].cls());
      return builtinType(w, "type");
    }
    case TypeKind::kTypeVar:
      if (isParamSpec(w, id)) {
        if (type.sub == static_cast<uint8_t>(TypeVarForm::kArgs)) return builtinType(w, "tuple", objectType(w));
        if (type.sub == static_cast<uint8_t>(TypeVarForm::kKwargs)) {
          TypeId args[] = {builtinType(w, "str"), objectType(w)};
          return builtinType(w, "dict", args);
        }
        return objectType(w);
      }
      return fallbackOf(w, upperBound(w, TypeVarId(type.ref)));
    case TypeKind::kNone: return objectType(w);
    default: return id;
  }
}

bool isObject(World& w, TypeId type) { return isNamed(w, type, "builtins.object"); }

}  // namespace krait::relations
