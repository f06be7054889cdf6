// The polymorphic solver: where constraints relate variables to each other (T <: S, T :> list[S]), variables are solved in
// the order of their dependencies, and those that nothing decides stay free, one for each group that must be equal.
// Example: compose(f: (A) -> B, g: (B) -> C) given `def ident[T](x: T) -> T` twice has A = T1 = B = T2 = C and no other
// bounds, so that one of them stands for all, and the result (A) -> C becomes `def [A] (A) -> A`.
#include <algorithm>
#include <map>

#include "checker/solve/solver_internal.h"

namespace krait::solve {

namespace {

// All of it is indexed by position in `all`.
struct Problem {
  World& w;
  const std::vector<TypeVarId>& all;
  bool unions;
  std::vector<std::vector<TypeId>> lowers, uppers;
  std::vector<std::vector<bool>> below;  // below[l][u]: l <: u follows from the constraints

  size_t indexOf(TypeVarId variable) const {
    for (size_t i = 0; i < all.size(); ++i) {
      if (all[i] == variable) return i;
    }
    return all.size();
  }
  // The variable that the type is, or all.size().
  size_t asVariable(TypeId type) const {
    TypeId plain = proper(w, type);
    if (!w.types.is(plain, TypeKind::kTypeVar) || w.types[plain].count > 0) return all.size();
    return indexOf(TypeVarId(w.types[plain].ref));
  }
  void close(const Constraints& constraints);
  std::vector<std::vector<size_t>> batches(bool& is_linear);
  void secondary(std::vector<Constraint>& queue, TypeId lower, TypeId upper);
};

}  // namespace

void Problem::secondary(std::vector<Constraint>& queue, TypeId lower, TypeId upper) {
  Constraints more = inferConstraints(w, lower, upper, Direction::kSubtypeOf);
  Constraints reverse = inferConstraints(w, upper, lower, Direction::kSupertypeOf);
  more.insert(more.end(), reverse.begin(), reverse.end());
  for (const Constraint& c : more) {
    if (indexOf(c.variable) < all.size() && queue.size() < 500) queue.push_back(c);
  }
}

void Problem::close(const Constraints& constraints) {
  size_t n = all.size();
  lowers.resize(n);
  uppers.resize(n);
  below.assign(n, std::vector<bool>(n));
  for (size_t i = 0; i < n; ++i) below[i][i] = true;
  std::vector<Constraint> queue(constraints.begin(), constraints.end());
  for (size_t at = 0; at < queue.size(); ++at) {
    Constraint c = queue[at];
    size_t self = indexOf(c.variable);
    if (self == n) continue;
    size_t other = asVariable(c.target);
    if (other < n) {
      size_t l = c.direction == Direction::kSubtypeOf ? self : other;
      size_t u = c.direction == Direction::kSubtypeOf ? other : self;
      if (below[l][u]) continue;
      for (size_t i = 0; i < n; ++i) {
        for (size_t j = 0; j < n; ++j) {
          if (below[i][l] && below[u][j]) below[i][j] = true;
        }
      }
      for (size_t i = 0; i < n; ++i) {
        if (below[u][i]) {
          for (TypeId lower : std::vector<TypeId>(lowers[l])) addOnce(lowers[i], lower);
        }
        if (below[i][l]) {
          for (TypeId upper : std::vector<TypeId>(uppers[u])) addOnce(uppers[i], upper);
        }
      }
      for (TypeId lower : std::vector<TypeId>(lowers[l])) {
        for (TypeId upper : std::vector<TypeId>(uppers[u])) secondary(queue, lower, upper);
      }
      continue;
    }
    bool is_upper = c.direction == Direction::kSubtypeOf;
    std::vector<TypeId>& own = is_upper ? uppers[self] : lowers[self];
    if (std::find(own.begin(), own.end(), c.target) != own.end()) continue;
    for (size_t i = 0; i < n; ++i) {
      if (is_upper && below[i][self]) addOnce(uppers[i], c.target);
      if (!is_upper && below[self][i]) addOnce(lowers[i], c.target);
    }
    for (TypeId facing : std::vector<TypeId>(is_upper ? lowers[self] : uppers[self])) {
      secondary(queue, is_upper ? facing : c.target, is_upper ? c.target : facing);
    }
  }
}

// Groups of variables that depend on each other, each after those it depends on. Not linear: a variable depends on
// itself inside another type.
std::vector<std::vector<size_t>> Problem::batches(bool& is_linear) {
  size_t n = all.size();
  std::vector<std::vector<bool>> reach(n, std::vector<bool>(n));
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) {
      TypeVarId one[] = {all[j]};
      bool depends = i == j || below[i][j] || below[j][i];
      for (TypeId type : lowers[i]) depends = depends || mentions(w, type, one);
      for (TypeId type : uppers[i]) depends = depends || mentions(w, type, one);
      reach[i][j] = depends;
    }
  }
  for (size_t k = 0; k < n; ++k) {
    for (size_t i = 0; i < n; ++i) {
      for (size_t j = 0; reach[i][k] && j < n; ++j) reach[i][j] = reach[i][j] || reach[k][j];
    }
  }
  is_linear = true;
  std::vector<bool> done(n);
  std::vector<std::vector<size_t>> groups;
  for (size_t round = 0; round < n; ++round) {
    for (size_t i = 0; i < n; ++i) {
      if (done[i]) continue;
      bool ready = true;
      std::vector<size_t> group;
      for (size_t j = 0; j < n; ++j) {
        if (reach[i][j] && reach[j][i]) group.push_back(j);
        else if (reach[i][j] && !done[j]) ready = false;
      }
      if (!ready) continue;
      std::vector<TypeVarId> names;
      for (size_t j : group) names.push_back(all[j]);
      for (size_t j : group) {
        done[j] = true;
        for (TypeId type : lowers[j]) is_linear = is_linear && !mentions(w, type, names);
        for (TypeId type : uppers[j]) is_linear = is_linear && !mentions(w, type, names);
      }
      groups.push_back(group);
    }
  }
  return groups;
}

