// Attribute access: on instances, classes, modules, unions, type variables…; descriptors, properties and the binding of
// methods. ref: mypy checkmember.py; data model 3.3.2.2
#include <algorithm>

#include "checker/infer/infer.h"
#include "checker/infer/library.h"

namespace krait::infer {

// Did a hasattr() test find the attribute that the type does not have?
static bool isTested(Checker& c, const AttributeSite& site) {
  if (site.is_lvalue || !site.node.valid() || c.binder == nullptr || !c.ast->is(site.node, NodeKind::kAttribute)) return false;
  KeyId key = keyOf(c, site.node);
  if (!key.valid()) return false;
  KnownType known = c.binder->find(key);
  return known.type.valid() && (known.is_guard || !known.from_assignment);
}

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

bool hasMember(Checker& c, TypeId type, NameId name) {
  World& w = c.w;
  for (TypeId item : unionItems(w, type)) {
    TypeId instance = w.types.is(item, TypeKind::kInstance) ? item : fallbackOf(w, item);
    if (w.types.is(item, TypeKind::kAny)) return true;
    // Nobody knows what an unknown class's metaclass has.
    bool is_open = w.types.is(item, TypeKind::kTypeType) && w.types.is(proper(w, w.types[item].items[0]), TypeKind::kAny);
    if (is_open && !w.types.isTypeForm(item)) continue;
    if (!w.types.is(instance, TypeKind::kInstance)) return false;
    if (findMember(w, w.types[instance].cls(), name).found()) continue;
    if (w.classes[w.types[instance].cls()].has(kClassFallbackToAny)) continue;
    return false;
  }
  return true;
}

static TypeId expandSelfType(World& w, TypeId type, ClassId owner, TypeId self_type);

// An unannotated __get__ gives the descriptor itself where the class is asked; `type`: what it gives an instance.
static TypeId withoutItself(World& w, TypeId type, ClassId cls) {
  if (!w.types.is(proper(w, type), TypeKind::kUnion)) return type;
  std::vector<TypeId> rest;
  for (TypeId item : unionItems(w, type)) {
    TypeId plain = proper(w, item);
    bool is_self = w.types.is(plain, TypeKind::kTypeVar) && w.type_vars[TypeVarId(w.types[plain].ref)].is_self;
    bool is_own = is_self || (w.types.is(plain, TypeKind::kInstance) && w.types[plain].cls() == cls);
    if (!is_own) rest.push_back(item);
  }
  return rest.empty() ? type : w.types.unionOf(rest);
}

TypeId readDescriptor(Checker& c, TypeId descriptor, TypeId instance, TypeId owner, AttributeSite& site) {
  World& w = c.w;
  TypeId plain = proper(w, descriptor);
  if (w.types.is(plain, TypeKind::kUnion)) {
    std::vector<TypeId> items;
    for (TypeId item : unionItems(w, plain)) items.push_back(readDescriptor(c, item, instance, owner, site));
    return simplifiedUnion(w, items);
  }
  if (!w.types.is(plain, TypeKind::kInstance)) return descriptor;
  if (!findMember(w, w.types[plain].cls(), w.names.__get__).found()) return descriptor;
  TypeId getter = findMemberType(w, w.names.__get__, plain, plain);
  if (!getter.valid()) return descriptor;
  TypeId called = proper(w, getter);
  bool may_call = !w.types.is(called, TypeKind::kInstance) || findMember(w, w.types[called].cls(), w.names.__call__).found() || w.header(w.types[called].cls()).has(kClassFallbackToAny);
  if (!may_call) {
    if (site.node.valid() && !site.is_silent) fail(c, site.node, Code::kMisc, revealType(w, plain) + ".__get__ is not callable");
    return any(c);
  }
  getter = withInferredResult(w, getter);
  CallSite call;
  call.node = site.node;
  call.args.push_back({NodeId::none(), ArgKind::kPos, NameId::none(), instance.valid() ? instance : w.types.none()});
  call.args.push_back({NodeId::none(), ArgKind::kPos, NameId::none(), w.types.typeType(owner)});
  call.is_implicit = true;
  // Of an unannotated one messages say "__get__" alone.
  if (w.types.is(getter, TypeKind::kCallable) && w.types.callable(getter).has(kImplicit)) {
    CallableParts parts = w.types.parts(getter);
    parts.name = w.names.__get__;
    getter = w.types.callable(parts);
  }
  Watch watch = startWatch(c);
  CallResult result = checkCall(c, getter, call);
  if (site.node.valid()) checkDeprecated(c, findMember(w, w.types[plain].cls(), w.names.__get__).symbol, site.node);
  if (hasNewErrors(c, watch) && site.is_silent) takeBack(c, watch);
  bool is_inferred = w.types.is(getter, TypeKind::kCallable) && w.types.callable(getter).has(kImplicit);
  if (!is_inferred) return result.ret;
  if (instance.valid()) result.ret = withoutItself(w, result.ret, w.types[plain].cls());
  return expandSelfType(w, result.ret, w.types[plain].cls(), plain);
}

// What may be assigned to a descriptor: the value parameter of __set__.
static TypeId writeDescriptor(Checker& c, TypeId descriptor, AttributeSite& site) {
  World& w = c.w;
  TypeId plain = proper(w, descriptor);
  if (!w.types.is(plain, TypeKind::kInstance)) return descriptor;
  bool has_set = findMember(w, w.types[plain].cls(), w.names.__set__).found();
  bool has_get = findMember(w, w.types[plain].cls(), w.names.__get__).found();
  if (!has_set) {
    // Assigning to a non-data descriptor replaces it for the instance; what it gives is what must fit.
    if (has_get) {
      TypeId getter = findMemberType(w, w.names.__get__, plain, plain);
      bool is_function = getter.valid() && (w.types.is(getter, TypeKind::kCallable) || w.types.is(getter, TypeKind::kOverloaded));
      if (is_function) return readDescriptor(c, descriptor, site.self_type, fallbackOf(w, site.self_type), site);
    }
    return descriptor;
  }
  TypeId setter = findMemberType(w, w.names.__set__, plain, plain);
  if (site.node.valid()) checkDeprecated(c, findMember(w, w.types[plain].cls(), w.names.__set__).symbol, site.node);
  if (setter.valid() && w.types.is(setter, TypeKind::kOverloaded)) {
    std::vector<TypeId> values;
    for (TypeId item : w.types[setter].args()) {
      CallableView view = w.types.callable(item);
      if (view.paramCount() > 1) values.push_back(view.types()[1]);
    }
    return simplifiedUnion(w, values);
  }
  if (!setter.valid() || !w.types.is(setter, TypeKind::kCallable)) {
    bool is_wrong = setter.valid() && w.types.is(proper(w, setter), TypeKind::kInstance) && site.node.valid();
    if (is_wrong) fail(c, site.node, Code::kMisc, revealType(w, plain) + ".__set__ is not callable");
    return any(c);
  }
  // Whatever the value is, the call must be right.
  CallSite call;
  call.node = site.node;
  call.args.push_back({NodeId::none(), ArgKind::kPos, NameId::none(), site.self_type});
  call.args.push_back({NodeId::none(), ArgKind::kPos, NameId::none(), any(c, AnyKind::kSpecialForm)});
  call.is_implicit = true;
  if (w.types.callable(setter).has(kImplicit)) {
    CallableParts parts = w.types.parts(setter);
    parts.name = w.names.__set__;
    setter = w.types.callable(parts);
  }
  Watch watch = startWatch(c);
  checkCall(c, setter, call);
  if (hasNewErrors(c, watch) && (site.is_silent || !site.node.valid())) takeBack(c, watch);
  CallableView view = w.types.callable(setter);
  return view.paramCount() > 1 ? view.types()[1] : any(c);
}

static TypeId expandSelfType(World& w, TypeId type, ClassId owner, TypeId self_type) {
  TypeVarId self_var = w.classes[owner].self_var;
  if (!self_var.valid() || !w.types[type].has(kHasSelf)) return type;
  Substitution map;
  map.add(self_var, self_type);
  return substitute(w, type, map);
}

// Does self fit the first parameter? Reports otherwise. Overloads keep the items that fit.
static TypeId checkSelfArgument(Checker& c, TypeId method, TypeId self_type, bool is_classmethod, AttributeSite& site) {
  World& w = c.w;
  std::vector<TypeId> items;
  if (w.types.is(method, TypeKind::kOverloaded)) {
    items.assign(w.types[method].args().begin(), w.types[method].args().end());
  } else {
    items.push_back(method);
  }
  TypeId dispatched = is_classmethod && !w.types.is(self_type, TypeKind::kTypeType) ? w.types.typeType(self_type) : self_type;
  std::vector<TypeId> fitting;
  std::string name(w.text(site.name));
  for (TypeId item : items) {
    CallableView view = w.types.callable(item);
    if (view.paramCount() == 0 || isNamed(view.params()[0].kind) || view.params()[0].kind == ParamKind::kStar2) {
      fail(c, site.node, Code::kMisc, "Attribute function \"" + name + "\" with type " + formatType(w, item) + " does not accept self argument");
      return method;
    }
    TypeId self_param = view.types()[0];
    TypeId erased = eraseTypeVars(w, self_param, nullptr, w.types.any(AnyKind::kSpecialForm));
    // A variable self is checked against its bound.
    TypeId plain = proper(w, self_param);
    TypeId inner = w.types.is(plain, TypeKind::kTypeType) ? proper(w, w.types[plain].items[0]) : plain;
    if (isPlainTypeVar(w, inner)) {
      TypeId bound = eraseTypeVars(w, upperBound(w, TypeVarId(w.types[inner].ref)), nullptr, w.types.any(AnyKind::kSpecialForm));
      erased = w.types.is(plain, TypeKind::kTypeType) ? w.types.typeType(bound) : bound;
    }
    if (isSubtype(w, dispatched, erased)) fitting.push_back(item);
  }
  if (fitting.empty()) {
    fail(c, site.node, Code::kMisc,
         "Invalid self argument " + formatType(w, dispatched) + " to " + (is_classmethod ? "class attribute function" : "attribute function") + " \"" + name +
             "\" with type " + formatType(w, items[0]));
    return method;
  }
  return w.types.overloaded(fitting);
}

static bool isFunctionLike(World& w, TypeId type) { return w.types.is(type, TypeKind::kCallable) || w.types.is(type, TypeKind::kOverloaded); }

// What a property gives whose getter is an object that a decorator made; none: no such object, or one with `__get__`.
// ref: mypy checkmember.analyze_var
static TypeId objectGetter(Checker& c, TypeId getter, const AttributeSite& site) {
  World& w = c.w;
  if (!w.types.is(getter, TypeKind::kInstance)) return TypeId::none();
  if (findMember(w, w.types[getter].cls(), w.names.__get__).found()) return TypeId::none();
  TypeId call = findMemberType(w, w.names.__call__, getter, getter, false, false);
  if (!call.valid()) {
    fail(c, site.node, Code::kOperator, formatType(w, getter) + " not callable");
    return any(c);
  }
  call = proper(w, call);
  return w.types.is(call, TypeKind::kCallable) ? w.types.callable(call).ret() : TypeId::none();
}

// A member found in `owner`, read through an instance.
// Each time a generic function is read from a class or an object its own variables are new ones, whose numbers the cases of
// --test-lib-stub show. ref: mypy checkmember.add_class_tvars, analyze_instance_member_access
static TypeId withNewVariables(Checker& c, TypeId function) {
  if (c.w.options.test_lib_stub.empty() || c.silent > 0) return function;
  return freshen(c.w, function);
}

static TypeId instanceMember(Checker& c, TypeId instance, FoundMember found, AttributeSite& site) {
  World& w = c.w;
  Symbol& symbol = w.resolved(found.symbol);
  std::string name(w.text(site.name));
  if (symbol.kind == SymbolKind::kClass || symbol.kind == SymbolKind::kModule || symbol.kind == SymbolKind::kImport) {
    SymbolId target = followImports(w, found.symbol);
    return target.valid() ? w.hooks.symbol_type(w, target) : any(c, AnyKind::kFromUnimported);
  }
  if (symbol.kind == SymbolKind::kAlias) return aliasValue(c, symbol.alias, site.node);
  TypeId type = w.hooks.symbol_type(w, found.symbol);
  if (!type.valid()) {
    cannotDetermine(c, site.name, site.node);
    return any(c);
  }
  if (symbol.kind == SymbolKind::kFunction) type = withInferredResult(w, type);
  TypeId mapped = mapToSupertype(w, instance, found.owner);
  if (symbol.kind == SymbolKind::kFunction && site.node.valid()) {
    bool uses_setter = site.is_lvalue && symbol.has(kIsSettable);
    checkDeprecated(c, found.symbol, site.node, uses_setter);
  }
  if (symbol.has(kIsProperty)) {
    if (site.is_lvalue) {
      if (!symbol.has(kIsSettable)) {
        fail(c, site.node, Code::kMisc, "Property \"" + name + "\" defined in \"" + std::string(w.text(w.classes[found.owner].name)) + "\" is read-only");
      }
      if (symbol.setter_type.valid()) return substituteByInstance(w, expandSelfType(w, symbol.setter_type, found.owner, site.self_type), mapped);
    }
    TypeId getter = proper(w, expandSelfType(w, type, found.owner, site.self_type));
    if (!isFunctionLike(w, getter)) {
      if (TypeId given = objectGetter(c, getter, site); given.valid()) return substituteByInstance(w, given, mapped);
      return w.types.is(getter, TypeKind::kInstance) ? readDescriptor(c, substituteByInstance(w, getter, mapped), site.self_type, instance, site) : substituteByInstance(w, getter, mapped);
    }
    TypeId self = symbol.has(kIsClassMethod) ? w.types.typeType(site.self_type) : site.self_type;
    getter = checkSelfArgument(c, getter, self, symbol.has(kIsClassMethod), site);
    TypeId bound = bindSelf(w, getter, self, symbol.has(kIsClassMethod));
    bound = substituteByInstance(w, bound, mapped);
    if (w.types.is(bound, TypeKind::kOverloaded)) bound = w.types[bound].items[0];
    return w.types.callable(bound).ret();
  }
  if (symbol.kind == SymbolKind::kFunction) {
    if (site.is_lvalue && !site.is_super && !follows(*c.options, Divergence::kMethodAssignment)) {
      fail(c, site.node, Code::kMethodAssign, "Cannot assign to a method");
    }
    TypeId signature = proper(w, type);
    if (!isFunctionLike(w, signature)) {
      signature = substituteByInstance(w, signature, mapped);
      return readDescriptor(c, signature, site.self_type, instance, site);
    }
    signature = withNewVariables(c, signature);
    if (symbol.has(kIsStaticMethod)) return substituteByInstance(w, signature, mapped);
    signature = expandSelfType(w, signature, found.owner, site.self_type);
    if (name != "__class__") signature = checkSelfArgument(c, signature, site.self_type, symbol.has(kIsClassMethod), site);
    TypeId bound = bindSelf(w, signature, site.self_type, symbol.has(kIsClassMethod));
    return substituteByInstance(w, bound, mapped);
  }
  // A variable.
  type = substituteByInstance(w, expandSelfType(w, type, found.owner, site.self_type), mapped);
  TypeId plain = proper(w, type);
  if (site.is_lvalue) {
    if (symbol.has(kIsReadOnlyItem)) {
      fail(c, site.node, Code::kMisc, "Property \"" + name + "\" defined in \"" + std::string(w.text(w.classes[found.owner].name)) + "\" is read-only");
    }
    if (symbol.has(kIsClassVar) && !symbol.has(kIsSynthesised)) {
      fail(c, site.node, Code::kMisc, "Cannot assign to class variable \"" + name + "\" via instance");
    }
    if (symbol.setter_type.valid()) return substituteByInstance(w, symbol.setter_type, mapped);
    return symbol.has(kIsSelfAttribute) || symbol.has(kIsInstanceOnly) ? type : writeDescriptor(c, type, site);
  }
  bool binds = isFunctionLike(w, plain) && symbol.has(kIsInitializedInClass) && !symbol.has(kIsStaticMethod) &&
               (symbol.has(kIsClassVar) || !symbol.has(kIsDeclared)) && !symbol.has(kIsSelfAttribute);
  if (binds) {
    TypeId first = w.types.is(plain, TypeKind::kOverloaded) ? w.types[plain].items[0] : plain;
    if (w.types.callable(first).isTypeObject()) return type;
    if (symbol.has(kIsClassMethod)) return bindSelf(w, plain, w.types.typeType(site.self_type), true);
    // Callable class attributes are methods when they are read through an instance.
    if (w.types.callable(first).paramCount() == 0) {
      fail(c, site.node, Code::kMisc, "Attribute function \"" + name + "\" with type " + formatType(w, first) + " does not accept self argument");
      return type;
    }
    TypeId checked = checkSelfArgument(c, plain, site.self_type, false, site);
    return bindSelf(w, checked, site.self_type);
  }
  if (symbol.has(kIsInitializedInClass) && !symbol.has(kIsSelfAttribute)) return readDescriptor(c, type, site.self_type, instance, site);
  return type;
}

// A name in `__slots__` is an attribute, whoever assigns to it.
static bool isSlot(Checker& c, ClassId cls, NameId name) {
  World& w = c.w;
  if (!follows(*c.options, Divergence::kInferredAttributes)) return false;
  for (ClassId base : std::vector<ClassId>(w.header(cls).mro)) {
    const ClassInfo& info = w.members(base);
    SymbolId written = w.scopes[info.scope].names.find(w.names.__slots__);
    if (!written.valid() || w.symbols[written].has(kIsSynthesised)) continue;
    if (std::find(info.slots.begin(), info.slots.end(), name) != info.slots.end()) return true;
  }
  return false;
}

static TypeId fallbackAttribute(Checker& c, TypeId instance, AttributeSite& site) {
  World& w = c.w;
  std::string_view name = w.text(site.name);
  bool is_dunder = name.starts_with("__") && name.ends_with("__");
  ClassId cls = w.types[instance].cls();
  if (!(is_dunder && site.is_operator)) {
    const NameId readers[] = {w.names.__getattribute__, w.names.__getattr__};
    const NameId writers[] = {w.names.__setattr__};
    for (NameId method : site.is_lvalue ? std::span<const NameId>(writers) : std::span<const NameId>(readers)) {
      FoundMember found = findMember(w, cls, method);
      if (!found.found() || isNamed(w, found.owner, "builtins.object")) continue;
      TypeId type = findMemberType(w, method, instance, site.self_type);
      if (!type.valid()) continue;
      type = proper(w, type);
      // `__getattr__ = 'x'` helps nobody.
      if (w.resolved(found.symbol).kind == SymbolKind::kVariable && w.types.is(type, TypeKind::kInstance) && !findMember(w, w.types[type].cls(), w.names.__call__).found()) continue;
      if (!w.types.is(type, TypeKind::kCallable)) return any(c, AnyKind::kSpecialForm);
      CallableView view = w.types.callable(type);
      if (site.is_lvalue) return view.paramCount() > 1 ? view.types()[1] : any(c);
      return view.ret();
    }
  }
  if (w.classes[cls].has(kClassFallbackToAny) || isSlot(c, cls, site.name)) return any(c, AnyKind::kSpecialForm);
  return TypeId::none();
}

static TypeId onInstance(Checker& c, TypeId instance, AttributeSite& site) {
  World& w = c.w;
  FoundMember found = findMember(w, w.types[instance].cls(), site.name);
  if (site.name == w.names.__init__ && !site.is_super && !site.is_silent && !follows(*c.options, Divergence::kInitAccess)) {
    fail(c, site.node, Code::kMisc, "Accessing \"__init__\" on an instance is unsound, since instance.__init__ could be from an incompatible subclass");
    return any(c);
  }
  bool is_enum = w.classes[w.types[instance].cls()].has(kClassEnum) && !site.is_lvalue;
  if (is_enum && found.found()) {
    bool special = site.name == w.names.value || site.name == w.names._value_ || site.name == w.names.name || site.name == w.names._name_;
    TypeId type = instanceMember(c, instance, found, site);
    bool own_member = w.symbols[found.symbol].has(kIsEnumMember);
    if (own_member && (site.name == w.names.value || site.name == w.names.name)) {
      // A member that hides the property: what it is there is its value.
      TypeId value = enumMemberValue(w, found.owner, found.symbol);
      return value.valid() ? value : type;
    }
    return special ? enumAttribute(c, site.self_type, site.name, type) : withoutNonMember(w, type);
  }
  if (found.found()) return arrayAttribute(c, instance, site, instanceMember(c, instance, found, site));
  TypeId fallback = fallbackAttribute(c, instance, site);
  if (fallback.valid()) return fallback;
  if (isTested(c, site)) return any(c, AnyKind::kSpecialForm);
  if (!site.suppress_errors) noAttribute(c, site.original, site.original == site.self_type ? site.original : instance, site.name, site.node, site.is_lvalue);
  return any(c);
}

// An attribute of the class object itself.
static TypeId classMember(Checker& c, TypeId instance, FoundMember found, AttributeSite& site, TypeId class_type) {
  World& w = c.w;
  Symbol& symbol = w.resolved(found.symbol);
  if (symbol.kind == SymbolKind::kClass || symbol.kind == SymbolKind::kModule || symbol.kind == SymbolKind::kImport) {
    SymbolId target = followImports(w, found.symbol);
    return target.valid() ? symbolValue(c, target, site.node) : any(c, AnyKind::kFromUnimported);
  }
  if (symbol.kind == SymbolKind::kAlias) return aliasValue(c, symbol.alias, site.node);
  TypeId type = w.hooks.symbol_type(w, found.symbol);
  if (!type.valid()) {
    cannotDetermine(c, site.name, site.node);
    return any(c);
  }
  if (TypeId inferred = symbol.kind == SymbolKind::kFunction ? withInferredResult(w, type) : type; inferred != type) {
    type = expandSelfType(w, inferred, found.owner, site.self_type);
  }
  TypeId mapped = mapToSupertype(w, instance, found.owner);
  TypeId plain = proper(w, type);
  if (site.is_lvalue) {
    // What fits a method's type may take its place.
    bool is_method = symbol.kind == SymbolKind::kFunction && !symbol.has(kIsProperty);
    if (is_method && !follows(*c.options, Divergence::kMethodAssignment)) fail(c, site.node, Code::kMethodAssign, "Cannot assign to a method");
  }
  if (symbol.has(kIsEnumMember)) return type;
  if (symbol.kind == SymbolKind::kFunction && site.node.valid()) checkDeprecated(c, found.symbol, site.node);
  if (w.classes[found.owner].has(kClassEnum) && symbol.kind == SymbolKind::kVariable && !site.is_lvalue) type = withoutNonMember(w, type);
  if (symbol.kind == SymbolKind::kFunction) {
    if (symbol.has(kIsProperty)) {
      // Without an instance a property is itself.
      TypeId property = builtinType(w, "property");
      bool is_cached = !symbol.functions.empty() && w.functions[symbol.functions[0]].has(kFnCachedProperty) && follows(*c.options, Divergence::kCachedProperties);
      if (is_cached && w.types.is(plain, TypeKind::kCallable)) {
        TypeId args[] = {substituteByInstance(w, w.types.callable(plain).ret(), mapped)};
        property = namedType(w, "functools", "cached_property", args);
      }
      if (!isFunctionLike(w, plain)) return substituteByInstance(w, type, mapped);
      return w.types.is(property, TypeKind::kInstance) ? property : any(c);
    }
    if (!isFunctionLike(w, plain)) return readDescriptor(c, substituteByInstance(w, type, mapped), TypeId::none(), instance, site);
    // A generic class's variables become the callable's.
    auto withClassVariables = [&](TypeId callable) {
      bool generic = w.types.is(class_type, TypeKind::kCallable) && w.types.callable(class_type).isGeneric();
      if (!generic || !w.types.is(callable, TypeKind::kCallable)) return callable;
      CallableParts parts = w.types.parts(callable);
      std::vector<TypeId> vars;
      for (TypeVarId variable : w.header(w.types[instance].cls()).type_vars) vars.push_back(typeVarType(w, variable));
      parts.vars.insert(parts.vars.begin(), vars.begin(), vars.end());
      return w.types.callable(parts);
    };
    if (symbol.has(kIsStaticMethod)) {
      // The class that __new__ is given says what Self is.
      TypeId own = site.name == w.names.__new__ ? plain : expandSelfType(w, plain, found.owner, site.self_type);
      return withClassVariables(substituteByInstance(w, withNewVariables(c, own), mapped));
    }
    if (symbol.has(kIsClassMethod)) {
      TypeId signature = expandSelfType(w, plain, found.owner, site.self_type);
      signature = checkSelfArgument(c, signature, w.types.typeType(site.self_type), true, site);
      TypeId bound = bindSelf(w, signature, w.types.typeType(site.self_type), true);
      return withClassVariables(substituteByInstance(w, withNewVariables(c, bound), mapped));
    }
    // A plain function: its class's type variables become its own, or are the class's arguments.
    bool is_generic_class = w.types.is(class_type, TypeKind::kCallable) && w.types.callable(class_type).isGeneric();
    TypeId result = substituteByInstance(w, withNewVariables(c, plain), mapped);
    if (is_generic_class && w.types.is(result, TypeKind::kCallable)) {
      CallableParts parts = w.types.parts(result);
      std::vector<TypeId> vars;
      for (TypeVarId variable : w.header(w.types[instance].cls()).type_vars) vars.push_back(typeVarType(w, variable));
      vars.insert(vars.end(), parts.vars.begin(), parts.vars.end());
      parts.vars = vars;
      return w.types.callable(parts);
    }
    return result;
  }
  TypeId value = substituteByInstance(w, expandSelfType(w, type, found.owner, site.self_type), mapped);
  if (symbol.kind == SymbolKind::kVariable && symbol.has(kIsClassMethod) && isFunctionLike(w, proper(w, value)) && !site.is_lvalue) {
    return bindSelf(w, proper(w, value), w.types.typeType(site.self_type), true);
  }
  bool is_implicit = symbol.has(kIsInstanceOnly) || symbol.has(kIsSelfAttribute);
  // What a class method sets on its class is an attribute of the class.
  bool by_class = symbol.has(kIsSelfAttribute) && symbol.self_function.valid() && w.functions[symbol.self_function].has(kFnClass);
  if (by_class && follows(*c.options, Divergence::kClassAttributes)) is_implicit = false;
  // A descriptor is there without a value of its own.
  TypeId held = proper(w, value);
  if (w.types.is(held, TypeKind::kInstance) && findMember(w, w.types[held].cls(), w.names.__get__).found()) is_implicit = false;
  if (is_implicit && (!site.is_lvalue || (symbol.has(kIsFinal) && symbol.has(kIsSelfAttribute)))) {
    const char* kind = symbol.has(kIsFinal) ? "final instance" : "instance-only";
    fail(c, site.node, Code::kMisc, std::string("Cannot access ") + kind + " attribute \"" + std::string(w.text(site.name)) + "\" on class object");
  }
  if (symbol.has(kIsSelfAttribute) || !symbol.has(kIsClassVar) || !follows(*c.options, Divergence::kGenericClassVar)) {
    // Variables of a generic class mean nothing without its arguments.
    bool own_vars = w.types[type].has(kHasTypeVars) && !w.types[type].has(kHasSelf);
    bool is_ambiguous = is_implicit || !w.types.is(class_type, TypeKind::kTypeType);
    if (own_vars && is_ambiguous) {
      fail(c, site.node, Code::kMisc, symbol.has(kIsClassVar) ? "Access to generic class variables is ambiguous" : "Access to generic instance variables via class is ambiguous");
      value = eraseTypeVars(w, value, nullptr, any(c));
    } else if (!follows(*c.options, Divergence::kSelfThroughClass) && w.types[type].has(kHasSelf) && is_ambiguous && !symbol.has(kIsClassVar) && !isDynamic(c)) {
      fail(c, site.node, Code::kMisc, "Access to generic instance variables via class is ambiguous");
    }
  }
  if (site.is_lvalue) return value;
  return readDescriptor(c, value, TypeId::none(), instance, site);
}

// A variable of the instances does not hide what the metaclass has under its name. ref: mypy analyze_class_attribute_access
static bool isHiddenByMetaclass(World& w, SymbolId symbol, TypeId metaclass) {
  if (!w.types.is(metaclass, TypeKind::kInstance) || isNamed(w, w.types[metaclass].cls(), "builtins.type")) return false;
  if (w.resolved(symbol).kind != SymbolKind::kVariable) return false;
  w.hooks.symbol_type(w, symbol);
  if (w.symbols[symbol].has(kIsClassVar) || w.symbols[symbol].has(kIsEnumMember) || w.symbols[symbol].has(kIsSynthesised)) return false;
  return findMember(w, w.types[metaclass].cls(), w.symbols[symbol].name).found();
}

static TypeId onClass(Checker& c, TypeId instance, TypeId class_type, AttributeSite& site) {
  World& w = c.w;
  TypeId plain = proper(w, instance);
  if (w.types.is(plain, TypeKind::kTuple) || w.types.is(plain, TypeKind::kTypedDict) || w.types.is(plain, TypeKind::kLiteral)) plain = fallbackOf(w, plain);
  if (!w.types.is(plain, TypeKind::kInstance)) return any(c, AnyKind::kSpecialForm);
  ClassId cls = w.types[plain].cls();
  bool is_special = site.name == w.names.__name__ || site.name == w.names.__qualname__;
  TypeId metaclass = metaclassOf(w, cls);
  std::string_view text = w.text(site.name);
  if (w.header(cls).has(kClassEnum) && !site.is_lvalue && (text == "_order_" || text == "__order__" || text == "_ignore_")) {
    // They do not outlive the making of the class.
    if (isTested(c, site)) return any(c, AnyKind::kSpecialForm);
    if (!site.suppress_errors) noAttribute(c, site.original, site.original, site.name, site.node);
    return any(c);
  }
  FoundMember found = is_special ? FoundMember{} : findMember(w, cls, site.name);
  if (found.found() && isHiddenByMetaclass(w, found.symbol, metaclass)) found = {};
  // What object and the class itself both have (__init__, __eq__…) is the class's; data descriptors of the metaclass win.
  if (found.found()) {
    bool on_object = isNamed(w, found.owner, "builtins.object");
    if (on_object && !site.is_super && site.name != w.names.__new__ && w.types.is(metaclass, TypeKind::kInstance)) {
      FoundMember meta = findMember(w, w.types[metaclass].cls(), site.name);
      if (meta.found() && !isNamed(w, meta.owner, "builtins.object") && !(isNamed(w, meta.owner, "builtins.type") && site.name == w.names.__init__)) {
        AttributeSite inner = site;
        inner.self_type = w.types.typeType(instance);
        return instanceMember(c, metaclass, meta, inner);
      }
    }
    const ClassInfo& info = w.members(cls);
    bool is_slot = std::find(info.slots.begin(), info.slots.end(), site.name) != info.slots.end();
    if (is_slot && !site.suppress_errors && !site.is_silent && !follows(*c.options, Divergence::kSlotAccess)) {
      fail(c, site.node, Code::kMisc, "\"" + std::string(text) + "\" in __slots__ conflicts with class variable access");
    }
    AttributeSite inner = site;
    inner.self_type = site.is_super ? site.self_type : instance;
    return classMember(c, plain, found, inner, class_type);
  }
  if (w.types.is(metaclass, TypeKind::kInstance)) {
    FoundMember meta = findMember(w, w.types[metaclass].cls(), site.name);
    if (meta.found()) {
      AttributeSite inner = site;
      inner.self_type = w.types.typeType(instance);
      return instanceMember(c, metaclass, meta, inner);
    }
    AttributeSite inner = site;
    TypeId fallback = fallbackAttribute(c, metaclass, inner);
    if (fallback.valid()) return fallback;
  }
  if (w.classes[cls].has(kClassFallbackToAny) || w.classes[cls].has(kClassMetaFallbackToAny)) return any(c, AnyKind::kSpecialForm);
  if (isTested(c, site)) return any(c, AnyKind::kSpecialForm);
  // What a class in a union lacks, its metaclass does.
  TypeId lacking = w.types.is(proper(w, site.original), TypeKind::kUnion) && w.types.is(metaclass, TypeKind::kInstance) ? metaclass : site.original;
  if (!site.suppress_errors) noAttribute(c, site.original, lacking, site.name, site.node, site.is_lvalue);
  return any(c);
}

static TypeId onModule(Checker& c, TypeId module, AttributeSite& site) {
  World& w = c.w;
  ModuleId id(w.types[module].ref);
  SymbolId symbol = moduleAttribute(w, id, site.name);
  if (symbol.valid()) {
    bool is_hidden = w.symbols[symbol].has(kIsPrivateImport) && id != c.module;
    if (is_hidden) {
      std::string name(w.text(w.modules[id].name));
      fail(c, site.node, Code::kAttrDefined, "Module \"" + name + "\" does not explicitly export attribute \"" + std::string(w.text(site.name)) + "\"");
    }
    if (site.node.valid()) checkDeprecated(c, symbol, site.node);
    return symbolValue(c, symbol, site.node);
  }
  SymbolId getattr = w.scopes[w.modules[id].scope].names.find(w.names.__getattr__);
  if (getattr.valid()) {
    TypeId type = w.hooks.symbol_type(w, getattr);
    if (type.valid() && w.types.is(type, TypeKind::kCallable)) return w.types.callable(type).ret();
    if (type.valid()) return any(c, AnyKind::kSpecialForm);
  }
  TypeId fallback = w.types[module].extra;
  if (w.types.is(fallback, TypeKind::kInstance)) {
    FoundMember found = findMember(w, w.types[fallback].cls(), site.name);
    if (found.found()) return instanceMember(c, fallback, found, site);
  }
  if (w.modules[id].has_open_names) return any(c);
  // A submodule that is imported somewhere and was not found: that was said there.
  std::string submodule = std::string(w.text(w.modules[id].name)) + "." + std::string(w.text(site.name));
  if (w.imported_names.count(w.name(submodule)) != 0 && !w.hooks.find_module(w, submodule).valid()) return any(c);
  if (isTested(c, site)) return any(c, AnyKind::kSpecialForm);
  if (!site.suppress_errors) noAttribute(c, module, module, site.name, site.node);
  return any(c);
}

static TypeId onUnion(Checker& c, TypeId type, AttributeSite& site) {
  World& w = c.w;
  std::vector<TypeId> results;
  for (TypeId item : unionItems(w, type)) {
    AttributeSite inner = site;
    inner.self_type = item;
    results.push_back(attributeType(c, item, inner));
  }
  return simplifiedUnion(w, results);
}

static TypeId onNone(Checker& c, TypeId type, AttributeSite& site) {
  World& w = c.w;
  ClassId cls = lookupClass(w, "types", "NoneType");
  if (!cls.valid()) cls = lookupClass(w, "_typeshed", "NoneType");
  TypeId instance = cls.valid() ? w.types.instance(cls) : objectType(w);
  if (site.name == w.names.__bool__ && !findMember(w, w.types[instance].cls(), site.name).found()) {
    CallableParts parts;
    parts.ret = w.types.literal(LiteralKind::kBool, "False", builtinType(w, "bool"));
    return w.types.callable(parts);
  }
  FoundMember found = w.types.is(instance, TypeKind::kInstance) ? findMember(w, w.types[instance].cls(), site.name) : FoundMember{};
  if (!found.found()) {
    if (!site.suppress_errors) noAttribute(c, site.original, type, site.name, site.node);
    return any(c);
  }
  return instanceMember(c, instance, found, site);
}

// Is it what a bound method has beside a function's attributes?
static bool ofBoundMethod(Checker& c, const CallableView& view, const AttributeSite& site) {
  std::string_view name = c.w.text(site.name);
  bool is_of_method = name == "__self__" || name == "__func__";
  return is_of_method && view.has(kBound) && follows(*c.options, Divergence::kMethodObjects) && c.w.types.is(namedType(c.w, "types", "MethodType"), TypeKind::kInstance);
}

static TypeId onMethod(Checker& c, AttributeSite site) {
  site.original = site.self_type = namedType(c.w, "types", "MethodType");
  return onInstance(c, site.original, site);
}

TypeId attributeType(Checker& c, TypeId type, AttributeSite& site) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  const Type& record = w.types[plain];
  switch (record.kind) {
    case TypeKind::kAny: return w.types.any(AnyKind::kFromAnotherAny);
    case TypeKind::kUnbound:
    case TypeKind::kErased: return any(c);
    case TypeKind::kNever: return w.types.never();
    case TypeKind::kInstance: return onInstance(c, plain, site);
    case TypeKind::kUnion: {
      // Values of one class that are known, as 1 and 2, have the attributes of their class.
      TypeId united = follows(*c.options, Divergence::kRedefinition) ? withoutKnownValues(w, plain) : plain;
      bool is_one = w.types.is(united, TypeKind::kInstance) && !w.header(w.types[united].cls()).has(kClassEnum);
      if (!is_one) return onUnion(c, plain, site);
      AttributeSite inner = site;
      inner.self_type = inner.original = united;
      return attributeType(c, united, inner);
    }
    case TypeKind::kNone: return onNone(c, plain, site);
    case TypeKind::kModule: return onModule(c, plain, site);
    case TypeKind::kTypeVar: {
      if (isParamSpec(w, plain)) return attributeType(c, fallbackOf(w, plain), site);
      std::vector<TypeId> values = valuesOf(w, TypeVarId(record.ref));
      if (!values.empty()) return attributeType(c, simplifiedUnion(w, values), site);
      return attributeType(c, upperBound(w, TypeVarId(record.ref)), site);
    }
    case TypeKind::kCallable: {
      CallableView view = w.types.callable(plain);
      if (view.isTypeObject()) return onClass(c, view.made(), plain, site);
      if (site.name == w.names.__call__) return plain;
      return ofBoundMethod(c, view, site) ? onMethod(c, site) : onInstance(c, fallbackOf(w, plain), site);
    }
    case TypeKind::kOverloaded: {
      CallableView view = w.types.callable(record.items[0]);
      if (view.isTypeObject()) return onClass(c, view.made(), record.items[0], site);
      if (site.name == w.names.__call__) return plain;
      return ofBoundMethod(c, view, site) ? onMethod(c, site) : onInstance(c, fallbackOf(w, plain), site);
    }
    case TypeKind::kTypeType: {
      if (w.types.isTypeForm(plain)) return attributeType(c, objectType(w), site);
      TypeId item = proper(w, record.items[0]);
      if (w.types.is(item, TypeKind::kAny)) {
        TypeId type_class = builtinType(w, "type");
        if (w.types.is(type_class, TypeKind::kInstance)) {
          AttributeSite inner = site;
          inner.suppress_errors = true;
          FoundMember found = findMember(w, w.types[type_class].cls(), site.name);
          if (found.found()) return instanceMember(c, type_class, found, inner);
        }
        return item;
      }
      if (w.types.is(item, TypeKind::kTypeVar)) {
        AttributeSite inner = site;
        inner.self_type = item;
        TypeId bound = upperBound(w, TypeVarId(w.types[item].ref));
        TypeId base = proper(w, bound);
        if (w.types.is(base, TypeKind::kUnion)) return onUnion(c, w.types.typeType(base), site);
        if (w.types.is(base, TypeKind::kTuple)) base = fallbackOf(w, base);
        if (!w.types.is(base, TypeKind::kInstance)) return any(c);
        FoundMember found = findMember(w, w.types[base].cls(), site.name);
        if (found.found() && site.name != w.names.__name__) return classMember(c, base, found, inner, plain);
        return onClass(c, base, plain, inner);
      }
      // type(C): the class of a class is its metaclass.
      TypeId of_class;
      if (w.types.is(item, TypeKind::kTypeType)) of_class = proper(w, w.types[item].items[0]);
      TypeId first = w.types.is(item, TypeKind::kOverloaded) ? w.types[item].items[0] : item;
      if (w.types.is(first, TypeKind::kCallable) && w.types.callable(first).isTypeObject()) of_class = proper(w, w.types.callable(first).made());
      if (w.types.is(of_class, TypeKind::kInstance)) {
        TypeId metaclass = metaclassOf(w, w.types[of_class].cls());
        return onClass(c, metaclass, w.types.typeType(metaclass), site);
      }
      return onClass(c, item, plain, site);
    }
    case TypeKind::kTuple:
    case TypeKind::kTypedDict:
    case TypeKind::kLiteral: {
      if (record.kind == TypeKind::kTypedDict && (w.text(site.name) == "__setitem__" || w.text(site.name) == "__delitem__")) {
        CallableParts parts;
        parts.add(NameId::none(), ParamKind::kPos, builtinType(w, "str"));
        if (w.text(site.name) == "__setitem__") parts.add(NameId::none(), ParamKind::kPos, objectType(w));
        parts.ret = w.types.none();
        parts.name = site.name;
        parts.set(kBound);
        return w.types.callable(parts);
      }
      TypeId fallback = fallbackOf(w, plain);
      // A TypedDict that may hold any key, all of one type and none required, is a dict.
      bool is_own = record.kind != TypeKind::kTypedDict || findMember(w, w.types[fallback].cls(), site.name).found();
      if (TypeId dict = is_own ? TypeId::none() : typedDictAsDict(w, plain); dict.valid()) {
        AttributeSite of_dict = site;
        of_dict.self_type = of_dict.original = dict;
        return onInstance(c, dict, of_dict);
      }
      return w.types.is(fallback, TypeKind::kInstance) ? onInstance(c, fallback, site) : any(c);
    }
    case TypeKind::kDeleted: {
      NameId source(record.ref);
      fail(c, site.node, Code::kMisc,
           source.valid() ? "Trying to read deleted variable \"" + std::string(w.text(source)) + "\"" : "Trying to read deleted variable");
      return any(c);
    }
    case TypeKind::kPartial:
      cannotDetermine(c, site.name, site.node);
      return any(c);
    default: return any(c);
  }
}

