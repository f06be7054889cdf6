// T100: a debugger that was left in. ref: flake8-debugger
#include <string>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isTrace(std::string_view name) {
  return isOneOf(name, {"pdb.set_trace", "pudb.set_trace", "ipdb.set_trace", "ipdb.sset_trace",
                        "IPython.terminal.embed.InteractiveShellEmbed", "IPython.frontend.terminal.embed.InteractiveShellEmbed",
                        "celery.contrib.rdb.set_trace", "builtins.breakpoint", "debugpy.breakpoint", "debugpy.listen",
                        "debugpy.wait_for_client", "ptvsd.break_into_debugger", "ptvsd.enable_attach", "ptvsd.wait_for_attach",
                        "sys.breakpointhook", "sys.__breakpointhook__"});
}

void checkDebuggerCalls(LintContext& context, NodeId node) {
  std::string name(calleeName(context, node));
  if (!isTrace(name)) return;
  std::string_view shown = name;
  SymbolId owner = context.model.ownerAt(context.ast.as<syntax::Call>(node).func());
  if (name == "builtins.breakpoint" && owner.valid() && context.model.definitions(owner).empty()) shown.remove_prefix(9);
  context.sink.begin("T100"_rule, context.ast.range(node), {shown});
}

void checkDebuggerImports(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId alias : ast.as<syntax::Import>(node).names()) {
    std::string_view name = syntax::nameText(ast, ast.as<syntax::Alias>(alias).name());
    if (isOneOf(name, {"pdb", "ipdb", "pudb", "debugpy", "ptvsd", "celery.contrib.rdb", "IPython.terminal.embed",
                       "IPython.frontend.terminal.embed"})) {
      context.sink.begin("T100Import"_rule, ast.range(node), {name});
    }
  }
}

void checkDebuggerFromImports(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::ImportFrom>(node);
  if (!statement.module().valid() || statement.level() > 0) return;
  for (NodeId alias : statement.names()) {
    std::string name(syntax::nameText(ast, statement.module()));
    name += '.';
    name += syntax::nameText(ast, ast.as<syntax::Alias>(alias).name());
    if (isTrace(name)) context.sink.begin("T100Import"_rule, ast.range(node), {name});
  }
}

}  // namespace krait::lint
