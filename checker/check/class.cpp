// Classes: their bodies, and whether what several bases define agrees.
#include "checker/check/check.h"

#include <algorithm>

namespace krait::check {

static void checkFinals(Checker& c, ClassId cls);
static void checkDisjointBases(Checker& c, ClassId cls);
static void checkBaseArguments(Checker& c, ClassId cls);

static void checkProtocolBases(Checker& c, ClassId cls, NodeId node) {
  World& w = c.w;
  if (!w.classes[cls].has(kClassProtocol)) return;
  for (TypeId base : std::vector<TypeId>(w.header(cls).bases)) {
    if (!w.types.is(base, TypeKind::kInstance)) continue;
    const ClassInfo& info = w.header(w.types[base].cls());
    if (info.has(kClassProtocol) || info.fullname == "builtins.object" || info.fullname == "typing.Generic") continue;
    fail(c, node, Code::kMisc, "All bases of a protocol must be protocols");
    return;
  }
}

// Decorators that the program itself defines are called with the class, the lowest first; what they make of it is not
// looked at. ref: mypy checker.visit_class_def
static void checkClassDecorators(Checker& c, ClassId cls, NodeList decorators) {
  World& w = c.w;
  for (size_t i = decorators.size(); i-- > 0;) {
    if (promotionOf(w, cls, decorators[i]).valid()) continue;
    TypeId callee = inferExpr(c, decorators[i]);
    TypeId plain = proper(w, callee);
    if (!w.types.is(plain, TypeKind::kCallable)) continue;
    FunctionId function = w.types.callable(plain).shape->definition;
    NodeId called = decorators[i];
    if (auto call = c.ast->tryAs<syntax::Call>(called)) called = call->func();
    SymbolId symbol = lookupDotted(w, c.module, c.scope, *c.ast, called);
    if (symbol.valid()) symbol = followImports(w, symbol);
    bool is_own = symbol.valid() && !w.modules[w.symbols[symbol].module].is_stub && !w.modules[w.symbols[symbol].module].is_library;
    if (!is_own || (function.valid() && w.modules[w.functions[function].module].is_stub)) continue;
    Watch watch = startWatch(c);
    CallSite site;
    site.node = w.classes[cls].node;
    site.args.push_back({NodeId::none(), ArgKind::kPos, NameId::none(), classCallable(w, cls)});
    checkCall(c, plain, site);
    std::vector<Message> found = takeBack(c, watch);
    // It may take a class that cannot be instantiated.
    std::erase_if(found, [](const Message& message) { return message.code == Code::kTypeAbstract; });
    for (Message& message : found) {
      if (message.code == Code::kArgType) message.range = c.ast->range(decorators[i]);
    }
    putBack(c, std::move(found));
  }
}

// What stands in __slots__ is an attribute of instances alone.
static void checkSlotConflicts(Checker& c, ClassId cls) {
  World& w = c.w;
  SymbolId written = w.scopes[w.classes[cls].scope].names.find(w.names.__slots__);
  bool is_written = w.classes[cls].has_slots && written.valid() && !w.symbols[written].has(kIsSynthesised);
  if (!is_written || !follows(*c.options, Divergence::kSlotConflicts) || w.modules[c.module].is_stub) return;
  for (NameId slot : std::vector<NameId>(w.classes[cls].slots)) {
    SymbolId id = w.scopes[w.classes[cls].scope].names.find(slot);
    if (!id.valid() || w.symbols[id].has(kIsSynthesised) || w.symbols[id].has(kIsSelfAttribute) || w.symbols[id].definitions.empty()) continue;
    const Definition& definition = w.symbols[id].definitions[0];
    auto annotated = c.ast->tryAs<syntax::AnnAssign>(definition.node);
    if (annotated && !annotated->value().valid()) continue;
    fail(c, definition.node, Code::kMisc, "\"" + std::string(w.text(slot)) + "\" in __slots__ conflicts with class variable");
  }
}

void checkClass(Checker& c, NodeId node) {
  World& w = c.w;
  auto found = w.modules[c.module].classes.find(node.value);
  if (found == w.modules[c.module].classes.end()) return;
  ClassId cls = found->second;
  w.members(cls);
  SymbolId symbol = w.classes[cls].symbol;
  if (symbol.valid() && w.symbols[symbol].definitions[0].node != node) reportRedefinition(c, symbol, node, node);
  auto def = c.ast->as<syntax::ClassDef>(node);
  checkClassDecorators(c, cls, def.decorators());
  ScopeId outer_scope = c.scope;
  c.scope = w.classes[cls].parent;  // the type parameters are in reach
  for (NodeId arg : def.args()) {
    if (auto keyword = c.ast->tryAs<syntax::Keyword>(arg)) {
      if (keyword->arg().valid() && syntax::nameOf(*c.ast, keyword->arg()) != w.names.metaclass && !w.classes[cls].has(kClassTypedDict)) inferExpr(c, keyword->value());
    }
  }
  c.scope = outer_scope;
  ClassId outer_cls = c.cls;
  FunctionState outer_function = c.function;
  Binder* outer_binder = c.binder;
  Binder binder = binderFor(c);
  c.binder = &binder;
  c.scope = w.classes[cls].scope;
  c.cls = cls;
  c.function = FunctionState{};
  enterPartialScope(c, PartialScopeKind::kClass);
  if (!w.classes[cls].has(kClassTypedDict)) checkBody(c, def.body());
  leavePartialScope(c);
  checkSlotConflicts(c, cls);
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
  checkInitSubclass(c, cls, node);
  checkFinals(c, cls);
  checkProtocolBases(c, cls, node);
  checkDisjointBases(c, cls);
  checkBaseArguments(c, cls);
  checkOverrides(c, cls);
  checkClassVariance(c, cls, node);
  c.scope = outer_scope;
  c.cls = outer_cls;
}

static bool isPrivate(std::string_view name) { return name.starts_with("__") && !name.ends_with("__"); }

// The class whose layout an instance of `cls` has: marked so, or with slots of its own; none: any layout will do.
static ClassId disjointBase(World& w, ClassId cls) {
  for (ClassId each : std::vector<ClassId>(w.header(cls).mro)) {
    const ClassInfo& info = w.members(each);
    if (info.has(kClassDisjointBase)) return each;
    // Generated slots do not count here: only those that are written.
    if (info.has_slots && !info.slots.empty() && !info.dataclass) return each;
  }
  return ClassId::none();
}

static void checkDisjointBases(Checker& c, ClassId cls) {
  World& w = c.w;
  NodeId node = w.classes[cls].node;
  if (w.classes[cls].has(kClassProtocol) && w.classes[cls].has(kClassDisjointBase)) {
    fail(c, c.ast->as<syntax::ClassDef>(node).decorators()[0], Code::kMisc, "@disjoint_base cannot be used with protocol class");
  }
  ClassId chosen;
  for (TypeId base : std::vector<TypeId>(w.classes[cls].bases)) {
    if (!w.types.is(base, TypeKind::kInstance)) continue;
    ClassId other = disjointBase(w, w.types[base].cls());
    if (!other.valid()) continue;
    if (!chosen.valid() || isSubclass(w, other, chosen)) {
      chosen = other;
    } else if (!isSubclass(w, chosen, other)) {
      fail(c, node, Code::kMisc, "Class \"" + std::string(w.text(w.classes[cls].name)) + "\" has incompatible disjoint bases");
      return;
    }
  }
}

// Could two instances of a class be bases of one class?
static bool agree(World& w, TypeId a, TypeId b) {
  const std::vector<TypeVarId> variables = w.header(w.types[a].cls()).type_vars;
  if (w.types[a].count != w.types[b].count) return true;
  for (uint32_t i = 0; i < w.types[a].count && i < variables.size(); ++i) {
    TypeId x = w.types[a].items[i], y = w.types[b].items[i];
    if (w.type_vars[variables[i]].kind != TypeVarKind::kTypeVar) continue;
    bool is_invariant = varianceOf(w, variables[i]) == Variance::kInvariant;
    if (is_invariant ? !isEquivalent(w, x, y) : !isSubtype(w, x, y) && !isSubtype(w, y, x)) return false;
  }
  return true;
}

// A generic class that is a base on several ways has the same arguments on all of them.
static void checkBaseArguments(Checker& c, ClassId cls) {
  World& w = c.w;
  const std::vector<TypeId> bases = w.header(cls).bases;
  if (bases.size() < 2 || w.modules[c.module].is_stub || !follows(*c.options, Divergence::kBaseArguments)) return;
  const std::vector<ClassId> mro = w.classes[cls].mro;
  for (size_t i = 1; i < mro.size(); ++i) {
    if (w.header(mro[i]).type_vars.empty()) continue;
    TypeId first;
    for (TypeId base : bases) {
      if (!w.types.is(base, TypeKind::kInstance) || !isSubclass(w, w.types[base].cls(), mro[i])) continue;
      TypeId mapped = mapToSupertype(w, base, mro[i]);
      if (!first.valid()) first = mapped;
      if (agree(w, first, mapped)) continue;
      auto texts = formatTwo(w, first, mapped);
      fail(c, w.classes[cls].node, Code::kMisc,
           "Class \"" + std::string(w.text(w.classes[cls].name)) + "\" inherits from both " + texts.first + " and " + texts.second);
      return;
    }
  }
}

// What stands in the body of a protocol, or of a class that is marked as one and is none.
static void checkProtocolBody(Checker& c, ClassId cls) {
  World& w = c.w;
  if (!w.classes[cls].has(kClassProtocol)) {
    if (!w.classes[cls].has(kClassRuntimeProtocol)) return;
    for (NodeId decorator : c.ast->as<syntax::ClassDef>(w.classes[cls].node).decorators()) {
      bool is_mark = fullNameAt(w, c.module, w.classes[cls].parent, *c.ast, decorator).ends_with(".runtime_checkable");
      if (is_mark) fail(c, w.classes[cls].node, Code::kMisc, "@runtime_checkable can only be used with protocol classes");
    }
    return;
  }
  for (SymbolId id : std::vector<SymbolId>(w.scopes[w.classes[cls].scope].names.in_order)) {
    const Symbol& symbol = w.resolved(id);
    bool is_bare = symbol.kind == SymbolKind::kVariable && !symbol.definitions.empty() && symbol.definitions[0].kind == DefinitionKind::kAssign;
    std::string_view name = w.text(symbol.name);
    if (is_bare && name != "__slots__" && name != "__match_args__" && name != "__doc__" && !symbol.has(kIsDeclared) && !symbol.has(kIsSynthesised)) {
      fail(c, symbol.definitions[0].node, Code::kMisc, "All protocol members must have explicitly declared types");
    }
    if (symbol.kind != SymbolKind::kAlias || symbol.definitions.empty()) continue;
    fail(c, symbol.definitions[0].node, Code::kMisc, "Type aliases are prohibited in protocol bodies");
    char first = w.text(symbol.name)[0];
    if (first < 'A' || first > 'Z') note(c, symbol.definitions[0].node, Code::kMisc, "Use variable annotation syntax to define protocol members");
  }
}

// Final and protocols, final classes that are abstract, finals without a value.
static void checkFinals(Checker& c, ClassId cls) {
  World& w = c.w;
  bool is_protocol = w.classes[cls].has(kClassProtocol);
  w.hooks.complete_self_attributes(w, cls);
  for (SymbolId id : std::vector<SymbolId>(w.scopes[w.classes[cls].scope].names.in_order)) {
    const Symbol& symbol = w.resolved(id);
    if (symbol.definitions.empty() || symbol.has(kIsSynthesised) || symbol.has(kIsEnumMember)) continue;
    NodeId node = symbol.definitions[0].node;
    if (is_protocol && symbol.has(kIsFinal) && !symbol.has(kIsSelfAttribute)) {
      auto def = c.ast->tryAs<syntax::FunctionDef>(node);
      fail(c, def && !def->decorators().empty() ? def->decorators()[0] : node, Code::kMisc, "Protocol member cannot be final");
    }
    bool needs_value = symbol.has(kIsFinalUnset) && symbol.has(kIsDeclared) && !symbol.has(kIsSelfAttribute) && !w.modules[c.module].is_stub &&
                       !w.classes[cls].dataclass && !w.classes[cls].has(kClassNamedTuple);
    for (const Definition& definition : symbol.definitions) {
      bool in_init = definition.kind == DefinitionKind::kSelf;
      if (in_init) needs_value = false;
    }
    if (needs_value) fail(c, node, Code::kMisc, "Final name must be initialized with a value");
  }
  checkProtocolBody(c, cls);
  if (!w.classes[cls].has(kClassFinal)) return;
  w.hooks.complete_abstract(w, cls);
  const auto& members = w.classes[cls].abstract_members;
  if (members.empty() || is_protocol) return;
  std::vector<std::string> names;
  for (const auto& member : members) names.push_back("\"" + std::string(w.text(member.first)) + "\"");
  std::sort(names.begin(), names.end());
  std::string listed;
  for (const std::string& name : names) listed += (listed.empty() ? "" : ", ") + name;
  fail(c, w.classes[cls].node, Code::kMisc, "Final class " + w.classes[cls].fullname + " has abstract attributes " + listed);
}

// The class that the member is or stands for; none: it is no class object.
static ClassId classOfMember(Checker& c, SymbolId symbol) {
  World& w = c.w;
  if (w.resolved(symbol).kind == SymbolKind::kClass) return w.symbols[symbol].cls;
  bool has_type = w.symbols[symbol].kind == SymbolKind::kVariable || w.symbols[symbol].kind == SymbolKind::kAlias;
  TypeId type = has_type ? w.hooks.symbol_type(w, symbol) : TypeId::none();
  if (!type.valid()) return ClassId::none();
  type = proper(w, type);
  if (!w.types.is(type, TypeKind::kCallable) || !w.types.callable(type).isTypeObject()) return ClassId::none();
  TypeId made = proper(w, w.types.callable(type).made());
  return w.types.is(made, TypeKind::kInstance) ? w.types[made].cls() : ClassId::none();
}

// What two bases that do not know each other say of a name that the class takes from the first of them.
static void checkSharedName(Checker& c, ClassId cls, NameId name, ClassId base_a, SymbolId first, ClassId base_b, SymbolId second) {
  World& w = c.w;
  std::string text(w.text(name));
  Symbol& a = w.resolved(first);
  Symbol& b = w.resolved(second);
  auto isValue = [](const Symbol& s) { return s.kind == SymbolKind::kVariable || s.kind == SymbolKind::kFunction; };
  bool are_values = isValue(a) && isValue(b);
  bool may_be_classes = !follows(*c.options, Divergence::kNestedClasses);
  if (!are_values && !may_be_classes) return;
  ClassId class_a = may_be_classes ? classOfMember(c, first) : ClassId::none();
  ClassId class_b = may_be_classes ? classOfMember(c, second) : ClassId::none();
  bool are_classes = class_a.valid() && class_b.valid();
  if (!are_values && !are_classes) return;
  if (w.classes[cls].node.valid() && b.has(kIsFinal) && !b.has(kIsEnumMember)) {
    fail(c, w.classes[cls].node, Code::kMisc,
         "Cannot override final attribute \"" + text + "\" (previously declared in base class \"" + std::string(w.text(w.classes[base_b].name)) + "\")");
  }
  bool b_writable = b.kind == SymbolKind::kVariable || (b.has(kIsProperty) && b.has(kIsSettable));
  if (w.classes[cls].node.valid() && a.has(kIsFinal) && !a.has(kIsEnumMember) && b_writable && !b.has(kIsFinal)) {
    fail(c, w.classes[cls].node, Code::kMisc, "Cannot override writable attribute \"" + text + "\" with a final one");
  }
  TypeId x = are_classes ? TypeId::none() : memberAsSeen(c, first, base_a, cls);
  TypeId y = are_classes ? TypeId::none() : memberAsSeen(c, second, base_b, cls);
  bool fits;
  if (are_classes) {
    // Constructors may differ: of class objects the classes count.
    fits = isSubclass(w, class_a, class_b) || w.header(class_a).has(kClassFallbackToAny);
  } else if (a.kind == SymbolKind::kVariable && b.kind == SymbolKind::kVariable && !b.has(kIsFinal)) {
    fits = isEquivalent(w, x, y);
  } else {
    SubtypeOptions o;
    o.ignore_positional_names = true;
    fits = isSubtype(w, x, y, o);
  }
  bool is_free = b.kind == SymbolKind::kVariable && !b.has(kIsDeclared) && !b.has(kIsFinal);
  if (is_free && follows(*c.options, Divergence::kUnannotatedBases)) fits = true;
  if (name == w.names.__hash__ && (a.has(kIsSynthesised) || b.has(kIsSynthesised))) fits = true;
  if (!fits) {
    // A made-up class (an intersection) has no node.
    NodeId at = w.classes[cls].node.valid() ? w.classes[cls].node : c.ast->root();
    fail(c, at, Code::kMisc,
         "Definition of \"" + text + "\" in base class \"" + std::string(w.text(w.classes[base_a].name)) +
             "\" is incompatible with definition in base class \"" + std::string(w.text(w.classes[base_b].name)) + "\"");
  }
}

// The class that defines a name first counts; what later bases say must agree with it. ref: mypy check_multiple_inheritance
void checkBases(Checker& c, ClassId cls) {
  World& w = c.w;
  const std::vector<ClassId> mro = w.header(cls).mro;
  if (w.classes[cls].bases.size() < 2 || w.classes[cls].has(kClassHasErrors)) return;
  struct Defined {
    NameId name;
    size_t base;
    SymbolId symbol;
  };
  std::vector<Defined> names;
  for (size_t i = 1; i < mro.size(); ++i) {
    w.members(mro[i]);
    for (SymbolId symbol : w.scopes[w.classes[mro[i]].scope].names.in_order) names.push_back({w.symbols[symbol].name, i, symbol});
  }
  std::stable_sort(names.begin(), names.end(), [&](const Defined& a, const Defined& b) { return w.text(a.name) < w.text(b.name); });
  for (size_t at = 0; at < names.size(); ++at) {
    const Defined& first = names[at];
    if (at > 0 && names[at - 1].name == first.name) continue;
    std::string_view text = w.text(first.name);
    if (isPrivate(text) || text == "__init__" || text == "__new__" || text == "__init_subclass__" || text == "__slots__" || text == "__match_args__" || text == "__attrs_attrs__") continue;
    if (ownMember(w, cls, first.name).valid()) continue;
    for (size_t j = at + 1; j < names.size() && names[j].name == first.name; ++j) {
      ClassId second = mro[names[j].base];
      if (isSubclass(w, mro[first.base], second)) continue;
      SymbolId symbol = ownMember(w, second, first.name);
      if (symbol.valid()) checkSharedName(c, cls, first.name, mro[first.base], first.symbol, second, symbol);
    }
  }
}

}  // namespace krait::check
