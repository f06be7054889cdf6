#include "lsp/module_parts.h"

#include <algorithm>

#include "lsp/locate.h"

namespace krait::lsp {

using namespace krait::syntax;

std::vector<ModulePart> modulePartsOf(SourceModule& module, NodeId name) {
  const Ast& ast = module.ast();
  NodeId parent = ast.parent(name);
  bool is_from = ast.is(parent, NodeKind::kImportFrom);
  bool is_import = ast.is(parent, NodeKind::kAlias) && ast.is(ast.parent(parent), NodeKind::kImport) && ast.as<Alias>(parent).name() == name;
  if (!is_from && !is_import) return {};
  std::string_view text = nameText(ast, name);
  TextRange range = ast.range(name);
  // With blanks around its dots it is left whole.
  if (text.size() != range.size()) return {};
  std::string whole = is_from ? importedModule(module, parent) : std::string(text);
  std::vector<ModulePart> parts;
  for (size_t end = text.size();;) {
    size_t dot = text.rfind('.', end - 1);
    size_t begin = dot == std::string_view::npos ? 0 : dot + 1;
    parts.push_back({{range.begin + static_cast<uint32_t>(begin), range.begin + static_cast<uint32_t>(end)}, whole});
    if (begin == 0) break;
    end = dot;
    whole.resize(std::min(whole.rfind('.'), whole.size()));
  }
  std::reverse(parts.begin(), parts.end());
  return parts;
}

SourceModule* packageAt(Workspace& workspace, SourceModule& module, NodeId name, uint32_t offset) {
  Asker asker(workspace, module);
  std::vector<ModulePart> parts = modulePartsOf(module, name);
  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    if (parts[i].range.begin <= offset && offset <= parts[i].range.end) return workspace.loadModule(parts[i].module);
  }
  return nullptr;
}

}  // namespace krait::lsp
