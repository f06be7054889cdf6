// Members as structural checks see them: their types with self bound, and their flags. Unlike infer/'s attribute
// access this reports nothing and has no descriptors' side effects.
#include "checker/relations/relations.h"

namespace krait::relations {

static bool mentionsAny(World& w, TypeId type, const std::vector<TypeVarId>& variables, TypeVarId wanted) {
  const Type& record = w.types[type];
  if (!record.has(kHasTypeVars)) return false;
  if (record.kind == TypeKind::kTypeVar && record.ref == wanted.value) return true;
  for (TypeId arg : record.args()) {
    if (mentionsAny(w, arg, variables, wanted)) return true;
  }
  return record.extra.valid() && mentionsAny(w, record.extra, variables, wanted);
}

static TypeId bindCallable(World& w, TypeId method, TypeId self_type, bool is_classmethod) {
  CallableParts parts = w.types.parts(method);
  if (parts.params.empty()) return method;
  if (isStar(parts.params[0].kind)) {
    parts.set(kBound);
    return w.types.callable(parts);
  }
  TypeId self_param = parts.types[0];
  TypeId plain = proper(w, self_param);
  TypeId inner = w.types.is(plain, TypeKind::kTypeType) ? proper(w, w.types[plain].items[0]) : plain;
  bool supported = w.types.is(inner, TypeKind::kTypeVar) || w.types[plain].has(kHasTypeVars);
  if (!parts.vars.empty() && supported && w.hooks.solve_pattern != nullptr) {
    std::vector<TypeVarId> self_vars;
    std::vector<TypeVarId> none;
    std::vector<TypeId> rest;
    for (TypeId var : parts.vars) {
      TypeVarId variable(w.types[var].ref);
      if (mentionsAny(w, self_param, none, variable)) {
        self_vars.push_back(variable);
      } else {
        rest.push_back(var);
      }
    }
    // The same variable, seen from a method that says Self as well, stands for itself.
    TypeId given = w.types.is(self_type, TypeKind::kTypeType) ? proper(w, w.types[self_type].items[0]) : self_type;
    bool is_same = self_vars.size() == 1 && w.types.is(given, TypeKind::kTypeVar) && w.types[given].ref == self_vars[0].value && inner == given;
    std::vector<TypeId> solution = is_same ? std::vector<TypeId>{given} : w.hooks.solve_pattern(w, self_vars, self_param, self_type, true);
    bool unsolved = false;
    for (TypeId type : solution) unsolved = unsolved || w.types.is(type, TypeKind::kNever);
    if (is_classmethod && unsolved && !w.types.is(self_type, TypeKind::kTypeType)) {
      solution = w.hooks.solve_pattern(w, self_vars, self_param, w.types.typeType(self_type), true);
    }
    Substitution map;
    for (size_t i = 0; i < self_vars.size(); ++i) map.add(self_vars[i], solution[i]);
    parts.vars = rest;
    method = substitute(w, w.types.callable(parts), map);
    parts = w.types.parts(method);
  }
  parts.params.erase(parts.params.begin());
  parts.types.erase(parts.types.begin());
  // Self, which is known now, is no variable of the bound method.
  std::erase_if(parts.vars, [&](TypeId var) {
    TypeVarId variable(w.types[var].ref);
    if (!w.type_vars[variable].is_self) return false;
    bool is_left = mentionsAny(w, parts.ret, {}, variable);
    for (TypeId type : parts.types) is_left = is_left || mentionsAny(w, type, {}, variable);
    return !is_left;
  });
  parts.set(kBound);
  return w.types.callable(parts);
}

TypeId bindSelf(World& w, TypeId method, TypeId self_type, bool is_classmethod) {
  if (w.types.is(method, TypeKind::kOverloaded)) {
    std::vector<TypeId> items;
    for (TypeId item : w.types[method].args()) items.push_back(bindCallable(w, item, self_type, is_classmethod));
    return w.types.overloaded(items);
  }
  if (!w.types.is(method, TypeKind::kCallable)) return method;
  return bindCallable(w, method, self_type, is_classmethod);
}

static TypeId moduleMember(World& w, NameId name, TypeId module) {
  const Module& info = w.modules[ModuleId(w.types[module].ref)];
  SymbolId symbol = w.scopes[info.scope].names.find(name);
  if (symbol.valid()) symbol = followImports(w, symbol);
  return symbol.valid() ? w.hooks.symbol_type(w, symbol) : TypeId::none();
}

static TypeId expandSelf(World& w, TypeId type, ClassId owner, TypeId self_type) {
  TypeVarId self_var = w.classes[owner].self_var;
  if (!self_var.valid() || !w.types[type].has(kHasSelf)) return type;
  Substitution map;
  map.add(self_var, self_type);
  return substitute(w, type, map);
}

static TypeId fallbackGetattr(World& w, NameId name, TypeId instance, TypeId self_type, bool for_assignment) {
  std::string_view text = w.text(name);
  if (text.starts_with("__") && text.ends_with("__")) return TypeId::none();
  const NameId readers[] = {w.names.__getattribute__, w.names.__getattr__};
  const NameId writers[] = {w.names.__setattr__};
  std::span<const NameId> methods = for_assignment ? std::span<const NameId>(writers) : std::span<const NameId>(readers);
  for (NameId method : methods) {
    FoundMember found = findMember(w, w.types[instance].cls(), method);
    if (!found.found() || isNamed(w, found.owner, "builtins.object")) continue;
    TypeId type = findMemberType(w, method, instance, self_type);
    if (!type.valid() || !w.types.is(type, TypeKind::kCallable)) continue;
    CallableView view = w.types.callable(type);
    return for_assignment ? (view.paramCount() > 1 ? view.types()[1] : w.types.any()) : view.ret();
  }
  return TypeId::none();
}

// What a descriptor gives when it is read from an instance, or takes when it is assigned to; none: it is no descriptor.
static TypeId descriptorValue(World& w, TypeId descriptor, TypeId instance, bool for_assignment) {
  // One without __set__ gives way to what is assigned to the instance.
  for_assignment = for_assignment && findMember(w, w.types[descriptor].cls(), w.names.__set__).found();
  NameId name = for_assignment ? w.names.__set__ : w.names.__get__;
  if (!findMember(w, w.types[descriptor].cls(), name).found()) return TypeId::none();
  TypeId method = findMemberType(w, name, descriptor, descriptor);
  if (!method.valid()) return TypeId::none();
  method = proper(w, method);
  std::vector<TypeId> items{method};
  if (w.types.is(method, TypeKind::kOverloaded)) items.assign(w.types[method].args().begin(), w.types[method].args().end());
  for (TypeId item : items) {
    if (!w.types.is(item, TypeKind::kCallable)) return TypeId::none();
    CallableView view = w.types.callable(item);
    if (view.isGeneric() || view.paramCount() < 2) return TypeId::none();
    if (!isSubtype(w, instance, view.types()[0])) continue;
    return for_assignment ? view.types()[1] : view.ret();
  }
  return TypeId::none();
}

// The type of a found symbol before binding, as seen from `instance`.
static TypeId boundType(World& w, SymbolId symbol_id, ClassId owner, TypeId instance, TypeId self_type, bool class_object,
                        bool for_assignment) {
  Symbol& symbol = w.resolved(symbol_id);
  if (symbol.kind == SymbolKind::kImport || symbol.kind == SymbolKind::kClass || symbol.kind == SymbolKind::kModule) {
    SymbolId target = followImports(w, symbol_id);
    return target.valid() ? w.hooks.symbol_type(w, target) : w.types.any();
  }
  TypeId type = w.hooks.symbol_type(w, symbol_id);
  if (!type.valid()) return w.types.any();
  TypeId mapped = mapToSupertype(w, instance, owner);
  bool is_function = symbol.kind == SymbolKind::kFunction;
  TypeId plain = proper(w, type);
  bool callable = w.types.is(plain, TypeKind::kCallable) || w.types.is(plain, TypeKind::kOverloaded);
  type = expandSelf(w, type, owner, self_type);
  plain = proper(w, type);
  if (symbol.has(kIsProperty)) {
    if (class_object) return plain;
    if (for_assignment && symbol.setter_type.valid()) {
      return substituteByInstance(w, expandSelf(w, symbol.setter_type, owner, self_type), mapped);
    }
    TypeId bound = bindSelf(w, plain, self_type);
    TypeId value = w.types.is(bound, TypeKind::kCallable) ? w.types.callable(bound).ret() : bound;
    return substituteByInstance(w, value, mapped);
  }
  bool is_held = symbol.kind == SymbolKind::kVariable && symbol.has(kIsInitializedInClass) && !symbol.has(kIsSelfAttribute) && !class_object;
  if (is_held && w.types.is(plain, TypeKind::kInstance)) {
    TypeId read = descriptorValue(w, plain, mapped, for_assignment);
    if (read.valid()) return read;
  }
  bool binds = callable && !symbol.has(kIsStaticMethod) &&
               (is_function || (symbol.has(kIsInitializedInClass) && !class_object && symbol.has(kIsClassVar)) ||
                symbol.has(kIsClassMethod));
  if (is_function && class_object && !symbol.has(kIsClassMethod)) binds = false;
  if (binds) {
    TypeId bound_to = symbol.has(kIsClassMethod) ? w.types.typeType(self_type) : self_type;
    type = bindSelf(w, plain, bound_to, symbol.has(kIsClassMethod));
  }
  return substituteByInstance(w, type, mapped);
}

TypeId findMemberType(World& w, NameId name, TypeId instance, TypeId self_type, bool class_object, bool for_assignment) {
  instance = proper(w, instance);
  if (w.types.is(instance, TypeKind::kModule)) {
    TypeId found = moduleMember(w, name, instance);
    if (found.valid()) return found;
    // ModuleType has a __getattr__, which says nothing of this module.
    TypeId module_type = fallbackOf(w, instance);
    if (w.types.is(module_type, TypeKind::kInstance) && !findMember(w, w.types[module_type].cls(), name).found()) return TypeId::none();
  }
  if (!w.types.is(instance, TypeKind::kInstance)) instance = fallbackOf(w, instance);
  if (!w.types.is(instance, TypeKind::kInstance)) return TypeId::none();
  ClassId cls = w.types[instance].cls();
  FoundMember found = findMember(w, cls, name);
  std::string_view text = w.text(name);
  if (class_object && found.found() && text.starts_with("__") && text.ends_with("__") && name != w.names.__init__ && name != w.names.__new__) {
    // What the language does with a class itself, its metaclass says.
    TypeId metaclass = metaclassOf(w, cls);
    FoundMember meta = w.types.is(metaclass, TypeKind::kInstance) ? findMember(w, w.types[metaclass].cls(), name) : FoundMember{};
    if (meta.found() && !isNamed(w, meta.owner, "builtins.object") && !isNamed(w, meta.owner, "builtins.type")) {
      return findMemberType(w, name, metaclass, w.types.typeType(instance), false, for_assignment);
    }
  }
  if (!found.found()) {
    if (class_object) {
      TypeId metaclass = metaclassOf(w, cls);
      return findMemberType(w, name, metaclass, w.types.typeType(instance), false, for_assignment);
    }
    TypeId dynamic = fallbackGetattr(w, name, instance, self_type, for_assignment);
    if (dynamic.valid()) return dynamic;
    if (w.classes[cls].has(kClassFallbackToAny)) return w.types.any(AnyKind::kSpecialForm);
    return TypeId::none();
  }
  return boundType(w, found.symbol, found.owner, instance, self_type, class_object, for_assignment);
}

MemberFlags memberFlags(World& w, NameId name, TypeId instance, bool class_object) {
  MemberFlags flags;
  instance = proper(w, instance);
  if (w.types.is(instance, TypeKind::kModule)) {
    flags.found = flags.settable = flags.variable = true;
    SymbolId symbol = w.scopes[w.modules[ModuleId(w.types[instance].ref)].scope].names.find(name);
    if (symbol.valid()) symbol = followImports(w, symbol);
    if (!symbol.valid()) return flags;
    w.hooks.symbol_type(w, symbol);
    flags.settable = !w.resolved(symbol).has(kIsFinal);
    return flags;
  }
  if (!w.types.is(instance, TypeKind::kInstance)) instance = fallbackOf(w, instance);
  if (!w.types.is(instance, TypeKind::kInstance)) return flags;
  FoundMember found = findMember(w, w.types[instance].cls(), name);
  if (!found.found()) {
    flags.settable = findMember(w, w.types[instance].cls(), w.names.__setattr__).owner.valid() &&
                     !isNamed(w, findMember(w, w.types[instance].cls(), w.names.__setattr__).owner, "builtins.object");
    return flags;
  }
  const Symbol& symbol = w.resolved(found.symbol);
  w.hooks.symbol_type(w, found.symbol);
  flags.found = true;
  if (symbol.kind == SymbolKind::kVariable) {
    flags.variable = true;
    bool frozen = w.classes[found.owner].has(kClassFrozen) && !symbol.has(kIsClassVar);
    flags.settable = !symbol.has(kIsFinal) && !frozen && !(symbol.has(kIsProperty) && !symbol.has(kIsSettable));
    flags.class_var = symbol.has(kIsClassVar) || (class_object && !symbol.has(kIsDeclared));
    if (w.classes[found.owner].has(kClassNamedTuple)) flags.settable = false;
    if (symbol.has(kIsStaticMethod) || symbol.has(kIsClassMethod)) flags.class_or_static = true;
  } else if (symbol.kind == SymbolKind::kFunction) {
    if (symbol.has(kIsProperty)) {
      flags.settable = symbol.has(kIsSettable);
      flags.variable = true;
    }
    if (symbol.has(kIsStaticMethod) || symbol.has(kIsClassMethod)) flags.class_or_static = true;
  }
  return flags;
}

}  // namespace krait::relations
