// Generic calls: type variables from the expected result, then from the arguments (those that need the others' results,
// such as lambdas, in a second pass).
#include "checker/infer/infer.h"

namespace krait::infer {

static std::vector<TypeVarId> variablesOf(World& w, TypeId callee) {
  std::vector<TypeVarId> variables;
  for (TypeId var : w.types.callable(callee).vars()) variables.push_back(TypeVarId(w.types[var].ref));
  return variables;
}

static bool mentions(World& w, TypeId type, TypeVarId variable) {
  const Type& record = w.types[type];
  if (!record.has(kHasTypeVars)) return false;
  if (record.kind == TypeKind::kTypeVar && record.ref == variable.value) return true;
  for (TypeId arg : record.args()) {
    if (mentions(w, arg, variable)) return true;
  }
  return record.extra.valid() && mentions(w, record.extra, variable);
}

TypeId inferFromContext(Checker& c, TypeId callee, TypeId context) {
  World& w = c.w;
  if (!context.valid()) return callee;
  TypeId ret = w.types.callable(callee).ret();
  TypeId plain_ret = proper(w, ret);
  TypeId wanted = context;
  // T against an Optional: the None of the context says nothing.
  if (w.types.is(plain_ret, TypeKind::kTypeVar)) {
    TypeId plain = proper(w, context);
    if (w.types.is(plain, TypeKind::kUnion)) {
      // A bare type variable as the result takes too little from a union.
      std::vector<TypeId> items;
      for (TypeId item : unionItems(w, plain)) {
        if (!w.types.is(item, TypeKind::kNone)) items.push_back(item);
      }
      wanted = w.types.unionOf(items);
    }
    // The literal of the context is not forced on T.
    // T alone takes no context but one that says much: a generic class or a literal.
    TypeId given = proper(w, context);
    bool is_generic_instance = w.types.is(given, TypeKind::kInstance) && w.types[given].count > 0;
    bool mentions_literal = false;
    for (TypeId item : unionItems(w, given)) mentions_literal = mentions_literal || w.types.is(proper(w, item), TypeKind::kLiteral);
    if (isPlainTypeVar(w, plain_ret) && !is_generic_instance && !mentions_literal) return callee;
  }
  if (containsNone(w, wanted) && !containsNone(w, ret)) wanted = removeOptional(w, wanted);
  std::vector<TypeVarId> variables = variablesOf(w, callee);
  TypeId erased_context = wanted;
  if (w.types.is(proper(w, erased_context), TypeKind::kAny) || w.types.is(proper(w, erased_context), TypeKind::kNone)) return callee;
  Constraints constraints = inferConstraints(w, ret, erased_context, Direction::kSubtypeOf);
  std::vector<TypeId> solution = solveConstraints(w, variables, constraints, true, false);
  std::vector<TypeId> applied;
  for (size_t i = 0; i < variables.size(); ++i) {
    TypeId type = solution[i];
    bool unusable = !type.valid() || w.types[type].has(kHasErased) || w.types.is(type, TypeKind::kAny) || w.types.is(type, TypeKind::kNever);
    if (type.valid() && w.types[type].has(kHasAny) && w.types.is(type, TypeKind::kInstance) == false && w.types.is(type, TypeKind::kAny)) unusable = true;
    // Only what a variable may be is of use.
    if (!unusable && w.type_vars[variables[i]].kind == TypeVarKind::kTypeVar) {
      std::vector<TypeId> values = valuesOf(w, variables[i]);
      if (!values.empty()) {
        TypeId chosen;
        for (TypeId value : values) {
          if (isSubtype(w, type, value) && !chosen.valid()) chosen = value;
        }
        if (!chosen.valid()) unusable = true;
        else type = chosen;
      } else if (!isSubtype(w, type, eraseTypeVars(w, upperBound(w, variables[i]), nullptr, w.types.any()))) {
        unusable = true;
      }
    }
    applied.push_back(unusable ? w.types.erased() : type);
  }
  // Erased variables stay open: put the known ones in only.
  std::vector<TypeId> known;
  for (TypeId type : applied) known.push_back(w.types.is(type, TypeKind::kErased) ? TypeId::none() : type);
  return applyArguments(w, callee, known);
}

static Constraints argumentConstraints(Checker& c, TypeId callee, const CallSite& site, const std::vector<TypeId>& types,
                                       const std::vector<std::vector<size_t>>& map, const std::vector<bool>& skipped) {
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
      std::vector<TypeId> items;
      bool open = false;
      for (size_t ai : map[i]) {
        open = open || skipped[ai];
        TypeId actual = proper(w, types[ai]);
        if (site.args[ai].kind != ArgKind::kStar) {
          items.push_back(types[ai]);
        } else if (w.types.is(actual, TypeKind::kTuple)) {
          items.insert(items.end(), w.types[actual].args().begin(), w.types[actual].args().end());
        } else {
          TypeId item = expandActual(c, expander, types[ai], ArgKind::kStar, NameId::none(), kind);
          items.push_back(w.types.unpack(builtinType(w, "tuple", item)));
        }
      }
      if (open) continue;
      TypeId inner = proper(w, w.types[formal].items[0]);
      TypeId actual = w.types.tuple(items, builtinType(w, "tuple"));
      if (isTypeVarTuple(w, inner)) {
        constraints.push_back({TypeVarId(w.types[inner].ref), Direction::kSupertypeOf, actual});
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
        if (arg.kind == ArgKind::kNamed) spec_args.add(arg.name, ParamKind::kNamed, actual);
        continue;
      }
      if (w.types.is(actual, TypeKind::kCallable) && false) continue;
      Constraints more = inferConstraints(w, formal, actual, Direction::kSupertypeOf);
      constraints.insert(constraints.end(), more.begin(), more.end());
    }
  }
  if (spec.valid() && !spec_args.params.empty() && !spec_incomplete) {
    bool known = false;
    for (const Constraint& constraint : constraints) known = known || constraint.variable == TypeVarId(w.types[spec].ref);
    if (!known) {
      spec_args.set(kImpreciseArgs);
      constraints.push_back({TypeVarId(w.types[spec].ref), Direction::kSupertypeOf, w.types.parameters(spec_args)});
    }
  }
  return constraints;
}

