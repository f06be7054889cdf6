// Generic calls: type variables from the expected result, then from the arguments (those that need the others' results,
// such as lambdas, in a second pass).
#include <algorithm>

#include "checker/infer/infer.h"

namespace krait::infer {

// Numbers of variables that are never shown.
constexpr int32_t kHiddenIds = 1 << 20;
// Lambdas that take what others give are inferred this often again.
constexpr size_t kMaxRounds = 3;

static std::vector<TypeVarId> variablesOf(World& w, TypeId callee) {
  std::vector<TypeVarId> variables;
  for (TypeId var : w.types.callable(callee).vars()) variables.push_back(TypeVarId(w.types[var].ref));
  return variables;
}

// Is it a literal, or has it one in it, so that an argument's own literal type must be kept?
static bool isLiteralContext(World& w, TypeId type) {
  type = proper(w, type);
  if (w.types.is(type, TypeKind::kLiteral)) return true;
  std::vector<TypeId> items;
  if (w.types.is(type, TypeKind::kUnion)) items = unionItems(w, type);
  if (isPlainTypeVar(w, type)) {
    TypeVarId variable(w.types[type].ref);
    items = valuesOf(w, variable);
    if (items.empty()) items.push_back(upperBound(w, variable));
  }
  for (TypeId item : items) {
    if (isLiteralContext(w, item)) return true;
  }
  return false;
}

// The value that fits best of a type variable with values; none: no value takes the type.
static TypeId bestValue(World& w, const std::vector<TypeId>& values, TypeId type) {
  if (w.types.is(type, TypeKind::kAny)) return type;
  if (isPlainTypeVar(w, type) && !valuesOf(w, TypeVarId(w.types[type].ref)).empty()) {
    bool all = true;
    for (TypeId own : valuesOf(w, TypeVarId(w.types[type].ref))) {
      bool found = false;
      for (TypeId value : values) found = found || isSameType(w, own, value);
      all = all && found;
    }
    if (all) return type;
  }
  TypeId chosen;
  for (TypeId value : values) {
    if (isSubtype(w, type, value) && (!chosen.valid() || isSubtype(w, value, chosen))) chosen = value;
  }
  return chosen;
}

// What the variable is replaced by; none: leave it open. Reports a type that the variable cannot have, unless silent.
static TypeId targetType(Checker& c, TypeId callee, TypeVarId variable, TypeId type, NodeId node, bool is_silent) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  bool is_open = w.types.is(plain, TypeKind::kNever);
  if (isNamed(w, plain, "builtins.tuple") && w.types[plain].count == 1 && w.type_vars[variable].kind == TypeVarKind::kTypeVarTuple) {
    is_open = w.types.is(proper(w, w.types[plain].items[0]), TypeKind::kNever);
  }
  if (is_open && defaultOf(w, variable).valid()) return defaultOf(w, variable);
  if (w.type_vars[variable].kind != TypeVarKind::kTypeVar) return type;
  std::vector<TypeId> values = valuesOf(w, variable);
  bool fits = true;
  if (!values.empty()) {
    TypeId best = bestValue(w, values, plain);
    if (best.valid()) return best;
    fits = false;
  } else {
    TypeId bound = upperBound(w, variable);
    if (w.type_vars[variable].is_self) bound = eraseTypeVars(w, bound, nullptr, w.types.any(AnyKind::kSpecialForm));
    fits = isSubtype(w, type, bound);
  }
  if (fits) return type;
  if (is_silent) return TypeId::none();
  std::string name = callableName(w, callee);
  if (name.empty()) name = "function";
  fail(c, node, Code::kTypeVar,
       "Value of type variable \"" + std::string(w.text(w.type_vars[variable].name)) + "\" of " + name + " cannot be " + formatType(w, type));
  return type;
}

