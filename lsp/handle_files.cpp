// textDocument/documentLink and workspace/willRenameFiles (LSP 3.17): imports as links to files, and imports that follow a
// file or folder to its new name.
#include <algorithm>

#include "analyzer/base/file_io.h"
#include "lsp/code_actions/action_list.h"
#include "lsp/locate.h"
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

namespace {
struct Move {
  std::string from, to;  // dotted module names
};
}  // namespace

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
  return name;
}

// The name after the moves, or "" where it stays.
static std::string movedName(const std::vector<Move>& moves, const std::string& name) {
  for (const Move& move : moves) {
    if (name == move.from) return move.to;
    if (name.starts_with(move.from + ".")) return move.to + name.substr(move.from.size());
  }
  return "";
}

// One of several names in a list, with the comma behind it, or of the last one with that before it.
static TextRange withComma(std::string_view text, TextRange name, uint32_t end) {
  size_t behind = text.find_first_not_of(" \t", name.end);
  if (behind < end && text[behind] == ',') {
    size_t next = std::min<size_t>(text.find_first_not_of(" \t", behind + 1), end);
    return {name.begin, static_cast<uint32_t>(next)};
  }
  size_t before = text.find_last_not_of(" \t\r\n", name.begin - 1);
  return {text[before] == ',' ? static_cast<uint32_t>(before) : name.begin, name.end};
}

// `from package import module` where the module itself moves.
static void moveImportedName(SourceModule& module, const std::vector<Move>& moves, NodeId node, const std::string& source, std::vector<Edit>* edits) {
  const Ast& ast = module.ast();
  ImportFrom from = ast.as<ImportFrom>(node);
  for (NodeId alias : from.names()) {
    Alias one = ast.as<Alias>(alias);
    std::string old_name(nameText(ast, one.name()));
    std::string moved = movedName(moves, source + "." + old_name);
    if (moved.empty()) continue;
    size_t dot = moved.rfind('.');
    std::string package = dot == std::string::npos ? "" : moved.substr(0, dot), name = moved.substr(dot + 1);
    std::string as = one.asname().valid() ? std::string(nameText(ast, one.asname())) : old_name;
    std::string renamed = name == as ? name : name + " as " + as;
    std::string statement = package.empty() ? "import " + renamed : "from " + package + " import " + renamed;
    if (package == source) {
      edits->push_back({&module, ast.range(alias), renamed});
    } else if (from.names().size() == 1) {
      edits->push_back({&module, ast.range(node), statement});
    } else {
      edits->push_back({&module, withComma(module.text(), ast.range(alias), ast.range(node).end), ""});
      edits->push_back({&module, {ast.range(node).end, ast.range(node).end}, "\n" + indentAt(module, ast.range(node).begin) + statement});
    }
  }
}

static bool isPackage(const SourceModule& module) { return module.path().ends_with("/__init__.py") || module.path().ends_with("/__init__.pyi"); }

// `from .name import …`: relative to where the importing module is after the moves, if that is still possible.
static void moveRelative(SourceModule& module, const std::vector<Move>& moves, NodeId node, const std::string& source, std::vector<Edit>* edits) {
  const Ast& ast = module.ast();
  ImportFrom from = ast.as<ImportFrom>(node);
  std::string moved = movedName(moves, source), own = movedName(moves, module.module_name);
  std::string wanted = moved.empty() ? source : moved;
  std::string part = from.module().valid() ? std::string(nameText(ast, from.module())) : std::string();
  const std::string& importer = own.empty() ? module.module_name : own;
  std::string base = semantic::absoluteModule(importer, isPackage(module), from.level(), "");
  std::string reached = base.empty() || part.empty() ? base : base + "." + part;
  if (reached == wanted || wanted.empty()) return;
  bool is_below = !base.empty() && wanted.starts_with(base + ".") && from.module().valid();
  uint32_t begin = static_cast<uint32_t>(ast.text().find('.', ast.range(node).begin));
  uint32_t end = from.module().valid() ? ast.range(from.module()).end : begin + from.level();
  if (is_below) edits->push_back({&module, ast.range(from.module()), wanted.substr(base.size() + 1)});
  else edits->push_back({&module, {begin, end}, wanted});
}

static void moveImports(SourceModule& module, const std::vector<Move>& moves, std::vector<Edit>* edits) {
  bool may_mention = std::any_of(moves.begin(), moves.end(), [&](const Move& move) {
    return module.text().find(move.from.substr(move.from.rfind('.') + 1)) != std::string_view::npos;
  });
  if (!may_mention && movedName(moves, module.module_name).empty()) return;
  const Ast& ast = module.ast();
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    if (auto import = ast.tryAs<Import>(node)) {
      for (NodeId alias : import->names()) {
        Alias one = ast.as<Alias>(alias);
        std::string old_name(nameText(ast, one.name())), moved = movedName(moves, old_name);
        if (moved.empty()) continue;
        edits->push_back({&module, ast.range(one.name()), moved});
        if (one.asname().valid()) continue;
        // `import a.b` is used as `a.b`.
        for (uint32_t j = 0; j < ast.nodeCount(); ++j) {
          NodeId use(j);
          bool is_whole = (ast.is(use, NodeKind::kAttribute) || ast.is(use, NodeKind::kName)) && ast.text(use) == old_name && ast.parent(use).valid();
          if (is_whole && !ast.is(ast.parent(use), NodeKind::kAlias)) edits->push_back({&module, ast.range(use), moved});
        }
      }
    } else if (auto from = ast.tryAs<ImportFrom>(node)) {
      std::string source = importedModule(module, node);
      std::string moved = movedName(moves, source);
      if (from->level() > 0) moveRelative(module, moves, node, source, edits);
      if (!moved.empty() && from->module().valid()) {
        if (from->level() == 0) edits->push_back({&module, ast.range(from->module()), moved});
      } else {
        moveImportedName(module, moves, node, source, edits);
      }
    }
  }
}

Json willRenameFiles(Server& server, const Json& params) {
  std::vector<Move> moves;
  const Json& files = member(params, "files");
  if (!files.is_array()) return nullptr;
  for (const Json& file : files) {
    Move move{moduleOfPath(server, pathOfUri(stringOr(member(file, "oldUri")))), moduleOfPath(server, pathOfUri(stringOr(member(file, "newUri"))))};
    if (!move.from.empty() && !move.to.empty() && move.from != move.to) moves.push_back(std::move(move));
  }
  if (moves.empty()) return nullptr;
  Workspace& workspace = server.workspace();
  std::vector<Edit> edits;
  for (SourceModule* module : workspace.openDocuments()) moveImports(*module, moves, &edits);
  for (const std::string& path : workspace.projectFiles()) {
    SourceModule* module = workspace.load(path);
    if (module != nullptr && !module->is_open) moveImports(*module, moves, &edits);
  }
  return edits.empty() ? Json(nullptr) : server.workspaceEdit(edits);
}

}  // namespace krait::lsp
