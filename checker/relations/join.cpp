// Join: the type that two types have in common above them (join.py). Instances join at their best common base class:
// the one with the longest MRO, a class before a protocol.
#include "checker/relations/relations.h"
#include "checker/relations/subtype_internal.h"

namespace krait::relations {

namespace {

struct Joiner {
  World& w;
  std::vector<std::pair<TypeId, TypeId>> open;

  TypeId joinTypes(TypeId s, TypeId t);
  TypeId visit(TypeId s, TypeId t);
  TypeId instances(TypeId t, TypeId s);
  TypeId sameClass(TypeId t, TypeId s);
  TypeId viaSupertype(TypeId t, TypeId s);
  TypeId visitInstance(TypeId s, TypeId t);
  TypeId visitCallable(TypeId s, TypeId t);
  TypeId visitTuple(TypeId s, TypeId t);
  TypeId visitTypedDict(TypeId s, TypeId t);
  TypeId visitLiteral(TypeId s, TypeId t);
  TypeId visitTypeType(TypeId s, TypeId t);
  TypeId similarCallables(TypeId t, TypeId s);
  TypeId fallback(TypeId type);
};

}  // namespace

TypeId Joiner::fallback(TypeId type) {
  type = proper(w, type);
  switch (w.types.kind(type)) {
    case TypeKind::kInstance:
    case TypeKind::kTuple:
    case TypeKind::kTypedDict:
    case TypeKind::kCallable:
    case TypeKind::kOverloaded:
    case TypeKind::kTypeVar:
    case TypeKind::kTypeType:
    case TypeKind::kModule:
    case TypeKind::kLiteral: return objectType(w);
    default: return w.types.any(AnyKind::kSpecialForm);
  }
}

static bool isBetter(World& w, TypeId t, TypeId s) {
  if (!w.types.is(t, TypeKind::kInstance)) return false;
  if (!w.types.is(s, TypeKind::kInstance)) return true;
  const ClassInfo& a = w.header(w.types[t].cls());
  const ClassInfo& b = w.header(w.types[s].cls());
  if (a.has(kClassProtocol) != b.has(kClassProtocol) && a.fullname != "builtins.object" && b.fullname != "builtins.object") {
    return !a.has(kClassProtocol);
  }
  return a.mro.size() > b.mro.size();
}

TypeId Joiner::sameClass(TypeId t, TypeId s) {
  const Type& a = w.types[t];
  const Type& b = w.types[s];
  const ClassInfo& info = w.header(a.cls());
  std::vector<TypeId> args;
  if (a.count != b.count) return objectType(w);
  for (uint32_t i = 0; i < a.count; ++i) {
    TypeId x = a.items[i];
    TypeId y = b.items[i];
    TypeId px = proper(w, x);
    TypeId py = proper(w, y);
    if (w.types.is(px, TypeKind::kAny) || w.types.is(py, TypeKind::kAny)) {
      args.push_back(w.types.any(AnyKind::kFromAnotherAny));
      continue;
    }
    bool plain = i < info.type_vars.size() && w.type_vars[info.type_vars[i]].kind == TypeVarKind::kTypeVar;
    Variance variance = plain ? varianceOf(w, info.type_vars[i]) : Variance::kInvariant;
    if (variance == Variance::kCovariant) {
      TypeId joined = joinTypes(x, y);
      const std::vector<TypeId> values = valuesOf(w, info.type_vars[i]);
      bool allowed = values.empty();
      for (TypeId value : values) allowed = allowed || value == joined;
      if (!allowed || !isSubtype(w, joined, upperBound(w, info.type_vars[i]))) return objectType(w);
      args.push_back(joined);
    } else if (w.types.is(px, TypeKind::kNever) && w.types[px].sub == 1) {
      args.push_back(y);
    } else if (w.types.is(py, TypeKind::kNever) && w.types[py].sub == 1) {
      args.push_back(x);
    } else if (!isEquivalent(w, x, y)) {
      return objectType(w);
    } else {
      args.push_back(joinTypes(x, y));
    }
  }
  TypeId literal = a.extra == b.extra ? a.extra : TypeId::none();
  return w.types.instance(a.cls(), args, literal);
}

TypeId Joiner::instances(TypeId t, TypeId s) {
  for (const auto& pair : open) {
    if ((pair.first == t && pair.second == s) || (pair.first == s && pair.second == t)) return objectType(w);
  }
  if (open.size() > 30) return objectType(w);
  open.push_back({t, s});
  TypeId result;
  const Type& a = w.types[t];
  const Type& b = w.types[s];
  if (a.cls() == b.cls()) {
    result = sameClass(t, s);
  } else if (!w.header(a.cls()).bases.empty() && isSubclass(w, a.cls(), b.cls())) {
    result = viaSupertype(t, s);
  } else {
    result = viaSupertype(s, t);
  }
  open.pop_back();
  return result;
}

TypeId Joiner::viaSupertype(TypeId t, TypeId s) {
  std::vector<ClassId> promotes = w.header(w.types[t].cls()).promotes;
  for (ClassId target : promotes) {
    if (isSubtype(w, w.types.instance(target), s)) return joinTypes(w.types.instance(target), s);
  }
  promotes = w.header(w.types[s].cls()).promotes;
  for (ClassId target : promotes) {
    if (isSubtype(w, w.types.instance(target), t)) return joinTypes(t, w.types.instance(target));
  }
  std::vector<ClassId> bases;
  auto add = [&](TypeId base) {
    if (!w.types.is(base, TypeKind::kInstance)) base = fallbackOf(w, base);
    if (!w.types.is(base, TypeKind::kInstance)) return;
    for (ClassId seen : bases) {
      if (seen == w.types[base].cls()) return;
    }
    bases.push_back(w.types[base].cls());
  };
  for (TypeId base : std::vector<TypeId>(w.header(w.types[t].cls()).bases)) add(base);
  for (TypeId base : std::vector<TypeId>(w.header(w.types[s].cls()).bases)) {
    if (w.types.is(base, TypeKind::kInstance) && w.header(w.types[base].cls()).has(kClassProtocol) && isSubtype(w, t, base)) {
      add(base);
    }
  }
  TypeId best;
  for (ClassId base : bases) {
    TypeId result = instances(mapToSupertype(w, t, base), s);
    if (!best.valid() || isBetter(w, result, best)) best = result;
  }
  return best.valid() ? best : objectType(w);
}

TypeId Joiner::visitInstance(TypeId s, TypeId t) {
  switch (w.types.kind(s)) {
    case TypeKind::kInstance: {
      TypeId nominal = instances(t, s);
      TypeId structural;
      if (w.header(w.types[t].cls()).has(kClassProtocol) && isProtocolImplementation(w, s, t, {})) {
        structural = t;
      } else if (w.header(w.types[s].cls()).has(kClassProtocol) && isProtocolImplementation(w, t, s, {})) {
        structural = s;
      }
      if (!structural.valid() || isBetter(w, nominal, structural)) return nominal;
      return structural;
    }
    case TypeKind::kCallable:
    case TypeKind::kOverloaded: {
      if (w.header(w.types[t].cls()).has(kClassProtocol)) {
        TypeId call = findMemberType(w, w.names.__call__, t, t);
        if (call.valid() && protocolMembers(w, w.types[t].cls()).size() == 1) return joinTypes(call, s);
      }
      return joinTypes(t, fallbackOf(w, s));
    }
    case TypeKind::kTypeType: return visitTypeType(t, s);
    case TypeKind::kTuple: return visitTuple(t, s);
    case TypeKind::kTypedDict: return visitTypedDict(t, s);
    case TypeKind::kLiteral: return visitLiteral(t, s);
    case TypeKind::kTypeVar: return joinTypes(upperBound(w, TypeVarId(w.types[s].ref)), t);
    case TypeKind::kModule: return joinTypes(w.types[s].extra, t);
    default: return fallback(s);
  }
}

TypeId withVariablesOf(World& w, TypeId model, TypeId callable) {
  std::span<const TypeId> own = w.types.callable(callable).vars();
  std::span<const TypeId> others = w.types.callable(model).vars();
  Substitution map;
  for (size_t i = 0; i < own.size() && i < others.size(); ++i) {
    TypeVarId from(w.types[own[i]].ref);
    if (w.type_vars[from].kind == TypeVarKind::kTypeVar && isPlainTypeVar(w, others[i])) map.add(from, others[i]);
  }
  if (map.empty()) return callable;
  CallableParts parts = w.types.parts(callable);
  std::vector<TypeId> vars(others.begin(), others.end());
  parts.vars.clear();
  CallableParts done = w.types.parts(substitute(w, w.types.callable(parts), map));
  done.vars = vars;
  return w.types.callable(done);
}

static bool similar(World& w, TypeId a, TypeId b) {
  CallableView x = w.types.callable(a);
  CallableView y = w.types.callable(b);
  uint32_t required_x = 0, required_y = 0;
  for (const ParamShape& param : x.params()) required_x += isRequired(param.kind) ? 1 : 0;
  for (const ParamShape& param : y.params()) required_y += isRequired(param.kind) ? 1 : 0;
  return x.paramCount() == y.paramCount() && required_x == required_y &&
         varArgument(w, a).exists == varArgument(w, b).exists && x.shape->var_count == y.shape->var_count;
}

// Is it an abstract class?
static bool makesAbstract(World& w, const CallableView& callable) {
  TypeId made = proper(w, callable.made());
  if (!w.types.is(made, TypeKind::kInstance)) return false;
  ClassId cls = w.types[made].cls();
  w.hooks.complete_abstract(w, cls);
  return !w.classes[cls].abstract_members.empty();
}

TypeId Joiner::similarCallables(TypeId t, TypeId s) {
  s = withVariablesOf(w, t, s);
  CallableView a = w.types.callable(t);
  CallableView b = w.types.callable(s);
  CallableParts parts = w.types.parts(t);
  for (size_t i = 0; i < parts.types.size(); ++i) {
    parts.types[i] = meet(w, a.types()[i], b.types()[i]);
    if (parts.params[i].name != b.params()[i].name) parts.params[i].name = NameId::none();
    if (parts.params[i].kind != b.params()[i].kind) {
      if (isPositional(parts.params[i].kind)) parts.params[i].kind = ParamKind::kPos;
    }
  }
  parts.ret = joinTypes(a.ret(), b.ret());
  parts.guard = TypeId::none();
  parts.clear(kTypeGuard);
  parts.clear(kTypeIs);
  parts.clear(kOtherResult);
  parts.name = NameId::none();
  parts.definition = FunctionId::none();
  bool type_objects = a.isTypeObject() && b.isTypeObject();
  if (!type_objects) parts.clear(kTypeObject);
  // A collection of concrete classes does not hold the abstract class above them.
  if (type_objects && !makesAbstract(w, a) && !makesAbstract(w, b)) parts.set(kFromTypeType);
  if (type_objects && !w.types.is(proper(w, parts.ret), TypeKind::kInstance) && !w.types.is(proper(w, parts.ret), TypeKind::kTuple)) {
    return builtinType(w, "type");
  }
  return w.types.callable(parts);
}

TypeId Joiner::visitCallable(TypeId s, TypeId t) {
  switch (w.types.kind(s)) {
    case TypeKind::kCallable: {
      if (!similar(w, t, s)) break;
      TypeId result = similarCallables(t, s);
      if (!w.types.is(result, TypeKind::kCallable)) return result;
      for (TypeId param : w.types.callable(result).types()) {
        TypeKind kind = w.types.kind(proper(w, param));
        if (kind == TypeKind::kNever) return joinTypes(fallbackOf(w, t), fallbackOf(w, s));
      }
      return result;
    }
    case TypeKind::kOverloaded: return joinTypes(fallbackOf(w, t), fallbackOf(w, s));
    case TypeKind::kInstance: return visitInstance(t, s);
    case TypeKind::kTypeType:
      if (w.types.callable(t).isTypeObject()) return joinTypes(w.types.typeType(w.types.callable(t).made()), s);
      break;
    default: break;
  }
  return joinTypes(fallbackOf(w, t), s);
}

TypeId Joiner::visitTuple(TypeId s, TypeId t) {
  if (!w.types.is(s, TypeKind::kTuple)) return joinTypes(s, tupleFallback(w, t));
  const Type& a = w.types[t];
  const Type& b = w.types[s];
  TypeId joined = instances(tupleFallback(w, s), tupleFallback(w, t));
  if (a.count != b.count) return joined;
  std::vector<TypeId> items;
  for (uint32_t i = 0; i < a.count; ++i) {
    bool ux = w.types.is(a.items[i], TypeKind::kUnpack);
    bool uy = w.types.is(b.items[i], TypeKind::kUnpack);
    if (ux || uy) {
      if (a.items[i] != b.items[i]) return joined;
      items.push_back(a.items[i]);
    } else {
      items.push_back(joinTypes(b.items[i], a.items[i]));
    }
  }
  if (!w.types.is(joined, TypeKind::kInstance)) return joined;
  bool plain = isNamed(w, joined, "builtins.tuple");
  return w.types.tuple(items, plain ? builtinType(w, "tuple") : joined);
}

TypeId Joiner::visitTypedDict(TypeId s, TypeId t) {
  if (!w.types.is(s, TypeKind::kTypedDict)) {
    return w.types.is(s, TypeKind::kInstance) ? joinTypes(s, w.types[t].extra) : fallback(s);
  }
  return joinTypedDicts(w, s, t);
}

TypeId Joiner::visitLiteral(TypeId s, TypeId t) {
  if (w.types.is(s, TypeKind::kLiteral)) {
    if (s == t) return t;
    if (w.header(w.types[w.types[s].extra].cls()).has(kClassEnum) && w.header(w.types[w.types[t].extra].cls()).has(kClassEnum)) {
      return simplifiedUnion(w, s, t);
    }
    return joinTypes(w.types[s].extra, w.types[t].extra);
  }
  if (w.types.is(s, TypeKind::kInstance) && w.types[s].extra == t) return t;
  return joinTypes(s, w.types[t].extra);
}

TypeId Joiner::visitTypeType(TypeId s, TypeId t) {
  if (w.types.is(s, TypeKind::kTypeType)) {
    TypeId item = joinTypes(w.types[t].items[0], w.types[s].items[0]);
    return w.types.isTypeForm(s) || w.types.isTypeForm(t) ? w.types.typeForm(item) : w.types.typeType(item);
  }
  if (isNamed(w, s, "builtins.type")) return s;
  if (w.types.is(s, TypeKind::kInstance)) return joinTypes(s, fallbackOf(w, t));
  if (w.types.is(s, TypeKind::kCallable) && w.types.callable(s).isTypeObject()) {
    return joinTypes(w.types.typeType(w.types.callable(s).made()), t);
  }
  return fallback(s);
}

TypeId Joiner::visit(TypeId s, TypeId t) {
  switch (w.types.kind(t)) {
    case TypeKind::kUnion: return isProperSubtype(w, s, t) ? t : simplifiedUnion(w, s, t);
    case TypeKind::kAny: return t;
    case TypeKind::kNone: {
      TypeKind kind = w.types.kind(s);
      if (kind == TypeKind::kNone || kind == TypeKind::kNever) return t;
      if (kind == TypeKind::kAny || kind == TypeKind::kUnbound) return w.types.any(AnyKind::kSpecialForm);
      return w.options.strict_optional ? simplifiedUnion(w, s, t) : s;
    }
    case TypeKind::kNever:
    case TypeKind::kErased:
    case TypeKind::kDeleted: return s;
    case TypeKind::kInstance: return visitInstance(s, t);
    case TypeKind::kTypeVar:
      if (w.types.is(s, TypeKind::kTypeVar) && w.types[s].ref == w.types[t].ref) return s;
      return joinTypes(s, upperBound(w, TypeVarId(w.types[t].ref)));
    case TypeKind::kCallable: return visitCallable(s, t);
    case TypeKind::kOverloaded:
      if (isSubtype(w, t, s)) return s;
      if (isSubtype(w, s, t)) return t;
      return joinTypes(fallbackOf(w, t), w.types.is(s, TypeKind::kOverloaded) ? fallbackOf(w, s) : s);
    case TypeKind::kTuple: return visitTuple(s, t);
    case TypeKind::kTypedDict: return visitTypedDict(s, t);
    case TypeKind::kLiteral: return visitLiteral(s, t);
    case TypeKind::kTypeType: return visitTypeType(s, t);
    case TypeKind::kModule: return joinTypes(s, w.types[t].extra);
    case TypeKind::kParameters: return isSubtype(w, t, s) ? s : (isSubtype(w, s, t) ? t : fallback(t));
    default: return w.types.any();
  }
}

TypeId Joiner::joinTypes(TypeId s, TypeId t) {
  if (s == t) return s;
  s = proper(w, s);
  t = proper(w, t);
  if (s == t) return s;
  auto is = [&](TypeId type, TypeKind kind) { return w.types.is(type, kind); };
  if (is(s, TypeKind::kUnion) && !is(t, TypeKind::kUnion)) std::swap(s, t);
  if (is(s, TypeKind::kAny)) return s;
  if (is(s, TypeKind::kErased)) return t;
  if (is(s, TypeKind::kNone) && !is(t, TypeKind::kNone)) std::swap(s, t);
  if (is(s, TypeKind::kNever) && !is(t, TypeKind::kNever)) std::swap(s, t);
  if (is(s, TypeKind::kTypeVar) && !is(t, TypeKind::kTypeVar) && !is(t, TypeKind::kUnion) && !is(t, TypeKind::kAny) &&
      !is(t, TypeKind::kNever) && !is(t, TypeKind::kNone)) {
    std::swap(s, t);
  }
  return visit(s, t);
}

TypeId join(World& w, TypeId a, TypeId b) { return Joiner{w, {}}.joinTypes(a, b); }

TypeId joinAll(World& w, std::span<const TypeId> items) {
  if (items.empty()) return w.types.never();
  TypeId result = items[0];
  for (TypeId item : items.subspan(1)) result = join(w, result, item);
  return result;
}

TypeId joinSimple(World& w, TypeId declared, TypeId s, TypeId t) {
  s = proper(w, s);
  t = proper(w, t);
  if (w.types.is(s, TypeKind::kAny)) return s;
  if (w.types.is(s, TypeKind::kErased)) return t;
  if (isProperSubtype(w, s, t)) return t;
  if (isProperSubtype(w, t, s)) return s;
  if (declared.valid() && w.types.is(proper(w, declared), TypeKind::kUnion)) return simplifiedUnion(w, s, t);
  if (w.types.is(s, TypeKind::kNone)) std::swap(s, t);
  if (w.types.is(s, TypeKind::kNever)) std::swap(s, t);
  TypeId value = join(w, s, t);
  if (!declared.valid() || isSubtype(w, value, declared)) return value;
  return declared;
}

TypeId joinOrUnion(World& w, TypeId a, TypeId b) {
  if (isProperSubtype(w, a, b)) return b;
  if (isProperSubtype(w, b, a)) return a;
  return simplifiedUnion(w, a, b);
}

}  // namespace krait::relations
