#include "analyzer/lint/cells.h"

#include <algorithm>

namespace krait::lint {

static const CellStart* cellAt(const LintContext& context, NodeId statement) {
  return context.file.cellOf(context.file.lines.lineOf(context.ast.range(statement).begin) + 1);
}

bool endsCell(const LintContext& context, NodeId statement) {
  const Ast& ast = context.ast;
  if (context.file.cells.empty() || ast.parent(statement) != ast.root()) return false;
  NodeList body = syntax::bodyOf(ast, ast.root());
  auto at = std::find(body.begin(), body.end(), statement);
  if (at == body.end()) return false;
  ++at;
  return at == body.end() || cellAt(context, *at) != cellAt(context, statement);
}

bool beginsCell(const LintContext& context, NodeId before, NodeId statement) {
  return !context.file.cells.empty() && cellAt(context, before) != cellAt(context, statement);
}

}  // namespace krait::lint