// Does the argument wait for the second pass: a lambda, or a generic function?
static bool waits(Checker& c, const Arg& arg, TypeId formal, TypeId actual) {
  World& w = c.w;
  TypeId wanted = proper(w, formal);
  bool callable = w.types.is(wanted, TypeKind::kCallable) ||
                  (w.types.is(wanted, TypeKind::kInstance) && w.header(w.types[wanted].cls()).has(kClassProtocol));
  if (w.types.is(wanted, TypeKind::kUnion)) {
    for (TypeId item : w.types[wanted].args()) callable = callable || w.types.is(proper(w, item), TypeKind::kCallable);
  }
  if (!callable || !w.types[formal].has(kHasTypeVars)) return false;
  if (arg.node.valid() && c.ast->is(arg.node, NodeKind::kLambda)) return true;
  TypeId plain = proper(w, actual);
  if (w.types.is(plain, TypeKind::kCallable)) return w.types.callable(plain).isGeneric();
  return w.types.is(plain, TypeKind::kOverloaded);
}

static std::string ordinal(size_t) { return ""; }

// Applies a solution; reports what a variable cannot be.
static TypeId apply(Checker& c, TypeId callee, const std::vector<TypeVarId>& variables, std::vector<TypeId> solution, NodeId node) {
  World& w = c.w;
  CallableView view = w.types.callable(callee);
  std::string name = view.shape->name.valid() ? callableName(w, callee) : "function";
  if (!view.shape->name.valid()) name = "function";
  Substitution map;
  for (size_t i = 0; i < variables.size(); ++i) map.add(variables[i], solution[i]);
  for (size_t i = 0; i < variables.size(); ++i) {
    if (!solution[i].valid() || w.type_vars[variables[i]].kind != TypeVarKind::kTypeVar) continue;
    TypeId type = proper(w, solution[i]);
    std::vector<TypeId> values = valuesOf(w, variables[i]);
    if (!values.empty()) {
      if (w.types.is(type, TypeKind::kAny)) continue;
      if (w.types.is(type, TypeKind::kTypeVar) && !valuesOf(w, TypeVarId(w.types[type].ref)).empty()) {
        bool all = true;
        for (TypeId own : valuesOf(w, TypeVarId(w.types[type].ref))) {
          bool found = false;
          for (TypeId value : values) found = found || isSameType(w, own, value);
          all = all && found;
        }
        if (all) continue;
      }
      TypeId chosen;
      for (TypeId value : values) {
        if (isSubtype(w, type, value) && (!chosen.valid() || isSubtype(w, value, chosen))) chosen = value;
      }
      if (chosen.valid()) {
        solution[i] = chosen;
        continue;
      }
      fail(c, node, Code::kTypeVar,
           "Value of type variable \"" + std::string(w.text(w.type_vars[variables[i]].name)) + "\" of " + name + " cannot be " + formatType(w, type));
      continue;
    }
    TypeId bound = substitute(w, upperBound(w, variables[i]), map);
    if (!isSubtype(w, type, bound)) {
      fail(c, node, Code::kTypeVar,
           "Value of type variable \"" + std::string(w.text(w.type_vars[variables[i]].name)) + "\" of " + name + " cannot be " + formatType(w, type));
    }
  }
  return applyArguments(w, callee, solution);
}

