// textDocument/definition, declaration, references, documentHighlight, prepareRename, rename (LSP 3.17).
#include "analyzer/config/discovery.h"
#include "analyzer/syntax/keywords.h"
#include "lsp/occurrences.h"
#include "lsp/server.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;

namespace {
struct Place {
  SourceModule* module = nullptr;
  NodeId name;
  bool valid() const { return name.valid(); }
};
constexpr int kInvalidParams = -32602;
}  // namespace

static Place placeOf(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  if (module == nullptr) return {};
  return {module, nameAt(module->ast(), server.offsetOf(*module, member(params, "position")))};
}

Json definition(Server& server, const Json& params) {
  Place place = placeOf(server, params);
  Json out = Json::array();
  if (!place.valid()) return out;
  std::vector<Target> targets = targetsByType(server.workspace(), *place.module, place.name);
  if (targets.empty()) targets = targetsOf(server.workspace(), *place.module, place.name, FollowImports::kYes);
  for (const Target& target : targets) {
    out.push_back(server.locationJson(*target.module, targetRange(target)));
  }
  return out;
}

Json typeDefinition(Server& server, const Json& params) {
  Place place = placeOf(server, params);
  Json out = Json::array();
  if (!place.valid()) return out;
  for (const Target& target : typeTargets(server.workspace(), *place.module, place.name)) {
    out.push_back(server.locationJson(*target.module, targetRange(target)));
  }
  return out;
}

Json references(Server& server, const Json& params) {
  Place place = placeOf(server, params);
  Json out = Json::array();
  if (!place.valid()) return out;
  bool includes_declaration = boolOr(member(member(params, "context"), "includeDeclaration"), true);
  for (const Occurrence& found : occurrencesOf(server.workspace(), *place.module, place.name, SearchArea::kWorkspace)) {
    if (includes_declaration || !found.is_write) out.push_back(server.locationJson(*found.module, found.range));
  }
  return out;
}

Json documentHighlight(Server& server, const Json& params) {
  Place place = placeOf(server, params);
  Json out = Json::array();
  if (!place.valid()) return out;
  for (const Occurrence& found : occurrencesOf(server.workspace(), *place.module, place.name, SearchArea::kDocument)) {
    if (found.module != place.module) continue;
    out.push_back({{"range", server.rangeJson(*found.module, found.range)}, {"kind", found.is_write ? 3 : 2}});
  }
  return out;
}

// What a name refers to must lie in the workspace, or renaming would change other people's files.
static bool isRenameable(Server& server, const Place& place) {
  std::vector<Target> targets = targetsOf(server.workspace(), *place.module, place.name, FollowImports::kYes);
  if (targets.empty()) return false;
  for (const Target& target : targets) {
    bool is_ours = target.module->is_open;
    for (const std::string& root : server.workspace().roots()) is_ours |= target.module->path().starts_with(root + "/");
    if (!is_ours || target.name.isNone()) return false;
  }
  return true;
}

Json prepareRename(Server& server, const Json& params) {
  Place place = placeOf(server, params);
  if (!place.valid() || !isRenameable(server, place)) return nullptr;
  return {{"range", server.rangeJson(*place.module, place.module->ast().range(place.name))},
          {"placeholder", std::string(nameText(place.module->ast(), place.name))}};
}

Json rename(Server& server, const Json& params) {
  Place place = placeOf(server, params);
  std::string new_name = stringOr(member(params, "newName"));
  if (!place.valid()) return nullptr;
  if (!config::isIdentifier(new_name) || isKeyword(new_name)) {
    server.error = {kInvalidParams, "\"" + new_name + "\" is not a name that Python allows"};
    return nullptr;
  }
  if (!isRenameable(server, place)) {
    server.error = {kInvalidParams, "what this name means lies outside the workspace"};
    return nullptr;
  }
  Json changes = Json::object();
  for (const Occurrence& found : occurrencesOf(server.workspace(), *place.module, place.name, SearchArea::kWorkspace)) {
    changes[found.module->uri].push_back({{"range", server.rangeJson(*found.module, found.range)}, {"newText", new_name}});
  }
  return {{"changes", std::move(changes)}};
}

}  // namespace krait::lsp
