// When one callable can stand for another: parameters contravariant, result covariant, names and kinds matched up.
// The phases are those of mypy's are_parameters_compatible; `trivial` parameters are `*args: Any, **kwargs: Any`.
#include "checker/relations/relations.h"

namespace krait::relations {

static FormalArgument formal(World& w, TypeId callable, uint32_t index) {
  CallableView view = w.types.callable(callable);
  const ParamShape& param = view.params()[index];
  FormalArgument argument;
  argument.name = isStar(param.kind) ? NameId::none() : param.name;
  argument.position = isNamed(param.kind) || param.kind == ParamKind::kStar2 ? -1 : static_cast<int32_t>(index);
  argument.type = view.types()[index];
  argument.required = isRequired(param.kind);
  argument.exists = true;
  return argument;
}

static FormalArgument starArgument(World& w, TypeId callable, ParamKind kind) {
  CallableView view = w.types.callable(callable);
  for (uint32_t i = 0; i < view.paramCount(); ++i) {
    if (view.params()[i].kind != kind) continue;
    FormalArgument argument;
    argument.position = static_cast<int32_t>(i);
    argument.type = view.types()[i];
    argument.exists = true;
    return argument;
  }
  return {};
}

FormalArgument varArgument(World& w, TypeId callable) { return starArgument(w, callable, ParamKind::kStar); }
FormalArgument keywordArgument(World& w, TypeId callable) { return starArgument(w, callable, ParamKind::kStar2); }

static FormalArgument fromVarArg(World& w, TypeId callable, int32_t position) {
  FormalArgument star = varArgument(w, callable);
  if (!star.exists) return {};
  return {NameId::none(), position, star.type, false, true};
}
static FormalArgument fromKwArg(World& w, TypeId callable, NameId name) {
  FormalArgument star = keywordArgument(w, callable);
  if (!star.exists) return {};
  return {name, -1, star.type, false, true};
}

FormalArgument argumentByName(World& w, TypeId callable, NameId name) {
  if (!name.valid()) return {};
  CallableView view = w.types.callable(callable);
  bool seen_star = false;
  for (uint32_t i = 0; i < view.paramCount(); ++i) {
    const ParamShape& param = view.params()[i];
    seen_star = seen_star || param.kind == ParamKind::kStar;
    if (isStar(param.kind) || param.name != name) continue;
    FormalArgument argument = formal(w, callable, i);
    if (seen_star) argument.position = -1;
    return argument;
  }
  return fromKwArg(w, callable, name);
}

FormalArgument argumentByPosition(World& w, TypeId callable, int32_t position) {
  if (position < 0) return {};
  CallableView view = w.types.callable(callable);
  if (static_cast<uint32_t>(position) >= view.paramCount()) return fromVarArg(w, callable, position);
  ParamKind kind = view.params()[static_cast<uint32_t>(position)].kind;
  if (isPositional(kind)) return formal(w, callable, static_cast<uint32_t>(position));
  return fromVarArg(w, callable, position);
}

std::vector<FormalArgument> formalArguments(World& w, TypeId callable) {
  CallableView view = w.types.callable(callable);
  std::vector<FormalArgument> result;
  bool done_positional = false;
  for (uint32_t i = 0; i < view.paramCount(); ++i) {
    ParamKind kind = view.params()[i].kind;
    if (isNamed(kind) || isStar(kind)) done_positional = true;
    if (isStar(kind)) continue;
    FormalArgument argument = formal(w, callable, i);
    if (done_positional) argument.position = -1;
    result.push_back(argument);
  }
  return result;
}

FormalArgument correspondingArgument(World& w, TypeId callable, const FormalArgument& model) {
  FormalArgument by_name = argumentByName(w, callable, model.name);
  FormalArgument by_position = argumentByPosition(w, callable, model.position);
  if (by_name.exists && by_position.exists) {
    if (by_name == by_position) return by_name;
    if (!by_name.required && !by_position.required && !by_position.name.valid() && by_name.position < 0) {
      return {by_name.name, by_position.position, meet(w, by_name.type, by_position.type), false, true};
    }
  }
  return by_name.exists ? by_name : by_position;
}

TypeId withUnpackedKwargs(World& w, TypeId callable) {
  if (!w.types.callable(callable).has(kUnpackKwargs)) return callable;
  CallableParts parts = w.types.parts(callable);
  TypeId last = proper(w, parts.types.back());
  if (!w.types.is(last, TypeKind::kTypedDict)) return callable;
  parts.params.pop_back();
  parts.types.pop_back();
  for (const TypedDictItem& item : w.types.typedDictItems(last)) {
    parts.add(item.name, item.required ? ParamKind::kNamed : ParamKind::kNamedOpt, item.type);
  }
  if (TypeId extra = w.types.typedDictExtra(last); extra.valid()) parts.add(NameId::none(), ParamKind::kStar2, extra);
  parts.clear(kUnpackKwargs);
  return w.types.kind(callable) == TypeKind::kCallable ? w.types.callable(parts) : w.types.parameters(parts);
}

TypeId withNormalizedVarArgs(World& w, TypeId callable) {
  FormalArgument star = varArgument(w, callable);
  if (!star.exists || !w.types.is(star.type, TypeKind::kUnpack)) return callable;
  TypeId inner = proper(w, w.types[star.type].items[0]);
  CallableParts parts = w.types.parts(callable);
  auto at = static_cast<size_t>(star.position);
  CallableParts result = parts;
  result.params.clear();
  result.types.clear();
  for (size_t i = 0; i < parts.params.size(); ++i) {
    if (i != at) {
      result.add(parts.params[i].name, parts.params[i].kind, parts.types[i]);
      continue;
    }
    if (isNamed(w, inner, "builtins.tuple")) {
      result.add(parts.params[i].name, ParamKind::kStar, w.types[inner].items[0]);
    } else if (w.types.is(inner, TypeKind::kTuple)) {
      std::span<const TypeId> items = w.types[inner].args();
      size_t fixed = 0;
      while (fixed < items.size() && !w.types.is(items[fixed], TypeKind::kUnpack)) {
        result.add(NameId::none(), ParamKind::kPos, items[fixed++]);
      }
      if (fixed < items.size()) {
        std::vector<TypeId> rest(items.begin() + static_cast<ptrdiff_t>(fixed), items.end());
        TypeId rest_type = rest.size() == 1 ? rest[0] : w.types.unpack(w.types.tuple(rest, builtinType(w, "tuple")));
        TypeId only = rest.size() == 1 ? proper(w, w.types[rest[0]].items[0]) : TypeId::none();
        if (only.valid() && isNamed(w, only, "builtins.tuple")) rest_type = w.types[only].items[0];
        result.add(parts.params[i].name, ParamKind::kStar, rest_type);
      }
    } else {
      result.add(parts.params[i].name, ParamKind::kStar, parts.types[i]);
    }
  }
  return w.types.kind(callable) == TypeKind::kCallable ? w.types.callable(result) : w.types.parameters(result);
}

namespace {

struct Comparer {
  World& w;
  TypeId left, right;
  const CallableOptions& o;
  bool ignore_names;

