// Generic calls: solving a callable's type variables, first by the type that the context expects, then by the
// arguments in two passes (those that are lambdas or generic callables come last). Follows mypy's
// infer_function_type_arguments and applytype.py.
#include "checker/infer/forms.h"
#include "checker/infer/member.h"
#include "checker/infer/messages.h"
#include "checker/solve/constraints.h"

namespace krait::infer {

using solve::Constraint;
using solve::Constraints;
using solve::Direction;

static std::vector<TypeVarId> variablesOf(World& w, TypeId callee) {
  std::vector<TypeVarId> variables;
  for (TypeId var : w.types.callable(callee).vars()) variables.push_back(TypeVarId(w.types[var].ref));
  return variables;
}

bool hasUninhabited(World& w, TypeId type) {
  type = proper(w, type);
  return w.types[type].has(kHasNever);
}

bool hasAnyInside(World& w, TypeId type) { return w.types[type].has(kHasAny); }

// The type to put in for a variable; none: it does not satisfy the bound (reported unless skipping).
static TypeId targetType(Context& c, TypeVarId variable, TypeId type, TypeId callee, NodeId at, bool skip) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  TypeVarInfo& info = w.type_vars[variable];
  TypeId default_type = defaultOf(w, variable);
  if (w.types.is(plain, TypeKind::kNever) && default_type.valid()) return default_type;
  if (info.kind != TypeVarKind::kTypeVar) return type;
  std::vector<TypeId> values = valuesOf(w, variable);
  auto report = [&] {
    std::string name = callableName(w, callee);
    fail(c, at, Code::kTypeVar, "Value of type variable \"" + std::string(w.text(info.name)) + "\" of " +
                                    (name.empty() ? "function" : name) + " cannot be " + formatType(w, type));
  };
  if (!values.empty()) {
    if (isAny(w, plain)) return type;
    if (isPlainTypeVar(w, plain)) {
      std::vector<TypeId> other = valuesOf(w, TypeVarId(w.types[plain].ref));
      bool all = !other.empty();
      for (TypeId value : other) {
        bool found = false;
        for (TypeId own : values) found = found || isSameType(w, own, value);
        all = all && found;
      }
      if (all) return type;
    }
    TypeId best;
    for (TypeId value : values) {
      if (isSubtype(w, type, value) && (!best.valid() || isSubtype(w, value, best))) best = value;
    }
    if (best.valid()) return best;
    if (skip) return TypeId::none();
    report();
    return type;
  }
  TypeId bound = upperBound(w, variable);
  if (info.is_self) bound = eraseTypeVars(w, bound, nullptr, w.types.any(AnyKind::kSpecialForm));
  if (isSubtype(w, type, bound)) return type;
  if (skip) return TypeId::none();
  report();
  return type;
}

TypeId applyGenericArguments(Context& c, TypeId callee, const std::vector<TypeId>& types, NodeId at, bool skip) {
  World& w = c.w;
  std::vector<TypeVarId> variables = variablesOf(w, callee);
  std::vector<TypeId> chosen(variables.size());
  Substitution known;
  for (size_t i = 0; i < variables.size() && i < types.size(); ++i) {
    if (!types[i].valid()) continue;
    chosen[i] = targetType(c, variables[i], types[i], callee, at, skip);
    if (chosen[i].valid()) chosen[i] = substitute(w, chosen[i], known);
    if (chosen[i].valid()) known.add(variables[i], chosen[i]);
  }
  return solve::applyArguments(w, callee, chosen);
}

static bool isGenericInstance(World& w, TypeId type) {
  type = proper(w, type);
  return w.types.is(type, TypeKind::kInstance) && w.types[type].count > 0;
}

static bool isLiteralContext(World& w, TypeId type) {
  type = proper(w, type);
  if (w.types.is(type, TypeKind::kLiteral)) return true;
  if (w.types.is(type, TypeKind::kUnion)) {
    for (TypeId item : unionItems(w, type)) {
      if (isLiteralContext(w, item)) return true;
    }
  }
  return false;
}

struct ErasedMeta {
  static TypeId map(World& w, TypeId type, void*) {
    const Type& record = w.types[type];
    if (!record.has(kHasMetaVars)) return type;
    return record.kind == TypeKind::kTypeVar ? w.types.erased() : TypeId::none();
  }
};

TypeId inferByReturnContext(Context& c, TypeId callee, NodeId at) {
  World& w = c.w;
  TypeId expected = currentExpected(c);
  if (!expected.valid()) return callee;
  TypeId wanted = mapTypes(w, expected, &ErasedMeta::map, nullptr);
  TypeId ret = w.types.callable(callee).ret();
  if (containsNone(w, ret) && containsNone(w, wanted)) {
    TypeId rest = removeOptional(w, ret);
    if (isPlainTypeVar(w, proper(w, rest))) ret = rest;
  }
  ret = proper(w, ret);
  if (w.types.is(ret, TypeKind::kUnion)) ret = proper(w, simplifiedUnion(w, unionItems(w, ret)));
  if (isPlainTypeVar(w, ret) && !isGenericInstance(w, expected) && !isLiteralContext(w, expected)) return callee;
  std::vector<TypeVarId> variables = variablesOf(w, callee);
  Constraints constraints = solve::inferConstraints(w, ret, wanted, Direction::kSubtypeOf);
  std::vector<TypeId> solved = solve::solveConstraints(w, variables, constraints, true, false);
  for (TypeId& type : solved) {
    if (type.valid() && (hasUninhabited(w, type) || w.types[type].has(kHasErased))) type = TypeId::none();
  }
  return applyGenericArguments(c, callee, solved, at, true);
}

