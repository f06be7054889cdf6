#include "lsp/server.h"

#include <algorithm>

namespace krait::lsp {

namespace {

// JSON-RPC and LSP error codes.
enum ErrorCode : int {
  kParseError = -32700,
  kInvalidRequest = -32600,
  kMethodNotFound = -32601,
  kServerNotInitialized = -32002,
  kRequestCancelled = -32800,
};

struct Handler {
  const char* method;
  Json (*function)(Server&, const Json&);
};

constexpr Handler kHandlers[] = {
#define HANDLER(method, function, capability) {method, function},
#include "lsp/handlers.def"
};

}  // namespace

Json Server::rangeJson(SourceModule& module, TextRange range) const {
  LineColumn begin = module.lines().locate(range.begin, unit_);
  LineColumn end = module.lines().locate(range.end, unit_);
  return {{"start", {{"line", begin.line}, {"character", begin.column}}},
          {"end", {{"line", end.line}, {"character", end.column}}}};
}

Json Server::locationJson(SourceModule& module, TextRange range) const {
  return {{"uri", module.uri}, {"range", rangeJson(module, range)}};
}

uint32_t Server::offsetOf(SourceModule& module, const Json& position) const {
  int64_t line = std::clamp<int64_t>(intOr(member(position, "line"), 0), 0, 0x7fffffff);
  int64_t column = std::clamp<int64_t>(intOr(member(position, "character"), 0), 0, 0x7fffffff);
  return module.lines().offsetOf({static_cast<uint32_t>(line), static_cast<uint32_t>(column)}, unit_);
}

SourceModule* Server::documentOf(const Json& params) {
  return workspace_.document(stringOr(member(member(params, "textDocument"), "uri")));
}

void Server::sendNotification(const char* method, Json params) {
  transport_.send(serialize({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}}));
}

static std::vector<std::string> rootsOf(const Json& params) {
  std::vector<std::string> roots;
  const Json& folders = member(params, "workspaceFolders");
  if (folders.is_array()) {
    for (const Json& folder : folders) roots.push_back(pathOfUri(stringOr(member(folder, "uri"))));
  }
  if (roots.empty() && member(params, "rootUri").is_string()) roots.push_back(pathOfUri(stringOr(member(params, "rootUri"))));
  if (roots.empty() && member(params, "rootPath").is_string()) roots.push_back(stringOr(member(params, "rootPath")));
  std::erase_if(roots, [](const std::string& root) { return root.empty() || root[0] != '/'; });
  return roots;
}

Json Server::initialize(const Json& params) {
  const Json& capabilities = member(params, "capabilities");
  const Json& encodings = member(member(capabilities, "general"), "positionEncodings");
  if (encodings.is_array()) {
    auto offers = [&](const char* name) { return std::find(encodings.begin(), encodings.end(), name) != encodings.end(); };
    if (offers("utf-8")) unit_ = ColumnUnit::kUtf8;
    else if (!offers("utf-16") && offers("utf-32")) unit_ = ColumnUnit::kUtf32;
  }
  const Json& text_document = member(capabilities, "textDocument");
  const Json& item = member(member(text_document, "completion"), "completionItem");
  client_snippets = boolOr(member(item, "snippetSupport"), false);
  client_pulls = member(text_document, "diagnostic").is_object();
  const Json& formats = member(member(text_document, "hover"), "contentFormat");
  client_markdown = !formats.is_array() || std::find(formats.begin(), formats.end(), "markdown") != formats.end();
  workspace_.setRoots(rootsOf(params));
  is_initialized_ = true;
  return {{"capabilities", serverCapabilities(unit_)}, {"serverInfo", {{"name", "krait"}, {"version", KRAIT_VERSION}}}};
}

Json Server::dispatch(const std::string& method, const Json& params) {
  if (method == "initialize") return initialize(params);
  if (method == "shutdown") {
    is_shut_down_ = true;
    return nullptr;
  }
  for (const Handler& handler : kHandlers) {
    if (method == handler.method) return handler.function(*this, params);
  }
  error = {kMethodNotFound, "krait does not answer " + method};
  return nullptr;
}

