// textDocument/definition, declaration, references, documentHighlight, prepareRename, rename (LSP 3.17).
#include <algorithm>

#include "analyzer/config/discovery.h"
#include "analyzer/syntax/keywords.h"
#include "lsp/class_tree.h"
#include "lsp/module_parts.h"
#include "lsp/named_strings.h"
#include "lsp/occurrences.h"
#include "lsp/pytest_fixtures.h"
#include "lsp/quoted_names.h"
#include "lsp/server.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;

namespace {
// A name that a request points at; for a name in a string the definition that it means.
struct Place {
  SourceModule* module = nullptr;
  NodeId name;
  SourceModule* shown = nullptr;  // where the request points
  TextRange range;
  std::vector<Target> modules = {};  // what a name in a string means, where that is whole modules
  Target field = {};                 // … and where it stands in a string itself
  bool valid() const { return name.valid(); }
};
}  // namespace

static Place placeOf(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  if (module == nullptr) return {};
  uint32_t offset = server.offsetOf(*module, member(params, "position"));
  NodeId name = nameAt(module->ast(), offset);
  if (name.valid()) return {module, name, module, module->ast().range(name)};
  std::vector<Target> targets;
  TextRange range;
  if (std::optional<QuotedName> quoted = quotedNameAt(module->ast(), offset)) {
    targets = quotedTargets(server.workspace(), *module, *quoted);
    range = quoted->range;
  } else if (std::optional<NamedString> string = namedStringAt(*module, offset)) {
    targets = stringTargets(server.workspace(), *module, *string);
    range = string->range;
  }
  for (const Target& target : targets) {
    if (target.part.size() > 0) return {target.module, target.name, module, range, {}, target};
    if (target.name.valid()) return {target.module, target.name, module, range};
  }
  return {.shown = module, .range = range, .modules = std::move(targets)};
}

// The answer to a "go to" request: Locations, or LocationLinks for clients that know them.
static Json placesJson(Server& server, const Place& from, const std::vector<Target>& targets) {
  Json out = Json::array();
  for (const Target& target : targets) {
    Json location = server.locationJson(*target.module, targetRange(target));
    if (!server.features.location_links) {
      out.push_back(std::move(location));
      continue;
    }
    TextRange whole = target.owner.valid() && target.name.valid() ? fullRange(target.module->ast(), target.owner) : targetRange(target);
    out.push_back({{"originSelectionRange", server.rangeJson(*from.shown, from.range)},
                   {"targetUri", location["uri"]},
                   {"targetRange", server.rangeJson(*target.module, whole)},
                   {"targetSelectionRange", location["range"]}});
  }
  return out;
}

using FindTargets = std::vector<Target> (*)(Workspace&, SourceModule&, NodeId);

// Where the place is a part of a module's name and not the last: that package. Null: it is no such place.
static SourceModule* packageOf(Server& server, const Json& params, const Place& place) {
  if (place.shown != place.module) return nullptr;
  return packageAt(server.workspace(), *place.module, place.name, server.offsetOf(*place.shown, member(params, "position")));
}

static Json goTo(Server& server, const Json& params, FindTargets find) {
  Place place = placeOf(server, params);
  if (!place.valid()) return placesJson(server, place, place.modules);
  if (place.field.module != nullptr) return placesJson(server, place, {place.field});
  SourceModule* package = packageOf(server, params, place);
  if (package != nullptr) return placesJson(server, place, {{package, NodeId::none(), package->ast().root()}});
  return placesJson(server, place, find(server.workspace(), *place.module, place.name));
}

// `object.name = value` calls what writes the property.
static void turnToWriter(Target& target, ExprContext context) {
  const Ast& ast = target.module->ast();
  Target cls = isProperty(ast, target.owner) ? classAround(target) : Target();
  if (cls.module == nullptr) return;
  std::string_view wanted = context == ExprContext::kStore ? ".setter" : ".deleter";
  for (const Target& one : ownMember(cls, nameText(ast, target.name))) {
    auto function = one.module->ast().tryAs<FunctionDef>(one.owner);
    if (!function) continue;
    for (NodeId decorator : function->decorators()) {
      if (one.module->ast().text(decorator).ends_with(wanted)) target = one;
    }
  }
}

Json definition(Server& server, const Json& params) {
  return goTo(server, params, [](Workspace& workspace, SourceModule& module, NodeId name) {
    Target fixture = fixtureOf(workspace, module, module.ast().parent(name));
    if (fixture.module != nullptr) return std::vector<Target>{fixture};
    std::vector<Target> targets = throughStubs(workspace, definitionTargets(workspace, module, name));
    auto attribute = module.ast().tryAs<Attribute>(module.ast().parent(name));
    if (attribute && attribute->attr() == name && attribute->context() != ExprContext::kLoad) {
      for (Target& target : targets) turnToWriter(target, attribute->context());
    }
    // What implements overloads is what the reader looks for.
    bool has_code = std::any_of(targets.begin(), targets.end(), [](const Target& one) { return !isOverload(one); });
    if (has_code) std::erase_if(targets, isOverload);
    return targets;
  });
}

Json declaration(Server& server, const Json& params) { return goTo(server, params, definitionTargets); }

