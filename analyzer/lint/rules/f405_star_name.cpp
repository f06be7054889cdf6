// F405: a name that only a star import can have brought. ref: pyflakes ImportStarUsage
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

void checkStarNames(LintContext& context) {
  if (!context.model.hasStarImport()) return;
  for (NodeId node : context.tokens.nameFlow(context).starred) {
    context.sink.begin("F405"_rule, context.ast.range(node), {syntax::nameText(context.ast, node)});
  }
}

}  // namespace krait::lint
