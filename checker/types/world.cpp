#include "checker/types/world.h"

#include "checker/types/substitute.h"

namespace krait::types {

SymbolId followImports(World& w, SymbolId symbol) {
  for (int steps = 0; symbol.valid() && steps < 100; ++steps) {
    Symbol& info = w.resolved(symbol);
    if (info.kind != SymbolKind::kImport) return symbol;
    if (!info.link.valid()) return info.has(kIsMissingImport) ? symbol : SymbolId::none();
    symbol = info.link;
  }
  return SymbolId::none();
}

static ModuleId moduleNamed(World& w, std::string_view module) {
  if (w.builtins.valid() && module == "builtins") return w.builtins;
  return w.hooks.find_module(w, module);
}

SymbolId lookupGlobal(World& w, std::string_view module, std::string_view name) {
  ModuleId id = moduleNamed(w, module);
  if (!id.valid()) return SymbolId::none();
  SymbolId symbol = w.scopes[w.modules[id].scope].names.find(w.name(name));
  return symbol.valid() ? followImports(w, symbol) : symbol;
}

ClassId lookupClass(World& w, std::string_view module, std::string_view name) {
  SymbolId symbol = lookupGlobal(w, module, name);
  if (!symbol.valid() || w.resolved(symbol).kind != SymbolKind::kClass) return ClassId::none();
  return w.symbols[symbol].cls;
}

TypeId namedType(World& w, std::string_view module, std::string_view name, std::span<const TypeId> args) {
  ClassId cls = lookupClass(w, module, name);
  if (!cls.valid()) return w.types.any(AnyKind::kFromError);
  const ClassInfo& info = w.header(cls);
  std::vector<TypeId> all(args.begin(), args.end());
  while (all.size() < info.type_vars.size()) all.push_back(w.types.any(AnyKind::kFromOmittedGenerics));
  all.resize(info.type_vars.size());
  return w.types.instance(cls, all);
}

TypeId builtinType(World& w, std::string_view name, std::span<const TypeId> args) {
  return namedType(w, "builtins", name, args);
}

TypeId objectType(World& w) { return namedType(w, "builtins", "object"); }

SymbolId ownMember(World& w, ClassId cls, NameId name) {
  ClassInfo& info = w.members(cls);
  SymbolId symbol = w.scopes[info.scope].names.find(name);
  if (symbol.valid()) return w.symbols[symbol].has(kIsInitOnly) ? SymbolId::none() : symbol;
  if (info.self_attributes == Progress::kNot) {
    w.hooks.complete_self_attributes(w, cls);
    symbol = w.scopes[info.scope].names.find(name);
  }
  return symbol;
}

FoundMember findMember(World& w, ClassId cls, NameId name) {
  w.header(cls);
  for (size_t i = 0; i < w.classes[cls].mro.size(); ++i) {
    ClassId base = w.classes[cls].mro[i];
    SymbolId symbol = ownMember(w, base, name);
    if (symbol.valid()) return {symbol, base};
  }
  if (w.classes[cls].mro.empty()) {
    SymbolId symbol = ownMember(w, cls, name);
    if (symbol.valid()) return {symbol, cls};
  }
  return {};
}

bool isSubclass(World& w, ClassId cls, ClassId base) {
  if (cls == base) return true;
  for (ClassId item : w.header(cls).mro) {
    if (item == base) return true;
  }
  return false;
}

bool isSubclass(World& w, ClassId cls, std::string_view base_fullname) {
  for (ClassId item : w.header(cls).mro) {
    if (w.classes[item].fullname == base_fullname) return true;
  }
  return false;
}

bool isNamed(World& w, ClassId cls, std::string_view fullname) { return w.classes[cls].fullname == fullname; }
bool isNamed(World& w, TypeId type, std::string_view fullname) {
  return w.types.is(type, TypeKind::kInstance) && isNamed(w, w.types[type].cls(), fullname);
}

static const std::vector<TypeVarId>* siblingsOf(World& w, const TypeVarInfo& info) {
  if (info.class_scope.valid()) return &w.classes[info.class_scope].type_vars;
  if (info.alias_scope.valid()) return &w.aliases[info.alias_scope].type_vars;
  if (info.function_scope.valid()) return &w.functions[info.function_scope].type_vars;
  return nullptr;
}

static bool mentionsUnbound(World& w, TypeId type) {
  const Type& record = w.types[type];
  if (!record.has(kHasTypeVars)) return false;
  if (record.kind == TypeKind::kTypeVar && w.type_vars[TypeVarId(record.ref)].raw_id == 0) return true;
  for (TypeId arg : record.args()) {
    if (mentionsUnbound(w, arg)) return true;
  }
  return false;
}

// A default that speaks of other variables means those that are bound with this one, before it. After a variable with a
// default one without has Any; so has one whose default is out of scope.
static TypeId boundDefault(World& w, TypeVarId id, TypeId written) {
  const TypeVarInfo info = w.type_vars[id];
  const std::vector<TypeVarId>* siblings = siblingsOf(w, info);
  if (siblings == nullptr) return written;
  bool is_plain = info.kind == TypeVarKind::kTypeVar && !info.function_scope.valid();
  if (written.valid() && !w.types[written].has(kHasTypeVars)) return written;
  Substitution map;
  for (TypeVarId sibling : std::vector<TypeVarId>(*siblings)) {
    if (sibling == id) break;
    const TypeVarInfo& other = w.type_vars[sibling];
    if (!written.valid()) {
      if (is_plain && defaultOf(w, sibling).valid()) return w.types.any(AnyKind::kFromError);
      continue;
    }
    if (!other.definition.valid()) continue;
    TypeId type = typeVarType(w, sibling);
    if (other.kind == TypeVarKind::kTypeVarTuple) {
      TypeId item = w.types.unpack(type);
      type = w.types.tuple(std::span<const TypeId>(&item, 1), builtinType(w, "tuple"));
    }
    map.add(other.definition, type);
  }
  if (!written.valid()) return written;
  TypeId bound = substitute(w, written, map);
  return mentionsUnbound(w, bound) ? w.types.any(AnyKind::kFromError) : bound;
}

static TypeVarInfo& resolvedTypeVar(World& w, TypeVarId id) {
  TypeVarInfo& info = w.type_vars[id];
  if (info.definition.valid() && info.resolved == Progress::kNot) {
    TypeVarInfo& definition = resolvedTypeVar(w, info.definition);
    if (definition.resolved == Progress::kDone) {
      info.resolved = Progress::kDone;
      if (!info.bound.valid()) info.bound = definition.bound;
      if (!info.default_type.valid()) {
        TypeId written = definition.default_type;
        TypeId bound = boundDefault(w, id, written);
        w.type_vars[id].default_type = bound;
      }
      if (info.values.empty()) info.values = definition.values;
    }
    return info;
  }
  if (info.resolved == Progress::kNot) w.hooks.resolve_type_var(w, id);
  return info;
}

TypeId upperBound(World& w, TypeVarId id) {
  TypeVarInfo& info = resolvedTypeVar(w, id);
  if (info.bound.valid()) return info.bound;
  if (info.kind == TypeVarKind::kTypeVarTuple) return builtinType(w, "tuple", objectType(w));
  return objectType(w);
}

TypeId narrowedVariable(World& w, TypeId variable, TypeId bound) {
  TypeVarId root = rootVariable(w, TypeVarId(w.types[variable].ref));
  if (upperBound(w, root) == bound) return typeVarType(w, root);
  uint64_t key = (static_cast<uint64_t>(root.value) << 32) | bound.value;
  auto [it, is_new] = w.narrowed_variables.try_emplace(key);
  if (is_new) {
    TypeVarInfo copy = w.type_vars[root];
    copy.bound = bound;
    copy.values.clear();
    copy.narrowed_from = root;
    copy.resolved = Progress::kDone;
    it->second = w.type_vars.add(std::move(copy));
  }
  return typeVarType(w, it->second);
}

TypeId defaultOf(World& w, TypeVarId id) { return resolvedTypeVar(w, id).default_type; }
const std::vector<TypeId>& valuesOf(World& w, TypeVarId id) { return resolvedTypeVar(w, id).values; }

Variance varianceOf(World& w, TypeVarId id) {
  TypeVarInfo& info = w.type_vars[id];
  if (info.variance == Variance::kNotReady && w.hooks.infer_variance != nullptr) w.hooks.infer_variance(w, id);
  return info.variance == Variance::kNotReady ? Variance::kCovariant : info.variance;
}

TypeId typeVarType(World& w, TypeVarId id, TypeVarForm form, TypeId prefix) {
  const TypeVarInfo& info = w.type_vars[id];
  uint16_t flags = 0;
  if (info.is_meta) flags |= kHasMetaVars;
  if (info.is_self) flags |= kHasSelf;
  return w.types.typeVar(id, flags, form, prefix);
}

static bool isTypeVarOf(World& w, TypeId type, TypeVarKind kind) {
  return w.types.is(type, TypeKind::kTypeVar) && typeVarOf(w, type).kind == kind;
}
bool isParamSpec(World& w, TypeId type) { return isTypeVarOf(w, type, TypeVarKind::kParamSpec); }
bool isTypeVarTuple(World& w, TypeId type) { return isTypeVarOf(w, type, TypeVarKind::kTypeVarTuple); }
bool isPlainTypeVar(World& w, TypeId type) { return isTypeVarOf(w, type, TypeVarKind::kTypeVar); }

std::string fullNameOf(World& w, SymbolId id) {
  const Symbol& symbol = w.symbols[id];
  std::string prefix;
  if (symbol.owner.valid()) {
    prefix = w.classes[symbol.owner].fullname;
  } else if (symbol.module.valid()) {
    prefix = w.text(w.modules[symbol.module].name);
  }
  return prefix + "." + std::string(w.text(symbol.name));
}

uint32_t lineOf(World& w, ModuleId module, NodeId node) {
  const Module& info = w.modules[module];
  return info.lines.lineOf((*info.ast)[node].begin) + 1;
}

TypeId proper(World& w, TypeId type) {
  for (int steps = 0; w.types.is(type, TypeKind::kAlias); ++steps) {
    if (steps > 50) return w.types.any(AnyKind::kFromError);
    const Type& reference = w.types[type];
    AliasId alias_id(reference.ref);
    if (w.aliases[alias_id].resolved == Progress::kNot) w.hooks.resolve_alias(w, alias_id);
    const AliasInfo& alias = w.aliases[alias_id];
    if (!alias.target.valid()) return w.types.any(AnyKind::kFromError);
    Substitution map;
    for (size_t i = 0; i < alias.type_vars.size() && i < reference.count; ++i) {
      map.add(alias.type_vars[i], reference.items[i]);
    }
    type = substitute(w, alias.target, map);
  }
  return type;
}

}  // namespace krait::types
