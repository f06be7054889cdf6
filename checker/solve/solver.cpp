// Solving constraints: each variable becomes the join of its lower bounds if that fits its upper ones, else the meet
// of the upper ones. Variables that depend on other variables are solved after those.
#include "checker/solve/constraints.h"

namespace krait::solve {

static TypeId joinTuples(World& w, TypeId a, TypeId b) {
  if (w.types.is(a, TypeKind::kTuple) && w.types.is(b, TypeKind::kTuple) && w.types[a].count == w.types[b].count) {
    std::vector<TypeId> items;
    for (uint32_t i = 0; i < w.types[a].count; ++i) {
      TypeId x = w.types[a].items[i], y = w.types[b].items[i];
      items.push_back(w.types.is(x, TypeKind::kUnpack) || w.types.is(y, TypeKind::kUnpack) ? x : join(w, x, y));
    }
    return w.types.tuple(items, w.types[a].extra);
  }
  return join(w, a, b);
}

static TypeId solveOne(World& w, TypeVarId variable, const std::vector<TypeId>& lowers, const std::vector<TypeId>& uppers,
                       bool unions) {
  TypeId bottom, top;
  TypeVarKind kind = w.type_vars[variable].kind;
  if (kind == TypeVarKind::kParamSpec) {
    for (TypeId lower : lowers) {
      if (!bottom.valid() || isSubtype(w, lower, bottom)) bottom = lower;
    }
    for (TypeId upper : uppers) {
      if (!bottom.valid()) bottom = upper;
    }
    return bottom;
  }
  for (TypeId lower : lowers) {
    if (!bottom.valid()) {
      bottom = lower;
    } else if (kind == TypeVarKind::kTypeVarTuple) {
      bottom = joinTuples(w, bottom, lower);
    } else {
      bottom = unions ? simplifiedUnion(w, bottom, lower) : join(w, bottom, lower);
    }
  }
  for (TypeId upper : uppers) top = top.valid() ? meet(w, top, upper) : upper;
  auto isAny = [&](TypeId type) { return type.valid() && w.types.is(proper(w, type), TypeKind::kAny); };
  if (isAny(top) || isAny(bottom)) {
    if (kind == TypeVarKind::kTypeVarTuple) return builtinType(w, "tuple", w.types.any(AnyKind::kFromAnotherAny));
    return w.types.any(AnyKind::kFromAnotherAny);
  }
  if (!bottom.valid()) return top;
  if (!top.valid()) return bottom;
  if (isSubtype(w, bottom, top)) return bottom;
  return TypeId::none();
}

static bool mentions(World& w, TypeId type, std::span<const TypeVarId> variables) {
  const Type& record = w.types[type];
  if (!record.has(kHasTypeVars)) return false;
  if (record.kind == TypeKind::kTypeVar) {
    for (TypeVarId variable : variables) {
      if (variable.value == record.ref) return true;
    }
  }
  for (TypeId arg : record.args()) {
    if (mentions(w, arg, variables)) return true;
  }
  return false;
}

std::vector<TypeId> solveConstraints(World& w, std::span<const TypeVarId> variables, const Constraints& constraints,
                                     bool strict, bool fill, bool unions) {
  std::vector<TypeId> solution(variables.size());
  std::vector<bool> solved(variables.size());
  Constraints current = constraints;
  // A constraint that relates two of the variables is also one on the other.
  for (const Constraint& c : constraints) {
    TypeId target = proper(w, c.target);
    if (!w.types.is(target, TypeKind::kTypeVar) || isParamSpec(w, target)) continue;
    if (!mentions(w, target, variables)) continue;
    current.push_back({TypeVarId(w.types[target].ref), opposite(c.direction), typeVarType(w, c.variable)});
  }
  Substitution known;
  for (size_t round = 0; round < variables.size() + 1; ++round) {
    bool changed = false;
    for (size_t i = 0; i < variables.size(); ++i) {
      if (solved[i]) continue;
      std::vector<TypeId> lowers, uppers;
      bool waits = false;
      for (const Constraint& c : current) {
        if (c.variable != variables[i]) continue;
        TypeId target = substitute(w, c.target, known);
        if (target == typeVarType(w, variables[i])) continue;
        if (mentions(w, target, variables)) {
          waits = true;
          continue;
        }
        std::vector<TypeId>& list = c.direction == Direction::kSupertypeOf ? lowers : uppers;
        bool repeated = false;
        for (TypeId other : list) repeated = repeated || other == target;
        if (!repeated) list.push_back(target);
      }
      bool last = round == variables.size();
      if (waits && !last && lowers.empty()) continue;
      if (lowers.empty() && uppers.empty()) continue;
      solution[i] = solveOne(w, variables[i], lowers, uppers, unions);
      solved[i] = true;
      changed = true;
      if (solution[i].valid()) known.add(variables[i], solution[i]);
    }
    if (!changed && round + 1 < variables.size()) round = variables.size() - 1;
  }
  for (size_t i = 0; i < variables.size(); ++i) {
    if (solved[i] || !fill) continue;
    TypeId default_type = defaultOf(w, variables[i]);
    if (default_type.valid()) {
      solution[i] = substitute(w, default_type, known);
    } else {
      solution[i] = strict ? w.types.ambiguousNever() : w.types.any(AnyKind::kSpecialForm);
    }
    if (w.type_vars[variables[i]].kind == TypeVarKind::kTypeVarTuple && !w.types.is(solution[i], TypeKind::kTuple) &&
        !default_type.valid()) {
      solution[i] = builtinType(w, "tuple", solution[i]);
    }
  }
  return solution;
}

TypeId applyArguments(World& w, TypeId callable, std::span<const TypeId> arguments) {
  CallableParts parts = w.types.parts(callable);
  Substitution map;
  std::vector<TypeId> rest;
  for (size_t i = 0; i < parts.vars.size(); ++i) {
    if (i < arguments.size() && arguments[i].valid()) {
      map.add(TypeVarId(w.types[parts.vars[i]].ref), arguments[i]);
    } else {
      rest.push_back(parts.vars[i]);
    }
  }
  parts.vars = rest;
  return substitute(w, w.types.callable(parts), map);
}

TypeId freshen(World& w, TypeId callable) {
  if (w.types.is(callable, TypeKind::kOverloaded)) {
    std::vector<TypeId> items;
    for (TypeId item : std::vector<TypeId>(w.types[callable].args().begin(), w.types[callable].args().end())) {
      items.push_back(freshen(w, item));
    }
    return w.types.overloaded(items);
  }
  if (!w.types.is(callable, TypeKind::kCallable) || !w.types.callable(callable).isGeneric()) return callable;
  CallableParts parts = w.types.parts(callable);
  Substitution map;
  std::vector<TypeVarId> fresh;
  for (TypeId& var : parts.vars) {
    TypeVarId old(w.types[var].ref);
    upperBound(w, old);
    TypeVarInfo copy = w.type_vars[old];
    copy.is_meta = true;
    copy.raw_id = w.next_meta_id++;
    copy.definition = old;
    TypeVarId made = w.type_vars.add(copy);
    fresh.push_back(made);
    TypeId type = typeVarType(w, made);
    if (copy.kind == TypeVarKind::kTypeVarTuple) {
      TypeId item = w.types.unpack(type);
      map.add(old, w.types.tuple(std::span<const TypeId>(&item, 1), builtinType(w, "tuple")));
    } else {
      map.add(old, type);
    }
    var = type;
  }
  for (TypeVarId variable : fresh) {
    TypeVarInfo& info = w.type_vars[variable];
    if (info.bound.valid()) info.bound = substitute(w, info.bound, map);
    if (info.default_type.valid()) info.default_type = substitute(w, info.default_type, map);
  }
  std::vector<TypeId> vars = parts.vars;
  parts.vars.clear();
  TypeId result = substitute(w, w.types.callable(parts), map);
  CallableParts done = w.types.parts(result);
  done.vars = vars;
  return w.types.callable(done);
}

TypeId unifyCallable(World& w, TypeId left, TypeId right, bool ignore_return) {
  std::vector<TypeVarId> variables;
  for (TypeId var : w.types.callable(left).vars()) variables.push_back(TypeVarId(w.types[var].ref));
  if (mentions(w, right, variables)) {
    left = freshen(w, left);
    variables.clear();
    for (TypeId var : w.types.callable(left).vars()) variables.push_back(TypeVarId(w.types[var].ref));
  }
  CallableView l = w.types.callable(left);
  CallableParts template_parts = w.types.parts(left);
  template_parts.vars.clear();
  CallableParts target_parts = w.types.parts(right);
  target_parts.vars.clear();
  if (ignore_return) {
    template_parts.ret = target_parts.ret = w.types.any(AnyKind::kImplementationArtifact);
  }
  template_parts.guard = target_parts.guard = TypeId::none();
  for (CallableParts* parts : {&template_parts, &target_parts}) {
    parts->clear(kTypeGuard);
    parts->clear(kTypeIs);
  }
  (void)l;
  Constraints constraints =
      inferConstraints(w, w.types.callable(template_parts), w.types.callable(target_parts), Direction::kSubtypeOf);
  std::vector<TypeId> solution = solveConstraints(w, variables, constraints, true, true);
  for (size_t i = 0; i < variables.size(); ++i) {
    if (!solution[i].valid()) return TypeId::none();
    if (w.type_vars[variables[i]].kind != TypeVarKind::kTypeVar) continue;
    std::vector<TypeId> values = valuesOf(w, variables[i]);
    if (!values.empty() && !w.types.is(proper(w, solution[i]), TypeKind::kAny)) {
      TypeId chosen;
      for (TypeId value : values) {
        if (isSubtype(w, solution[i], value) && (!chosen.valid() || isSubtype(w, value, chosen))) chosen = value;
      }
      if (!chosen.valid()) return TypeId::none();
      solution[i] = chosen;
    } else if (!isSubtype(w, solution[i], upperBound(w, variables[i]))) {
      return TypeId::none();
    }
  }
  return applyArguments(w, left, solution);
}

std::vector<TypeId> solvePattern(World& w, std::span<const TypeVarId> variables, TypeId pattern, TypeId actual,
                                 bool is_supertype) {
  Constraints constraints =
      inferConstraints(w, pattern, actual, is_supertype ? Direction::kSupertypeOf : Direction::kSubtypeOf);
  std::vector<TypeId> solution = solveConstraints(w, variables, constraints, true, true);
  for (TypeId& type : solution) {
    if (!type.valid()) type = w.types.never();
  }
  return solution;
}

}  // namespace krait::solve
