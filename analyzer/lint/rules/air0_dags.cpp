// AIR001, AIR002, AIR003, AIR004, AIR201, AIR202, AIR303, AIR304, and the arguments of AIR301: how DAGs and tasks of
// Airflow are written. ref: Airflow's best practices
#include <algorithm>
#include <string>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static std::string_view lastPart(std::string_view name) { return name.substr(name.rfind('.') + 1); }

static bool isOperator(std::string_view name) {
  bool is_place = name.starts_with("airflow.operators.") ||
                  (name.starts_with("airflow.providers.") && name.find(".operators.") != std::string_view::npos);
  return is_place && lastPart(name).ends_with("Operator");
}

static bool isDag(std::string_view name) {
  return isOneOf(name, {"airflow.DAG", "airflow.models.DAG", "airflow.models.dag.DAG", "airflow.sdk.DAG"});
}

static bool isDagDecorator(std::string_view name) {
  return isOneOf(name, {"airflow.dag", "airflow.decorators.dag", "airflow.decorators.dag.dag", "airflow.models.dag.dag", "airflow.sdk.dag"});
}

// The callee's name of a call, or of a decorator with or without one.
static std::string nameOfCallee(const LintContext& context, NodeId node) {
  if (auto call = context.ast.tryAs<syntax::Call>(node)) node = call->func();
  return qualifiedName(context, node);
}

// "" for `@task`, "branch" for `@task.branch`, …; none for other decorators.
static std::optional<std::string> taskKind(const LintContext& context, NodeId decorator) {
  std::string name = nameOfCallee(context, decorator);
  for (std::string_view task : {"airflow.decorators.task", "airflow.task", "airflow.sdk.task"}) {
    if (name == task) return "";
    if (name.starts_with(std::string(task) + ".")) return name.substr(task.size() + 1);
  }
  return std::nullopt;
}

void checkTaskVariable(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto assign = ast.as<syntax::Assign>(node);
  if (assign.targets().size() != 1 || !ast.is(assign.targets()[0], NodeKind::kName) || !ast.is(assign.value(), NodeKind::kCall)) return;
  if (!isOperator(nameOfCallee(context, assign.value()))) return;
  NodeId id = keywordOf(ast, assign.value(), "task_id");
  std::optional<std::string_view> text = id.valid() ? syntax::stringValue(ast, id) : std::nullopt;
  if (!text || *text == syntax::nameText(ast, assign.targets()[0])) return;
  context.sink.begin("AIR001"_rule, ast.range(assign.targets()[0]), {*text});
}

static void checkSchedule(LintContext& context, NodeId call) {
  const Ast& ast = context.ast;
  for (std::string_view name : {"schedule", "schedule_interval", "timetable"}) {
    if (keywordOf(ast, call, name).valid()) return;
  }
  context.sink.begin("AIR002"_rule, ast.range(call));
}

// What gives another value each time that the file is read.
static bool isChanging(std::string_view name) {
  return isOneOf(name, {"datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today", "pendulum.now", "pendulum.today",
                        "pendulum.yesterday", "pendulum.tomorrow", "time.time", "uuid.uuid1", "uuid.uuid4", "random.random", "random.randint", "random.choice",
                        "random.uniform", "random.randrange", "random.sample", "random.getrandbits"});
}

static void checkChanging(LintContext& context, NodeId call) {
  const Ast& ast = context.ast;
  for (NodeId arg : ast.as<syntax::Call>(call).args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    NodeId value = keyword ? keyword->value() : arg;
    anyOver(ast, value, [&](NodeId part) {
      auto made = ast.tryAs<syntax::Call>(part);
      if (!made || !isChanging(qualifiedName(context, made->func()))) return ast.is(part, NodeKind::kLambda) || ast.is(part, NodeKind::kJoinedStr);
      std::string text(ast.text(made->func()));
      context.sink.begin("AIR304"_rule, ast.range(part),
                         {"`" + text + "()` produces a value that changes at runtime; using it in a Dag or task argument causes infinite Dag version creation"});
      return true;
    });
  }
}

namespace {
struct RenamedArgument {
  std::string_view old, today;  // today empty: taken away
};
}  // namespace

static void checkArguments(LintContext& context, NodeId call, std::initializer_list<RenamedArgument> renamed, Rule rule = "AIR301"_rule) {
  const Ast& ast = context.ast;
  for (NodeId arg : ast.as<syntax::Call>(call).args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (!keyword || !keyword->arg().valid()) continue;
    for (const RenamedArgument& each : renamed) {
      if (syntax::nameText(ast, keyword->arg()) != each.old) continue;
      TextRange range = ast.range(keyword->arg());
      std::string message = "`" + std::string(each.old) + "` is removed in Airflow 3.0";
      if (rule == "AIR311"_rule) message += "; It still works in Airflow 3.0 but is expected to be removed in a future version.";
      auto finding = context.sink.begin(rule, range, {message});
      if (!each.today.empty()) finding.fix("Use `" + std::string(each.today) + "` instead", {{range, std::string(each.today)}});
    }
  }
}

