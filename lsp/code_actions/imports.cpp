// Imports for names that nothing defines.
#include <algorithm>

#include "lsp/code_actions/action_list.h"
#include "lsp/findings.h"
#include "lsp/import_index.h"

namespace krait::lsp {

using namespace krait::syntax;

// As many proposals as a person reads.
static constexpr size_t kMostImports = 6;

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
    actions.add(title, "quickfix", importEdits(actions.server.workspace(), actions.module, from.empty() ? module : from, from.empty() ? "" : text), count == 1);
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
