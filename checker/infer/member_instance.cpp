// Attributes of instances: methods, variables, properties, `__getattr__` (mypy's analyze_instance_member_access,
// analyze_member_var_access and analyze_var).
#include "checker/infer/member.h"
#include "checker/infer/messages.h"

namespace krait::infer {

TypeId checkSelfArgument(Access& a, TypeId callee, TypeId self, bool is_classmethod) {
  World& w = a.c.w;
  std::vector<TypeId> kept;
  TypeId dispatched = is_classmethod ? w.types.typeType(self) : self;
  for (TypeId item : callableItems(w, callee)) {
    CallableView view = w.types.callable(item);
    bool has_self = view.paramCount() > 0 && (view.params()[0].kind == ParamKind::kPos || view.params()[0].kind == ParamKind::kOpt ||
                                              view.params()[0].kind == ParamKind::kStar);
    if (!has_self) {
      if (view.has(kEllipsisArgs)) return callee;
      failMember(a, Code::kMisc, "Attribute function \"" + std::string(w.text(a.name)) + "\" with type " + formatType(w, item) +
                                     " does not accept self argument");
      return callee;
    }
    TypeId wanted = proper(w, view.types()[0]);
    bool self_callable = a.name == w.names.__call__ && w.types.is(wanted, TypeKind::kCallable);
    TypeId erased = eraseTypeVars(w, [&] {
      // Variables stand for their bounds here.
      if (!w.types[wanted].has(kHasTypeVars)) return wanted;
      TypeId inner = wanted;
      if (w.types.is(wanted, TypeKind::kTypeVar)) return upperBound(w, TypeVarId(w.types[wanted].ref));
      if (w.types.is(wanted, TypeKind::kTypeType)) {
        TypeId of = proper(w, w.types[wanted].items[0]);
        if (w.types.is(of, TypeKind::kTypeVar)) inner = w.types.typeType(upperBound(w, TypeVarId(w.types[of].ref)));
      }
      return inner;
    }(), nullptr, w.types.any(AnyKind::kSpecialForm));
    SubtypeOptions options;
    options.ignore_positional_names = true;
    if (self_callable || isParamSpec(w, wanted) || isSubtype(w, dispatched, erased, options)) kept.push_back(item);
  }
  if (kept.empty()) {
    failMember(a, Code::kMisc, "Invalid self argument " + formatType(w, dispatched) + " to " +
                                   (is_classmethod ? "class attribute function \"" : "attribute function \"") +
                                   std::string(w.text(a.name)) + "\" with type " + formatType(w, callableItems(w, callee)[0]));
    return callee;
  }
  return w.types.overloaded(kept);
}

void checkFinalMember(Access& a, ClassId cls) {
  World& w = a.c.w;
  for (ClassId base : std::vector<ClassId>(w.header(cls).mro)) {
    SymbolId symbol = ownMember(w, base, a.name);
    if (symbol.valid() && w.symbols[symbol].has(kIsFinal) && w.resolved(symbol).kind == SymbolKind::kVariable) {
      failMember(a, Code::kMisc, "Cannot assign to final attribute \"" + std::string(w.text(a.name)) + "\"");
    }
  }
}

// `super().f()` where f is abstract and has no body worth calling.
static void checkSuperCall(Access& a, const Symbol& symbol) {
  World& w = a.c.w;
  if (!a.options.is_super || symbol.functions.empty()) return;
  FunctionId function = symbol.implementation.valid() ? symbol.implementation : symbol.functions[0];
  declare::readDecorators(w, function);
  const FunctionInfo& info = w.functions[function];
  if (!info.node.valid() || w.modules[info.module].is_stub) return;
  bool is_protocol = info.owner.valid() && w.header(info.owner).has(kClassProtocol);
  bool is_abstract = info.has(kFnAbstract) || (is_protocol && !info.has(kFnOverload));
  if (!is_abstract || !declare::isTrivialBody(w, info)) return;
  failMember(a, Code::kSafeSuper, "Call to abstract method \"" + std::string(w.text(info.name)) + "\" of \"" +
                                      std::string(w.text(w.classes[info.owner].name)) +
                                      "\" with trivial body via super() is unsafe");
}

static void warnDeprecated(Access& a, const Symbol& symbol) {
  World& w = a.c.w;
  if (symbol.functions.empty()) return;
  FunctionId function = symbol.functions.back();
  if (symbol.functions.size() == 1 || symbol.implementation.valid()) {
    if (symbol.implementation.valid()) function = symbol.implementation;
    if (!w.functions[function].deprecated.empty() && !a.options.silent) {
      reportDeprecated(a.c, w.functions[function].deprecated, a.at);
    }
  }
}

static TypeId bindTo(Access& a, TypeId type, ClassId owner, TypeId mapped, bool is_classmethod) {
  World& w = a.c.w;
  TypeId signature = a.options.preserve_type_var_ids ? type : freshenAll(w, type);
  signature = expandSelfType(w, signature, owner, a.self);
  signature = checkSelfArgument(a, signature, a.self, is_classmethod);
  TypeId bound = bindSelf(w, signature, is_classmethod ? w.types.typeType(a.self) : a.self, is_classmethod);
  return substituteByInstance(w, bound, mapped);
}

static TypeId accessMethod(Access& a, TypeId instance, const FoundMember& found) {
  World& w = a.c.w;
  const Symbol& symbol = w.symbols[found.symbol];
  warnDeprecated(a, symbol);
  checkSuperCall(a, symbol);
  if (a.options.as_target) failMember(a, Code::kMethodAssign, "Cannot assign to a method");
  TypeId type = w.hooks.symbol_type(w, found.symbol);
  if (!type.valid()) {
    if (!(a.c.callbacks->defer != nullptr && a.c.callbacks->defer(a.c, a.at))) {
      failMember(a, Code::kHasType, "Cannot determine type of \"" + std::string(w.text(a.name)) + "\"");
    }
    return w.types.any(AnyKind::kSpecialForm);
  }
  TypeId mapped = mapToSupertype(w, instance, found.owner);
  TypeId plain = proper(w, type);
  bool is_function = w.types.is(plain, TypeKind::kCallable) || w.types.is(plain, TypeKind::kOverloaded);
  if (!is_function || isTypeObject(w, plain)) {
    return accessDescriptor(a, substituteByInstance(w, expandSelfType(w, plain, found.owner, a.self), mapped));
  }
  if (symbol.has(kIsStaticMethod)) return substituteByInstance(w, expandSelfType(w, freshenAll(w, plain), found.owner, a.self), mapped);
  return bindTo(a, plain, found.owner, mapped, symbol.has(kIsClassMethod));
}

static TypeId accessProperty(Access& a, TypeId instance, const FoundMember& found) {
  World& w = a.c.w;
  TypeId type = w.hooks.symbol_type(w, found.symbol);
  const Symbol& symbol = w.symbols[found.symbol];
  checkSuperCall(a, symbol);
  TypeId mapped = mapToSupertype(w, instance, found.owner);
  if (a.options.as_target) {
    if (!symbol.has(kIsSettable)) {
      failMember(a, Code::kMisc, "Property \"" + std::string(w.text(a.name)) + "\" defined in \"" +
                                     std::string(w.text(w.classes[found.owner].name)) + "\" is read-only");
    } else if (symbol.setter_type.valid()) {
      return substituteByInstance(w, expandSelfType(w, symbol.setter_type, found.owner, a.self), mapped);
    }
  } else {
    FunctionId getter = symbol.functions.empty() ? FunctionId::none() : symbol.functions[0];
    if (getter.valid() && !w.functions[getter].deprecated.empty() && !a.options.silent) {
      reportDeprecated(a.c, w.functions[getter].deprecated, a.at);
    }
  }
  if (!type.valid()) return w.types.any(AnyKind::kSpecialForm);
  TypeId plain = proper(w, type);
  if (!w.types.is(plain, TypeKind::kCallable) && !w.types.is(plain, TypeKind::kOverloaded)) {
    return substituteByInstance(w, expandSelfType(w, type, found.owner, a.self), mapped);
  }
  TypeId bound = bindTo(a, plain, found.owner, mapped, false);
  bound = callableItems(w, bound)[0];
  return w.types.is(bound, TypeKind::kCallable) ? w.types.callable(bound).ret() : bound;
}

static TypeId enumMemberType(Access& a, TypeId instance) {
  World& w = a.c.w;
  TypeId plain = w.types.withoutLiteral(instance);
  return w.types.instance(w.types[instance].cls(), w.types[instance].args(), w.types.literal(LiteralKind::kEnum, w.text(a.name), plain));
}

static TypeId accessVariable(Access& a, TypeId instance, const FoundMember& found) {
  World& w = a.c.w;
  Symbol& symbol = w.symbols[found.symbol];
  std::string name(w.text(a.name));
  if (a.options.as_target) checkFinalMember(a, w.types[instance].cls());
  TypeId type = symbol.type;
  if (!w.types.is(type, TypeKind::kPartial)) type = w.hooks.symbol_type(w, found.symbol);
  if (!type.valid()) {
    if (!a.options.no_deferral && symbol.typed != Progress::kDone) {
      if (a.options.as_target) return TypeId::none();
      if (!(a.c.callbacks->defer != nullptr && a.c.callbacks->defer(a.c, a.at))) {
        failMember(a, Code::kHasType, "Cannot determine type of \"" + name + "\"");
      }
    }
    return w.types.any(AnyKind::kSpecialForm);
  }
  if (w.types.is(type, TypeKind::kPartial)) return symbolValueType(a.c, found.symbol, a.at, a.options.as_target);
  if (a.options.as_target) {
    if (symbol.has(kIsProperty) && !symbol.has(kIsSettable)) {
      failMember(a, Code::kMisc, "Property \"" + name + "\" defined in \"" + std::string(w.text(w.classes[found.owner].name)) +
                                     "\" is read-only");
    }
    if (symbol.has(kIsClassVar)) failMember(a, Code::kMisc, "Cannot assign to class variable \"" + name + "\" via instance");
  }
  TypeId mapped = mapToSupertype(w, instance, found.owner);
  TypeId plain = proper(w, type);
  bool is_function = (w.types.is(plain, TypeKind::kCallable) || w.types.is(plain, TypeKind::kOverloaded)) && !isTypeObject(w, plain);
  bool is_instance_var = !symbol.has(kIsClassVar) && !symbol.has(kIsInferred);
  bool binds = is_function && symbol.has(kIsInitializedInClass) && (!is_instance_var || a.options.is_operator);
  TypeId result;
  if (binds && !symbol.has(kIsStaticMethod)) {
    if (a.options.as_target) failMember(a, Code::kMethodAssign, "Cannot assign to a method");
    result = bindTo(a, plain, found.owner, mapped, symbol.has(kIsClassMethod));
  } else {
    TypeId fresh = a.options.preserve_type_var_ids ? plain : freshenAll(w, plain);
    result = substituteByInstance(w, expandSelfType(w, fresh, found.owner, a.self), mapped);
    if (fresh == type && result == type) result = type;
  }
  if (w.classes[found.owner].has(kClassEnum) && !a.options.as_target) {
    if (symbol.has(kIsEnumMember) && name != "name" && name != "value") {
      result = enumMemberType(a, mapped);
    } else if (isNamed(w, proper(w, result), "enum.nonmember") && w.types[result].count > 0) {
      result = w.types[proper(w, result)].items[0];
    }
  }
  if (symbol.final_value.valid() && !a.options.as_target && symbol.has(kIsInferred) &&
      w.types.is(proper(w, result), TypeKind::kInstance)) {
    const Type& of = w.types[proper(w, result)];
    result = w.types.instance(of.cls(), of.args(), symbol.final_value);
  }
  bool is_implicit = symbol.has(kIsSelfAttribute);
  bool protocol_variable = w.classes[found.owner].has(kClassProtocol) && is_instance_var;
  if (!is_implicit && !protocol_variable) result = accessDescriptor(a, result);
  return result;
}

// An attribute that a class does not have, but __getattr__ or __setattr__ answer for; none: they do not.
static TypeId accessDynamic(Access& a, TypeId instance) {
  World& w = a.c.w;
  if (a.name == w.names.__getattr__ || a.name == w.names.__setattr__ || a.name == w.names.__getattribute__ ||
      a.options.is_operator) {
    return TypeId::none();
  }
  const NameId readers[] = {w.names.__getattribute__, w.names.__getattr__};
  const NameId writers[] = {w.names.__setattr__};
  std::span<const NameId> methods = a.options.as_target ? std::span<const NameId>(writers) : std::span<const NameId>(readers);
  for (NameId method : methods) {
    FoundMember found = findMember(w, w.types[instance].cls(), method);
    if (!found.found() || isNamed(w, found.owner, "builtins.object")) continue;
    Access inner = a;
    inner.name = method;
    inner.options.as_target = false;
    TypeId bound = proper(w, accessInstance(inner, instance));
    if (!w.types.is(bound, TypeKind::kCallable)) return bound;
    CallableView view = w.types.callable(bound);
    if (!a.options.as_target) return view.ret();
    if (view.paramCount() > 0) return view.types()[view.paramCount() - 1];
  }
  return TypeId::none();
}

// The member as seen through super(): behind `skip_until` in the MRO.
static FoundMember findFrom(Access& a, ClassId cls) {
  World& w = a.c.w;
  if (!a.options.skip_until.valid()) return findMember(w, cls, a.name);
  bool is_behind = false;
  for (ClassId base : std::vector<ClassId>(w.header(cls).mro)) {
    if (is_behind) {
      SymbolId symbol = ownMember(w, base, a.name);
      if (symbol.valid()) return {symbol, base};
    }
    is_behind = is_behind || base == a.options.skip_until;
  }
  return {};
}

TypeId accessInstance(Access& a, TypeId instance) {
  World& w = a.c.w;
  ClassId cls = w.types[instance].cls();
  FoundMember found = findFrom(a, cls);
  if (a.name == w.names.__init__ && !a.options.is_super && !w.header(cls).has(kClassFinal)) {
    bool is_final = false;
    if (found.found()) {
      for (FunctionId function : w.symbols[found.symbol].functions) is_final = is_final || w.functions[function].has(kFnFinal);
    }
    if (!is_final) {
      failMember(a, Code::kMisc, "Accessing \"__init__\" on an instance is unsound, since instance.__init__ could be from an "
                                 "incompatible subclass");
      return w.types.any(AnyKind::kFromError);
    }
  }
  if (!found.found()) {
    TypeId dynamic = accessDynamic(a, instance);
    if (dynamic.valid()) return dynamic;
    if (w.classes[cls].has(kClassFallbackToAny)) return w.types.any(AnyKind::kSpecialForm);
    if (a.options.is_super) {
      failMember(a, Code::kMisc, "\"" + std::string(w.text(a.name)) + "\" undefined in superclass");
      return w.types.any(AnyKind::kFromError);
    }
    return missingMember(a, instance);
  }
  Symbol& symbol = w.resolved(found.symbol);
  if (symbol.kind != SymbolKind::kVariable && symbol.kind != SymbolKind::kFunction) {
    return symbolValueType(a.c, found.symbol, a.at, a.options.as_target);
  }
  w.hooks.symbol_type(w, found.symbol);  // completes the flags
  if (symbol.has(kIsProperty) && symbol.kind == SymbolKind::kFunction) return accessProperty(a, instance, found);
  if (symbol.kind == SymbolKind::kFunction) return accessMethod(a, instance, found);
  return accessVariable(a, instance, found);
}

}  // namespace krait::infer