static void checkOldArguments(LintContext& context, NodeId call, std::string_view name) {
  if (isDag(name) || isDagDecorator(name)) {
    checkArguments(context, call, {{"schedule_interval", "schedule"}, {"timetable", "schedule"}, {"default_view", ""}, {"orientation", ""},
                                   {"fail_stop", "fail_fast"}, {"concurrency", "max_active_tasks"}});
    checkArguments(context, call, {{"sla_miss_callback", ""}}, "AIR311"_rule);
  } else if (isOperator(name)) {
    checkArguments(context, call, {{"task_concurrency", "max_active_tis_per_dag"}, {"provide_context", ""}});
    checkArguments(context, call, {{"sla", ""}}, "AIR311"_rule);
    if (name == "airflow.operators.trigger_dagrun.TriggerDagRunOperator") checkArguments(context, call, {{"execution_date", "logical_date"}});
    if (isOneOf(name, {"airflow.operators.datetime.BranchDateTimeOperator", "airflow.operators.weekday.BranchDayOfWeekOperator"})) {
      checkArguments(context, call, {{"use_task_execution_day", "use_task_logical_date"}});
    }
  } else if (name == "airflow.sensors.weekday.DayOfWeekSensor") {
    checkArguments(context, call, {{"use_task_execution_day", "use_task_logical_date"}});
  } else if (name == "airflow.sdk.Variable.get") {
    checkArguments(context, call, {{"default_var", "default"}});
  } else if (name.starts_with("airflow.providers.") && lastPart(name).ends_with("TaskHandler")) {
    checkArguments(context, call, {{"filename_template", ""}});
  }
}

// Calls whose arguments Airflow 3 takes by name only, or not at all.
static void checkSignature(LintContext& context, NodeId node, std::string_view name) {
  const Ast& ast = context.ast;
  NodeList args = ast.as<syntax::Call>(node).args();
  NodeId func = ast.as<syntax::Call>(node).func();
  auto is_positional = [&](size_t i) { return i < args.size() && !ast.is(args[i], NodeKind::kKeyword); };
  if (isOneOf(name, {"airflow.Dataset", "airflow.datasets.Dataset", "airflow.sdk.Asset"}) && is_positional(1) && ast.is(args[1], NodeKind::kDict)) {
    context.sink.begin("AIR303"_rule, ast.range(func), {"`" + std::string(lastPart(name)) + "` signature is changed in Airflow 3.0"});
  }
  auto method = ast.tryAs<syntax::Attribute>(func);
  if (!method || syntax::nameText(ast, method->attr()) != "create_asset" || !is_positional(0)) return;
  NodeId owner = method->value();
  if (ast.is(owner, NodeKind::kName)) owner = assignedValue(context, owner);
  if (!ast.is(owner, NodeKind::kCall) || nameOfCallee(context, owner) != "airflow.lineage.hook.HookLineageCollector") return;
  context.sink.begin("AIR303"_rule, ast.range(method->attr()), {"`create_asset` signature is changed in Airflow 3.0"});
}

// Does the node stand in a task: a function with a task decorator, or an operator's `execute`?
static bool isInTask(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId at = ast.parent(node); at.valid(); at = ast.parent(at)) {
    if (!ast.is(at, NodeKind::kFunctionDef)) continue;
    if (classOfMethod(ast, at).valid() && definedName(ast, at) == "execute") return true;
    for (NodeId decorator : ast.as<syntax::FunctionDef>(at).decorators()) {
      if (taskKind(context, decorator)) return true;
    }
  }
  return false;
}

void checkDagCalls(LintContext& context, NodeId node) {
  std::string name = nameOfCallee(context, node);
  if (!name.starts_with("airflow.") && !context.ast.is(context.ast.as<syntax::Call>(node).func(), NodeKind::kAttribute)) return;
  if (isDag(name) || isDagDecorator(name)) checkSchedule(context, node);
  if (isDag(name) || isDagDecorator(name) || isOperator(name)) checkChanging(context, node);
  if (isOneOf(name, {"airflow.models.Variable.get", "airflow.models.variable.Variable.get", "airflow.sdk.Variable.get"}) && !isInTask(context, node)) {
    context.sink.begin("AIR003"_rule, context.ast.range(node));
  }
  checkOldArguments(context, node, name);
  checkSignature(context, node, name);
}

