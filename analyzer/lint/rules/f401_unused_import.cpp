// F401: an import that nothing in the file uses. ref: pyflakes UnusedImport
#include <algorithm>

#include "analyzer/lint/imports/import_block.h"
#include "analyzer/lint/imports/import_edits.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

// `import x as x` and `from m import x as x` say that the name is meant for others.
static bool isRedundantAlias(const Ast& ast, NodeId owner) {
  syntax::Alias alias = ast.as<syntax::Alias>(owner);
  return alias.asname().valid() && syntax::nameText(ast, alias.asname()) == syntax::nameText(ast, alias.name());
}

// `try: import x` with a handler for the failure: the import asks whether the module is there.
static bool isAvailabilityProbe(const Ast& ast, NodeId alias) {
  for (NodeId child = ast.parent(alias), parent = ast.parent(child); parent.valid(); child = parent, parent = ast.parent(parent)) {
    auto statement = ast.tryAs<syntax::Try>(parent);
    if (!statement || std::find(statement->body().begin(), statement->body().end(), child) == statement->body().end()) continue;
    for (NodeId id : statement->handlers()) {
      NodeId type = ast.as<syntax::ExceptHandler>(id).type();
      if (!type.valid()) continue;
      auto names = [&](NodeId node) {
        std::string_view name = syntax::nameText(ast, node);
        return name == "ImportError" || name == "ModuleNotFoundError";
      };
      bool is_import_error = names(type);
      if (auto tuple = ast.tryAs<syntax::Tuple>(type)) {
        for (NodeId element : tuple->elts()) is_import_error |= names(element);
      }
      if (is_import_error) return true;
    }
  }
  return false;
}

namespace {
// The unused names of one statement that are reported alike.
struct Unused {
  NodeId statement;
  bool is_probe;
  std::vector<const FlowBinding*> bindings;
};
}  // namespace

// Does the statement import a module of the same project?
static bool isOwnModule(const LintContext& context, NodeId statement, std::string_view module) {
  auto from = context.ast.tryAs<syntax::ImportFrom>(statement);
  Section section = sectionOf(context, from ? syntax::nameText(context.ast, from->module()) : module, from ? from->level() : 0);
  return section == Section::kFirstParty || section == Section::kLocalFolder;
}

static void report(LintContext& context, const Unused& unused) {
  const Ast& ast = context.ast;
  std::vector<NodeId> aliases;
  for (const FlowBinding* binding : unused.bindings) aliases.push_back(ast.parent(binding->node));
  std::optional<FixEdit> edit;
  if (!unused.is_probe) edit = withoutAliases(context, unused.statement, aliases);
  for (const FlowBinding* binding : unused.bindings) {
    std::string shown = importedModule(ast, binding->node);
    Rule rule = context.is_init && !unused.is_probe && isOwnModule(context, unused.statement, shown) ? "F401InInit"_rule : "F401"_rule;
    auto finding = context.sink.begin(rule, ast.range(binding->node),
                                      {shown, unused.is_probe ? "; consider using `importlib.util.find_spec` to test for availability" : ""});
    finding.origin(ast.range(unused.statement));
    if (!edit) continue;
    std::string title = unused.bindings.size() == 1 ? "Remove unused import: `" + shown + "`" : "Remove unused import";
    finding.fix(title, {*edit}, context.is_init ? FixSafety::kUnsafe : FixSafety::kSafe);
  }
}

void checkUnusedImports(LintContext& context) {
  const Ast& ast = context.ast;
  const NameFlow& flow = context.tokens.nameFlow(context);
  std::vector<Unused> found;
  for (uint32_t latest : flow.latest) {
    if (latest == kNoBinding) continue;
    const FlowBinding& binding = flow.bindings[latest];
    if (!isImportKind(binding.kind) || binding.isUsed() || binding.is_global || binding.is_nonlocal) continue;
    if (context.model[binding.scope].kind == ScopeKind::kClass || isRedundantAlias(ast, ast.parent(binding.node))) continue;
    bool is_probe = isAvailabilityProbe(ast, ast.parent(binding.node));
    auto same = std::find_if(found.begin(), found.end(), [&](const Unused& unused) {
      return unused.statement == binding.statement && unused.is_probe == is_probe;
    });
    if (same == found.end()) same = found.insert(found.end(), {binding.statement, is_probe, {}});
    same->bindings.push_back(&binding);
  }
  for (const Unused& unused : found) report(context, unused);
}

}  // namespace krait::lint
