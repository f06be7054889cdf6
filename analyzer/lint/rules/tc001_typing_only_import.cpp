// TC001, TC002, TC003, TC004: imports that only annotations use, and imports under `if TYPE_CHECKING:` that run-time code
// uses. ref: flake8-type-checking
#include <algorithm>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/imports/import_edits.h"
#include "analyzer/lint/imports/import_block.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

static bool isTypingReference(const LintContext& context, const FlowReference& reference) {
  if ((reference.typing & kTypingBlock) != 0) return true;
  return (reference.typing & (kTypingAnnotation | kTypingString)) != 0 && isTypeDefinition(context, reference.node);
}

template <class Test>
static bool anyReference(const NameFlow& flow, const FlowBinding& binding, Test&& test) {
  for (uint32_t at = binding.references; at != kNoBinding; at = flow.references[at].next) {
    if (test(flow.references[at])) return true;
  }
  return false;
}

// The module that importing the name loads: "a" of `import a.b`, "a.b" of `from a.b import c`.
static std::string loadedModule(const Ast& ast, const FlowBinding& binding) {
  std::string name = importedModule(ast, binding.node);
  if (binding.kind != BindKind::kFromImport) return name.substr(0, name.find('.'));
  size_t dot = name.rfind('.');
  return dot == std::string::npos ? std::string() : name.substr(0, dot);
}

static bool isAround(const LintContext& context, ScopeId outer, ScopeId inner) {
  for (ScopeId at = inner; at.valid(); at = context.model[at].parent) {
    if (at == outer) return true;
  }
  return false;
}

static bool isExempt(const LintContext& context, const std::string& name) {
  const std::vector<std::string>* modules = context.options.list("flake8-type-checking.exempt-modules");
  auto isOf = [&](std::string_view module) { return name == module || (name.starts_with(module) && name[module.size()] == '.'); };
  if (isOf("typing_extensions")) return true;
  if (modules == nullptr) return isOf("typing");
  return std::any_of(modules->begin(), modules->end(), isOf);
}

void checkTypingOnlyImports(LintContext& context) {
  if (context.is_stub) return;
  const NameFlow& flow = context.tokens.nameFlow(context);
  std::vector<const FlowBinding*> typing_only, needed;
  for (uint32_t latest : flow.latest) {
    if (latest == kNoBinding) continue;
    const FlowBinding& binding = flow.bindings[latest];
    if (!isImportKind(binding.kind) || !binding.isUsed()) continue;
    bool is_run = anyReference(flow, binding, [&](const FlowReference& reference) { return !isTypingReference(context, reference); });
    if (!binding.is_typing) {
      (is_run ? needed : typing_only).push_back(&binding);
      continue;
    }
    bool runs = anyReference(flow, binding, [](const FlowReference& reference) { return reference.typing == 0; });
    if (runs) context.sink.begin(Rule::kTC004, context.ast.range(binding.node), {importedModule(context.ast, binding.node)});
  }
  bool is_strict = context.options.flag("flake8-type-checking.strict");
  for (const FlowBinding* binding : typing_only) {
    ScopeKind kind = context.model[binding->scope].kind;
    if (kind != ScopeKind::kModule && kind != ScopeKind::kFunction) continue;
    std::string name = importedModule(context.ast, binding->node), module = loadedModule(context.ast, *binding);
    bool is_loaded = !is_strict && std::any_of(needed.begin(), needed.end(), [&](const FlowBinding* other) {
      return isAround(context, other->scope, binding->scope) && loadedModule(context.ast, *other) == module;
    });
    if (is_loaded || isExempt(context, name)) continue;
    auto from = context.ast.tryAs<syntax::ImportFrom>(binding->statement);
    uint32_t level = from ? from->level() : 0;
    Section section = sectionOf(context, from ? std::string(syntax::nameText(context.ast, from->module())) : name, level);
    Rule rule = section == Section::kThirdParty ? Rule::kTC002 : section == Section::kStandardLibrary ? Rule::kTC003 : Rule::kTC001;
    context.sink.begin(rule, context.ast.range(binding->node), {name});
  }
}

}  // namespace krait::lint
