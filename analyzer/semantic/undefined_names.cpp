#include "analyzer/semantic/undefined_names.h"

#include <algorithm>

#include "analyzer/semantic/open_names.h"

namespace krait::semantic {

void NameSet::add(NameId name) { names_.push_back(name); }
void NameSet::freeze() {
  std::sort(names_.begin(), names_.end());
  names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
}
bool NameSet::has(NameId name) const { return std::binary_search(names_.begin(), names_.end(), name); }

static bool isSkipped(const Ast& ast, NodeId node, const std::vector<bool>* is_skipped) {
  if (is_skipped == nullptr || is_skipped->empty()) return false;
  for (; node.valid(); node = ast.parent(node)) {
    if ((*is_skipped)[node.value]) return true;
  }
  return false;
}

NameSet builtinNames(const SemanticModel& builtins, Interner& names, const std::vector<bool>& is_skipped) {
  NameSet set;
  for (SymbolId symbol : builtins.symbolsOf(SemanticModel::kModuleScope)) {
    for (const Definition& definition : builtins.definitions(symbol)) {
      bool is_import = definition.kind == DefinitionKind::kImport || definition.kind == DefinitionKind::kImportFrom;
      if (is_import || isSkipped(builtins.ast(), definition.node, &is_skipped)) continue;
      set.add(builtins[symbol].name);
      break;
    }
  }
  // ref: language reference, "Import-related attributes on module objects", and site's additions.
  for (const char* name : {"__name__", "__doc__", "__file__", "__path__", "__package__", "__spec__", "__loader__",
                           "__cached__", "__dict__", "__builtins__", "__annotations__", "__debug__", "__annotate__",
                           "reveal_type", "reveal_locals", "_IncompleteInputError", "WindowsError"}) {
    set.add(names.intern(name));
  }
  set.freeze();
  return set;
}

// What Python puts into every class body and, for __class__, into methods.
static bool isImplicit(const SemanticModel& model, const Symbol& symbol, std::string_view name) {
  if (symbol.binding == Binding::kFree || symbol.binding == Binding::kCell) return true;
  if (!name.starts_with("__")) return false;
  for (ScopeId scope = symbol.scope; scope.valid(); scope = model[scope].parent) {
    if (model[scope].kind == ScopeKind::kClass) {
      return name == "__module__" || name == "__qualname__" || name == "__class__" || name == "__firstlineno__" ||
             name == "__classdict__" || name == "__type_params__" || name == "__static_attributes__";
    }
    if (model[scope].kind == ScopeKind::kFunction) return false;
  }
  return false;
}

std::vector<NodeId> findUndefinedNames(const SemanticModel& model, const NameSet& builtins,
                                       const UndefinedNameOptions& options) {
  std::vector<NodeId> found;
  if (options.star_names == nullptr) return found;
  const Ast& ast = model.ast();
  for (const Reference& reference : model.allReferences()) {
    SymbolId owner = model.resolve(reference.symbol);
    const Symbol& symbol = model[owner];
    if (symbol.definition_count > 0 || (symbol.flags & kDefGlobal)) continue;
    if (builtins.has(symbol.name)) continue;
    if (options.star_names->has(symbol.name)) continue;
    if (isImplicit(model, model[reference.symbol], ast.name(symbol.name))) continue;
    if (isSkipped(ast, reference.node, options.is_skipped)) continue;
    if (options.handlers == NameErrorHandlers::kRespected && isNameErrorCaught(ast, reference.node)) continue;
    found.push_back(reference.node);
  }
  std::sort(found.begin(), found.end(),
            [&](NodeId a, NodeId b) { return ast.range(a).begin < ast.range(b).begin; });
  return found;
}

}  // namespace krait::semantic
