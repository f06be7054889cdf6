// Rules of enum classes: what their bases may be, that members are not annotated, extended or defined twice.
#include "checker/check/check.h"

namespace krait::check {

static bool isEnumBase(const std::string& name) {
  return name == "enum.Enum" || name == "enum.IntEnum" || name == "enum.Flag" || name == "enum.IntFlag" || name == "enum.StrEnum";
}

static bool hasNew(World& w, ClassId cls) {
  FoundMember found = findMember(w, cls, w.names.__new__);
  return found.found() && !isNamed(w, found.owner, "builtins.object");
}

static std::string shown(World& w, TypeId base) { return revealType(w, base); }

static void checkEnumBases(Checker& c, ClassId cls) {
  World& w = c.w;
  NodeId node = w.classes[cls].node;
  TypeId enum_base;
  const std::vector<TypeId> bases = w.classes[cls].bases;
  for (TypeId base : bases) {
    if (!w.types.is(base, TypeKind::kInstance)) continue;
    bool is_enum = w.header(w.types[base].cls()).has(kClassEnum);
    if (!enum_base.valid() && is_enum) {
      enum_base = base;
    } else if (enum_base.valid() && !is_enum) {
      fail(c, node, Code::kMisc, "No non-enum mixin classes are allowed after \"" + shown(w, enum_base) + "\"");
      break;
    }
  }
  bool has_new = false;
  for (TypeId base : bases) {
    if (!w.types.is(base, TypeKind::kInstance)) continue;
    ClassId base_class = w.types[base].cls();
    bool candidate = false;
    if (w.header(base_class).has(kClassEnum)) {
      const std::vector<ClassId> mro = w.classes[base_class].mro;
      for (size_t i = 1; i + 1 < mro.size(); ++i) candidate = candidate || (!w.header(mro[i]).has(kClassEnum) && hasNew(w, mro[i]));
    } else {
      candidate = hasNew(w, base_class);
    }
    if (candidate && has_new) {
      fail(c, node, Code::kMisc, "Only a single data type mixin is allowed for Enum subtypes, found extra \"" + shown(w, base) + "\"");
    }
    has_new = has_new || candidate;
  }
}

// A member that is defined again keeps its first type.
static void checkReusedValue(Checker& c, SymbolId member, NodeId statement) {
  World& w = c.w;
  auto assign = c.ast->tryAs<syntax::Assign>(statement);
  if (!assign || assign->targets().size() != 1 || !c.ast->is(assign->targets()[0], NodeKind::kName)) return;
  TypeId declared = removeLastKnownValues(w, enumMemberValue(w, w.symbols[member].owner, member));
  TypeId value = c.nodeType(assign->value());
  if (!declared.valid() || !value.valid() || isSubtype(w, value, declared)) return;
  auto texts = formatTwo(w, value, declared);
  fail(c, assign->value(), Code::kAssignment, "Incompatible types in assignment (expression has type " + texts.first + ", variable has type " + texts.second + ")");
}

static void checkMembers(Checker& c, ClassId cls) {
  World& w = c.w;
  for (SymbolId id : std::vector<SymbolId>(w.scopes[w.classes[cls].scope].names.in_order)) {
    const Symbol symbol = w.symbols[id];
    if (symbol.definitions.empty()) continue;
    bool is_member = symbol.has(kIsEnumMember) || symbol.has(kIsEnumAlias);
    if (!is_member && symbol.kind != SymbolKind::kFunction && symbol.kind != SymbolKind::kClass) continue;
    const Definition& first = symbol.definitions[0];
    if (first.kind == DefinitionKind::kAnnotated && !w.modules[c.module].is_stub) {
      auto assign = c.ast->as<syntax::AnnAssign>(first.node);
      std::string head = fullNameAt(w, c.module, w.classes[cls].scope, *c.ast, assign.annotation());
      if (!head.ends_with(".Final")) {
        fail(c, first.node, Code::kMisc, "Enum members must be left unannotated");
        note(c, first.node, Code::kMisc, "See https://typing.readthedocs.io/en/latest/spec/enums.html#defining-members");
      }
    }
    for (size_t i = 1; i < symbol.definitions.size(); ++i) {
      DefinitionKind kind = symbol.definitions[i].kind;
      if (kind != DefinitionKind::kAssign && kind != DefinitionKind::kAnnotated) continue;
      if (is_member) checkReusedValue(c, id, symbol.definitions[i].node);
      fail(c, symbol.definitions[i].target, Code::kMisc,
           "Attempted to reuse member name \"" + std::string(w.text(symbol.name)) + "\" in Enum definition \"" + std::string(w.text(w.classes[cls].name)) + "\"");
    }
  }
}

// What IntEnum, StrEnum and the flags declare of _value_ holds below them, unless a __new__ or __init__ makes something
// else of what is written.
static SymbolId declaredByLibrary(Checker& c, ClassId cls) {
  World& w = c.w;
  FoundMember value = findMember(w, cls, w.names._value_);
  if (!value.found() || !w.classes[value.owner].fullname.starts_with("enum.")) return SymbolId::none();
  for (NameId maker : {w.names.__new__, w.names.__init__}) {
    FoundMember found = findMember(w, cls, maker);
    if (!found.found()) continue;
    const std::string& owner = w.classes[found.owner].fullname;
    if (!owner.starts_with("enum.") && !owner.starts_with("builtins.")) return SymbolId::none();
  }
  return value.symbol;
}

// A declared _value_ is what each member's value must fit.
static void checkDeclaredValue(Checker& c, ClassId cls) {
  World& w = c.w;
  SymbolId declared = ownMember(w, cls, w.names._value_);
  if (!declared.valid()) declared = declaredByLibrary(c, cls);
  if (!declared.valid() || !follows(*c.options, Divergence::kEnumValueType) || !w.resolved(declared).has(kIsDeclared) || ownMember(w, cls, w.names.__init__).valid()) return;
  TypeId wanted = declaredVariableType(w, declared);
  if (!wanted.valid()) return;
  for (SymbolId id : std::vector<SymbolId>(w.scopes[w.classes[cls].scope].names.in_order)) {
    if (!w.symbols[id].has(kIsEnumMember) || w.symbols[id].definitions.empty()) continue;
    TypeId value = enumMemberValue(w, cls, id);
    if (value.valid() && !isSubtype(w, value, wanted)) {
      auto texts = formatTwo(w, value, wanted);
      fail(c, w.symbols[id].definitions[0].node, Code::kAssignment,
           "Incompatible types in assignment (expression has type " + texts.first + ", variable has type " + texts.second + ")");
    }
  }
}

// The value of a member is what the enum's __init__ is called with; a tuple stands for several arguments.
static void checkArguments(Checker& c, ClassId cls) {
  World& w = c.w;
  if (!follows(*c.options, Divergence::kEnumArguments) || w.modules[c.module].is_stub) return;
  FoundMember found = findMember(w, cls, w.names.__init__);
  if (!found.found() || w.resolved(found.symbol).kind != SymbolKind::kFunction) return;
  const std::string& owner = w.classes[found.owner].fullname;
  if (owner.starts_with("builtins.") || owner.starts_with("enum.")) return;
  for (SymbolId id : std::vector<SymbolId>(w.scopes[w.classes[cls].scope].names.in_order)) {
    if (!w.symbols[id].has(kIsEnumMember) || w.symbols[id].definitions.empty()) continue;
    NodeId node = w.symbols[id].definitions[0].node;
    auto assign = c.ast->tryAs<syntax::Assign>(node);
    if (!assign) continue;
    TypeId value = proper(w, enumMemberValue(w, cls, id));
    TypeId written = proper(w, w.symbols[id].final_value);
    bool is_unknown = !value.valid() || w.types.is(value, TypeKind::kAny) || isNamed(w, written, "enum.auto") || isNamed(w, value, "builtins.tuple");
    std::vector<Arg> args;
    if (!is_unknown && w.types.is(value, TypeKind::kTuple)) {
      for (TypeId item : std::vector<TypeId>(w.types[value].args().begin(), w.types[value].args().end())) {
        is_unknown = is_unknown || w.types.is(item, TypeKind::kUnpack);
        args.push_back({.type = item});
      }
    } else {
      args.push_back({.type = value});
    }
    if (!is_unknown) callMethod(c, w.names.__init__, w.types.instance(cls), std::move(args), assign->value());
  }
}

// Any member; a class inside it counts, too.
static bool hasMembers(World& w, ClassId cls) {
  if (!enumMembers(w, cls).empty()) return true;
  for (SymbolId id : w.scopes[w.classes[cls].scope].names.in_order) {
    if (w.symbols[id].kind == SymbolKind::kClass && !w.text(w.symbols[id].name).starts_with("__")) return true;
  }
  return false;
}

void checkEnum(Checker& c, ClassId cls) {
  World& w = c.w;
  if (!w.classes[cls].has(kClassEnum) || isEnumBase(w.classes[cls].fullname)) return;
  NodeId node = w.classes[cls].node;
  if (!w.classes[cls].type_vars.empty()) fail(c, node, Code::kMisc, "Enum class cannot be generic");
  SymbolId overridden = w.scopes[w.classes[cls].scope].names.find(w.name("__members__"));
  if (overridden.valid() && !w.symbols[overridden].definitions.empty() && w.symbols[overridden].kind == SymbolKind::kVariable) {
    const Definition& first = w.symbols[overridden].definitions[0];
    bool has_value = first.kind == DefinitionKind::kAssign || c.ast->as<syntax::AnnAssign>(first.node).value().valid();
    if (has_value) fail(c, first.target, Code::kMisc, "Assigned \"__members__\" will be overridden by \"Enum\" internally");
  }
  const std::vector<ClassId> mro = w.classes[cls].mro;
  for (size_t i = 1; i + 1 < mro.size(); ++i) {
    if (!w.header(mro[i]).has(kClassEnum) || isEnumBase(w.classes[mro[i]].fullname) || !hasMembers(w, mro[i])) continue;
    fail(c, node, Code::kMisc, "Cannot extend enum with existing members: \"" + std::string(w.text(w.classes[mro[i]].name)) + "\"");
  }
  checkEnumBases(c, cls);
  checkMembers(c, cls);
  checkDeclaredValue(c, cls);
  checkArguments(c, cls);
}

}  // namespace krait::check
