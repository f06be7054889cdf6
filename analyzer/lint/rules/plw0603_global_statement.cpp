// PLW0603: a global that the function assigns. ref: pylint global-statement
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkGlobalStatements(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId name : ast.as<syntax::Global>(node).names()) {
    SymbolId symbol = context.model.symbolAt(name);
    if (!symbol.valid()) continue;
    bool is_bound = false;
    for (const Definition& definition : context.model.definitions(context.model.resolve(symbol))) {
      is_bound |= definition.symbol == symbol;
    }
    if (is_bound) context.sink.begin(Rule::kPLW0603, ast.range(name), {syntax::nameText(ast, name)});
  }
}

}  // namespace krait::lint
