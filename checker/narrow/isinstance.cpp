// isinstance-like narrowing: splitting a type by classes.
#include "checker/narrow/checker.h"

namespace krait::narrow {

bool typeRanges(Checker& c, TypeId type, std::vector<TypeRange>& out) {
  World& w = c.w;
  type = proper(w, type);
  const Type& record = w.types[type];
  switch (record.kind) {
    case TypeKind::kTuple:
      for (TypeId item : record.args()) {
        if (w.types.is(item, TypeKind::kUnpack)) return false;
        if (!typeRanges(c, item, out)) return false;
      }
      return true;
    case TypeKind::kUnion:
      for (TypeId item : record.args()) {
        if (!typeRanges(c, item, out)) return false;
      }
      for (TypeRange& range : out) range.is_upper_bound = true;
      return true;
    case TypeKind::kCallable:
    case TypeKind::kOverloaded: {
      TypeId first = record.kind == TypeKind::kOverloaded ? record.items[0] : type;
      CallableView view = w.types.callable(first);
      if (!view.isTypeObject()) return false;
      out.push_back({eraseTypeVars(w, view.ret(), nullptr, w.types.any(AnyKind::kFromOmittedGenerics)), false});
      return true;
    }
    case TypeKind::kTypeType: {
      TypeId item = record.items[0];
      if (w.types.is(proper(w, item), TypeKind::kNone)) {
        out.push_back({item, false});
      } else {
        out.push_back({item, true});
      }
      return true;
    }
    case TypeKind::kInstance: {
      const ClassInfo& info = w.classes[record.cls()];
      if (info.fullname == "builtins.type") {
        out.push_back({objectType(w), true});
        return true;
      }
      if (info.fullname == "builtins.tuple" && record.count == 1) {
        bool known = typeRanges(c, record.items[0], out);
        for (TypeRange& range : out) range.is_upper_bound = true;
        return known;
      }
      if (info.fullname == "types.UnionType" && record.count == 0) return false;
      return false;
    }
    case TypeKind::kAny: out.push_back({type, false}); return true;
    default: return false;
  }
}

TypeId restrictSubtypeAway(World& w, TypeId type, TypeId gone, bool consider_runtime) {
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kUnion)) {
    std::vector<TypeId> items;
    std::vector<TypeId> members(w.types[plain].args().begin(), w.types[plain].args().end());
    for (TypeId member : members) {
      TypeId rest = restrictSubtypeAway(w, member, gone, consider_runtime);
      if (!w.types.is(rest, TypeKind::kNever)) items.push_back(rest);
    }
    return items.empty() ? w.types.never() : simplifiedUnion(w, items);
  }
  TypeId gone_plain = proper(w, gone);
  if (w.types.is(gone_plain, TypeKind::kUnion)) {
    for (TypeId item : w.types[gone_plain].args()) type = restrictSubtypeAway(w, type, item, consider_runtime);
    return type;
  }
  if (w.types.is(gone_plain, TypeKind::kAny)) return type;
  if (isPlainTypeVar(w, plain)) {
    TypeId bound = upperBound(w, TypeVarId(w.types[plain].ref));
    TypeId rest = restrictSubtypeAway(w, bound, gone, consider_runtime);
    if (w.types.is(rest, TypeKind::kNever)) return rest;
    return type;
  }
  if (w.types.is(plain, TypeKind::kAny)) return type;
  SubtypeOptions o;
  o.ignore_promotions = true;
  o.erase_instances = true;
  if (isProperSubtype(w, plain, eraseTypeVars(w, gone_plain, nullptr, w.types.any()), o)) return w.types.never();
  // list[int] is gone when list[Any] is.
  if (w.types.is(plain, TypeKind::kInstance) && w.types.is(gone_plain, TypeKind::kInstance) &&
      isSubclass(w, w.types[plain].cls(), w.types[gone_plain].cls())) {
    bool any_args = true;
    for (TypeId arg : w.types[gone_plain].args()) any_args = any_args && w.types.is(proper(w, arg), TypeKind::kAny);
    if (any_args) return w.types.never();
  }
  if (w.types.is(plain, TypeKind::kTuple) && isNamed(w, gone_plain, "builtins.tuple")) return w.types.never();
  if (w.types.is(plain, TypeKind::kTypedDict) && isNamed(w, gone_plain, "builtins.dict")) return w.types.never();
  if ((w.types.is(plain, TypeKind::kTypeType) || w.types.is(plain, TypeKind::kCallable)) && isNamed(w, gone_plain, "builtins.type")) {
    if (isSubtype(w, plain, gone_plain)) return w.types.never();
  }
  return type;
}