// `{{ ti.xcom_pull(task_ids='a') }}` and nothing else: the task's id.
static std::string_view pulledTask(std::string_view text) {
  auto trim = [](std::string_view part) {
    size_t begin = part.find_first_not_of(" \t");
    return begin == std::string_view::npos ? std::string_view() : part.substr(begin, part.find_last_not_of(" \t") + 1 - begin);
  };
  if (!text.starts_with("{{") || !text.ends_with("}}") || text.size() < 4) return {};
  text = trim(text.substr(2, text.size() - 4));
  for (std::string_view start : {"ti.xcom_pull(", "task_instance.xcom_pull("}) {
    if (text.starts_with(start) && text.ends_with(")")) {
      text = trim(text.substr(start.size(), text.size() - start.size() - 1));
      for (std::string_view key : {", key=\"return_value\"", ", key='return_value'"}) {
        if (text.ends_with(key)) text.remove_suffix(key.size());
      }
      if (text.starts_with("task_ids=")) text.remove_prefix(9);
      if (text.starts_with("[") && text.ends_with("]")) text = trim(text.substr(1, text.size() - 2));
      bool is_quoted = text.size() > 2 && (text[0] == '\'' || text[0] == '"') && text.back() == text[0];
      std::string_view id = is_quoted ? text.substr(1, text.size() - 2) : std::string_view();
      return id.find_first_of("'\"") == std::string_view::npos ? id : std::string_view();
    }
  }
  return {};
}

void checkTemplatePull(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (!isOperator(nameOfCallee(context, node))) return;
  for (NodeId arg : ast.as<syntax::Call>(node).args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    auto text = keyword ? syntax::stringValue(ast, keyword->value()) : std::nullopt;
    std::string id(text ? pulledTask(*text) : std::string_view());
    if (id.empty()) continue;
    TextRange range = ast.range(keyword->value());
    auto finding = context.sink.begin("AIR201"_rule, range, {"Use the `.output` attribute on the task object for \"" + id + "\" instead of `xcom_pull` in a template string"});
    NameId name = ast.names().find(id);
    SymbolId symbol = name.valid() ? context.model.lookup(context.model.enclosingScope(node), name) : SymbolId();
    if (!symbol.valid() || context.model.definitions(context.model.resolve(symbol)).empty()) continue;
    finding.fix("Replace with `" + id + ".output`", {{range, id + ".output"}}, FixSafety::kUnsafe);
  }
}

static void findReturns(const Ast& ast, NodeId node, std::vector<NodeId>& out) {
  if (ast.is(node, NodeKind::kFunctionDef) || ast.is(node, NodeKind::kClassDef) || ast.is(node, NodeKind::kLambda)) return;
  if (ast.is(node, NodeKind::kReturn)) out.push_back(node);
  syntax::forEachChild(ast, node, [&](NodeId child) { findReturns(ast, child, out); });
}

static std::vector<NodeId> returnsOf(const Ast& ast, NodeId function) {
  std::vector<NodeId> returns;
  for (NodeId statement : ast.as<syntax::FunctionDef>(function).body()) findReturns(ast, statement, returns);
  return returns;
}

// Does the function choose between one list of tasks and none?
static bool isShortCircuit(const Ast& ast, NodeId function) {
  int full = 0, empty = 0;
  for (NodeId node : returnsOf(ast, function)) {
    NodeId value = ast.as<syntax::Return>(node).value();
    auto list = ast.tryAs<syntax::List>(value);
    if (!value.valid() || isNone(ast, value) || (list && list->elts().empty())) {
      ++empty;
    } else if (list) {
      ++full;
    } else {
      return false;
    }
  }
  return full == 1 && empty > 0;
}

static bool isDictType(const LintContext& context, NodeId annotation) {
  if (auto subscript = context.ast.tryAs<syntax::Subscript>(annotation)) annotation = subscript->value();
  return isOneOf(qualifiedName(context, annotation), {"builtins.dict", "typing.Dict", "typing.Mapping", "collections.abc.Mapping"});
}

static bool givesDict(const LintContext& context, NodeId function) {
  const Ast& ast = context.ast;
  for (NodeId node : returnsOf(ast, function)) {
    NodeId value = ast.as<syntax::Return>(node).value();
    auto call = ast.tryAs<syntax::Call>(value);
    if (ast.is(value, NodeKind::kDict) || ast.is(value, NodeKind::kDictComp) || (call && isBuiltin(context, call->func(), "dict"))) return true;
  }
  return false;
}

