// T203: a call of pprint. ref: flake8-print
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkPprint(LintContext& context, NodeId node) {
  auto call = context.ast.as<syntax::Call>(node);
  if (qualifiedName(context, call.func()) != "pprint.pprint") return;
  context.sink.begin(Rule::kT203, context.ast.range(call.func()));
}

}  // namespace krait::lint