// Does a callable with type variables occur in the type? Its argument is left for the second pass.
static bool needsSecondPass(World& w, TypeId type) {
  const Type& record = w.types[type];
  if (!record.has(kHasTypeVars)) return false;
  if (record.kind == TypeKind::kCallable) return true;
  if (record.kind == TypeKind::kTypeVar) return false;
  for (TypeId arg : record.args()) {
    if (needsSecondPass(w, arg)) return true;
  }
  return false;
}

static std::vector<bool> secondPassArguments(Context& c, TypeId callee, const std::vector<Argument>& args,
                                             const std::vector<TypeId>& arg_types, const ArgumentMap& map) {
  World& w = c.w;
  std::vector<bool> later(args.size());
  for (size_t i = 0; i < map.formals.size(); ++i) {
    TypeId formal = proper(w, w.types.callable(callee).types()[i]);
    bool skip = false;
    if (w.types.is(formal, TypeKind::kCallable) && paramSpecOf(w, formal).valid()) {
      for (uint32_t actual : map.formals[i]) {
        TypeId given = proper(w, arg_types[actual]);
        bool is_lambda = args[actual].node.valid() && !args[actual].type.valid() &&
                         c.ast->is(args[actual].node, syntax::NodeKind::kLambda);
        if (w.types.is(given, TypeKind::kCallable) && !w.types.callable(given).isGeneric() && !is_lambda) skip = true;
      }
    }
    if (skip || !needsSecondPass(w, formal)) continue;
    for (uint32_t actual : map.formals[i]) later[actual] = true;
  }
  return later;
}

static void variadicConstraints(Context& c, TypeId unpack, const std::vector<uint32_t>& actuals, const std::vector<TypeId>& arg_types,
                                const std::vector<Argument>& args, ArgumentExpander& expander, Constraints& constraints,
                                ParamShape param) {
  World& w = c.w;
  TypeId inner = proper(w, w.types[unpack].items[0]);
  std::vector<TypeId> items;
  std::vector<uint32_t> expanded_tuples;
  for (uint32_t actual : actuals) {
    if (!arg_types[actual].valid()) continue;
    TypeId type = proper(w, arg_types[actual]);
    if (args[actual].kind == ArgKind::kStar && w.types.is(type, TypeKind::kTuple)) {
      bool seen = false;
      for (uint32_t other : expanded_tuples) seen = seen || other == actual;
      if (seen) continue;
      expanded_tuples.push_back(actual);
      for (TypeId item : w.types[type].args()) items.push_back(item);
      continue;
    }
    TypeId expanded = expander.expand(arg_types[actual], args[actual].kind, param.name, param.kind);
    if (args[actual].kind == ArgKind::kStar) {
      items.push_back(w.types.unpack(isTypeVarTuple(w, type) ? type : builtinType(w, "tuple", expanded)));
    } else {
      items.push_back(expanded);
    }
  }
  TypeId tuple = w.types.tuple(items, builtinType(w, "tuple", objectType(w)));
  if (isTypeVarTuple(w, inner)) {
    constraints.push_back({TypeVarId(w.types[inner].ref), Direction::kSupertypeOf, tuple});
  } else {
    Constraints more = solve::inferConstraints(w, inner, tuple, Direction::kSupertypeOf);
    constraints.insert(constraints.end(), more.begin(), more.end());
  }
}

