// Overloads: the first item that fits; ambiguity through Any; unions taken apart.
#include <algorithm>

#include "checker/infer/infer.h"
#include "checker/relations/literal_string.h"

namespace krait::infer {

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

// Is the length of a * or ** argument known?
static bool hasShape(World& w, TypeId type) {
  type = proper(w, type);
  if (w.types.is(type, TypeKind::kTuple) || w.types.is(type, TypeKind::kTypedDict)) return true;
  return w.types.is(type, TypeKind::kInstance) && w.header(w.types[type].cls()).has(kClassNamedTuple);
}

// The items whose parameters could take this many arguments; those that take * or ** arguments as a whole come first.
static std::vector<TypeId> plausible(Checker& c, TypeId overloaded, const CallSite& site, const std::vector<TypeId>& types) {
  World& w = c.w;
  bool open_star = false, open_star2 = false;
  for (size_t i = 0; i < types.size(); ++i) {
    if (hasShape(w, types[i])) continue;
    open_star = open_star || site.args[i].kind == ArgKind::kStar;
    open_star2 = open_star2 || site.args[i].kind == ArgKind::kStar2;
  }
  std::vector<TypeId> result, starred;
  ++c.silent;
  for (TypeId item : w.types[overloaded].args()) {
    ArgumentMap map = mapArguments(c, site, types, item);
    if (paramSpecOf(w, item).valid()) {
      result.push_back(item);
    } else if (checkArgumentCount(c, item, site, types, map)) {
      bool whole = (open_star && varArgument(w, item).exists) || (open_star2 && keywordArgument(w, item).exists);
      (whole ? starred : result).push_back(item);
    }
  }
  --c.silent;
  starred.insert(starred.end(), result.begin(), result.end());
  return starred;
}

// Does Any occur in the type, not counting the signatures of classes, nor what stands for "anything" by the rules (what a
// coroutine is sent)?
static bool hasAny(World& w, TypeId type) {
  const Type& record = w.types[type];
  if (!record.has(kHasAny)) return false;
  if (record.kind == TypeKind::kAny) return AnyKind(record.sub) != AnyKind::kSpecialForm;
  if (record.kind == TypeKind::kCallable && w.types.callable(type).isTypeObject()) return false;
  if (record.kind == TypeKind::kOverloaded && w.types.callable(record.items[0]).isTypeObject()) return false;
  if (record.kind == TypeKind::kAlias) return true;
  for (TypeId arg : record.args()) {
    if (hasAny(w, arg)) return true;
  }
  return false;
}

// Tries one item. With `given` the arguments have these types, whatever their expressions. True if it fits without
// findings; then only its notes stay.
static bool fits(Checker& c, TypeId item, const CallSite& site, const std::vector<TypeId>* given, TypeId context, CallResult& result) {
  CallSite copy = site;
  for (size_t i = 0; given != nullptr && i < copy.args.size(); ++i) {
    copy.args[i].node = NodeId::none();
    copy.args[i].type = (*given)[i];
  }
  Watch watch = startWatch(c);
  int was_silent = c.silent;
  c.silent = 0;
  FunctionState function = c.function;
  result = checkCall(c, item, copy, context);
  c.function = function;
  c.silent = was_silent;
  bool ok = !hasNewErrors(c, watch);
  std::vector<Message> messages = takeBack(c, watch);
  if (ok && was_silent == 0 && given == nullptr) putBack(c, std::move(messages));
  return ok;
}

static bool allSame(World& w, const std::vector<TypeId>& types) {
  for (TypeId type : types) {
    if (!isSameType(w, type, types[0])) return false;
  }
  return true;
}

// Is it unknown what the argument is? The parameters of a lambda are what the item says that is tried.
static bool isOpen(Checker& c, const CallSite& site, const std::vector<TypeId>& types, size_t at) {
  if (!hasAny(c.w, types[at])) return false;
  NodeId node = site.args[at].node;
  return !node.valid() || !c.ast->is(node, NodeKind::kLambda) || !follows(*c.options, Divergence::kOverloadAmbiguity);
}

// Do the items that fit differ in what they make of an argument that is, or has in it, Any?
static bool isAmbiguous(Checker& c, const std::vector<TypeId>& items, const std::vector<TypeId>& returns, const CallSite& site,
                        const std::vector<TypeId>& types) {
  World& w = c.w;
  if (allSame(w, returns)) return false;
  for (size_t ai = 0; ai < types.size(); ++ai) {
    if (!isOpen(c, site, types, ai)) continue;
    std::vector<TypeId> formals, results;
    for (TypeId item : items) {
      ArgumentMap map = mapArguments(c, site, types, item);
      bool used = false;
      for (size_t i = 0; i < map.size(); ++i) {
        if (std::find(map[i].begin(), map[i].end(), ai) == map[i].end()) continue;
        formals.push_back(w.types.callable(item).types()[i]);
        used = true;
      }
      if (used) results.push_back(w.types.callable(item).ret());
    }
    if (!allSame(w, formals) && !allSame(w, results)) return true;
  }
  return false;
}

// Does the item take its arguments whatever the Any in them stands for?
static bool takesAll(Checker& c, TypeId item, const CallSite& site, const std::vector<TypeId>& types) {
  World& w = c.w;
  ArgumentMap map = mapArguments(c, site, types, item);
  for (size_t i = 0; i < map.size(); ++i) {
    TypeId formal = w.types.callable(item).types()[i];
    if (w.types.is(proper(w, formal), TypeKind::kAny)) continue;
    for (size_t actual : map[i]) {
      if (isOpen(c, site, types, actual) && !isProperSubtype(w, types[actual], formal)) return false;
    }
  }
  return true;
}

// The result of the first item that fits; Any where an Any among the arguments leaves it open which does.
static bool firstMatch(Checker& c, const std::vector<TypeId>& candidates, CallSite& site, const std::vector<TypeId>& types,
                       const std::vector<TypeId>* given, TypeId context, CallResult& result) {
  World& w = c.w;
  bool has_any = false;
  for (size_t i = 0; i < types.size(); ++i) has_any = has_any || isOpen(c, site, types, i);
  std::vector<TypeId> matches, returns;
  std::vector<CallResult> results;
  TypeId first_item;
  for (TypeId item : candidates) {
    CallResult one;
    if (!fits(c, item, site, given, context, one)) continue;
    if (!has_any) {
      result = one;
      return true;
    }
    if (!first_item.valid()) first_item = item;
    TypeId resolved = one.callee.valid() ? proper(w, one.callee) : item;
    matches.push_back(w.types.is(resolved, TypeKind::kCallable) ? resolved : item);
    returns.push_back(one.ret);
    results.push_back(one);
  }
  if (matches.empty()) return false;
  if (follows(*c.options, Divergence::kOverloadAmbiguity)) {
    // An item that takes whatever the arguments may turn out to be leaves nothing to those after it.
    for (size_t i = 0; i + 1 < matches.size(); ++i) {
      if (!takesAll(c, matches[i], site, types)) continue;
      matches.resize(i + 1);
      returns.resize(i + 1);
      results.resize(i + 1);
    }
  }
  result = results[0];
  if (matches.size() > 1) {
    // The nodes' types are to be those of the item that is taken.
    CallResult again;
    fits(c, first_item, site, given, context, again);
  }
  if (!isAmbiguous(c, matches, returns, site, types) || allSame(w, returns)) return true;
  std::vector<TypeId> erased;
  for (TypeId type : returns) erased.push_back(eraseType(w, type));
  result.ret = !follows(*c.options, Divergence::kOverloadAmbiguity) && allSame(w, erased) ? erased[0] : any(c, AnyKind::kFromAnotherAny);
  return true;
}

constexpr int kMaxUnions = 5;

// What an argument's type is taken apart into. By the typing specification bool, enums and tuples of such come apart too.
static std::vector<TypeId> partsOf(Checker& c, TypeId type, int depth = 0) {
  World& w = c.w;
  std::vector<TypeId> items = unionItems(w, type);
  if (!follows(*c.options, Divergence::kOverloadExpansion) || items.size() > 1 || depth > 3) return items;
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kInstance)) {
    TypeId expanded = expandSumType(w, removeLastKnownValues(w, plain));
    return w.types.is(expanded, TypeKind::kUnion) ? unionItems(w, expanded) : items;
  }
  if (!w.types.is(plain, TypeKind::kTuple)) return items;
  std::vector<TypeId> fields(w.types[plain].args().begin(), w.types[plain].args().end());
  for (size_t i = 0; i < fields.size(); ++i) {
    if (w.types.is(fields[i], TypeKind::kUnpack)) continue;
    std::vector<TypeId> choices = partsOf(c, fields[i], depth + 1);
    if (choices.size() < 2) continue;
    std::vector<TypeId> result;
    for (TypeId choice : choices) {
      std::vector<TypeId> one = fields;
      one[i] = choice;
      for (TypeId part : partsOf(c, w.types.tuple(one, w.types[plain].extra), depth + 1)) result.push_back(part);
    }
    return result;
  }
  return items;
}

