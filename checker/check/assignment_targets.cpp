// What may be assigned where: final names and members, slots, and the types of targets.
#include "checker/check/assignment_targets.h"

namespace krait::check {

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

void checkAssigned(Checker& c, TypeId type, TypeId declared, NodeId node) {
  World& w = c.w;
  TypeId plain = proper(w, declared);
  bool wants_class = w.types.is(plain, TypeKind::kTypeType) && w.types.is(proper(w, w.types[plain].items[0]), TypeKind::kInstance);
  if (wants_class && isAbstractClassObject(w, *c.options, proper(w, type)) && wantsConcrete(w, plain)) {
    fail(c, node, Code::kTypeAbstract, "Can only assign concrete classes to a variable of type " + formatType(w, declared));
    return;
  }
  checkSubtype(c, type, declared, node, "Incompatible types in assignment", "expression has type", "variable has type", Code::kAssignment);
}

// Is this assignment, in __init__, the one that gives a Final without a value its value?
static bool setsFinal(Checker& c, const Symbol& symbol, NodeId target) {
  if (!symbol.has(kIsFinalUnset) || !c.function.id.valid() || c.w.functions[c.function.id].name != c.w.names.__init__ || c.cls != symbol.owner) return false;
  // Each branch may give it its value once.
  if (follows(*c.options, Divergence::kFinalNames)) return !c.binder->find(keyOf(c, target)).from_assignment;
  for (const Definition& definition : symbol.definitions) {
    if (definition.kind == DefinitionKind::kSelf) return definition.target == target;
  }
  return false;
}

// Is the member or the name of another module declared Final? That is known when its annotation has been read.
static bool isDeclaredFinal(World& w, SymbolId symbol) {
  if (w.resolved(symbol).kind == SymbolKind::kVariable && w.symbols[symbol].typed == Progress::kNot) w.hooks.symbol_type(w, symbol);
  return w.symbols[symbol].has(kIsFinal);
}

void checkFinalMember(Checker& c, NodeId target, TypeId base) {
  World& w = c.w;
  TypeId instance = w.types.is(base, TypeKind::kInstance) ? base : TypeId::none();
  if (w.types.is(base, TypeKind::kCallable) && w.types.callable(base).isTypeObject()) instance = proper(w, w.types.callable(base).made());
  if (w.types.is(base, TypeKind::kTypeType)) instance = proper(w, w.types[base].items[0]);
  if (!instance.valid() || !w.types.is(instance, TypeKind::kInstance)) return;
  NameId name = syntax::nameOf(*c.ast, c.ast->as<syntax::Attribute>(target).attr());
  for (ClassId cls : std::vector<ClassId>(w.header(w.types[instance].cls()).mro)) {
    SymbolId member = ownMember(w, cls, name);
    if (!member.valid() || !isDeclaredFinal(w, member)) continue;
    const Symbol& symbol = w.symbols[member];
    bool own_definition = !symbol.definitions.empty() && symbol.definitions[0].target == target;
    if (own_definition || setsFinal(c, symbol, target)) return;
    fail(c, target, Code::kMisc, "Cannot assign to final attribute \"" + std::string(w.text(name)) + "\"");
  }
}

void checkSlots(Checker& c, NodeId target, TypeId instance) {
  World& w = c.w;
  if (!w.types.is(instance, TypeKind::kInstance)) return;
  ClassId cls = w.types[instance].cls();
  NameId name = syntax::nameOf(*c.ast, c.ast->as<syntax::Attribute>(target).attr());
  const std::vector<ClassId> mro = w.header(cls).mro;
  for (size_t i = 0; i + 1 < mro.size(); ++i) {
    const ClassInfo& info = w.members(mro[i]);
    if (!info.has_slots || ownMember(w, mro[i], w.names.__setattr__).valid()) return;
    for (NameId slot : info.slots) {
      if (slot == name) return;
    }
  }
  FoundMember found = findMember(w, cls, name);
  if (!found.found()) return;
  const Symbol& symbol = w.resolved(found.symbol);
  if (symbol.kind == SymbolKind::kFunction) return;
  TypeId type = symbol.type.valid() ? proper(w, symbol.type) : TypeId::none();
  bool is_definition = symbol.has(kIsSelfAttribute);
  if (!is_definition && type.valid()) {
    for (TypeId item : unionItems(w, type)) {
      TypeKind kind = w.types.kind(item);
      if (kind == TypeKind::kAny || kind == TypeKind::kCallable || kind == TypeKind::kOverloaded) return;
      if (kind == TypeKind::kInstance && findMember(w, w.types[item].cls(), w.names.__set__).found()) return;
    }
  }
  fail(c, target, Code::kMisc,
       "Trying to assign name \"" + std::string(w.text(name)) + "\" that is not in \"__slots__\" of type \"" + w.classes[cls].fullname + "\"");
}

bool isEnumMember(World& w, TypeId type) {
  type = proper(w, type);
  TypeId known = w.types.is(type, TypeKind::kInstance) ? w.types[type].extra : TypeId::none();
  return w.types.is(known, TypeKind::kLiteral) && w.types.literalValue(known).kind == LiteralKind::kEnum;
}

TypeId targetType(Checker& c, NodeId target) {
  World& w = c.w;
  switch (c.ast->kind(target)) {
    case NodeKind::kName: {
      SymbolId symbol = symbolAt(c, target);
      if (!symbol.valid()) return any(c);
      SymbolId final_symbol = followImports(w, symbol);
      if (!final_symbol.valid()) return any(c);
      return symbolValue(c, symbol, target);
    }
    case NodeKind::kAttribute: {
      auto attribute = c.ast->as<syntax::Attribute>(target);
      TypeId base = inferExpr(c, attribute.value());
      AttributeSite site;
      site.node = target;
      site.name = syntax::nameOf(*c.ast, attribute.attr());
      site.original = base;
      site.self_type = base;
      site.is_lvalue = true;
      // On an instance the Final comes first, on a class what may be read of it.
      bool is_instance = w.types.is(proper(w, base), TypeKind::kInstance);
      if (is_instance) checkFinalMember(c, target, proper(w, base));
      TypeId type = attributeType(c, base, site);
      checkSlots(c, target, proper(w, base));
      if (!is_instance) checkFinalMember(c, target, proper(w, base));
      if (w.types.is(proper(w, base), TypeKind::kModule)) {
        SymbolId member = moduleAttribute(w, ModuleId(w.types[proper(w, base)].ref), site.name);
        if (member.valid()) member = followImports(w, member);
        if (member.valid() && isDeclaredFinal(w, member)) {
          fail(c, target, Code::kMisc, "Cannot assign to final name \"" + std::string(w.text(site.name)) + "\"");
        }
      }
      return type;
    }
    default: return any(c);
  }
}

void checkFinalName(Checker& c, NodeId target) {
  World& w = c.w;
  SymbolId symbol = symbolAt(c, target);
  if (!symbol.valid()) return;
  const Symbol& info = w.resolved(symbol);
  if (c.cls.valid() && info.owner == c.cls && c.scope == info.scope && !info.has(kIsFinal)) {
    const std::vector<ClassId> mro = w.header(c.cls).mro;
    for (size_t i = 1; i < mro.size(); ++i) {
      SymbolId inherited = ownMember(w, mro[i], info.name);
      if (!inherited.valid() || w.resolved(inherited).kind != SymbolKind::kVariable || !isDeclaredFinal(w, inherited)) continue;
      if (w.symbols[inherited].has(kIsEnumMember)) continue;
      // A private name is another one in each class.
      std::string_view text = w.text(info.name);
      if (follows(*c.options, Divergence::kFinalNames) && text.starts_with("__") && !text.ends_with("__")) continue;
      fail(c, target, Code::kMisc, "Cannot assign to final name \"" + std::string(w.text(info.name)) + "\"");
      return;
    }
  }
  // A Final name of another module, imported under the name.
  SymbolId imported = !info.definitions.empty() && info.definitions[0].kind == DefinitionKind::kImportFrom ? followImports(w, symbol) : symbol;
  if (imported.valid() && imported != symbol && w.resolved(imported).kind == SymbolKind::kVariable && isDeclaredFinal(w, imported)) {
    fail(c, target, Code::kMisc, "Cannot assign to final name \"" + std::string(w.text(info.name)) + "\"");
    return;
  }
  if (!info.has(kIsFinal) || info.definitions.empty()) return;
  for (const Definition& definition : info.definitions) {
    if (definition.target == target && definition.kind == DefinitionKind::kAnnotated) return;
  }
  fail(c, target, Code::kMisc, "Cannot assign to final name \"" + std::string(w.text(info.name)) + "\"");
}

}  // namespace krait::check