TypeId attributeOf(Checker& c, TypeId type, NameId name, NodeId node) {
  AttributeSite site;
  site.node = node;
  site.name = name;
  site.original = type;
  site.self_type = type;
  return attributeType(c, type, site);
}

TypeId withUnsolvedAny(World& w, TypeId type) {
  if (w.types.is(type, TypeKind::kUnion) && w.types[type].has(kHasNever)) {
    std::vector<TypeId> items;
    for (TypeId item : unionItems(w, type)) items.push_back(withUnsolvedAny(w, item));
    return w.types.unionOf(items);
  }
  if (w.types.is(type, TypeKind::kCallable) && w.types[type].has(kHasNever) && !w.types.callable(type).isTypeObject()) {
    CallableParts parts = w.types.parts(type);
    parts.ret = withUnsolvedAny(w, parts.ret);
    return w.types.callable(parts);
  }
  bool has_parts = w.types.is(type, TypeKind::kInstance) || w.types.is(type, TypeKind::kTuple);
  if (!has_parts || !w.types[type].has(kHasNever)) return type;
  std::vector<TypeId> args(w.types[type].args().begin(), w.types[type].args().end());
  for (TypeId& arg : args) {
    bool is_open = w.types.is(arg, TypeKind::kNever) && w.types[arg].sub == 1;
    arg = is_open ? w.types.any(AnyKind::kFromOmittedGenerics) : withUnsolvedAny(w, arg);
  }
  return w.types.rebuild(w.types[type], args, w.types[type].extra);
}