// Puts a solution into the callee; a none in it leaves the variable open.
static TypeId applySolution(Checker& c, TypeId callee, const std::vector<TypeId>& solution, NodeId node, bool is_silent = false) {
  World& w = c.w;
  std::vector<TypeVarId> variables = variablesOf(w, callee);
  std::vector<TypeId> targets(variables.size());
  Substitution known;
  bool has_default = false;
  for (size_t i = 0; i < variables.size(); ++i) {
    if (!solution[i].valid()) continue;
    targets[i] = targetType(c, callee, variables[i], solution[i], node, is_silent);
    if (targets[i].valid()) known.add(variables[i], targets[i]);
    has_default = has_default || (targets[i].valid() && targets[i] == defaultOf(w, variables[i]));
  }
  // Defaults may speak of variables before them.
  Substitution before;
  for (size_t i = 0; has_default && i < targets.size(); ++i) {
    if (!targets[i].valid()) continue;
    targets[i] = substitute(w, targets[i], targets[i] == defaultOf(w, variables[i]) ? before : known);
    before.add(variables[i], targets[i]);
  }
  return applyArguments(w, callee, targets);
}

TypeId inferFromContext(Checker& c, TypeId callee, TypeId context) {
  World& w = c.w;
  if (!context.valid()) return callee;
  TypeId ret = proper(w, w.types.callable(callee).ret());
  TypeId wanted = context;
  if (containsNone(w, ret) && containsNone(w, wanted) && !w.types.is(ret, TypeKind::kNone) && !w.types.is(proper(w, wanted), TypeKind::kNone)) {
    ret = proper(w, removeOptional(w, ret));
    wanted = removeOptional(w, wanted);
  }
  if (isPlainTypeVar(w, ret)) {
    // A result that is just a variable takes too little from the context, but for a generic class or a literal.
    TypeId given = proper(w, wanted);
    bool is_generic = w.types.is(given, TypeKind::kInstance) && w.types[given].count > 0;
    if (!is_generic && !isLiteralContext(w, given)) return callee;
  }
  std::vector<TypeVarId> variables = variablesOf(w, callee);
  Constraints constraints = inferConstraints(w, ret, wanted, Direction::kSubtypeOf);
  SolveOptions options;
  options.keep_misfits = true;
  std::vector<TypeId> solution = solveConstraints(w, variables, constraints, options).types;
  for (TypeId& type : solution) {
    if (type.valid() && (w.types[type].has(kHasErased) || w.types[type].has(kHasNever))) type = TypeId::none();
  }
  return applySolution(c, callee, solution, NodeId::none(), true);
}

// What a callable says about a ParamSpec beats what the arguments that are passed on say.
static void dropImprecise(World& w, Constraints& constraints) {
  auto isImprecise = [&](const Constraint& c) {
    return w.types.is(c.target, TypeKind::kParameters) && w.types.callable(c.target).has(kImpreciseArgs);
  };
  std::vector<TypeVarId> precise;
  for (const Constraint& c : constraints) {
    if (w.types.is(c.target, TypeKind::kParameters) && !isImprecise(c)) precise.push_back(c.variable);
  }
  if (precise.empty()) return;
  std::erase_if(constraints, [&](const Constraint& c) {
    return isImprecise(c) && std::find(precise.begin(), precise.end(), c.variable) != precise.end();
  });
}