static void checkOutputs(LintContext& context, NodeId function, NodeId decorator) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(decorator);
  if (call && keywordOf(ast, decorator, "multiple_outputs").valid()) return;
  NodeId returns = ast.as<syntax::FunctionDef>(function).returns();
  bool says_dict = returns.valid() && isDictType(context, returns);
  if (!says_dict && !givesDict(context, function)) return;
  std::string argument = std::string("multiple_outputs=") + (says_dict ? "True" : "False"), text = argument;
  uint32_t at = ast.range(decorator).end;
  if (!call) {
    text = "(" + argument + ")";
  } else {
    at = call->args().empty() ? at - 1 : ast.range(call->args()[0]).begin;
    if (!call->args().empty()) text += ", ";
  }
  context.sink.begin("AIR202"_rule, decoratorRange(ast, decorator), {"`@task`-decorated function relies on `multiple_outputs` inference"})
      .fix("Add `" + argument + "`", {{{at, at}, text}});
}

// Variables of a task's context that Airflow 3 does not have.
static bool isOldContextKey(std::string_view key) {
  return isOneOf(key, {"conf", "execution_date", "next_ds", "next_ds_nodash", "next_execution_date", "prev_ds", "prev_ds_nodash", "prev_execution_date",
                       "prev_execution_date_success", "tomorrow_ds", "yesterday_ds", "yesterday_ds_nodash"});
}

static void reportKey(LintContext& context, TextRange range, std::string_view key) {
  context.sink.begin("AIR301"_rule, range, {"`" + std::string(key) + "` is removed in Airflow 3.0"});
}

// `context["execution_date"]` and `context.get("execution_date")` on the parameter that takes the context.
static void checkContextUses(LintContext& context, NodeId node, std::string_view name) {
  const Ast& ast = context.ast;
  NodeId key;
  if (auto subscript = ast.tryAs<syntax::Subscript>(node); subscript && syntax::nameText(ast, subscript->value()) == name) key = subscript->slice();
  if (auto call = ast.tryAs<syntax::Call>(node)) {
    auto method = ast.tryAs<syntax::Attribute>(call->func());
    bool is_get = method && syntax::nameText(ast, method->attr()) == "get" && ast.is(method->value(), NodeKind::kName) && syntax::nameText(ast, method->value()) == name;
    if (is_get && !call->args().empty()) key = call->args()[0];
  }
  auto text = key.valid() ? syntax::stringValue(ast, key) : std::nullopt;
  if (text && isOldContextKey(*text)) reportKey(context, ast.range(key), *text);
  syntax::forEachChild(ast, node, [&](NodeId child) { checkContextUses(context, child, name); });
}

static void checkContext(LintContext& context, NodeId function) {
  const Ast& ast = context.ast;
  auto parts = ast.as<syntax::FunctionDef>(function);
  for (NodeId param : ast.as<syntax::Parameters>(parts.params()).params()) {
    auto parameter = ast.as<syntax::Parameter>(param);
    std::string_view name = syntax::nameText(ast, parameter.name());
    if (parameter.parameterKind() != syntax::ParameterKind::kVarKeyword) {
      if (isOldContextKey(name)) reportKey(context, ast.range(parameter.name()), name);
      continue;
    }
    for (NodeId statement : parts.body()) checkContextUses(context, statement, name);
  }
}

void checkTaskFunctions(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId decorator : ast.as<syntax::FunctionDef>(node).decorators()) {
    std::optional<std::string> kind = taskKind(context, decorator);
    if (!kind) continue;
    if (*kind == "branch" && isShortCircuit(ast, node)) {
      NodeId first = ast.as<syntax::FunctionDef>(node).decorators()[0];
      context.sink.begin("AIR004"_rule, {decoratorRange(ast, first).begin, ast.range(node).end}, {"`@task.branch` can be replaced with `@task.short_circuit`"});
    }
    checkOutputs(context, node, decorator);
    checkContext(context, node);
  }
}

void checkBranchOperator(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (lastPart(nameOfCallee(context, node)) != "BranchPythonOperator" || !isOperator(nameOfCallee(context, node))) return;
  NodeId callee = keywordOf(ast, node, "python_callable");
  const Definition* definition = ast.is(callee, NodeKind::kName) ? onlyDefinition(context, callee) : nullptr;
  if (!definition || !ast.is(definition->owner, NodeKind::kFunctionDef) || !isShortCircuit(ast, definition->owner)) return;
  context.sink.begin("AIR004"_rule, ast.range(ast.as<syntax::Call>(node).func()), {"`BranchPythonOperator` can be replaced with `ShortCircuitOperator`"});
}

}  // namespace krait::lint
