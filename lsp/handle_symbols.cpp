// textDocument/documentSymbol and workspace/symbol (LSP 3.17).
#include <algorithm>
#include <array>
#include <cctype>

#include "lsp/server.h"
#include "lsp/symbol_list.h"
#include "lsp/word_search.h"

namespace krait::lsp {

using namespace krait::syntax;

static Json symbolTree(Server& server, SourceModule& module, NodeList body, bool is_in_class, int depth) {
  const Ast& ast = module.ast();
  TextRange area = server.areaOf(module);  // of the cell, in a notebook
  std::vector<SymbolEntry> entries = outlineOf(ast, body, is_in_class);
  Json out = Json::array();
  std::vector<NameId> seen;
  for (const SymbolEntry& entry : entries) {
    if (ast.range(entry.name).begin < area.begin || ast.range(entry.name).begin > area.end) continue;
    bool is_variable = entry.form == SymbolForm::kVariable || entry.form == SymbolForm::kConstant || entry.form == SymbolForm::kEnumMember || entry.form == SymbolForm::kField;
    NameId name = nameOf(ast, entry.name);
    if (is_variable && std::find(seen.begin(), seen.end(), name) != seen.end()) continue;
    if (is_variable) seen.push_back(name);
    Json symbol = {{"name", std::string(ast.name(name))}, {"kind", static_cast<int>(entry.form)},
                   {"range", server.rangeJson(module, fullRange(ast, entry.node))},
                   {"selectionRange", server.rangeJson(module, ast.range(entry.name))}};
    if (!is_variable && depth < 64 && !bodyOf(ast, entry.node).empty()) {
      Json children = symbolTree(server, module, bodyOf(ast, entry.node), entry.form == SymbolForm::kClass || entry.form == SymbolForm::kEnum, depth + 1);
      if (!children.empty()) symbol["children"] = std::move(children);
    }
    out.push_back(std::move(symbol));
  }
  return out;
}

// For clients that know no trees: SymbolInformation, one after the other.
static void flatten(const std::string& uri, const Json& symbols, const std::string& container, Json* out) {
  for (const Json& symbol : symbols) {
    out->push_back({{"name", symbol["name"]}, {"kind", symbol["kind"]}, {"containerName", container},
                    {"location", {{"uri", uri}, {"range", symbol["range"]}}}});
    if (symbol.contains("children")) flatten(uri, symbol["children"], symbol["name"], out);
  }
}

Json documentSymbol(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  if (module == nullptr) return nullptr;
  Json symbols = symbolTree(server, *module, module->ast().as<Module>(module->ast().root()).body(), false, 0);
  if (server.features.hierarchical_symbols) return symbols;
  Json flat = Json::array();
  flatten(stringOr(member(member(params, "textDocument"), "uri")), symbols, "", &flat);
  return flat;
}

// How well a name fits: 0 the same, 1 begins with it, 2 holds it, 3 its letters in order.
static int distanceOf(std::string_view query, std::string_view name) {
  auto lower = [](std::string_view text) {
    std::string out;
    for (char c : text) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
  };
  std::string wanted = lower(query), given = lower(name);
  size_t at = given.find(wanted);
  return wanted == given ? 0 : at == 0 ? 1 : at != std::string::npos ? 2 : 3;
}

// Do the letters of `query` occur in `name` in order, whatever their case?
static bool matchesFuzzily(std::string_view query, std::string_view name) {
  size_t at = 0;
  for (char c : name) {
    if (at < query.size() && std::tolower(static_cast<unsigned char>(c)) == std::tolower(static_cast<unsigned char>(query[at]))) ++at;
  }
  return at == query.size();
}

// Found symbols by how well they fit, best first, then as found.
static Json ranked(std::array<Json, 4>& found, size_t most) {
  Json out = Json::array();
  for (Json& list : found) {
    for (Json& symbol : list) {
      if (out.size() < most) out.push_back(std::move(symbol));
    }
  }
  return out;
}

// The symbols of a file: by its index, by its tree where that is there already, else by its lines.
static std::vector<IndexedSymbol> symbolsOfFile(Workspace& workspace, const std::string& path) {
  if (const FileIndex* index = workspace.indexOf(path)) return index->symbols;
  SourceModule* module = workspace.load(path);
  if (module == nullptr) return {};
  return module->is_open || module->isAnalysed() ? symbolsOf(*module) : symbolsByLines(module->text());
}

// The file's symbols that fit, sorted by how well. Their number.
static size_t findSymbols(Server& server, const std::string& path, std::string_view query, std::array<Json, 4>& found) {
  size_t count = 0;
  SourceModule* module = nullptr;
  for (const IndexedSymbol& symbol : symbolsOfFile(server.workspace(), path)) {
    if (!matchesFuzzily(query, symbol.name)) continue;
    if (module == nullptr) module = server.workspace().load(path);
    TextRange range{symbol.offset, symbol.offset + static_cast<uint32_t>(symbol.name.size())};
    if (module == nullptr || module->text().substr(range.begin, range.size()) != symbol.name) break;
    ++count;
    found[static_cast<size_t>(distanceOf(query, symbol.name))].push_back({{"name", symbol.name}, {"kind", static_cast<int>(symbol.form)},
        {"containerName", module->module_name}, {"location", server.locationJson(*module, range)}});
  }
  return count;
}

Json workspaceSymbol(Server& server, const Json& params) {
  static constexpr size_t kMostResults = 512;
  // Where the client takes parts, each has about so many symbols.
  static constexpr size_t kPartSize = 64;
  std::string query = stringOr(member(params, "query"));
  std::array<Json, 4> found = {Json::array(), Json::array(), Json::array(), Json::array()};
  size_t count = 0, sent = 0;
  bool takes_parts = !member(params, "partialResultToken").is_null();
  for (const std::string& path : server.workspace().projectFiles()) {
    if (server.isCancelled() || count >= 4 * kMostResults) break;
    count += findSymbols(server, path, query, found);
    if (!takes_parts || count - sent < kPartSize) continue;
    server.sendPartial(params, ranked(found, kMostResults));
    found.fill(Json::array());
    sent = count;
  }
  Json rest = ranked(found, kMostResults);
  if (!takes_parts) return rest;
  if (!rest.empty()) server.sendPartial(params, rest);
  return Json::array();
}

}  // namespace krait::lsp
