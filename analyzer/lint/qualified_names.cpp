#include "analyzer/lint/qualified_names.h"

#include "analyzer/lint/expressions.h"

#include "analyzer/lint/imports/import_edits.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

bool isOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
  for (std::string_view other : names) {
    if (name == other) return true;
  }
  return false;
}

static std::string importedName(const LintContext& context, const Definition& definition) {
  const Ast& ast = context.ast;
  auto alias = ast.as<syntax::Alias>(definition.owner);
  std::string_view name = syntax::nameText(ast, alias.name());
  if (definition.kind == DefinitionKind::kImport) {
    return std::string(alias.asname().valid() ? name : name.substr(0, name.find('.')));
  }
  auto import = ast.as<syntax::ImportFrom>(ast.parent(definition.owner));
  std::string full(import.level(), '.');
  full += syntax::nameText(ast, import.module());
  if (!full.empty() && full.back() != '.') full += '.';
  full += name;
  return full;
}

// What the Name means where it stands: an import or a builtin, in full.
static std::string resolvedName(const LintContext& context, const NameFlow& flow, NodeId expr) {
  uint32_t id = flow.resolved[expr.value];
  if (id == kNoBinding) return {};
  const FlowBinding& binding = flow.bindings[id];
  switch (binding.kind) {
    case BindKind::kBuiltin: return "builtins." + std::string(syntax::nameText(context.ast, expr));
    case BindKind::kFromImport: return importedModule(context.ast, binding.node);
    case BindKind::kImport: return importedModule(context.ast, binding.node);
    case BindKind::kSubmoduleImport: return std::string(syntax::nameText(context.ast, expr));
    default: return {};
  }
}

static std::string qualifiedOfName(const LintContext& context, NodeId expr) {
  const NameFlow* flow = context.tokens.madeNameFlow();
  bool is_read = context.ast.as<syntax::Name>(expr).context() == syntax::ExprContext::kLoad;
  if (flow != nullptr && is_read) return resolvedName(context, *flow, expr);
  SymbolId owner = context.model.ownerAt(expr);
  if (!owner.valid()) return {};
  std::span<const Definition> definitions = context.model.definitions(owner);
  if (definitions.empty()) {
    NameId name = context.model[owner].name;
    if (!context.builtins.has(name)) return {};
    return "builtins." + std::string(context.ast.name(name));
  }
  for (size_t i = definitions.size(); i-- > 0;) {
    DefinitionKind kind = definitions[i].kind;
    if (kind == DefinitionKind::kImport || kind == DefinitionKind::kImportFrom) {
      return importedName(context, definitions[i]);
    }
    if (kind != DefinitionKind::kDelete) return {};
  }
  return {};
}

// Nothing that a rule knows has more parts. Each attribute of a chain is asked for its name.
static constexpr size_t kMostParts = 64;

std::string qualifiedName(const LintContext& context, NodeId expr) {
  NodeId parts[kMostParts];
  size_t count = 0;
  while (auto attribute = context.ast.tryAs<syntax::Attribute>(expr)) {
    if (count == kMostParts) return {};
    parts[count++] = attribute->attr();
    expr = attribute->value();
  }
  if (!context.ast.is(expr, NodeKind::kName)) return {};
  std::string name = qualifiedOfName(context, expr);
  if (name.empty()) return {};
  while (count > 0) {
    name += '.';
    name += syntax::nameText(context.ast, parts[--count]);
  }
  return name;
}

bool isBuiltin(const LintContext& context, NodeId expr, std::string_view name) {
  if (context.tokens.mentionsBuiltins()) {
    constexpr std::string_view kModule = "builtins.";
    std::string full = qualifiedName(context, expr);
    return full.starts_with(kModule) && full.substr(kModule.size()) == name;
  }
  if (!context.ast.is(expr, NodeKind::kName) || syntax::nameText(context.ast, expr) != name) return false;
  const NameFlow* flow = context.tokens.madeNameFlow();
  if (flow != nullptr && context.ast.as<syntax::Name>(expr).context() == syntax::ExprContext::kLoad) {
    uint32_t id = flow->resolved[expr.value];
    return id != kNoBinding && flow->bindings[id].kind == BindKind::kBuiltin;
  }
  SymbolId owner = context.model.ownerAt(expr);
  return owner.valid() && context.model.definitions(owner).empty();
}

bool asksPlatform(const LintContext& context, NodeId expr) {
  return anyOver(context.ast, expr, [&](NodeId node) {
    bool is_name = context.ast.is(node, NodeKind::kAttribute) || context.ast.is(node, NodeKind::kName);
    return is_name && isOneOf(qualifiedName(context, node), {"sys.version_info", "sys.platform"});
  });
}

}  // namespace krait::lint
