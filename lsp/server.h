// Server: the life of one language server process (LSP 3.17): initialize, documents, requests, shutdown. Takes messages
// from a Transport and answers each request id exactly once. Diagnostics of open documents are published when nothing
// else is waiting, unless the client pulls them.
#pragma once

#include <set>
#include <string>

#include "analyzer/base/text.h"
#include "lsp/json.h"
#include "lsp/transport.h"
#include "lsp/workspace.h"

namespace krait::lsp {

// A request that failed: the code and message of a JSON-RPC error.
struct RequestError {
  int code = 0;
  std::string message;
};

class Server {
 public:
  explicit Server(Transport& transport) : transport_(transport) {}

  // Serves until `exit` or until the client is gone. The process's exit code: 0 after a shutdown request, else 1.
  int run();

  Workspace& workspace() { return workspace_; }
  ColumnUnit unit() const { return unit_; }
  // A request's handler may set it; its result is then ignored.
  RequestError error;

  // Places on the wire.
  Json rangeJson(SourceModule& module, TextRange range) const;
  Json locationJson(SourceModule& module, TextRange range) const;
  uint32_t offsetOf(SourceModule& module, const Json& position) const;
  // The open document of params.textDocument, or null.
  SourceModule* documentOf(const Json& params);

  bool client_snippets = false;
  bool client_markdown = true;
  bool client_pulls = false;

 private:
  void handle(const std::string& text);
  void notification(const std::string& method, const Json& params);
  void respond(const Json& id, const std::string& method, const Json& params);
  Json initialize(const Json& params);
  Json dispatch(const std::string& method, const Json& params);
  void didChange(const Json& params);
  void sendNotification(const char* method, Json params);
  void publishOne();

  Transport& transport_;
  Workspace workspace_;
  ColumnUnit unit_ = ColumnUnit::kUtf16;
  bool is_initialized_ = false;
  bool is_shut_down_ = false;
  bool is_done_ = false;
  std::set<std::string> unpublished_;  // uris of open documents whose diagnostics are out of date
};

// What the server announces in its answer to initialize.
Json serverCapabilities(ColumnUnit unit);

// The diagnostics of an open document: syntax, names, imports and lint, ready for the wire.
Json diagnosticsOf(Server& server, SourceModule& module);

#define HANDLER(method, function, capability) Json function(Server& server, const Json& params);
#include "lsp/handlers.def"

}  // namespace krait::lsp
