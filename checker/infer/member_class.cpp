// Attributes of class objects, and descriptors (mypy's analyze_class_attribute_access, analyze_descriptor_access).
#include "checker/infer/member.h"
#include "checker/infer/messages.h"

namespace krait::infer {

static bool mentions(World& w, TypeId type, const std::vector<TypeVarId>& variables) {
  const Type& record = w.types[type];
  if (!record.has(kHasTypeVars)) return false;
  if (record.kind == TypeKind::kTypeVar) {
    for (TypeVarId variable : variables) {
      if (record.ref == variable.value) return true;
    }
  }
  for (TypeId arg : record.args()) {
    if (mentions(w, arg, variables)) return true;
  }
  return record.extra.valid() && mentions(w, record.extra, variables);
}

static TypeId withVariables(World& w, TypeId type, const std::vector<TypeId>* vars) {
  if (vars == nullptr || vars->empty()) return type;
  CallableParts parts = w.types.parts(type);
  parts.vars.insert(parts.vars.begin(), vars->begin(), vars->end());
  return w.types.callable(parts);
}

// A method read from the class: class methods are bound, and the class's own variables become the callable's.
static TypeId classMethodType(Access& a, TypeId type, const Symbol& symbol, TypeId mapped, ClassId owner,
                              const std::vector<TypeId>* original_vars) {
  World& w = a.c.w;
  type = expandSelfType(w, type, owner, [&] {
    TypeId self = proper(w, a.self);
    if (w.types.is(self, TypeKind::kTypeType)) return w.types[self].items[0];
    if (isTypeObject(w, self)) return w.types.callable(callableItems(w, self)[0]).ret();
    return self;
  }());
  TypeId self = proper(w, a.self);
  TypeId self_instance = self;
  if (w.types.is(self, TypeKind::kTypeType)) self_instance = w.types[self].items[0];
  if (isTypeObject(w, self)) self_instance = w.types.callable(callableItems(w, self)[0]).ret();
  std::vector<TypeId> items;
  bool is_class = symbol.has(kIsClassMethod);
  if (is_class) type = checkSelfArgument(a, type, w.types.typeType(self_instance), false);
  for (TypeId item : callableItems(w, type)) {
    TypeId fresh = a.options.preserve_type_var_ids ? item : freshenAll(w, item);
    if (is_class) fresh = bindSelf(w, fresh, w.types.typeType(self_instance), true);
    if (is_class || symbol.has(kIsStaticMethod)) fresh = substituteByInstance(w, fresh, mapped);
    items.push_back(withVariables(w, fresh, original_vars));
  }
  return w.types.overloaded(items);
}

static TypeId enumAttribute(Access& a, TypeId instance, const Symbol& symbol) {
  World& w = a.c.w;
  std::string_view name = w.text(a.name);
  if (symbol.type.valid()) {
    TypeId type = proper(w, symbol.type);
    if (isNamed(w, type, "enum.nonmember") && w.types[type].count > 0) return w.types[type].items[0];
  }
  if (name.starts_with("__") || !symbol.has(kIsEnumMember)) return TypeId::none();
  TypeId plain = w.types.withoutLiteral(instance);
  return w.types.instance(w.types[instance].cls(), w.types[instance].args(), w.types.literal(LiteralKind::kEnum, name, plain));
}

static TypeId classVariable(Access& a, TypeId instance, const FoundMember& found, TypeId mapped) {
  World& w = a.c.w;
  const Symbol& symbol = w.symbols[found.symbol];
  TypeId type = symbol.type;
  if (w.types.is(type, TypeKind::kPartial)) return symbolValueType(a.c, found.symbol, a.at, a.options.as_target);
  std::vector<TypeVarId> variables = w.classes[found.owner].type_vars;
  if (!symbol.has(kIsClassVar) && w.classes[found.owner].self_var.valid()) variables.push_back(w.classes[found.owner].self_var);
  bool prohibits = !w.types.is(proper(w, a.self), TypeKind::kTypeType) || symbol.has(kIsSelfAttribute);
  if (prohibits && mentions(w, type, variables)) {
    failMember(a, Code::kMisc, symbol.has(kIsClassVar) ? "Access to generic class variables is ambiguous"
                                                       : "Access to generic instance variables via class is ambiguous");
  }
  TypeId self = proper(w, a.self);
  TypeId self_instance = instance;
  if (w.types.is(self, TypeKind::kTypeType)) self_instance = w.types[self].items[0];
  type = substituteByInstance(w, expandSelfType(w, type, found.owner, self_instance), mapped);
  if (prohibits && w.types[type].has(kHasTypeVars)) {
    type = eraseTypeVars(w, type, &w.classes[w.types[instance].cls()].type_vars, w.types.any(AnyKind::kSpecialForm));
  }
  return type;
}

TypeId accessClass(Access& a, TypeId instance, TypeId metaclass, const std::vector<TypeId>* original_vars) {
  World& w = a.c.w;
  ClassId cls = w.types[instance].cls();
  std::string name(w.text(a.name));
  FoundMember found;
  if (a.options.skip_until.valid()) {
    bool is_behind = false;
    for (ClassId base : std::vector<ClassId>(w.header(cls).mro)) {
      SymbolId symbol = is_behind ? ownMember(w, base, a.name) : SymbolId::none();
      if (symbol.valid()) {
        found = {symbol, base};
        break;
      }
      is_behind = is_behind || base == a.options.skip_until;
    }
  } else {
    found = findMember(w, cls, a.name);
  }
  if (!found.found()) {
    if (w.classes[cls].has(kClassFallbackToAny) || w.classes[cls].has(kClassMetaFallbackToAny)) {
      return w.types.any(AnyKind::kSpecialForm);
    }
    return TypeId::none();
  }
  Symbol& symbol = w.resolved(found.symbol);
  // A property of the metaclass comes first.
  if (isNamed(w, found.owner, "builtins.object") && w.types.is(metaclass, TypeKind::kInstance)) {
    FoundMember meta = findMember(w, w.types[metaclass].cls(), a.name);
    if (meta.found() && !isNamed(w, meta.owner, "builtins.object") && !isNamed(w, meta.owner, "builtins.type")) {
      return TypeId::none();
    }
    if (meta.found() && w.resolved(meta.symbol).has(kIsProperty)) return TypeId::none();
  }
  bool is_method = symbol.kind == SymbolKind::kFunction;
  if (a.options.as_target) {
    if (is_method) failMember(a, Code::kMethodAssign, "Cannot assign to a method");
    if (symbol.kind == SymbolKind::kClass) failMember(a, Code::kMisc, "Cannot assign to a type");
    checkFinalMember(a, cls);
  }
  const ClassInfo& info = w.members(cls);
  if (info.has_slots) {
    for (NameId slot : info.slots) {
      if (slot == a.name) failMember(a, Code::kMisc, "\"" + name + "\" in __slots__ conflicts with class variable access");
    }
  }
  if (symbol.has(kIsSelfAttribute) && symbol.has(kIsFinal)) {
    failMember(a, Code::kMisc, "Cannot access final instance attribute \"" + name + "\" on class object");
  }
  if (symbol.kind != SymbolKind::kVariable && !is_method) return symbolValueType(a.c, found.symbol, a.at, a.options.as_target);
  TypeId type = w.hooks.symbol_type(w, found.symbol);
  if (w.classes[cls].has(kClassEnum) && !a.options.as_target && !is_method) {
    if (name == "_ignore_" || name == "_order_" || name == "__order__") return missingMember(a, instance);
    TypeId member = enumAttribute(a, instance, symbol);
    if (member.valid()) return member;
  }
  if (!type.valid()) {
    if (symbol.typed == Progress::kDone) return w.types.any(AnyKind::kSpecialForm);
    if (a.options.as_target) return type;
    if (!(a.c.callbacks->defer != nullptr && a.c.callbacks->defer(a.c, a.at))) {
      failMember(a, Code::kHasType, "Cannot determine type of \"" + name + "\"");
    }
    return w.types.any(AnyKind::kSpecialForm);
  }
  if (is_method && !a.options.silent && !symbol.functions.empty()) {
    FunctionId function = symbol.implementation.valid() ? symbol.implementation : symbol.functions[0];
    if (symbol.implementation.valid() || symbol.functions.size() == 1) {
      if (!w.functions[function].deprecated.empty()) reportDeprecated(a.c, w.functions[function].deprecated, a.at);
    }
  }
  TypeId mapped = mapToSupertype(w, instance, found.owner);
  TypeId result = is_method ? type : classVariable(a, instance, found, mapped);
  TypeId plain = proper(w, result);
  bool is_function = w.types.is(plain, TypeKind::kCallable) || w.types.is(plain, TypeKind::kOverloaded);
  if (is_function && is_method && symbol.has(kIsProperty)) {
    // The property object itself.
    return a.options.as_target ? w.types.any(AnyKind::kSpecialForm) : freshenAll(w, plain);
  }
  if (is_function && is_method) {
    result = classMethodType(a, plain, symbol, mapped, found.owner, original_vars);
  } else if (is_function && !isTypeObject(w, plain)) {
    result = freshenAll(w, plain);
  } else if (is_method) {
    result = substituteByInstance(w, plain, mapped);
  }
  return a.options.as_target ? result : accessDescriptor(a, result);
}

static TypeId descriptorMethod(Access& a, TypeId descriptor, NameId method) {
  Access inner = a;
  inner.name = method;
  inner.original = inner.self = descriptor;
  inner.options = MemberOptions{};
  return accessInstance(inner, descriptor);
}

TypeId accessDescriptor(Access& a, TypeId type) {
  World& w = a.c.w;
  TypeId descriptor = proper(w, type);
  if (w.types.is(descriptor, TypeKind::kUnion)) {
    std::vector<TypeId> items;
    bool changed = false;
    for (TypeId item : unionItems(w, descriptor)) {
      items.push_back(accessDescriptor(a, item));
      changed = changed || items.back() != item;
    }
    return changed ? simplifiedUnion(w, items) : type;
  }
  if (!w.types.is(descriptor, TypeKind::kInstance)) return type;
  ClassId cls = w.types[descriptor].cls();
  bool has_get = findMember(w, cls, w.names.__get__).found();
  bool has_set = a.options.as_target && findMember(w, cls, w.names.__set__).found();
  if (!has_get && !has_set) return type;
  TypeId instance = proper(w, a.self);
  TypeId owner = instance;
  if (isTypeObject(w, instance)) {
    owner = w.types.callable(callableItems(w, instance)[0]).ret();
    instance = w.types.none();
  } else if (w.types.is(instance, TypeKind::kTypeType)) {
    owner = w.types[instance].items[0];
    instance = w.types.none();
  }
  NameId method = has_set ? w.names.__set__ : w.names.__get__;
  TypeId bound = proper(w, descriptorMethod(a, descriptor, method));
  std::string fullname = w.classes[cls].fullname + "." + std::string(w.text(method));
  std::vector<Argument> args = {typedArgument(instance, a.at)};
  if (has_set) {
    TypeId assigned = w.types.any(AnyKind::kSpecialForm);
    args.push_back(typedArgument(assigned, a.at));
  } else {
    args.push_back(typedArgument(w.types.typeType(owner), a.at));
  }
  CallResult call = checkCall(a.c, bound, std::move(args), a.at, fullname, descriptor);
  TypeId callee = proper(w, call.callee);
  if (isAny(w, callee)) return callee;
  if (!w.types.is(callee, TypeKind::kCallable)) {
    if (w.types.is(callee, TypeKind::kOverloaded)) return call.type;
    failMember(a, Code::kMisc, "\"" + std::string(formatTypeBare(w, descriptor)) + "." + std::string(w.text(method)) + "\" is not callable");
    return w.types.any(AnyKind::kFromError);
  }
  CallableView view = w.types.callable(callee);
  if (!has_set) return view.ret();
  return view.paramCount() > 1 ? view.types()[1] : w.types.any(AnyKind::kFromError);
}

}  // namespace krait::infer
