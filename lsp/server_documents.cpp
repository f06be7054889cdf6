// What the client tells without asking: documents, notebooks, folders, files, settings; and the work between messages.
#include <algorithm>
#include <utility>

#include "lsp/server.h"

namespace krait::lsp {

void Server::refreshAll() {
  imports.forget();
  imports_ready = false;
  for (SourceModule* module : workspace_.openDocuments()) {
    module->lint_findings.reset();
    unpublished_.insert(module->uri);
  }
  if (features.pulls_diagnostics && features.diagnostic_refresh) sendRequest("workspace/diagnostic/refresh", nullptr);
  if (features.inlay_hint_refresh) sendRequest("workspace/inlayHint/refresh", nullptr);
  if (features.code_lens_refresh) sendRequest("workspace/codeLens/refresh", nullptr);
  if (features.semantic_token_refresh) sendRequest("workspace/semanticTokens/refresh", nullptr);
  if (settings.checks_workspace || !closed_findings_.empty()) checkWorkspaceSoon();
}

void Server::restart() {
  workspace_.restart();
  refreshAll();
}

// A new World is made when nothing was typed for so long. After a longer rest the first edit waits only for the question
// that editors send behind it.
static constexpr std::chrono::milliseconds kTypingPause{130};
static constexpr std::chrono::milliseconds kFirstPause{30};
static constexpr std::chrono::milliseconds kTypingRest{700};

bool Server::isTyping() {
  std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now();
  bool is_first = last_edit_ - edit_before_ >= kTypingRest;
  return now - last_edit_ < (is_first ? kFirstPause : kTypingPause) && workspace_.session().isStale();
}

void Server::didChange(const Json& params) {
  edit_before_ = std::exchange(last_edit_, std::chrono::steady_clock::now());
  SourceModule* module = documentOf(params);
  const Json& changes = member(params, "contentChanges");
  if (module == nullptr || !module->cells.empty() || !changes.is_array()) return;
  module->version = intOr(member(member(params, "textDocument"), "version"), module->version);
  examples.forget(module->uri);
  for (const Json& change : changes) {
    std::string text = stringOr(member(change, "text"));
    const Json& range = member(change, "range");
    if (range.is_object()) module->replace(rangeOf(*module, range), text);
    else module->replaceAll(std::move(text));
  }
  unpublished_.insert(module->uri);
}

// Nothing is wrong any more with what was closed.
void Server::closeNotice(const std::string& uri) {
  unpublished_.erase(uri);
  sent_tokens.erase(uri);
  if (!features.pulls_diagnostics) sendNotification("textDocument/publishDiagnostics", {{"uri", uri}, {"diagnostics", Json::array()}});
}

void Server::documentNotification(const std::string& method, const Json& params) {
  const Json& document = member(params, "textDocument");
  std::string uri = stringOr(member(document, "uri"));
  bool is_prose = method == "textDocument/didOpen" ? Examples::isProse(uri, stringOr(member(document, "languageId"))) : examples.isOpen(uri);
  if (is_prose) {
    proseNotification(method, uri, params);
  } else if (method == "textDocument/didOpen") {
    if (uri.empty()) return;
    workspace_.open(uri, stringOr(member(document, "text")), intOr(member(document, "version"), 0));
    unpublished_.insert(uri);
    closed_findings_.erase(uri);
    has_documents_ = true;
  } else if (method == "textDocument/didChange") {
    didChange(params);
  } else if (method == "textDocument/didClose") {
    if (workspace_.document(uri) == nullptr) return;
    workspace_.close(uri);
    closeNotice(uri);
  } else if (method == "textDocument/didSave") {
    if (settings.checks_workspace) checkWorkspaceSoon();
  }
}

// Documents that are no Python: their blocks are looked at when the user asks for it.
void Server::proseNotification(const std::string& method, const std::string& uri, const Json& params) {
  bool had_findings = !examples.findings(uri).empty();
  if (method == "textDocument/didOpen") examples.open(uri, stringOr(member(member(params, "textDocument"), "text")));
  else if (method == "textDocument/didChange") examples.change(uri, member(params, "contentChanges"), unit());
  else if (method == "textDocument/didClose") examples.close(uri);
  if (had_findings && !examples.isRunning()) closeNotice(uri);
}

void Server::takeVerdicts() {
  std::optional<std::string> uri = examples.takeFinished();
  if (!uri) return;
  if (workspace_.document(*uri) != nullptr) unpublished_.insert(*uri);
  else if (!features.pulls_diagnostics) sendNotification("textDocument/publishDiagnostics", {{"uri", *uri}, {"diagnostics", examples.findings(*uri)}});
  if (features.pulls_diagnostics && features.diagnostic_refresh) sendRequest("workspace/diagnostic/refresh", nullptr);
  if (features.code_lens_refresh) sendRequest("workspace/codeLens/refresh", nullptr);
}

static Json arrayOf(const Json& value) { return value.is_array() ? value : Json::array(); }

static NotebookCell cellFrom(const Json& cell, const Json& documents) {
  NotebookCell out;
  out.uri = stringOr(member(cell, "document"));
  out.is_code = intOr(member(cell, "kind"), 2) == 2;
  for (const Json& document : arrayOf(documents)) {
    if (stringOr(member(document, "uri")) != out.uri) continue;
    out.text = stringOr(member(document, "text"));
    std::string language = stringOr(member(document, "languageId"), "python");
    out.is_code = out.is_code && language == "python";
  }
  return out;
}

// Cells were put in, taken out or exchanged: `structure` of a NotebookDocumentChangeEvent.
static void changeStructure(Workspace& workspace, SourceModule& notebook, const Json& structure) {
  const Json& array = member(structure, "array");
  size_t start = static_cast<size_t>(std::clamp<int64_t>(intOr(member(array, "start"), 0), 0, static_cast<int64_t>(notebook.cells.size())));
  size_t count = static_cast<size_t>(std::clamp<int64_t>(intOr(member(array, "deleteCount"), 0), 0, static_cast<int64_t>(notebook.cells.size() - start)));
  auto first = notebook.cells.begin() + static_cast<ptrdiff_t>(start);
  std::vector<NotebookCell> taken(first, first + static_cast<ptrdiff_t>(count));
  notebook.cells.erase(first, first + static_cast<ptrdiff_t>(count));
  for (const NotebookCell& cell : taken) workspace.alias(cell.uri, "");
  size_t at = start;
  for (const Json& given : arrayOf(member(array, "cells"))) {
    NotebookCell cell = cellFrom(given, member(structure, "didOpen"));
    // A cell that only moved keeps its text.
    for (const NotebookCell& old : taken) {
      if (old.uri == cell.uri && cell.text.empty()) cell.text = old.text;
    }
    workspace.alias(cell.uri, notebook.uri);
    notebook.cells.insert(notebook.cells.begin() + static_cast<ptrdiff_t>(at++), std::move(cell));
  }
}

void Server::notebookNotification(const std::string& method, const Json& params) {
  const Json& given = member(params, "notebookDocument");
  std::string uri = stringOr(member(given, "uri"));
  if (uri.empty()) return;
  if (method == "notebookDocument/didOpen") {
    SourceModule& notebook = workspace_.open(uri, "", intOr(member(given, "version"), 0));
    for (const Json& cell : arrayOf(member(given, "cells"))) notebook.cells.push_back(cellFrom(cell, member(params, "cellTextDocuments")));
    for (const NotebookCell& cell : notebook.cells) workspace_.alias(cell.uri, uri);
    notebook.joinCells();
    unpublished_.insert(uri);
    return;
  }
  SourceModule* notebook = workspace_.document(uri);
  if (notebook == nullptr) return;
  if (method == "notebookDocument/didChange") {
    notebook->version = intOr(member(given, "version"), notebook->version);
    const Json& cells = member(member(params, "change"), "cells");
    if (member(cells, "structure").is_object()) changeStructure(workspace_, *notebook, member(cells, "structure"));
    for (const Json& change : arrayOf(member(cells, "textContent"))) {
      for (NotebookCell& cell : notebook->cells) {
        if (cell.uri == stringOr(member(member(change, "document"), "uri"))) applyChanges(cell.text, member(change, "changes"), unit());
      }
    }
    notebook->joinCells();
    unpublished_.insert(uri);
  } else if (method == "notebookDocument/didClose") {
    for (const NotebookCell& cell : notebook->cells) {
      workspace_.alias(cell.uri, "");
      closeNotice(cell.uri);
    }
    workspace_.close(uri);
    unpublished_.erase(uri);
  }
}

void Server::watchedFiles(const Json& changes) {
  bool is_changed = false;
  for (const Json& change : arrayOf(changes)) {
    int64_t type = std::clamp<int64_t>(intOr(member(change, "type"), 2), 1, 3);
    is_changed |= workspace_.fileChanged(pathOfUri(stringOr(member(change, "uri"))), static_cast<Workspace::FileChange>(type));
  }
  if (is_changed) refreshAll();
}

void Server::workspaceNotification(const std::string& method, const Json& params) {
  if (method == "workspace/didChangeWatchedFiles") {
    watchedFiles(member(params, "changes"));
  } else if (method == "workspace/didChangeConfiguration") {
    configurationChanged(member(params, "settings"));
  } else if (method == "workspace/didChangeWorkspaceFolders") {
    std::vector<std::string> roots = workspace_.roots();
    const Json& event = member(params, "event");
    for (const Json& folder : arrayOf(member(event, "removed"))) std::erase(roots, pathOfUri(stringOr(member(folder, "uri"))));
    for (const Json& folder : arrayOf(member(event, "added"))) {
      std::string path = pathOfUri(stringOr(member(folder, "uri")));
      if (!path.empty() && path[0] == '/' && std::find(roots.begin(), roots.end(), path) == roots.end()) roots.push_back(std::move(path));
    }
    workspace_.setRoots(std::move(roots));
    refreshAll();
  } else if (method == "workspace/didRenameFiles" || method == "workspace/didCreateFiles" || method == "workspace/didDeleteFiles") {
    for (const Json& file : arrayOf(member(params, "files"))) {
      for (const char* key : {"oldUri", "newUri", "uri"}) {
        std::string path = pathOfUri(stringOr(member(file, key)));
        if (!path.empty()) workspace_.fileChanged(path, Workspace::FileChange::kCreated);
      }
    }
    refreshAll();
  }
}

void Server::publish(SourceModule& module) {
  Json items = diagnosticsOf(*this, module);
  if (module.cells.empty()) {
    sendNotification("textDocument/publishDiagnostics", {{"uri", module.uri}, {"version", module.version}, {"diagnostics", std::move(items)}});
    return;
  }
  for (const NotebookCell& cell : module.cells) {
    Json own = Json::array();
    for (Json& item : items) {
      if (item["data"]["cell"] == cell.uri) own.push_back(item);
    }
    sendNotification("textDocument/publishDiagnostics", {{"uri", cell.uri}, {"diagnostics", std::move(own)}});
  }
}

void Server::publishOne() {
  std::string uri = *unpublished_.begin();
  unpublished_.erase(unpublished_.begin());
  SourceModule* module = workspace_.document(uri);
  if (module == nullptr) return;
  publish(*module);
  // An edit that others can see: what is open besides may read differently now.
  size_t rebuilt = workspace_.rebuilt();
  if (rebuilt == rebuilt_) return;
  rebuilt_ = rebuilt;
  for (SourceModule* other : workspace_.openDocuments()) {
    if (other != module) unpublished_.insert(other->uri);
  }
}

bool Server::checkNextFile() {
  const std::vector<std::string>& files = workspace_.projectFiles();
  if (!settings.checks_workspace || workspace_next_ >= files.size()) {
    workspace_pending_ = false;
    workspace_next_ = 0;
    return false;
  }
  SourceModule* module = workspace_.load(files[workspace_next_++]);
  if (module == nullptr || module->is_open) return true;
  Json items = diagnosticsOf(*this, *module);
  std::string text = serialize(items);
  std::string& before = closed_findings_[module->uri];
  if (text != before && !(before.empty() && items.empty())) {
    sendNotification("textDocument/publishDiagnostics", {{"uri", module->uri}, {"diagnostics", std::move(items)}});
  }
  before = std::move(text);
  return true;
}

bool Server::workIdly() {
  if (!unpublished_.empty() && !features.pulls_diagnostics && !is_typing_) {
    publishOne();
    return true;
  }
  if (settings.indexes && has_documents_ && !is_indexing_) {
    is_indexing_ = true;
    workspace_.startIndex();
    return true;
  }
  if (workspace_pending_ && !is_typing_) {
    bool has_more = checkNextFile();
    workspace_.forgetManyTypes();
    workspace_.trim();
    return has_more;
  }
  if (imports_ready || !settings.auto_imports) return false;
  imports_ready = !imports.step(workspace_);
  return true;
}

}  // namespace krait::lsp
