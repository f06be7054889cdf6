// Classes: their bodies, and whether their members fit those of their bases (Liskov).
#include "checker/check/check.h"

namespace krait::check {

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

void checkClass(Checker& c, NodeId node) {
  World& w = c.w;
  auto found = w.modules[c.module].classes.find(node.value);
  if (found == w.modules[c.module].classes.end()) return;
  ClassId cls = found->second;
  w.members(cls);
  SymbolId symbol = w.classes[cls].symbol;
  if (symbol.valid() && w.symbols[symbol].definitions[0].node != node) reportRedefinition(c, symbol, node, node);
  auto def = c.ast->as<syntax::ClassDef>(node);
  for (NodeId decorator : def.decorators()) inferExpr(c, decorator);
  for (NodeId arg : def.args()) {
    if (auto keyword = c.ast->tryAs<syntax::Keyword>(arg)) {
      if (keyword->arg().valid() && syntax::nameOf(*c.ast, keyword->arg()) != w.names.metaclass) inferExpr(c, keyword->value());
    }
  }
  ScopeId outer_scope = c.scope;
  ClassId outer_cls = c.cls;
  FunctionState outer_function = c.function;
  Binder* outer_binder = c.binder;
  Binder binder(w);
  c.binder = &binder;
  c.scope = w.classes[cls].scope;
  c.cls = cls;
  c.function = FunctionState{};
  enterPartialScope(c);
  if (!w.classes[cls].has(kClassTypedDict)) checkBody(c, def.body());
  leavePartialScope(c);
  c.binder = outer_binder;
  c.function = outer_function;
  if (outer_function.id.valid()) {
    // A class inside a function: its methods are checked here.
    for (SymbolId member : std::vector<SymbolId>(w.scopes[w.classes[cls].scope].names.in_order)) {
      for (const Definition definition : std::vector<Definition>(w.symbols[member].definitions)) {
        if (definition.kind != DefinitionKind::kFunction) continue;
        auto function = w.modules[c.module].functions.find(definition.node.value);
        if (function != w.modules[c.module].functions.end()) checkFunctionBody(c, function->second);
      }
    }
  }
  checkEnum(c, cls);
  checkOverrides(c, cls);
  checkClassVariance(c, cls, node);
  c.scope = outer_scope;
  c.cls = outer_cls;
}

static bool isPrivate(std::string_view name) { return name.starts_with("__") && !name.ends_with("__"); }

static TypeId memberAsSeen(Checker& c, SymbolId symbol, ClassId owner, ClassId from, bool& is_property) {
  World& w = c.w;
  TypeId type = w.hooks.symbol_type(w, symbol);
  if (!type.valid()) return any(c);
  const Symbol& info = w.symbols[symbol];
  is_property = info.has(kIsProperty);
  TypeId self = selfTypeOf(w, from);
  TypeId mapped = mapToSupertype(w, selfInstanceOf(w, from), owner);
  TypeId plain = proper(w, type);
  bool function = w.types.is(plain, TypeKind::kCallable) || w.types.is(plain, TypeKind::kOverloaded);
  TypeVarId self_var = w.classes[owner].self_var;
  if (self_var.valid() && w.types[plain].has(kHasSelf) && info.kind != SymbolKind::kFunction) {
    Substitution map;
    map.add(self_var, self);
    plain = substitute(w, plain, map);
  }
  if (info.kind == SymbolKind::kFunction && function && !info.has(kIsStaticMethod)) {
    plain = bindSelf(w, plain, info.has(kIsClassMethod) ? w.types.typeType(self) : self, info.has(kIsClassMethod));
  }
  if (info.has(kIsProperty) && w.types.is(plain, TypeKind::kCallable)) plain = w.types.callable(plain).ret();
  return substituteByInstance(w, plain, mapped);
}

static void notes(Checker& c, NodeId node, TypeId original, TypeId override) {
  World& w = c.w;
  auto lines = [&](TypeId type) {
    type = proper(w, type);
    if (w.types.is(type, TypeKind::kCallable)) {
      note(c, node, Code::kOverride, "         " + prettyCallable(w, type));
    } else if (w.types.is(type, TypeKind::kOverloaded)) {
      for (TypeId item : w.types[type].args()) {
        note(c, node, Code::kOverride, "         @overload");
        note(c, node, Code::kOverride, "         " + prettyCallable(w, item));
      }
    } else {
      note(c, node, Code::kOverride, "         " + formatTypeBare(w, type));
    }
  };
  note(c, node, Code::kOverride, "     Superclass:");
  lines(original);
  note(c, node, Code::kOverride, "     Subclass:");
  lines(override);
}

// The signature of a method with its self parameter shown, for the notes.
static TypeId withSelf(Checker& c, SymbolId symbol, ClassId owner, ClassId from) {
  World& w = c.w;
  TypeId type = proper(w, w.hooks.symbol_type(w, symbol));
  return substituteByInstance(w, type, mapToSupertype(w, selfInstanceOf(w, from), owner));
}

static void methodOverride(Checker& c, ClassId cls, ClassId base, SymbolId own, SymbolId inherited, NodeId node) {
  World& w = c.w;
  bool own_property = false, base_property = false;
  TypeId override = proper(w, memberAsSeen(c, own, cls, cls, own_property));
  TypeId original = proper(w, memberAsSeen(c, inherited, base, cls, base_property));
  std::string name(w.text(w.symbols[own].name));
  std::string base_name(w.text(w.classes[base].name));
  if (w.types.is(override, TypeKind::kAny) || w.types.is(original, TypeKind::kAny)) return;
  std::string_view text = w.text(w.symbols[own].name);
  bool dunder = text.starts_with("__") && text.ends_with("__");
  SubtypeOptions o;
  o.ignore_positional_names = dunder || (!c.options->extra_checks && false);
  bool op_method = dunder;
  (void)op_method;
  if (isSubtype(w, override, original, o)) {
    // Compatible but for names: mypy says so where a caller could tell the difference.
    return;
  }
  auto isCallable = [&](TypeId type) { return w.types.is(type, TypeKind::kCallable); };
  if (isCallable(override) && isCallable(original)) {
    CallableView a = w.types.callable(override);
    CallableView b = w.types.callable(original);
    // Names alone?
    SubtypeOptions loose;
    loose.ignore_positional_names = true;
    if (isSubtype(w, override, original, loose)) {
      {
        // Positional parameters may be renamed in mypy's default mode.
        bool renamed_only = true;
        for (uint32_t i = 0; i < std::min(a.paramCount(), b.paramCount()); ++i) {
          if (isNamed(a.params()[i].kind) || isNamed(b.params()[i].kind)) renamed_only = renamed_only && a.params()[i].name == b.params()[i].name;
        }
        if (renamed_only) {
          for (uint32_t i = 0; i < std::min(a.paramCount(), b.paramCount()); ++i) {
            if (a.params()[i].name == b.params()[i].name || !b.params()[i].name.valid() || !a.params()[i].name.valid()) continue;
            if (!c.options->extra_checks) continue;
            fail(c, node, Code::kOverride, "This violates the Liskov substitution principle");
          }
          return;
        }
      }
    }
    bool same_shape = a.paramCount() == b.paramCount() && !a.isGeneric() && !b.isGeneric();
    if (same_shape) {
      bool reported = false;
      NodeList params;
      if (c.ast->is(node, NodeKind::kFunctionDef)) params = c.ast->as<syntax::Parameters>(c.ast->as<syntax::FunctionDef>(node).params()).params();
      bool kinds_fit = true;
      for (uint32_t i = 0; i < a.paramCount(); ++i) {
        bool fits_kind = a.params()[i].kind == b.params()[i].kind || (a.params()[i].kind == ParamKind::kOpt && b.params()[i].kind == ParamKind::kPos);
        kinds_fit = kinds_fit && fits_kind;
      }
      if (kinds_fit) {
        for (uint32_t i = 0; i < a.paramCount(); ++i) {
          if (isSubtype(w, b.types()[i], a.types()[i])) continue;
          auto texts = formatTwo(w, a.types()[i], b.types()[i]);
          size_t at = i + (w.symbols[own].has(kIsStaticMethod) ? 0 : 1);
          NodeId where = at < params.size() ? params[at] : node;
          fail(c, where, Code::kOverride, "Argument " + std::to_string(i + 1) + " of \"" + name + "\" is incompatible with supertype \"" + base_name + "\"; supertype defines the argument type as " + texts.second);
          note(c, where, Code::kOverride, "This violates the Liskov substitution principle");
          note(c, where, Code::kOverride, "See https://mypy.readthedocs.io/en/stable/common_issues.html#incompatible-overrides");
          if (text == "__eq__") {
            note(c, where, Code::kOverride, "It is recommended for \"__eq__\" to work with arbitrary objects, for example:");
            note(c, where, Code::kOverride, "    def __eq__(self, other: object) -> bool:");
            note(c, where, Code::kOverride, "        if not isinstance(other, " + std::string(w.text(w.classes[cls].name)) + "):");
            note(c, where, Code::kOverride, "            return NotImplemented");
            note(c, where, Code::kOverride, "        return <logic to compare two " + std::string(w.text(w.classes[cls].name)) + " instances>");
          }
          reported = true;
        }
        if (!isSubtype(w, a.ret(), b.ret())) {
          auto texts = formatTwo(w, a.ret(), b.ret());
          NodeId where = node;
          fail(c, where, Code::kOverride, "Return type " + texts.first + " of \"" + name + "\" incompatible with return type " + texts.second + " in supertype \"" + base_name + "\"");
          reported = true;
        }
        if (reported) return;
      }
    }
    fail(c, node, Code::kOverride, "Signature of \"" + name + "\" incompatible with supertype \"" + base_name + "\"");
    notes(c, node, withSelf(c, inherited, base, cls), withSelf(c, own, cls, cls));
    return;
  }
  bool own_function = isCallable(override) || w.types.is(override, TypeKind::kOverloaded);
  bool base_function = isCallable(original) || w.types.is(original, TypeKind::kOverloaded);
  if (own_function && base_function) {
    fail(c, node, Code::kOverride, "Signature of \"" + name + "\" incompatible with supertype \"" + base_name + "\"");
    notes(c, node, withSelf(c, inherited, base, cls), withSelf(c, own, cls, cls));
    return;
  }
  if (own_property || base_property || w.symbols[own].kind == SymbolKind::kFunction) {
    fail(c, node, Code::kOverride, "Signature of \"" + name + "\" incompatible with supertype \"" + base_name + "\"");
    notes(c, node, original, override);
    return;
  }
}

static void variableOverride(Checker& c, ClassId cls, ClassId base, SymbolId own, SymbolId inherited, NodeId node) {
  World& w = c.w;
  bool own_property = false, base_property = false;
  if (w.symbols[own].has(kIsEnumMember) || w.symbols[own].has(kIsSynthesised)) return;
  TypeId override = memberAsSeen(c, own, cls, cls, own_property);
  TypeId original = memberAsSeen(c, inherited, base, cls, base_property);
  std::string name(w.text(w.symbols[own].name));
  std::string base_name(w.text(w.classes[base].name));
  if (!isSubtype(w, override, original)) {
    auto texts = formatTwo(w, override, original);
    NodeId where = node;
    fail(c, where, Code::kAssignment, "Incompatible types in assignment (expression has type " + texts.first + ", base class \"" + base_name + "\" defined the type as " + texts.second + ")");
    for (std::string& line : invarianceNotes(w, override, original)) note(c, where, Code::kAssignment, std::move(line));
    return;
  }
  const Symbol& o = w.symbols[own];
  const Symbol& b = w.symbols[inherited];
  if (o.has(kIsClassVar) != b.has(kIsClassVar) && o.has(kIsDeclared) && b.kind == SymbolKind::kVariable && b.has(kIsDeclared)) {
    if (o.has(kIsClassVar)) {
      fail(c, node, Code::kMisc, "Cannot override instance variable (previously declared on base class \"" + base_name + "\") with class variable");
    } else {
      fail(c, node, Code::kMisc, "Cannot override class variable (previously declared on base class \"" + base_name + "\") with instance variable");
    }
  }
}

void checkBases(Checker& c, ClassId cls) {
  World& w = c.w;
  const std::vector<ClassId> mro = w.header(cls).mro;
  if (w.classes[cls].bases.size() < 2) return;
  for (size_t i = 1; i < mro.size(); ++i) {
    w.members(mro[i]);
    for (SymbolId first : std::vector<SymbolId>(w.scopes[w.classes[mro[i]].scope].names.in_order)) {
      NameId name = w.symbols[first].name;
      std::string text(w.text(name));
      if (isPrivate(text) || text == "__init__" || text == "__new__" || text == "__init_subclass__" || text == "__slots__" || text == "__match_args__" || text == "__attrs_attrs__") continue;
      if (ownMember(w, cls, name).valid()) continue;
      for (size_t j = i + 1; j < mro.size(); ++j) {
        if (isSubclass(w, mro[i], mro[j])) continue;
        SymbolId second = ownMember(w, mro[j], name);
        if (!second.valid()) continue;
        Symbol& a = w.resolved(first);
        Symbol& b = w.resolved(second);
        bool comparable = (a.kind == SymbolKind::kVariable || a.kind == SymbolKind::kFunction) && (b.kind == SymbolKind::kVariable || b.kind == SymbolKind::kFunction);
        if (!comparable) continue;
        bool a_property = false, b_property = false;
        TypeId x = memberAsSeen(c, first, mro[i], cls, a_property);
        TypeId y = memberAsSeen(c, second, mro[j], cls, b_property);
        bool fits;
        if (a.kind == SymbolKind::kVariable && b.kind == SymbolKind::kVariable && !b.has(kIsFinal)) {
          fits = isEquivalent(w, x, y);
        } else {
          SubtypeOptions o;
          o.ignore_positional_names = true;
          fits = isSubtype(w, x, y, o);
        }
        if (!fits) {
          // A made-up class (an intersection) has no node.
          NodeId at = w.classes[cls].node.valid() ? w.classes[cls].node : c.ast->root();
          fail(c, at, Code::kMisc,
               "Definition of \"" + text + "\" in base class \"" + std::string(w.text(w.classes[mro[i]].name)) +
                   "\" is incompatible with definition in base class \"" + std::string(w.text(w.classes[mro[j]].name)) + "\"");
        }
        break;
      }
    }
  }
}

void checkOverrides(Checker& c, ClassId cls) {
  World& w = c.w;
  if (w.classes[cls].has(kClassTypedDict) || w.classes[cls].self_attributes == Progress::kRunning) return;
  w.hooks.complete_self_attributes(w, cls);
  checkBases(c, cls);
  const std::vector<ClassId> mro = w.header(cls).mro;
  for (SymbolId own : std::vector<SymbolId>(w.scopes[w.classes[cls].scope].names.in_order)) {
    Symbol& symbol = w.resolved(own);
    std::string name(w.text(symbol.name));
    if (symbol.definitions.empty() || symbol.has(kIsSynthesised)) continue;
    if (name == "__init__" || name == "__new__" || name == "__init_subclass__" || name == "__post_init__" || isPrivate(name) || name == "__slots__" || name == "__match_args__" || name == "__hash__") {
      bool is_final_base = false;
      (void)is_final_base;
      if (name != "__hash__") continue;
    }
    bool found_base = false;
    NodeId node = symbol.definitions[0].node;
    for (size_t i = 1; i < mro.size(); ++i) {
      SymbolId inherited = ownMember(w, mro[i], symbol.name);
      if (!inherited.valid()) continue;
      Symbol& base_symbol = w.resolved(inherited);
      found_base = true;
      TypeId base_type = w.hooks.symbol_type(w, inherited);
      (void)base_type;
      std::string base_name(w.text(w.classes[mro[i]].name));
      if (base_symbol.has(kIsFinal) && !base_symbol.has(kIsEnumMember)) {
        if (base_symbol.kind == SymbolKind::kFunction) {
          fail(c, node, Code::kMisc, "Cannot override final attribute \"" + name + "\" (previously declared in base class \"" + base_name + "\")");
        } else {
          fail(c, node, Code::kMisc, "Cannot override final attribute \"" + name + "\" (previously declared in base class \"" + base_name + "\")");
        }
        break;
      }
      if (symbol.kind == SymbolKind::kFunction && (base_symbol.kind == SymbolKind::kFunction || base_symbol.kind == SymbolKind::kVariable)) {
        bool untyped = !symbol.functions.empty() && w.functions[symbol.functions.back()].has(kFnUnannotated) && !c.options->check_untyped_defs;
        (void)untyped;
        methodOverride(c, cls, mro[i], own, inherited, node);
      } else if (symbol.kind == SymbolKind::kVariable && (base_symbol.kind == SymbolKind::kVariable || base_symbol.kind == SymbolKind::kFunction)) {
        if (symbol.typed == Progress::kDone && !w.types.is(symbol.type, TypeKind::kPartial) && !symbol.has(kIsSelfAttribute)) {
          NodeId where = node;
          if (auto assign = c.ast->tryAs<syntax::Assign>(node)) where = assign->value();
          if (auto assign = c.ast->tryAs<syntax::AnnAssign>(node)) where = assign->value().valid() ? assign->value() : assign->target();
          bool by_function = base_symbol.kind == SymbolKind::kFunction && !base_symbol.has(kIsProperty);
          if (!by_function || name != "__hash__") variableOverride(c, cls, mro[i], own, inherited, where);
        }
      }
      break;
    }
    if (symbol.kind == SymbolKind::kFunction && !symbol.functions.empty()) {
      FunctionId first = symbol.functions.back();
      readDecorators(w, first);
      bool override_marked = false;
      for (FunctionId each : symbol.functions) override_marked = override_marked || w.functions[each].has(kFnOverride);
      if (override_marked && !found_base && !w.classes[cls].has(kClassFallbackToAny)) {
        fail(c, node, Code::kOverride, "Method \"" + name + "\" is marked as an override, but no base method was found with this name");
      }
      if (!override_marked && found_base && c.options->enabled_codes.count(Code::kExplicitOverride) != 0 && !name.starts_with("__")) {
        for (size_t i = 1; i < mro.size(); ++i) {
          if (!ownMember(w, mro[i], symbol.name).valid()) continue;
          fail(c, node, Code::kExplicitOverride, "Method \"" + name + "\" is not using @override but is overriding a method in class \"" + w.classes[mro[i]].fullname + "\"");
          break;
        }
      }
    }
  }
}

}  // namespace krait::check
