// F821: a name that nothing defines. ref: pyflakes UndefinedName
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

// Is the name one that its scope, or one around it, binds anywhere? In stubs nothing runs, so that order means nothing.
static bool isBoundSomewhere(const LintContext& context, NodeId node) {
  SymbolId symbol = context.model.lookup(context.model.enclosingScope(node), syntax::nameOf(context.ast, node));
  return symbol.valid() && context.model.isBound(context.model.resolve(symbol));
}

void checkUndefinedNames(LintContext& context) {
  for (NodeId node : context.tokens.nameFlow(context).undefined) {
    std::string_view name = syntax::nameText(context.ast, node);
    // What IPython gives to the cells of a notebook.
    if (!context.file.cells.empty() && isOneOf(name, {"display", "get_ipython", "__IPYTHON__"})) continue;
    if (context.is_stub && isBoundSomewhere(context, node)) continue;
    std::string minor = std::to_string(laterBuiltinMinor(name));
    bool is_later = minor != "0" && context.builtins.has(syntax::nameOf(context.ast, node));
    if (is_later) {
      context.sink.begin("F821Later"_rule, context.ast.range(node), {name, minor, minor});
    } else {
      context.sink.begin("F821"_rule, context.ast.range(node), {name});
    }
  }
}

}  // namespace krait::lint
