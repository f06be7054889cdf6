// What a name means: scopes outwards, then builtins; attributes of modules and classes by their dotted names.
#include <algorithm>

#include "checker/declare/annotation_internal.h"

namespace krait::declare {

FunctionId enclosingFunction(World& w, ScopeId scope) {
  for (ScopeId at = scope; at.valid(); at = w.scopes[at].parent) {
    if (w.scopes[at].kind == ScopeKind::kFunction) return w.scopes[at].function;
  }
  return FunctionId::none();
}

ClassId enclosingClass(World& w, ScopeId scope) {
  for (ScopeId at = scope; at.valid(); at = w.scopes[at].parent) {
    if (w.scopes[at].kind == ScopeKind::kClass) return w.scopes[at].cls;
  }
  return ClassId::none();
}

ScopeId scopeOfClass(World& w, ClassId cls) {
  collectClass(w, cls);
  return w.classes[cls].scope;
}

static bool contains(const std::vector<NameId>& names, NameId name) {
  for (NameId other : names) {
    if (other == name) return true;
  }
  return false;
}

SymbolId lookupName(World& w, ScopeId scope, NameId name) {
  bool sees_class = true;
  ModuleId module = w.scopes[scope].module;
  for (ScopeId at = scope; at.valid(); at = w.scopes[at].parent) {
    const Scope& info = w.scopes[at];
    if (info.kind == ScopeKind::kClass) {
      if (sees_class) {
        collectClass(w, info.cls);
        SymbolId found = w.scopes[at].names.find(name);
        if (found.valid() && w.symbols[found].has(kIsSynthesised)) found = SymbolId::none();
        if (found.valid() && w.symbols[found].has(kIsSelfAttribute)) found = SymbolId::none();
        if (found.valid()) return found;
      }
      sees_class = false;
      continue;
    }
    // The first iterable of a comprehension is looked up in the scope around.
    if (info.kind == ScopeKind::kComprehension && follows(w.modules[module].options, Divergence::kComprehensionScopes)) sees_class = false;
    if (info.kind == ScopeKind::kFunction) {
      if (contains(info.globals, name)) {
        at = w.modules[module].scope;
        SymbolId found = w.scopes[at].names.find(name);
        if (found.valid()) return found;
        break;
      }
      sees_class = false;
    }
    SymbolId found = info.names.find(name);
    if (found.valid()) return found;
  }
  if (w.builtins.valid() && module != w.builtins) {
    SymbolId found = w.scopes[w.modules[w.builtins].scope].names.find(name);
    if (found.valid() && !w.symbols[found].has(kIsPrivateImport)) return found;
  }
  return SymbolId::none();
}

static SymbolId implicitModuleName(World& w, ModuleId module, NameId name) {
  static constexpr const char* kStrings[] = {"__name__", "__doc__", "__file__", "__package__"};
  std::string_view text = w.text(name);
  TypeId type;
  for (const char* known : kStrings) {
    if (text == known) type = builtinType(w, "str");
  }
  if (text == "__doc__") {
    TypeId both[] = {builtinType(w, "str"), w.types.none()};
    bool is_text = w.options.strict_optional && !follows(w.modules[module].options, Divergence::kModuleNames);
    type = is_text ? builtinType(w, "str") : w.types.unionOf(both);
  }
  if (text == "__path__" && w.modules[module].is_package) type = builtinType(w, "list", builtinType(w, "str"));
  bool has_all = follows(w.modules[module].options, Divergence::kModuleNames);
  if (text == "__spec__" || (has_all && (text == "__builtins__" || text == "__loader__"))) type = w.types.any(AnyKind::kSpecialForm);
  if (text == "__dict__") {
    TypeId args[] = {builtinType(w, "str"), w.types.any(AnyKind::kSpecialForm)};
    type = builtinType(w, "dict", args);
  }
  if (text == "__annotations__") {
    TypeId args[] = {builtinType(w, "str"), w.types.any(AnyKind::kSpecialForm)};
    type = builtinType(w, "dict", args);
  }
  if (!type.valid()) return SymbolId::none();
  Symbol symbol;
  symbol.name = name;
  symbol.scope = w.modules[module].scope;
  symbol.module = module;
  symbol.resolved = symbol.typed = Progress::kDone;
  symbol.type = type;
  symbol.set(kIsDeclared);
  symbol.set(kIsReady);
  return w.symbols.add(std::move(symbol));
}

// typing's special forms exist whatever the stub of typing defines.
static SymbolId specialForm(World& w, ModuleId module, NameId name) {
  std::string_view module_name = w.text(w.modules[module].name);
  bool typing = module_name == "typing" || module_name == "typing_extensions" || module_name == "mypy_extensions";
  if (!typing || !isSpecialFormName(w.text(name))) return SymbolId::none();
  Symbol symbol;
  symbol.kind = SymbolKind::kSpecialForm;
  symbol.name = symbol.special = name;
  symbol.scope = w.modules[module].scope;
  symbol.module = module;
  symbol.resolved = Progress::kDone;
  ScopeId scope = symbol.scope;
  SymbolId id = w.symbols.add(std::move(symbol));
  w.scopes[scope].names.add(name, id);
  return id;
}

ModuleId ownSubmodule(World& w, ModuleId module, std::string_view name) {
  const Module& info = w.modules[module];
  if (!info.is_package || !follows(info.options, Divergence::kPackageSubmodules)) return ModuleId::none();
  std::string dotted = std::string(w.text(info.name)) + "." + std::string(name);
  return w.imported_names.count(w.name(dotted)) != 0 ? w.hooks.find_module(w, dotted) : ModuleId::none();
}

SymbolId moduleAttribute(World& w, ModuleId module, NameId name) {
  ScopeId scope = w.modules[module].scope;
  SymbolId found = scope.valid() ? w.scopes[scope].names.find(name) : SymbolId();
  if (found.valid()) return found;
  if (SymbolId form = specialForm(w, module, name); form.valid()) return form;
  std::string dotted(w.text(w.modules[module].name));
  dotted += ".";
  dotted += w.text(name);
  if (w.sees_all_submodules || w.imported_names.count(w.name(dotted)) != 0) {
    ModuleId submodule = w.hooks.find_module(w, dotted);
    if (submodule.valid()) {
      Symbol symbol;
      symbol.kind = SymbolKind::kModule;
      symbol.name = name;
      symbol.scope = w.modules[module].scope;
      symbol.module = module;
      symbol.target_module = submodule;
      symbol.resolved = Progress::kDone;
      return w.symbols.add(std::move(symbol));
    }
  }
  return implicitModuleName(w, module, name);
}

// In a class body a name that the class binds further down still means what is outside.
// ref: mypy semanal.is_active_symbol_in_class_body
static bool isActiveInClassBody(World& w, ModuleId module, ScopeId scope, const Ast& ast, NodeId node, SymbolId id) {
  const Symbol& symbol = w.symbols[id];
  if (symbol.scope != scope || w.scopes[scope].kind != ScopeKind::kClass || symbol.definitions.empty()) return true;
  bool is_type = symbol.kind == SymbolKind::kClass || symbol.kind == SymbolKind::kAlias || symbol.kind == SymbolKind::kTypeVar;
  if (is_type || &ast != w.modules[module].ast.get()) return true;
  // `date: date` gives `date` no value: it stays what is outside.
  auto isBare = [&](const Definition& definition) {
    auto annotated = ast.tryAs<syntax::AnnAssign>(definition.node);
    return annotated && !annotated->value().valid();
  };
  bool is_bare = follows(w.modules[module].options, Divergence::kBareDeclarations) && std::all_of(symbol.definitions.begin(), symbol.definitions.end(), isBare);
  if (is_bare && lookupName(w, w.scopes[scope].parent, symbol.name).valid()) return false;
  NodeId statement = node;
  while (statement.valid() && !syntax::isStatement(ast, statement)) statement = ast.parent(statement);
  if (!statement.valid() || symbol.definitions[0].target == node) return true;
  if (ast[symbol.definitions[0].node].begin < ast[statement].begin) return true;
  return !lookupName(w, w.scopes[scope].parent, symbol.name).valid();
}

SymbolId lookupDotted(World& w, ModuleId module, ScopeId scope, const Ast& ast, NodeId node) {
  if (auto name = ast.tryAs<syntax::Name>(node)) {
    SymbolId symbol = lookupName(w, scope, name->name());
    if (symbol.valid() && !isActiveInClassBody(w, module, scope, ast, node, symbol)) symbol = lookupName(w, w.scopes[scope].parent, name->name());
    if (!symbol.valid()) symbol = implicitModuleName(w, module, name->name());
    return symbol;
  }
  auto attribute = ast.tryAs<syntax::Attribute>(node);
  if (!attribute) return SymbolId::none();
  SymbolId base = lookupDotted(w, module, scope, ast, attribute->value());
  if (!base.valid()) return base;
  base = followImports(w, base);
  if (!base.valid()) return base;
  const Symbol& symbol = w.resolved(base);
  NameId name = syntax::nameOf(ast, attribute->attr());
  if (symbol.kind == SymbolKind::kModule) return moduleAttribute(w, symbol.target_module, name);
  if (symbol.kind == SymbolKind::kClass) {
    collectClass(w, symbol.cls);
    SymbolId own = w.scopes[w.classes[symbol.cls].scope].names.find(name);
    if (own.valid()) return own;
    return findMember(w, symbol.cls, name).symbol;
  }
  return SymbolId::none();
}

bool isOpenName(World& w, ModuleId module, ScopeId scope, const Ast& ast, NodeId node) {
  if (!w.modules[module].has_open_names) return false;
  while (auto attribute = ast.tryAs<syntax::Attribute>(node)) node = attribute->value();
  return ast.is(node, NodeKind::kName) && !lookupDotted(w, module, scope, ast, node).valid();
}

std::string fullNameAt(World& w, ModuleId module, ScopeId scope, const Ast& ast, NodeId node) {
  SymbolId symbol = lookupDotted(w, module, scope, ast, node);
  if (symbol.valid()) symbol = followImports(w, symbol);
  if (!symbol.valid()) return "";
  const Symbol& info = w.symbols[symbol];
  if (info.kind == SymbolKind::kClass) return w.classes[info.cls].fullname;
  if (info.kind == SymbolKind::kModule) return std::string(w.text(w.modules[info.target_module].name));
  return fullNameOf(w, symbol);
}

std::string calleeNameAt(World& w, ModuleId module, ScopeId scope, const Ast& ast, NodeId node) {
  SymbolId found = lookupDotted(w, module, scope, ast, node);
  if (found.valid()) found = followImports(w, found);
  if (found.valid() && w.symbols[found].kind == SymbolKind::kVariable && w.symbols[found].definitions.size() == 1) {
    const Symbol& variable = w.symbols[found];
    const Module& home = w.modules[variable.module];
    bool is_assigned = variable.definitions[0].kind == DefinitionKind::kAssign && home.ast != nullptr && follows(home.options, Divergence::kComputedBases);
    auto assign = is_assigned ? home.ast->tryAs<syntax::Assign>(variable.definitions[0].node) : std::nullopt;
    if (assign && assign->targets().size() == 1 && (home.ast->is(assign->value(), NodeKind::kName) || home.ast->is(assign->value(), NodeKind::kAttribute))) {
      return fullNameAt(w, variable.module, variable.scope, *home.ast, assign->value());
    }
  }
  return fullNameAt(w, module, scope, ast, node);
}

}  // namespace krait::declare