// A made-up class that is both: what isinstance() leaves of unrelated classes.
static TypeId intersection(Checker& c, TypeId left, TypeId right) {
  World& w = c.w;
  if (!w.types.is(left, TypeKind::kInstance) || !w.types.is(right, TypeKind::kInstance)) return w.types.never();
  ClassId a = w.types[left].cls(), b = w.types[right].cls();
  if (w.header(a).has(kClassFinal) || w.header(b).has(kClassFinal)) return w.types.never();
  static constexpr const char* kSolid[] = {"builtins.int", "builtins.str", "builtins.bytes", "builtins.float", "builtins.tuple",
                                           "builtins.list", "builtins.dict", "builtins.set", "builtins.bool", "builtins.frozenset"};
  ClassId solid_a, solid_b;
  for (const char* name : kSolid) {
    for (ClassId base : w.header(a).mro) {
      if (w.classes[base].fullname == name) solid_a = solid_a.valid() ? solid_a : base;
    }
    for (ClassId base : w.header(b).mro) {
      if (w.classes[base].fullname == name) solid_b = solid_b.valid() ? solid_b : base;
    }
  }
  if (solid_a.valid() && solid_b.valid() && !isSubclass(w, solid_a, solid_b) && !isSubclass(w, solid_b, solid_a)) {
    return w.types.never();
  }
  if (w.header(a).has(kClassEnum) && !enumMembers(w, a).empty()) return w.types.never();
  if (w.header(b).has(kClassEnum) && !enumMembers(w, b).empty()) return w.types.never();
  std::string name = "<subclass of \"" + std::string(w.text(w.classes[a].name)) + "\" and \"" + std::string(w.text(w.classes[b].name)) + "\">";
  NameId name_id = w.name(name);
  std::string fullname = std::string(w.text(w.modules[c.module].name)) + "." + name;
  for (uint32_t i = 0; i < w.classes.size(); ++i) {
    const ClassInfo& other = w.classes[ClassId(i)];
    if (other.name == name_id && other.has(kClassIntersection) && other.bases.size() == 2 && other.bases[0] == left &&
        other.bases[1] == right) {
      return w.types.instance(ClassId(i));
    }
  }
  ClassInfo info;
  info.name = name_id;
  info.fullname = fullname;
  info.module = c.module;
  info.parent = w.modules[c.module].scope;
  info.set(kClassIntersection);
  info.bases = {left, right};
  info.headed = info.membered = info.self_attributes = Progress::kDone;
  ClassId id = w.classes.add(std::move(info));
  Scope scope;
  scope.kind = ScopeKind::kClass;
  scope.parent = w.modules[c.module].scope;
  scope.module = c.module;
  scope.cls = id;
  scope.collected = Progress::kDone;
  w.classes[id].scope = w.scopes.add(std::move(scope));
  if (!computeMro(w, id)) {
    w.classes[id].bases = {right, left};
    if (!computeMro(w, id)) return w.types.never();
  }
  w.classes[id].metaclass = w.classes[a].metaclass.valid() ? w.classes[a].metaclass : w.classes[b].metaclass;
  return w.types.instance(id);
}

