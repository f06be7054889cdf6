// TRY300: a return at the end of a try body. ref: tryceratops
#include <vector>

#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkConsiderElse(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::Try>(node);
  if (statement.body().size() < 2 || !statement.orelse().empty() || statement.handlers().empty()) return;
  auto last = ast.tryAs<syntax::Return>(statement.body().back());
  if (!last) return;
  // The value of the return may be what raises.
  if (last->value().valid() && !ast.is(last->value(), NodeKind::kName) && !ast.is(last->value(), NodeKind::kConstant)) {
    bool has_call = false;
    std::vector<NodeId> work = {last->value()};
    while (!work.empty()) {
      NodeId at = work.back();
      work.pop_back();
      has_call |= ast.is(at, NodeKind::kCall) || ast.is(at, NodeKind::kAwait) || ast.is(at, NodeKind::kSubscript);
      syntax::forEachChild(ast, at, [&](NodeId child) { work.push_back(child); });
    }
    if (has_call) return;
  }
  context.sink.begin(Rule::kTRY300, ast.range(last->id));
}

}  // namespace krait::lint
