// F811: a name that is bound again before anything used it. ref: pyflakes RedefinedWhileUnused
#include <algorithm>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/imports/import_edits.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

// Does the younger binding take the older one's place? Imports of submodules share a name, and values may change.
static bool redefines(const Ast& ast, const FlowBinding& binding, const FlowBinding& existing) {
  auto isSame = [&] { return importedModule(ast, binding.node) == importedModule(ast, existing.node); };
  bool is_import = binding.kind == BindKind::kImport || binding.kind == BindKind::kFromImport;
  if (is_import && existing.kind == BindKind::kSubmoduleImport) return isSame();
  switch (binding.kind) {
    case BindKind::kSubmoduleImport: return isImportKind(existing.kind) && isSame();
    case BindKind::kDeletion:
    case BindKind::kConditionalDeletion:
    case BindKind::kAnnotation:
    case BindKind::kFutureImport:
    case BindKind::kBuiltin:
    case BindKind::kGlobal:
    case BindKind::kNonlocal:
    case BindKind::kUnboundException:
    case BindKind::kLoopVar: return false;  // F402 speaks of loop variables
    case BindKind::kAssignment:
    case BindKind::kNamedExpr:
      if (existing.kind == BindKind::kAssignment || existing.kind == BindKind::kNamedExpr) return false;
      break;
    default: break;
  }
  return existing.kind == BindKind::kClass || existing.kind == BindKind::kFunction || existing.kind == BindKind::kImport ||
         existing.kind == BindKind::kFromImport || existing.kind == BindKind::kAssignment || existing.kind == BindKind::kNamedExpr;
}

static bool isSameImport(const Ast& ast, const FlowBinding& binding, const FlowBinding& existing) {
  return isImportKind(binding.kind) && isImportKind(existing.kind) && importedModule(ast, binding.node) == importedModule(ast, existing.node);
}

// Does an `if TYPE_CHECKING:` beside the older import bring in the same once more?
static bool repeatsForTyping(const LintContext& context, const FlowBinding& binding, const FlowBinding& existing) {
  const Ast& ast = context.ast;
  if (!isSameImport(ast, binding, existing)) return false;
  const NameFlow& flow = context.tokens.nameFlow(context);
  NodeId statement = binding.statement;
  uint32_t branch = binding.branch;
  while (isTypingBlock(context, ast.parent(statement))) {
    auto block = ast.as<syntax::If>(ast.parent(statement));
    if (blockOf(ast, statement)[0] != block.body()[0]) return false;
    branch = flow.branches[branch];
    if (branch == existing.branch) return true;
    statement = block.id;
  }
  return false;
}

struct Redefinition {
  const FlowBinding* binding;
  const FlowBinding* existing;
};

// What one statement binds again: imports of what is imported already go together.
static void report(LintContext& context, std::span<const Redefinition> found) {
  const Ast& ast = context.ast;
  NodeId statement = found[0].binding->statement;
  std::vector<NodeId> repeated;
  for (auto [binding, existing] : found) {
    if (isSameImport(ast, *binding, *existing)) repeated.push_back(ast.parent(binding->node));
  }
  std::optional<FixEdit> edit;
  if (!repeated.empty()) edit = withoutAliases(context, statement, repeated);
  for (auto [binding, existing] : found) {
    std::string name(context.model.nameOf(binding->symbol));
    if (binding->kind == BindKind::kSubmoduleImport) name = importedModule(ast, binding->node);
    uint32_t line = context.file.lines.lineOf(ast.range(existing->node).begin) + 1;
    auto finding = context.sink.begin("F811"_rule, ast.range(binding->node), {name, std::to_string(line), name});
    if (statement.valid() && isImportKind(binding->kind)) finding.origin(ast.range(statement));
    if (edit) finding.fix("Remove definition: `" + name + "`", {*edit});
  }
}

static bool isReported(const LintContext& context, const FlowBinding& binding, const FlowBinding& existing, bool is_same_scope) {
  if (existing.isUsed() || !existing.node.valid() || !redefines(context.ast, binding, existing)) return false;
  bool is_import = isImportKind(existing.kind) || existing.kind == BindKind::kFutureImport;
  if (is_same_scope) {
    if (!is_import && isDummy(context, context.model.nameOf(binding.symbol))) return false;
    if (existing.kind == BindKind::kFunction && hasTypingDecorator(context, existing.statement, "overload")) return false;
  } else if (!is_import) {
    return false;
  }
  bool runs_together = binding.branch == existing.branch;
  return runs_together || (is_same_scope && context.options.preview && repeatsForTyping(context, binding, existing));
}

void checkRedefinitions(LintContext& context) {
  const NameFlow& flow = context.tokens.nameFlow(context);
  std::vector<Redefinition> found;
  auto compare = [&](const FlowBinding& binding, uint32_t existing, bool is_same_scope) {
    if (existing == kNoBinding || !isReported(context, binding, flow.bindings[existing], is_same_scope)) return;
    found.push_back({&binding, &flow.bindings[existing]});
  };
  for (uint32_t latest : flow.latest) {
    for (uint32_t at = latest; at != kNoBinding; at = flow.bindings[at].shadowed) {
      compare(flow.bindings[at], flow.bindings[at].outer, false);
      compare(flow.bindings[at], flow.bindings[at].shadowed, true);
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const Redefinition& a, const Redefinition& b) {
    return a.binding->statement < b.binding->statement;
  });
  for (size_t i = 0, end; i < found.size(); i = end) {
    for (end = i + 1; end < found.size() && found[i].binding->statement.valid() && found[end].binding->statement == found[i].binding->statement; ++end) {
    }
    report(context, std::span(found).subspan(i, end - i));
  }
}

}  // namespace krait::lint
