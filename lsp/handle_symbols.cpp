// textDocument/documentSymbol and workspace/symbol (LSP 3.17).
#include <algorithm>
#include <array>
#include <cctype>

#include "lsp/server.h"

namespace krait::lsp {

using namespace krait::syntax;

namespace {
// SymbolKind of the protocol.
enum SymbolKind : int { kModuleSymbol = 2, kClassSymbol = 5, kMethodSymbol = 6, kPropertySymbol = 7, kConstructorSymbol = 9,
                        kFunctionSymbol = 12, kVariableSymbol = 13, kConstantSymbol = 14, kTypeParameterSymbol = 26 };
}  // namespace

static bool isConstantName(std::string_view name) {
  bool has_letter = false;
  for (unsigned char c : name) {
    if (std::islower(c)) return false;
    has_letter |= std::isupper(c) != 0;
  }
  return has_letter;
}

static bool isPropertyDecorated(const Ast& ast, FunctionDef function) {
  for (NodeId decorator : function.decorators()) {
    std::string_view name = nameText(ast, decorator);
    if (name == "property" || name == "cached_property") return true;
  }
  return false;
}

static int functionKind(const Ast& ast, FunctionDef function, bool is_in_class) {
  if (!is_in_class) return kFunctionSymbol;
  if (nameText(ast, function.name()) == "__init__") return kConstructorSymbol;
  return isPropertyDecorated(ast, function) ? kPropertySymbol : kMethodSymbol;
}

namespace {
struct SymbolEntry {
  NodeId name;
  NodeId node;
  int kind;
};
}  // namespace

// The definitions directly in a body, those inside if, try, with and loops included.
static void collectEntries(const Ast& ast, NodeList body, bool is_in_class, std::vector<SymbolEntry>* out) {
  for (NodeId statement : body) {
    if (auto function = ast.tryAs<FunctionDef>(statement)) {
      out->push_back({function->name(), statement, functionKind(ast, *function, is_in_class)});
    } else if (auto cls = ast.tryAs<ClassDef>(statement)) {
      out->push_back({cls->name(), statement, kClassSymbol});
    } else if (auto alias = ast.tryAs<TypeAlias>(statement)) {
      out->push_back({alias->name(), statement, kTypeParameterSymbol});
    } else if (ast.is(statement, NodeKind::kAssign) || ast.is(statement, NodeKind::kAnnAssign)) {
      NodeList targets = ast.is(statement, NodeKind::kAssign) ? ast.as<Assign>(statement).targets() : NodeList();
      NodeId single = ast.is(statement, NodeKind::kAnnAssign) ? ast.as<AnnAssign>(statement).target() : NodeId::none();
      auto add = [&](NodeId target) {
        if (!ast.is(target, NodeKind::kName)) return;
        out->push_back({target, statement, isConstantName(nameText(ast, target)) ? kConstantSymbol : kVariableSymbol});
      };
      if (single.valid()) add(single);
      for (NodeId target : targets) add(target);
    } else {
      std::span<const FieldInfo> fields = fieldsOf(ast.kind(statement));
      for (uint32_t i = 0; i < fields.size(); ++i) {
        if (fields[i].kind != FieldKind::kList) continue;
        NodeList list = ast.list(statement, i);
        if (!list.empty() && isStatement(ast, list[0])) collectEntries(ast, list, is_in_class, out);
        for (NodeId part : list) {
          if (ast.is(part, NodeKind::kExceptHandler)) collectEntries(ast, ast.as<ExceptHandler>(part).body(), is_in_class, out);
          if (ast.is(part, NodeKind::kMatchCase)) collectEntries(ast, ast.as<MatchCase>(part).body(), is_in_class, out);
        }
      }
    }
  }
}

static Json symbolsOf(Server& server, SourceModule& module, NodeList body, bool is_in_class, int depth) {
  const Ast& ast = module.ast();
  TextRange area = server.areaOf(module);  // of the cell, in a notebook
  std::vector<SymbolEntry> entries;
  collectEntries(ast, body, is_in_class, &entries);
  Json out = Json::array();
  std::vector<NameId> seen;
  for (const SymbolEntry& entry : entries) {
    if (ast.range(entry.name).begin < area.begin || ast.range(entry.name).begin > area.end) continue;
    bool is_variable = entry.kind == kVariableSymbol || entry.kind == kConstantSymbol;
    NameId name = nameOf(ast, entry.name);
    if (is_variable && std::find(seen.begin(), seen.end(), name) != seen.end()) continue;
    if (is_variable) seen.push_back(name);
    Json symbol = {{"name", std::string(ast.name(name))}, {"kind", entry.kind},
                   {"range", server.rangeJson(module, fullRange(ast, entry.node))},
                   {"selectionRange", server.rangeJson(module, ast.range(entry.name))}};
    if (!is_variable && depth < 64 && !bodyOf(ast, entry.node).empty()) {
      Json children = symbolsOf(server, module, bodyOf(ast, entry.node), entry.kind == kClassSymbol, depth + 1);
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
  Json symbols = symbolsOf(server, *module, module->ast().as<Module>(module->ast().root()).body(), false, 0);
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

Json workspaceSymbol(Server& server, const Json& params) {
  static constexpr size_t kMostResults = 512;
  std::string query = stringOr(member(params, "query"));
  std::array<Json, 4> found = {Json::array(), Json::array(), Json::array(), Json::array()};
  size_t count = 0;
  for (const std::string& path : server.workspace().projectFiles()) {
    if (server.isCancelled() || count >= 4 * kMostResults) break;
    SourceModule* module = server.workspace().load(path);
    if (module == nullptr) continue;
    const Ast& ast = module->ast();
    std::vector<SymbolEntry> entries;
    collectEntries(ast, ast.as<Module>(ast.root()).body(), false, &entries);
    size_t top_level = entries.size();
    for (size_t i = 0; i < top_level; ++i) {
      if (entries[i].kind == kClassSymbol) collectEntries(ast, bodyOf(ast, entries[i].node), true, &entries);
    }
    for (const SymbolEntry& entry : entries) {
      std::string_view name = nameText(ast, entry.name);
      if (!matchesFuzzily(query, name)) continue;
      ++count;
      found[static_cast<size_t>(distanceOf(query, name))].push_back({{"name", std::string(name)}, {"kind", entry.kind}, {"containerName", module->module_name},
                                                {"location", server.locationJson(*module, ast.range(entry.name))}});
    }
  }
  return ranked(found, kMostResults);
}

}  // namespace krait::lsp
