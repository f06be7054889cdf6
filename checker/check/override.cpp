// Whether members fit those of the base classes (Liskov): methods by mypy's check_method_override, variables by its
// check_compatibility_all_supers, final members by their own rules.
#include "checker/check/check.h"

namespace krait::check {

static bool isPrivate(std::string_view name) { return name.starts_with("__") && !name.ends_with("__"); }
static bool isFunctionLike(World& w, TypeId type) { return w.types.is(type, TypeKind::kCallable) || w.types.is(type, TypeKind::kOverloaded); }
static std::string nameOf(World& w, ClassId cls) { return std::string(w.text(w.classes[cls].name)); }
// A base of another module is called by its whole name. ref: mypy checker.check_method_override_for_base_with_name
static std::string supertypeName(World& w, ClassId cls, ClassId base) {
  return w.classes[cls].module == w.classes[base].module ? nameOf(w, base) : w.classes[base].fullname;
}

// The overloads whose declared self takes this class; all of them where none does. ref: mypy bind_and_map_method
static TypeId itemsForSelf(World& w, TypeId overloaded, TypeId self, TypeId mapped) {
  std::vector<TypeId> fitting;
  for (TypeId item : std::vector<TypeId>(w.types[overloaded].args().begin(), w.types[overloaded].args().end())) {
    CallableView view = w.types.callable(item);
    TypeId wanted = view.paramCount() > 0 ? proper(w, substituteByInstance(w, view.types()[0], mapped)) : TypeId::none();
    if (wanted.valid() && isPlainTypeVar(w, wanted)) wanted = upperBound(w, TypeVarId(w.types[wanted].ref));
    if (!wanted.valid() || isSubtype(w, self, wanted)) fitting.push_back(item);
  }
  return fitting.empty() ? overloaded : w.types.overloaded(fitting);
}

TypeId memberAsSeen(Checker& c, SymbolId symbol, ClassId owner, ClassId from) {
  World& w = c.w;
  TypeId type = w.hooks.symbol_type(w, symbol);
  if (!type.valid()) return w.types.any();
  const Symbol& info = w.symbols[symbol];
  TypeId self = selfTypeOf(w, from);
  TypeId mapped = mapToSupertype(w, selfInstanceOf(w, from), owner);
  TypeId plain = proper(w, type);
  TypeVarId self_var = w.classes[owner].self_var;
  if (self_var.valid() && w.types[plain].has(kHasSelf) && info.kind != SymbolKind::kFunction) {
    Substitution map;
    map.add(self_var, self);
    plain = substitute(w, plain, map);
  }
  bool function = isFunctionLike(w, plain);
  if (info.kind == SymbolKind::kFunction && w.types.is(plain, TypeKind::kOverloaded) && !info.has(kIsStaticMethod)) {
    plain = itemsForSelf(w, plain, self, mapped);
  }
  if (info.kind == SymbolKind::kFunction && function && info.name == w.names.__new__) {
    plain = bindSelf(w, plain, w.types.typeType(self), true);
  } else if (info.kind == SymbolKind::kFunction && function && !info.has(kIsStaticMethod)) {
    plain = bindSelf(w, plain, info.has(kIsClassMethod) ? w.types.typeType(self) : self, info.has(kIsClassMethod));
  }
  if (info.has(kIsProperty)) {
    // A getter that a decorator made an object is called.
    bool is_object = w.types.is(plain, TypeKind::kInstance);
    TypeId getter = is_object ? findMemberType(w, w.names.__call__, plain, plain, false, false) : plain;
    if (!getter.valid()) return w.types.any(AnyKind::kFromError);
    if (w.types.is(proper(w, getter), TypeKind::kCallable)) plain = w.types.callable(proper(w, getter)).ret();
  }
  return substituteByInstance(w, plain, mapped);
}

// May the attribute be assigned to?
static bool isWritable(const Symbol& symbol) {
  if (symbol.kind == SymbolKind::kFunction) return symbol.has(kIsProperty) && symbol.has(kIsSettable);
  return symbol.kind == SymbolKind::kVariable && !symbol.has(kIsReadOnlyItem);
}

// The node of a definition with its decorators: the first of them.
static NodeId withDecorators(Checker& c, NodeId node) {
  auto def = c.ast->tryAs<syntax::FunctionDef>(node);
  return def && !def->decorators().empty() ? def->decorators()[0] : node;
}

static void notes(Checker& c, NodeId node, TypeId original, TypeId override) {
  World& w = c.w;
  auto decorator = [&](TypeId callable) {
    FunctionId definition = w.types.callable(callable).shape->definition;
    if (!definition.valid()) return;
    if (w.functions[definition].has(kFnClass)) note(c, node, Code::kOverride, "         @classmethod");
    if (w.functions[definition].has(kFnStatic)) note(c, node, Code::kOverride, "         @staticmethod");
  };
  auto texts = formatTwo(w, original, override, true);
  auto lines = [&](TypeId type, const std::string& text) {
    type = proper(w, type);
    if (w.types.is(type, TypeKind::kCallable)) {
      decorator(type);
      note(c, node, Code::kOverride, "         " + prettyCallable(w, type));
    } else if (w.types.is(type, TypeKind::kOverloaded)) {
      for (TypeId item : w.types[type].args()) {
        note(c, node, Code::kOverride, "         @overload");
        decorator(item);
        note(c, node, Code::kOverride, "         " + prettyCallable(w, item));
      }
    } else {
      note(c, node, Code::kOverride, "         " + text);
    }
  };
  note(c, node, Code::kOverride, "     Superclass:");
  lines(original, texts.first);
  note(c, node, Code::kOverride, "     Subclass:");
  lines(override, texts.second);
}

namespace {

// One method (or what stands for one) against what a base class has under `super_name`.
struct MethodOverride {
  Checker& c;
  std::string name, super_name, supertype;
  ClassId cls;
  NodeId node;            // where it is reported
  NodeId definition;      // the FunctionDef, or none
  bool base_is_class_or_static = false, own_is_class_or_static = false;