static Constraints argumentConstraints(Checker& c, TypeId callee, const CallSite& site, const std::vector<TypeId>& types,
                                       const ArgumentMap& map, const std::vector<bool>& skipped) {
  World& w = c.w;
  CallableView view = w.types.callable(callee);
  Constraints constraints;
  ArgumentExpander expander;
  TypeId spec = paramSpecOf(w, callee);
  CallableParts spec_args;
  bool spec_incomplete = false;
  for (size_t i = 0; i < map.size(); ++i) {
    TypeId formal = view.types()[i];
    ParamKind kind = view.params()[i].kind;
    if (kind == ParamKind::kStar && w.types.is(formal, TypeKind::kUnpack)) {
      bool open = false;
      for (size_t ai : map[i]) open = open || skipped[ai];
      if (open) continue;
      std::vector<TypeId> items = variadicItems(c, expander, site, types, map, i);
      TypeId inner = proper(w, w.types[formal].items[0]);
      TypeId actual = w.types.tuple(items, builtinType(w, "tuple"));
      if (isTypeVarTuple(w, inner)) {
        constraints.push_back({TypeVarId(w.types[inner].ref), Direction::kSupertypeOf, actual, {}});
      } else {
        Constraints more = inferConstraints(w, inner, actual, Direction::kSupertypeOf);
        constraints.insert(constraints.end(), more.begin(), more.end());
      }
      continue;
    }
    bool is_spec = spec.valid() && i + 2 >= map.size();
    for (size_t ai : map[i]) {
      if (skipped[ai]) {
        spec_incomplete = spec_incomplete || is_spec;
        continue;
      }
      TypeId actual = expandActual(c, expander, types[ai], site.args[ai].kind, view.params()[i].name, kind);
      if (is_spec) {
        const Arg& arg = site.args[ai];
        if (arg.kind == ArgKind::kPos) spec_args.add(NameId::none(), ParamKind::kPos, actual);
        if (arg.kind == ArgKind::kStar) spec_args.add(NameId::none(), ParamKind::kStar, actual);
        if (arg.kind == ArgKind::kNamed) spec_args.add(arg.name, ParamKind::kPos, actual);
        if (arg.kind == ArgKind::kStar2) spec_args.add(NameId::none(), ParamKind::kStar2, actual);
        continue;
      }
      Constraints more = inferConstraints(w, formal, actual, Direction::kSupertypeOf);
      constraints.insert(constraints.end(), more.begin(), more.end());
    }
  }
  if (spec.valid() && !spec_incomplete) {
    bool known = false;
    for (const Constraint& constraint : constraints) known = known || constraint.variable == TypeVarId(w.types[spec].ref);
    if (!known) {
      spec_args.set(kImpreciseArgs);
      constraints.push_back({TypeVarId(w.types[spec].ref), Direction::kSupertypeOf, w.types.parameters(spec_args), {}});
    }
  }
  dropImprecise(w, constraints);
  return constraints;
}

// Does a callable with type variables among its parameters occur in the type? Then a lambda or a generic function may be
// its argument, which needs what the other arguments tell.
static bool hasOpenCallable(World& w, TypeId type) {
  const Type& record = w.types[type];
  if (!record.has(kHasTypeVars)) return false;
  if (record.kind == TypeKind::kCallable) return true;
  for (TypeId arg : record.args()) {
    if (hasOpenCallable(w, arg)) return true;
  }
  return false;
}

// The arguments that are inferred after the others.
static std::vector<bool> secondPass(Checker& c, TypeId callee, const CallSite& site, const std::vector<TypeId>& types, const ArgumentMap& map) {
  World& w = c.w;
  std::vector<bool> second(site.args.size());
  CallableView view = w.types.callable(callee);
  for (size_t i = 0; i < map.size(); ++i) {
    TypeId formal = view.types()[i];
    TypeId plain = proper(w, formal);
    bool tells_parameters = false;
    if (w.types.is(plain, TypeKind::kCallable) && paramSpecOf(w, plain).valid()) {
      // A plain function says best what a ParamSpec is: with the names of its parameters.
      for (size_t ai : map[i]) {
        TypeId actual = types[ai].valid() ? proper(w, types[ai]) : types[ai];
        if (actual.valid() && w.types.is(actual, TypeKind::kInstance)) {
          TypeId call = findMemberType(w, w.names.__call__, actual, actual);
          if (call.valid()) actual = proper(w, call);
        }
        bool is_lambda = site.args[ai].node.valid() && c.ast->is(site.args[ai].node, NodeKind::kLambda);
        tells_parameters = tells_parameters || (actual.valid() && !is_lambda && w.types.is(actual, TypeKind::kCallable) &&
                                                !w.types.callable(actual).isGeneric());
      }
    }
    if (tells_parameters || !hasOpenCallable(w, formal)) continue;
    for (size_t ai : map[i]) second[ai] = true;
  }
  if (!follows(*c.options, Divergence::kLambdaContext)) return second;
  // What a plain function takes and gives is known before any lambda is looked at.
  auto isLambda = [&](size_t ai) { return site.args[ai].node.valid() && c.ast->is(site.args[ai].node, NodeKind::kLambda); };
  bool has_lambda = false;
  for (size_t ai = 0; ai < second.size(); ++ai) has_lambda = has_lambda || (second[ai] && isLambda(ai));
  for (size_t ai = 0; has_lambda && ai < second.size(); ++ai) {
    TypeId actual = types[ai].valid() ? proper(w, types[ai]) : types[ai];
    bool is_plain = actual.valid() && !isLambda(ai) && w.types.is(actual, TypeKind::kCallable) && !w.types.callable(actual).isGeneric();
    if (is_plain) second[ai] = false;
  }
  return second;
}

