// Server: the life of one language server process (LSP 3.17): initialize, documents, requests, shutdown. Takes messages
// from a Transport and answers each request id exactly once. Work that nobody waits for (published diagnostics, files
// that are not open) is done in small steps when no message waits.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/text.h"
#include "lsp/client_features.h"
#include "lsp/examples.h"
#include "lsp/import_index.h"
#include "lsp/json.h"
#include "lsp/settings.h"
#include "lsp/transport.h"
#include "lsp/workspace.h"

namespace krait::lsp {

// Codes of JSON-RPC and LSP errors.
enum ErrorCode : int {
  kParseError = -32700,
  kInvalidRequest = -32600,
  kMethodNotFound = -32601,
  kInvalidParams = -32602,
  kServerNotInitialized = -32002,
  kRequestCancelled = -32800,
  kRequestFailed = -32803,
};

// A request that failed: the code and message of a JSON-RPC error.
struct RequestError {
  int code = 0;
  std::string message;
};

// What the command line's own layer can do and the server cannot: run and verify files, in other processes.
struct ServerHooks {
  // Arguments of the command that runs, tests or verifies the file, for the client to start. Empty: not possible.
  std::vector<std::string> (*command_for)(std::string_view action, const std::string& path, const std::string& what) = nullptr;
  // The lines (from 0) of the blocks of Python in a document's text, or of the examples in a Python file's docstrings.
  std::vector<uint32_t> (*blocks_of)(const std::string& path, const std::string& text) = nullptr;
  // The report of `krait verify --output json` on the block of the file that stands on the line (from 0); runs it, and
  // returns when it has ended. Called from another thread.
  std::string (*verify)(const std::string& path, uint32_t line) = nullptr;
  // The process is the server's own: it may end in the middle of its work when the client leaves.
  bool owns_process = false;
  // Where trees are kept from one run to the next; empty: nowhere.
  std::string kept_trees = {};
};

// One replacement in some file, as an answer collects them.
struct Edit {
  SourceModule* module = nullptr;
  TextRange range;
  std::string text;
};

// The semantic tokens that a client has, so that a delta can be told.
struct SentTokens {
  std::string id;
  std::vector<uint32_t> data;
};

class Server {
 public:
  explicit Server(Transport& transport, ServerHooks hooks = {}) : hooks(std::move(hooks)), transport_(transport) {
    if (!this->hooks.kept_trees.empty()) workspace_.keepTreesIn(this->hooks.kept_trees);
  }

  // Serves until `exit` or until the client is gone. The process's exit code: 0 after a shutdown request, else 1.
  int run();

  Workspace& workspace() { return workspace_; }
  ColumnUnit unit() const { return features.unit; }
  // A request's handler may set it; its result is then ignored.
  RequestError error;
  ClientFeatures features;
  Settings settings;
  ServerHooks hooks;
  std::map<std::string, SentTokens> sent_tokens;  // by uri
  ImportIndex imports;
  bool imports_ready = false;  // the index holds all
  Examples examples;

  // ---- places on the wire ----
  Json rangeJson(SourceModule& module, TextRange range) const;
  Json locationJson(SourceModule& module, TextRange range) const;
  uint32_t offsetOf(SourceModule& module, const Json& position) const;
  TextRange rangeOf(SourceModule& module, const Json& range) const;
  // The open document of params.textDocument (a notebook's cell: the module of all its cells), or null.
  SourceModule* documentOf(const Json& params);
  // The open settings file of params.textDocument, which is no document to requests about Python, or null.
  SourceModule* settingsFileOf(const Json& params);
  // The part of a document that the request speaks of: a cell, or everything.
  TextRange areaOf(SourceModule& module) const;
  // A WorkspaceEdit; with versions where the client understands them.
  Json workspaceEdit(const std::vector<Edit>& edits) const;

  // ---- while a request is answered ----
  bool isCancelled();
  // Sends a part of the answer early when the client asked for that; true: sent.
  bool sendPartial(const Json& params, const Json& part);
  // ---- to the client ----
  void sendNotification(const char* method, Json params);
  using Answer = void (*)(Server& server, const Json& result);
  void sendRequest(const char* method, Json params, Answer answer = nullptr);
  void showMessage(int type, const std::string& text);

  // Everything that was derived from files is made anew.
  void restart();
  // Diagnostics of all open documents are out of date.
  void refreshAll();
  // Does the user most likely still type?
  bool wasEditedLately() const { return std::chrono::steady_clock::now() - last_edit_ < std::chrono::seconds(1); }
  void checkWorkspaceSoon() { workspace_pending_ = true; }

 private:
  void handle(const std::string& text);
  void notification(const std::string& method, const Json& params);
  void respond(const Json& id, const std::string& method, const Json& params);
  void answered(const Json& message);
  Json initialize(const Json& params);
  void initialized();
  Json answer(const std::string& method, const Json& params);
  Json dispatch(const std::string& method, const Json& params);
  void documentNotification(const std::string& method, const Json& params);
  void proseNotification(const std::string& method, const std::string& uri, const Json& params);
  // A verification that the user asked for has ended.
  void takeVerdicts();
  void notebookNotification(const std::string& method, const Json& params);
  void workspaceNotification(const std::string& method, const Json& params);
  void didChange(const Json& params);
  void watchedFiles(const Json& changes);
  void closeNotice(const std::string& uri);
  void configurationChanged(const Json& section);
  // One step of work that nobody waits for; false: there is none.
  bool workIdly();
  bool hasIdleWork();
  void answerPostponed();
  bool wantsImports() const { return !imports_ready && settings.auto_imports; }
  void publish(SourceModule& module);
  void publishOne();
  // Somebody is typing what makes a new World: nobody wants that after each letter.
  bool isTyping();
  bool checkNextFile();
  // How far the index of the workspace is, to clients that show such things.
  void tellIndexProgress();
  void sendProgress(const Json& token, const char* kind, Json more);
  void trace(const std::string& text, const Json& content = Json());

  Transport& transport_;
  Workspace workspace_;
  bool is_initialized_ = false;
  bool is_shut_down_ = false;
  bool is_done_ = false;
  int64_t client_process_ = 0;
  std::string trace_ = "off";
  std::string current_id_;          // of the request being answered, as JSON text
  std::string current_cell_;        // uri of the cell that the request names
  std::chrono::steady_clock::time_point last_edit_, edit_before_;
  bool is_typing_ = false;             // as it was before the last message was waited for
  std::vector<Json> postponed_;        // requests for diagnostics that wait until nobody types
  std::set<std::string> unpublished_;  // uris of open documents whose diagnostics are out of date
  size_t rebuilt_ = 0;                 // how often the checker's World was new when diagnostics were last made
  int64_t next_request_ = 1;
  std::map<int64_t, Answer> waiting_;  // our requests
  // Files that are not open, when the user wants them checked.
  bool workspace_pending_ = false;
  bool has_documents_ = false;  // a document was open at some time
  bool is_indexing_ = false;    // the workspace's index was asked for
  bool shows_progress_ = false;  // of the index, begun and not ended
  size_t shown_percent_ = 0;
  size_t workspace_next_ = 0;
  std::map<std::string, std::string> closed_findings_;  // by uri: what was published for closed files, as JSON text
};

// What the server announces in its answer to initialize.
Json serverCapabilities(const ClientFeatures& features);

// The diagnostics of a module: syntax, types, imports and lint, ready for the wire.
Json diagnosticsOf(Server& server, SourceModule& module);

#define HANDLER(method, function, capability) Json function(Server& server, const Json& params);
#include "lsp/handlers.def"

}  // namespace krait::lsp
