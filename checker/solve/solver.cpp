// Solving constraints: each variable becomes the join of its lower bounds if that fits its upper ones, else the meet
// of the upper ones. Variables that may stay free are the work of polymorphic.cpp.
#include "checker/solve/solver_internal.h"

#include <algorithm>
#include <optional>

namespace krait::solve {

static TypeId joinTuples(World& w, TypeId a, TypeId b) {
  bool unites = follows(w.options, Divergence::kRedefinition);
  if (w.types.is(a, TypeKind::kTuple) && w.types.is(b, TypeKind::kTuple) && w.types[a].count == w.types[b].count) {
    std::vector<TypeId> items;
    for (uint32_t i = 0; i < w.types[a].count; ++i) {
      TypeId x = w.types[a].items[i], y = w.types[b].items[i];
      if (w.types.is(x, TypeKind::kUnpack) || w.types.is(y, TypeKind::kUnpack)) {
        items.push_back(x);
      } else if (unites && x != y) {
        items.push_back(simplifiedUnion(w, removeLastKnownValues(w, x), removeLastKnownValues(w, y)));
      } else {
        items.push_back(join(w, x, y));
      }
    }
    return w.types.tuple(items, w.types[a].extra);
  }
  return join(w, a, b);
}

static TypeId solveParameters(World& w, const std::vector<TypeId>& lowers, const std::vector<TypeId>& uppers) {
  TypeId best;
  bool is_common = follows(w.options, Divergence::kCommonParameters);
  for (TypeId lower : lowers) {
    bool is_better = !best.valid() || (is_common ? !isSubtype(w, lower, best) && isSubtype(w, best, lower) : isSubtype(w, lower, best));
    if (is_better) best = lower;
  }
  for (TypeId upper : uppers) {
    if (!best.valid()) best = upper;
  }
  return best;
}

static bool isAmbiguousNever(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  return w.types.is(plain, TypeKind::kNever) && w.types[plain].sub == 1;
}

// Joins are not associative: unions first, then None, then the others, each in the order they came.
static TypeId joinLowers(World& w, TypeVarKind kind, const std::vector<TypeId>& lowers, bool unions) {
  TypeId bottom;
  auto rankOf = [&](TypeId type) {
    TypeKind lower_kind = w.types.kind(proper(w, type));
    return lower_kind == TypeKind::kUnion ? 0 : (lower_kind == TypeKind::kNone ? 1 : 2);
  };
  for (int rank = 0; rank < 3; ++rank) {
    for (TypeId lower : lowers) {
      if (rankOf(lower) != rank) continue;
      if (!bottom.valid()) {
        bottom = lower;
      } else if (kind == TypeVarKind::kTypeVarTuple) {
        bottom = joinTuples(w, bottom, lower);
      } else {
        bool unites = unions || follows(w.options, Divergence::kRedefinition);
        if (unites && !unions && bottom != lower) {
          bottom = removeLastKnownValues(w, bottom);
          lower = removeLastKnownValues(w, lower);
        }
        bottom = unites ? simplifiedUnion(w, bottom, lower) : join(w, bottom, lower);
      }
    }
  }
  return bottom;
}

// Are there tuples of two known lengths?
static bool lengthsDiffer(World& w, const std::vector<TypeId>& types) {
  std::optional<uint32_t> length;
  for (TypeId type : types) {
    TypeId plain = proper(w, type);
    if (!w.types.is(plain, TypeKind::kTuple)) continue;
    bool is_open = false;
    for (TypeId item : w.types[plain].args()) is_open = is_open || w.types.is(item, TypeKind::kUnpack);
    if (is_open) continue;
    if (length && *length != w.types[plain].count) return true;
    length = w.types[plain].count;
  }
  return false;
}

OneSolution solveOne(World& w, TypeVarId variable, const std::vector<TypeId>& lowers, const std::vector<TypeId>& all_uppers,
                     bool unions) {
  TypeVarKind kind = w.type_vars[variable].kind;
  if (kind == TypeVarKind::kParamSpec) {
    TypeId best = solveParameters(w, lowers, all_uppers);
    return {best, best.valid()};
  }
  // What an earlier inference left open says nothing, unless it is all there is.
  std::vector<TypeId> uppers;
  for (TypeId upper : all_uppers) {
    if (!isAmbiguousNever(w, upper)) uppers.push_back(upper);
  }
  if (lowers.empty() && uppers.empty()) {
    return all_uppers.empty() ? OneSolution{} : OneSolution{w.types.ambiguousNever(), true};
  }
  if (kind == TypeVarKind::kTypeVarTuple && follows(w.options, Divergence::kVariadicLengths) && lengthsDiffer(w, lowers)) {
    return {TypeId::none(), true};
  }
  TypeId bottom = joinLowers(w, kind, lowers, unions);
  TypeId top;
  for (TypeId upper : uppers) top = top.valid() ? meet(w, top, upper) : upper;
  auto isAny = [&](TypeId type) { return type.valid() && w.types.is(proper(w, type), TypeKind::kAny); };
  if (isAny(top) || isAny(bottom)) {
    TypeId any = w.types.any(AnyKind::kFromAnotherAny);
    return {kind == TypeVarKind::kTypeVarTuple ? builtinType(w, "tuple", any) : any, true};
  }
  if (!bottom.valid()) return {top, true};
  if (!top.valid()) return {bottom, true};
  if (isSubtype(w, bottom, top)) return {bottom, true};
  return {TypeId::none(), true};
}

bool mentions(World& w, TypeId type, std::span<const TypeVarId> variables) {
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

void addOnce(std::vector<TypeId>& list, TypeId type) {
  for (TypeId other : list) {
    if (other == type) return;
  }
  list.push_back(type);
}

// A solution outside the variable's bound gives way to the bound itself, if that fits all constraints.
static void preferBounds(World& w, std::span<const TypeVarId> variables, const Constraints& constraints, Solution& solution) {
  for (size_t i = 0; i < variables.size(); ++i) {
    TypeId type = solution.types[i];
    if (!type.valid() || w.type_vars[variables[i]].kind != TypeVarKind::kTypeVar) continue;
    TypeId bound = upperBound(w, variables[i]);
    TypeId plain = proper(w, bound);
    if (isObject(w, plain) || isSubtype(w, type, bound)) continue;
    if (w.types.is(plain, TypeKind::kInstance) && w.header(w.types[plain].cls()).has(kClassProtocol)) {
      std::vector<NameId> members = protocolMembers(w, w.types[plain].cls());
      if (members.size() == 1 && members[0] == w.names.__call__) continue;
    }
    bool fits = true;
    for (const Constraint& c : constraints) {
      if (c.variable != variables[i]) continue;
      fits = fits && (c.direction == Direction::kSubtypeOf ? isSubtype(w, bound, c.target) : isSubtype(w, c.target, bound));
    }
    if (fits) solution.types[i] = bound;
  }
}

Solution solveConstraints(World& w, std::span<const TypeVarId> variables, const Constraints& constraints, const SolveOptions& options) {
  Solution solution;
  if (variables.empty()) return solution;
  solution.types.assign(variables.size(), w.types.ambiguousNever());
  std::vector<TypeVarId> all(variables.begin(), variables.end());
  for (const Constraint& c : constraints) {
    if (!c.origin.valid()) continue;
    for (TypeId var : w.types.callable(c.origin).vars()) {
      TypeVarId extra(w.types[var].ref);
      if (std::find(all.begin(), all.end(), extra) == all.end()) all.push_back(extra);
    }
  }
  if (options.polymorphic) {
    solveDependent(w, variables, all, constraints, options, solution);
  } else {
    for (size_t i = 0; i < variables.size(); ++i) {
      std::vector<TypeId> lowers, uppers;
      for (const Constraint& c : constraints) {
        if (c.variable == variables[i]) addOnce(c.direction == Direction::kSupertypeOf ? lowers : uppers, c.target);
      }
      OneSolution one = solveOne(w, variables[i], lowers, uppers, options.unions);
      // Variables must not leak into solutions.
      if (one.is_known && (!one.type.valid() || !mentions(w, one.type, all))) solution.types[i] = one.type;
    }
  }
  if (solution.free.empty() && !options.keep_misfits) preferBounds(w, variables, constraints, solution);
  return solution;
}

}  // namespace krait::solve