static TypeId narrowOne(Checker& c, TypeId current, TypeId wanted) {
  World& w = c.w;
  TypeId plain = proper(w, current);
  TypeId target = proper(w, wanted);
  if (w.types.is(plain, TypeKind::kUnion)) {
    std::vector<TypeId> items;
    std::vector<TypeId> members(w.types[plain].args().begin(), w.types[plain].args().end());
    for (TypeId member : members) {
      TypeId narrowed = narrowOne(c, member, wanted);
      if (!w.types.is(narrowed, TypeKind::kNever)) items.push_back(narrowed);
    }
    return items.empty() ? w.types.never() : simplifiedUnion(w, items, false);
  }
  if (w.types.is(target, TypeKind::kAny)) return w.types.is(plain, TypeKind::kAny) ? plain : current;
  if (w.types.is(plain, TypeKind::kAny)) return wanted;
  SubtypeOptions o;
  o.ignore_promotions = true;
  if (isProperSubtype(w, plain, target, o)) return current;
  if (w.types.is(plain, TypeKind::kInstance) && w.types.is(target, TypeKind::kInstance)) {
    ClassId a = w.types[plain].cls(), b = w.types[target].cls();
    if (isSubclass(w, a, b) && isSubtype(w, plain, target, o)) return current;
    if (isSubclass(w, b, a)) {
      // Sub for Base[int]: solve Sub's variables from the base's arguments.
      const std::vector<TypeVarId> variables = w.header(b).type_vars;
      if (!variables.empty() && w.hooks.solve_pattern != nullptr) {
        TypeId own = selfInstanceOf(w, b);
        TypeId mapped = mapToSupertype(w, own, a);
        std::vector<TypeId> solved = w.hooks.solve_pattern(w, variables, mapped, plain, true);
        bool all_any = true;
        for (TypeId arg : w.types[target].args()) all_any = all_any && (w.types.is(arg, TypeKind::kAny) || w.types.is(arg, TypeKind::kUnpack));
        if (all_any) {
          for (TypeId& type : solved) {
            if (w.types.is(type, TypeKind::kNever)) type = w.types.any(AnyKind::kFromOmittedGenerics);
          }
          Substitution map;
          for (size_t i = 0; i < variables.size(); ++i) map.add(variables[i], solved[i]);
          return substitute(w, own, map);
        }
      }
      return wanted;
    }
    if (isSubtype(w, target, plain, o)) return wanted;
    if (w.header(b).has(kClassProtocol) && isProtocolImplementation(w, plain, target, {})) return current;
    return intersection(c, plain, target);
  }
  if (!isOverlapping(w, plain, target, true)) return w.types.never();
  return narrowDeclared(w, current, wanted);
}

Narrowed conditionalTypes(Checker& c, TypeId current, const std::vector<TypeRange>& ranges, bool from_equality) {
  World& w = c.w;
  if (ranges.empty()) return {w.types.never(), current};
  std::vector<TypeId> proposed;
  bool all_exact = true;
  for (const TypeRange& range : ranges) {
    proposed.push_back(range.item);
    all_exact = all_exact && !range.is_upper_bound;
  }
  TypeId plain = proper(w, current);
  TypeId wanted = simplifiedUnion(w, proposed);
  Narrowed result;
  if (w.types.is(plain, TypeKind::kAny)) {
    result.yes = wanted;
    result.no = current;
    return result;
  }
  TypeId expanded = current;
  if (w.types.is(proper(w, wanted), TypeKind::kLiteral) || from_equality) {
    bool literal = false;
    for (TypeId item : unionItems(w, wanted)) literal = literal || w.types.is(item, TypeKind::kLiteral);
    if (literal) expanded = expandSumType(w, current);
  }
  std::vector<TypeId> yes;
  for (TypeId item : unionItems(w, expanded)) {
    for (const TypeRange& range : ranges) {
      TypeId narrowed = narrowOne(c, item, range.item);
      if (!w.types.is(narrowed, TypeKind::kNever)) yes.push_back(narrowed);
    }
  }
  result.yes = yes.empty() ? w.types.never() : simplifiedUnion(w, yes);
  TypeId rest = expanded;
  for (const TypeRange& range : ranges) {
    if (!range.is_upper_bound) rest = restrictSubtypeAway(w, rest, range.item, true);
  }
  if (rest == expanded) rest = current;
  if (w.types.is(proper(w, rest), TypeKind::kUnion)) rest = contractLiterals(w, proper(w, rest));
  result.no = rest;
  return result;
}

}  // namespace krait::narrow
