// textDocument/hover (LSP 3.17).
#include <algorithm>

#include "lsp/quoted_names.h"
#include "lsp/render_signature.h"
#include "lsp/server.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;

// Of overloads the first few tell the story.
static constexpr size_t kMostOverloads = 5;

// Do the targets say less than the checker's type would: no function, class or module?
static bool isVariable(const std::vector<Target>& targets) {
  for (const Target& target : targets) {
    NodeKind kind = target.module->ast().kind(target.owner);
    if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef || kind == NodeKind::kModule) return false;
  }
  return true;
}

// `x = value` where x may hold several types: from there on it has the value's.
static std::string assignedTypeText(Workspace& workspace, SourceModule& module, NodeId name) {
  auto assign = module.ast().tryAs<Assign>(module.ast().parent(name));
  if (!assign || std::find(assign->targets().begin(), assign->targets().end(), name) == assign->targets().end()) return "";
  return typeTextAt(workspace, module, assign->value());
}

static std::string variableTypeText(Workspace& workspace, SourceModule& module, NodeId name) {
  std::string type = typeTextAt(workspace, module, name);
  if (type.find(" | ") == std::string::npos) return type;
  std::string assigned = assignedTypeText(workspace, module, name);
  return assigned.empty() || assigned == "Any" ? type : assigned;
}

// How objects of the class are made, as a line behind it; "" where nobody wrote or knows that.
static std::string constructorText(Workspace& workspace, SourceModule& module, NodeId name, const Target& target) {
  if (!target.module->ast().is(target.owner, NodeKind::kClassDef)) return "";
  std::string out;
  size_t shown = 0;
  for (const Target& init : classMember(workspace, target, "__init__")) {
    bool is_function = init.module->ast().is(init.owner, NodeKind::kFunctionDef);
    if (is_function && shown++ < kMostOverloads) out += "\n    " + renderDefinition(init);
  }
  if (!out.empty() || name.isNone()) return out;
  std::string type = typeTextAt(workspace, module, name);
  return type.starts_with("def ") && type.find("()") == std::string::npos ? "\n    " + type : "";
}

Json hover(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  if (module == nullptr) return nullptr;
  uint32_t offset = server.offsetOf(*module, member(params, "position"));
  NodeId name = nameAt(module->ast(), offset);
  std::optional<QuotedName> quoted = name.isNone() ? quotedNameAt(module->ast(), offset) : std::nullopt;
  if (name.isNone() && !quoted) return nullptr;
  // For an attribute the type of what stands before the dot decides; where that is not known, names do.
  std::vector<Target> targets = quoted ? nameTargets(server.workspace(), *module, offset, quoted->word) : definitionTargets(server.workspace(), *module, name);
  std::string code;
  std::string type = !quoted && isVariable(targets) ? variableTypeText(server.workspace(), *module, name) : "";
  if (targets.empty() && type.empty()) return nullptr;
  if (!type.empty()) {
    code = std::string(nameText(module->ast(), name)) + ": " + type;
    if (type.starts_with("def ")) code = type;
    targets.resize(std::min<size_t>(targets.size(), 1));
  }
  size_t shown = 0;
  for (const Target& target : targets) {
    if (!type.empty() || shown++ == kMostOverloads) break;
    code += (code.empty() ? "" : "\n") + renderDefinition(target) + constructorText(server.workspace(), *module, name, target);
  }
  std::string documentation;
  for (const Target& target : targets) {
    documentation = docstringText(target.module->ast(), target.owner);
    if (!documentation.empty()) break;
  }
  std::string value = server.features.markdown ? "```python\n" + code + "\n```" : code;
  if (!documentation.empty()) value += (server.features.markdown ? "\n---\n" + docstringMarkdown(documentation) : "\n\n" + documentation);
  return {{"contents", {{"kind", server.features.markdown ? "markdown" : "plaintext"}, {"value", value}}},
          {"range", server.rangeJson(*module, quoted ? quoted->range : module->ast().range(name))}};
}

}  // namespace krait::lsp
