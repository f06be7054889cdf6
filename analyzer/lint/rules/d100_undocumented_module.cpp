// D100: a module without docstring. ref: pydocstyle
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkModuleDocstring(LintContext& context) {
  const Ast& ast = context.ast;
  if (context.is_init || !context.file.cells.empty() || syntax::docstringOf(ast, syntax::bodyOf(ast, ast.root())).valid()) return;
  context.sink.begin("D100"_rule, {0, 0});
}

}  // namespace krait::lint
