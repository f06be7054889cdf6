// F405: a name that only a star import can have brought. ref: pyflakes ImportStarUsage
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkStarNames(LintContext& context) {
  if (!context.model.hasStarImport()) return;
  semantic::NameSet none;
  none.freeze();
  semantic::UndefinedNameOptions options{.star_names = &none};
  for (NodeId node : semantic::findUndefinedNames(context.model, context.builtins, options)) {
    context.sink.begin("F405"_rule, context.ast.range(node), {syntax::nameText(context.ast, node)});
  }
}

}  // namespace krait::lint