// Each member of the unions among the arguments must find an item. False: one does not; too_many: gave up.
static bool matchUnions(Checker& c, const std::vector<TypeId>& candidates, CallSite& site, const std::vector<TypeId>& types, TypeId context,
                        bool splits_first, int level, bool& too_many, std::vector<CallResult>& results) {
  World& w = c.w;
  if (level >= kMaxUnions) {
    too_many = true;
    return false;
  }
  size_t at = 0;
  while (at < types.size() && partsOf(c, types[at]).size() < 2) ++at;
  CallResult direct;
  if (at == types.size() || !splits_first) {
    if (firstMatch(c, candidates, site, types, &types, context, direct)) {
      TypeId ret = proper(w, direct.ret);
      bool is_greedy = w.types.is(ret, TypeKind::kUnion) || w.types.is(ret, TypeKind::kAny);
      if (at == types.size() || !is_greedy) {
        results.push_back(direct);
        return true;
      }
    } else if (at == types.size()) {
      return false;
    }
  }
  for (TypeId item : partsOf(c, types[at])) {
    std::vector<TypeId> one = types;
    one[at] = item;
    if (!matchUnions(c, candidates, site, one, context, splits_first, level + 1, too_many, results)) return false;
  }
  return true;
}

// A None parameter in one item and a type variable's in another: taken whole, an Optional argument would always go to
// the variable.
static bool noneMeetsVariable(World& w, const std::vector<TypeId>& candidates, const std::vector<TypeId>& types) {
  bool optional = false;
  for (TypeId type : types) optional = optional || (w.types.is(proper(w, type), TypeKind::kUnion) && containsNone(w, type));
  if (!optional || candidates.empty()) return false;
  uint32_t prefix = ~0u;
  for (TypeId item : candidates) prefix = std::min(prefix, w.types.callable(item).paramCount());
  for (uint32_t i = 0; i < prefix; ++i) {
    bool none = false, variable = false;
    for (TypeId item : candidates) {
      TypeId formal = proper(w, w.types.callable(item).types()[i]);
      none = none || w.types.is(formal, TypeKind::kNone);
      variable = variable || isPlainTypeVar(w, formal);
    }
    if (none && variable) return true;
  }
  return false;
}

