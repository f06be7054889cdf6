// Overloaded calls: the first overload that takes the arguments, with unions taken apart where no single overload
// does, and Any where an Any argument leaves the choice open. Follows mypy's check_overload_call.
#include "checker/infer/forms.h"
#include "checker/infer/member.h"
#include "checker/infer/messages.h"

namespace krait::infer {

static constexpr int kMaxUnions = 5;

// What inference recorded and narrowed while an overload was tried, so that it can be taken back.
struct Trial {
  bool matches = false;
  CallResult result;
};

static Trial tryOverload(Context& c, TypeId item, const std::vector<Argument>& args, NodeId at, const std::string& name,
                         TypeId object_type) {
  Trial trial;
  MessageFilter filter(c);
  bool was_unreachable = c.frames->top().is_unreachable;
  std::vector<Argument> copy = args;
  trial.result = checkCall(c, item, std::move(copy), at, name, object_type);
  c.frames->top().is_unreachable = was_unreachable;
  trial.matches = !filter.hasErrors();
  return trial;
}

static bool allSame(World& w, const std::vector<TypeId>& types) {
  for (TypeId type : types) {
    if (!isSameType(w, type, types[0])) return false;
  }
  return true;
}

static bool isAmbiguous(Context& c, const std::vector<TypeId>& matches, const std::vector<TypeId>& returns,
                        const std::vector<Argument>& args, const std::vector<TypeId>& arg_types) {
  World& w = c.w;
  if (allSame(w, returns)) return false;
  std::vector<ArgumentMap> maps;
  for (TypeId match : matches) maps.push_back(mapArguments(w, args, match, arg_types));
  for (uint32_t i = 0; i < args.size(); ++i) {
    if (isTypeObject(w, arg_types[i]) || !w.types[arg_types[i]].has(kHasAny)) continue;
    std::vector<TypeId> formals, rets;
    for (size_t m = 0; m < matches.size(); ++m) {
      bool mapped = false;
      for (size_t f = 0; f < maps[m].formals.size(); ++f) {
        for (uint32_t actual : maps[m].formals[f]) {
          if (actual != i) continue;
          formals.push_back(w.types.callable(matches[m]).types()[f]);
          mapped = true;
        }
      }
      if (mapped) rets.push_back(w.types.callable(matches[m]).ret());
    }
    if (formals.empty()) continue;
    if (!allSame(w, formals) && !allSame(w, rets)) return true;
  }
  return false;
}

static bool inferOverload(Context& c, const std::vector<TypeId>& targets, const std::vector<Argument>& args,
                          const std::vector<TypeId>& arg_types, NodeId at, const std::string& name, TypeId object_type,
                          CallResult& result) {
  World& w = c.w;
  bool has_any = false;
  for (TypeId type : arg_types) has_any = has_any || w.types[type].has(kHasAny);
  std::vector<TypeId> matches, returns;
  std::vector<CallResult> results;
  for (TypeId target : targets) {
    Trial trial = tryOverload(c, target, args, at, name, object_type);
    if (!trial.matches) continue;
    if (!has_any) {
      result = trial.result;
      return true;
    }
    TypeId callee = proper(w, trial.result.callee);
    matches.push_back(w.types.is(callee, TypeKind::kCallable) ? callee : target);
    returns.push_back(trial.result.type);
    results.push_back(trial.result);
  }
  if (matches.empty()) return false;
  result = results[0];
  if (!isAmbiguous(c, matches, returns, args, arg_types)) return true;
  std::vector<TypeId> erased;
  for (TypeId type : returns) erased.push_back(eraseType(w, type));
  if (allSame(w, erased)) {
    result = {erased[0], eraseType(w, results[0].callee)};
  } else {
    TypeId any = w.types.any(AnyKind::kSpecialForm);
    result = {any, any};
  }
  return true;
}

static bool isRealUnion(World& w, TypeId type) {
  type = proper(w, type);
  return w.types.is(type, TypeKind::kUnion) && w.types[type].count > 1;
}

static bool byUnionMath(Context& c, const std::vector<TypeId>& targets, std::vector<Argument> args, std::vector<TypeId> arg_types,
                        NodeId at, const std::string& name, TypeId object_type, std::vector<CallResult>& results, int level,
                        bool& too_many) {
  World& w = c.w;
  if (level >= kMaxUnions) {
    too_many = true;
    return false;
  }
  size_t index = 0;
  while (index < arg_types.size() && !isRealUnion(w, arg_types[index])) ++index;
  for (size_t i = 0; i < args.size(); ++i) {
    if (level > 0 && isRealUnion(w, arg_types[i])) args[i].type = arg_types[i];
  }
  CallResult direct;
  bool fits = inferOverload(c, targets, args, arg_types, at, name, object_type, direct);
  if (index == arg_types.size()) {
    if (fits) results.push_back(direct);
    return fits;
  }
  if (fits) {
    TypeId type = proper(w, direct.type);
    if (!w.types.is(type, TypeKind::kUnion) && !isAny(w, type)) {
      results.push_back(direct);
      return true;
    }
  }
  for (TypeId item : unionItems(w, proper(w, arg_types[index]))) {
    std::vector<Argument> part = args;
    std::vector<TypeId> part_types = arg_types;
    part[index].type = part_types[index] = item;
    if (!byUnionMath(c, targets, std::move(part), std::move(part_types), at, name, object_type, results, level + 1, too_many)) {
      return false;
    }
  }
  return true;
}

static std::vector<TypeId> plausibleTargets(Context& c, TypeId callee, const std::vector<Argument>& args,
                                            const std::vector<TypeId>& arg_types, NodeId at) {
  World& w = c.w;
  bool has_star = false, has_star2 = false;
  for (size_t i = 0; i < args.size(); ++i) {
    TypeId type = proper(w, arg_types[i]);
    if (args[i].kind == ArgKind::kStar && !w.types.is(type, TypeKind::kTuple)) has_star = true;
    if (args[i].kind == ArgKind::kStar2 && !w.types.is(type, TypeKind::kTypedDict)) has_star2 = true;
  }
  std::vector<TypeId> star_matches, matches;
  for (TypeId item : callableItems(w, callee)) {
    if (!w.types.is(item, TypeKind::kCallable)) continue;
    item = withUnpackedKwargs(w, item);
    if (paramSpecOf(w, item).valid()) {
      matches.push_back(item);
      continue;
    }
    TypeId normal = withNormalizedVarArgs(w, item);
    ArgumentMap map = mapArguments(w, args, normal, arg_types);
    MessageFilter filter(c);
    if (!checkArgumentCount(c, normal, arg_types, args, map, at, TypeId::none(), "")) continue;
    bool takes_star = false, takes_star2 = false;
    for (const ParamShape& param : w.types.callable(item).params()) {
      takes_star = takes_star || param.kind == ParamKind::kStar;
      takes_star2 = takes_star2 || param.kind == ParamKind::kStar2;
    }
    bool first = (has_star && takes_star) || (has_star2 && takes_star2);
    (first ? star_matches : matches).push_back(item);
  }
  star_matches.insert(star_matches.end(), matches.begin(), matches.end());
  return star_matches;
}

static void reportNoVariant(Context& c, TypeId callee, const std::vector<TypeId>& arg_types, NodeId at, Code code) {
  World& w = c.w;
  std::string name = callableName(w, callee);
  std::string of = name.empty() ? "" : " of " + name;
  std::string types;
  for (TypeId type : arg_types) types += (types.empty() ? "" : ", ") + formatType(w, type);
  if (arg_types.empty()) {
    fail(c, at, code, "All overload variants" + of + " require at least one argument");
  } else if (arg_types.size() == 1) {
    fail(c, at, code, "No overload variant" + of + " matches argument type " + types);
  } else {
    fail(c, at, code, "No overload variant" + of + " matches argument types " + types);
  }
  note(c, at, code, w.types[callee].count == 1 ? "Possible overload variant:" : "Possible overload variants:");
  for (TypeId item : callableItems(w, callee)) note(c, at, code, "    " + prettyCallable(w, item));
}

static bool isOperatorMethod(const std::string& callable_name) {
  if (callable_name.empty()) return false;
  std::string method = callable_name.substr(callable_name.rfind('.') + 1);
  if (method == "__getitem__" || method == "__call__") return false;
  if (!operatorSymbol(method).empty()) return true;
  if (method.starts_with("__r") && !operatorSymbol("__" + method.substr(3)).empty()) return true;
  return method.starts_with("__i") && !operatorSymbol("__" + method.substr(3)).empty();
}

// Overloads that would fit if type arguments did not matter.
static std::vector<TypeId> erasedTargets(Context& c, const std::vector<TypeId>& targets, const std::vector<Argument>& args,
                                         const std::vector<TypeId>& arg_types) {
  World& w = c.w;
  std::vector<TypeId> result;
  for (TypeId target : targets) {
    ArgumentMap map = mapArguments(w, args, target, arg_types);
    ArgumentExpander expander(c);
    bool fits = true;
    for (size_t i = 0; i < map.formals.size() && fits; ++i) {
      ParamShape param = w.types.callable(target).params()[i];
      TypeId wanted = w.types.callable(target).types()[i];
      for (uint32_t actual : map.formals[i]) {
        TypeId given = expander.expand(arg_types[actual], args[actual].kind, param.name, param.kind);
        fits = fits && isSubtype(w, eraseType(w, given), eraseType(w, wanted));
      }
    }
    if (fits) result.push_back(target);
  }
  return result;
}

static void reportDeprecatedOverload(Context& c, const CallResult& result, NodeId at) {
  World& w = c.w;
  TypeId callee = proper(w, result.callee);
  if (!w.types.is(callee, TypeKind::kCallable)) return;
  FunctionId function = w.types.callable(callee).shape->definition;
  if (function.valid()) reportDeprecated(c, w.functions[function].deprecated, at);
}

CallResult checkOverloadedCall(Context& c, TypeId callee, std::vector<Argument>& args, NodeId at, const std::string& callable_name,
                               TypeId object_type) {
  World& w = c.w;
  std::vector<TypeId> arg_types = inferArgumentsAlone(c, args);
  std::vector<TypeId> targets = plausibleTargets(c, callee, args, arg_types, at);
  CallResult unioned, single;
  bool by_union = false;
  bool too_many = false;
  bool has_union = false;
  for (TypeId type : arg_types) has_union = has_union || isRealUnion(w, type);
  if (has_union) {
    std::vector<CallResult> results;
    by_union = byUnionMath(c, targets, args, arg_types, at, callable_name, object_type, results, 0, too_many);
    if (by_union) {
      std::vector<TypeId> types;
      for (const CallResult& result : results) types.push_back(result.type);
      unioned = {simplifiedUnion(w, types), results[0].callee};
    }
  }
  bool by_single = inferOverload(c, targets, args, arg_types, at, callable_name, object_type, single);
  if (by_single && by_union) {
    by_union = !(isSubtype(w, single.type, unioned.type) && !isAny(w, proper(w, single.type)));
  }
  if (by_union || by_single) {
    // Once more, to record the types of the arguments; the findings are known to be none.
    const CallResult& chosen = by_union ? unioned : single;
    reportDeprecatedOverload(c, chosen, at);
    return chosen;
  }
  std::vector<TypeId> erased = erasedTargets(c, targets, args, arg_types);
  TypeId target;
  if (!erased.empty()) {
    target = erased[0];
  } else {
    target = w.types.any(AnyKind::kFromError);
    reportNoVariant(c, callee, arg_types, at, isOperatorMethod(callable_name) ? Code::kOperator : Code::kCallOverload);
  }
  CallResult result = checkCall(c, target, args, at, callable_name, object_type);
  if (too_many) fail(c, at, Code::kMisc, "Not all union combinations were tried because there are too many unions");
  return result;
}

}  // namespace krait::infer