// Classes, modules and functions are their own types; of values the class counts.
Json typeDefinition(Server& server, const Json& params) {
  return goTo(server, params, [](Workspace& workspace, SourceModule& module, NodeId name) {
    std::vector<Target> targets = definitionTargets(workspace, module, name);
    bool is_own = !targets.empty() && std::all_of(targets.begin(), targets.end(), [](const Target& target) {
      NodeKind kind = target.module->ast().kind(target.owner);
      return kind == NodeKind::kClassDef || kind == NodeKind::kModule || (kind == NodeKind::kFunctionDef && !isProperty(target.module->ast(), target.owner));
    });
    if (is_own) return targets;
    std::vector<Target> types = typeTargets(workspace, module, name);
    // A keyword argument, a key: the parameter or field that it gives a value to knows.
    for (const Target& target : types.empty() ? targets : std::vector<Target>()) {
      bool is_declared = target.module->ast().is(target.owner, NodeKind::kParameter) || target.module->ast().is(target.owner, NodeKind::kAnnAssign);
      std::vector<Target> more = is_declared ? typeTargets(workspace, *target.module, target.name) : std::vector<Target>();
      // A TypedDict's fields are nobody's variables.
      auto field = target.module->ast().tryAs<AnnAssign>(target.owner);
      if (more.empty() && field) more = valueTargets(workspace, *target.module, field->annotation());
      types.insert(types.end(), more.begin(), more.end());
    }
    // Special forms of typing have no class that anybody would look for.
    return types.empty() ? targets : types;
  });
}

Json implementation(Server& server, const Json& params) { return goTo(server, params, implementationTargets); }

// The places of what stands at a place, which may be a whole module in a string.
static std::vector<Occurrence> occurrencesAt(Server& server, const Json& params, const Place& place, SearchArea area) {
  if (place.field.module != nullptr) return fieldOccurrences(server.workspace(), place.field, area, *place.shown);
  if (place.valid()) return occurrencesOf(server.workspace(), *place.module, place.name, area, packageOf(server, params, place), place.shown);
  if (place.modules.empty()) return {};
  return occurrencesOf(server.workspace(), *place.shown, NodeId::none(), area, place.modules[0].module, place.shown);
}

Json references(Server& server, const Json& params) {
  Place place = placeOf(server, params);
  Json out = Json::array();
  bool includes_declaration = boolOr(member(member(params, "context"), "includeDeclaration"), true);
  const SourceModule* last = nullptr;
  for (const Occurrence& found : occurrencesAt(server, params, place, SearchArea::kWorkspace)) {
    if (!includes_declaration && found.is_write) continue;
    // Each file's places as one part, where the client takes parts.
    bool is_next_file = last != nullptr && last != found.module;
    if (is_next_file && server.sendPartial(params, out)) out = Json::array();
    last = found.module;
    out.push_back(server.locationJson(*found.module, found.range));
  }
  if (!out.empty() && server.sendPartial(params, out)) out = Json::array();
  return out;
}

// Is the name there given a value: assigned, deleted, defined, imported?
static bool isWritten(SourceModule& module, uint32_t offset) {
  const Ast& ast = module.ast();
  NodeId name = nameAt(ast, offset);
  if (name.isNone()) return false;
  if (auto plain = ast.tryAs<Name>(name)) return plain->context() != ExprContext::kLoad;
  NodeId parent = ast.parent(name);
  if (auto attribute = ast.tryAs<Attribute>(parent)) return attribute->context() != ExprContext::kLoad;
  switch (ast.kind(parent)) {
    case NodeKind::kKeyword: case NodeKind::kImportFrom: case NodeKind::kMatchClass: return false;
    case NodeKind::kGlobal: case NodeKind::kNonlocal: return false;
    case NodeKind::kAlias: return !ast.as<Alias>(parent).asname().valid() || ast.as<Alias>(parent).asname() == name;
    default: return true;
  }
}

Json documentHighlight(Server& server, const Json& params) {
  Place place = placeOf(server, params);
  Json out = Json::array();
  for (const Occurrence& found : occurrencesAt(server, params, place, SearchArea::kDocument)) {
    if (found.module != place.shown) continue;
    out.push_back({{"range", server.rangeJson(*found.module, found.range)}, {"kind", found.is_write || isWritten(*found.module, found.range.begin) ? 3 : 2}});
  }
  return out;
}

// What a name refers to must lie in the workspace, or renaming would change other people's files.
static bool isRenameable(Server& server, const Place& place) {
  if (place.field.module != nullptr) return server.workspace().isOwn(*place.field.module);
  if (isImportAlias(*place.module, place.name)) return server.workspace().isOwn(*place.module);
  std::vector<Target> targets = definitionTargets(server.workspace(), *place.module, place.name);
  return !targets.empty() && std::all_of(targets.begin(), targets.end(), [&](const Target& target) {
    Target fixture = target.name.valid() ? fixtureOf(server.workspace(), *target.module, target.owner) : Target();
    // A parameter of another name would get no value.
    if (fixture.module != nullptr && (!server.workspace().isOwn(*fixture.module) || targetName(fixture) != targetName(target))) return false;
    return target.name.valid() && server.workspace().isOwn(*target.module);
  });
}

Json prepareRename(Server& server, const Json& params) {
  Place place = placeOf(server, params);
  if (!place.valid() || !isRenameable(server, place)) return nullptr;
  return {{"range", server.rangeJson(*place.shown, place.range)}, {"placeholder", std::string(place.shown->ast().text(place.range))}};
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
  std::vector<Edit> edits;
  std::vector<Occurrence> all = place.field.module != nullptr ? fieldOccurrences(server.workspace(), place.field, SearchArea::kFamily, *place.shown)
                                : isImportAlias(*place.module, place.name) ? aliasOccurrences(server.workspace(), *place.module, place.name)
                                                                         : occurrencesOf(server.workspace(), *place.module, place.name, SearchArea::kFamily);
  for (const Occurrence& found : all) {
    if (server.workspace().isOwn(*found.module)) edits.push_back({found.module, found.range, new_name});
  }
  return server.workspaceEdit(edits);
}

}  // namespace krait::lsp
