// Calls: by the kind of the callee (mypy's check_call), of one callable (check_callable_call), and Call expressions.
#include "checker/infer/forms.h"
#include "checker/infer/member.h"
#include "checker/infer/messages.h"
#include "checker/solve/constraints.h"

namespace krait::infer {

static CallResult callAny(Context& c, TypeId callee, const std::vector<Argument>& args) {
  inferArgumentsAlone(c, args);
  TypeId any = anyFrom(c.w, callee);
  return {any, any};
}

CallResult checkUnionCall(Context& c, TypeId callee, const std::vector<Argument>& args, NodeId at, const std::string& callable_name) {
  std::vector<TypeId> results;
  for (TypeId item : unionItems(c.w, callee)) results.push_back(checkCall(c, item, args, at, callable_name).type);
  return {simplifiedUnion(c.w, results), callee};
}

// The callable of `type[T]`'s item.
static TypeId callableOfClass(Context& c, TypeId item, NodeId at) {
  World& w = c.w;
  item = proper(w, item);
  auto fromType = [&](TypeId callee, TypeId ret) {
    std::vector<TypeId> items;
    for (TypeId each : callableItems(w, callee)) {
      if (!w.types.is(each, TypeKind::kCallable)) return callee;
      CallableParts parts = w.types.parts(each);
      parts.set(kFromTypeType);
      if (ret.valid()) parts.ret = ret;
      items.push_back(w.types.callable(parts));
    }
    return w.types.overloaded(items);
  };
  switch (w.types.kind(item)) {
    case TypeKind::kAny: return anyFrom(w, item);
    case TypeKind::kInstance: {
      TypeId callee = classObjectType(c, w.types[item].cls(), at);
      std::vector<TypeId> args(w.types[item].args().begin(), w.types[item].args().end());
      if (!args.empty()) {
        std::vector<TypeId> items;
        for (TypeId each : callableItems(w, callee)) {
          if (!w.types.is(each, TypeKind::kCallable)) return callee;
          items.push_back(applyGenericArguments(c, each, args, at));
        }
        callee = w.types.overloaded(items);
      }
      return fromType(callee, TypeId::none());
    }
    case TypeKind::kUnion: {
      std::vector<TypeId> items;
      for (TypeId each : unionItems(w, item)) items.push_back(callableOfClass(c, each, at));
      return w.types.unionOf(items);
    }
    case TypeKind::kTypeVar: {
      TypeId callee = callableOfClass(c, upperBound(w, TypeVarId(w.types[item].ref)), at);
      if (w.types.is(callee, TypeKind::kCallable) || w.types.is(callee, TypeKind::kOverloaded)) return fromType(callee, item);
      if (w.types.is(callee, TypeKind::kUnion)) {
        std::vector<TypeId> items;
        for (TypeId each : unionItems(w, callee)) items.push_back(fromType(each, item));
        return w.types.unionOf(items);
      }
      return callee;
    }
    case TypeKind::kTypeType: {
      TypeId inner = proper(w, w.types[item].items[0]);
      if (w.types.is(inner, TypeKind::kInstance)) {
        TypeId metaclass = metaclassOf(w, w.types[inner].cls());
        return callableOfClass(c, metaclass, at);
      }
      break;
    }
    case TypeKind::kTuple: {
      TypeId callee = classObjectType(c, w.types[tupleFallback(w, item)].cls(), at);
      return fromType(callee, item);
    }
    case TypeKind::kTypedDict: return classObjectType(c, w.types[w.types[item].extra].cls(), at);
    case TypeKind::kNone: {
      CallableParts parts;
      parts.ret = item;
      return w.types.callable(parts);
    }
    default: break;
  }
  fail(c, at, Code::kMisc, "Cannot instantiate type \"type[" + formatTypeBare(w, item) + "]\"");
  return w.types.any(AnyKind::kFromError);
}

static void dataForAbstract(Context& c, ClassId cls, NodeId at) {
  World& w = c.w;
  w.hooks.complete_abstract(w, cls);
  const ClassInfo& info = w.classes[cls];
  if (info.abstract_members.empty() || info.has(kClassFallbackToAny)) return;
  std::vector<std::string> names, implicit;
  for (const auto& member : info.abstract_members) {
    names.push_back("\"" + std::string(w.text(member.first)) + "\"");
    if (!member.second.valid() || !w.functions[member.second].has(kFnImplicitAbstract)) continue;
    TypeId type = w.functions[member.second].type;
    if (type.valid() && w.types.is(type, TypeKind::kCallable) &&
        isSubtype(w, w.types.none(), w.types.callable(type).ret())) {
      implicit.push_back(names.back());
    }
  }
  std::string list;
  if (names.size() > 5) {
    list = names[0] + ", " + names[1] + ", ... and " + names.back() + " (" + std::to_string(names.size() - 3) + " methods suppressed)";
  } else {
    for (size_t i = 0; i < names.size(); ++i) list += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  }
  fail(c, at, Code::kAbstract, "Cannot instantiate abstract class \"" + std::string(w.text(info.name)) + "\" with abstract attribute" +
                                   (names.size() == 1 ? " " : "s ") + list);
  if (implicit.size() == 1) {
    note(c, at, Code::kAbstract, implicit[0] + " is implicitly abstract because it has an empty function body. If it is not meant to "
                                               "be abstract, explicitly `return` or `return None`.");
  } else if (implicit.size() > 1) {
    std::string all;
    for (size_t i = 0; i < implicit.size(); ++i) all += (i == 0 ? "" : i + 1 == implicit.size() ? " and " : ", ") + implicit[i];
    note(c, at, Code::kAbstract, "The following methods were marked implicitly abstract because they have empty function bodies: " +
                                     all + ". If they are not meant to be abstract, explicitly `return` or `return None`.");
  }
}

static void checkInstantiation(Context& c, CallableView view, NodeId at) {
  World& w = c.w;
  if (!view.isTypeObject() || view.has(kFromTypeType)) return;
  TypeId made = proper(w, view.ret());
  if (w.types.is(made, TypeKind::kTuple)) made = tupleFallback(w, made);
  if (!w.types.is(made, TypeKind::kInstance)) return;
  ClassId cls = w.types[made].cls();
  if (w.header(cls).has(kClassProtocol)) {
    fail(c, at, Code::kAbstract, "Cannot instantiate protocol class \"" + std::string(w.text(w.classes[cls].name)) + "\"");
    return;
  }
  dataForAbstract(c, cls, at);
}

static std::vector<TypeId> starTypes(Context& c, const std::vector<Argument>& args) {
  std::vector<TypeId> types(args.size());
  for (size_t i = 0; i < args.size(); ++i) {
    if (args[i].kind == ArgKind::kPos || args[i].kind == ArgKind::kNamed) continue;
    types[i] = args[i].type.valid() ? args[i].type : inferExpr(c, args[i].node);
  }
  return types;
}

static bool needsRefresh(World& w, TypeId callee) {
  for (TypeId var : w.types.callable(callee).vars()) {
    if (!isPlainTypeVar(w, var)) return true;
  }
  return false;
}

// `f(*args, **kwargs)` where both are those of the ParamSpec.
static bool forwardsParamSpec(World& w, TypeId callee, const std::vector<Argument>& args, const std::vector<TypeId>& types) {
  TypeId spec = paramSpecOf(w, callee);
  if (!spec.valid() || args.size() != 2 || args[0].kind != ArgKind::kStar || args[1].kind != ArgKind::kStar2) return false;
  TypeId first = proper(w, types[0]), second = proper(w, types[1]);
  return isParamSpec(w, first) && isParamSpec(w, second) && w.types[first].ref == w.types[spec].ref &&
         w.types[second].ref == w.types[spec].ref && w.types[first].sub == static_cast<uint8_t>(TypeVarForm::kArgs) &&
         w.types[second].sub == static_cast<uint8_t>(TypeVarForm::kKwargs);
}

CallResult checkCallableCall(Context& c, TypeId callee, std::vector<Argument>& args, NodeId at, NodeId callable_node,
                             const std::string& callable_name, TypeId object_type) {
  World& w = c.w;
  callee = withNormalizedVarArgs(w, withUnpackedKwargs(w, callee));
  checkInstantiation(c, w.types.callable(callee), at);
  std::vector<TypeId> star_types = starTypes(c, args);
  ArgumentMap map = mapArguments(w, args, callee, star_types);
  TypeId ret = proper(w, w.types.callable(callee).ret());
  if (w.types.is(ret, TypeKind::kCallable) && w.types.callable(ret).isGeneric()) {
    CallableParts parts = w.types.parts(callee);
    parts.ret = solve::freshen(w, ret);
    callee = w.types.callable(parts);
  }
  if (w.types.callable(callee).isGeneric()) {
    bool refresh = needsRefresh(w, callee);
    callee = solve::freshen(w, callee);
    callee = inferByReturnContext(c, callee, at);
    if (refresh) {
      callee = withNormalizedVarArgs(w, callee);
      map = mapArguments(w, args, callee, star_types);
    }
    if (w.types.callable(callee).isGeneric()) {
      callee = inferByArguments(c, callee, args, map, at);
      if (refresh) {
        callee = withNormalizedVarArgs(w, callee);
        map = mapArguments(w, args, callee, star_types);
      }
    }
  }
  if (forwardsParamSpec(w, callee, args, star_types)) return {w.types.callable(callee).ret(), callee};
  std::vector<TypeId> types = inferArguments(c, callee, args, map);
  checkArgumentCount(c, callee, types, args, map, at, object_type, callable_name);
  checkArgumentTypes(c, types, args, callee, map, at, object_type);
  TypeId result = w.types.callable(callee).ret();
  if (w.types.callable(callee).isTypeObject() && types.size() == 1 && isNamed(w, proper(w, result), "builtins.type")) {
    result = w.types.typeType(w.types.withoutLiteral(types[0]));
  }
  if (callable_node.valid()) recordType(c, callable_node, callee);
  return {result, callee};
}

CallResult checkCall(Context& c, TypeId callee, std::vector<Argument> args, NodeId at, std::string callable_name, TypeId object_type,
                     NodeId callable_node) {
  World& w = c.w;
  callee = proper(w, callee);
  switch (w.types.kind(callee)) {
    case TypeKind::kCallable: return checkCallableCall(c, callee, args, at, callable_node, callable_name, object_type);
    case TypeKind::kOverloaded: {
      CallResult result = checkOverloadedCall(c, callee, args, at, callable_name, object_type);
      if (callable_node.valid()) recordType(c, callable_node, result.callee);
      return result;
    }
    case TypeKind::kAny: return callAny(c, callee, args);
    case TypeKind::kUnion: return checkUnionCall(c, callee, args, at, callable_name);
    case TypeKind::kInstance: {
      MemberOptions options;
      options.is_operator = true;
      TypeId method = memberType(c, callee, w.names.__call__, at, options);
      std::string name = w.classes[w.types[callee].cls()].fullname + ".__call__";
      CallResult result = checkCall(c, method, std::move(args), at, name, callee);
      if (callable_node.valid()) recordType(c, callable_node, callee);
      return result;
    }
    case TypeKind::kTypeVar: return checkCall(c, upperBound(w, TypeVarId(w.types[callee].ref)), std::move(args), at, callable_name, object_type, callable_node);
    case TypeKind::kTypeType:
      return checkCall(c, callableOfClass(c, w.types[callee].items[0], at), std::move(args), at, callable_name, object_type, callable_node);
    case TypeKind::kTuple: return checkCall(c, tupleFallback(w, callee), std::move(args), at, callable_name, object_type, callable_node);
    case TypeKind::kNever:
      inferArgumentsAlone(c, args);
      return {callee, callee};
    case TypeKind::kPartial:
    case TypeKind::kErased:
    case TypeKind::kUnbound: return callAny(c, callee, args);
    default:
      inferArgumentsAlone(c, args);
      reportNotCallable(c, callee, at);
      return {w.types.any(AnyKind::kFromError), w.types.any(AnyKind::kFromError)};
  }
}

CallResult checkMethodCallByName(Context& c, NameId method, TypeId value, std::vector<Argument> args, NodeId at) {
  World& w = c.w;
  MemberOptions options;
  options.is_operator = true;
  options.original = value;
  options.self_type = value;
  TypeId plain = proper(w, value);
  if (w.types.is(plain, TypeKind::kUnion)) {
    std::vector<TypeId> types, callees;
    for (TypeId item : unionItems(w, plain)) {
      // Errors speak of the item and the union.
      options.self_type = item;
      options.original = plain;
      TypeId callee = memberType(c, item, method, at, options);
      CallResult result = checkCall(c, callee, args, at, "", item);
      types.push_back(result.type);
      callees.push_back(result.callee);
    }
    return {simplifiedUnion(w, types), callees.empty() ? w.types.any() : callees[0]};
  }
  TypeId callee = memberType(c, value, method, at, options);
  std::string name;
  if (w.types.is(plain, TypeKind::kInstance)) {
    name = w.classes[w.types[plain].cls()].fullname + "." + std::string(w.text(method));
  }
  return checkCall(c, callee, std::move(args), at, name, value);
}

TypeId classObjectType(Context& c, ClassId cls, NodeId at) {
  World& w = c.w;
  const ClassInfo& info = w.header(cls);
  if (at.valid() && !info.deprecated.empty()) reportDeprecated(c, info.deprecated, at);
  // A metaclass may answer the call itself.
  return classCallable(w, cls);
}

// ---- Call expressions ----

// The symbol that the callee names, or none.
static SymbolId calleeSymbol(Context& c, NodeId func) {
  World& w = c.w;
  if (!c.ast->is(func, syntax::NodeKind::kName) && !c.ast->is(func, syntax::NodeKind::kAttribute)) return SymbolId::none();
  SymbolId symbol = declare::lookupDotted(w, c.module, c.scope, *c.ast, func);
  return symbol.valid() ? followImports(w, symbol) : symbol;
}

static bool onlyReturnsNone(World& w, TypeId type) {
  if (!type.valid()) return false;
  type = proper(w, type);
  if (w.types.is(type, TypeKind::kOverloaded)) {
    for (TypeId item : callableItems(w, type)) {
      if (!onlyReturnsNone(w, item)) return false;
    }
    return true;
  }
  return w.types.is(type, TypeKind::kCallable) && isNone(w, proper(w, w.types.callable(type).ret()));
}

// Is the callee declared to return None, so that its result should not be used? mypy's always_returns_none.
static bool alwaysReturnsNone(Context& c, NodeId func) {
  World& w = c.w;
  SymbolId symbol = calleeSymbol(c, func);
  if (!symbol.valid()) {
    auto attribute = c.ast->tryAs<syntax::Attribute>(func);
    if (!attribute) return false;
    TypeId value = recordedType(c, attribute->value());
    if (!value.valid()) return false;
    value = proper(w, value);
    if (w.types.is(value, TypeKind::kModule)) return false;
    if (isTypeObject(w, value)) value = proper(w, w.types.callable(callableItems(w, value)[0]).ret());
    if (!w.types.is(value, TypeKind::kInstance)) value = fallbackOf(w, value);
    if (!w.types.is(value, TypeKind::kInstance)) return false;
    symbol = findMember(w, w.types[value].cls(), syntax::nameOf(*c.ast, attribute->attr())).symbol;
    if (!symbol.valid()) return false;
  }
  const Symbol& info = w.resolved(symbol);
  if (info.kind == SymbolKind::kFunction) {
    if (info.has(kIsProperty)) return false;
    return onlyReturnsNone(w, w.hooks.symbol_type(w, symbol));
  }
  if (info.kind != SymbolKind::kVariable || !info.type.valid()) return false;
  TypeId type = proper(w, info.type);
  if (w.types.is(type, TypeKind::kCallable)) return onlyReturnsNone(w, type);
  if (w.types.is(type, TypeKind::kInstance)) {
    FoundMember call = findMember(w, w.types[type].cls(), w.names.__call__);
    return call.found() && w.resolved(call.symbol).kind == SymbolKind::kFunction && onlyReturnsNone(w, w.hooks.symbol_type(w, call.symbol));
  }
  return false;
}

// `x.append(1)` where x is a partial list: completes x.
static void completeByMethod(Context& c, NodeId call) {
  World& w = c.w;
  auto node = c.ast->as<syntax::Call>(call);
  auto attribute = c.ast->tryAs<syntax::Attribute>(node.func());
  if (!attribute) return;
  SymbolId symbol;
  if (auto name = c.ast->tryAs<syntax::Name>(attribute->value())) {
    symbol = declare::lookupName(w, c.scope, name->name());
  } else if (auto member = c.ast->tryAs<syntax::Attribute>(attribute->value())) {
    auto base = c.ast->tryAs<syntax::Name>(member->value());
    if (base && c.cls.valid() && base->name() == w.names.self) symbol = ownMember(w, c.cls, syntax::nameOf(*c.ast, member->attr()));
  }
  if (!symbol.valid() || !w.symbols[symbol].type.valid() || !w.types.is(w.symbols[symbol].type, TypeKind::kPartial)) return;
  uint32_t ref = w.types[w.symbols[symbol].type].ref;
  if (ref == TypeId::kNone || findPartial(c, symbol) == nullptr) return;
  ClassId cls(ref);
  const std::string fullname = w.classes[cls].fullname;
  std::string_view method = w.text(syntax::nameOf(*c.ast, attribute->attr()));
  std::vector<Argument> args = argumentsOf(c, node.args());
  if (args.size() != 1 || args[0].kind != ArgKind::kPos) return;
  bool adds_item = (fullname == "builtins.list" && method == "append") || (fullname == "builtins.set" && (method == "add" || method == "discard"));
  bool adds_all = (fullname == "builtins.list" && method == "extend") || (fullname == "builtins.set" && method == "update") ||
                  ((fullname == "builtins.dict" || fullname == "collections.OrderedDict") && method == "update");
  if (!adds_item && !adds_all) return;
  TypeId given = inferExpr(c, args[0].node);
  if (adds_item) {
    TypeId item = w.types.is(given, TypeKind::kInstance) ? w.types.withoutLiteral(given) : given;
    if (!isValidInferred(c, item)) return;
    completePartial(c, symbol, w.types.instance(cls, std::span<const TypeId>(&item, 1)));
    return;
  }
  given = proper(w, given);
  if (isAny(w, given)) {
    completePartial(c, symbol, instanceWithAny(w, cls, AnyKind::kFromAnotherAny));
    return;
  }
  if (!w.types.is(given, TypeKind::kInstance)) return;
  bool same = isSubclass(w, w.types[given].cls(), cls) || (fullname == "builtins.dict" && isNamed(w, given, "builtins.dict")) ||
              isNamed(w, given, "builtins.list") || isNamed(w, given, "builtins.set");
  if (!same || w.types[given].count != w.header(cls).type_vars.size()) return;
  if (!isValidInferred(c, given)) return;
  completePartial(c, symbol, w.types.instance(cls, w.types[given].args()));
}

static TypeId lambdaCalleeContext(Context& c, NodeId func, const std::vector<Argument>& args) {
  World& w = c.w;
  auto lambda = c.ast->tryAs<syntax::Lambda>(func);
  if (!lambda) return TypeId::none();
  CallableParts parts;
  size_t at = 0;
  for (NodeId param : c.ast->as<syntax::Parameters>(lambda->params()).params()) {
    auto view = c.ast->as<syntax::Parameter>(param);
    if (view.parameterKind() != syntax::ParameterKind::kPositionalOrKeyword || at >= args.size() || args[at].kind != ArgKind::kPos) {
      return TypeId::none();
    }
    parts.add(syntax::nameOf(*c.ast, view.name()), view.defaultValue().valid() ? ParamKind::kOpt : ParamKind::kPos,
              inferExpr(c, args[at++].node));
  }
  parts.ret = objectType(w);
  return w.types.callable(parts);
}

static void untypedCall(Context& c, TypeId callee, const std::string& fullname, NodeId at) {
  World& w = c.w;
  if (!c.options().disallow_untyped_calls || c.is_dynamic || !w.types.is(callee, TypeKind::kCallable)) return;
  CallableView view = w.types.callable(callee);
  if (!view.has(kImplicit) || (view.shape->name.valid() && w.text(view.shape->name) == "<lambda>")) return;
  for (const std::string& excluded : c.options().untyped_calls_exclude) {
    if (fullname == excluded || fullname.starts_with(excluded + ".")) return;
  }
  std::string name = callableName(w, callee);
  fail(c, at, Code::kNoUntypedCall, "Call to untyped function " + (name.empty() ? "(unknown)" : name) + " in typed context");
}

TypeId inferCall(Context& c, NodeId node, bool allow_none_return) {
  World& w = c.w;
  auto call = c.ast->as<syntax::Call>(node);
  NodeId func = call.func();
  SymbolId symbol = calleeSymbol(c, func);
  std::string fullname;
  if (symbol.valid()) {
    const Symbol& info = w.resolved(symbol);
    fullname = info.kind == SymbolKind::kClass ? w.classes[info.cls].fullname : fullNameOf(w, symbol);
    TypeId special = inferSpecialCall(c, node, fullname, currentExpected(c));
    if (special.valid()) return special;
  }
  completeByMethod(c, node);
  std::vector<Argument> args = argumentsOf(c, call.args());
  InferOptions callee_options;
  callee_options.always_allow_any = true;
  callee_options.is_callee = true;
  bool was_dynamic = c.is_dynamic;
  TypeId callee = proper(w, inferExpr(c, func, lambdaCalleeContext(c, func, args), callee_options));
  if (!was_dynamic && isTypedDictClass(w, callee)) {
    TypeId made = proper(w, w.types.callable(callableItems(w, callee)[0]).ret());
    return checkTypedDictCall(c, made, node);
  }
  TypeId object_type;
  if (auto attribute = c.ast->tryAs<syntax::Attribute>(func)) {
    TypeId value = recordedType(c, attribute->value());
    if (value.valid() && !symbol.valid()) {
      object_type = value;
      TypeId plain = proper(w, value);
      if (w.types.is(plain, TypeKind::kTypedDict)) {
        callee = typedDictMethodType(c, plain, syntax::nameOf(*c.ast, attribute->attr()), node, callee);
      }
      if (fullname.empty() && w.types.is(plain, TypeKind::kInstance)) {
        fullname = w.classes[w.types[plain].cls()].fullname + "." + std::string(w.text(syntax::nameOf(*c.ast, attribute->attr())));
      }
    }
  }
  untypedCall(c, callee, fullname, node);
  CallResult result = checkCall(c, callee, args, node, fullname, object_type, func);
  TypeId type = proper(w, result.type);
  if (auto attribute = c.ast->tryAs<syntax::Attribute>(func)) {
    if (syntax::nameOf(*c.ast, attribute->attr()) == w.names.format) checkFormatCall(c, node, attribute->value());
  }
  if (w.types.is(type, TypeKind::kUnion)) type = proper(w, simplifiedUnion(w, unionItems(w, type)));
  if (w.types.is(type, TypeKind::kNever) && w.types[type].sub == 0) c.frames->setUnreachable();
  if (!allow_none_return && isNone(w, type) && alwaysReturnsNone(c, func)) {
    std::string name = callableName(w, callee);
    if (name.empty()) name = "Function";
    fail(c, node, Code::kFuncReturnsValue, toTitle(name) + " does not return a value (it only ever returns None)");
    return w.types.any(AnyKind::kFromError);
  }
  return type;
}

}  // namespace krait::infer
