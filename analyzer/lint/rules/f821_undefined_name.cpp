// F821: a name that nothing defines. ref: pyflakes UndefinedName
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkUndefinedNames(LintContext& context) {
  if (context.model.hasStarImport()) return;
  // Without star imports all names are in the text: what a file writes into its globals() does not count.
  semantic::NameSet none;
  none.freeze();
  semantic::UndefinedNameOptions options{.star_names = context.star_names != nullptr ? context.star_names : &none, .handlers = semantic::NameErrorHandlers::kRespected};
  for (NodeId node : semantic::findUndefinedNames(context.model, context.builtins, options)) {
    std::string_view name = syntax::nameText(context.ast, node);
    bool is_configured = false;
    for (const std::string& builtin : context.options.builtins) is_configured |= builtin == name;
    if (!is_configured) context.sink.begin(Rule::kF821, context.ast.range(node), {name});
  }
}

}  // namespace krait::lint
