#include "checker/program/library_ids.h"

#include <algorithm>
#include <string>
#include <vector>

#include "checker/declare/declare.h"

namespace krait::program {

using namespace types;
using declare::lookupDotted;

// Each call of a generic decorator makes new variables. ref: mypy checker.visit_class_def, expandtype.freshen_function_type_vars
static int32_t idsOf(World& w, ModuleId id) {
  if (!w.modules[id].scope.valid() || w.modules[id].ast == nullptr) return 0;
  const syntax::Ast& ast = *w.modules[id].ast;
  int32_t count = 0;
  for (syntax::NodeId statement : ast.as<syntax::Module>(ast.root()).body()) {
    auto def = ast.tryAs<syntax::ClassDef>(statement);
    if (!def) continue;
    for (syntax::NodeId decorator : def->decorators()) {
      SymbolId symbol = lookupDotted(w, id, w.modules[id].scope, ast, decorator);
      if (symbol.valid()) symbol = followImports(w, symbol);
      if (!symbol.valid() || w.resolved(symbol).kind != SymbolKind::kFunction) continue;
      TypeId type = w.hooks.symbol_type(w, symbol);
      if (type.valid() && w.types.is(type, TypeKind::kCallable)) count += static_cast<int32_t>(w.types.callable(type).vars().size());
    }
  }
  return count;
}

int32_t libraryIds(World& w, ModuleId source) {
  if (w.options.test_lib_stub.empty() || w.modules[source].ast == nullptr) return 0;
  const syntax::Ast& ast = *w.modules[source].ast;
  std::vector<std::string> names{"builtins", "typing"};
  for (syntax::NodeId statement : ast.as<syntax::Module>(ast.root()).body()) {
    if (auto from = ast.tryAs<syntax::ImportFrom>(statement)) {
      if (from->level() == 0 && from->module().valid()) names.emplace_back(syntax::nameText(ast, from->module()));
    } else if (auto import = ast.tryAs<syntax::Import>(statement)) {
      for (syntax::NodeId item : import->names()) names.emplace_back(syntax::nameText(ast, ast.as<syntax::Alias>(item).name()));
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  int32_t count = 0;
  for (const std::string& name : names) {
    ModuleId module = w.hooks.find_module(w, name);
    if (module.valid() && module != source && w.modules[module].is_stub) count += idsOf(w, module);
  }
  return count;
}

}  // namespace krait::program
