// Definitions of overloads: enough of them, an implementation, no item that hides or contradicts another one, and an
// implementation that takes and gives what each item says. Follows mypy's check_overlapping_overloads.
#include <algorithm>

#include "checker/check/check.h"

namespace krait::check {

// The type of one overload or implementation with its decorators, as a callable; none: not known.
static TypeId signatureOf(Checker& c, FunctionId id) {
  World& w = c.w;
  TypeId type = w.functions[id].has(kFnDecorated) ? w.hooks.infer_decorated(w, id) : declaredSignature(w, id);
  if (!type.valid()) return type;
  type = proper(w, type);
  if (w.types.is(type, TypeKind::kInstance)) {
    TypeId call = findMemberType(w, w.names.__call__, type, type);
    if (call.valid()) type = proper(w, call);
  }
  return w.types.is(type, TypeKind::kCallable) ? type : TypeId::none();
}

static bool countsOverlap(World& w, TypeId a, TypeId b) {
  auto least = [&](TypeId type) {
    size_t count = 0;
    for (const ParamShape& param : w.types.callable(type).params()) count += param.kind == ParamKind::kPos ? 1 : 0;
    return count;
  };
  auto most = [&](TypeId type) {
    size_t count = 0;
    for (const ParamShape& param : w.types.callable(type).params()) {
      if (isStar(param.kind)) return size_t{1} << 30;
      count += isNamed(param.kind) ? 0 : 1;
    }
    return count;
  };
  return std::max(least(a), least(b)) <= std::min(most(a), most(b));
}

static TypeId withVariables(World& w, TypeId callable, const Substitution& map, bool keep_vars) {
  CallableParts parts = w.types.parts(callable);
  std::vector<TypeId> vars = parts.vars;
  parts.vars.clear();
  TypeId made = substitute(w, w.types.callable(parts), map);
  if (!keep_vars) return made;
  parts = w.types.parts(made);
  parts.vars = vars;
  return w.types.callable(parts);
}

static bool isMorePrecise(World& w, TypeId left, TypeId right, const SubtypeOptions&) {
  if (w.types.is(proper(w, right), TypeKind::kAny)) return true;
  return isProperSubtype(w, left, right);
}

// Does `first` take all that `second` takes?
static bool canNeverMatch(World& w, TypeId first, TypeId second) {
  Substitution map;
  for (TypeId var : w.types.callable(first).vars()) {
    TypeVarId variable(w.types[var].ref);
    TypeId type = w.types.any(AnyKind::kSpecialForm);
    if (w.type_vars[variable].kind == TypeVarKind::kTypeVar) {
      std::vector<TypeId> values = valuesOf(w, variable);
      type = values.empty() ? upperBound(w, variable) : simplifiedUnion(w, values);
    }
    map.add(variable, type);
  }
  CallableOptions options;
  options.base.proper = true;
  options.ignore_return = true;
  options.compat = isMorePrecise;
  return isCallableCompatible(w, map.empty() ? first : withVariables(w, first, map, false), second, options);
}

static SubtypeOptions subsetOptions() {
  SubtypeOptions o;
  o.ignore_promotions = true;
  o.always_covariant = true;
  return o;
}
static bool isSubset(World& w, TypeId left, TypeId right) { return isSubtype(w, left, right, subsetOptions()); }
static bool subsetCompat(World& w, TypeId left, TypeId right, const SubtypeOptions&) { return isSubset(w, left, right); }
static bool overlapCompat(World& w, TypeId left, TypeId right, const SubtypeOptions&) {
  return isOverlapping(w, left, right, true, true, true);
}
static bool noSubset(World& w, TypeId left, TypeId right, const SubtypeOptions&) { return !isSubset(w, left, right); }
static bool noSubsetReversed(World& w, TypeId left, TypeId right, const SubtypeOptions&) { return !isSubset(w, right, left); }

// The callable for each choice of values or bounds of its variables and of its class's.
static std::vector<TypeId> variantsOf(World& w, TypeId callable, const std::vector<TypeVarId>& class_vars) {
  Substitution selves;
  std::vector<TypeVarId> variables = class_vars;
  for (TypeId var : w.types.callable(callable).vars()) {
    TypeVarId variable(w.types[var].ref);
    if (w.type_vars[variable].is_self) selves.add(variable, upperBound(w, variable));
    else variables.push_back(variable);
  }
  if (!selves.empty()) callable = withVariables(w, callable, selves, true);
  std::vector<TypeId> result{callable};
  for (TypeVarId variable : variables) {
    std::vector<TypeId> choices = valuesOf(w, variable);
    if (choices.empty()) {
      bool plain = w.type_vars[variable].kind == TypeVarKind::kTypeVar;
      choices.push_back(plain || w.type_vars[variable].kind == TypeVarKind::kTypeVarTuple ? upperBound(w, variable)
                                                                                           : w.types.any(AnyKind::kSpecialForm));
    }
    std::vector<TypeId> next;
    for (TypeId one : result) {
      for (TypeId choice : choices) {
        Substitution map;
        map.add(variable, choice);
        next.push_back(withVariables(w, one, map, true));
      }
    }
    if (next.size() > 256) break;
    result = next;
  }
  for (TypeId& one : result) {
    CallableParts parts = w.types.parts(one);
    parts.vars.clear();
    one = w.types.callable(parts);
  }
  return result;
}

bool isUnsafeOverlap(World& w, TypeId first, TypeId second, const std::vector<TypeVarId>& class_vars, bool partial_only) {
  for (TypeId a : variantsOf(w, first, class_vars)) {
    for (TypeId b : variantsOf(w, second, class_vars)) {
      if (isSubset(w, w.types.callable(a).ret(), w.types.callable(b).ret())) continue;
      CallableOptions options;
      options.compat = overlapCompat;
      options.compat_return = noSubset;
      options.allow_partial_overlap = true;
      bool overlap = isCallableCompatible(w, a, b, options);
      if (!overlap) {
        options.check_args_covariantly = true;
        options.compat_return = noSubsetReversed;
        overlap = isCallableCompatible(w, b, a, options);
      }
      if (!overlap) continue;
      if (!partial_only) return true;
      CallableOptions whole;
      // A second one that takes only what the first takes is never reached with it.
      whole.compat = subsetCompat;
      whole.check_args_covariantly = true;
      whole.ignore_return = true;
      whole.allow_partial_overlap = true;
      if (!isCallableCompatible(w, b, a, whole)) return true;
    }
  }
  return false;
}

static void checkPair(Checker& c, const std::vector<FunctionId>& items, const std::vector<TypeId>& types, size_t i, size_t j,
                      const std::vector<TypeVarId>& class_vars, bool is_descriptor_get) {
  World& w = c.w;
  if (!types[j].valid() || !countsOverlap(w, types[i], types[j])) return;
  if (canNeverMatch(w, types[i], types[j])) {
    fail(c, w.functions[items[j]].node, Code::kOverloadCannotMatch,
         "Overloaded function signature " + std::to_string(j + 1) + " will never be matched: signature " + std::to_string(i + 1) +
             "'s parameter type(s) are the same or broader");
    return;
  }
  if (is_descriptor_get || !isUnsafeOverlap(w, types[i], types[j], class_vars)) return;
  NodeId where = w.functions[items[i]].node;
  fail(c, where, Code::kOverloadOverlap,
       "Overloaded function signatures " + std::to_string(i + 1) + " and " + std::to_string(j + 1) + " overlap with incompatible return types");
  if (j == i + 1 && !isUnsafeOverlap(w, types[j], types[i], class_vars) && !canNeverMatch(w, types[j], types[i])) {
    note(c, where, Code::kOverloadOverlap, "Flipping the order of overloads will fix this error");
  }
}

static bool reversedSubtype(World& w, TypeId left, TypeId right, const SubtypeOptions&) { return isSubtype(w, right, left); }

static void checkImplementation(Checker& c, TypeId impl, TypeId item, size_t index, NodeId where, bool is_method) {
  World& w = c.w;
  CallableOptions both;
  both.compat_return = reversedSubtype;
  if (isCallableCompatible(w, impl, item, both)) return;
  std::string number = std::to_string(index + 1);
  if (w.types.callable(impl).isGeneric()) {
    impl = unifyForImplementation(w, withUnpackedKwargs(w, impl), withUnpackedKwargs(w, item));
    if (!impl.valid()) {
      fail(c, where, Code::kMisc,
           "Overloaded function implementation cannot satisfy signature " + number + " due to inconsistencies in how they use type variables");
      return;
    }
  }
  // self and cls need not agree.
  if (is_method && w.types.callable(item).paramCount() > 0 && w.types.callable(impl).paramCount() > 0) {
    CallableParts parts = w.types.parts(impl);
    parts.types[0] = w.types.callable(item).types()[0];
    impl = w.types.callable(parts);
  }
  CallableOptions arguments;
  arguments.ignore_return = true;
  if (!isCallableCompatible(w, impl, item, arguments)) {
    fail(c, where, Code::kMisc, "Overloaded function implementation does not accept all possible parameters of signature " + number);
  }
  TypeId given = w.types.callable(item).ret(), made = w.types.callable(impl).ret();
  if (!isSubtype(w, given, made) && !isSubtype(w, made, given)) {
    fail(c, where, Code::kMisc, "Overloaded function implementation cannot produce return type of signature " + number);
  }
}

// Where a decorated function begins.
static NodeId startOf(Checker& c, FunctionId id) {
  NodeId node = c.w.functions[id].node;
  NodeList decorators = c.ast->as<syntax::FunctionDef>(node).decorators();
  return decorators.size() > 0 ? decorators[0] : node;
}

// @staticmethod and @classmethod stand on all or none; @final and @override where the method is made (in a stub, at the
// first overload).
static void checkDecorators(Checker& c, const std::vector<FunctionId>& items, FunctionId implementation, NodeId start) {
  World& w = c.w;
  std::vector<FunctionId> all = items;
  if (implementation.valid()) all.push_back(implementation);
  constexpr std::pair<FunctionFlags, const char*> kForms[] = {{kFnStatic, "staticmethod"}, {kFnClass, "classmethod"}};
  for (const auto& form : kForms) {
    size_t count = 0;
    for (FunctionId each : all) count += w.functions[each].has(form.first) ? 1 : 0;
    if (count == 0 || count == all.size()) continue;
    fail(c, start, Code::kMisc, std::string("Overload does not consistently use the \"@") + form.second + "\" decorator on all function signatures.");
  }
  auto placeOf = [&](FunctionId id, std::string_view name) {
    for (NodeId decorator : c.ast->as<syntax::FunctionDef>(w.functions[id].node).decorators()) {
      if (c.ast->text(decorator).ends_with(name)) return decorator;
    }
    return w.functions[id].node;
  };
  bool is_stub = w.modules[c.module].is_stub;
  for (size_t i = 0; i < items.size(); ++i) {
    const FunctionInfo& function = w.functions[items[i]];
    if (function.has(kFnFinal) && implementation.valid()) {
      fail(c, placeOf(items[i], "final"), Code::kMisc, "@final should be applied only to overload implementation");
    } else if (function.has(kFnFinal) && is_stub && i > 0) {
      fail(c, placeOf(items[i], "final"), Code::kMisc, "In a stub file @final must be applied only to the first overload");
    }
    if (!follows(*c.options, Divergence::kOverridePlace) || !function.has(kFnOverride)) continue;
    if (implementation.valid()) {
      fail(c, placeOf(items[i], "override"), Code::kMisc, "@override should be applied only to overload implementation");
    } else if (i > 0) {
      fail(c, placeOf(items[i], "override"), Code::kMisc, "In a stub file @override must be applied only to the first overload");
    }
  }
}

void checkOverloads(Checker& c, SymbolId symbol_id, NodeId) {
  World& w = c.w;
  const Symbol symbol = w.symbols[symbol_id];
  if (symbol.functions.empty()) return;
  readDecorators(w, symbol.functions[0]);
  if (!w.functions[symbol.functions[0]].has(kFnOverload)) return;
  std::vector<FunctionId> items;
  FunctionId implementation;
  size_t abstract = 0;
  bool is_misplaced = false;
  bool is_stub = w.modules[c.module].is_stub;
  for (FunctionId function : symbol.functions) {
    readDecorators(w, function);
    if (w.functions[function].has(kFnOverload)) {
      items.push_back(function);
      abstract += w.functions[function].has(kFnAbstract) ? 1 : 0;
    } else if (is_stub || function != symbol.functions.back()) {
      is_misplaced = true;
      fail(c, startOf(c, function), Code::kMisc, is_stub ? "An implementation for an overloaded function is not allowed in a stub file" : "The implementation for an overloaded function must come last");
    } else {
      implementation = function;
    }
  }
  NodeId start = startOf(c, items[0]);
  bool is_method = symbol.owner.valid();
  bool is_protocol = is_method && w.classes[symbol.owner].has(kClassProtocol);
  if (items.size() == 1) {
    fail(c, start, Code::kMisc, "Single overload definition, multiple required");
  } else if (!implementation.valid() && !is_stub && !is_misplaced && !is_protocol && abstract == 0) {
    fail(c, start, Code::kNoOverloadImpl, "An overloaded function outside a stub file must have an implementation");
  }
  checkDecorators(c, items, implementation, start);
  if (abstract != 0 && abstract != items.size()) {
    fail(c, start, Code::kMisc, "Overloaded method has both abstract and non-abstract variants");
  }
  std::vector<TypeId> types;
  for (FunctionId item : items) types.push_back(signatureOf(c, item));
  std::vector<TypeVarId> class_vars;
  if (is_method) class_vars = w.header(symbol.owner).type_vars;
  bool is_typed = implementation.valid() && declaredSignature(w, implementation).valid() && (!w.functions[implementation].has(kFnUnannotated) || w.functions[implementation].has(kFnDecorated));
  TypeId impl = is_typed ? signatureOf(c, implementation) : TypeId::none();
  bool is_descriptor_get = is_method && w.text(symbol.name) == "__get__";
  for (size_t i = 0; i < types.size(); ++i) {
    if (!types[i].valid()) continue;
    for (size_t j = i + 1; j < types.size(); ++j) checkPair(c, items, types, i, j, class_vars, is_descriptor_get);
    if (impl.valid()) checkImplementation(c, impl, types[i], i, startOf(c, implementation), is_method);
  }
}

}  // namespace krait::check
