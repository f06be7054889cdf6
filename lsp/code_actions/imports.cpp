// Imports for names that nothing defines.
#include <algorithm>

#include "lsp/code_actions/action_list.h"
#include "lsp/findings.h"
#include "lsp/import_index.h"

namespace krait::lsp {

using namespace krait::syntax;

// As many proposals as a person reads.
static constexpr size_t kMostImports = 6;

// `from module import …` at module level, or none.
static NodeId importOf(const Ast& ast, std::string_view module) {
  for (NodeId statement : ast.as<Module>(ast.root()).body()) {
    auto import = ast.tryAs<ImportFrom>(statement);
    if (!import || import->level() != 0 || nameText(ast, import->module()) != module || import->names().empty()) continue;
    if (nameText(ast, ast.as<Alias>(import->names()[0]).name()) != "*") return statement;
  }
  return NodeId::none();
}

// The offset of the line where a new import goes: behind the imports at the top, or behind the docstring.
static uint32_t newImportPlace(SourceModule& file) {
  const Ast& ast = file.ast();
  NodeList body = ast.as<Module>(ast.root()).body();
  NodeId after = docstringOf(ast, body).valid() ? body[0] : NodeId::none();
  for (NodeId statement : body) {
    bool is_import = ast.is(statement, NodeKind::kImport) || ast.is(statement, NodeKind::kImportFrom);
    if (is_import) after = statement;
    else if (after.valid() && statement != after) break;
    else if (!docstringOf(ast, body).valid()) break;
  }
  if (after.isNone()) return body.empty() ? 0 : file.lines().lineStart(file.lines().lineOf(fullRange(ast, body[0]).begin));
  uint32_t line = file.lines().lineOf(ast.range(after).end) + 1;
  return line < file.lines().lineCount() ? file.lines().lineStart(line) : static_cast<uint32_t>(file.text().size());
}

std::vector<Edit> importEdits(SourceModule& file, std::string_view module, std::string_view name) {
  const Ast& ast = file.ast();
  NodeId known = name.empty() ? NodeId::none() : importOf(ast, module);
  if (known.valid()) {
    NodeList names = ast.as<ImportFrom>(known).names();
    for (NodeId alias : names) {
      if (nameText(ast, ast.as<Alias>(alias).name()) == name) return {};
    }
    uint32_t end = ast.range(names.back()).end;
    return {{&file, {end, end}, ", " + std::string(name)}};
  }
  uint32_t place = newImportPlace(file);
  std::string line = name.empty() ? "import " + std::string(module) : "from " + std::string(module) + " import " + std::string(name);
  bool needs_newline = place > 0 && file.text()[place - 1] != '\n';
  return {{&file, {place, place}, (needs_newline ? "\n" : "") + line + "\n"}};
}

static void addImportOf(ActionList& actions, NodeId name) {
  std::string text(nameText(actions.module.ast(), name));
  ImportIndex& index = actions.server.imports;
  index.finish(actions.server.workspace());
  size_t count = 0;
  for (const ImportIndex::Entry* entry : index.find(text)) {
    const std::string& module = index.moduleOf(*entry);
    if (module == actions.module.module_name) continue;
    if (count++ == kMostImports) break;
    size_t dot = module.rfind('.');
    bool is_module = entry->kind == ImportIndex::Kind::kModule;
    std::string_view from = !is_module ? std::string_view(module) : dot == std::string::npos ? std::string_view() : std::string_view(module).substr(0, dot);
    std::string title = from.empty() ? "Import `" + module + "`" : "Import `" + text + "` from `" + std::string(from) + "`";
    actions.add(title, "quickfix", importEdits(actions.module, from.empty() ? module : from, from.empty() ? "" : text), count == 1);
  }
}

void addImportActions(ActionList& actions) {
  if (!actions.wants("quickfix")) return;
  NodeId name = nameAt(actions.module.ast(), actions.selection.begin);
  if (!actions.module.ast().is(name, NodeKind::kName)) return;
  for (const Diagnostic& diagnostic : findingsOf(actions.server, actions.module)) {
    std::string_view code = codeInfo(diagnostic.code).text;
    bool is_undefined = code == "name-defined" || code == "F821";
    if (is_undefined && diagnostic.range.begin == actions.module.ast().range(name).begin) {
      addImportOf(actions, name);
      return;
    }
  }
}

}  // namespace krait::lsp