static Constraints callConstraints(Context& c, TypeId callee, const std::vector<Argument>& args,
                                   const std::vector<TypeId>& arg_types, const ArgumentMap& map) {
  World& w = c.w;
  Constraints constraints;
  ArgumentExpander expander(c);
  TypeId spec = paramSpecOf(w, callee);
  CallableParts spec_parts;
  bool incomplete = false;
  CallableParts parts = w.types.parts(callee);
  for (size_t i = 0; i < map.formals.size(); ++i) {
    for (uint32_t actual : map.formals[i]) {
      if (!arg_types[actual].valid() && isStar(parts.params[i].kind)) incomplete = true;
    }
  }
  for (size_t i = 0; i < map.formals.size(); ++i) {
    if (w.types.is(parts.types[i], TypeKind::kUnpack)) {
      variadicConstraints(c, parts.types[i], map.formals[i], arg_types, args, expander, constraints, parts.params[i]);
      continue;
    }
    for (uint32_t actual : map.formals[i]) {
      if (!arg_types[actual].valid()) continue;
      if (spec.valid() && isStar(parts.params[i].kind)) {
        if (incomplete) continue;
        ArgKind kind = args[actual].kind;
        TypeId type = expander.expand(arg_types[actual], kind, NameId::none(), ParamKind::kPos);
        ParamKind made = kind == ArgKind::kNamed ? ParamKind::kNamed : kind == ArgKind::kStar2 ? ParamKind::kStar2 : ParamKind::kPos;
        spec_parts.add(kind == ArgKind::kNamed ? args[actual].name : NameId::none(), made, type);
        continue;
      }
      TypeId type = expander.expand(arg_types[actual], args[actual].kind, parts.params[i].name, parts.params[i].kind);
      Constraints more = solve::inferConstraints(w, parts.types[i], type, Direction::kSupertypeOf);
      constraints.insert(constraints.end(), more.begin(), more.end());
    }
  }
  if (spec.valid() && !incomplete) {
    TypeVarId variable(w.types[spec].ref);
    bool known = false;
    for (const Constraint& constraint : constraints) known = known || constraint.variable == variable;
    if (!known) constraints.push_back({variable, Direction::kSupertypeOf, w.types.parameters(spec_parts)});
  }
  return constraints;
}

static std::vector<TypeId> solveCall(Context& c, TypeId callee, const std::vector<Argument>& args,
                                     const std::vector<TypeId>& arg_types, const ArgumentMap& map) {
  std::vector<TypeVarId> variables = variablesOf(c.w, callee);
  return solve::solveConstraints(c.w, variables, callConstraints(c, callee, args, arg_types, map), true, true);
}

static bool needsMapAgain(World& w, TypeId callee) {
  for (TypeId var : w.types.callable(callee).vars()) {
    if (!isPlainTypeVar(w, var)) return true;
  }
  return false;
}

static void couldNotInfer(Context& c, TypeId callee, size_t index, NodeId at) {
  World& w = c.w;
  std::string name = callableName(w, callee);
  if (name.empty()) {
    fail(c, at, Code::kMisc, "Cannot infer function type argument");
    return;
  }
  std::string variable(w.text(typeVarOf(w, w.types.callable(callee).vars()[index]).name));
  fail(c, at, Code::kMisc, "Cannot infer value of type parameter \"" + variable + "\" of " + name);
  if (name == "<dict>") note(c, at, Code::kMisc, "Try assigning the literal to a variable annotated as dict[<key>, <val>]");
}

static TypeId applyInferred(Context& c, TypeId callee, std::vector<TypeId> solved, NodeId at) {
  World& w = c.w;
  for (size_t i = 0; i < solved.size(); ++i) {
    if (solved[i].valid() && !w.types[solved[i]].has(kHasErased)) continue;
    couldNotInfer(c, callee, i, at);
    for (TypeId& type : solved) type = w.types.any(AnyKind::kFromError);
    break;
  }
  return applyGenericArguments(c, callee, solved, at);
}

TypeId inferByArguments(Context& c, TypeId callee, const std::vector<Argument>& args, const ArgumentMap& first_map, NodeId at) {
  World& w = c.w;
  if (c.is_dynamic) {
    std::vector<TypeId> anys(w.types.callable(callee).vars().size(), w.types.any(AnyKind::kUnannotated));
    return applyGenericArguments(c, callee, anys, at);
  }
  ArgumentMap map = first_map;
  std::vector<TypeId> arg_types;
  {
    MessageFilter filter(c);
    arg_types = inferArguments(c, callee, args, map);
  }
  std::vector<bool> later = secondPassArguments(c, callee, args, arg_types, map);
  bool two_passes = false;
  std::vector<TypeId> first = arg_types;
  for (size_t i = 0; i < later.size(); ++i) {
    if (!later[i]) continue;
    two_passes = true;
    first[i] = TypeId::none();
  }
  std::vector<TypeId> solved = solveCall(c, callee, args, first, map);
  if (two_passes) {
    std::vector<TypeId> known = solved;
    for (TypeId& type : known) {
      if (!type.valid()) continue;
      TypeId plain = proper(w, type);
      if (isNone(w, plain) || w.types.is(plain, TypeKind::kNever) || w.types[plain].has(kHasErased)) type = TypeId::none();
      if (w.types.is(plain, TypeKind::kInstance) && isNamed(w, plain, "builtins.tuple") && w.types[plain].count == 1 &&
          w.types.is(w.types[plain].items[0], TypeKind::kNever)) {
        type = TypeId::none();
      }
    }
    bool again = needsMapAgain(w, callee);
    callee = applyGenericArguments(c, callee, known, at);
    if (!w.types.callable(callee).isGeneric()) return callee;
    if (again) map = mapArguments(w, args, callee, arg_types);
    {
      MessageFilter filter(c);
      arg_types = inferArguments(c, callee, args, map);
    }
    solved = solveCall(c, callee, args, arg_types, map);
  }
  return applyInferred(c, callee, std::move(solved), at);
}

}  // namespace krait::infer
