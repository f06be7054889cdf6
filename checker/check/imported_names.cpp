// `from m import x` where m has no x, hides it, or has it deprecated.
// ref: mypy semanal.report_missing_module_attribute
#include "analyzer/semantic/imports/import_resolver.h"
#include "checker/check/check.h"

namespace krait::check {

// The module that the statement takes from, as it is called; relative names made whole.
static std::string sourceName(Checker& c, syntax::ImportFrom from) {
  const Module& own = c.w.modules[c.module];
  std::string_view written = from.module().valid() ? syntax::nameText(*c.ast, from.module()) : std::string_view();
  if (from.level() == 0) return std::string(written);
  return semantic::absoluteModule(c.w.text(own.name), own.is_package, from.level(), written);
}

// A name of the typing module that another version has, which everybody can get from typing_extensions.
static void noteExtension(Checker& c, NodeId node, std::string_view name) {
  World& w = c.w;
  ModuleId extensions = w.hooks.find_module(w, "typing_extensions");
  if (!extensions.valid() || !w.modules[extensions].scope.valid()) return;
  if (!w.scopes[w.modules[extensions].scope].names.find(w.name(std::string(name))).valid()) return;
  note(c, node, Code::kAttrDefined, "Use `from typing_extensions import " + std::string(name) + "` instead");
  note(c, node, Code::kAttrDefined, "See https://mypy.readthedocs.io/en/stable/runtime_troubles.html#using-new-additions-to-the-typing-module");
}

static void sayMissing(Checker& c, NodeId node, const std::string& source, std::string_view name) {
  World& w = c.w;
  ModuleId module = source.empty() ? ModuleId::none() : w.hooks.find_module(w, source);
  if (!module.valid() || w.modules[module].mayHaveAnyName()) return;
  std::vector<NameId> names;
  if (w.modules[module].scope.valid()) {
    for (SymbolId symbol : w.scopes[w.modules[module].scope].names.in_order) names.push_back(w.symbols[symbol].name);
  }
  fail(c, node, Code::kAttrDefined, "Module \"" + source + "\" has no attribute \"" + std::string(name) + "\"" + perhapsMeant(w, names, name));
  if (source == "typing") noteExtension(c, node, name);
}

void checkImportedNames(Checker& c, NodeId node) {
  World& w = c.w;
  auto from = c.ast->tryAs<syntax::ImportFrom>(node);
  if (!from) return;
  std::string source = sourceName(c, *from);
  bool is_missing = !source.empty() && !w.hooks.find_module(w, source).valid();
  for (NodeId item : from->names()) {
    auto alias = c.ast->as<syntax::Alias>(item);
    std::string_view name = syntax::nameText(*c.ast, alias.name());
    if (name == "*") continue;
    NodeId bound = alias.asname().valid() ? alias.asname() : alias.name();
    SymbolId symbol = lookupName(w, c.scope, syntax::nameOf(*c.ast, bound));
    if (!symbol.valid()) continue;
    checkDeprecated(c, symbol, node);
    Symbol& info = w.resolved(symbol);
    // What cannot be found does not replace what is there. ref: mypy semanal.add_unknown_imported_symbol
    bool is_again = is_missing && info.scope == c.scope && !info.definitions.empty() && info.definitions[0].target != item;
    if (is_again && info.kind != SymbolKind::kImport && !follows(*c.options, Divergence::kRedefinition)) reportRedefinition(c, symbol, node, node);
    if (info.kind != SymbolKind::kImport || info.definitions.empty() || info.definitions[0].target != item) continue;
    if (info.has(kIsMissingImport)) {
      sayMissing(c, node, source, name);
    } else if (info.link.valid() && w.symbols[info.link].has(kIsPrivateImport)) {
      std::string owner(w.text(w.modules[w.symbols[info.link].module].name));
      fail(c, node, Code::kAttrDefined, "Module \"" + owner + "\" does not explicitly export attribute \"" + std::string(name) + "\"");
    }
  }
}

}  // namespace krait::check
