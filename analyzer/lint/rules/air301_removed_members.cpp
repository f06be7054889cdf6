// AIR301, AIR311: attributes, methods and keywords of Airflow's classes that its version 3.0 calls otherwise. ref: Airflow's release notes
#include <string>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

namespace {
struct Member {
  std::string_view owner, name, replacement;
  bool is_method = true;  // counts where it is called
};
}  // namespace

static constexpr Member kMembers[] = {
    {"airflow.providers_manager.ProvidersManager", "dataset_factories", "asset_factories", false},
    {"airflow.providers_manager.ProvidersManager", "dataset_uri_handlers", "asset_uri_handlers", false},
    {"airflow.providers_manager.ProvidersManager", "dataset_to_openlineage_converters", "asset_to_openlineage_converters", false},
    {"airflow.providers_manager.ProvidersManager", "initialize_providers_dataset_uri_resources", "initialize_providers_asset_uri_resources"},
    {"airflow.lineage.hook.DatasetLineageInfo", "dataset", "asset", false},
    {"airflow.lineage.hook.HookLineageCollector", "create_dataset", "create_asset"},
    {"airflow.lineage.hook.HookLineageCollector", "add_input_dataset", "add_input_asset"},
    {"airflow.lineage.hook.HookLineageCollector", "add_output_dataset", "add_output_asset"},
    {"airflow.lineage.hook.HookLineageCollector", "collected_datasets", "collected_assets"},
    {"airflow.datasets.manager.DatasetManager", "register_dataset_change", "register_asset_change"},
    {"airflow.datasets.manager.DatasetManager", "create_datasets", "create_assets"},
    {"airflow.datasets.manager.DatasetManager", "notify_dataset_created", "notify_asset_created"},
    {"airflow.datasets.manager.DatasetManager", "notify_dataset_changed", "notify_asset_changed"},
    {"airflow.datasets.manager.DatasetManager", "notify_dataset_alias_created", "notify_asset_alias_created"},
    {"airflow.providers.amazon.aws.auth_manager.aws_auth_manager.AwsAuthManager", "is_authorized_dataset", "is_authorized_asset"},
    {"airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager", "is_authorized_dataset", "is_authorized_asset"},
    {"airflow.secrets.local_filesystem.LocalFilesystemBackend", "get_connections", "get_connection"},
    {"(dataset)", "iter_datasets", "iter_assets"},
    {"(dataset)", "iter_dataset_aliases", "iter_asset_aliases"},
    {"(secrets)", "get_conn_uri", "get_conn_value"},
    {"(secrets)", "get_connections", "get_connection"},
    {"(hook)", "get_connections", "get_connection"},
};

// Is it a class of Airflow's own module, or of one of this name in a provider, whose name ends so?
static bool isClassOf(std::string_view name, std::string_view module, std::string_view suffix) {
  if (!name.ends_with(suffix)) return false;
  if (name.starts_with("airflow.providers.")) return name.find("." + std::string(module) + ".") != std::string_view::npos;
  return name.starts_with("airflow." + std::string(module) + ".");
}

// The class, or the kind of class, whose members the table has.
static std::string_view ownerOf(std::string_view name) {
  for (const Member& member : kMembers) {
    if (member.owner == name) return name;
  }
  if (isClassOf(name, "secrets", "Backend")) return "(secrets)";
  if (isClassOf(name, "hooks", "Hook")) return "(hook)";
  return name.starts_with("airflow.datasets.") || name == "airflow.Dataset" ? "(dataset)" : "";
}

void checkAirflowMembers(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto attribute = ast.as<syntax::Attribute>(node);
  if (!ast.is(attribute.value(), NodeKind::kName)) return;
  std::string_view name = syntax::nameText(ast, attribute.attr());
  bool is_known = false;
  for (const Member& member : kMembers) is_known |= member.name == name;
  if (!is_known) return;
  const Definition* definition = lastDefinition(context, attribute.value());
  auto made = definition != nullptr ? ast.tryAs<syntax::Call>(definedValue(context, *definition)) : std::nullopt;
  if (!made) return;
  std::string qualified = qualifiedName(context, made->func());
  std::string_view owner = ownerOf(qualified);
  auto call = ast.tryAs<syntax::Call>(ast.parent(node));
  bool is_called = call && call->func() == node;
  for (const Member& member : kMembers) {
    if (member.owner != owner || member.name != name || (member.is_method && !is_called)) continue;
    TextRange range = ast.range(attribute.attr());
    context.sink.begin("AIR301"_rule, range, {"`" + std::string(name) + "` is removed in Airflow 3.0"})
        .fix("Use `" + std::string(member.replacement) + "` instead", {{range, std::string(member.replacement)}});
  }
}

// What a plugin cannot bring any more: names that the class of one binds.
void checkPluginMembers(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto bound = ast.as<syntax::Name>(node);
  if (bound.context() != syntax::ExprContext::kStore) return;
  std::string_view name = syntax::nameText(ast, node);
  if (!isOneOf(name, {"operators", "hooks", "executors", "sensors"})) return;
  const Scope& scope = context.model[context.model.enclosingScope(node)];
  auto cls = scope.kind == ScopeKind::kClass ? ast.tryAs<syntax::ClassDef>(scope.node) : std::nullopt;
  if (!cls) return;
  for (NodeId base : cls->args()) {
    if (ast.is(base, NodeKind::kKeyword) || qualifiedName(context, base) != "airflow.plugins_manager.AirflowPlugin") continue;
    context.sink.begin("AIR301"_rule, ast.range(node), {"`" + std::string(name) + "` is removed in Airflow 3.0"});
    return;
  }
}

// `DatasetOrTimeSchedule(datasets=…)`, whose keyword is `assets` now.
void checkScheduleKeywords(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (calleeName(context, node) != "airflow.timetables.datasets.DatasetOrTimeSchedule") return;
  NodeId keyword = keywordNodeOf(ast, node, "datasets");
  if (!keyword.valid()) return;
  TextRange range = ast.range(ast.as<syntax::Keyword>(keyword).arg());
  context.sink.begin("AIR311"_rule, range, {"`datasets` is removed in Airflow 3.0; It still works in Airflow 3.0 but is expected to be removed in a future version."})
      .fix("Use `assets` instead", {{range, "assets"}});
}

}  // namespace krait::lint