TypeId inferAttribute(Checker& c, NodeId node, TypeId context) {
  World& w = c.w;
  auto attribute = c.ast->as<syntax::Attribute>(node);
  NameId name = syntax::nameOf(*c.ast, attribute.attr());
  // super().method
  if (auto call = c.ast->tryAs<syntax::Call>(attribute.value())) {
    if (c.ast->is(call->func(), NodeKind::kName) && syntax::nameOf(*c.ast, call->func()) == w.names.super &&
        (!symbolAt(c, call->func()).valid() || fullNameAt(w, c.module, c.scope, *c.ast, call->func()) == "builtins.super")) {
      return inferSuper(c, node);
    }
  }
  // A module's name in front: `a.b` where a.b was imported.
  TypeId base = inferExpr(c, attribute.value());
  AttributeSite site;
  site.node = node;
  site.name = name;
  site.original = base;
  site.self_type = base;
  if (follows(*c.options, Divergence::kUnsolvedAny)) base = withUnsolvedAny(w, base);
  TypeId type = attributeType(c, base, site);
  // What a method is bound to is what stands before its name.
  if (auto method = c.ast->tryAs<syntax::Attribute>(attribute.value()); method && w.text(name) == "__self__" && isObject(w, proper(w, type))) {
    TypeId owner = c.nodeType(method->value());
    if (owner.valid() && follows(*c.options, Divergence::kMethodObjects)) type = owner;
  }
  bool enum_name = name == w.names.name || name == w.names._name_;
  if (enum_name && context.valid() && w.types.is(type, TypeKind::kInstance) && w.types[type].extra.valid()) {
    // Where a literal is wanted, the name is one.
    for (TypeId item : unionItems(w, context)) {
      if (w.types.is(type, TypeKind::kInstance) && w.types.is(proper(w, item), TypeKind::kLiteral)) type = w.types[type].extra;
    }
  }
  return narrowedByFlow(c, keyOf(c, node), type);
}

}  // namespace krait::infer