// Names of arguments that no overload has; those that look like a parameter's are said one by one.
static void unexpectedKeywords(Checker& c, TypeId overloaded, const CallSite& site, const std::string& name) {
  World& w = c.w;
  std::vector<NameId> known;
  for (TypeId item : w.types[overloaded].args()) {
    for (const ParamShape& param : w.types.callable(item).params()) {
      if (param.kind == ParamKind::kStar2) return;
      bool is_new = param.name.valid() && param.kind != ParamKind::kStar && std::find(known.begin(), known.end(), param.name) == known.end();
      if (is_new) known.push_back(param.name);
    }
  }
  std::string others;
  size_t count = 0;
  for (const Arg& arg : site.args) {
    if (arg.kind != ArgKind::kNamed || !arg.name.valid() || std::find(known.begin(), known.end(), arg.name) != known.end()) continue;
    std::vector<NameId> free;
    for (NameId each : known) {
      bool is_given = std::any_of(site.args.begin(), site.args.end(), [&](const Arg& other) { return other.name == each; });
      if (!is_given) free.push_back(each);
    }
    std::string own(w.text(arg.name));
    std::vector<std::string> matches = similarNames(w, free, own);
    if (!matches.empty()) {
      fail(c, site.node, Code::kCallArg, "Unexpected keyword argument \"" + own + "\" for overloaded function " + name + "; did you mean " + didYouMean(matches) + "?");
      continue;
    }
    others += (others.empty() ? "" : ", ") + quoted(own);
    ++count;
  }
  if (count > 0) fail(c, site.node, Code::kCallArg, std::string("Unexpected keyword argument") + (count == 1 ? " " : "s ") + others + " for overloaded function " + name);
}

