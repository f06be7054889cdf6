// Calls: of callables, overloads, classes, instances with __call__, unions and type variables.
#include <algorithm>

#include "checker/infer/infer.h"
#include "checker/infer/library.h"
#include "checker/infer/partial_types.h"

namespace krait::infer {

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

static std::vector<TypeId> inferPlain(Checker& c, CallSite& site) {
  std::vector<TypeId> types;
  for (const Arg& arg : site.args) types.push_back(arg.node.valid() ? inferExpr(c, arg.node) : arg.type);
  return types;
}

static void checkInstantiation(Checker& c, TypeId callee, CallSite& site) {
  World& w = c.w;
  CallableView view = w.types.callable(callee);
  if (!view.isTypeObject() || view.has(kFromTypeType)) return;
  TypeId instance = proper(w, view.made());
  if (!w.types.is(instance, TypeKind::kInstance)) return;
  ClassId cls = w.types[instance].cls();
  const ClassInfo& info = w.header(cls);
  std::string name(w.text(info.name));
  if (info.has(kClassProtocol)) {
    fail(c, site.node, Code::kAbstract, "Cannot instantiate protocol class \"" + name + "\"");
    return;
  }
  if (info.has(kClassFallbackToAny) && follows(*c.options, Divergence::kOpenAbstracts)) return;
  w.hooks.complete_abstract(w, cls);
  const auto& members = w.classes[cls].abstract_members;
  if (members.empty()) return;
  std::string names;
  std::vector<std::string> listed;
  for (const auto& member : members) listed.push_back("\"" + std::string(w.text(member.first)) + "\"");
  size_t count = listed.size();
  if (count > 5) {
    names = listed[0] + ", " + listed[1] + ", ... and " + listed.back() + " (" + std::to_string(count - 3) + " methods suppressed)";
  } else {
    for (size_t i = 0; i < count; ++i) names += (i == 0 ? "" : (i + 1 == count ? " and " : ", ")) + listed[i];
  }
  fail(c, site.node, Code::kAbstract, "Cannot instantiate abstract class \"" + name + "\" with abstract attribute" + (count == 1 ? "" : "s") + " " + names);
  for (const auto& member : members) {
    if (!member.second.valid() || !w.functions[member.second].has(kFnImplicitAbstract)) continue;
    note(c, site.node, Code::kAbstract,
         "\"" + std::string(w.text(member.first)) + "\" is implicitly abstract because it has an empty function body. If it is not meant to be abstract, explicitly `return` or `return None`.");
  }
}

static bool clashes(Checker& c, TypeId callee) {
  World& w = c.w;
  for (TypeId var : w.types.callable(callee).vars()) {
    const TypeVarInfo& info = typeVarOf(w, var);
    if (info.is_self) return true;
    for (ScopeId at = c.scope; at.valid(); at = w.scopes[at].parent) {
      const Scope& scope = w.scopes[at];
      if (scope.kind == ScopeKind::kClass && info.class_scope == scope.cls) return true;
      if (scope.kind == ScopeKind::kFunction && info.function_scope == scope.function) return true;
    }
  }
  return false;
}

// Is it an instance of the class, or of a class below it?
static bool isInstanceOf(World& w, TypeId type, ClassId cls) {
  type = proper(w, type);
  if (w.types.is(type, TypeKind::kTuple) || w.types.is(type, TypeKind::kTypedDict)) type = fallbackOf(w, type);
  if (isPlainTypeVar(w, type)) return true;
  return w.types.is(type, TypeKind::kInstance) && isSubclass(w, w.types[type].cls(), cls);
}

// A __new__ without annotations, bound, with what its body gives where that is not (only) instances of the class; none:
// it makes instances, or nobody can tell.
static TypeId inferredCreator(World& w, ClassId cls, TypeId bound) {
  TypeId plain = proper(w, bound);
  if (w.hooks.infer_result == nullptr || !w.types.is(plain, TypeKind::kCallable) || isMetaclass(w, cls) || w.header(cls).has(kClassEnum)) return TypeId::none();
  FunctionId function = w.types.callable(plain).shape->definition;
  if (!function.valid() || !w.types.is(proper(w, w.types.callable(plain).ret()), TypeKind::kAny)) return TypeId::none();
  TypeId given = w.hooks.infer_result(w, function);
  if (!given.valid()) return TypeId::none();
  ClassId owner = w.functions[function].owner;
  TypeId instance = selfTypeOf(w, cls);
  std::vector<TypeId> items;
  bool is_other = false;
  for (TypeId item : unionItems(w, given)) {
    TypeId one = proper(w, item);
    bool is_own = isInstanceOf(w, one, owner);
    is_other = is_other || (!is_own && !w.types.is(one, TypeKind::kAny));
    items.push_back(is_own ? instance : item);
  }
  if (!is_other) return TypeId::none();
  CallableParts parts = w.types.parts(plain);
  parts.ret = simplifiedUnion(w, items);
  return w.types.callable(parts);
}

// A metaclass's __call__ or a __new__ that is declared to give something else than an instance decides about a call of
// the class alone (typing specification, "Constructors"). None: __new__ and __init__ as usual.
TypeId decidingConstructor(World& w, ClassId cls) {
  auto declared = [&](FoundMember found, TypeId bound) {
    if (!bound.valid() || w.resolved(found.symbol).kind != SymbolKind::kFunction) return TypeId::none();
    TypeId plain = proper(w, bound);
    TypeId first = w.types.is(plain, TypeKind::kOverloaded) ? w.types[plain].items[0] : plain;
    if (!w.types.is(first, TypeKind::kCallable) || w.types.callable(first).has(kImplicit)) return TypeId::none();
    const Symbol& symbol = w.symbols[found.symbol];
    if (symbol.functions.empty()) return TypeId::none();
    const FunctionInfo& function = w.functions[symbol.functions[0]];
    if (!function.node.valid()) return TypeId::none();
    bool has_return = w.modules[function.module].ast->as<syntax::FunctionDef>(function.node).returns().valid();
    return has_return && !isInstanceOf(w, w.types.callable(first).ret(), cls) ? plain : TypeId::none();
  };
  TypeId instance = selfTypeOf(w, cls);
  TypeId metaclass = metaclassOf(w, cls);
  if (w.types.is(metaclass, TypeKind::kInstance) && !isNamed(w, metaclass, "builtins.type")) {
    FoundMember call = findMember(w, w.types[metaclass].cls(), w.names.__call__);
    if (call.found() && !isNamed(w, call.owner, "builtins.type")) {
      TypeId decided = declared(call, findMemberType(w, w.names.__call__, metaclass, w.types.typeType(instance)));
      if (decided.valid()) return decided;
    }
  }
  FoundMember creator = findMember(w, cls, w.names.__new__);
  if (!creator.found() || isNamed(w, creator.owner, "builtins.object") || w.modules[w.classes[creator.owner].module].is_library) {
    return TypeId::none();
  }
  TypeId type = w.hooks.symbol_type(w, creator.symbol);
  if (!type.valid()) return TypeId::none();
  TypeId bound = bindSelf(w, proper(w, type), w.types.typeType(instance), true);
  bound = substituteByInstance(w, bound, mapToSupertype(w, selfInstanceOf(w, cls), creator.owner));
  TypeId decided = declared(creator, bound);
  return decided.valid() ? decided : inferredCreator(w, cls, bound);
}

// A metaclass's __call__ that gives the instance: its arguments are checked, then __new__ and __init__ decide. False:
// they do not fit (reported).
static bool checkMetaclassCall(Checker& c, ClassId cls, const CallSite& site) {
  World& w = c.w;
  TypeId metaclass = metaclassOf(w, cls);
  if (!w.types.is(metaclass, TypeKind::kInstance) || isNamed(w, metaclass, "builtins.type")) return true;
  FoundMember call = findMember(w, w.types[metaclass].cls(), w.names.__call__);
  if (!call.found() || isNamed(w, call.owner, "builtins.type") || w.modules[w.classes[call.owner].module].is_library) return true;
  TypeId type = findMemberType(w, w.names.__call__, metaclass, w.types.typeType(selfTypeOf(w, cls)));
  if (!type.valid() || !w.types.is(proper(w, type), TypeKind::kCallable)) return true;
  Watch watch = startWatch(c);
  CallSite copy = site;
  checkCall(c, type, copy);
  if (hasNewErrors(c, watch)) return false;
  takeBack(c, watch);
  return true;
}

// The one of __new__ and __init__ that the class's callable is not made of takes the arguments, too. False: they do not
// fit (reported).
static bool checkSecondConstructor(Checker& c, ClassId cls, const CallSite& site) {
  TypeId second = secondConstructor(c.w, cls);
  if (!second.valid()) return true;
  Watch watch = startWatch(c);
  CallSite copy = site;
  checkCall(c, second, copy);
  if (hasNewErrors(c, watch)) return false;
  takeBack(c, watch);
  return true;
}

static CallResult callCallable(Checker& c, TypeId callee, CallSite& site, TypeId context) {
  World& w = c.w;
  callee = withNormalizedVarArgs(w, withUnpackedKwargs(w, callee));
  checkInstantiation(c, callee, site);
  if (follows(*c.options, Divergence::kConstructorsDecide) && w.types.callable(callee).isTypeObject()) {
    TypeId made = proper(w, w.types.callable(callee).made());
    if (w.types.is(made, TypeKind::kInstance)) {
      TypeId deciding = decidingConstructor(w, w.types[made].cls());
      if (deciding.valid()) return checkCall(c, deciding, site, context);
      if (!checkMetaclassCall(c, w.types[made].cls(), site) || !checkSecondConstructor(c, w.types[made].cls(), site)) return {made, callee};
    }
  }
  TypeId generic = callee;
  GenericCall call{site, {}, {}, {}, {}, {}};
  call.unions = context.valid() && w.types[context].has(kHasAlias);
  call.star_types.assign(site.args.size(), any(c));
  for (size_t i = 0; i < site.args.size(); ++i) {
    if (site.args[i].kind != ArgKind::kStar && site.args[i].kind != ArgKind::kStar2) continue;
    ++c.silent;
    call.star_types[i] = site.args[i].node.valid() ? inferExpr(c, site.args[i].node) : site.args[i].type;
    --c.silent;
  }
  std::vector<int32_t> ids;
  if (w.types.callable(callee).isGeneric()) {
    for (uint32_t i = 0; i < w.types.callable(callee).shape->var_count; ++i) ids.push_back(w.next_meta_id++);
    if (clashes(c, callee)) callee = freshen(w, callee, ids[0]);
    std::vector<TypeId> before(w.types.callable(callee).vars().begin(), w.types.callable(callee).vars().end());
    callee = inferFromContext(c, callee, context);
    std::span<const TypeId> left = w.types.callable(callee).vars();
    std::vector<int32_t> open_ids;
    for (size_t i = 0; i < before.size(); ++i) {
      if (std::find(left.begin(), left.end(), before[i]) != left.end()) open_ids.push_back(ids[i]);
    }
    ids = open_ids;
    callee = withNormalizedVarArgs(w, callee);
  }
  call.map = mapArguments(c, site, call.star_types, callee);
  call.inferAll(c, callee);
  if (w.types.callable(callee).isGeneric()) {
    callee = withNormalizedVarArgs(w, inferTypeArguments(c, callee, call, ids));
    call.remap(c, callee);
  }
  call.finish(c, callee);
  if (!checkOmittedArgument(c, callee, site, call.types)) {
    checkArgumentCount(c, callee, site, call.types, call.map);
    checkArgumentTypes(c, callee, site, call.types, call.map);
  }
  TypeId result = w.types.callable(callee).ret();
  // type(x) is the class of x. ref: mypy checkexpr.check_callable_call
  bool is_class_of = site.args.size() == 1 && w.types.callable(callee).isTypeObject() && isNamed(w, proper(w, w.types.callable(callee).made()), "builtins.type");
  if (is_class_of && call.types.size() == 1 && call.types[0].valid()) result = w.types.typeType(removeLastKnownValues(w, call.types[0]));
  bool makes_class = site.args.size() == 3 && w.types.callable(callee).isTypeObject() && isNamed(w, proper(w, result), "builtins.type");
  if (makes_class && follows(*c.options, Divergence::kMadeClasses)) result = w.types.typeType(any(c, AnyKind::kSpecialForm));
  // What nobody uses nobody asks for.
  bool is_used = !site.node.valid() || !c.ast->is(c.ast->parent(site.node), NodeKind::kExprStmt);
  if (is_used) result = resultOfCall(w, *c.options, callee, site, call.types, call.map, result);
  return {withAllOverloads(c, generic, call, result), callee};
}

static CallResult callUnion(Checker& c, TypeId callee, CallSite& site, TypeId context) {
  World& w = c.w;
  std::vector<TypeId> results;
  for (TypeId item : unionItems(w, callee)) {
    CallSite copy = site;
    results.push_back(checkCall(c, item, copy, context).ret);
  }
  return {simplifiedUnion(w, results), callee};
}

TypeId constructorOf(World& w, TypeId instance) {
  ClassId cls = w.types[instance].cls();
  TypeId constructor = classCallable(w, cls);
  auto fromType = [&](TypeId one) {
    CallableParts parts = w.types.parts(one);
    parts.set(kFromTypeType);
    TypeId made = substituteByInstance(w, w.types.callable(parts), instance);
    CallableParts done = w.types.parts(made);
    std::vector<TypeId> rest;
    for (TypeId var : done.vars) {
      bool own = false;
      for (TypeVarId variable : w.classes[cls].type_vars) own = own || variable.value == w.types[var].ref;
      if (!own) rest.push_back(var);
    }
    done.vars = rest;
    return w.types.callable(done);
  };
  if (w.types.is(constructor, TypeKind::kCallable)) return fromType(constructor);
  if (!w.types.is(constructor, TypeKind::kOverloaded)) return constructor;
  std::vector<TypeId> items;
  for (TypeId one : std::vector<TypeId>(w.types[constructor].args().begin(), w.types[constructor].args().end())) items.push_back(fromType(one));
  return w.types.overloaded(items);
}

static CallResult callTypeType(Checker& c, TypeId callee, CallSite& site, TypeId context) {
  World& w = c.w;
  TypeId item = proper(w, w.types[callee].items[0]);
  switch (w.types.kind(item)) {
    case TypeKind::kAny: inferPlain(c, site); return {any(c, AnyKind::kFromAnotherAny), callee};
    case TypeKind::kTypedDict: {
      TypeId instance = w.types[item].extra;
      if (!w.types.is(instance, TypeKind::kInstance) || w.types[instance].count > 0) break;
      TypeId constructor = classCallable(w, w.types[instance].cls());
      if (w.types.is(constructor, TypeKind::kCallable) && w.types.callable(constructor).ret() == item) return checkCall(c, constructor, site, context);
      break;
    }
    case TypeKind::kInstance:
    case TypeKind::kTuple: {
      TypeId instance = w.types.is(item, TypeKind::kTuple) ? w.types[item].extra : item;
      if (!w.types.is(instance, TypeKind::kInstance)) break;
      if (isNamed(w, instance, "builtins.tuple")) break;
      TypeId constructor = constructorOf(w, instance);
      if (!w.types.is(constructor, TypeKind::kOverloaded) && !w.types.is(constructor, TypeKind::kCallable)) break;
      return checkCall(c, constructor, site, context);
    }
    case TypeKind::kTypeVar: {
      TypeId bound = upperBound(w, TypeVarId(w.types[item].ref));
      TypeId plain = proper(w, bound);
      std::vector<TypeId> values = valuesOf(w, TypeVarId(w.types[item].ref));
      if (!values.empty()) plain = values[0];
      if (isObject(w, plain) || w.types.is(plain, TypeKind::kInstance) || w.types.is(plain, TypeKind::kTuple)) {
        CallResult result = callTypeType(c, w.types.typeType(plain), site, context);
        return {item, result.callee};
      }
      if (w.types.is(plain, TypeKind::kUnion)) {
        callUnion(c, w.types.typeType(plain), site, context);
        return {item, callee};
      }
      inferPlain(c, site);
      return {item, callee};
    }
    case TypeKind::kUnion: return callUnion(c, w.types.typeType(item), site, context);
    default: break;
  }
  inferPlain(c, site);
  if (w.types.is(item, TypeKind::kTuple)) {
    fail(c, site.node, Code::kMisc, "Cannot instantiate type " + formatType(w, callee));
    return {any(c), callee};
  }
  return {any(c), callee};
}

// The type of `__call__`, looked up on `object`, which stands for the callee.
static TypeId callMethodOf(Checker& c, TypeId callee, TypeId object, const CallSite& site) {
  AttributeSite attribute;
  attribute.node = site.node;
  attribute.name = c.w.names.__call__;
  attribute.original = callee;
  attribute.self_type = callee;
  attribute.is_operator = true;
  return attributeType(c, object, attribute);
}

CallResult checkCall(Checker& c, TypeId callee, CallSite& site, TypeId context) {
  World& w = c.w;
  callee = proper(w, callee);
  switch (w.types.kind(callee)) {
    case TypeKind::kCallable: return callCallable(c, callee, site, context);
    case TypeKind::kOverloaded: return checkOverloadCall(c, callee, site, context);
    case TypeKind::kAny: inferPlain(c, site); return {any(c, AnyKind::kFromAnotherAny), callee};
    case TypeKind::kUnion: return callUnion(c, callee, site, context);
    case TypeKind::kTypeType:
      if (w.types.isTypeForm(callee)) break;
      return callTypeType(c, callee, site, context);
    case TypeKind::kNever: inferPlain(c, site); return {w.types.never(), callee};
    case TypeKind::kInstance: {
      if (partialFunction(w, callee).valid()) return callPartial(c, callee, site, context);
      TypeId call = callMethodOf(c, callee, callee, site);
      if (w.types.is(call, TypeKind::kAny)) {
        inferPlain(c, site);
        return {call, callee};
      }
      if (call == callee) return {any(c), callee};
      return checkCall(c, call, site, context);
    }
    case TypeKind::kTypeVar: return checkCall(c, fallbackOf(w, callee) == callee ? any(c) : upperBound(w, TypeVarId(w.types[callee].ref)), site, context);
    case TypeKind::kTuple: return checkCall(c, callMethodOf(c, callee, tupleFallback(w, callee), site), site, context);
    case TypeKind::kErased:
    case TypeKind::kUnbound: inferPlain(c, site); return {any(c), callee};
    default: break;
  }
  inferPlain(c, site);
  fail(c, site.node, Code::kOperator, w.types.is(callee, TypeKind::kModule) ? "Module not callable" : formatType(w, callee) + " not callable");
  return {any(c), callee};
}

CallResult callMethod(Checker& c, NameId method, TypeId base, std::vector<Arg> args, NodeId node, TypeId context, TypeId original) {
  World& w = c.w;
  TypeId plain = proper(w, base);
  if (w.types.is(plain, TypeKind::kUnion)) {
    std::vector<TypeId> results;
    for (TypeId item : unionItems(w, plain)) {
      AttributeSite attribute;
      attribute.node = node;
      attribute.name = method;
      attribute.original = base;
      attribute.self_type = item;
      attribute.is_operator = true;
      TypeId type = attributeType(c, item, attribute);
      CallSite site;
      site.args = args;
      site.node = node;
      site.object_type = item;
      site.is_implicit = true;
      results.push_back(checkCall(c, type, site, context).ret);
    }
    return {simplifiedUnion(w, results), TypeId::none()};
  }
  AttributeSite attribute;
  attribute.node = node;
  attribute.name = method;
  attribute.original = original.valid() ? original : base;
  attribute.self_type = base;
  attribute.is_operator = true;
  TypeId type = attributeType(c, base, attribute);
  CallSite site;
  site.args = std::move(args);
  site.node = node;
  site.object_type = base;
  site.is_implicit = method != w.names.__init_subclass__;  // whose arguments stand in the class header
  return checkCall(c, type, site, context);
}

// Those by position come first, also where `*args` is written behind keywords: so they are evaluated and numbered.
static void readArguments(Checker& c, NodeList args, CallSite& site) {
  std::vector<NodeId> ordered;
  for (NodeId node : args) {
    if (!c.ast->is(node, NodeKind::kKeyword)) ordered.push_back(node);
  }
  for (NodeId node : args) {
    if (c.ast->is(node, NodeKind::kKeyword)) ordered.push_back(node);
  }
  for (NodeId node : ordered) {
    if (auto keyword = c.ast->tryAs<syntax::Keyword>(node)) {
      if (keyword->arg().valid()) {
        site.args.push_back({keyword->value(), ArgKind::kNamed, syntax::nameOf(*c.ast, keyword->arg()), TypeId::none()});
      } else {
        site.args.push_back({keyword->value(), ArgKind::kStar2, NameId::none(), TypeId::none()});
      }
    } else if (auto starred = c.ast->tryAs<syntax::Starred>(node)) {
      site.args.push_back({starred->value(), ArgKind::kStar, NameId::none(), TypeId::none()});
    } else {
      site.args.push_back({node, ArgKind::kPos, NameId::none(), TypeId::none()});
    }
  }
}

static bool onlyReturnsNone(World& w, TypeId type) {
  if (!type.valid()) return false;
  type = proper(w, type);
  if (w.types.is(type, TypeKind::kOverloaded)) {
    for (TypeId item : w.types[type].args()) {
      if (!onlyReturnsNone(w, item)) return false;
    }
    return true;
  }
  return w.types.is(type, TypeKind::kCallable) && w.types.is(proper(w, w.types.callable(type).ret()), TypeKind::kNone);
}

// Is the callee declared to return None, so that its result cannot be meant? mypy's always_returns_none.
static bool alwaysReturnsNone(Checker& c, NodeId func) {
  World& w = c.w;
  SymbolId symbol = lookupDotted(w, c.module, c.scope, *c.ast, func);
  if (symbol.valid()) symbol = followImports(w, symbol);
  if (!symbol.valid()) {
    auto attribute = c.ast->tryAs<syntax::Attribute>(func);
    TypeId value = attribute ? c.nodeType(attribute->value()) : TypeId::none();
    if (!value.valid()) return false;
    value = proper(w, value);
    if (w.types.is(value, TypeKind::kModule)) return false;
    if (w.types.is(value, TypeKind::kCallable) && w.types.callable(value).isTypeObject()) value = proper(w, w.types.callable(value).made());
    if (!w.types.is(value, TypeKind::kInstance)) value = fallbackOf(w, value);
    if (!w.types.is(value, TypeKind::kInstance)) return false;
    symbol = findMember(w, w.types[value].cls(), syntax::nameOf(*c.ast, attribute->attr())).symbol;
    if (!symbol.valid()) return false;
  }
  const Symbol& info = w.resolved(symbol);
  if (info.kind == SymbolKind::kFunction) return !info.has(kIsProperty) && onlyReturnsNone(w, w.hooks.symbol_type(w, symbol));
  if (info.kind != SymbolKind::kVariable || !info.type.valid()) return false;
  TypeId type = proper(w, info.type);
  if (w.types.is(type, TypeKind::kCallable)) return onlyReturnsNone(w, type);
  if (!w.types.is(type, TypeKind::kInstance)) return false;
  FoundMember call = findMember(w, w.types[type].cls(), w.names.__call__);
  return call.found() && w.resolved(call.symbol).kind == SymbolKind::kFunction && onlyReturnsNone(w, w.hooks.symbol_type(w, call.symbol));
}

// --untyped-calls-exclude: functions of these modules may be called though they have no annotations.
// `object`: the class of the object whose method it is, which counts and not the one that defines it; or none.
// ref: mypy checkexpr.method_fullname
static bool isUntypedAllowed(Checker& c, FunctionId function, ClassId object) {
  World& w = c.w;
  SymbolId symbol = w.functions[function].symbol;
  if (!symbol.valid() || c.options->untyped_calls_exclude.empty()) return false;
  std::string name = object.valid() ? w.classes[object].fullname + "." + std::string(w.text(w.symbols[symbol].name)) : fullNameOf(w, symbol);
  for (const std::string& prefix : c.options->untyped_calls_exclude) {
    if (name == prefix || name.starts_with(prefix + ".")) return true;
  }
  return false;
}

// reveal_type and reveal_locals work without an import; at run time they may not be there.
static void checkUnimportedReveal(Checker& c, NodeId node, NameId name) {
  World& w = c.w;
  if (c.options->enabled_codes.count(Code::kUnimportedReveal) == 0) return;
  std::string text(w.text(name));
  fail(c, node, Code::kUnimportedReveal, "Name \"" + text + "\" is not defined");
  if (name != w.names.reveal_type) return;
  bool is_new = c.options->version.major > 3 || c.options->version.minor >= 11;
  std::string module = is_new ? "typing" : "typing_extensions";
  note(c, node, Code::kUnimportedReveal, "Did you forget to import it from \"" + module + "\"? (Suggestion: \"from " + module + " import reveal_type\")");
}

// dict(…, x=1): keywords are keys, which are strings. ref: mypy checkexpr.infer_function_type_arguments
static void checkDictKeywords(Checker& c, NodeId node, const CallSite& site, TypeId made) {
  World& w = c.w;
  bool has_keywords = std::any_of(site.args.begin(), site.args.end(), [](const auto& arg) { return arg.kind == ArgKind::kNamed || arg.kind == ArgKind::kStar2; });
  if (!has_keywords || !isNamed(w, made, "builtins.dict") || w.types[made].count != 2) return;
  TypeId key = proper(w, w.types[made].items[0]);
  if (!w.types.is(key, TypeKind::kInstance) || isNamed(w, key, "builtins.str")) return;
  fail(c, node, Code::kMisc, "Keyword argument only valid with \"str\" key type in call to \"dict\"");
}

TypeId inferCall(Checker& c, NodeId node, TypeId context) {
  World& w = c.w;
  bool none_is_fine = c.none_is_fine;
  auto call = c.ast->as<syntax::Call>(node);
  NodeId func = call.func();
  CallSite site;
  site.node = node;
  site.callee_node = func;
  if (c.ast->is(func, NodeKind::kName) || c.ast->is(func, NodeKind::kAttribute)) {
    site.callable_name = fullNameAt(w, c.module, c.scope, *c.ast, func);
    // reveal_type needs no import.
    NameId called = c.ast->is(func, NodeKind::kName) ? syntax::nameOf(*c.ast, func) : NameId::none();
    bool revealing = site.callable_name.empty() && (called == w.names.reveal_type || called == w.names.reveal_locals);
    if (revealing) site.callable_name = "builtins." + std::string(w.text(called));
    TypeId result;
    if (!site.callable_name.empty() && specialCall(c, node, site.callable_name, context, result)) {
      if (revealing) checkUnimportedReveal(c, node, called);
      return result;
    }
    if (site.callable_name == "builtins.dict") {
      if (TypeId made = dictCallInContext(c, node, context); made.valid()) return made;
    }
  }
  readArguments(c, call.args(), site);
  if (site.args.size() == 1 && site.args[0].kind == ArgKind::kPos) completeByCall(c, func, site.args[0].node);
  if (!site.callable_name.empty()) {
    if (TypeId made = fieldCall(c, node, site.callable_name, site); made.valid()) return made;
  }
  Watch before_callee = startWatch(c);
  TypeId callee = inferExpr(c, func, c.ast->is(func, NodeKind::kLambda) ? calledLambdaContext(c, func, site) : TypeId::none());
  callee = boundConstructor(c, func, callee);
  if (TypeId made = typedDictCall(c, callee, node); made.valid()) return made;
  TypeId typed_dict;
  if (auto attribute = c.ast->tryAs<syntax::Attribute>(func)) {
    site.object_type = c.nodeType(attribute->value());
    TypeId object_type = site.object_type.valid() ? proper(w, site.object_type) : site.object_type;
    if (object_type.valid() && w.types.is(object_type, TypeKind::kTypedDict)) {
      typed_dict = object_type;
      NodeId first = !site.args.empty() && site.args[0].kind == ArgKind::kPos ? site.args[0].node : NodeId::none();
      callee = typedDictCallee(c, typed_dict, syntax::nameOf(*c.ast, attribute->attr()), callee, first);
    } else if (object_type.valid() && w.types.is(object_type, TypeKind::kUnion)) {
      bool has_dict = false;
      for (TypeId item : unionItems(w, object_type)) has_dict = has_dict || w.types.is(proper(w, item), TypeKind::kTypedDict);
      if (has_dict) {
        takeBack(c, before_callee);
        return typedDictUnionCall(c, object_type, node, site);
      }
    }
  }
  // Calls of unannotated functions from annotated code.
  TypeId plain_callee = proper(w, callee);
  if (c.options->disallow_untyped_calls && !isDynamic(c) && w.types.is(plain_callee, TypeKind::kCallable) &&
      w.types.callable(plain_callee).has(kImplicit)) {
    CallableView view = w.types.callable(plain_callee);
    FunctionId definition = view.shape->definition;
    bool is_class = view.isTypeObject() && w.types.is(proper(w, view.made()), TypeKind::kInstance);
    TypeId owner = site.object_type.valid() ? proper(w, site.object_type) : site.object_type;
    ClassId object = owner.valid() && w.types.is(owner, TypeKind::kInstance) ? w.types[owner].cls() : ClassId::none();
    if (definition.valid() && (!view.isTypeObject() || is_class) && !isUntypedAllowed(c, definition, object)) {
      std::string name(is_class ? w.text(w.classes[w.types[proper(w, view.made())].cls()].name) : w.text(w.functions[definition].name));
      // A variable that holds the function has not its name.
      bool is_named = is_class || view.shape->name.valid();
      fail(c, node, Code::kNoUntypedCall, "Call to untyped function " + (is_named ? "\"" + name + "\"" : std::string("(unknown)")) + " in typed context");
    }
  }
  bool operator_name = c.ast->is(func, NodeKind::kAttribute);
  if (operator_name) site.object_type = TypeId::none();
  if (isNamed(w, plain_callee, "functools._SingleDispatchCallable")) {
    FunctionId dispatched = singledispatchFunction(c, func);
    if (dispatched.valid() && declaredSignature(w, dispatched).valid()) callee = declaredSignature(w, dispatched);
  }
  if (operator_name) checkAbstractCall(c, func, plain_callee);
  CallResult result = checkCall(c, callee, site, context);
  bool is_class = w.types.is(plain_callee, TypeKind::kTypeType) || (w.types.is(plain_callee, TypeKind::kCallable) && w.types.callable(plain_callee).isTypeObject());
  if (is_class) checkArrayConstructor(c, result.ret, site);
  // The resolved callee carries the guard that narrowing reads.
  if (result.callee.valid() && w.types.is(result.callee, TypeKind::kCallable) && w.types.callable(result.callee).guard().valid()) {
    c.nodeType(func) = result.callee;
  }
  TypeId ret = is_class ? partialObject(c, site, result.ret, context) : result.ret;
  // member(1) keeps the literal. ref: mypy plugins/enums.py
  if (is_class && isNamed(w, proper(w, ret), "enum.member") && w.types[proper(w, ret)].count == 1 && site.args.size() == 1 && site.args[0].node.valid()) {
    TypeId given = c.nodeType(site.args[0].node);
    if (w.types.is(given, TypeKind::kInstance) && w.types[given].extra.valid()) ret = w.types.rebuild(w.types[proper(w, ret)], std::span<const TypeId>(&given, 1), TypeId::none());
  }
  if (typed_dict.valid()) {
    ret = typedDictMethod(c, typed_dict, syntax::nameOf(*c.ast, c.ast->as<syntax::Attribute>(func).attr()), node, ret);
  }
  checkFormatCall(c, node);
  if (site.callable_name == "builtins.isinstance" || site.callable_name == "builtins.issubclass") {
    checkClassArgument(c, node, site.callable_name.substr(9));
  }
  bool is_subclass_test = site.callable_name == "builtins.issubclass";
  if (is_subclass_test || site.callable_name == "builtins.isinstance") checkRuntimeProtocols(c, node, is_subclass_test);
  if (w.types.is(proper(w, ret), TypeKind::kUnion) && !follows(*c.options, Divergence::kUnionResults)) {
    ret = simplifiedUnion(w, std::vector<TypeId>(w.types[proper(w, ret)].args().begin(), w.types[proper(w, ret)].args().end()));
  }
  if (site.callable_name == "builtins.dict") checkDictKeywords(c, node, site, proper(w, ret));
  // What never returns ends the flow.
  if (w.types.is(proper(w, ret), TypeKind::kNever) && w.types[proper(w, ret)].sub == 0 && c.binder != nullptr &&
      !w.types.is(proper(w, callee), TypeKind::kNever)) {
    c.binder->unreachable();
  }
  if (!none_is_fine && !isDynamic(c) && w.types.is(proper(w, ret), TypeKind::kNone) && alwaysReturnsNone(c, func)) {
    std::string name = callableName(w, callee);
    if (name.empty()) name = "Function";
    if (name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 32);
    fail(c, node, Code::kFuncReturnsValue, name + " does not return a value (it only ever returns None)");
    return any(c);
  }
  return ret;
}

}  // namespace krait::infer
