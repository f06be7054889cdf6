// textDocument/prepareCallHierarchy and prepareTypeHierarchy with their steps (LSP 3.17).
#include <algorithm>

#include "lsp/class_tree.h"
#include "lsp/occurrences.h"
#include "lsp/server.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;

// SymbolKind of the protocol.
enum HierarchyKind : int { kModuleItem = 2, kClassItem = 5, kMethodItem = 6, kFunctionItem = 12 };

static Json itemOf(Server& server, const Target& target) {
  const Ast& ast = target.module->ast();
  bool is_whole = target.name.isNone();
  bool is_class = ast.is(target.owner, NodeKind::kClassDef);
  bool is_method = !is_whole && ast.is(ast.parent(target.owner), NodeKind::kClassDef);
  int kind = is_whole ? kModuleItem : is_class ? kClassItem : is_method ? kMethodItem : kFunctionItem;
  Json location = server.locationJson(*target.module, targetRange(target));
  std::string name = is_whole ? target.module->module_name : std::string(nameText(ast, target.name));
  TextRange whole = is_whole ? TextRange{0, 0} : fullRange(ast, target.owner);
  return {{"name", name}, {"kind", kind}, {"uri", location["uri"]}, {"detail", target.module->module_name},
          {"range", server.rangeJson(*target.module, whole)}, {"selectionRange", location["range"]}};
}

// The definition that an item stands for, or a target without a module.
static Target targetOf(Server& server, const Json& item) {
  std::string uri = stringOr(member(item, "uri"));
  SourceModule* module = server.documentOf({{"textDocument", {{"uri", uri}}}});
  if (module == nullptr) module = server.workspace().load(pathOfUri(uri));
  if (module == nullptr) return {};
  if (intOr(member(item, "kind"), 0) == kModuleItem) return {module, NodeId::none(), module->ast().root()};
  NodeId name = nameAt(module->ast(), server.offsetOf(*module, member(member(item, "selectionRange"), "start")));
  if (name.isNone()) return {};
  return {module, name, module->ast().parent(name)};
}

static Json prepare(Server& server, const Json& params, bool (*fits)(NodeKind)) {
  SourceModule* module = server.documentOf(params);
  if (module == nullptr) return nullptr;
  NodeId name = nameAt(module->ast(), server.offsetOf(*module, member(params, "position")));
  if (name.isNone()) return nullptr;
  Json out = Json::array();
  for (const Target& target : definitionTargets(server.workspace(), *module, name)) {
    if (target.name.valid() && fits(target.module->ast().kind(target.owner))) out.push_back(itemOf(server, target));
  }
  return out.empty() ? Json(nullptr) : out;
}

Json prepareCallHierarchy(Server& server, const Json& params) {
  return prepare(server, params, [](NodeKind kind) { return kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef; });
}

Json prepareTypeHierarchy(Server& server, const Json& params) {
  return prepare(server, params, [](NodeKind kind) { return kind == NodeKind::kClassDef; });
}

// The function around a node (or the module), as a target.
static Target functionAround(SourceModule& module, NodeId node) {
  const Ast& ast = module.ast();
  for (NodeId at = ast.parent(node); at.valid(); at = ast.parent(at)) {
    if (auto function = ast.tryAs<FunctionDef>(at)) return {&module, function->name(), at};
  }
  return {&module, NodeId::none(), ast.root()};
}

// Is it called there: by a call, as a decorator, or, as a property, by being read?
static bool isCalled(const Ast& ast, NodeId name, bool is_property) {
  NodeId callee = ast.is(ast.parent(name), NodeKind::kAttribute) ? ast.parent(name) : name;
  if (is_property && callee != name) return true;
  if (auto function = ast.tryAs<FunctionDef>(ast.parent(callee))) {
    return std::find(function->decorators().begin(), function->decorators().end(), callee) != function->decorators().end();
  }
  auto call = ast.tryAs<Call>(ast.parent(callee));
  return call && call->func() == callee;
}

namespace {
struct CallGroup {
  Target other;
  Json ranges = Json::array();
};
}  // namespace

static CallGroup& groupOf(std::vector<CallGroup>& groups, const Target& other) {
  for (CallGroup& group : groups) {
    if (group.other == other) return group;
  }
  groups.push_back({other});
  return groups.back();
}

static Json groupsJson(Server& server, const std::vector<CallGroup>& groups, const char* key) {
  Json out = Json::array();
  for (const CallGroup& group : groups) out.push_back({{key, itemOf(server, group.other)}, {"fromRanges", group.ranges}});
  return out;
}

Json incomingCalls(Server& server, const Json& params) {
  Target target = targetOf(server, member(params, "item"));
  if (target.module == nullptr || target.name.isNone()) return Json::array();
  std::vector<CallGroup> groups;
  bool is_property = isProperty(target.module->ast(), target.owner);
  for (const Occurrence& found : occurrencesOf(server.workspace(), *target.module, target.name, SearchArea::kWorkspace)) {
    NodeId name = nameAt(found.module->ast(), found.range.begin);
    if (name.isNone() || !isCalled(found.module->ast(), name, is_property)) continue;
    groupOf(groups, functionAround(*found.module, name)).ranges.push_back(server.rangeJson(*found.module, found.range));
  }
  return groupsJson(server, groups, "from");
}

Json outgoingCalls(Server& server, const Json& params) {
  Target target = targetOf(server, member(params, "item"));
  if (target.module == nullptr) return Json::array();
  const Ast& ast = target.module->ast();
  std::vector<CallGroup> groups;
  std::vector<NodeId> pending(bodyOf(ast, target.owner).begin(), bodyOf(ast, target.owner).end());
  std::reverse(pending.begin(), pending.end());
  while (!pending.empty()) {
    NodeId node = pending.back();
    pending.pop_back();
    if (auto call = ast.tryAs<Call>(node)) {
      NodeId callee = call->func();
      if (auto attribute = ast.tryAs<Attribute>(callee)) callee = attribute->attr();
      bool is_name = ast.is(callee, NodeKind::kName) || ast.is(callee, NodeKind::kIdentifier);
      for (const Target& other : is_name ? definitionTargets(server.workspace(), *target.module, callee) : std::vector<Target>()) {
        NodeKind kind = other.module->ast().kind(other.owner);
        if (kind != NodeKind::kFunctionDef && kind != NodeKind::kClassDef) continue;
        groupOf(groups, other).ranges.push_back(server.rangeJson(*target.module, ast.range(callee)));
        break;
      }
    }
    std::vector<NodeId> children;
    forEachChild(ast, node, [&](NodeId child) { children.push_back(child); });
    pending.insert(pending.end(), children.rbegin(), children.rend());
  }
  return groupsJson(server, groups, "to");
}

static Json itemsOf(Server& server, const std::vector<Target>& targets) {
  Json out = Json::array();
  for (const Target& target : targets) out.push_back(itemOf(server, target));
  return out;
}

Json supertypes(Server& server, const Json& params) {
  return itemsOf(server, basesOf(server.workspace(), targetOf(server, member(params, "item"))));
}

Json subtypes(Server& server, const Json& params) {
  return itemsOf(server, subclassesOf(server.workspace(), targetOf(server, member(params, "item"))));
}

}  // namespace krait::lsp
