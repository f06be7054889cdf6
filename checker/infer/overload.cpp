// Overloads: the first item that fits; ambiguity through Any; unions taken apart.
#include "checker/infer/infer.h"

namespace krait::infer {

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

// The items whose parameters could take this many arguments.
static std::vector<TypeId> plausible(Checker& c, TypeId overloaded, const CallSite& site, const std::vector<TypeId>& types) {
  World& w = c.w;
  std::vector<TypeId> result;
  ++c.silent;
  for (TypeId item : w.types[overloaded].args()) {
    std::vector<std::vector<size_t>> map = mapArguments(c, site, types, item);
    if (checkArgumentCount(c, item, site, types, map)) result.push_back(item);
  }
  --c.silent;
  return result;
}

static bool hasAnyArgument(World& w, const std::vector<TypeId>& types) {
  for (TypeId type : types) {
    if (w.types[type].has(kHasAny)) return true;
  }
  return false;
}

// Tries one item with these argument types given. True if it fits without findings.
static bool fits(Checker& c, TypeId item, const CallSite& site, const std::vector<TypeId>& types, TypeId context, CallResult& result, bool use_nodes) {
  CallSite copy = site;
  if (!use_nodes) {
    for (size_t i = 0; i < copy.args.size(); ++i) {
      copy.args[i].node = NodeId::none();
      copy.args[i].type = types[i];
    }
  }
  Watch watch = startWatch(c);
  int was_silent = c.silent;
  c.silent = 0;
  bool dynamic = c.function.is_dynamic;
  result = checkCall(c, item, copy, context);
  c.function.is_dynamic = dynamic;
  c.silent = was_silent;
  bool ok = !hasNewErrors(c, watch);
  takeBack(c, watch);
  return ok;
}

static void noMatch(Checker& c, TypeId overloaded, const CallSite& site, const std::vector<TypeId>& types) {
  World& w = c.w;
  TypeId first = w.types[overloaded].items[0];
  std::string name = callableName(w, first);
  std::string name_str = name.empty() ? "" : " of " + name;
  std::string args;
  for (TypeId type : types) args += (args.empty() ? "" : ", ") + formatType(w, type);
  size_t count = types.size();
  // Operators are reported as such.
  if (count == 1 && !name.empty()) {
    static constexpr std::pair<std::string_view, const char*> kMethods[] = {
        {"__add__", "+"}, {"__sub__", "-"}, {"__mul__", "*"}, {"__truediv__", "/"}, {"__mod__", "%"}, {"__floordiv__", "//"}, {"__pow__", "**"},
        {"__matmul__", "@"}, {"__and__", "&"}, {"__or__", "|"}, {"__xor__", "^"}, {"__lshift__", "<<"}, {"__rshift__", ">>"}};
    (void)kMethods;
  }
  std::string text = "No overload variant" + name_str;
  if (count == 0) {
    text = "All overload variants" + name_str + " require at least one argument";
  } else if (count == 1) {
    text += " matches argument type " + args;
  } else {
    text += " matches argument types " + args;
  }
  fail(c, site.node, Code::kCallOverload, text);
  std::vector<TypeId> items(w.types[overloaded].args().begin(), w.types[overloaded].args().end());
  note(c, site.node, Code::kCallOverload, items.size() == 1 ? "Possible overload variant:" : "Possible overload variants:");
  constexpr size_t kMaxItems = 4;
  for (size_t i = 0; i < items.size() && i < kMaxItems; ++i) note(c, site.node, Code::kCallOverload, "    " + prettyCallable(w, items[i]));
  if (items.size() > kMaxItems) {
    size_t rest = items.size() - kMaxItems;
    note(c, site.node, Code::kCallOverload, "    <" + std::to_string(rest) + " more " + (rest == 1 ? "overload" : "overloads") + " not shown>");
  }
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

CallResult checkOverloadCall(Checker& c, TypeId callee, CallSite& site, TypeId context) {
  World& w = c.w;
  std::vector<TypeId> types;
  // Arguments without context first; lambdas only get a rough type.
  Watch watch = startWatch(c);
  for (const Arg& arg : site.args) types.push_back(arg.node.valid() ? inferExpr(c, arg.node) : arg.type);
  bool argument_errors = hasNewErrors(c, watch);
  std::vector<Message> messages = takeBack(c, watch);
  std::vector<TypeId> candidates = plausible(c, callee, site, types);
  std::vector<TypeId> tried = candidates.empty() ? std::vector<TypeId>(w.types[callee].args().begin(), w.types[callee].args().end()) : candidates;
  bool ambiguous_possible = hasAnyArgument(w, types);
  CallResult first;
  bool matched = false;
  std::vector<TypeId> returns;
  std::vector<TypeId> matched_items;
  for (TypeId item : candidates) {
    CallResult result;
    if (!fits(c, item, site, types, context, result, true)) continue;
    if (!matched) first = result;
    matched = true;
    returns.push_back(result.ret);
    matched_items.push_back(item);
    if (!ambiguous_possible) break;
  }
  if (matched) {
    // Run the chosen item for good, so that nodes get its types.
    CallSite copy = site;
    CallResult final_result = checkCall(c, matched_items[0], copy, context);
    if (matched_items.size() > 1) {
      // Any in the arguments made several items fit: if their results differ, the result is unknown.
      bool same = true;
      for (TypeId ret : returns) same = same && isSameType(w, returns[0], ret);
      if (!same) {
        // Unless every Any argument's formals are the same in all of them.
        bool varies = false;
        for (size_t ai = 0; ai < types.size(); ++ai) {
          if (!w.types[types[ai]].has(kHasAny)) continue;
          TypeId seen;
          for (TypeId item : matched_items) {
            std::vector<std::vector<size_t>> map = mapArguments(c, site, types, item);
            for (size_t i = 0; i < map.size(); ++i) {
              for (size_t mapped : map[i]) {
                if (mapped != ai) continue;
                TypeId formal = w.types.callable(item).types()[i];
                if (seen.valid() && !isSameType(w, seen, formal)) varies = true;
                seen = formal;
              }
            }
          }
        }
        if (varies) {
          bool all_erased_same = true;
          for (TypeId ret : returns) all_erased_same = all_erased_same && isSameType(w, eraseType(w, returns[0]), eraseType(w, ret));
          if (all_erased_same) return {eraseType(w, returns[0]), matched_items[0]};
          return {any(c, AnyKind::kFromAnotherAny), matched_items[0]};
        }
      }
    }
    return final_result;
  }
  // Take unions apart: each member must find an item.
  for (size_t ai = 0; ai < types.size() && !candidates.empty(); ++ai) {
    std::vector<TypeId> members = unionItems(w, types[ai]);
    if (members.size() < 2 || members.size() > 16) continue;
    std::vector<TypeId> results;
    bool all = true;
    for (TypeId member : members) {
      CallSite copy = site;
      copy.args[ai].node = NodeId::none();
      copy.args[ai].type = member;
      Watch inner = startWatch(c);
      int was = c.silent;
      c.silent = 0;
      CallResult result = checkOverloadCall(c, callee, copy, context);
      c.silent = was;
      bool failed = hasNewErrors(c, inner);
      takeBack(c, inner);
      if (failed) {
        all = false;
        break;
      }
      results.push_back(result.ret);
    }
    if (all) return {simplifiedUnion(w, results), callee};
  }
  if (argument_errors) {
    putBack(c, std::move(messages));
    return {any(c), callee};
  }
  // An item whose parameters have the shapes of the arguments says best what is wrong.
  for (TypeId candidate : candidates) {
    if (!hasSimilarShape(c, candidate, site, types)) continue;
    CallSite copy = site;
    return checkCall(c, candidate, copy, context);
  }
  noMatch(c, callee, site, types);
  return {any(c), callee};
}

}  // namespace krait::infer