void Server::respond(const Json& id, const std::string& method, const Json& params) {
  error = {};
  Json result;
  std::string id_text = serialize(id);
  if (!is_initialized_ && method != "initialize") error = {kServerNotInitialized, "initialize comes first"};
  else if (is_initialized_ && method == "initialize") error = {kInvalidRequest, "initialize comes once"};
  else if (is_shut_down_) error = {kInvalidRequest, "the server is shut down"};
  else if (transport_.isCancelled(id_text)) error = {kRequestCancelled, "cancelled"};
  else result = dispatch(method, params);
  transport_.forgetCancelled(id_text);
  Json response = {{"jsonrpc", "2.0"}, {"id", id}};
  if (error.code != 0) response["error"] = {{"code", error.code}, {"message", error.message}};
  else response["result"] = std::move(result);
  transport_.send(serialize(response));
}

void Server::didChange(const Json& params) {
  SourceModule* module = documentOf(params);
  if (module == nullptr) return;
  module->version = intOr(member(member(params, "textDocument"), "version"), module->version);
  const Json& changes = member(params, "contentChanges");
  if (!changes.is_array()) return;
  for (const Json& change : changes) {
    std::string text = stringOr(member(change, "text"));
    const Json& range = member(change, "range");
    if (!range.is_object()) {
      module->replaceAll(std::move(text));
      continue;
    }
    uint32_t begin = offsetOf(*module, member(range, "start"));
    uint32_t end = offsetOf(*module, member(range, "end"));
    module->replace({std::min(begin, end), std::max(begin, end)}, text);
  }
  unpublished_.insert(module->uri);
}

void Server::notification(const std::string& method, const Json& params) {
  if (method == "exit") {
    is_done_ = true;
    return;
  }
  if (!is_initialized_) return;
  const Json& document = member(params, "textDocument");
  std::string uri = stringOr(member(document, "uri"));
  if (method == "textDocument/didOpen") {
    workspace_.open(uri, stringOr(member(document, "text")), intOr(member(document, "version"), 0));
    unpublished_.insert(uri);
  } else if (method == "textDocument/didChange") {
    didChange(params);
  } else if (method == "textDocument/didClose") {
    workspace_.close(uri);
    unpublished_.erase(uri);
    if (!client_pulls) sendNotification("textDocument/publishDiagnostics", {{"uri", uri}, {"diagnostics", Json::array()}});
  } else if (method == "workspace/didChangeWatchedFiles" || method == "textDocument/didSave") {
    workspace_.forgetDisk();
    for (SourceModule* module : workspace_.openDocuments()) unpublished_.insert(module->uri);
  }
}

void Server::handle(const std::string& text) {
  Json message = Json::parse(text, nullptr, false);
  if (message.is_discarded() || !message.is_object()) {
    transport_.send(serialize({{"jsonrpc", "2.0"}, {"id", nullptr}, {"error", {{"code", kParseError}, {"message", "not a JSON-RPC message"}}}}));
    return;
  }
  const Json& method = member(message, "method");
  if (!method.is_string()) return;  // an answer to a request of ours
  auto id = message.find("id");
  if (id != message.end()) respond(*id, method.get<std::string>(), member(message, "params"));
  else notification(method.get<std::string>(), member(message, "params"));
}

void Server::publishOne() {
  std::string uri = *unpublished_.begin();
  unpublished_.erase(unpublished_.begin());
  SourceModule* module = workspace_.document(uri);
  if (module == nullptr) return;
  sendNotification("textDocument/publishDiagnostics",
                   {{"uri", uri}, {"version", module->version}, {"diagnostics", diagnosticsOf(*this, *module)}});
}

int Server::run() {
  while (!is_done_) {
    bool is_idle_work = !unpublished_.empty() && !client_pulls;
    std::optional<std::string> message = transport_.next(is_idle_work ? 0 : -1);
    if (message) handle(*message);
    else if (transport_.isClosed()) break;
    else if (is_idle_work) publishOne();
  }
  return is_shut_down_ ? 0 : 1;
}

}  // namespace krait::lsp
