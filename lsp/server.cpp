#include "lsp/server.h"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

namespace krait::lsp {

namespace {

struct Handler {
  const char* method;
  Json (*function)(Server&, const Json&);
};

constexpr const char* kDocumentDiagnostic = "textDocument/diagnostic";

constexpr Handler kHandlers[] = {
#define HANDLER(method, function, capability) {method, function},
#include "lsp/handlers.def"
};

// How often the server looks whether its client and the files that it read are still the same, in milliseconds.
constexpr int kWatchInterval = 3000;
// … and whether somebody still types.
constexpr int kTypingInterval = 20;
// … and whether the files of the workspace are listed, while they are being listed.
constexpr int kListingInterval = 100;
// So many edits are patched into what was checked before a quiet moment is used to check it anew.
constexpr size_t kEditsBeforeRenewal = 400;
// … and after so many bytes of source were checked that is not open: more than searches for references leave there.
constexpr size_t kCheckedBeforeRenewal = size_t{320} << 10;

}  // namespace

void Server::sendNotification(const char* method, Json params) {
  transport_.send(serialize({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}}));
}

void Server::sendRequest(const char* method, Json params, Answer answer) {
  int64_t id = next_request_++;
  waiting_[id] = answer;
  transport_.send(serialize({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}}));
}

void Server::showMessage(int type, const std::string& text) {
  sendNotification("window/showMessage", {{"type", type}, {"message", text}});
}

// More of a message than this nobody reads in a log.
static constexpr size_t kLongestTrace = 4000;

void Server::trace(const std::string& text, const Json& content) {
  if (trace_ == "off") return;
  Json params = {{"message", text}};
  // Only who asked for it is sent what the messages hold.
  if (trace_ == "verbose" && !content.is_null()) {
    std::string shown = serialize(content);
    if (shown.size() > kLongestTrace) {
      shown.resize(kLongestTrace);
      while (!shown.empty() && (static_cast<unsigned char>(shown.back()) & 0xc0) == 0x80) shown.pop_back();
      if (!shown.empty() && static_cast<unsigned char>(shown.back()) >= 0xc0) shown.pop_back();
      shown += "…";
    }
    params["verbose"] = std::move(shown);
  }
  sendNotification("$/logTrace", std::move(params));
}

bool Server::isCancelled() { return !current_id_.empty() && transport_.isCancelled(current_id_); }

bool Server::sendPartial(const Json& params, const Json& part) {
  const Json& token = member(params, "partialResultToken");
  if (token.is_null()) return false;
  sendNotification("$/progress", {{"token", token}, {"value", part}});
  return true;
}

void Server::sendProgress(const Json& token, const char* kind, Json more) {
  more["kind"] = kind;
  sendNotification("$/progress", {{"token", token}, {"value", std::move(more)}});
}

void Server::tellIndexProgress() {
  static constexpr const char* kToken = "krait-index";
  size_t percent = workspace_.indexPercent();
  if (!shows_progress_ && percent < 100) {
    sendRequest("window/workDoneProgress/create", {{"token", kToken}});
    sendProgress(kToken, "begin", {{"title", "Indexing"}, {"cancellable", false}, {"percentage", percent}});
    shows_progress_ = true;
  } else if (shows_progress_ && percent >= 100) {
    sendProgress(kToken, "end", Json::object());
    shows_progress_ = false;
  } else if (shows_progress_ && percent >= shown_percent_ + 5) {
    sendProgress(kToken, "report", {{"percentage", percent}});
  } else {
    return;
  }
  shown_percent_ = percent;
}

// What a client shows while it waits for an answer that may take longer.
static const char* titleOf(const std::string& method) {
  if (method == "textDocument/references" || method.starts_with("callHierarchy")) return "Finding references";
  if (method == "textDocument/rename") return "Renaming";
  if (method == "workspace/symbol") return "Searching symbols";
  return method == "workspace/diagnostic" ? "Checking the workspace" : "Working";
}

static std::vector<std::string> rootsOf(const Json& params) {
  std::vector<std::string> roots;
  const Json& folders = member(params, "workspaceFolders");
  if (folders.is_array()) {
    for (const Json& folder : folders) roots.push_back(pathOfUri(stringOr(member(folder, "uri"))));
  }
  if (roots.empty() && member(params, "rootUri").is_string()) roots.push_back(pathOfUri(stringOr(member(params, "rootUri"))));
  if (roots.empty() && member(params, "rootPath").is_string()) roots.push_back(stringOr(member(params, "rootPath")));
  for (std::string& root : roots) {
    while (root.size() > 1 && root.back() == '/') root.pop_back();
  }
  std::erase_if(roots, [](const std::string& root) { return root.empty() || root[0] != '/'; });
  return roots;
}

