// Generic callables: new variables for old, arguments put in, one made to fit another.
#include "checker/solve/solver_internal.h"

namespace krait::solve {

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

TypeId withUnknownArguments(World& w, TypeId callable) {
  CallableView view = w.types.callable(callable);
  for (TypeId var : view.vars()) {
    if (!isPlainTypeVar(w, var)) return TypeId::none();
  }
  std::vector<TypeId> unknown(view.shape->var_count, w.types.any(AnyKind::kSpecialForm));
  return applyArguments(w, callable, unknown);
}

TypeId freshen(World& w, TypeId callable, int32_t first_id) {
  if (w.types.is(callable, TypeKind::kOverloaded)) {
    std::vector<TypeId> items;
    for (TypeId item : std::vector<TypeId>(w.types[callable].args().begin(), w.types[callable].args().end())) {
      items.push_back(freshen(w, item, first_id));
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
    copy.raw_id = first_id > 0 ? first_id++ : w.next_meta_id++;
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

// The variables of `left` solved so that it fits `right`; `ret`: how its result must relate to right's, if at all.
static TypeId unify(World& w, TypeId left, TypeId right, const Direction* ret) {
  std::vector<TypeVarId> variables;
  for (TypeId var : w.types.callable(left).vars()) {
    // A variable that a substitution took away leaves nothing to solve.
    if (!w.types.is(var, TypeKind::kTypeVar)) return TypeId::none();
    variables.push_back(TypeVarId(w.types[var].ref));
  }
  if (mentions(w, right, variables)) {
    left = freshen(w, left, 1 << 20);
    variables.clear();
    for (TypeId var : w.types.callable(left).vars()) variables.push_back(TypeVarId(w.types[var].ref));
  }
  CallableParts pattern = w.types.parts(left);
  CallableParts target = w.types.parts(right);
  TypeId pattern_ret = pattern.ret, target_ret = target.ret;
  for (CallableParts* parts : {&pattern, &target}) {
    parts->vars.clear();
    parts->ret = w.types.any(AnyKind::kImplementationArtifact);
    parts->guard = TypeId::none();
    parts->clear(kTypeGuard);
    parts->clear(kTypeIs);
    parts->clear(kOtherResult);
  }
  Constraints constraints = inferConstraints(w, w.types.callable(pattern), w.types.callable(target), Direction::kSubtypeOf);
  if (ret != nullptr) {
    Constraints more = inferConstraints(w, pattern_ret, target_ret, *ret);
    constraints.insert(constraints.end(), more.begin(), more.end());
  }
  SolveOptions options;
  options.polymorphic = true;
  std::vector<TypeId> solution = solveConstraints(w, variables, constraints, options).types;
  for (size_t i = 0; i < variables.size(); ++i) {
    if (!solution[i].valid()) return TypeId::none();
    if (w.type_vars[variables[i]].kind != TypeVarKind::kTypeVar) continue;
    std::vector<TypeId> values = valuesOf(w, variables[i]);
    if (!values.empty() && !w.types.is(proper(w, solution[i]), TypeKind::kAny)) {
      TypeId chosen;
      if (isPlainTypeVar(w, proper(w, solution[i]))) {
        // T1 stands for T if each value that T1 may have is one of T's. ref: mypy applytype.get_target_type
        std::vector<TypeId> others = valuesOf(w, TypeVarId(w.types[proper(w, solution[i])].ref));
        bool all = !others.empty();
        for (TypeId other : others) {
          bool found = false;
          for (TypeId value : values) found = found || isSameType(w, value, other);
          all = all && found;
        }
        if (all) chosen = solution[i];
      }
      for (TypeId value : values) {
        if (chosen == solution[i]) break;
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

TypeId unifyCallable(World& w, TypeId left, TypeId right, bool ignore_return) {
  Direction ret = Direction::kSubtypeOf;
  return unify(w, left, right, ignore_return ? nullptr : &ret);
}

TypeId unifyForImplementation(World& w, TypeId left, TypeId right) {
  Direction ret = Direction::kSupertypeOf;
  return unify(w, left, right, &ret);
}

std::vector<TypeId> solvePattern(World& w, std::span<const TypeVarId> variables, TypeId pattern, TypeId actual,
                                 bool is_supertype) {
  Constraints constraints =
      inferConstraints(w, pattern, actual, is_supertype ? Direction::kSupertypeOf : Direction::kSubtypeOf);
  std::vector<TypeId> solution = solveConstraints(w, variables, constraints).types;
  for (size_t i = 0; i < solution.size(); ++i) {
    if (!solution[i].valid()) solution[i] = w.types.never();
    bool open = w.types.is(solution[i], TypeKind::kNever) && w.types[solution[i]].sub == 1;
    if (!open) continue;
    TypeId default_type = defaultOf(w, variables[i]);
    if (default_type.valid()) solution[i] = default_type;
    else if (w.type_vars[variables[i]].kind == TypeVarKind::kTypeVarTuple) solution[i] = builtinType(w, "tuple", solution[i]);
  }
  return solution;
}

}  // namespace krait::solve
