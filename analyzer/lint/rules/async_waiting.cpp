// ASYNC100, 105, 110, 115, 116: timeouts without a checkpoint, forgotten awaits, and sleeping. ref: flake8-async
#include <string>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isTimeout(std::string_view name) {
  return isOneOf(name, {"anyio.move_on_after", "anyio.fail_after", "anyio.CancelScope", "asyncio.timeout", "asyncio.timeout_at",
                        "trio.move_on_after", "trio.fail_after", "trio.move_on_at", "trio.fail_at", "trio.CancelScope"});
}

static bool hasCheckpoint(const Ast& ast, NodeId node) {
  switch (ast.kind(node)) {
    case NodeKind::kAwait: return true;
    case NodeKind::kFor:
      if (ast.as<syntax::For>(node).isAsync()) return true;
      break;
    case NodeKind::kWith:
      if (ast.as<syntax::With>(node).isAsync()) return true;
      break;
    case NodeKind::kComprehension:
      if (ast.as<syntax::Comprehension>(node).isAsync()) return true;
      break;
    case NodeKind::kFunctionDef:
    case NodeKind::kClassDef: return false;
    default: break;
  }
  bool is_found = false;
  syntax::forEachChild(ast, node, [&](NodeId child) { is_found = is_found || hasCheckpoint(ast, child); });
  return is_found;
}

void checkCancelScopes(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto with = ast.as<syntax::With>(node);
  std::string name, last;
  for (NodeId item : with.items()) {
    auto call = ast.tryAs<syntax::Call>(ast.as<syntax::WithItem>(item).contextExpr());
    if (!call) continue;
    name = qualifiedName(context, call->func());
    if (isTimeout(name)) last = name;
  }
  // Entering what follows the timeout in an `async with` is a checkpoint.
  bool is_last = name == last && ast.is(ast.as<syntax::WithItem>(with.items().back()).contextExpr(), NodeKind::kCall);
  if (last.empty() || (with.isAsync() && !is_last)) return;
  for (NodeId statement : with.body()) {
    bool yields = anyOver(ast, statement, [&](NodeId part) { return ast.is(part, NodeKind::kYield); });
    if (yields || hasCheckpoint(ast, statement)) return;
  }
  context.sink.begin("ASYNC100"_rule, ast.range(node), {last});
}

static bool isTrioCoroutine(std::string_view name) {
  return isOneOf(name, {"trio.aclose_forcefully", "trio.lowlevel.cancel_shielded_checkpoint", "trio.lowlevel.checkpoint",
                        "trio.lowlevel.checkpoint_if_cancelled", "trio.lowlevel.open_process",
                        "trio.lowlevel.permanently_detach_coroutine_object", "trio.lowlevel.reattach_detached_coroutine_object",
                        "trio.lowlevel.temporarily_detach_coroutine_object", "trio.lowlevel.wait_readable",
                        "trio.lowlevel.wait_task_rescheduled", "trio.lowlevel.wait_writable", "trio.open_file",
                        "trio.open_ssl_over_tcp_listeners", "trio.open_ssl_over_tcp_stream", "trio.open_tcp_listeners",
                        "trio.open_tcp_stream", "trio.open_unix_socket", "trio.run_process", "trio.serve_listeners",
                        "trio.serve_ssl_over_tcp", "trio.serve_tcp", "trio.sleep", "trio.sleep_forever"});
}

static void fixCall(LintContext& context, NodeId node, Rule rule, std::string_view module, std::string_view owner,
                    std::string_view name, FixSafety safety) {
  const Ast& ast = context.ast;
  auto imported = importName(context, owner, name, node, true);
  std::string title = "Replace with `" + std::string(owner) + "." + std::string(name) + "()`";
  auto finding = context.sink.begin(rule, ast.range(node), {module, module});
  if (!imported) return;
  TextRange func = ast.range(ast.as<syntax::Call>(node).func());
  std::vector<FixEdit> edits;
  if (imported->edit) edits.push_back(*imported->edit);
  edits.push_back({func, imported->text});
  edits.push_back({{func.end, ast.range(node).end}, "()"});
  finding.fix(std::move(title), std::move(edits), safety);
}

static void checkSleep(LintContext& context, NodeId node, std::string_view name) {
  const Ast& ast = context.ast;
  if (name != "trio.sleep" && name != "anyio.sleep") return;
  if (ast.as<syntax::Call>(node).args().size() != 1) return;
  std::string module(name.substr(0, name.find('.')));
  NodeId delay = argumentOf(ast, node, module == "trio" ? "seconds" : "delay", 0);
  auto constant = ast.tryAs<syntax::Constant>(delay);
  if (!constant) return;
  if (constant->constantKind() == syntax::ConstantKind::kInt) {
    const syntax::IntConstant& seconds = ast.integer(constant->payload());
    if (seconds.fits && seconds.value == 0) {
      fixCall(context, node, "ASYNC115"_rule, module, module + ".lowlevel", "checkpoint", FixSafety::kSafe);
    } else if (!seconds.fits || seconds.value > 86400) {
      fixCall(context, node, "ASYNC116"_rule, module, module, "sleep_forever", FixSafety::kUnsafe);
    }
  } else if (constant->constantKind() == syntax::ConstantKind::kFloat && ast.floating(constant->payload()) > 86400) {
    fixCall(context, node, "ASYNC116"_rule, module, module, "sleep_forever", FixSafety::kUnsafe);
  }
}

void checkAsyncCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::string name(calleeName(context, node));
  if (!name.starts_with("trio.") && !name.starts_with("anyio.")) return;
  checkSleep(context, node, name);
  if (!isTrioCoroutine(name) || ast.is(ast.parent(node), NodeKind::kAwait)) return;
  auto finding = context.sink.begin("ASYNC105"_rule, ast.range(node), {name});
  uint32_t begin = ast.range(node).begin;
  if (isInAsyncFunction(ast, node)) finding.fix("Add `await`", {{{begin, begin}, "await "}}, FixSafety::kUnsafe);
}

void checkBusyWait(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeList body = ast.as<syntax::While>(node).body();
  if (body.size() != 1) return;
  auto statement = ast.tryAs<syntax::ExprStmt>(body[0]);
  auto await = statement ? ast.tryAs<syntax::Await>(statement->value()) : std::nullopt;
  auto call = await ? ast.tryAs<syntax::Call>(await->value()) : std::nullopt;
  if (!call) return;
  std::string name = qualifiedName(context, call->func());
  if (!isOneOf(name, {"trio.sleep", "trio.sleep_until", "anyio.sleep", "anyio.sleep_until", "asyncio.sleep"})) return;
  std::string module = name.substr(0, name.find('.'));
  context.sink.begin("ASYNC110"_rule, ast.range(node), {module, module});
}

}  // namespace krait::lint
