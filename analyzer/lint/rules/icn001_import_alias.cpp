// ICN001: modules that have a usual short name. ref: flake8-import-conventions
#include <algorithm>
#include <optional>

#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
    {"altair", "alt"}, {"matplotlib", "mpl"}, {"matplotlib.pyplot", "plt"}, {"networkx", "nx"}, {"numpy", "np"}, {"numpy.typing", "npt"},
    {"pandas", "pd"}, {"polars", "pl"}, {"pyarrow", "pa"}, {"seaborn", "sns"}, {"tensorflow", "tf"}, {"holoviews", "hv"}, {"panel", "pn"},
    {"plotly.express", "px"}, {"plotly.graph_objects", "go"}, {"statsmodels.api", "sm"}, {"tkinter", "tk"}, {"xml.etree.ElementTree", "ET"}, {"datetime", "dt"}};

static std::string aliasOf(const LintContext& context, std::string_view module) {
  for (std::string_view key : {"flake8-import-conventions.aliases.", "flake8-import-conventions.extend-aliases."}) {
    std::string own = context.options.text(std::string(key) + std::string(module), "");
    if (!own.empty()) return own;
  }
  // Own aliases stand for the usual ones.
  constexpr std::string_view kOwn = "flake8-import-conventions.aliases.";
  auto first = context.options.plugins.lower_bound(kOwn);
  if (first != context.options.plugins.end() && first->first.starts_with(kOwn)) return {};
  bool is_new = isOneOf(module, {"plotly.graph_objects", "statsmodels.api"});
  if (is_new && !context.options.preview) return {};
  for (auto [name, alias] : kAliases) {
    if (name == module) return std::string(alias);
  }
  return {};
}

// What binds the name, under the new name; none for `import a.b`.
static std::optional<FixEdit> renamedBinding(const LintContext& context, const Definition& definition, const std::string& name) {
  const Ast& ast = context.ast;
  auto alias = ast.tryAs<syntax::Alias>(definition.owner);
  if (!alias) return FixEdit{ast.range(definition.node), name};
  if (alias->asname().valid()) return FixEdit{ast.range(alias->asname()), name};
  std::string_view module = syntax::nameText(ast, alias->name());
  if (module == "*" || module.find('.') != std::string_view::npos) return std::nullopt;
  return FixEdit{ast.range(definition.owner), std::string(module) + " as " + name};
}

static void report(LintContext& context, NodeId alias_id, std::string_view module, std::string_view bound) {
  std::string alias = aliasOf(context, module);
  if (alias.empty() || alias == bound) return;
  NodeId name = context.ast.as<syntax::Alias>(alias_id).asname();
  if (!name.valid()) name = context.ast.as<syntax::Alias>(alias_id).name();
  auto finding = context.sink.begin("ICN001"_rule, context.ast.range(name), {module, alias});
  NameId wanted = context.ast.names().find(alias);
  SymbolId taken = wanted.valid() ? context.model.lookup(context.model.enclosingScope(alias_id), wanted) : SymbolId::none();
  if (taken.valid() && !context.model.definitions(context.model.resolve(taken)).empty()) return;
  SymbolId owner = context.model.ownerAt(name);
  if (!owner.valid()) return;
  std::vector<FixEdit> edits;
  for (const Definition& definition : context.model.definitions(owner)) {
    std::optional<FixEdit> edit = renamedBinding(context, definition, alias);
    if (!edit) return;
    edits.push_back(*edit);
  }
  for (const Reference& reference : context.model.references(owner)) edits.push_back({context.ast.range(reference.node), alias});
  std::sort(edits.begin(), edits.end(), [](const FixEdit& a, const FixEdit& b) { return a.range.begin < b.range.begin; });
  finding.fix("Alias `" + std::string(module) + "` to `" + alias + "`", std::move(edits), FixSafety::kUnsafe);
}

void checkImportAliases(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  bool is_from = ast.is(node, NodeKind::kImportFrom);
  std::string prefix;
  if (is_from) {
    auto import = ast.as<syntax::ImportFrom>(node);
    if (import.level() != 0) return;
    prefix = std::string(syntax::nameText(ast, import.module())) + ".";
  }
  for (NodeId alias_id : is_from ? ast.as<syntax::ImportFrom>(node).names() : ast.as<syntax::Import>(node).names()) {
    auto alias = ast.as<syntax::Alias>(alias_id);
    std::string module = prefix + std::string(syntax::nameText(ast, alias.name()));
    std::string_view bound = syntax::nameText(ast, alias.asname().valid() ? alias.asname() : alias.name());
    report(context, alias_id, module, bound);
  }
}

}  // namespace krait::lint
