// S101: an assert statement. ref: bandit B101
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkAsserts(LintContext& context, NodeId node) {
  context.sink.begin(Rule::kS101, keywordRange(context.ast, node, 6));
}

}  // namespace krait::lint
