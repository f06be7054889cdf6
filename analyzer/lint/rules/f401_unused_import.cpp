// F401: an import that nothing in the file uses. ref: pyflakes UnusedImport
#include <algorithm>

#include "analyzer/lint/imports/import_block.h"
#include "analyzer/lint/imports/import_edits.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/silenced.h"

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
  // What a comment silences stays: only the others are taken out.
  std::vector<NodeId> aliases;
  for (const FlowBinding* binding : unused.bindings) {
    bool is_kept = unused.bindings.size() > 1 && isSilenced(context, "F401"_rule, ast.range(binding->node), ast.range(unused.statement));
    if (!is_kept) aliases.push_back(ast.parent(binding->node));
  }
  std::optional<FixEdit> edit;
  if (!unused.is_probe && !aliases.empty()) edit = withoutAliases(context, unused.statement, aliases);
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

// Does `name` begin with all parts of the dotted `prefix`?
static bool isWithin(std::string_view name, std::string_view prefix) {
  return name.starts_with(prefix) && (name.size() == prefix.size() || name[prefix.size()] == '.');
}

// Do the settings want the import, or allow that nothing uses it?
static bool isWanted(const LintContext& context, const FlowBinding& binding) {
  std::string module = importedModule(context.ast, binding.node);
  if (const auto* allowed = context.options.list("pyflakes.allowed-unused-imports")) {
    for (const std::string& prefix : *allowed) {
      if (isWithin(module, prefix)) return true;
    }
  }
  const auto* required = context.options.list("isort.required-imports");
  if (required == nullptr) return false;
  auto from = context.ast.tryAs<syntax::ImportFrom>(binding.statement);
  std::string written = (from ? "from " + std::string(from->level(), '.') + std::string(syntax::nameText(context.ast, from->module())) + " " : "") +
                        "import " + std::string(context.ast.text(context.ast.parent(binding.node)));
  return std::find(required->begin(), required->end(), written) != required->end();
}

// The bindings of the name that the latest one hides, itself included, when all are plain imports that run together and
// nothing used the earlier ones before the latest: then uses can be told apart by the module that they mean.
static std::vector<uint32_t> hiddenImports(const Ast& ast, const NameFlow& flow, uint32_t latest) {
  std::vector<uint32_t> out;
  for (uint32_t at = latest; at != kNoBinding; at = flow.bindings[at].shadowed) {
    const FlowBinding& binding = flow.bindings[at];
    bool is_plain = binding.kind == BindKind::kImport || binding.kind == BindKind::kSubmoduleImport;
    is_plain = is_plain && !ast.as<syntax::Alias>(ast.parent(binding.node)).asname().valid();
    if (!is_plain || !flow.runsBefore(binding.branch, flow.bindings[latest].branch) || (at != latest && binding.isUsed())) return {};
    out.push_back(at);
  }
  return out;
}

// `a.b.c` around the name `a`.
static std::string dottedAround(const Ast& ast, NodeId name) {
  std::string out(syntax::nameText(ast, name));
  for (auto around = ast.tryAs<syntax::Attribute>(ast.parent(name)); around; around = ast.tryAs<syntax::Attribute>(ast.parent(around->id))) {
    out += "." + std::string(syntax::nameText(ast, around->attr()));
  }
  return out;
}

static std::vector<std::string_view> partsOf(std::string_view dotted) {
  std::vector<std::string_view> out;
  for (size_t dot; (dot = dotted.find('.')) != std::string_view::npos; dotted.remove_prefix(dot + 1)) out.push_back(dotted.substr(0, dot));
  out.push_back(dotted);
  return out;
}

// The module among these that the use means: the one with the longest common beginning, of those the shortest.
static std::string bestModule(const std::vector<std::string>& modules, std::string_view use) {
  auto used = partsOf(use);
  const std::string* best = nullptr;
  size_t best_common = 0, best_size = 0;
  for (const std::string& module : modules) {
    auto parts = partsOf(module);
    size_t common = 0;
    while (common < parts.size() && common < used.size() && parts[common] == used[common]) ++common;
    bool is_better = best == nullptr || common > best_common || (common == best_common && parts.size() <= best_size);
    if (!is_better) continue;
    best = &module, best_common = common, best_size = parts.size();
  }
  return *best;
}

// In the preview: imports of one name that no use means, as `a.b` beside `import a.c`.
static void addUnmeantImports(const LintContext& context, const std::vector<uint32_t>& imports, std::vector<uint32_t>& out) {
  const NameFlow& flow = context.tokens.nameFlow(context);
  std::vector<std::string> modules;
  for (uint32_t id : imports) modules.push_back(importedModule(context.ast, flow.bindings[id].node));
  std::vector<std::string> meant;
  for (uint32_t at = flow.bindings[imports[0]].references; at != kNoBinding; at = flow.references[at].next) {
    NodeId node = flow.references[at].node;
    if (context.ast.is(node, NodeKind::kConstant)) {
      meant.push_back(bestModule(modules, partsOf(modules[0])[0]));
    } else if (context.ast.is(node, NodeKind::kName)) {
      meant.push_back(bestModule(modules, dottedAround(context.ast, node)));
    } else {
      return;
    }
  }
  for (size_t i = 0; i < imports.size(); ++i) {
    if (std::find(meant.begin(), meant.end(), modules[i]) == meant.end()) out.push_back(imports[i]);
  }
}

// The bindings by imports that nothing uses.
static std::vector<uint32_t> unusedImports(const LintContext& context) {
  const NameFlow& flow = context.tokens.nameFlow(context);
  std::vector<uint32_t> out;
  for (uint32_t latest : flow.latest) {
    if (latest == kNoBinding) continue;
    const FlowBinding& binding = flow.bindings[latest];
    if (!isImportKind(binding.kind) || binding.is_global || binding.is_nonlocal) continue;
    if (context.model[binding.scope].kind == ScopeKind::kClass || isRedundantAlias(context.ast, context.ast.parent(binding.node))) continue;
    std::vector<uint32_t> imports;
    if (context.options.preview && binding.shadowed != kNoBinding) imports = hiddenImports(context.ast, flow, latest);
    if (!imports.empty()) {
      addUnmeantImports(context, imports, out);
    } else if (!binding.isUsed()) {
      out.push_back(latest);
    }
  }
  return out;
}

void checkUnusedImports(LintContext& context) {
  const Ast& ast = context.ast;
  const NameFlow& flow = context.tokens.nameFlow(context);
  std::vector<Unused> found;
  for (uint32_t id : unusedImports(context)) {
    const FlowBinding& binding = flow.bindings[id];
    if (isWanted(context, binding)) continue;
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
