// AIR301, AIR302, AIR311, AIR312, AIR321: names of Airflow that its versions 3.0 and 3.1 moved or took away.
// ref: Airflow's upgrade guide
#include <algorithm>
#include <string>

#include "analyzer/lint/imports/import_edits.h"
#include "analyzer/lint/bindings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

namespace {
enum class Move : uint8_t { kGone, kProvider, kSdk0, kSdk1, kUse, kMacro, kHook };
struct Moved {
  std::string_view name;
  Rule rule;
  Move move;
  std::string_view provider, version, module, member;
};
}  // namespace

static const Moved kMoved[] = {
#define MOVED(name, code, move, provider, version, module, member) {name, #code ""_rule, Move::move, provider, version, module, member},
#include "analyzer/lint/airflow_names.def"
};

// The first entry of the name, or where it would stand: a name may have moved and have been renamed later.
static const Moved* firstMoved(std::string_view name) {
  return std::lower_bound(std::begin(kMoved), std::end(kMoved), name, [](const Moved& moved, std::string_view text) { return moved.name < text; });
}

// `try: from airflow.sdk import X` with a handler that imports the old one: the file knows both.
static bool isGuarded(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (!ast.is(node, NodeKind::kName)) return false;
  for (const Definition& definition : context.model.definitions(context.model.ownerAt(node))) {
    for (NodeId at = definition.node; at.valid(); at = ast.parent(at)) {
      auto handler = ast.tryAs<syntax::ExceptHandler>(at);
      if (!handler) continue;
      bool catches = !handler->type().valid() || anyOver(ast, handler->type(), [&](NodeId part) {
        return isOneOf(qualifiedName(context, part), {"builtins.ImportError", "builtins.ModuleNotFoundError"});
      });
      if (catches) return true;
    }
  }
  return false;
}

static std::string messageOf(const Moved& moved) {
  std::string quoted = "`" + std::string(moved.name) + "`";
  std::string later = "; It still works in Airflow 3.0 but is expected to be removed in a future version.";
  if (moved.rule == "AIR302"_rule) return quoted + " is moved into `" + std::string(moved.provider) + "` provider in Airflow 3.0;";
  if (moved.rule == "AIR312"_rule) return quoted + " is deprecated and moved into `" + std::string(moved.provider) + "` provider in Airflow 3.0" + later;
  if (moved.rule == "AIR311"_rule) return quoted + " is removed in Airflow 3.0" + later;
  if (moved.rule == "AIR321"_rule) return quoted + " is moved in Airflow 3.1";
  return quoted + " is removed in Airflow 3.0";
}

static std::string titleOf(const Moved& moved) {
  std::string member = "`" + std::string(moved.member) + "`", module = "`" + std::string(moved.module) + "`";
  std::string is_moved = member + " has been moved to " + module + " since Airflow ";
  switch (moved.move) {
    case Move::kProvider:
      return "Install `apache-airflow-providers-" + std::string(moved.provider) + ">=" + std::string(moved.version) + "` and use " + member + " from " + module + " instead.";
    case Move::kSdk0: return is_moved + "3.0 (with apache-airflow-task-sdk>=1.0.0).";
    case Move::kSdk1: return is_moved + "3.1 (with apache-airflow-task-sdk>=1.1.0).";
    case Move::kMacro:
      return is_moved + "3.1. Requires `apache-airflow-task-sdk>=1.1.0,<=1.1.6`. For `apache-airflow-task-sdk>=1.1.7`, import from `airflow.sdk` instead.";
    case Move::kHook:
      return is_moved + "3.0. Import `BaseHook` from `airflow.hooks.base` is suggested in Airflow 3.0, but it is deprecated in Airflow 3.1+.";
    default: return "Use " + member + " from " + module + " instead.";
  }
}

// Takes the member out of the import that binds the name, and imports it from the other module; none where no such import
// binds the name.
static std::vector<FixEdit> importInstead(const LintContext& context, NodeId node, std::string_view module, std::string_view member) {
  const Ast& ast = context.ast;
  const Definition* definition = lastDefinition(context, node);
  if (definition == nullptr || definition->kind != DefinitionKind::kImportFrom) return {};
  NodeId statement = ast.parent(definition->owner);
  auto from = ast.tryAs<syntax::ImportFrom>(statement);
  if (!from) return {};
  for (NodeId alias : from->names()) {
    if (syntax::nameText(ast, ast.as<syntax::Alias>(alias).name()) != member) continue;
    std::optional<FixEdit> removed = withoutAliases(context, statement, {&alias, 1});
    if (!removed) return {};
    return {*removed, importEdit(context, "from " + std::string(module) + " import " + std::string(member), ast.range(node).begin)};
  }
  return {};
}

static void report(LintContext& context, NodeId node, const Moved& moved) {
  const Ast& ast = context.ast;
  auto attribute = ast.tryAs<syntax::Attribute>(node);
  TextRange range = attribute && moved.rule != "AIR301"_rule && moved.rule != "AIR321"_rule ? ast.range(attribute->attr()) : ast.range(node);
  auto finding = context.sink.begin(moved.rule, range, {messageOf(moved)});
  if (moved.move == Move::kGone) return;
  // Of `conf.get` it is `conf` that the module has.
  std::string_view member = moved.member.substr(0, moved.member.find('.'));
  std::vector<FixEdit> edits;
  if (std::optional<ImportedName> name = importName(context, moved.module, member, node)) {
    edits.push_back({range, name->text});
    if (name->edit) edits.push_back(*name->edit);
  } else {
    edits = importInstead(context, node, moved.module, member);
  }
  if (!edits.empty()) finding.fix(titleOf(moved), std::move(edits), FixSafety::kUnsafe);
}

static void checkName(LintContext& context, NodeId node) {
  std::string name = qualifiedName(context, node);
  if (!name.starts_with("airflow")) return;
  // Whole modules that are no more.
  for (std::string_view module : {"airflow.contrib", "airflow.subdag", "airflow.operators.subdag"}) {
    if (name != module && !name.starts_with(std::string(module) + ".")) continue;
    context.sink.begin("AIR301"_rule, context.ast.range(node), {"`" + name + "` is removed in Airflow 3.0"});
    return;
  }
  const Moved* moved = firstMoved(name);
  if (moved == std::end(kMoved) || moved->name != name || isGuarded(context, node)) return;
  for (; moved != std::end(kMoved) && moved->name == name; ++moved) report(context, node, *moved);
}

void checkAirflowNames(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  bool is_read = ast.is(node, NodeKind::kAttribute) ? ast.as<syntax::Attribute>(node).context() == syntax::ExprContext::kLoad
                                                    : ast.as<syntax::Name>(node).context() == syntax::ExprContext::kLoad;
  if (is_read) checkName(context, node);
}

}  // namespace krait::lint