// Generic functions among the arguments get variables of their own where they would meet the callee's or each other's.
static void separateArguments(World& w, TypeId callee, std::vector<TypeId>& types) {
  std::vector<TypeId> seen(w.types.callable(callee).vars().begin(), w.types.callable(callee).vars().end());
  for (TypeId& type : types) {
    if (!type.valid() || !w.types.is(type, TypeKind::kCallable) || !w.types.callable(type).isGeneric()) continue;
    bool clash = false;
    for (TypeId var : w.types.callable(type).vars()) clash = clash || std::find(seen.begin(), seen.end(), var) != seen.end();
    if (clash) type = freshen(w, type, kHiddenIds);
    std::span<const TypeId> own = w.types.callable(type).vars();
    seen.insert(seen.end(), own.begin(), own.end());
  }
}

// Nothing solved it with plain types: variables that stay free may make the result generic. None: they may not.
static TypeId inferPolymorphic(Checker& c, TypeId callee, GenericCall& call, const std::vector<int32_t>& ids, std::vector<TypeId>& solution,
                               TypeId& generic) {
  World& w = c.w;
  generic = freshen(w, callee, ids.empty() ? kHiddenIds : ids[0]);
  std::vector<TypeVarId> variables = variablesOf(w, generic);
  for (size_t i = 0; i < variables.size() && i < ids.size(); ++i) w.type_vars[variables[i]].raw_id = ids[i];
  std::vector<bool> none(call.site.args.size());
  Constraints constraints = argumentConstraints(c, generic, call.site, call.types, call.map, none);
  SolveOptions options;
  options.polymorphic = true;
  options.unions = call.unions;
  Solution solved = solveConstraints(w, variables, constraints, options);
  solution = solved.types;
  bool complete = true;
  for (TypeId type : solution) complete = complete && type.valid() && !w.types.is(proper(w, type), TypeKind::kNever);
  if (complete) {
    TypeId applied = applySolution(c, generic, solution, call.site.node, true);
    TypeId bound = bindFreeVariables(w, applied, solved.free);
    if (bound.valid()) return bound;
  }
  // What is free is not known.
  Substitution unknown;
  for (TypeVarId variable : solved.free) unknown.add(variable, w.types.ambiguousNever());
  for (TypeVarId variable : variables) unknown.add(variable, w.types.ambiguousNever());
  for (TypeId& type : solution) {
    if (type.valid()) type = substitute(w, type, unknown);
  }
  return TypeId::none();
}

static TypeId withSolution(Checker& c, TypeId callee, std::vector<TypeId> solution, NodeId node) {
  World& w = c.w;
  std::vector<TypeVarId> variables = variablesOf(w, callee);
  for (size_t i = 0; i < solution.size(); ++i) {
    if (solution[i].valid() && !w.types[solution[i]].has(kHasErased)) continue;
    std::string name = callableName(w, callee);
    fail(c, node, Code::kMisc,
         name.empty() ? "Cannot infer function type argument"
                      : "Cannot infer value of type parameter \"" + std::string(w.text(w.type_vars[variables[i]].name)) + "\" of " + name);
    solution.assign(variables.size(), w.types.any());
    break;
  }
  return applySolution(c, callee, solution, node);
}