  bool compat(TypeId a, TypeId b) {
    if (o.check_args_covariantly) std::swap(a, b);
    return o.compat != nullptr ? o.compat(w, a, b, o.base) : isSubtype(w, a, b, o.base);
  }
  bool argumentsCompatible(const FormalArgument& l, const FormalArgument& r, bool imprecise);
  // Are names that a Concatenate leaves open compared?
  bool isStrict() const {
    return o.base.strict_concatenate || !(w.types.callable(left).has(kFromConcatenate) || w.types.callable(right).has(kFromConcatenate));
  }
  bool checkStars(bool trivial_suffix);
  bool checkVarArgs();
  bool checkKeywords();
  bool checkRestrictions();
  bool run();
};

}  // namespace

bool Comparer::argumentsCompatible(const FormalArgument& l, const FormalArgument& r, bool imprecise) {
  bool partial = o.allow_partial_overlap && !(l.required && r.required);
  if (r.name.valid() && !(partial && !l.name.valid()) && l.name != r.name) {
    if (!ignore_names || r.position < 0) return false;
  }
  if (r.position >= 0 && !(partial && l.position < 0) && l.position != r.position && !imprecise) return false;
  if (!partial && !r.required && l.required) return false;
  if (partial && !l.required && !r.required) return true;
  return compat(r.type, l.type);
}

bool Comparer::checkStars(bool trivial_suffix) {
  const ParamKind kinds[] = {ParamKind::kStar, ParamKind::kStar2};
  for (ParamKind kind : kinds) {
    FormalArgument l = starArgument(w, left, kind);
    FormalArgument r = starArgument(w, right, kind);
    if (!r.exists) continue;
    if (!l.exists) {
      if (!o.allow_partial_overlap && !trivial_suffix) return false;
      continue;
    }
    TypeId left_type = l.type;
    TypeId right_type = r.type;
    if (w.types.is(left_type, TypeKind::kUnpack) != w.types.is(right_type, TypeKind::kUnpack)) {
      if (w.types.is(left_type, TypeKind::kUnpack) && !w.types.is(proper(w, right_type), TypeKind::kAny)) return false;
      if (w.types.is(right_type, TypeKind::kUnpack)) {
        TypeId bound = proper(w, w.types[right_type].items[0]);
        if (isTypeVarTuple(w, bound)) bound = proper(w, upperBound(w, TypeVarId(w.types[bound].ref)));
        right_type = isNamed(w, bound, "builtins.tuple") ? w.types[bound].items[0] : objectType(w);
      }
    }
    if (!compat(right_type, left_type)) return false;
  }
  return true;
}

bool Comparer::checkVarArgs() {
  FormalArgument star = varArgument(w, right);
  if (!star.exists) return true;
  CallableView view = w.types.callable(left);
  FormalArgument by_position{NameId::none(), -1, star.type, false, true};
  for (auto i = static_cast<uint32_t>(star.position); i < view.paramCount() && isPositional(view.params()[i].kind); ++i) {
    if (o.allow_partial_overlap && view.params()[i].kind == ParamKind::kOpt) break;
    FormalArgument l = argumentByPosition(w, left, static_cast<int32_t>(i));
    if (!argumentsCompatible(l, by_position, false)) return false;
  }
  return true;
}

bool Comparer::checkKeywords() {
  FormalArgument star = keywordArgument(w, right);
  if (!star.exists) return true;
  if (!isStrict()) return true;
  FormalArgument by_name{NameId::none(), -1, star.type, false, true};
  for (const ParamShape& param : w.types.callable(left).params()) {
    if (!param.name.valid() || isStar(param.kind)) continue;
    bool in_right = false;
    for (const ParamShape& other : w.types.callable(right).params()) in_right = in_right || other.name == param.name;
    if (in_right) continue;
    FormalArgument l = argumentByName(w, left, param.name);
    if (o.allow_partial_overlap && !l.required) continue;
    if (!argumentsCompatible(l, by_name, false)) return false;
  }
  return true;
}

bool Comparer::checkRestrictions() {
  CallableView right_view = w.types.callable(right);
  bool strict = isStrict();
  for (const FormalArgument& l : formalArguments(w, left)) {
    FormalArgument by_name = argumentByName(w, right, l.name);
    FormalArgument by_position = argumentByPosition(w, right, l.position);
    if (by_name.exists && by_position.exists && by_name != by_position && (by_name.required || by_position.required) &&
        strict && !right_view.has(kImpreciseArgs)) {
      return false;
    }
    if (l.required && !by_position.exists && !by_name.exists) return false;
  }
  return true;
}

static bool isAnyType(World& w, TypeId type) { return w.types.is(proper(w, type), TypeKind::kAny); }

// Are the last parameters `*args: Any, **kwargs: Any`?
static bool endsTrivially(World& w, TypeId callable) {
  FormalArgument star = varArgument(w, callable);
  FormalArgument star2 = keywordArgument(w, callable);
  if (!star.exists || !star2.exists || !isAnyType(w, star.type) || !isAnyType(w, star2.type)) return false;
  if (follows(w.options, Divergence::kGradualSignature)) {
    // An Any that a type variable stood for is as good as any other type.
    auto isWritten = [&](TypeId type) { return static_cast<AnyKind>(w.types[proper(w, type)].sub) != AnyKind::kFromAnotherAny; };
    return isWritten(star.type) || isWritten(star2.type);
  }
  CallableView view = w.types.callable(callable);
  return view.paramCount() >= 2 && view.params()[view.paramCount() - 2].kind == ParamKind::kStar;
}

bool Comparer::run() {
  CallableView r = w.types.callable(right);
  bool proper_check = o.base.proper;
  if (r.has(kEllipsisArgs) && !proper_check) return true;
  bool trivial = endsTrivially(w, right);
  if (trivial && r.paramCount() == 2 && !proper_check) return true;
  bool trivial_suffix = trivial && !proper_check;
  bool trivial_varargs = false;
  if (!proper_check && r.paramCount() > 0 && r.params().back().kind == ParamKind::kStar && isAnyType(w, r.types().back())) {
    trivial_varargs = true;
    for (const ParamShape& param : w.types.callable(left).params()) {
      trivial_varargs = trivial_varargs && (isPositional(param.kind) || param.kind == ParamKind::kStar);
    }
  }
  if (!checkStars(trivial_suffix || trivial_varargs)) return false;
  bool imprecise = r.has(kImpreciseArgs);
  for (const FormalArgument& wanted : formalArguments(w, right)) {
    FormalArgument l = correspondingArgument(w, left, wanted);
    if (!l.exists) {
      if (o.allow_partial_overlap && !wanted.required) continue;
      return false;
    }
    if (!argumentsCompatible(l, wanted, imprecise)) return false;
  }
  if (!trivial_suffix && !trivial_varargs && !checkVarArgs()) return false;
  if (!trivial_suffix && !checkKeywords()) return false;
  if (trivial_suffix || trivial_varargs) return true;
  return checkRestrictions();
}

bool areParametersCompatible(World& w, TypeId left, TypeId right, const CallableOptions& options) {
  return Comparer{w, left, right, options, options.base.ignore_positional_names}.run();
}

bool isCallableCompatible(World& w, TypeId left, TypeId right, const CallableOptions& options) {
  if (w.types.callable(right).has(kUnpackKwargs) && !keywordArgument(w, left).exists && !w.types.callable(left).has(kEllipsisArgs) &&
      follows(w.options, Divergence::kUnpackedKwargsOpen)) {
    TypeId dict = proper(w, w.types.callable(right).types().back());
    if (w.types.is(dict, TypeKind::kTypedDict) && !w.types.typedDictShape(dict).is_closed) return false;
  }
  left = withNormalizedVarArgs(w, withUnpackedKwargs(w, left));
  right = withNormalizedVarArgs(w, withUnpackedKwargs(w, right));
  CallableView l = w.types.callable(left);
  CallableView r = w.types.callable(right);
  bool ignore_names = options.base.ignore_positional_names || l.has(kImplicit) || r.has(kImplicit);
  if (r.isTypeObject() && !l.isTypeObject() && !options.allow_partial_overlap) return false;
  if (l.isGeneric() && w.hooks.unify_callable != nullptr) {
    left = w.hooks.unify_callable(w, left, right, options.ignore_return);
    if (!left.valid()) return false;
    l = w.types.callable(left);
  }
  if (!options.ignore_return) {
    bool fits = options.compat_return != nullptr ? options.compat_return(w, l.ret(), r.ret(), options.base)
                : options.compat != nullptr      ? options.compat(w, l.ret(), r.ret(), options.base)
                                                 : isSubtype(w, l.ret(), r.ret(), options.base);
    if (!fits) return false;
  }
  return Comparer{w, left, right, options, ignore_names}.run();
}

}  // namespace krait::relations
