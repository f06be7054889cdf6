// Imports over variables: what comes in must fit the variable's type. ref: mypy checker.check_import
#include "checker/check/check.h"

namespace krait::check {

// The variable that this import binds again; none: it is no variable, or the import is what defines it.
static SymbolId variableBefore(Checker& c, NodeId import, NameId name) {
  World& w = c.w;
  SymbolId symbol = w.scopes[c.scope].names.find(name);
  if (!symbol.valid() || w.resolved(symbol).kind != SymbolKind::kVariable || w.symbols[symbol].definitions.empty()) return SymbolId::none();
  return w.symbols[symbol].definitions[0].node != import ? symbol : SymbolId::none();
}

static void checkOver(Checker& c, NodeId import, SymbolId variable, TypeId imported, std::string_view shown) {
  World& w = c.w;
  TypeId type = w.hooks.symbol_type(w, variable);
  if (!type.valid() || !imported.valid() || isDynamic(c)) return;
  checkSubtype(c, imported, type, import, "Incompatible import of \"" + std::string(shown) + "\"", "imported name has type", "local name has type", Code::kAssignment);
}

static TypeId moduleType(World& w) {
  ClassId module = lookupClass(w, "types", "ModuleType");
  return module.valid() ? w.types.instance(module) : objectType(w);
}

static void checkNames(Checker& c, NodeId node, syntax::ImportFrom from, ModuleId module) {
  World& w = c.w;
  for (NodeId item : from.names()) {
    auto alias = c.ast->as<syntax::Alias>(item);
    std::string_view name = syntax::nameText(*c.ast, alias.name());
    if (name == "*") {
      for (SymbolId imported : std::vector<SymbolId>(w.scopes[w.modules[module].scope].names.in_order)) {
        NameId own = w.symbols[imported].name;
        bool is_public = !w.text(own).starts_with('_') && w.resolved(imported).kind != SymbolKind::kImport && w.symbols[imported].kind != SymbolKind::kModule;
        SymbolId variable = is_public ? variableBefore(c, node, own) : SymbolId::none();
        if (variable.valid()) checkOver(c, node, variable, symbolValue(c, imported, node), w.text(own));
      }
      continue;
    }
    NodeId bound = alias.asname().valid() ? alias.asname() : alias.name();
    SymbolId variable = variableBefore(c, node, syntax::nameOf(*c.ast, bound));
    SymbolId imported = variable.valid() ? lookupGlobal(w, w.text(w.modules[module].name), name) : SymbolId::none();
    if (imported.valid()) imported = followImports(w, imported);
    if (imported.valid()) checkOver(c, node, variable, symbolValue(c, imported, node), syntax::nameText(*c.ast, bound));
  }
}

void checkImportedOver(Checker& c, NodeId node) {
  World& w = c.w;
  if (auto from = c.ast->tryAs<syntax::ImportFrom>(node)) {
    if (from->level() > 0 || !from->module().valid()) return;
    ModuleId module = w.hooks.find_module(w, syntax::nameText(*c.ast, from->module()));
    if (module.valid()) checkNames(c, node, *from, module);
    return;
  }
  for (NodeId item : c.ast->as<syntax::Import>(node).names()) {
    auto alias = c.ast->as<syntax::Alias>(item);
    if (!alias.asname().valid()) continue;
    SymbolId variable = variableBefore(c, node, syntax::nameOf(*c.ast, alias.asname()));
    bool is_found = variable.valid() && w.hooks.find_module(w, syntax::nameText(*c.ast, alias.name())).valid();
    if (is_found) checkOver(c, node, variable, moduleType(w), syntax::nameText(*c.ast, alias.asname()));
  }
}

}  // namespace krait::check