// Containers that nobody filled hold anything: `reduce(f, xs, [])`.
// What a class is made with may still be filled: `defaultdict(list)`.
static void openContainers(Checker& c, TypeId callee, std::vector<TypeId>& solution) {
  if (!follows(*c.options, Divergence::kOpenContainers) || c.w.types.callable(callee).isTypeObject()) return;
  for (TypeId& type : solution) {
    if (type.valid()) type = withUnsolvedAny(c.w, type);
  }
}

// Leaves open what the first arguments say too little about, and its ids; false: all of it.
static bool keepTelling(World& w, std::vector<TypeId>& solution, std::vector<int32_t>& ids) {
  std::vector<int32_t> open_ids;
  bool has_known = false;
  for (size_t i = 0; i < solution.size(); ++i) {
    TypeId& type = solution[i];
    TypeId plain = type.valid() ? proper(w, type) : type;
    bool says_little = !type.valid() || w.types.is(plain, TypeKind::kNone) || w.types.is(plain, TypeKind::kNever) || w.types[type].has(kHasErased);
    has_known = has_known || !says_little;
    if (!says_little) continue;
    type = TypeId::none();
    if (i < ids.size()) open_ids.push_back(ids[i]);
  }
  ids = open_ids;
  return has_known;
}

// Is something not known yet in the arguments that wait?
static bool hasErased(World& w, const std::vector<TypeId>& types, const std::vector<bool>& waiting) {
  for (size_t i = 0; i < types.size(); ++i) {
    if (waiting[i] && types[i].valid() && w.types[types[i]].has(kHasErased)) return true;
  }
  return false;
}

// Do the arguments that waited fit their parameters?
static bool waitingFit(Checker& c, TypeId callee, GenericCall& call, const std::vector<bool>& second) {
  CallableView view = c.w.types.callable(callee);
  for (size_t i = 0; i < call.map.size(); ++i) {
    for (size_t ai : call.map[i]) {
      bool is_plain = call.site.args[ai].kind == ArgKind::kPos || call.site.args[ai].kind == ArgKind::kNamed;
      if (second[ai] && is_plain && call.types[ai].valid() && !isSubtype(c.w, call.types[ai], view.types()[i])) return false;
    }
  }
  return true;
}

// `fold(1, lambda: "a")`: where what a lambda gives does not fit what the other arguments said of the variables, all of
// them together say it. `original`: the callee before; `applied`: after the other arguments, left as it is where nothing
// is gained. The solution of `original`; none: what there was counts.
static std::vector<TypeId> widenedByLambdas(Checker& c, TypeId original, TypeId applied, GenericCall& call, const std::vector<bool>& second) {
  World& w = c.w;
  std::vector<bool> lambdas(second.size());
  for (size_t ai = 0; ai < second.size(); ++ai) lambdas[ai] = second[ai] && call.site.args[ai].node.valid() && c.ast->is(call.site.args[ai].node, NodeKind::kLambda);
  bool has_lambda = std::find(lambdas.begin(), lambdas.end(), true) != lambdas.end();
  if (!has_lambda || !follows(*c.options, Divergence::kWidenedLambdas) || waitingFit(c, applied, call, second)) return {};
  SolveOptions options;
  options.unions = call.unions;
  call.remap(c, original);
  Constraints constraints = argumentConstraints(c, original, call.site, call.types, call.map, lambdas);
  CallableView view = w.types.callable(original);
  for (size_t i = 0; i < call.map.size(); ++i) {
    TypeId formal = proper(w, view.types()[i]);
    for (size_t ai : call.map[i]) {
      bool is_plain = lambdas[ai] && w.types.is(formal, TypeKind::kCallable) && w.types.is(call.types[ai], TypeKind::kCallable);
      if (!is_plain) continue;
      Constraints more = inferConstraints(w, w.types.callable(formal).ret(), w.types.callable(call.types[ai]).ret(), Direction::kSupertypeOf);
      constraints.insert(constraints.end(), more.begin(), more.end());
    }
  }
  std::vector<TypeVarId> variables = variablesOf(w, original);
  // What only the parameters of a lambda tell (a ParamSpec) is left to them.
  auto isTold = [&](TypeVarId variable) { return std::any_of(constraints.begin(), constraints.end(), [&](const Constraint& each) { return each.variable == variable; }); };
  if (!std::all_of(variables.begin(), variables.end(), isTold)) {
    call.remap(c, applied);
    return {};
  }
  std::vector<TypeId> solution = solveConstraints(w, variables, constraints, options).types;
  bool is_known = std::all_of(solution.begin(), solution.end(), [&](TypeId type) { return type.valid() && !w.types[type].has(kHasErased); });
  TypeId widened = is_known ? applySolution(c, original, solution, call.site.node, true) : TypeId::none();
  if (is_known && !w.types.callable(widened).isGeneric()) {
    call.remap(c, widened);
    call.inferWaiting(c, widened, second);
    if (waitingFit(c, widened, call, second)) return solution;
  }
  call.remap(c, applied);
  call.inferWaiting(c, applied, second);
  return {};
}

