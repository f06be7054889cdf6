// SIM102: an if that holds only an if. ref: flake8-simplify
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkCollapsibleIf(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto outer = ast.as<syntax::If>(node);
  if (!outer.orelse().empty() || outer.body().size() != 1) return;
  auto inner = ast.tryAs<syntax::If>(outer.body()[0]);
  if (!inner || !inner->orelse().empty() || inner->isElif()) return;
  // Only the outermost of a chain is reported; `if __name__ == "__main__"` stays as it is.
  auto parent = ast.tryAs<syntax::If>(ast.parent(node));
  if (parent && parent->body().size() == 1 && parent->body()[0] == node && parent->orelse().empty()) return;
  if (auto compare = ast.tryAs<syntax::Compare>(outer.test());
      compare && syntax::nameText(ast, compare->left()) == "__name__") {
    return;
  }
  if (isBool(ast, outer.test())) return;
  context.sink.begin(Rule::kSIM102, {ast.range(node).begin, ast.range(inner->test()).end + 1});
}

}  // namespace krait::lint