Json Server::initialize(const Json& params) {
  features = readClientFeatures(params);
  if (hooks.owns_process) transport_.leavePromptly();
  client_process_ = intOr(member(params, "processId"), 0);
  trace_ = stringOr(member(params, "trace"), "off");
  const Json& options = member(params, "initializationOptions");
  applySettings(options, settings);
  applySettings(member(options, "krait"), settings);
  applySettings(member(options, "settings"), settings);
  workspace_.setRoots(rootsOf(params));
  is_initialized_ = true;
  return {{"capabilities", serverCapabilities(features)}, {"serverInfo", {{"name", "krait"}, {"version", KRAIT_VERSION}}}};
}

static void takeConfiguration(Server& server, const Json& result) {
  if (!result.is_array() || result.empty()) return;
  Settings before = server.settings;
  applySettings(result[0], server.settings);
  if (before.checks_workspace != server.settings.checks_workspace || before.lints != server.settings.lints ||
      before.checks_types != server.settings.checks_types) {
    server.refreshAll();
  }
}

static void askConfiguration(Server& server) {
  server.sendRequest("workspace/configuration", {{"items", {{{"section", "krait"}}}}}, takeConfiguration);
}

void Server::initialized() {
  Json registrations = Json::array();
  if (features.watched_files) {
    Json watchers = Json::array();
    for (const char* glob : {"**/*.py", "**/*.pyi", "**/pyproject.toml", "**/krait.toml", "**/ruff.toml", "**/.ruff.toml", "**/mypy.ini", "**/.mypy.ini", "**/setup.cfg"}) {
      watchers.push_back({{"globPattern", glob}});
    }
    registrations.push_back({{"id", "krait-files"}, {"method", "workspace/didChangeWatchedFiles"}, {"registerOptions", {{"watchers", watchers}}}});
  }
  if (features.configuration_changes) {
    registrations.push_back({{"id", "krait-settings"}, {"method", "workspace/didChangeConfiguration"}, {"registerOptions", {{"section", "krait"}}}});
  }
  if (!registrations.empty()) sendRequest("client/registerCapability", {{"registrations", registrations}});
  if (features.configuration) askConfiguration(*this);
  for (const RootConfig& one : workspace_.configs()) {
    for (const std::string& warning : one.config.warnings) sendNotification("window/logMessage", {{"type", 2}, {"message", warning}});
    for (const std::string& warning : one.config.lint_warnings) sendNotification("window/logMessage", {{"type", 2}, {"message", warning}});
    if (!one.error.empty()) showMessage(1, one.error);
  }
  if (settings.checks_workspace) checkWorkspaceSoon();
}

void Server::configurationChanged(const Json& section) {
  if (features.configuration) {
    askConfiguration(*this);
    return;
  }
  takeConfiguration(*this, Json::array({section.is_object() && section.contains("krait") ? section["krait"] : section}));
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

Json Server::answer(const std::string& method, const Json& params) {
  const Json& token = member(params, "workDoneToken");
  if (token.is_null() || method == "initialize") return dispatch(method, params);
  sendProgress(token, "begin", {{"title", titleOf(method)}});
  Json result = dispatch(method, params);
  sendProgress(token, "end", Json::object());
  return result;
}

// A request for diagnostics waits as published ones do.
void Server::answerPostponed() {
  if (postponed_.empty()) return;
  bool is_over = is_shut_down_ || !isTyping();
  std::vector<Json> all = std::exchange(postponed_, {});
  for (Json& one : all) {
    if (is_over || transport_.isCancelled(serialize(one["id"]))) respond(one["id"], kDocumentDiagnostic, one["params"]);
    else postponed_.push_back(std::move(one));
  }
}

void Server::respond(const Json& id, const std::string& method, const Json& params) {
  error = {};
  Json result;
  auto began = std::chrono::steady_clock::now();
  current_id_ = serialize(id);
  current_cell_.clear();
  if (!is_initialized_ && method != "initialize") error = {kServerNotInitialized, "initialize comes first"};
  else if (is_initialized_ && method == "initialize") error = {kInvalidRequest, "initialize comes once"};
  else if (is_shut_down_) error = {kInvalidRequest, "the server is shut down"};
  else if (method != "shutdown" && isCancelled()) error = {kRequestCancelled, "cancelled"};
  else result = answer(method, params);
  if (error.code == 0 && method != "shutdown" && isCancelled()) error = {kRequestCancelled, "cancelled"};
  transport_.forgetCancelled(current_id_);
  bool is_answered = method == "shutdown" && transport_.isAnswered(current_id_);
  current_id_.clear();
  if (is_answered) return;
  Json response = {{"jsonrpc", "2.0"}, {"id", id}};
  if (error.code != 0) response["error"] = {{"code", error.code}, {"message", error.message}};
  else response["result"] = std::move(result);
  if (trace_ != "off") {
    auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began).count();
    trace("answered " + method + " (" + serialize(id) + ") in " + std::to_string(took) + " ms", error.code != 0 ? response["error"] : response["result"]);
  }
  transport_.send(serialize(response));
  workspace_.trim();
}

