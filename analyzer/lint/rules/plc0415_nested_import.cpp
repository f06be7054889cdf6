// PLC0415: an import that is not at the top level. ref: pylint import-outside-toplevel
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkNestedImports(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId parent = ast.parent(node); parent.valid(); parent = ast.parent(parent)) {
    NodeKind kind = ast.kind(parent);
    if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef) {
      context.sink.begin("PLC0415"_rule, ast.range(node));
      return;
    }
  }
}

}  // namespace krait::lint
