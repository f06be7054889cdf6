// F404: `from __future__` after other statements. ref: pyflakes LateFutureImport, language reference 7.11.1
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkLateFutureImports(LintContext& context) {
  const Ast& ast = context.ast;
  bool is_late = false;
  NodeList body = syntax::bodyOf(ast, ast.root());
  NodeId docstring = syntax::docstringOf(ast, body);
  for (NodeId statement : body) {
    auto from = ast.tryAs<syntax::ImportFrom>(statement);
    bool is_future = from && from->level() == 0 && from->module().valid() && syntax::nameText(ast, from->module()) == "__future__";
    bool is_docstring = docstring.valid() && ast.parent(docstring) == statement;
    if (is_future && is_late) context.sink.begin("F404"_rule, ast.range(statement));
    is_late |= !is_future && !is_docstring;
  }
}

}  // namespace krait::lint
