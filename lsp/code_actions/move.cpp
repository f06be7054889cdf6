// A function or class of module level moves to a new module beside its file, with the imports that it needs; its old
// module imports it from there, so that nobody else notices. Offered where what moves uses nothing else of its module.
#include <algorithm>
#include <cctype>
#include <map>
#include <optional>

#include "analyzer/base/file_io.h"
#include "lsp/code_actions/action_list.h"

namespace krait::lsp {

using namespace krait::syntax;
using semantic::DefinitionKind;
using semantic::SemanticModel;

// HTTPServer -> http_server
static std::string fileNameFor(std::string_view name) {
  std::string out;
  for (size_t i = 0; i < name.size(); ++i) {
    auto isUpper = [&](size_t at) { return at < name.size() && std::isupper(static_cast<unsigned char>(name[at])); };
    bool begins_word = isUpper(i) && i > 0 && (!isUpper(i - 1) || (i + 1 < name.size() && !isUpper(i + 1) && name[i + 1] != '_')) && out.back() != '_';
    if (begins_word) out += '_';
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
  }
  return out;
}

// The statement that imports one name of the module; none: something else defines it.
static std::optional<std::string> importOf(const Ast& ast, std::span<const semantic::Definition> definitions) {
  if (definitions.size() != 1) return std::nullopt;
  const semantic::Definition& definition = definitions[0];
  std::string alias(ast.text(definition.owner));
  if (definition.kind == DefinitionKind::kImport) return "import " + alias;
  if (definition.kind != DefinitionKind::kImportFrom) return std::nullopt;
  ImportFrom from = ast.as<ImportFrom>(ast.parent(definition.owner));
  return "from " + std::string(from.level(), '.') + std::string(nameText(ast, from.module())) + " import " + alias;
}

// The lines of imports that the definition needs; nothing: it needs more of its module than imports.
static std::optional<std::vector<std::string>> importsFor(SourceModule& module, NodeId definition) {
  const Ast& ast = module.ast();
  const SemanticModel& model = module.model();
  TextRange range = fullRange(ast, definition);
  std::map<uint32_t, std::string> lines;  // by the place of what they import
  for (const semantic::Reference& reference : model.allReferences()) {
    uint32_t at = ast.range(reference.node).begin;
    if (at < range.begin || at >= range.end) continue;
    semantic::SymbolId owner = model.resolve(reference.symbol);
    std::span<const semantic::Definition> definitions = model.definitions(owner);
    bool is_own = std::all_of(definitions.begin(), definitions.end(), [&](const semantic::Definition& one) {
      return range.begin <= ast.range(one.node).begin && ast.range(one.node).begin < range.end;
    });
    if (is_own) continue;  // a builtin, a local, itself
    std::optional<std::string> line = importOf(ast, definitions);
    if (!line) return std::nullopt;
    lines[ast.range(definitions[0].node).begin] = std::move(*line);
  }
  // `global x` inside would mean another module's x then.
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    if (ast.is(NodeId(i), NodeKind::kGlobal) && range.begin <= ast.range(NodeId(i)).begin && ast.range(NodeId(i)).begin < range.end) return std::nullopt;
  }
  std::vector<std::string> out;
  if (model.hasFutureAnnotations()) out.push_back("from __future__ import annotations");
  for (auto& [place, line] : lines) out.push_back(std::move(line));
  return out;
}

void addMoveAction(ActionList& actions) {
  SourceModule& module = actions.module;
  if (!actions.server.features.file_creation || !module.cells.empty() || module.module_name.empty() || module.model().hasStarImport()) return;
  const Ast& ast = module.ast();
  for (NodeId statement : ast.as<Module>(ast.root()).body()) {
    bool is_class = ast.is(statement, NodeKind::kClassDef);
    if (!is_class && !ast.is(statement, NodeKind::kFunctionDef)) continue;
    TextRange range = fullRange(ast, statement);
    NodeId name = is_class ? ast.as<ClassDef>(statement).name() : ast.as<FunctionDef>(statement).name();
    bool is_header = range.begin <= actions.selection.begin && actions.selection.begin < ast.range(bodyOf(ast, statement)[0]).begin;
    if (!is_header || module.model().definitions(module.model().ownerAt(name)).size() != 1) continue;
    std::optional<std::vector<std::string>> imports = importsFor(module, statement);
    std::string text(nameText(ast, name)), file = fileNameFor(text);
    std::string folder = module.path().substr(0, module.path().rfind('/') + 1), path = folder + file + ".py";
    if (!imports || isFile(path) || isDirectory(folder + file)) return;
    bool is_package = module.path().ends_with("/__init__.py");
    std::string package = is_package ? module.module_name : module.module_name.substr(0, std::max<size_t>(module.module_name.rfind('.') + 1, 1) - 1);
    std::string moved;
    for (const std::string& line : *imports) moved += line + "\n";
    moved += (moved.empty() ? "" : "\n\n") + std::string(ast.text(range)) + "\n";

    std::vector<Edit> edits = importEdits(actions.server.workspace(), module, package.empty() ? file : package + "." + file, text);
    uint32_t last = module.lines().lineOf(range.end) + 1, end = static_cast<uint32_t>(module.text().size());
    while (last < module.lines().lineCount() && module.lines().lineText(last).find_first_not_of(" \t\r\n") == std::string_view::npos) ++last;
    if (last < module.lines().lineCount()) end = module.lines().lineStart(last);
    edits.push_back({&module, {range.begin, end}, ""});
    Json edit = actions.server.workspaceEdit(edits);
    Json start = {{"line", 0}, {"character", 0}};
    std::string uri = uriOfPath(path);
    Json changes = Json::array({{{"kind", "create"}, {"uri", uri}},
                                {{"textDocument", {{"uri", uri}, {"version", nullptr}}}, {"edits", {{{"range", {{"start", start}, {"end", start}}}, {"newText", moved}}}}}});
    for (Json& change : edit["documentChanges"]) changes.push_back(std::move(change));
    actions.list.push_back({{"title", "Move `" + text + "` to a new module " + file + ".py"}, {"kind", "refactor.move"}, {"edit", {{"documentChanges", std::move(changes)}}}});
    return;
  }
}

}  // namespace krait::lsp