// The variable that stands for the group, with the bound and values of all; none: they cannot be one.
static TypeVarId chooseFree(World& w, const Problem& problem, const std::vector<size_t>& group, std::span<const TypeVarId> wanted) {
  if (group.size() == 1) return problem.all[group[0]];
  TypeId bound;
  std::vector<TypeId> values;
  size_t with_values = 0;
  TypeVarId best;
  std::pair<bool, int64_t> best_rank;
  for (size_t i : group) {
    TypeVarId variable = problem.all[i];
    TypeId own = upperBound(w, variable);
    bound = bound.valid() ? meet(w, bound, own) : own;
    if (!valuesOf(w, variable).empty()) {
      values = valuesOf(w, variable);
      ++with_values;
    }
    bool is_extra = std::find(wanted.begin(), wanted.end(), variable) == wanted.end();
    std::pair<bool, int64_t> rank{is_extra, w.type_vars[variable].raw_id};
    if (!best.valid() || rank < best_rank) {
      best = variable;
      best_rank = rank;
    }
  }
  TypeKind kind = w.types.kind(proper(w, bound));
  if (kind == TypeKind::kNever || kind == TypeKind::kNone || with_values > 1) return TypeVarId::none();
  if (w.type_vars[best].kind == TypeVarKind::kTypeVar && (upperBound(w, best) != bound || valuesOf(w, best) != values)) {
    w.type_vars[best].bound = bound;
    w.type_vars[best].values = values;
  }
  return best;
}

