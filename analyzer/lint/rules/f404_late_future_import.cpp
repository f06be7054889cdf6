// F404: `from __future__` after other statements. ref: pyflakes LateFutureImport, language reference 7.11.1
#include <algorithm>

#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isFuture(const Ast& ast, NodeId statement) {
  auto from = ast.tryAs<syntax::ImportFrom>(statement);
  return from && from->level() == 0 && from->module().valid() && syntax::nameText(ast, from->module()) == "__future__";
}

void checkLateFutureImports(LintContext& context) {
  const Ast& ast = context.ast;
  NodeList body = syntax::bodyOf(ast, ast.root());
  NodeId docstring = syntax::docstringOf(ast, body);
  uint32_t begin = static_cast<uint32_t>(ast.text().size());  // of the first other statement
  for (NodeId statement : body) {
    bool is_docstring = docstring.valid() && ast.parent(docstring) == statement;
    if (!isFuture(ast, statement) && !is_docstring) begin = std::min(begin, ast.range(statement).begin);
  }
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    TextRange range = ast.range(NodeId(i));
    if (range.begin >= begin && isFuture(ast, NodeId(i))) context.sink.begin("F404"_rule, range);
  }
}

}  // namespace krait::lint