static void noMatch(Checker& c, TypeId overloaded, const CallSite& site, const std::vector<TypeId>& types) {
  World& w = c.w;
  TypeId first = w.types[overloaded].items[0];
  std::string name = callableName(w, first);
  std::string name_str = name.empty() ? "" : " of " + name;
  std::string args;
  for (TypeId type : types) args += (args.empty() ? "" : ", ") + formatType(w, type);
  size_t count = types.size();
  std::string text = "No overload variant" + name_str;
  if (count == 0) {
    text = "All overload variants" + name_str + " require at least one argument";
  } else if (count == 1) {
    text += " matches argument type " + args;
  } else {
    text += " matches argument types " + args;
  }
  if (!name.empty() && !follows(*c.options, Divergence::kOverloadKeywords)) unexpectedKeywords(c, overloaded, site, name);
  static constexpr std::string_view kOperators[] = {
      "__add__", "__sub__", "__mul__", "__truediv__", "__mod__", "__divmod__", "__floordiv__", "__pow__", "__matmul__", "__and__", "__or__", "__xor__",
      "__lshift__", "__rshift__", "__eq__", "__ne__", "__lt__", "__ge__", "__gt__", "__le__", "__contains__", "__radd__", "__rsub__", "__rmul__",
      "__rtruediv__", "__rmod__", "__rdivmod__", "__rfloordiv__", "__rpow__", "__rmatmul__", "__rand__", "__ror__", "__rxor__", "__rlshift__",
      "__rrshift__", "__pos__", "__neg__", "__invert__"};
  NameId short_name = w.types.callable(first).shape->name;
  bool is_operator = short_name.valid() && std::find(std::begin(kOperators), std::end(kOperators), w.text(short_name)) != std::end(kOperators);
  Code code = is_operator ? Code::kOperator : Code::kCallOverload;
  fail(c, site.node, code, text);
  std::vector<TypeId> items(w.types[overloaded].args().begin(), w.types[overloaded].args().end());
  note(c, site.node, code, items.size() == 1 ? "Possible overload variant:" : "Possible overload variants:");
  for (TypeId item : items) note(c, site.node, code, "    " + prettyCallable(w, item));
}

// Roughly compatible: equal up to type arguments. Follows mypy's arg_approximate_similarity.
static bool isSimilar(World& w, TypeId actual, TypeId formal, int depth = 0) {
  actual = proper(w, actual);
  formal = proper(w, formal);
  if (depth > 20) return true;
  auto boundOf = [&](TypeId type) {
    if (!isPlainTypeVar(w, type)) return type;
    TypeVarId id(w.types[type].ref);
    const std::vector<TypeId>& values = valuesOf(w, id);
    return proper(w, values.empty() ? upperBound(w, id) : w.types.unionOf(values));
  };
  actual = boundOf(actual);
  formal = boundOf(formal);
  auto isFunction = [&](TypeId type) { return w.types.is(type, TypeKind::kCallable) || w.types.is(type, TypeKind::kOverloaded); };
  auto isClassLike = [&](TypeId type) {
    if (w.types.is(type, TypeKind::kTypeType) || isNamed(w, type, "builtins.type")) return true;
    return w.types.is(type, TypeKind::kCallable) && w.types.callable(type).isTypeObject();
  };
  if (w.types.is(formal, TypeKind::kCallable) && (isFunction(actual) || w.types.is(actual, TypeKind::kTypeType))) return true;
  if (isClassLike(actual) && isClassLike(formal)) return true;
  if (w.types.is(actual, TypeKind::kUnion)) {
    for (TypeId item : unionItems(w, actual)) {
      if (isSimilar(w, item, formal, depth + 1)) return true;
    }
    return false;
  }
  if (w.types.is(formal, TypeKind::kUnion)) {
    for (TypeId item : unionItems(w, formal)) {
      if (isSimilar(w, actual, item, depth + 1)) return true;
    }
    return false;
  }
  if (w.types.is(actual, TypeKind::kTypedDict)) {
    return w.types.is(formal, TypeKind::kTypedDict) || isSimilar(w, fallbackOf(w, actual), formal, depth + 1);
  }
  if (w.types.is(formal, TypeKind::kInstance)) {
    TypeId instance = isFunction(actual) || w.types.is(actual, TypeKind::kTuple) ? fallbackOf(w, actual) : actual;
    if (w.types.is(instance, TypeKind::kInstance) && isSubclass(w, w.types[instance].cls(), w.types[formal].cls())) return true;
  }
  return isSubtype(w, eraseType(w, actual), eraseType(w, formal));
}

static bool hasSimilarShape(Checker& c, TypeId candidate, const CallSite& site, const std::vector<TypeId>& types) {
  World& w = c.w;
  std::vector<std::vector<size_t>> map = mapArguments(c, site, types, candidate);
  ArgumentExpander expander;
  for (size_t i = 0; i < map.size(); ++i) {
    ParamShape param = w.types.callable(candidate).params()[i];
    TypeId wanted = w.types.callable(candidate).types()[i];
    for (size_t actual : map[i]) {
      TypeId given = expandActual(c, expander, types[actual], site.args[actual].kind, param.name, param.kind);
      if (!isSimilar(w, given, wanted)) return false;
    }
  }
  return true;
}

