// workspace/executeCommand and textDocument/codeLens (LSP 3.17). The server runs nothing of a workspace itself: commands
// that run a file answer with the program's arguments, for the client to start in a terminal.
#include <algorithm>

#include "analyzer/base/file_io.h"
#include "lsp/class_tree.h"
#include "lsp/locate.h"
#include "lsp/occurrences.h"
#include "lsp/server.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;

// ---- commands ----

static Json programFor(Server& server, std::string_view action, const Json& arguments) {
  std::string uri = stringOr(arguments.is_array() && !arguments.empty() ? arguments[0] : Json());
  std::string what = stringOr(arguments.is_array() && arguments.size() > 1 ? arguments[1] : Json());
  std::vector<std::string> command;
  if (server.hooks.command_for != nullptr && uri.starts_with("file://")) command = server.hooks.command_for(action, pathOfUri(uri), what);
  if (command.empty()) {
    server.error = {kInvalidParams, "there is nothing to run in \"" + uri + "\""};
    return nullptr;
  }
  return {{"command", command}, {"cwd", server.workspace().roots().empty() ? std::string() : server.workspace().roots()[0]}};
}

// The type of the expression that covers the range, as text.
static Json showType(Server& server, const Json& arguments) {
  if (!arguments.is_array() || arguments.size() < 2) {
    server.error = {kInvalidParams, "krait.showType takes a uri and a range"};
    return nullptr;
  }
  SourceModule* module = server.documentOf({{"textDocument", {{"uri", arguments[0]}}}});
  if (module == nullptr) return nullptr;
  TextRange wanted = server.rangeOf(*module, arguments[1]);
  const Ast& ast = module->ast();
  std::vector<NodeId> path = nodesAt(ast, wanted.begin);
  for (size_t i = path.size(); i-- > 0;) {
    TextRange range = ast.range(path[i]);
    bool covers = range.begin <= wanted.begin && wanted.end <= range.end;
    bool is_name = ast.is(path[i], NodeKind::kIdentifier) || isExpression(ast, path[i]);
    if (!covers || !is_name) continue;
    std::string type = typeTextAt(server.workspace(), *module, path[i]);
    if (type.empty()) continue;
    return {{"type", type}, {"range", server.rangeJson(*module, range)}};
  }
  return nullptr;
}

static Json showInvalidated(Server& server) {
  program::Session& session = server.workspace().session();
  std::string text = session.lastChange().empty() ? "nothing was checked yet" : session.lastChange();
  text += "; " + std::to_string(session.patched()) + " edits were patched in, " + std::to_string(session.rebuilt()) + " made all open documents be checked again";
  return {{"message", text}, {"patched", session.patched()}, {"rebuilt", session.rebuilt()}};
}

// The file on disk is what is verified: an editor's text must be the same.
static Json verifyBlock(Server& server, const Json& arguments) {
  bool is_given = arguments.is_array() && arguments.size() > 1 && arguments[0].is_string() && arguments[1].is_number();
  std::string uri = is_given ? stringOr(arguments[0]) : std::string();
  if (server.hooks.verify == nullptr || !uri.starts_with("file://")) {
    server.error = {kInvalidParams, "krait.verifyBlock takes the uri of a file and a line"};
    return nullptr;
  }
  const std::string* prose = server.examples.textOf(uri);
  SourceModule* module = server.workspace().document(uri);
  Result<std::string> saved = readFile(pathOfUri(uri));
  std::string_view shown = prose != nullptr ? std::string_view(*prose) : module != nullptr ? module->text() : std::string_view();
  if (!saved.ok() || (!shown.empty() && saved.value() != shown)) {
    server.error = {kRequestFailed, "save the file first: what is verified is the file"};
    return nullptr;
  }
  uint32_t line = static_cast<uint32_t>(std::clamp<int64_t>(intOr(arguments[1], 0), 0, 0x7fffffff));
  if (!server.examples.start(server.hooks, uri, line)) server.error = {kRequestFailed, "another verification is under way"};
  return nullptr;
}

Json executeCommand(Server& server, const Json& params) {
  std::string command = stringOr(member(params, "command"));
  const Json& arguments = member(params, "arguments");
  if (command == "krait.runFile") return programFor(server, "run", arguments);
  if (command == "krait.testFile") return programFor(server, "test", arguments);
  if (command == "krait.verifyFile") return programFor(server, "verify", arguments);
  if (command == "krait.verifyBlock") return verifyBlock(server, arguments);
  if (command == "krait.showType") return showType(server, arguments);
  if (command == "krait.showInvalidated") return showInvalidated(server);
  if (command == "krait.finishIndex") {
    server.workspace().waitForIndex();
    return nullptr;
  }
  if (command == "krait.restart") {
    server.restart();
    return nullptr;
  }
  server.error = {kInvalidParams, "krait has no command \"" + command + "\""};
  return nullptr;
}

