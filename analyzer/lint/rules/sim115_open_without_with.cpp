// SIM115: a file that is opened outside a with statement. ref: flake8-simplify SIM115
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isOpener(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::string_view name = calleeName(context, node);
  if (isOneOf(name, {"builtins.open", "io.open", "io.open_code", "codecs.open", "bz2.open", "gzip.open", "lzma.open", "lzma.LZMAFile", 
                     "dbm.open", "dbm.gnu.open", "dbm.ndbm.open", "dbm.dumb.open", "dbm.sqlite3.open", "fileinput.input",
                     "fileinput.FileInput", "shelve.open", "tarfile.open",
                     "tarfile.TarFile.taropen",
                     "tempfile.TemporaryFile", "tempfile.NamedTemporaryFile", "tempfile.SpooledTemporaryFile", "tokenize.open",
                     "wave.open"})) {
    return true;
  }
  auto method = ast.tryAs<syntax::Attribute>(ast.as<syntax::Call>(node).func());
  if (!method || syntax::nameText(ast, method->attr()) != "open") return false;
  auto made = ast.tryAs<syntax::Call>(method->value());
  return made && isOneOf(qualifiedName(context, made->func()), {"pathlib.Path", "zipfile.ZipFile"});
}

// Is the node inside `with ExitStack() as stack:` (or the asynchronous one)?
static bool isUnderExitStack(const LintContext& context, NodeId node, bool is_async) {
  const Ast& ast = context.ast;
  for (NodeId at = ast.parent(node); at.valid(); at = ast.parent(at)) {
    auto with = ast.tryAs<syntax::With>(at);
    for (size_t i = 0; with && i < with->items().size(); ++i) {
      auto made = ast.tryAs<syntax::Call>(ast.as<syntax::WithItem>(with->items()[i]).contextExpr());
      std::string name = made ? qualifiedName(context, made->func()) : std::string();
      if (name == (is_async ? "contextlib.AsyncExitStack" : "contextlib.ExitStack")) return true;
    }
  }
  return false;
}

// `stack.enter_context(open(…))` inside `with ExitStack() as stack`, `self.enterContext(open(…))`, `cls.enterClassContext(open(…))`.
static bool isEntered(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(ast.parent(node));
  auto method = call ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
  if (!method || method->id == node) return false;
  std::string_view name = syntax::nameText(ast, method->attr());
  bool is_awaited = ast.is(ast.parent(call->id), NodeKind::kAwait);
  std::string_view receiver = syntax::nameText(ast, method->value());
  if (receiver == "self" && (name == "enterContext" || name == "enterAsyncContext")) return true;
  if (receiver == "cls" && name == "enterClassContext") return true;
  if (name == "enter_context") return isUnderExitStack(context, node, false);
  return name == "enter_async_context" && is_awaited && isUnderExitStack(context, node, true);
}

static bool isClosedAtOnce(const Ast& ast, NodeId node) {
  auto method = ast.tryAs<syntax::Attribute>(ast.parent(node));
  if (!method || syntax::nameText(ast, method->attr()) != "close") return false;
  auto call = ast.tryAs<syntax::Call>(ast.parent(method->id));
  return call && call->func() == method->id;
}

void checkOpenWithoutWith(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (!isOpener(context, node)) return;
  NodeId statement = statementOf(ast, node);
  NodeKind kind = ast.kind(statement);
  if (kind == NodeKind::kReturn || isClosedAtOnce(ast, node) || isEntered(context, node)) return;
  if (kind == NodeKind::kWith) return;
  NodeId function = enclosingFunction(ast, node);
  if (ast.is(function, NodeKind::kFunctionDef) && definedName(ast, function) == "__enter__") return;
  context.sink.begin("SIM115"_rule, ast.range(ast.as<syntax::Call>(node).func()));
}

}  // namespace krait::lint
