// F821: a name that nothing defines. ref: pyflakes UndefinedName
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

void checkUndefinedNames(LintContext& context) {
  if (context.model.hasStarImport()) return;
  for (NodeId node : context.tokens.nameFlow(context).undefined) {
    std::string_view name = syntax::nameText(context.ast, node);
    context.sink.begin("F821"_rule, context.ast.range(node), {name});
  }
}

}  // namespace krait::lint
