// Statements that bind names of other scopes again: imports over variables, whose type must fit, and `nonlocal`.
// ref: mypy checker.check_import, semanal.visit_nonlocal_decl
#include "checker/check/check.h"

namespace krait::check {

// The variable, function or class that this import binds again; none: it is another thing, or the import is what defines
// it.
static SymbolId variableBefore(Checker& c, NodeId import, NameId name) {
  World& w = c.w;
  SymbolId symbol = w.scopes[c.scope].names.find(name);
  if (!symbol.valid() || w.symbols[symbol].definitions.empty()) return SymbolId::none();
  SymbolKind kind = w.resolved(symbol).kind;
  bool is_plain = kind == SymbolKind::kVariable || kind == SymbolKind::kClass || (kind == SymbolKind::kFunction && w.symbols[symbol].functions.size() == 1);
  // What a definition behind a star import takes the place of is gone.
  bool is_behind = c.ast->range(import).begin > c.ast->range(w.symbols[symbol].definitions[0].node).begin;
  if (!is_plain || (kind != SymbolKind::kVariable && !is_behind)) return SymbolId::none();
  return w.symbols[symbol].definitions[0].node != import ? symbol : SymbolId::none();
}

static void checkOver(Checker& c, NodeId import, SymbolId variable, TypeId imported, std::string_view shown) {
  World& w = c.w;
  bool is_variable = w.symbols[variable].kind == SymbolKind::kVariable;
  TypeId type = is_variable ? w.hooks.symbol_type(w, variable) : symbolValue(c, variable, import);
  if (!type.valid() || !imported.valid() || isDynamic(c)) return;
  checkSubtype(c, imported, type, import, "Incompatible import of \"" + std::string(shown) + "\"", "imported name has type", "local name has type", Code::kAssignment);
  KeyId key = c.keys.variable(variable);
  if (follows(*c.options, Divergence::kRedefinition) && c.binder->get(key).valid()) c.binder->assign(key, imported, type, true);
}

// What flow knows of variables that the import binds again does not hold any more.
static void forgetKnown(Checker& c, NodeId import, NodeList names) {
  if (!follows(*c.options, Divergence::kRedefinition)) return;
  for (NodeId item : names) {
    auto alias = c.ast->as<syntax::Alias>(item);
    SymbolId variable = variableBefore(c, import, syntax::nameOf(*c.ast, alias.asname().valid() ? alias.asname() : alias.name()));
    KeyId key = variable.valid() ? c.keys.variable(variable) : KeyId::none();
    if (!key.valid() || !c.binder->get(key).valid()) continue;
    c.binder->invalidateDependents(key, c.keys);
    c.binder->put(key, c.w.types.any(AnyKind::kFromUnimported), c.w.symbols[variable].type, true);
  }
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
    forgetKnown(c, node, from->names());
    if (from->level() > 0 || !from->module().valid()) return;
    ModuleId module = w.hooks.find_module(w, syntax::nameText(*c.ast, from->module()));
    if (module.valid()) checkNames(c, node, *from, module);
    return;
  }
  forgetKnown(c, node, c.ast->as<syntax::Import>(node).names());
  for (NodeId item : c.ast->as<syntax::Import>(node).names()) {
    auto alias = c.ast->as<syntax::Alias>(item);
    if (!alias.asname().valid()) continue;
    SymbolId variable = variableBefore(c, node, syntax::nameOf(*c.ast, alias.asname()));
    bool is_found = variable.valid() && w.hooks.find_module(w, syntax::nameText(*c.ast, alias.name())).valid();
    if (is_found) checkOver(c, node, variable, moduleClass(w), syntax::nameText(*c.ast, alias.asname()));
  }
}

void checkNonlocal(Checker& c, NodeId node) {
  World& w = c.w;
  for (NodeId name : c.ast->as<syntax::Nonlocal>(node).names()) {
    NameId wanted = syntax::nameOf(*c.ast, name);
    bool is_bound = false;
    // In other modes the syntax check says so.
    bool tells = !follows(*c.options, Divergence::kSyntaxOfJumps);
    if (tells && w.scopes[c.scope].kind == ScopeKind::kModule) return fail(c, node, Code::kMisc, "nonlocal declaration not allowed at module level");
    for (ScopeId at = w.scopes[c.scope].parent; at.valid(); at = w.scopes[at].parent) {
      if (!w.scopes[at].names.find(wanted).valid()) continue;
      bool is_parameter = w.scopes[at].kind == ScopeKind::kTypeParams;
      if (is_parameter) fail(c, node, Code::kMisc, "nonlocal binding not allowed for type parameter \"" + std::string(w.text(wanted)) + "\"");
      is_bound = is_parameter || w.scopes[at].kind == ScopeKind::kFunction;
      break;
    }
    if (!is_bound && tells) fail(c, node, Code::kMisc, "No binding for nonlocal \"" + std::string(w.text(wanted)) + "\" found");
  }
}

}  // namespace krait::check
