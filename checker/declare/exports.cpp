// `__all__`: what a star import takes, and which imports a module passes on although it does not rename them.
// ref: mypy semanal.adjust_public_exports; typing specification, "Library interface"
#include "analyzer/semantic/exports.h"

#include "checker/declare/declare.h"

namespace krait::declare {

// The module that a dotted text names inside another module; none: it names none.
static ModuleId moduleNamed(World& w, ModuleId from, std::string_view dotted) {
  std::string_view first = dotted.substr(0, dotted.find('.'));
  SymbolId symbol = w.scopes[w.modules[from].scope].names.find(w.name(first));
  if (!symbol.valid() && dotted == first) return ownSubmodule(w, from, first);
  for (;;) {
    if (symbol.valid()) symbol = followImports(w, symbol);
    if (!symbol.valid() || w.resolved(symbol).kind != SymbolKind::kModule) return ModuleId::none();
    ModuleId module = w.symbols[symbol].target_module;
    size_t dot = dotted.find('.');
    if (dot == std::string_view::npos) return module;
    dotted.remove_prefix(dot + 1);
    symbol = moduleAttribute(w, module, w.name(dotted.substr(0, dotted.find('.'))));
  }
}

const std::optional<std::vector<NameId>>& namesInAll(World& w, ModuleId module) {
  // Modules may take over each other's: who is asked while it is being read says nothing yet.
  if (w.modules[module].all_read != Progress::kNot) return w.modules[module].all_names;
  w.modules[module].all_read = Progress::kRunning;
  ScopeId scope = w.modules[module].scope;
  if (scope.valid() && w.scopes[scope].names.find(w.names.__all__).valid()) {
    semantic::DeclaredAll declared = semantic::declaredAll(*w.modules[module].ast, w.interner, w.modules[module].unreachable);
    std::vector<NameId> names;
    for (const std::string& other : declared.all_of_modules) {
      ModuleId source = moduleNamed(w, module, other);
      if (!source.valid()) continue;
      if (const auto& more = namesInAll(w, source)) names.insert(names.end(), more->begin(), more->end());
    }
    for (const semantic::AllEntry& entry : declared.all) {
      if (entry.is_removal) {
        std::erase(names, entry.name);
      } else {
        names.push_back(entry.name);
      }
    }
    bool is_open = !declared.is_all_known && follows(w.modules[module].options, Divergence::kOpenAll);
    if (declared.has_all && !is_open && (declared.is_all_known || !names.empty())) w.modules[module].all_names = std::move(names);
  }
  w.modules[module].all_read = Progress::kDone;
  return w.modules[module].all_names;
}

void applyAll(World& w, ModuleId module) {
  const auto& names = namesInAll(w, module);
  if (!names) return;
  for (NameId name : *names) {
    SymbolId symbol = w.scopes[w.modules[module].scope].names.find(name);
    if (symbol.valid()) w.symbols[symbol].clear(kIsPrivateImport);
  }
}

}  // namespace krait::declare