// A constraint T :> S | X says S <: T only as far as the union goes: the reverse of it must not count again.
static Constraints withoutReverseUnions(World& w, const Constraints& constraints) {
  Constraints reverse;
  for (const Constraint& c : constraints) {
    TypeId target = proper(w, c.target);
    if (!w.types.is(target, TypeKind::kUnion)) continue;
    for (TypeId item : w.types[target].args()) {
      if (!w.types.is(item, TypeKind::kTypeVar)) continue;
      TypeVarId other(w.types[item].ref);
      if (other == c.variable && c.direction == Direction::kSubtypeOf) {
        reverse.push_back(c);
        continue;
      }
      Direction d = c.direction == Direction::kSubtypeOf ? Direction::kSupertypeOf : Direction::kSubtypeOf;
      reverse.push_back({other, d, typeVarType(w, c.variable), {}});
      reverse.push_back({c.variable, c.direction, item, {}});
    }
  }
  Constraints kept;
  for (const Constraint& c : constraints) {
    if (std::find(reverse.begin(), reverse.end(), c) == reverse.end()) kept.push_back(c);
  }
  return kept;
}

static void solveGroup(World& w, Problem& p, std::vector<size_t> group, std::vector<OneSolution>& solved) {
  std::sort(group.begin(), group.end(), [&](size_t a, size_t b) { return w.type_vars[p.all[a]].raw_id < w.type_vars[p.all[b]].raw_id; });
  for (;;) {
    size_t next = p.all.size();
    for (size_t i : group) {
      if (!solved[i].is_known && (!p.lowers[i].empty() || !p.uppers[i].empty())) {
        next = i;
        break;
      }
    }
    if (next == p.all.size()) return;
    solved[next] = solveOne(w, p.all[next], p.lowers[next], p.uppers[next], p.unions);
    solved[next].is_known = true;
    TypeId result = solved[next].type;
    if (!result.valid()) continue;
    Substitution map;
    map.add(p.all[next], result);
    for (size_t i = 0; i < p.all.size(); ++i) {
      for (TypeId& type : p.lowers[i]) type = substitute(w, type, map);
      for (TypeId& type : p.uppers[i]) type = substitute(w, type, map);
      if (p.below[next][i]) addOnce(p.lowers[i], result);
      if (p.below[i][next]) addOnce(p.uppers[i], result);
    }
  }
}

void solveDependent(World& w, std::span<const TypeVarId> variables, const std::vector<TypeVarId>& all, const Constraints& constraints,
                    const SolveOptions& options, Solution& solution) {
  Problem problem{w, all, options.unions, {}, {}, {}};
  problem.close(withoutReverseUnions(w, constraints));
  bool is_linear = true;
  std::vector<std::vector<size_t>> groups = problem.batches(is_linear);
  if (!is_linear) return;
  std::vector<OneSolution> solved(all.size());
  for (const std::vector<size_t>& group : groups) {
    bool is_bare = true;
    for (size_t i : group) is_bare = is_bare && problem.lowers[i].empty() && problem.uppers[i].empty();
    if (!is_bare) {
      solveGroup(w, problem, group, solved);
      continue;
    }
    TypeVarId best = chooseFree(w, problem, group, variables);
    if (!best.valid()) continue;
    solution.free.push_back(best);
    size_t chosen = problem.indexOf(best);
    TypeId type = typeVarType(w, best);
    for (size_t i = 0; i < all.size(); ++i) {
      if (problem.below[chosen][i]) addOnce(problem.lowers[i], type);
      if (problem.below[i][chosen]) addOnce(problem.uppers[i], type);
    }
    solveGroup(w, problem, group, solved);
  }
  for (size_t i = 0; i < variables.size(); ++i) {
    size_t at = problem.indexOf(variables[i]);
    if (solved[at].is_known) solution.types[i] = solved[at].type;
  }
}

namespace {

// Binds free variables at the callables that mention them; fails where none could.
struct Rebinder {
  World& w;
  std::span<const TypeVarId> free;
  std::vector<TypeVarId> bound;
  bool failed = false;
  int depth = 0;

  bool isFree(TypeVarId variable) const { return std::find(free.begin(), free.end(), variable) != free.end(); }
  bool isBound(TypeVarId variable) const { return std::find(bound.begin(), bound.end(), variable) != bound.end(); }
  void collect(TypeId type, std::vector<TypeVarId>& out);
  TypeId apply(TypeId type);
  TypeId applyCallable(TypeId type);
};

}  // namespace

