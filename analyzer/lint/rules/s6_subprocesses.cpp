// S602, S603, S604, S605, S606, S607, S609: starting programs. ref: bandit B602 to B607
#include "analyzer/base/unicode/character.h"
#include "analyzer/base/unicode/utf8.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/truthiness.h"

namespace krait::lint {

namespace {
enum class Starter : uint8_t { kNone, kSubprocess, kShell, kNoShell };
}  // namespace

static Starter starterOf(std::string_view name) {
  if (name.starts_with("subprocess.")) {
    name.remove_prefix(11);
    if (isOneOf(name, {"Popen", "call", "check_call", "check_output", "run"})) return Starter::kSubprocess;
    return isOneOf(name, {"getoutput", "getstatusoutput"}) ? Starter::kShell : Starter::kNone;
  }
  if (isOneOf(name, {"popen2.popen2", "popen2.popen3", "popen2.popen4", "popen2.Popen3", "popen2.Popen4",
                     "commands.getoutput", "commands.getstatusoutput"})) {
    return Starter::kShell;
  }
  if (!name.starts_with("os.")) return Starter::kNone;
  name.remove_prefix(3);
  if (isOneOf(name, {"system", "popen", "popen2", "popen3", "popen4"})) return Starter::kShell;
  bool is_bare = isOneOf(name, {"execl", "execle", "execlp", "execlpe", "execv", "execve", "execvp", "execvpe", "spawnl", "spawnle",
                                "spawnlp", "spawnlpe", "spawnv", "spawnve", "spawnvp", "spawnvpe", "startfile"});
  return is_bare ? Starter::kNoShell : Starter::kNone;
}

// Literals, and one list or tuple of them.
static bool isTrusted(const LintContext& context, NodeId expr, bool is_whole = true) {
  const Ast& ast = context.ast;
  if (isStr(ast, expr) || qualifiedName(context, expr) == "sys.executable") return true;
  if (!is_whole) return false;
  if (!ast.is(expr, NodeKind::kList) && !ast.is(expr, NodeKind::kTuple)) {
    auto named = ast.tryAs<syntax::NamedExpr>(expr);
    return named && isTrusted(context, named->value());
  }
  for (NodeId element : ast.list(expr, 0)) {
    if (!isTrusted(context, element, false)) return false;
  }
  return true;
}

static void checkSubprocess(LintContext& context, NodeId node, NodeId first, TextRange func) {
  const Ast& ast = context.ast;
  NodeId shell = keywordOf(ast, node, "shell");
  Truth truth = shell.valid() ? truthOf(context, shell) : Truth::kUnknown;
  bool is_safe = isStr(ast, first);
  if (truth == Truth::kTrue) {
    context.sink.begin(is_safe ? "S602Safe"_rule : "S602"_rule, func);
  } else if (truth == Truth::kTruthy) {
    context.sink.begin(is_safe ? "S602TruthySafe"_rule : "S602Truthy"_rule, func);
  } else if (!isTrusted(context, first)) {
    context.sink.begin("S603"_rule, func);
  }
}

// A program that is looked up in PATH.
static bool isPartialPath(const Ast& ast, NodeId expr) {
  if (ast.is(expr, NodeKind::kList) || ast.is(expr, NodeKind::kTuple)) {
    NodeList elements = ast.list(expr, 0);
    return !elements.empty() && isStr(ast, elements[0]) && isPartialPath(ast, elements[0]);
  }
  auto text = syntax::stringValue(ast, expr);
  if (!text) return false;
  if (text->empty()) return true;
  char c = (*text)[0];
  size_t behind = 0;
  bool is_drive = unicode::isAlpha(unicode::decodeUtf8(*text, behind)) && text->substr(behind).starts_with(':');
  return c != '/' && c != '\\' && c != '.' && !is_drive;
}

// A star that the shell replaces by names of files, which a program may read as its options.
static bool hasWildcard(const Ast& ast, NodeId command) {
  bool has_star = false, has_program = false;
  auto look = [&](NodeId part) {
    auto text = syntax::stringValue(ast, part);
    if (!text) return;
    has_star |= text->find('*') != std::string_view::npos;
    for (std::string_view program : {"chown", "chmod", "tar", "rsync"}) has_program |= text->find(program) != std::string_view::npos;
  };
  if (ast.is(command, NodeKind::kList)) {
    for (NodeId element : ast.list(command, 0)) look(element);
  } else {
    look(command);
  }
  return has_star && has_program;
}

static Truth shellTruth(const LintContext& context, NodeId call) {
  NodeId shell = keywordOf(context.ast, call, "shell");
  return shell.valid() ? truthOf(context, shell) : Truth::kUnknown;
}

static void checkShell(LintContext& context, NodeId node, Starter starter, NodeId first, TextRange func) {
  const Ast& ast = context.ast;
  Truth truth = shellTruth(context, node);
  if (starter != Starter::kSubprocess && truth == Truth::kTrue) context.sink.begin("S604"_rule, func);
  if (starter != Starter::kSubprocess && truth == Truth::kTruthy) context.sink.begin("S604Truthy"_rule, func);
  if (!first.valid()) return;
  if (starter == Starter::kShell) context.sink.begin(isStr(ast, first) ? "S605Safe"_rule : "S605"_rule, func);
  bool uses_shell = starter == Starter::kShell || (starter == Starter::kSubprocess && isTruthy(truth));
  if (uses_shell && hasWildcard(ast, first)) context.sink.begin("S609"_rule, ast.range(first));
}

void checkSubprocesses(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  Starter starter = starterOf(calleeName(context, node));
  auto call = ast.as<syntax::Call>(node);
  TextRange func = ast.range(call.func());
  if (starter == Starter::kNone) return checkShell(context, node, starter, NodeId::none(), func);
  NodeId first;
  for (NodeId arg : call.args()) {
    if (!ast.is(arg, NodeKind::kKeyword)) {
      first = arg;
      break;
    }
  }
  if (!first.valid() && starter == Starter::kSubprocess) first = keywordOf(ast, node, "args");
  checkShell(context, node, starter, first, func);
  if (starter == Starter::kNoShell) context.sink.begin("S606"_rule, func);
  if (!first.valid()) return;
  if (starter == Starter::kSubprocess) checkSubprocess(context, node, first, func);
  if (isPartialPath(ast, first)) context.sink.begin("S607"_rule, ast.range(first));
}

}  // namespace krait::lint