TypeId inferTypeArguments(Checker& c, TypeId callee, CallSite& site, std::vector<TypeId>& types, const std::vector<std::vector<size_t>>& map) {
  World& w = c.w;
  std::vector<TypeVarId> variables = variablesOf(w, callee);
  CallableView view = w.types.callable(callee);
  std::vector<bool> second(site.args.size());
  bool any_second = false;
  for (size_t i = 0; i < map.size(); ++i) {
    for (size_t ai : map[i]) {
      if (waits(c, site.args[ai], view.types()[i], types[ai])) {
        second[ai] = true;
        any_second = true;
      }
    }
  }
  Constraints constraints = argumentConstraints(c, callee, site, types, map, second);
  if (any_second) {
    std::vector<TypeId> first = solveConstraints(w, variables, constraints, true, false);
    // The others are inferred again with what the first pass knows.
    std::vector<TypeId> known;
    for (TypeId type : first) known.push_back(type.valid() && w.types[type].has(kHasErased) ? TypeId::none() : type);
    Substitution substitution;
    for (size_t i = 0; i < variables.size(); ++i) {
      if (known[i].valid()) {
        substitution.add(variables[i], known[i]);
      } else if (w.type_vars[variables[i]].kind == TypeVarKind::kTypeVar) {
        substitution.add(variables[i], w.types.erased());
      }
    }
    for (size_t i = 0; i < map.size(); ++i) {
      for (size_t ai : map[i]) {
        if (!second[ai] || !site.args[ai].node.valid() || site.args[ai].kind != ArgKind::kPos) {
          if (!second[ai] || !site.args[ai].node.valid() || site.args[ai].kind != ArgKind::kNamed) continue;
        }
        TypeId context = substitute(w, view.types()[i], substitution);
        types[ai] = inferExpr(c, site.args[ai].node, context);
      }
    }
    std::vector<bool> none(site.args.size());
    constraints = argumentConstraints(c, callee, site, types, map, none);
  }
  std::vector<TypeId> solution = solveConstraints(w, variables, constraints, true, true);
  for (size_t i = 0; i < variables.size(); ++i) {
    if (solution[i].valid()) {
      // A literal stays one only where the result wants it: the variable is not a literal by itself.
      bool in_ret = mentions(w, view.ret(), variables[i]);
      if (!in_ret || true) {
        TypeId plain = proper(w, solution[i]);
        if (w.types.is(plain, TypeKind::kInstance) && w.types[plain].extra.valid() && w.type_vars[variables[i]].kind == TypeVarKind::kTypeVar) {
          solution[i] = solution[i];
        }
      }
      continue;
    }
    // The constraints contradict each other.
    std::string name = callableName(w, callee);
    if (!name.empty()) {
      fail(c, site.node, Code::kMisc, "Cannot infer value of type parameter \"" + std::string(w.text(w.type_vars[variables[i]].name)) + "\" of " + name);
    } else {
      fail(c, site.node, Code::kMisc, "Cannot infer function type argument");
    }
    (void)ordinal;
    for (TypeId& type : solution) type = w.types.any();
    break;
  }
  return apply(c, callee, variables, solution, site.node);
}

}  // namespace krait::infer