// ---- lenses ----

static Json lens(Server& server, SourceModule& module, TextRange range, Json command) {
  Json out = {{"range", server.rangeJson(module, range)}};
  if (!command.is_null()) out["command"] = std::move(command);
  return out;
}

static std::string baseName(const std::string& path) { return path.substr(path.rfind('/') + 1); }

static bool isTestFile(const std::string& path) {
  std::string name = baseName(path);
  return name.starts_with("test_") || name.ends_with("_test.py") || name == "tests.py";
}

static void addLensesOf(Server& server, SourceModule& module, NodeList body, const std::string& outer, Json* out) {
  const Ast& ast = module.ast();
  for (NodeId statement : body) {
    bool is_class = ast.is(statement, NodeKind::kClassDef);
    if (!is_class && !ast.is(statement, NodeKind::kFunctionDef)) continue;
    NodeId name = is_class ? ast.as<ClassDef>(statement).name() : ast.as<FunctionDef>(statement).name();
    std::string text(nameText(ast, name));
    bool is_test = isTestFile(module.path()) && (is_class ? text.starts_with("Test") : text.starts_with("test"));
    if (is_test) {
      std::string id = outer + text;
      out->push_back(lens(server, module, ast.range(name), {{"title", "Run test"}, {"command", "krait.testFile"}, {"arguments", {module.uri, id}}}));
    }
    Json references = lens(server, module, ast.range(name), nullptr);
    references["data"] = {{"uri", module.uri}, {"position", references["range"]["start"]}};
    out->push_back(std::move(references));
    if (is_class) addLensesOf(server, module, ast.as<ClassDef>(statement).body(), outer + text + "::", out);
  }
}

static bool isMainTest(const Ast& ast, NodeId statement) {
  auto test = ast.tryAs<If>(statement);
  if (!test) return false;
  std::string_view text = ast.text(test->test());
  return text.find("__name__") != std::string_view::npos && text.find("__main__") != std::string_view::npos;
}

// "Verify this block" above the blocks of a document, or above docstrings that hold examples.
static Json verifyLenses(Server& server, const std::string& uri, const std::string& text) {
  if (server.hooks.blocks_of == nullptr) return Json::array();
  return server.examples.lenses(uri, server.hooks.blocks_of(pathOfUri(uri), text));
}

Json codeLens(Server& server, const Json& params) {
  Json out = Json::array();
  if (!server.settings.lenses) return out;
  std::string uri = stringOr(member(member(params, "textDocument"), "uri"));
  if (const std::string* prose = server.examples.textOf(uri)) return verifyLenses(server, uri, *prose);
  SourceModule* module = server.documentOf(params);
  if (module == nullptr) return out;
  const Ast& ast = module->ast();
  NodeList body = ast.as<Module>(ast.root()).body();
  for (NodeId statement : body) {
    if (!isMainTest(ast, statement)) continue;
    TextRange line{ast.range(statement).begin, ast.range(ast.as<If>(statement).test()).end};
    out.push_back(lens(server, *module, line, {{"title", "Run file"}, {"command", "krait.runFile"}, {"arguments", {module->uri}}}));
  }
  addLensesOf(server, *module, body, "", &out);
  if (module->cells.empty() && module->text().find(">>> ") != std::string_view::npos) {
    for (Json& one : verifyLenses(server, module->uri, std::string(module->text()))) out.push_back(std::move(one));
  }
  return out;
}

// The number of references, counted only for lenses that are on the screen.
Json codeLensResolve(Server& server, const Json& params) {
  Json out = params;
  const Json& data = member(params, "data");
  SourceModule* module = server.documentOf({{"textDocument", {{"uri", member(data, "uri")}}}});
  if (module == nullptr) return out;
  NodeId name = nameAt(module->ast(), server.offsetOf(*module, member(data, "position")));
  Json locations = Json::array();
  if (name.valid()) {
    for (const Occurrence& found : occurrencesOf(server.workspace(), *module, name, SearchArea::kWorkspace)) {
      if (!found.is_write) locations.push_back(server.locationJson(*found.module, found.range));
    }
  }
  std::string title = std::to_string(locations.size()) + (locations.size() == 1 ? " reference" : " references");
  out["command"] = {{"title", title}, {"command", "krait.showReferences"}, {"arguments", {member(data, "uri"), member(data, "position"), locations}}};
  return out;
}

}  // namespace krait::lsp
