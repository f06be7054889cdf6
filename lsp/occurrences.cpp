#include "lsp/occurrences.h"

#include <algorithm>

namespace krait::lsp {

using namespace krait::syntax;
using semantic::Definition;
using semantic::SemanticModel;
using semantic::SymbolId;

// Is the name visible outside its file: bound at module level, in a class, or an attribute?
static bool isVisibleOutside(const Target& target) {
  const SemanticModel& model = target.module->model();
  if (target.name.isNone()) return true;
  SymbolId symbol = model.ownerAt(target.name);
  if (symbol.isNone()) return true;
  semantic::ScopeKind kind = model[model[symbol].scope].kind;
  return kind == semantic::ScopeKind::kModule || kind == semantic::ScopeKind::kClass;
}

static void addLocal(SourceModule& module, SymbolId owner, std::vector<Occurrence>* out) {
  const SemanticModel& model = module.model();
  for (const Definition& definition : model.definitions(owner)) out->push_back({&module, module.ast().range(definition.node), true});
  for (const semantic::Reference& reference : model.references(owner)) {
    out->push_back({&module, module.ast().range(reference.node), false});
  }
}

// The last part of a dotted identifier, where the name itself stands.
static TextRange lastPart(SourceModule& module, NodeId name) {
  TextRange range = module.ast().range(name);
  size_t dot = module.ast().text(range).rfind('.');
  if (dot != std::string_view::npos) range.begin += static_cast<uint32_t>(dot) + 1;
  return range;
}

static void searchModule(Workspace& workspace, SourceModule& module, const std::vector<Target>& targets, std::string_view text,
                         std::vector<Occurrence>* out) {
  if (module.text().find(text) == std::string_view::npos) return;
  const Ast& ast = module.ast();
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    NodeKind kind = ast.kind(node);
    if ((kind != NodeKind::kName && kind != NodeKind::kIdentifier) || ast.parent(node).isNone()) continue;
    if (nameText(ast, node) != text) continue;
    for (const Target& found : targetsOf(workspace, module, node, FollowImports::kYes)) {
      if (std::find(targets.begin(), targets.end(), found) == targets.end()) continue;
      bool is_write = found.module == &module && found.name == node;
      out->push_back({&module, lastPart(module, node), is_write});
      break;
    }
  }
}

std::vector<Occurrence> occurrencesOf(Workspace& workspace, SourceModule& module, NodeId name, SearchArea area) {
  std::vector<Occurrence> out;
  std::vector<Target> targets = targetsOf(workspace, module, name, FollowImports::kYes);
  std::string text(nameText(module.ast(), name));
  if (size_t dot = text.rfind('.'); dot != std::string::npos) text = text.substr(dot + 1);
  SymbolId owner = module.model().ownerAt(name);
  bool is_local = owner.valid() && !targets.empty() &&
                  std::all_of(targets.begin(), targets.end(), [&](const Target& t) { return t.module == &module && !isVisibleOutside(t); });
  // A parameter's name is also written where the function is called.
  bool is_parameter = std::any_of(targets.begin(), targets.end(), [](const Target& target) {
    return target.module->ast().is(target.owner, NodeKind::kParameter);
  });
  if (is_local && !is_parameter) {
    addLocal(module, owner, &out);
  } else if (!targets.empty()) {
    searchModule(workspace, module, targets, text, &out);
    if (area == SearchArea::kWorkspace) {
      for (const std::string& path : workspace.projectFiles()) {
        SourceModule* other = workspace.load(path);
        if (other != nullptr && other != &module) searchModule(workspace, *other, targets, text, &out);
      }
      for (const Target& target : targets) {
        bool is_listed = std::any_of(out.begin(), out.end(), [&](const Occurrence& o) { return o.module == target.module; });
        if (!is_listed && target.name.valid()) out.push_back({target.module, target.module->ast().range(target.name), true});
      }
    }
  } else if (owner.valid()) {
    addLocal(module, owner, &out);
  }
  auto before = [](const Occurrence& a, const Occurrence& b) {
    return a.module != b.module ? a.module->path() < b.module->path() : a.range.begin < b.range.begin;
  };
  std::stable_sort(out.begin(), out.end(), before);
  auto same = [](const Occurrence& a, const Occurrence& b) { return a.module == b.module && a.range == b.range; };
  out.erase(std::unique(out.begin(), out.end(), same), out.end());
  return out;
}

}  // namespace krait::lsp
