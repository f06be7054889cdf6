// textDocument/documentLink and workspace/willRenameFiles (LSP 3.17): imports as links to files, and imports that follow a
// file or folder to its new name.
#include <algorithm>

#include "analyzer/config/discovery.h"
#include "analyzer/syntax/keywords.h"
#include "lsp/locate.h"
#include "lsp/moved_modules.h"
#include "lsp/server.h"

namespace krait::lsp {

using namespace krait::syntax;

Json documentLink(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  Json out = Json::array();
  if (module == nullptr) return out;
  const Ast& ast = module->ast();
  TextRange area = server.areaOf(*module);
  auto add = [&](NodeId node, const std::string& name) {
    if (node.isNone() || ast.range(node).begin < area.begin || ast.range(node).end > area.end) return;
    if (SourceModule* target = server.workspace().loadModule(name)) {
      out.push_back({{"range", server.rangeJson(*module, ast.range(node))}, {"target", target->uri}, {"tooltip", name}});
    }
  };
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    if (auto import = ast.tryAs<Import>(node)) {
      for (NodeId alias : import->names()) add(ast.as<Alias>(alias).name(), std::string(nameText(ast, ast.as<Alias>(alias).name())));
    } else if (auto from = ast.tryAs<ImportFrom>(node)) {
      add(from->module(), importedModule(*module, node));
    }
  }
  return out;
}

// The module that a path is or will be, whether it is there or not; "" for what is no module.
static std::string moduleOfPath(Server& server, std::string path) {
  bool is_file = path.ends_with(".py") || path.ends_with(".pyi");
  if (!is_file && path.find('.', path.rfind('/')) != std::string::npos) return "";
  std::string best;
  for (std::string root : server.workspace().resolver().options().paths.source_roots) {
    if (!path.starts_with(root + "/") || root.size() <= best.size()) continue;
    best = root;
  }
  if (best.empty()) return "";
  std::string name = path.substr(best.size() + 1);
  if (is_file) name.resize(name.rfind('.'));
  if (name.ends_with("/__init__")) name.resize(name.size() - 9);
  if (name.find('.') != std::string::npos) return "";
  std::replace(name.begin(), name.end(), '/', '.');
  // No import can name another.
  for (size_t begin = 0; begin <= name.size();) {
    size_t end = std::min(name.find('.', begin), name.size());
    std::string part = name.substr(begin, end - begin);
    if (!config::isIdentifier(part) || isKeyword(part)) return "";
    begin = end + 1;
  }
  return name;
}

Json willRenameFiles(Server& server, const Json& params) {
  std::vector<ModuleMove> moves;
  const Json& files = member(params, "files");
  if (!files.is_array()) return nullptr;
  for (const Json& file : files) {
    ModuleMove move{.old_path = pathOfUri(stringOr(member(file, "oldUri"))), .new_path = pathOfUri(stringOr(member(file, "newUri")))};
    move.from = moduleOfPath(server, move.old_path);
    move.to = moduleOfPath(server, move.new_path);
    bool is_move = !move.from.empty() && !move.to.empty() && move.old_path != move.new_path;
    if (is_move) moves.push_back(std::move(move));
  }
  if (moves.empty()) return nullptr;
  std::vector<Edit> edits = editsOfMoves(server.workspace(), moves);
  return edits.empty() ? Json(nullptr) : server.workspaceEdit(edits);
}

}  // namespace krait::lsp
