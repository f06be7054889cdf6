// The places of a name that an import gives: `import a.b as c` binds c here, whatever others call it.
#include <algorithm>

#include "lsp/file_index.h"
#include "lsp/named_strings.h"
#include "lsp/occurrences.h"

namespace krait::lsp {

using namespace krait::syntax;
using semantic::Definition;
using semantic::SemanticModel;
using semantic::SymbolId;

bool isImportAlias(SourceModule& module, NodeId name) {
  SymbolId owner = module.model().ownerAt(name);
  if (owner.isNone() || module.model().definitions(owner).empty()) return false;
  const Ast& ast = module.ast();
  std::string_view text = nameText(ast, name);
  std::span<const Definition> definitions = module.model().definitions(owner);
  return std::all_of(definitions.begin(), definitions.end(), [&](const Definition& one) {
    auto alias = ast.tryAs<Alias>(one.owner);
    return alias && alias->asname().valid() && nameText(ast, alias->asname()) == text && nameText(ast, alias->name()) != text;
  });
}

static void addSymbol(SourceModule& module, SymbolId owner, std::string_view text, std::vector<Occurrence>& out) {
  const Ast& ast = module.ast();
  auto add = [&](NodeId node, bool is_definition) {
    auto alias = ast.tryAs<Alias>(node.valid() ? ast.parent(node) : node);
    NodeId place = alias && alias->asname().valid() ? alias->asname() : node;
    if (nameText(ast, place) == text) out.push_back({&module, ast.range(place), is_definition});
  };
  for (const Definition& definition : module.model().definitions(owner)) add(definition.node, true);
  for (const semantic::Reference& reference : module.model().references(owner)) add(reference.node, false);
  addQuotedOf(module, owner, &out);
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    std::optional<NamedString> string = ast.is(NodeId(i), NodeKind::kConstant) ? namedString(ast, NodeId(i)) : std::nullopt;
    bool is_exported = string && string->word == text && isInAll(ast, NodeId(i)) && module.model()[module.model()[owner].scope].kind == semantic::ScopeKind::kModule;
    if (is_exported) out.push_back({&module, string->range, false});
  }
}

std::vector<Occurrence> symbolOccurrences(SourceModule& module, SymbolId owner) {
  std::vector<Occurrence> out;
  addSymbol(module, owner, module.model().nameOf(owner), out);
  return out;
}

// `from module import text`, and what that binds there.
static void addImporters(Workspace& workspace, const SourceModule& module, std::string_view text, std::vector<Occurrence>& out) {
  for (const std::string& path : workspace.projectFiles()) {
    if (path == module.path() || !workspace.mayName(path, text)) continue;
    SourceModule* other = workspace.load(path);
    if (other == nullptr) continue;
    bool was_analysed = other->isAnalysed();
    const Ast& ast = other->ast();
    for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
      auto alias = ast.tryAs<Alias>(NodeId(i));
      bool is_it = alias && nameText(ast, alias->name()) == text && ast.is(ast.parent(NodeId(i)), NodeKind::kImportFrom) &&
                   importedModule(*other, ast.parent(NodeId(i))) == module.module_name;
      if (!is_it) continue;
      out.push_back({other, ast.range(alias->name()), false});
      SymbolId bound = alias->asname().valid() ? SymbolId::none() : other->model().ownerAt(alias->name());
      if (bound.valid()) addSymbol(*other, bound, text, out);
    }
    if (!was_analysed && !other->is_open) other->release();
  }
}

std::vector<Occurrence> aliasOccurrences(Workspace& workspace, SourceModule& module, NodeId name) {
  std::vector<Occurrence> out;
  SymbolId owner = module.model().ownerAt(name);
  std::string text(nameText(module.ast(), name));
  addSymbol(module, owner, text, out);
  bool is_global = module.model()[module.model()[owner].scope].kind == semantic::ScopeKind::kModule;
  if (is_global && !module.module_name.empty()) addImporters(workspace, module, text, out);
  auto before = [](const Occurrence& a, const Occurrence& b) { return a.module != b.module ? a.module->path() < b.module->path() : a.range.begin < b.range.begin; };
  std::stable_sort(out.begin(), out.end(), before);
  auto same = [](const Occurrence& a, const Occurrence& b) { return a.module == b.module && a.range == b.range; };
  out.erase(std::unique(out.begin(), out.end(), same), out.end());
  return out;
}

}  // namespace krait::lsp
