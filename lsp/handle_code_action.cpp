// textDocument/codeAction (LSP 3.17).
#include <algorithm>

#include "lsp/code_actions/action_list.h"

namespace krait::lsp {

using namespace krait::syntax;

bool ActionList::wants(std::string_view kind) const {
  if (!only.is_array() || only.empty()) return true;
  return std::any_of(only.begin(), only.end(), [&](const Json& given) {
    std::string wanted = stringOr(given);
    return wanted.empty() || kind == wanted || kind.starts_with(wanted + ".");
  });
}

void ActionList::add(std::string title, std::string_view kind, const std::vector<Edit>& edits, bool is_preferred) {
  if (!wants(kind) || edits.empty()) return;
  Json action = {{"title", std::move(title)}, {"kind", std::string(kind)}, {"edit", server.workspaceEdit(edits)}};
  if (is_preferred) action["isPreferred"] = true;
  list.push_back(std::move(action));
}

std::string indentAt(const SourceModule& module, uint32_t offset) {
  std::string_view line = module.lines().lineText(module.lines().lineOf(offset));
  return std::string(line.substr(0, std::min(line.find_first_not_of(" \t"), line.size())));
}

Json codeAction(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  if (module == nullptr || module->syntaxError()) return Json::array();
  ActionList actions{server, *module, server.rangeOf(*module, member(params, "range")), member(member(params, "context"), "only")};
  addFindingActions(actions);
  addImportActions(actions);
  addExtractActions(actions);
  addInlineAction(actions);
  addMemberActions(actions);
  addDocstringAction(actions);
  addRewriteActions(actions);
  if (actions.wants("refactor.rewrite")) addDataclassAction(actions);
  if (actions.wants("refactor.move")) addMoveAction(actions);
  return std::move(actions.list);
}

}  // namespace krait::lsp
