#include "checker/types/substitute.h"

namespace krait::types {

static bool isTupleInstance(World& w, TypeId type) { return isNamed(w, type, "builtins.tuple"); }

TypeId paramSpecOf(World& w, TypeId callable) {
  CallableView view = w.types.callable(callable);
  uint32_t n = view.paramCount();
  if (n < 2 || view.params()[n - 2].kind != ParamKind::kStar || view.params()[n - 1].kind != ParamKind::kStar2) {
    return TypeId::none();
  }
  TypeId args = view.types()[n - 2];
  if (!isParamSpec(w, args) || w.types[args].sub != static_cast<uint8_t>(TypeVarForm::kArgs)) return TypeId::none();
  return typeVarType(w, TypeVarId(w.types[args].ref));
}

TypeId ellipsisParameters(World& w) {
  CallableParts parts;
  TypeId any = w.types.any(AnyKind::kSpecialForm);
  parts.add(NameId::none(), ParamKind::kStar, any);
  parts.add(NameId::none(), ParamKind::kStar2, any);
  parts.set(kEllipsisArgs);
  return w.types.parameters(parts);
}

TypeId normalizedTuple(World& w, std::span<const TypeId> items, TypeId fallback) {
  if (items.size() == 1 && w.types.is(items[0], TypeKind::kUnpack) && isNamed(w, fallback, "builtins.tuple")) {
    TypeId inner = proper(w, w.types[items[0]].items[0]);
    if (isTupleInstance(w, inner)) return inner;
  }
  return w.types.tuple(items, fallback);
}

namespace {

// One substitution while it runs.
struct Substituter {
  World& w;
  const Substitution& map;