void Rebinder::collect(TypeId type, std::vector<TypeVarId>& out) {
  const Type& record = w.types[type];
  if (!record.has(kHasTypeVars)) return;
  if (record.kind == TypeKind::kTypeVar) {
    TypeVarId variable(record.ref);
    if (isFree(variable) && !isBound(variable) && std::find(out.begin(), out.end(), variable) == out.end()) out.push_back(variable);
  }
  for (TypeId arg : record.args()) collect(arg, out);
}

TypeId Rebinder::applyCallable(TypeId type) {
  CallableParts parts = w.types.parts(type);
  std::vector<TypeVarId> found;
  for (TypeId arg : parts.types) collect(arg, found);
  size_t mark = bound.size();
  bound.insert(bound.end(), found.begin(), found.end());
  for (TypeId& arg : parts.types) arg = apply(arg);
  parts.ret = apply(parts.ret);
  if (parts.guard.valid()) parts.guard = apply(parts.guard);
  bound.resize(mark);
  for (TypeVarId variable : found) parts.vars.push_back(typeVarType(w, variable));
  return w.types.kind(type) == TypeKind::kCallable ? w.types.callable(parts) : w.types.parameters(parts);
}

TypeId Rebinder::apply(TypeId type) {
  if (failed || !w.types[type].has(kHasTypeVars)) return type;
  if (++depth > 50) failed = true;
  const Type& record = w.types[type];
  TypeId result = type;
  switch (record.kind) {
    case TypeKind::kTypeVar:
      if (isFree(TypeVarId(record.ref)) && !isBound(TypeVarId(record.ref))) failed = true;
      break;
    case TypeKind::kCallable: result = applyCallable(type); break;
    case TypeKind::kAlias: failed = true; break;
    default: {
      size_t mark = bound.size();
      std::vector<TypeVarId> found;
      if (record.kind == TypeKind::kInstance) {
        ClassId cls = record.cls();
        if (w.header(cls).has(kClassProtocol)) {
          std::vector<NameId> members = protocolMembers(w, cls);
          if (members.size() == 1 && members[0] == w.names.__call__) {
            TypeId call = findMemberType(w, w.names.__call__, type, type);
            if (call.valid() && w.types.is(call, TypeKind::kCallable) && depth < 8) {
              result = apply(call);
              break;
            }
          }
        }
        // The parameters that stand for a ParamSpec may bind variables for the whole instance.
        for (TypeId arg : record.args()) {
          if (w.types.is(arg, TypeKind::kParameters)) collect(arg, found);
        }
        bound.insert(bound.end(), found.begin(), found.end());
      }
      std::vector<TypeId> args;
      for (TypeId arg : std::vector<TypeId>(record.args().begin(), record.args().end())) {
        if (!found.empty() && w.types.is(arg, TypeKind::kParameters)) {
          CallableParts parts = w.types.parts(arg);
          for (TypeVarId variable : found) parts.vars.push_back(typeVarType(w, variable));
          arg = w.types.parameters(parts);
        }
        args.push_back(w.types.is(arg, TypeKind::kParameters) ? arg : apply(arg));
      }
      result = w.types.rebuild(w.types[type], args, w.types[type].extra);
      bound.resize(mark);
      break;
    }
  }
  --depth;
  return result;
}

TypeId bindFreeVariables(World& w, TypeId callable, std::span<const TypeVarId> free) {
  Rebinder rebinder{w, free, {}};
  CallableParts parts = w.types.parts(callable);
  for (TypeId& type : parts.types) type = rebinder.apply(type);
  parts.ret = rebinder.apply(parts.ret);
  if (parts.guard.valid()) parts.guard = rebinder.apply(parts.guard);
  parts.vars.clear();
  return rebinder.failed ? TypeId::none() : w.types.callable(parts);
}

}  // namespace krait::solve
