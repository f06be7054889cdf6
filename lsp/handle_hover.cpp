// textDocument/hover and textDocument/signatureHelp (LSP 3.17).
#include <algorithm>

#include "lsp/locate.h"
#include "lsp/render_signature.h"
#include "lsp/server.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;

// Do the targets say less than the checker's type would: no function, class or module?
static bool isVariable(const std::vector<Target>& targets) {
  for (const Target& target : targets) {
    NodeKind kind = target.module->ast().kind(target.owner);
    if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef || kind == NodeKind::kModule) return false;
  }
  return true;
}

Json hover(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  if (module == nullptr) return nullptr;
  NodeId name = nameAt(module->ast(), server.offsetOf(*module, member(params, "position")));
  if (name.isNone()) return nullptr;
  // For an attribute the type of what stands before the dot decides; where that is not known, names do.
  std::vector<Target> targets = definitionTargets(server.workspace(), *module, name);
  std::string code;
  std::string type = isVariable(targets) ? typeTextAt(server.workspace(), *module, name) : "";
  if (targets.empty() && type.empty()) return nullptr;
  if (!type.empty()) {
    code = std::string(nameText(module->ast(), name)) + ": " + type;
    if (type.starts_with("def ")) code = type;
    targets.resize(std::min<size_t>(targets.size(), 1));
  }
  size_t shown = 0;
  for (const Target& target : targets) {
    if (!type.empty() || shown++ == 5) break;  // overloads: the first few tell the story
    code += (code.empty() ? "" : "\n") + renderDefinition(target);
  }
  std::string documentation;
  for (const Target& target : targets) {
    documentation = docstringText(target.module->ast(), target.owner);
    if (!documentation.empty()) break;
  }
  std::string value = server.features.markdown ? "```python\n" + code + "\n```" : code;
  if (!documentation.empty()) value += (server.features.markdown ? "\n---\n" : "\n\n") + documentation;
  return {{"contents", {{"kind", server.features.markdown ? "markdown" : "plaintext"}, {"value", value}}},
          {"range", server.rangeJson(*module, module->ast().range(name))}};
}

// The innermost call whose parentheses hold `offset`, or none.
static NodeId callAt(const Ast& ast, uint32_t offset) {
  NodeId found;
  for (NodeId node : nodesAt(ast, offset)) {
    auto call = ast.tryAs<Call>(node);
    if (call && ast.range(call->func()).end < offset && offset <= ast.range(node).end) {
      bool is_after = offset == ast.range(node).end && ast.text()[offset - 1] == ')';
      if (!is_after) found = node;
    }
  }
  return found;
}

// The index of the active parameter: by name for a keyword argument, else by the commas before the place.
static size_t activeParameter(const Ast& ast, Call call, uint32_t offset, const RenderedSignature& signature) {
  size_t index = 0;
  for (NodeId argument : call.args()) {
    TextRange range = ast.range(argument);
    auto keyword = ast.tryAs<Keyword>(argument);
    if (range.begin <= offset && offset <= range.end && keyword && keyword->arg().valid()) {
      for (size_t i = 0; i < signature.names.size(); ++i) {
        if (signature.names[i] == nameText(ast, keyword->arg())) return i;
      }
    }
    if (range.end < offset && ast.text().substr(range.end, offset - range.end).find(',') != std::string_view::npos) ++index;
  }
  return index;
}

Json signatureHelp(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  if (module == nullptr) return nullptr;
  const Ast& ast = module->ast();
  uint32_t offset = server.offsetOf(*module, member(params, "position"));
  NodeId node = callAt(ast, offset);
  if (node.isNone()) return nullptr;
  Call call = ast.as<Call>(node);
  NodeId callee = call.func();
  if (auto attribute = ast.tryAs<Attribute>(callee)) callee = attribute->attr();
  if (!ast.is(callee, NodeKind::kName) && !ast.is(callee, NodeKind::kIdentifier)) return nullptr;
  Json signatures = Json::array();
  size_t active = 0;
  std::vector<Target> callees = definitionTargets(server.workspace(), *module, callee);
  for (Target target : callees) {
    SelfParameter self = SelfParameter::kShown;
    if (target.module->ast().is(target.owner, NodeKind::kClassDef)) {
      std::vector<Target> init = classMember(server.workspace(), target, "__init__");
      if (init.empty()) continue;
      target = init[0];
      self = SelfParameter::kHidden;
    } else if (ast.is(call.func(), NodeKind::kAttribute) && target.module->ast().is(target.module->ast().parent(target.owner), NodeKind::kClassDef)) {
      self = SelfParameter::kHidden;
    }
    if (!target.module->ast().is(target.owner, NodeKind::kFunctionDef)) continue;
    RenderedSignature rendered = renderSignature(target.module->ast(), target.owner, self);
    if (signatures.empty()) active = activeParameter(ast, call, offset, rendered);
    Json parameters = Json::array();
    for (TextRange range : rendered.parameters) {
      std::string_view before = std::string_view(rendered.label).substr(0, range.begin);
      std::string_view through = std::string_view(rendered.label).substr(0, range.end);
      parameters.push_back({{"label", {countUnits(before, ColumnUnit::kUtf16), countUnits(through, ColumnUnit::kUtf16)}}});
    }
    Json signature = {{"label", rendered.label}, {"parameters", std::move(parameters)}};
    std::string documentation = docstringText(target.module->ast(), target.owner);
    if (!documentation.empty()) signature["documentation"] = documentation;
    signatures.push_back(std::move(signature));
  }
  if (signatures.empty()) return nullptr;
  return {{"signatures", std::move(signatures)}, {"activeSignature", 0}, {"activeParameter", active}};
}

}  // namespace krait::lsp