// A list that `"a b".split()` makes is one of str, as a display of literals is, unless more is wanted of it: other text may be
// added to it.
static CallResult withPlainItems(World& w, CallResult result, TypeId context) {
  TypeId made = result.ret, wanted = context.valid() ? proper(w, context) : context;
  auto isLiteralList = [&](TypeId type) {
    return w.types.is(type, TypeKind::kInstance) && w.types[type].count == 1 && relations::isLiteralString(w, w.types[type].items[0]);
  };
  if (!isLiteralList(made) || w.classes[w.types[made].cls()].fullname != "builtins.list") return result;
  if (wanted.valid() && isLiteralList(wanted)) return result;
  TypeId item[] = {builtinType(w, "str")};
  result.ret = w.types.instance(w.types[made].cls(), item);
  return result;
}

CallResult checkOverloadCall(Checker& c, TypeId callee, CallSite& site, TypeId context) {
  World& w = c.w;
  std::vector<TypeId> types;
  Watch watch = startWatch(c);
  for (const Arg& arg : site.args) {
    TypeId type = arg.node.valid() ? inferExpr(c, arg.node) : arg.type;
    types.push_back(w.types[type].has(kHasErased) ? w.types.none() : type);
  }
  bool argument_errors = hasNewErrors(c, watch);
  std::vector<Message> messages = takeBack(c, watch);
  std::vector<TypeId> candidates = plausible(c, callee, site, types);
  bool has_union = false;
  for (TypeId type : types) has_union = has_union || partsOf(c, type).size() > 1;
  bool none_meets_variable = noneMeetsVariable(w, candidates, types);
  bool too_many = false, by_unions = false;
  CallResult of_unions, direct;
  std::vector<TypeId> chosen_by_unions;
  // The specification takes arguments apart only where no item takes them whole.
  bool whole_first = follows(*c.options, Divergence::kOverloadExpansion);
  bool found = whole_first && firstMatch(c, candidates, site, types, nullptr, context, direct);
  if (has_union && !found) {
    std::vector<CallResult> results;
    by_unions = matchUnions(c, candidates, site, types, context, none_meets_variable, 0, too_many, results);
    if (by_unions) {
      std::vector<TypeId> returns;
      for (const CallResult& result : results) {
        returns.push_back(result.ret);
        chosen_by_unions.push_back(result.callee);
      }
      of_unions = {simplifiedUnion(w, returns), results.size() == 1 ? results[0].callee : callee};
    }
  }
  if (!whole_first) found = firstMatch(c, candidates, site, types, nullptr, context, direct);
  if (found && by_unions) {
    // The more precise one.
    bool is_better = isSubtype(w, direct.ret, of_unions.ret) && !w.types.is(proper(w, direct.ret), TypeKind::kAny) && !none_meets_variable;
    if (is_better) checkDeprecatedOverload(c, direct.callee, site.node);
    return is_better ? direct : of_unions;
  }
  if (by_unions) {
    for (TypeId chosen : chosen_by_unions) checkDeprecatedOverload(c, chosen, site.node);
    return of_unions;
  }
  bool any_argument = false;
  for (TypeId type : types) any_argument = any_argument || w.types.is(proper(w, type), TypeKind::kAny);
  if (found && !any_argument) checkDeprecatedOverload(c, direct.callee, site.node);
  if (found) return withPlainItems(w, direct, context);
  // What is wrong inside of an argument keeps no item from taking what the argument gives.
  if (argument_errors && !by_unions && follows(*c.options, Divergence::kFaultyArguments) && firstMatch(c, candidates, site, types, &types, context, direct)) {
    putBack(c, std::move(messages));
    return direct;
  }
  // An item whose parameters have the shapes of the arguments says best what is wrong.
  for (TypeId candidate : candidates) {
    if (!hasSimilarShape(c, candidate, site, types)) continue;
    CallSite copy = site;
    CallResult result = checkCall(c, candidate, copy, context);
    if (too_many && !none_meets_variable) {
      fail(c, site.node, Code::kMisc, "Not all union combinations were tried because there are too many unions");
    }
    return result;
  }
  if (argument_errors) putBack(c, std::move(messages));
  noMatch(c, callee, site, types);
  if (too_many && !none_meets_variable) {
    fail(c, site.node, Code::kMisc, "Not all union combinations were tried because there are too many unions");
  }
  return {any(c), callee};
}

}  // namespace krait::infer
