// UP024, UP041: old names of OSError and TimeoutError. ref: PEP 3151, pyupgrade
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isAlias(const LintContext& context, NodeId node, Rule rule) {
  std::string name = qualifiedName(context, node);
  if (rule == "UP024"_rule) {
    return isOneOf(name, {"builtins.EnvironmentError", "builtins.IOError", "builtins.WindowsError", "mmap.error", "select.error",
                          "socket.error", "os.error", "shutil.Error"}) && name != "shutil.Error";
  }
  if (name == "socket.timeout") return context.options.target_minor >= 10;
  return context.options.target_minor >= 11 && name == "asyncio.TimeoutError";
}

static std::string_view targetOf(Rule rule) { return rule == "UP024"_rule ? "OSError" : "TimeoutError"; }

static void reportOne(LintContext& context, NodeId node, Rule rule) {
  auto finding = context.sink.begin(rule, context.ast.range(node));
  std::string target(targetOf(rule));
  std::optional<ImportedName> imported = builtinName(context, node, target);
  if (!imported) return;
  std::vector<FixEdit> edits = {{context.ast.range(node), imported->text}};
  if (imported->edit) edits.push_back(*imported->edit);
  std::string text(context.ast.text(node));
  std::string title = rule == "UP024"_rule ? "Replace `" + text + "` with builtin `OSError`" : "Replace `" + text + "` with builtin `TimeoutError`";
  finding.fix(title, std::move(edits));
}

static void reportTuple(LintContext& context, NodeId node, Rule rule) {
  const Ast& ast = context.ast;
  std::string target(targetOf(rule));
  std::vector<std::string> kept;
  NodeId alias;
  bool has_target = false;
  for (NodeId elt : ast.as<syntax::Tuple>(node).elts()) {
    if (isAlias(context, elt, rule)) {
      if (!alias.valid()) alias = elt;
      continue;
    }
    has_target |= isBuiltin(context, elt, target);
    kept.emplace_back(ast.text(elt));
  }
  if (!alias.valid()) return;
  bool shows_alias = context.options.preview && rule == "UP024"_rule;
  auto finding = context.sink.begin(rule, ast.range(shows_alias ? alias : node));
  if (!isBuiltinAvailable(context, node, target)) return;
  if (!has_target) kept.insert(kept.begin(), target);
  std::string text = kept[0];
  if (kept.size() > 1) {
    text = "(";
    for (size_t i = 0; i < kept.size(); ++i) text += (i > 0 ? ", " : "") + kept[i];
    text += ")";
  }
  std::string title = rule == "UP024"_rule ? "Replace with builtin `OSError`" : "Replace with builtin `TimeoutError`";
  finding.fix(title, {{ast.range(node), text}});
}

static void check(LintContext& context, NodeId expr, bool allows_tuple) {
  const Ast& ast = context.ast;
  for (Rule rule : {"UP024"_rule, "UP041"_rule}) {
    if (ast.is(expr, NodeKind::kTuple)) {
      if (allows_tuple) reportTuple(context, expr, rule);
    } else if (isAlias(context, expr, rule)) {
      reportOne(context, expr, rule);
    }
  }
}

void checkErrorAliases(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (auto handler = ast.tryAs<syntax::ExceptHandler>(node)) {
    if (handler->type().valid()) check(context, handler->type(), true);
    return;
  }
  auto raise = ast.as<syntax::Raise>(node);
  if (!raise.exc().valid()) return;
  auto call = ast.tryAs<syntax::Call>(raise.exc());
  check(context, call ? call->func() : raise.exc(), false);
}

void checkErrorAliasCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto raise = ast.tryAs<syntax::Raise>(ast.parent(node));
  if (raise && raise->exc() == node) return;
  if (ast.is(call.func(), NodeKind::kName) || ast.is(call.func(), NodeKind::kAttribute)) check(context, call.func(), false);
}

}  // namespace krait::lint