void Server::answered(const Json& message) {
  auto found = waiting_.find(intOr(member(message, "id"), 0));
  if (found == waiting_.end()) return;
  Answer answer = found->second;
  waiting_.erase(found);
  if (answer != nullptr && member(message, "error").is_null()) answer(*this, member(message, "result"));
}

void Server::notification(const std::string& method, const Json& params) {
  current_cell_.clear();
  if (method == "exit") is_done_ = true;
  if (!is_initialized_ || is_shut_down_ || is_done_) return;
  if (method == "initialized") initialized();
  else if (method == "$/setTrace") trace_ = stringOr(member(params, "value"), "off");
  else if (method.starts_with("textDocument/")) documentNotification(method, params);
  else if (method.starts_with("notebookDocument/")) notebookNotification(method, params);
  else if (method.starts_with("workspace/")) workspaceNotification(method, params);
}

void Server::handle(const std::string& text) {
  Json message = Json::parse(text, nullptr, false);
  const Json& method = member(message, "method");
  bool is_answer = message.is_object() && !method.is_string() && (message.contains("result") || message.contains("error"));
  if (is_answer) {
    answered(message);
    return;
  }
  const Json& given = member(message, "id");
  bool is_id = given.is_null() || given.is_string() || given.is_number();
  if (!method.is_string() || !is_id) {
    int code = message.is_discarded() ? kParseError : kInvalidRequest;
    transport_.send(serialize({{"jsonrpc", "2.0"}, {"id", is_id ? given : Json()}, {"error", {{"code", code}, {"message", "not a JSON-RPC message"}}}}));
    return;
  }
  auto id = message.find("id");
  if (trace_ != "off") {
    std::string number = id != message.end() ? " (" + serialize(*id) + ")" : "";
    trace("received " + method.get<std::string>() + number, member(message, "params"));
  }
  bool is_postponed = id != message.end() && method == kDocumentDiagnostic && is_initialized_ && !is_shut_down_ && isTyping();
  if (is_postponed) postponed_.push_back({{"id", *id}, {"params", member(message, "params")}});
  else if (id != message.end()) respond(*id, method.get<std::string>(), member(message, "params"));
  else notification(method.get<std::string>(), member(message, "params"));
}

// A client that died without a word must not leave its server behind.
static bool isGone(int64_t process) {
  return process > 0 && process <= 0x7fffffff && kill(static_cast<pid_t>(process), 0) != 0 && errno == ESRCH;
}

bool Server::hasIdleWork() {
  is_typing_ = isTyping();
  if (!unpublished_.empty() && !features.pulls_diagnostics && !is_typing_) return true;
  // The first answers to a client come before what it may want later.
  if (!has_documents_) return workspace_pending_;
  return (workspace_pending_ && !is_typing_) || (settings.indexes && !is_indexing_) || (wantsImports() && (!is_indexing_ || workspace_.hasProjectFiles()));
}

int Server::run() {
  while (!is_done_) {
    answerPostponed();
    bool has_work = is_initialized_ && !is_shut_down_ && !transport_.hasPending() && hasIdleWork();
    bool tells_progress = features.progress && is_initialized_ && !is_shut_down_ && is_indexing_;
    if (tells_progress) tellIndexProgress();
    if (examples.isRunning()) takeVerdicts();
    bool waits_for_files = (wantsImports() && is_indexing_) || shows_progress_ || examples.isRunning();
    bool is_quiet = is_initialized_ && !has_work && !is_typing_ && has_documents_;
    if (is_quiet && workspace_.keptTrees() != nullptr) workspace_.keptTrees()->save();
    std::optional<std::string> message = transport_.next(has_work ? 0 : is_typing_ ? kTypingInterval : waits_for_files ? kListingInterval : kWatchInterval);
    if (message) {
      handle(*message);
    } else if (transport_.isClosed()) {
      break;
    } else if (has_work) {
      workIdly();
    } else if (is_typing_) {
      continue;
    } else if (isGone(client_process_)) {
      break;
    } else if (is_initialized_ && !is_shut_down_ && workspace_.renewAfter(kEditsBeforeRenewal)) {
      rebuilt_ = workspace_.rebuilt();
    } else if (is_initialized_ && !is_shut_down_ && workspace_.forgetManyTypes(kCheckedBeforeRenewal)) {
      for (SourceModule* document : workspace_.openDocuments()) {
        workspace_.askFor(document->path());
        workspace_.session().view(document->path());
      }
      rebuilt_ = workspace_.rebuilt();
    } else if (is_initialized_ && !is_shut_down_ && !features.watched_files && workspace_.hasChangedOnDisk()) {
      refreshAll();
    }
  }
  if (workspace_.keptTrees() != nullptr) workspace_.keptTrees()->finish();
  return is_shut_down_ ? 0 : 1;
}

}  // namespace krait::lsp