TypeId inferTypeArguments(Checker& c, TypeId callee, GenericCall& call, const std::vector<int32_t>& all_ids) {
  World& w = c.w;
  TypeId original = callee;
  if (isDynamic(c)) {
    std::vector<TypeId> anys(w.types.callable(callee).vars().size(), w.types.any(AnyKind::kUnannotated));
    return applyArguments(w, callee, anys);
  }
  std::vector<int32_t> ids = all_ids;
  separateArguments(w, callee, call.types);
  SolveOptions options;
  options.unions = call.unions;
  std::vector<bool> second = secondPass(c, callee, call.site, call.types, call.map);
  std::vector<bool> none(call.site.args.size());
  Constraints constraints = argumentConstraints(c, callee, call.site, call.types, call.map, second);
  std::vector<TypeId> solution = solveConstraints(w, variablesOf(w, callee), constraints, options).types;
  bool has_waiting = std::find(second.begin(), second.end(), true) != second.end();
  bool waits = has_waiting;
  for (size_t round = 0; waits; ++round) {
    bool is_new = keepTelling(w, solution, ids);
    if (round > 0 && !is_new) break;
    openContainers(c, callee, solution);
    callee = applySolution(c, callee, solution, call.site.node);
    call.remap(c, callee);
    call.inferWaiting(c, callee, second);
    separateArguments(w, callee, call.types);
    // What one lambda gives may be what another takes.
    waits = follows(*c.options, Divergence::kLambdaContext) && round < kMaxRounds && hasErased(w, call.types, second);
    if (waits) {
      constraints = argumentConstraints(c, callee, call.site, call.types, call.map, none);
      solution = solveConstraints(w, variablesOf(w, callee), constraints, options).types;
    }
  }
  if (has_waiting) {
    if (std::vector<TypeId> widened = widenedByLambdas(c, original, callee, call, second); !widened.empty()) {
      return withSolution(c, original, widened, call.site.node);
    }
    constraints = argumentConstraints(c, callee, call.site, call.types, call.map, none);
    solution = solveConstraints(w, variablesOf(w, callee), constraints, options).types;
  }
  openContainers(c, callee, solution);
  bool is_open = false;
  for (TypeId type : solution) is_open = is_open || !type.valid() || w.types.is(proper(w, type), TypeKind::kNever);
  if (is_open) {
    TypeId generic;
    std::vector<TypeId> free_solution;
    TypeId bound = inferPolymorphic(c, callee, call, ids, free_solution, generic);
    if (bound.valid()) return bound;
    openContainers(c, callee, free_solution);
    return withSolution(c, generic, free_solution, call.site.node);
  }
  return withSolution(c, callee, solution, call.site.node);
}

}  // namespace krait::infer
