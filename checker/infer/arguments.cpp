// Which argument goes to which parameter (mypy's argmap.py), and whether there are as many as there must be.
#include "checker/infer/forms.h"
#include "checker/infer/member.h"
#include "checker/infer/messages.h"

namespace krait::infer {

Argument typedArgument(TypeId type, NodeId at) {
  Argument argument;
  argument.node = at;
  argument.type = type;
  return argument;
}

std::vector<Argument> argumentsOf(Context& c, NodeList args) {
  std::vector<Argument> result;
  for (NodeId node : args) {
    Argument argument;
    argument.node = node;
    if (auto star = c.ast->tryAs<syntax::Starred>(node)) {
      argument.kind = ArgKind::kStar;
      argument.node = star->value();
    } else if (auto keyword = c.ast->tryAs<syntax::Keyword>(node)) {
      argument.kind = keyword->arg().valid() ? ArgKind::kNamed : ArgKind::kStar2;
      argument.node = keyword->value();
      if (keyword->arg().valid()) argument.name = syntax::nameOf(*c.ast, keyword->arg());
    }
    result.push_back(argument);
  }
  return result;
}

static int parameterNamed(CallableView callee, NameId name) {
  for (uint32_t i = 0; i < callee.paramCount(); ++i) {
    if (callee.params()[i].name == name && name.valid()) return static_cast<int>(i);
  }
  return -1;
}

static int parameterOfKind(CallableView callee, ParamKind kind) {
  for (uint32_t i = 0; i < callee.paramCount(); ++i) {
    if (callee.params()[i].kind == kind) return static_cast<int>(i);
  }
  return -1;
}

static void mapStar(World& w, CallableView callee, TypeId type, uint32_t argument, uint32_t& at, ArgumentMap& map) {
  uint32_t count = callee.paramCount();
  type = type.valid() ? proper(w, type) : type;
  if (type.valid() && w.types.is(type, TypeKind::kTuple)) {
    for (uint32_t i = 0; i < w.types[type].count && at < count; ++i) {
      if (callee.params()[at].kind == ParamKind::kStar2) break;
      map.formals[at].push_back(argument);
      if (callee.params()[at].kind != ParamKind::kStar) ++at;
    }
    return;
  }
  while (at < count) {
    ParamKind kind = callee.params()[at].kind;
    if (isNamed(kind) || kind == ParamKind::kStar2) break;
    map.formals[at].push_back(argument);
    if (kind == ParamKind::kStar) break;
    ++at;
  }
}

ArgumentMap mapArguments(World& w, const std::vector<Argument>& args, TypeId callee_id, const std::vector<TypeId>& arg_types) {
  CallableView callee = w.types.callable(callee_id);
  uint32_t count = callee.paramCount();
  ArgumentMap map;
  map.formals.resize(count);
  std::vector<uint32_t> ambiguous;
  uint32_t at = 0;
  int star2 = parameterOfKind(callee, ParamKind::kStar2);
  auto named = [&](NameId name, uint32_t argument) {
    int formal = parameterNamed(callee, name);
    if (formal >= 0 && callee.params()[formal].kind != ParamKind::kStar && callee.params()[formal].kind != ParamKind::kStar2) {
      map.formals[formal].push_back(argument);
    } else if (star2 >= 0) {
      map.formals[star2].push_back(argument);
    }
  };
  for (uint32_t i = 0; i < args.size(); ++i) {
    TypeId type = i < arg_types.size() ? arg_types[i] : TypeId::none();
    switch (args[i].kind) {
      case ArgKind::kPos:
        if (at >= count) break;
        if (!isStar(callee.params()[at].kind)) {
          map.formals[at++].push_back(i);
        } else if (callee.params()[at].kind == ParamKind::kStar) {
          map.formals[at].push_back(i);
        }
        break;
      case ArgKind::kStar: mapStar(w, callee, type, i, at, map); break;
      case ArgKind::kNamed: named(args[i].name, i); break;
      case ArgKind::kStar2:
        type = type.valid() ? proper(w, type) : type;
        if (type.valid() && w.types.is(type, TypeKind::kTypedDict)) {
          for (const TypedDictItem& item : w.types.typedDictItems(type)) named(item.name, i);
        } else {
          ambiguous.push_back(i);
        }
        break;
    }
  }
  if (ambiguous.empty()) return map;
  std::vector<uint32_t> unmatched;
  for (uint32_t i = 0; i < count; ++i) {
    const ParamShape& param = callee.params()[i];
    bool open = map.formals[i].empty() || args[map.formals[i][0]].kind == ArgKind::kStar;
    if ((param.name.valid() && open && param.kind != ParamKind::kStar) || param.kind == ParamKind::kStar2) unmatched.push_back(i);
  }
  for (uint32_t argument : ambiguous) {
    for (uint32_t formal : unmatched) map.formals[formal].push_back(argument);
  }
  return map;
}

TypeId ArgumentExpander::expand(TypeId actual, ArgKind kind, NameId formal_name, ParamKind formal_kind) {
  World& w = c_.w;
  TypeId type = proper(w, actual);
  if (kind == ArgKind::kStar) {
    if (isTypeVarTuple(w, type)) type = proper(w, upperBound(w, TypeVarId(w.types[type].ref)));
    if (w.types.is(type, TypeKind::kTuple)) {
      std::span<const TypeId> items = w.types[type].args();
      if (items.empty()) return w.types.any(AnyKind::kFromError);
      tuple_index_ = tuple_index_ >= items.size() ? 1 : tuple_index_ + 1;
      TypeId item = items[tuple_index_ - 1];
      if (!w.types.is(item, TypeKind::kUnpack)) return item;
      TypeId unpacked = proper(w, w.types[item].items[0]);
      if (isTypeVarTuple(w, unpacked)) unpacked = proper(w, upperBound(w, TypeVarId(w.types[unpacked].ref)));
      return w.types.is(unpacked, TypeKind::kInstance) && w.types[unpacked].count > 0 ? w.types[unpacked].items[0] : objectType(w);
    }
    if (isParamSpec(w, type)) return type;
    ClassId iterable = lookupClass(w, "typing", "Iterable");
    if (w.types.is(type, TypeKind::kInstance) && iterable.valid()) {
      TypeId wanted = instanceWithAny(w, iterable);
      if (isSubtype(w, type, wanted)) {
        if (isSubclass(w, w.types[type].cls(), iterable)) {
          TypeId mapped = mapToSupertype(w, type, iterable);
          if (w.types[mapped].count > 0) return w.types[mapped].items[0];
        }
        MessageFilter filter(c_);
        return iterableItem(c_, type, NodeId(0));
      }
    }
    return w.types.any(AnyKind::kFromError);
  }
  if (kind != ArgKind::kStar2) return actual;
  if (w.types.is(type, TypeKind::kTypedDict)) {
    std::vector<TypedDictItem> items = w.types.typedDictItems(type);
    if (formal_kind != ParamKind::kStar2) {
      for (const TypedDictItem& item : items) {
        if (item.name != formal_name) continue;
        used_keys_.push_back(formal_name);
        return item.type;
      }
    }
    for (const TypedDictItem& item : items) {
      bool used = false;
      for (NameId key : used_keys_) used = used || key == item.name;
      if (used) continue;
      used_keys_.push_back(item.name);
      return item.type;
    }
    return w.types.any(AnyKind::kFromError);
  }
  if (isParamSpec(w, type)) return type;
  ClassId keyed = lookupClass(w, "_typeshed", "SupportsKeysAndGetItem");
  ClassId mapping = lookupClass(w, "typing", "Mapping");
  if (w.types.is(type, TypeKind::kInstance)) {
    for (ClassId base : {mapping, keyed}) {
      if (!base.valid()) continue;
      if (isSubclass(w, w.types[type].cls(), base)) {
        TypeId mapped = mapToSupertype(w, type, base);
        if (w.types[mapped].count > 1) return w.types[mapped].items[1];
      }
    }
    if (keyed.valid() && isSubtype(w, type, instanceWithAny(w, keyed))) {
      TypeId getter = findMemberType(w, w.names.__getitem__, type, type);
      if (getter.valid() && w.types.is(proper(w, getter), TypeKind::kCallable)) return w.types.callable(proper(w, getter)).ret();
    }
  }
  return w.types.any(AnyKind::kFromError);
}

bool isDuplicateMapping(const std::vector<uint32_t>& mapping, const std::vector<TypeId>& arg_types,
                        const std::vector<Argument>& args, World& w) {
  if (mapping.size() < 2) return false;
  if (mapping.size() == 2 && args[mapping[0]].kind == ArgKind::kStar && args[mapping[1]].kind == ArgKind::kStar2) return false;
  for (uint32_t at : mapping) {
    if (args[at].kind != ArgKind::kStar2 || w.types.is(proper(w, arg_types[at]), TypeKind::kTypedDict)) return true;
  }
  return false;
}

// ---- counts ----

static void tooFew(Context& c, TypeId callee, const std::vector<Argument>& args, NodeId at) {
  World& w = c.w;
  CallableView view = w.types.callable(callee);
  size_t positional = 0;
  bool has_named = false;
  for (const Argument& argument : args) {
    if (argument.kind == ArgKind::kNamed) {
      has_named = true;
    } else {
      ++positional;
    }
  }
  std::string text = "Too few arguments" + forFunction(w, callee);
  size_t required = 0;
  for (const ParamShape& param : view.params()) required += param.kind == ParamKind::kPos ? 1 : 0;
  if (has_named) {
    std::vector<std::string> missing;
    bool all_named = true;
    for (size_t i = positional; i < required && i < view.paramCount(); ++i) {
      NameId name = view.params()[i].name;
      bool given = false;
      for (const Argument& argument : args) given = given || (argument.kind == ArgKind::kNamed && argument.name == name);
      if (given) continue;
      all_named = all_named && name.valid();
      missing.emplace_back(name.valid() ? w.text(name) : "");
    }
    text = missing.size() == 1 ? "Missing positional argument" : "Missing positional arguments";
    std::string callee_name = callableName(w, callee);
    if (!callee_name.empty() && !missing.empty() && all_named) {
      std::string names;
      for (size_t i = 0; i < missing.size(); ++i) names += (i > 0 ? "\", \"" : "") + missing[i];
      text += " \"" + names + "\" in call to " + callee_name;
    } else {
      text = "Too few arguments" + forFunction(w, callee);
    }
  }
  fail(c, at, Code::kCallArg, text);
}

static void definedHere(Context& c, TypeId callee, NodeId at) {
  World& w = c.w;
  FunctionId function = w.types.callable(callee).shape->definition;
  if (!function.valid() || !w.functions[function].node.valid() || !c.filters.empty() || !reports(c)) return;
  const FunctionInfo& info = w.functions[function];
  if (w.modules[info.module].is_library) return;
  std::string name = callableName(w, callee);
  Message message;
  message.range = w.modules[info.module].ast->range(info.node);
  message.severity = Severity::kNote;
  message.code = Code::kCallArg;
  message.text = (name.empty() ? "called function" : name) + " defined here";
  if (info.module == c.module) message.origin = c.ast->range(at);
  w.modules[info.module].messages.push_back(std::move(message));
}

static void unexpectedKeyword(Context& c, TypeId callee, NameId name, TypeId type, NodeId at) {
  World& w = c.w;
  CallableView view = w.types.callable(callee);
  std::vector<std::string> fitting, others;
  for (uint32_t i = 0; i < view.paramCount(); ++i) {
    if (!view.params()[i].name.valid() || view.params()[i].kind == ParamKind::kStar) continue;
    (isSubtype(w, type, view.types()[i]) ? fitting : others).emplace_back(w.text(view.params()[i].name));
  }
  std::vector<std::string> matches = bestMatches(w.text(name), fitting, 3);
  if (matches.empty()) matches = bestMatches(w.text(name), others, 3);
  std::string text = "Unexpected keyword argument \"" + std::string(w.text(name)) + "\"" + forFunction(w, callee);
  if (!matches.empty()) text += "; did you mean " + prettySequence(matches, "or") + "?";
  fail(c, at, Code::kCallArg, text);
  definedHere(c, callee, at);
}

static void tooMany(Context& c, TypeId callee, NodeId at, bool positional) {
  World& w = c.w;
  fail(c, at, positional ? Code::kMisc : Code::kCallArg,
       (positional ? "Too many positional arguments" : "Too many arguments") + forFunction(w, callee));
  FunctionId function = w.types.callable(callee).shape->definition;
  if (!function.valid() || !w.types.callable(callee).has(kBound) || !w.functions[function].owner.valid()) return;
  TypeId whole = w.functions[function].type;
  if (!whole.valid() || !w.types.is(whole, TypeKind::kCallable) || w.types.callable(whole).paramCount() == 0) return;
  NameId first = w.types.callable(whole).params()[0].name;
  std::string_view text = first.valid() ? w.text(first) : "self";
  if (w.types.callable(callee).isTypeObject() || w.functions[function].has(kFnStatic)) return;
  if (text != "self" && text != "cls" && text != "mcs") {
    note(c, at, Code::kMisc, "Looks like the first special argument in a method is not named \"self\", \"cls\", or \"mcs\", "
                             "maybe it is missing?");
  }
}

static bool checkExtra(Context& c, TypeId callee, const std::vector<TypeId>& arg_types, const std::vector<Argument>& args,
                       const std::vector<uint32_t>& uses, NodeId at, bool& unexpected) {
  World& w = c.w;
  bool ok = true;
  bool takes_star = parameterOfKind(w.types.callable(callee), ParamKind::kStar) >= 0;
  for (uint32_t i = 0; i < args.size(); ++i) {
    TypeId type = proper(w, arg_types[i]);
    bool is_tuple = w.types.is(type, TypeKind::kTuple);
    if (uses[i] == 0 && args[i].kind != ArgKind::kStar2 &&
        (args[i].kind != ArgKind::kStar || (is_tuple && w.types[type].count > 0))) {
      ok = false;
      if (args[i].kind != ArgKind::kNamed) {
        tooMany(c, callee, at, false);
      } else {
        unexpectedKeyword(c, callee, args[i].name, type, at);
        unexpected = true;
      }
    } else if ((args[i].kind == ArgKind::kStar && !takes_star) || args[i].kind == ArgKind::kStar2) {
      bool is_dict = w.types.is(type, TypeKind::kTypedDict);
      size_t size = is_tuple ? w.types[type].count : is_dict ? w.types.typedDictItems(type).size() : 0;
      if ((!is_tuple && !is_dict) || uses[i] >= size) continue;
      ok = false;
      if (args[i].kind != ArgKind::kStar2 || !is_dict) {
        tooMany(c, callee, at, false);
        continue;
      }
      unexpected = true;
      std::string extra;
      for (const TypedDictItem& item : w.types.typedDictItems(type)) {
        if (extra.empty() && parameterNamed(w.types.callable(callee), item.name) < 0) extra = w.text(item.name);
      }
      if (extra.empty()) {
        tooMany(c, callee, at, false);
      } else {
        fail(c, at, Code::kCallArg, "Extra argument \"" + extra + "\" from **args" + forFunction(w, callee));
      }
    }
  }
  return ok;
}

// A callable stored in a class variable gets `self` when it is read from an instance.
static void classVariableNote(Context& c, TypeId object, const std::string& callable_name, NodeId at) {
  World& w = c.w;
  if (!object.valid() || callable_name.find('.') == std::string::npos) return;
  object = proper(w, object);
  if (!w.types.is(object, TypeKind::kInstance)) return;
  NameId name = w.name(callable_name.substr(callable_name.rfind('.') + 1));
  FoundMember found = findMember(w, w.types[object].cls(), name);
  if (!found.found()) return;
  const Symbol& symbol = w.resolved(found.symbol);
  if (symbol.kind != SymbolKind::kVariable || symbol.has(kIsStaticMethod) || symbol.has(kIsClassMethod)) return;
  if (symbol.has(kIsProperty) || !symbol.has(kIsInitializedInClass) || symbol.has(kIsSelfAttribute)) return;
  if (!symbol.has(kIsInferred) && !symbol.has(kIsClassVar)) return;
  note(c, at, Code::kCallArg, "\"" + std::string(w.text(name)) + "\" is considered instance variable, to make it class variable use ClassVar[...]");
}

bool checkArgumentCount(Context& c, TypeId callee, const std::vector<TypeId>& arg_types, const std::vector<Argument>& args,
                        const ArgumentMap& map, NodeId at, TypeId object_type, const std::string& callable_name) {
  World& w = c.w;
  std::vector<uint32_t> uses(args.size());
  for (const std::vector<uint32_t>& actuals : map.formals) {
    for (uint32_t actual : actuals) ++uses[actual];
  }
  bool unexpected = false;
  bool ok = checkExtra(c, callee, arg_types, args, uses, at, unexpected);
  CallableView view = w.types.callable(callee);
  bool said_few = false;
  for (uint32_t i = 0; i < view.paramCount(); ++i) {
    const ParamShape& param = view.params()[i];
    const std::vector<uint32_t>& mapped = map.formals[i];
    if (isRequired(param.kind) && mapped.empty()) {
      if (unexpected) continue;
      ok = false;
      if (param.kind == ParamKind::kPos) {
        if (said_few) continue;
        said_few = true;
        tooFew(c, callee, args, at);
        classVariableNote(c, object_type, callable_name, at);
      } else {
        fail(c, at, Code::kCallArg, "Missing named argument \"" +
                                        std::string(param.name.valid() ? w.text(param.name) : "?") + "\"" + forFunction(w, callee));
      }
    } else if (!isStar(param.kind) && isDuplicateMapping(mapped, arg_types, args, w)) {
      ok = false;
      std::string name = callableName(w, callee);
      fail(c, at, Code::kMisc, (name.empty() ? "Function" : name) + " gets multiple values for keyword argument \"" +
                                   std::string(param.name.valid() ? w.text(param.name) : "None") + "\"");
    } else if (isNamed(param.kind) && !mapped.empty() && args[mapped[0]].kind != ArgKind::kNamed &&
               args[mapped[0]].kind != ArgKind::kStar2) {
      tooMany(c, callee, at, true);
      ok = false;
    }
  }
  return ok;
}

}  // namespace krait::infer