  TypeId apply(TypeId type);
  TypeId applyTypeVar(TypeId id, const Type& type);
  void applyItem(TypeId item, std::vector<TypeId>& out);
  TypeId applyCallable(TypeId id);
};

}  // namespace

// The replacement of Unpack[item], spliced into a list of types.
void Substituter::applyItem(TypeId item, std::vector<TypeId>& out) {
  if (!w.types.is(item, TypeKind::kUnpack)) {
    out.push_back(apply(item));
    return;
  }
  TypeId inner = apply(w.types[item].items[0]);
  inner = proper(w, inner);
  const Type& type = w.types[inner];
  if (type.kind == TypeKind::kTuple) {
    out.insert(out.end(), type.args().begin(), type.args().end());
  } else if (type.kind == TypeKind::kUnpack) {
    out.push_back(inner);
  } else if (type.kind == TypeKind::kAny) {
    out.push_back(w.types.unpack(builtinType(w, "tuple", inner)));
  } else if (type.kind == TypeKind::kNever) {
    out.push_back(w.types.unpack(builtinType(w, "tuple", inner)));
  } else {
    out.push_back(w.types.unpack(inner));
  }
}

static void appendPrefix(World& w, CallableParts& parts, TypeId prefix) {
  CallableView view = w.types.callable(prefix);
  for (uint32_t i = 0; i < view.paramCount(); ++i) {
    parts.add(view.params()[i].name, view.params()[i].kind, view.types()[i]);
  }
}

TypeId Substituter::applyTypeVar(TypeId id, const Type& type) {
  TypeVarId variable(type.ref);
  TypeId value = map.find(rootVariable(w, variable));
  TypeVarInfo& info = w.type_vars[variable];
  if (info.kind == TypeVarKind::kTypeVar) {
    if (!value.valid()) return id;
    return w.types.withoutLiteral(value);
  }
  if (info.kind == TypeVarKind::kTypeVarTuple) return value.valid() ? value : id;
  TypeId prefix = type.count > 0 ? apply(type.items[0]) : TypeId::none();
  auto form = static_cast<TypeVarForm>(type.sub);
  if (!value.valid()) return type.count > 0 ? typeVarType(w, variable, form, prefix) : id;
  value = proper(w, value);
  if (isParamSpec(w, value)) {
    const Type& other = w.types[value];
    TypeId all = other.count > 0 ? other.items[0] : TypeId::none();
    if (prefix.valid() && all.valid()) {
      CallableParts joined = w.types.parts(prefix);
      appendPrefix(w, joined, all);
      all = w.types.parameters(joined);
    } else if (prefix.valid()) {
      all = prefix;
    }
    return typeVarType(w, TypeVarId(other.ref), form, all);
  }
  if (form != TypeVarForm::kPlain) {
    // P.args on its own (not in a callable): there is no better type than this.
    return w.types.any(AnyKind::kImplementationArtifact);
  }
  if (w.types.is(value, TypeKind::kParameters) && prefix.valid()) {
    CallableParts joined = w.types.parts(prefix);
    CallableParts rest = w.types.parts(value);
    for (size_t i = 0; i < rest.params.size(); ++i) joined.add(rest.params[i].name, rest.params[i].kind, rest.types[i]);
    joined.vars.insert(joined.vars.end(), rest.vars.begin(), rest.vars.end());
    joined.flags = rest.flags;
    return w.types.parameters(joined);
  }
  if (w.types.is(value, TypeKind::kAny)) return ellipsisParameters(w);
  return value;
}

TypeId Substituter::applyCallable(TypeId id) {
  CallableParts parts = w.types.parts(id);
  CallableParts result;
  result.flags = parts.flags;
  result.name = parts.name;
  result.definition = parts.definition;
  result.vars = parts.vars;
  TypeId spec = paramSpecOf(w, id);
  size_t plain = spec.valid() ? parts.params.size() - 2 : parts.params.size();
  for (size_t i = 0; i < plain; ++i) {
    if (parts.params[i].kind != ParamKind::kStar || !w.types.is(parts.types[i], TypeKind::kUnpack)) {
      TypeId type = apply(parts.types[i]);
      bool becomes_any = isStar(parts.params[i].kind) && type != parts.types[i] && w.types.is(type, TypeKind::kAny);
      result.add(parts.params[i].name, parts.params[i].kind, becomes_any ? w.types.any(AnyKind::kFromAnotherAny) : type);
      continue;
    }
    std::vector<TypeId> items;
    applyItem(parts.types[i], items);
    // Items before an unpacked part become positional parameters; what follows it stays in *args.
    size_t fixed = 0;
    while (fixed < items.size() && !w.types.is(items[fixed], TypeKind::kUnpack)) ++fixed;
    for (size_t j = 0; j < fixed; ++j) result.add(NameId::none(), ParamKind::kPos, items[j]);
    if (fixed == items.size()) continue;
    if (fixed + 1 == items.size()) {
      TypeId inner = w.types[items[fixed]].items[0];
      if (isTupleInstance(w, inner)) {
        result.add(parts.params[i].name, ParamKind::kStar, w.types[inner].items[0]);
      } else {
        result.add(parts.params[i].name, ParamKind::kStar, items[fixed]);
      }
    } else {
      std::vector<TypeId> rest(items.begin() + static_cast<ptrdiff_t>(fixed), items.end());
      TypeId tuple = w.types.tuple(rest, builtinType(w, "tuple"));
      result.add(parts.params[i].name, ParamKind::kStar, w.types.unpack(tuple));
    }
  }
  if (spec.valid()) {
    TypeId args = parts.types[plain];
    TypeId prefix = w.types[args].count > 0 ? apply(w.types[args].items[0]) : TypeId::none();
    TypeId value = map.find(TypeVarId(w.types[args].ref));
    if (prefix.valid()) appendPrefix(w, result, prefix);
    if (value.valid()) value = proper(w, value);
    if (!value.valid()) {
      for (size_t i = plain; i < parts.params.size(); ++i) {
        TypeId bare = typeVarType(w, TypeVarId(w.types[args].ref), i == plain ? TypeVarForm::kArgs : TypeVarForm::kKwargs);
        result.add(parts.params[i].name, parts.params[i].kind, bare);
      }
    } else if (w.types.is(value, TypeKind::kParameters)) {
      CallableParts rest = w.types.parts(value);
      for (size_t i = 0; i < rest.params.size(); ++i) result.add(rest.params[i].name, rest.params[i].kind, rest.types[i]);
      result.vars.insert(result.vars.end(), rest.vars.begin(), rest.vars.end());
      // With parameters before it, `...` leaves only the rest open.
      bool has_more = rest.params.size() < result.params.size();
      result.flags |= rest.flags & (has_more ? kImpreciseArgs : (kEllipsisArgs | kImpreciseArgs));
      if (has_more && (rest.flags & kEllipsisArgs) != 0) result.set(kFromConcatenate);
    } else if (isParamSpec(w, value)) {
      const Type& other = w.types[value];
      if (other.count > 0) appendPrefix(w, result, other.items[0]);
      for (size_t i = plain; i < parts.params.size(); ++i) {
        TypeVarForm form = i == plain ? TypeVarForm::kArgs : TypeVarForm::kKwargs;
        result.add(parts.params[i].name, parts.params[i].kind, typeVarType(w, TypeVarId(other.ref), form));
      }
    } else {
      TypeId any = w.types.is(value, TypeKind::kNever) ? value : w.types.any(AnyKind::kFromAnotherAny);
      result.add(NameId::none(), ParamKind::kStar, any);
      result.add(NameId::none(), ParamKind::kStar2, any);
      if (plain == 0) result.set(kEllipsisArgs);
      if (plain > 0) result.set(kFromConcatenate);
    }
  }
  result.ret = apply(parts.ret);
  if (parts.guard.valid()) result.guard = apply(parts.guard);
  return w.types.kind(id) == TypeKind::kCallable ? w.types.callable(result) : w.types.parameters(result);
}

// Members of a union that a value took the place of: Never adds nothing, nor does None where it is in every type.
// ref: mypy typeops, "remove_trivial"
static std::vector<TypeId> withoutTrivial(World& w, std::vector<TypeId> items) {
  bool has_none = w.options.strict_optional;
  std::vector<TypeId> kept;
  for (TypeId item : items) {
    if (w.types.is(item, TypeKind::kNever) || (!has_none && w.types.is(item, TypeKind::kNone))) continue;
    kept.push_back(item);
  }
  if (kept.empty() && !items.empty()) return {items[0]};
  return kept;
}

TypeId Substituter::apply(TypeId id) {
  const Type& type = w.types[id];
  if (!type.has(kHasTypeVars)) return id;
  switch (type.kind) {
    case TypeKind::kTypeVar: return applyTypeVar(id, type);
    case TypeKind::kCallable:
    case TypeKind::kParameters: return applyCallable(id);
    case TypeKind::kUnpack: {
      TypeId inner = apply(type.items[0]);
      if (w.types.is(inner, TypeKind::kUnpack)) return inner;
      return w.types.unpack(inner);
    }
    default: break;
  }
  std::vector<TypeId> args;
  bool is_list = type.kind == TypeKind::kInstance || type.kind == TypeKind::kTuple || type.kind == TypeKind::kAlias;
  for (TypeId arg : type.args()) {
    if (is_list) {
      applyItem(arg, args);
    } else {
      args.push_back(apply(arg));
    }
  }
  TypeId extra = type.extra.valid() ? apply(type.extra) : type.extra;
  if (type.kind == TypeKind::kTuple) return normalizedTuple(w, args, extra);
  if (type.kind == TypeKind::kUnion) return w.types.unionOf(withoutTrivial(w, std::move(args)));
  if (type.kind == TypeKind::kTypeType) {
    // type[T] with T a union distributes; with Any stays type[Any].
    return type.sub == 1 ? w.types.typeForm(args[0]) : w.types.typeType(args[0]);
  }
  return w.types.rebuild(type, args, extra);
}

TypeId plainStar(World& w, TypeId type) {
  TypeId inner = w.types.is(type, TypeKind::kUnpack) ? w.types[type].items[0] : TypeId::none();
  return inner.valid() && isTupleInstance(w, inner) ? w.types[inner].items[0] : type;
}

TypeId substitute(World& w, TypeId type, const Substitution& map) {
  if (map.empty() || !type.valid() || !w.types[type].has(kHasTypeVars)) return type;
  return Substituter{w, map}.apply(type);
}

Substitution argumentMap(World& w, ClassId cls, std::span<const TypeId> args) {
  Substitution map;
  const ClassInfo& info = w.header(cls);
  size_t count = info.type_vars.size();
  size_t variadic = count;
  for (size_t i = 0; i < count; ++i) {
    if (w.type_vars[info.type_vars[i]].kind == TypeVarKind::kTypeVarTuple) variadic = i;
  }
  if (variadic == count) {
    for (size_t i = 0; i < count; ++i) {
      map.add(info.type_vars[i], i < args.size() ? args[i] : w.types.any(AnyKind::kFromOmittedGenerics));
    }
    return map;
  }
  size_t after = count - variadic - 1;
  size_t middle = args.size() >= variadic + after ? args.size() - variadic - after : 0;
  for (size_t i = 0; i < variadic; ++i) {
    map.add(info.type_vars[i], i < args.size() ? args[i] : w.types.any(AnyKind::kFromOmittedGenerics));
  }
  TypeId fallback = builtinType(w, "tuple");
  map.add(info.type_vars[variadic], w.types.tuple(args.subspan(std::min(variadic, args.size()), middle), fallback));
  for (size_t i = 0; i < after; ++i) {
    size_t at = variadic + middle + i;
    map.add(info.type_vars[variadic + 1 + i], at < args.size() ? args[at] : w.types.any(AnyKind::kFromOmittedGenerics));
  }
  return map;
}

TypeId substituteByInstance(World& w, TypeId type, TypeId instance) {
  const Type& record = w.types[instance];
  if (record.kind != TypeKind::kInstance || !type.valid() || !w.types[type].has(kHasTypeVars)) return type;
  if (w.header(record.cls()).type_vars.empty()) return type;
  return substitute(w, type, argumentMap(w, record.cls(), record.args()));
}

TypeId mapTypes(World& w, TypeId id, MapFunction map, void* data) {
  TypeId mapped = map(w, id, data);
  if (mapped.valid()) return mapped;
  const Type& type = w.types[id];
  if (type.count == 0 && !type.extra.valid()) return id;
  std::vector<TypeId> args;
  for (TypeId arg : type.args()) args.push_back(mapTypes(w, arg, map, data));
  TypeId extra = type.extra.valid() ? mapTypes(w, type.extra, map, data) : type.extra;
  return w.types.rebuild(type, args, extra);
}

}  // namespace krait::types