  std::string target() const {
    std::string text = "supertype \"" + supertype + "\"";
    return name == super_name ? text : "\"" + super_name + "\" of " + text;
  }
  bool details(TypeId override, TypeId original);
  bool orderOfOverloads(TypeId override, TypeId original);
  bool names(TypeId override, TypeId original);
  void check(TypeId override, TypeId original);
};

}  // namespace

static TypeId withoutOwnVars(World& w, TypeId callable, TypeId type) {
  std::vector<TypeVarId> vars;
  for (TypeId var : w.types.callable(callable).vars()) vars.push_back(TypeVarId(w.types[var].ref));
  return vars.empty() ? type : eraseTypeVars(w, type, &vars, w.types.any(AnyKind::kSpecialForm));
}

// Says which parameter or that the result does not fit, where both take the same arguments. False: nothing was said.
bool MethodOverride::details(TypeId override, TypeId original) {
  World& w = c.w;
  CallableView a = w.types.callable(override);
  CallableView b = w.types.callable(original);
  uint32_t required_a = 0, required_b = 0;
  for (const ParamShape& param : a.params()) required_a += param.kind == ParamKind::kPos ? 1 : 0;
  for (const ParamShape& param : b.params()) required_b += param.kind == ParamKind::kPos ? 1 : 0;
  if (a.paramCount() != b.paramCount() || required_a != required_b) return false;
  NodeList params;
  if (definition.valid()) params = c.ast->as<syntax::Parameters>(c.ast->as<syntax::FunctionDef>(definition).params()).params();
  bool said = false;
  for (uint32_t i = 0; i < a.paramCount(); ++i) {
    TypeId own = a.types()[i];
    TypeId inherited = b.types()[i];
    bool positional = isPositional(a.params()[i].kind) && isPositional(b.params()[i].kind);
    bool named = isNamed(a.params()[i].kind) && isNamed(b.params()[i].kind);
    if (named) {
      FormalArgument argument = argumentByName(w, original, a.params()[i].name);
      if (!argument.exists) continue;
      inherited = argument.type;
    }
    bool stars = a.params()[i].kind == b.params()[i].kind && isStar(a.params()[i].kind);
    if (!positional && !named && !stars) continue;
    if (isSubtype(w, inherited, withoutOwnVars(w, override, own))) continue;
    size_t at = i + (a.has(kBound) ? 1 : 0);
    NodeId where = at < params.size() ? params[at] : node;
    // A comment on the function's own line counts for its parameters.
    size_t before = c.messages->size();
    fail(c, where, Code::kOverride,
         "Argument " + std::to_string(i + 1) + " of \"" + name + "\" is incompatible with " + target() + "; supertype defines the argument type as " + formatType(w, inherited));
    auto def = c.ast->tryAs<syntax::FunctionDef>(node);
    if (def && c.messages->size() > before) c.messages->at(before).origin = {c.ast->range(def->name()).begin, c.ast->range(where).end};
    note(c, where, Code::kOverride, "This violates the Liskov substitution principle");
    note(c, where, Code::kOverride, "See https://mypy.readthedocs.io/en/stable/common_issues.html#incompatible-overrides");
    if (name == "__eq__") {
      std::string own_name = nameOf(w, cls);
      note(c, where, Code::kOverride, "It is recommended for \"__eq__\" to work with arbitrary objects, for example:");
      note(c, where, Code::kOverride, "    def __eq__(self, other: object) -> bool:");
      note(c, where, Code::kOverride, "        if not isinstance(other, " + own_name + "):");
      note(c, where, Code::kOverride, "            return NotImplemented");
      note(c, where, Code::kOverride, "        return <logic to compare two " + own_name + " instances>");
    }
    said = true;
  }
  if (!isSubtype(w, withoutOwnVars(w, override, a.ret()), b.ret())) {
    auto texts = formatTwo(w, a.ret(), b.ret());
    fail(c, node, Code::kOverride, "Return type " + texts.first + " of \"" + name + "\" incompatible with return type " + texts.second + " in " + target());
    said = true;
  }
  return said;
}

// The overloads fit, but in another order.
bool MethodOverride::orderOfOverloads(TypeId override, TypeId original) {
  World& w = c.w;
  std::vector<size_t> order;
  for (TypeId own : w.types[override].args()) {
    for (size_t i = 0; i < w.types[original].count; ++i) {
      if (!isSubtype(w, own, w.types[original].items[i])) continue;
      order.push_back(i);
      break;
    }
  }
  bool sorted = true;
  for (size_t i = 1; i < order.size(); ++i) sorted = sorted && order[i - 1] <= order[i];
  if (order.size() != w.types[original].count || sorted) return false;
  fail(c, node, Code::kOverride, "Signature of \"" + name + "\" incompatible with " + target());
  note(c, node, Code::kOverride, "Overload variants must be defined in the same order as they are in \"" + supertype + "\"");
  return true;
}

// What an operator method takes on its right.
static TypeId otherDomain(World& w, TypeId type) {
  if (w.types.is(type, TypeKind::kCallable)) {
    return w.types.callable(type).paramCount() > 0 ? w.types.callable(type).types()[0] : TypeId::none();
  }
  std::vector<TypeId> items;
  for (TypeId item : w.types[type].args()) {
    TypeId domain = otherDomain(w, item);
    if (domain.valid()) items.push_back(domain);
  }
  return items.empty() ? TypeId::none() : simplifiedUnion(w, items);
}

static bool isForwardOperator(std::string_view name) {
  static constexpr std::string_view kNames[] = {"__add__", "__sub__", "__mul__", "__truediv__", "__mod__", "__divmod__", "__floordiv__",
                                                "__pow__", "__matmul__", "__and__", "__or__", "__xor__", "__lshift__", "__rshift__",
                                                "__eq__", "__ne__", "__lt__", "__ge__", "__gt__", "__le__"};
  for (std::string_view each : kNames) {
    if (each == name) return true;
  }
  return false;
}

// A parameter that callers may name has another name in the override, or none. Operators are not called by name; a name
// with an underscore says that nobody should.
bool MethodOverride::names(TypeId override, TypeId original) {
  World& w = c.w;
  if (!follows(*c.options, Divergence::kParameterNames) || name.starts_with("__")) return false;
  CallableView a = w.types.callable(override);
  CallableView b = w.types.callable(original);
  for (uint32_t i = 0; i < b.paramCount() && i < a.paramCount(); ++i) {
    const ParamShape& inherited = b.params()[i];
    const ParamShape& own = a.params()[i];
    if (!isPositional(inherited.kind) || !isPositional(own.kind)) return false;
    std::string wanted(inherited.name.valid() ? w.text(inherited.name) : "");
    if (wanted.empty() || wanted.starts_with("_") || own.name == inherited.name) continue;
    if (argumentByName(w, override, inherited.name).exists) continue;
    NodeId where = node;
    if (definition.valid()) {
      NodeList params = c.ast->as<syntax::Parameters>(c.ast->as<syntax::FunctionDef>(definition).params()).params();
      size_t at = i + (a.has(kBound) ? 1 : 0);
      if (at < params.size()) where = params[at];
    }
    std::string has = own.name.valid() ? "is called \"" + std::string(w.text(own.name)) + "\"" : "has no name";
    fail(c, where, Code::kOverride, "Parameter " + std::to_string(i + 1) + " of \"" + name + "\" " + has + ", but \"" + wanted + "\" in " + target());
    return true;
  }
  return false;
}

void MethodOverride::check(TypeId override, TypeId original) {
  World& w = c.w;
  SubtypeOptions o;
  o.ignore_positional_names = true;
  bool fails = !isSubtype(w, override, original, o);
  bool wider = false;
  if (!fails && w.types.is(override, TypeKind::kOverloaded) && isForwardOperator(name)) {
    TypeId own = otherDomain(w, override);
    TypeId inherited = otherDomain(w, original);
    wider = own.valid() && inherited.valid() && !isSubtype(w, own, inherited);
    fails = wider;
  }
  if (base_is_class_or_static && !own_is_class_or_static) fails = true;
  bool both = w.types.is(override, TypeKind::kCallable) && w.types.is(original, TypeKind::kCallable);
  if (both && !base_is_class_or_static) {
    CallableView a = w.types.callable(override);
    CallableView b = w.types.callable(original);
    if (b.has(kTypeGuard) && !a.has(kTypeGuard)) fails = true;
    if (b.has(kTypeIs) && !a.has(kTypeIs)) fails = true;
  }
  if (!fails && both && names(override, original)) return;
  if (!fails) return;
  override = w.types.is(override, TypeKind::kCallable) ? withUnpackedKwargs(w, override) : override;
  original = w.types.is(original, TypeKind::kCallable) ? withUnpackedKwargs(w, original) : original;
  bool said = both && details(override, original);
  if (!both && w.types.is(override, TypeKind::kOverloaded) && w.types.is(original, TypeKind::kOverloaded)) said = orderOfOverloads(override, original);
  if (!said) {
    fail(c, node, Code::kOverride, "Signature of \"" + name + "\" incompatible with " + target());
    notes(c, node, original, override);
  }
  if (wider) note(c, node, Code::kOverride, "Overloaded operator methods can't have wider argument types in overrides");
}

static TypeId setterType(Checker& c, SymbolId id, ClassId owner, ClassId from) {
  World& w = c.w;
  const Symbol& symbol = w.symbols[id];
  if (!symbol.setter_type.valid()) return memberAsSeen(c, id, owner, from);
  TypeId type = symbol.setter_type;
  if (w.classes[owner].self_var.valid() && w.types[type].has(kHasSelf)) {
    Substitution map;
    map.add(w.classes[owner].self_var, selfTypeOf(w, from));
    type = substitute(w, type, map);
  }
  return substituteByInstance(w, type, mapToSupertype(w, selfInstanceOf(w, from), owner));
}

// A property whose setter takes something else than its getter gives. ref: mypy checker.is_custom_settable_property
static bool hasCustomSetter(World& w, SymbolId id) {
  const Symbol& symbol = w.symbols[id];
  if (!symbol.setter_type.valid() || w.types.is(proper(w, symbol.setter_type), TypeKind::kAny)) return false;
  TypeId getter = proper(w, w.hooks.symbol_type(w, id));
  TypeId read = w.types.is(getter, TypeKind::kCallable) ? w.types.callable(getter).ret() : getter;
  return !isSameType(w, read, w.symbols[id].setter_type);
}

static void checkSetter(Checker& c, ClassId cls, ClassId base, SymbolId own, SymbolId inherited, NodeId node) {
  World& w = c.w;
  if (!isWritable(w.symbols[own]) || !isWritable(w.symbols[inherited])) return;
  bool both = w.symbols[own].has(kIsProperty) && w.symbols[inherited].has(kIsProperty) && follows(*c.options, Divergence::kSetterOverrides);
  if (!both && !hasCustomSetter(w, own) && !hasCustomSetter(w, inherited)) return;
  TypeId override = setterType(c, own, cls, cls);
  TypeId original = setterType(c, inherited, base, cls);
  if (isSubtype(w, original, override)) return;
  // At the setter, if the class has one.
  for (FunctionId function : w.symbols[own].functions) {
    if (w.functions[function].has(kFnSetter)) node = withDecorators(c, w.functions[function].node);
  }
  auto texts = formatTwo(w, original, override);
  fail(c, node, Code::kOverride, "Incompatible override of a setter type");
  note(c, node, Code::kOverride, " (base class \"" + nameOf(w, base) + "\" defined the type as " + texts.first + ",");
  note(c, node, Code::kOverride, " override has type " + texts.second + ")");
  if (isSubtype(w, override, original)) note(c, node, Code::kOverride, " Setter types should behave contravariantly");
}

static void checkMethod(Checker& c, ClassId cls, ClassId base, SymbolId own, NameId super_name) {
  World& w = c.w;
  SymbolId inherited = ownMember(w, base, super_name);
  if (!inherited.valid()) return;
  SymbolKind kind = w.resolved(inherited).kind;
  if (kind != SymbolKind::kFunction && kind != SymbolKind::kVariable) return;
  TypeId override = proper(w, memberAsSeen(c, own, cls, cls));
  TypeId original = proper(w, memberAsSeen(c, inherited, base, cls));
  const Symbol o = w.symbols[own];
  const Symbol b = w.symbols[inherited];
  bool is_free = b.has(kIsSelfAttribute) && !b.has(kIsDeclared) && !b.has(kIsFinal);
  if (is_free && follows(*c.options, Divergence::kUnannotatedBases)) return;
  NodeId node = o.definitions[0].node;
  bool overloads = o.has(kIsOverloaded);
  bool has_parts = o.has(kIsProperty) && o.functions.size() > 1;
  if (overloads || has_parts) node = withDecorators(c, node);
  if (w.types.is(override, TypeKind::kAny) || w.types.is(original, TypeKind::kAny) || w.types.is(original, TypeKind::kPartial)) return;
  bool read_only_own = o.has(kIsProperty) && !o.has(kIsSettable);
  if (read_only_own && b.kind == SymbolKind::kVariable && !b.has(kIsFinal) && isWritable(b)) {
    fail(c, node, Code::kOverride, "Cannot override writeable attribute with read-only property");
  }
  if (isFunctionLike(w, override) && isFunctionLike(w, original)) {
    MethodOverride check{c, std::string(w.text(o.name)), std::string(w.text(super_name)), supertypeName(w, cls, base), cls, node, NodeId::none()};
    if (c.ast->is(o.definitions[0].node, NodeKind::kFunctionDef) && !o.has(kIsProperty) && !overloads && !o.has(kIsDecorated)) check.definition = o.definitions[0].node;
    check.base_is_class_or_static = b.kind == SymbolKind::kFunction && (b.has(kIsClassMethod) || b.has(kIsStaticMethod));
    check.own_is_class_or_static = o.has(kIsClassMethod) || o.has(kIsStaticMethod);
    check.check(override, original);
  } else if (isEquivalent(w, override, original) || (!isWritable(b) && isSubtype(w, override, original))) {
    // Attributes that can be written are invariant.
  } else if (o.has(kIsSettable) && o.setter_type.valid() && isSubtype(w, override, original)) {
    // What may be written is compared by itself.
  } else if (isSubtype(w, override, original) && o.has(kIsProperty) && read_only_own && b.kind == SymbolKind::kVariable) {
    // Said above.
  } else {
    MethodOverride check{c, std::string(w.text(o.name)), std::string(w.text(super_name)), nameOf(w, base), cls, node, NodeId::none()};
    fail(c, node, Code::kOverride, "Signature of \"" + check.name + "\" incompatible with " + check.target());
    notes(c, node, original, override);
  }
  if (o.has(kIsProperty)) {
    if (read_only_own && b.kind == SymbolKind::kFunction && b.has(kIsProperty) && b.has(kIsSettable)) {
      fail(c, withDecorators(c, o.definitions[0].node), Code::kMisc, "Read-only property cannot override read-write property");
    }
    checkSetter(c, cls, base, own, inherited, node);
  }
}

static void cannotOverrideFinal(Checker& c, NodeId node, const std::string& name, ClassId base) {
  fail(c, node, Code::kMisc, "Cannot override final attribute \"" + name + "\" (previously declared in base class \"" + nameOf(c.w, base) + "\")");
}

static void overridesWritable(Checker& c, NodeId node, const std::string& name) {
  fail(c, node, Code::kMisc, "Cannot override writable attribute \"" + name + "\" with a final one");
}

static bool isSpecialName(std::string_view name) {
  return name == "__init__" || name == "__new__" || name == "__init_subclass__" || name == "__post_init__";
}

NameId plainOperator(World& w, std::string_view name) {
  static constexpr std::string_view kNames[] = {"__iadd__", "__isub__", "__imul__", "__itruediv__", "__imod__", "__ifloordiv__", "__ipow__",
                                                "__imatmul__", "__iand__", "__ior__", "__ixor__", "__ilshift__", "__irshift__"};
  for (std::string_view each : kNames) {
    if (each == name) return w.name("__" + std::string(name.substr(3)));
  }
  return NameId::none();
}

// Says no annotation what the method takes? Of overloads the implementation does not count, of a property any part does.
// ref: mypy nodes.OverloadedFuncDef.is_dynamic
static bool isUntyped(World& w, const Symbol& symbol) {
  if (symbol.functions.empty()) return false;
  if (!symbol.has(kIsOverloaded) && !symbol.has(kIsProperty)) return w.functions[symbol.functions.back()].has(kFnUnannotated);
  for (FunctionId each : symbol.functions) {
    readDecorators(w, each);
    bool counts = symbol.has(kIsProperty) || w.functions[each].has(kFnOverload);
    if (counts && !w.functions[each].has(kFnUnannotated)) return false;
  }
  return true;
}

static void checkFunctionMember(Checker& c, ClassId cls, SymbolId own) {
  World& w = c.w;
  const std::vector<ClassId> mro = w.header(cls).mro;
  const Symbol symbol = w.symbols[own];
  std::string name(w.text(symbol.name));
  NodeId node = symbol.definitions[0].node;
  bool untyped = isUntyped(w, symbol) && !c.options->check_untyped_defs && !follows(*c.options, Divergence::kUntypedOverrides);
  bool compares = !isSpecialName(name) && !isPrivate(name) && !untyped;
  for (FunctionId each : symbol.functions) {
    readDecorators(w, each);
    // With @override even a constructor promises to fit.
    bool constructor = name == "__init__" || name == "__new__";
    if (constructor && w.functions[each].has(kFnOverride) && follows(*c.options, Divergence::kConstructorOverrides)) compares = true;
  }
  bool found_base = false;
  ClassId first_base;
  for (size_t i = 1; i < mro.size(); ++i) {
    SymbolId inherited = ownMember(w, mro[i], symbol.name);
    if (inherited.valid()) {
      w.resolved(inherited);
      w.hooks.symbol_type(w, inherited);
      const Symbol& b = w.symbols[inherited];
      if (b.has(kIsFinal) && !isPrivate(name) && !b.has(kIsEnumMember)) cannotOverrideFinal(c, withDecorators(c, node), name, mro[i]);
      if (symbol.has(kIsFinal) && isWritable(b) && !isPrivate(name)) overridesWritable(c, withDecorators(c, node), name);
      if (!found_base) first_base = mro[i];
      found_base = true;
      bool promises = compares && !((name == "__init__" || name == "__new__") && isNamed(w, mro[i], "builtins.object"));
      promises = promises && !(name == "__hash__" && b.has(kIsSynthesised));  // nobody wrote that there is none
      if (promises) checkMethod(c, cls, mro[i], own, symbol.name);
    }
    NameId plain = plainOperator(w, name);
    if (compares && plain.valid()) checkMethod(c, cls, mro[i], own, plain);
  }
  if (isSpecialName(name) && name != "__post_init__") return;
  bool marked = false;
  for (FunctionId each : symbol.functions) {
    readDecorators(w, each);
    marked = marked || w.functions[each].has(kFnOverride);
  }
  if (marked && !found_base && !w.classes[cls].has(kClassFallbackToAny)) {
    NodeId where = symbol.has(kIsOverloaded) ? withDecorators(c, node) : node;
    fail(c, where, Code::kOverride, "Method \"" + name + "\" is marked as an override, but no base method was found with this name");
  }
  if (!marked && found_base && c.options->enabled_codes.count(Code::kExplicitOverride) != 0 && !name.starts_with("__")) {
    NodeId where = symbol.has(kIsOverloaded) ? w.functions[symbol.functions.back()].node : node;
    fail(c, where, Code::kExplicitOverride,
         "Method \"" + name + "\" is not using @override but is overriding a method in class \"" + w.classes[first_base].fullname + "\"");
  }
}

// A variable's type where a callable attribute of the base is a method: what an instance sees of both.
static void bindBoth(Checker& c, ClassId cls, const Symbol& own, const Symbol& base, TypeId& override) {
  World& w = c.w;
  if (!w.types.is(override, TypeKind::kCallable) || base.has(kIsStaticMethod) || base.has(kIsProperty)) return;
  // A declared callable is what an instance sees; what a base's variable was given is compared as it was written.
  if (base.kind != SymbolKind::kFunction && (base.has(kIsClassVar) || !base.has(kIsDeclared))) return;
  auto assign = own.definitions.empty() ? std::nullopt : c.ast->tryAs<syntax::Assign>(own.definitions[0].node);
  if (assign && c.ast->is(assign->value(), NodeKind::kLambda) && base.kind == SymbolKind::kFunction && w.types.callable(override).paramCount() > 0) {
    override = bindSelf(w, override, selfTypeOf(w, cls));
    return;
  }
  FunctionId definition = w.types.callable(override).shape->definition;
  bool is_static = !definition.valid() || w.functions[definition].has(kFnStatic) || own.has(kIsDeclared) || w.types.callable(override).has(kBound);
  if (is_static || w.types.callable(override).isTypeObject()) return;
  bool is_class = w.functions[definition].has(kFnClass);
  TypeId self = selfTypeOf(w, cls);
  override = bindSelf(w, override, is_class ? w.types.typeType(self) : self, is_class);
}

// False: it does not fit; enough was said of this name.
static bool checkVariableType(Checker& c, ClassId cls, ClassId base, SymbolId own, SymbolId inherited, NodeId where) {
  World& w = c.w;
  TypeId override = proper(w, memberAsSeen(c, own, cls, cls));
  TypeId original = memberAsSeen(c, inherited, base, cls);
  bindBoth(c, cls, w.symbols[own], w.symbols[inherited], override);
  if (w.types.is(proper(w, original), TypeKind::kPartial) || w.types.is(override, TypeKind::kPartial)) return true;
  std::string base_name = nameOf(w, base);
  if (!isSubtype(w, override, original)) {
    auto texts = formatTwo(w, override, original);
    fail(c, where, Code::kAssignment,
         "Incompatible types in assignment (expression has type " + texts.first + ", base class \"" + base_name + "\" defined the type as " + texts.second + ")");
    for (std::string& line : invarianceNotes(w, override, original)) note(c, where, Code::kAssignment, std::move(line));
    return false;
  }
  bool checks_mutable = c.options->enabled_codes.count(Code::kMutableOverride) != 0;
  if (checks_mutable && isWritable(w.symbols[inherited]) && !isSubtype(w, original, override)) {
    auto texts = formatTwo(w, original, override);
    fail(c, where, Code::kMutableOverride,
         "Covariant override of a mutable attribute (base class \"" + base_name + "\" defined the type as " + texts.first + ", expression has type " + texts.second + ")");
    return false;
  }
  return true;
}

static bool checkVariableQualifiers(Checker& c, ClassId base, SymbolId own, SymbolId inherited, NodeId node) {
  World& w = c.w;
  const Symbol o = w.symbols[own];
  const Symbol b = w.symbols[inherited];
  std::string name(w.text(o.name));
  if (b.kind == SymbolKind::kVariable && o.has(kIsDeclared) && b.has(kIsDeclared) && o.has(kIsClassVar) != b.has(kIsClassVar)) {
    const char* mine = o.has(kIsClassVar) ? "class" : "instance";
    const char* theirs = o.has(kIsClassVar) ? "instance" : "class";
    fail(c, node, Code::kMisc,
         std::string("Cannot override ") + theirs + " variable (previously declared on base class \"" + nameOf(w, base) + "\") with " + mine + " variable");
    return false;
  }
  if (follows(*c.options, Divergence::kNamedTupleFields) && w.classes[base].has(kClassNamedTuple) && b.has(kIsReadOnlyItem)) {
    fail(c, node, Code::kMisc, "Cannot override NamedTuple field \"" + name + "\"");
    return false;
  }
  if (isPrivate(name)) return true;
  if (b.has(kIsFinal) && (o.has(kIsFinal) || b.kind != SymbolKind::kVariable) && !b.has(kIsEnumMember)) {
    cannotOverrideFinal(c, node, name, base);
    return false;
  }
  bool enum_base = w.classes[base].fullname.starts_with("enum.");
  if (o.has(kIsFinal) && isWritable(b) && !enum_base && !b.has(kIsFinal)) overridesWritable(c, node, name);
  return true;
}

static void checkVariableMember(Checker& c, ClassId cls, SymbolId own) {
  World& w = c.w;
  const std::vector<ClassId> mro = w.header(cls).mro;
  // `self.x: T` of a method whose body is not checked yet.
  if (w.symbols[own].has(kIsDeclared)) w.hooks.symbol_type(w, own);
  const Symbol symbol = w.symbols[own];
  std::string name(w.text(symbol.name));
  NodeId node = symbol.definitions[0].node;
  for (size_t i = 1; i < mro.size(); ++i) {
    SymbolId inherited = ownMember(w, mro[i], symbol.name);
    if (!inherited.valid()) continue;
    SymbolKind kind = w.resolved(inherited).kind;
    if (kind != SymbolKind::kVariable && kind != SymbolKind::kFunction) continue;
    w.hooks.symbol_type(w, inherited);
    if (!checkVariableQualifiers(c, mro[i], own, inherited, node)) break;
  }
  bool untyped = symbol.typed != Progress::kDone || w.types.is(symbol.type, TypeKind::kPartial) || symbol.has(kIsEnumMember);
  bool free = name == "__slots__" || name == "__match_args__" || name == "__deletable__" || name == "__hash__";
  if (untyped || isPrivate(name) || (free && name != "__hash__")) return;
  NodeId where = node;
  if (auto assign = c.ast->tryAs<syntax::Assign>(node)) where = assign->value();
  if (auto assign = c.ast->tryAs<syntax::AnnAssign>(node)) where = assign->value().valid() ? assign->value() : assign->target();
  TypeId last_base = w.classes[cls].bases.empty() ? TypeId::none() : w.classes[cls].bases.back();
  for (size_t i = 1; i < mro.size(); ++i) {
    SymbolId inherited = ownMember(w, mro[i], symbol.name);
    if (!inherited.valid()) continue;
    SymbolKind kind = w.resolved(inherited).kind;
    if (kind != SymbolKind::kVariable && kind != SymbolKind::kFunction) continue;
    if (name == "__hash__" && (kind == SymbolKind::kFunction || w.symbols[inherited].has(kIsSynthesised))) continue;
    bool is_free = kind == SymbolKind::kVariable && !w.symbols[inherited].has(kIsDeclared) && !w.symbols[inherited].has(kIsFinal);
    if (is_free && follows(*c.options, Divergence::kUnannotatedBases)) continue;
    if (!checkVariableType(c, cls, mro[i], own, inherited, where)) break;
    checkSetter(c, cls, mro[i], own, inherited, where);
    bool is_last = last_base.valid() && w.types.is(last_base, TypeKind::kInstance) && w.types[last_base].cls() == mro[i];
    if (is_last) break;
  }
}

// __post_init__ takes the InitVars.
static void checkPostInit(Checker& c, ClassId cls) {
  World& w = c.w;
  const auto info = w.classes[cls].dataclass;
  if (!info || info->is_transform || info->is_attrs) return;
  SymbolId own = w.scopes[w.classes[cls].scope].names.find(w.names.__post_init__);
  if (!own.valid() || w.symbols[own].definitions.empty()) return;
  NodeId node = w.symbols[own].definitions[0].node;
  if (w.resolved(own).kind != SymbolKind::kFunction) {
    fail(c, node, Code::kMisc, "\"__post_init__\" method must be an instance method");
    return;
  }
  TypeId self = selfTypeOf(w, cls);
  CallableParts parts;
  parts.add(w.names.self, ParamKind::kPos, self);
  for (const declare::DataclassField& field : info->fields) {
    if (field.is_init_var) parts.add(field.name, ParamKind::kPos, field.type);
  }
  parts.ret = w.types.none();
  parts.name = w.names.__post_init__;
  TypeId original = w.types.callable(parts);
  TypeId override = proper(w, w.hooks.symbol_type(w, own));
  if (!w.types.is(override, TypeKind::kCallable) || w.functions[w.symbols[own].functions.back()].has(kFnUnannotated)) return;
  MethodOverride check{c, "__post_init__", "__post_init__", "dataclass", cls, node, node};
  check.own_is_class_or_static = w.symbols[own].has(kIsClassMethod) || w.symbols[own].has(kIsStaticMethod);
  check.check(override, original);
}

void checkOverrides(Checker& c, ClassId cls) {
  World& w = c.w;
  if (w.classes[cls].has(kClassTypedDict) || w.classes[cls].self_attributes == Progress::kRunning) return;
  w.hooks.complete_self_attributes(w, cls);
  checkBases(c, cls);
  for (SymbolId own : std::vector<SymbolId>(w.scopes[w.classes[cls].scope].names.in_order)) {
    Symbol& symbol = w.resolved(own);
    if (symbol.definitions.empty() || symbol.has(kIsSynthesised)) continue;
    if (symbol.kind == SymbolKind::kFunction) {
      w.hooks.symbol_type(w, own);
      checkFunctionMember(c, cls, own);
    } else if (symbol.kind == SymbolKind::kVariable) {
      checkVariableMember(c, cls, own);
    }
  }
  checkPostInit(c, cls);
}

}  // namespace krait::check
