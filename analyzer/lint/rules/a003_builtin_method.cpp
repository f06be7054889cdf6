// A003: a method named like a builtin that the class body uses afterwards as the builtin. ref: flake8-builtins
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkBuiltinMethods(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  ScopeId scope = context.model.scopeOf(node);
  if (!scope.valid()) return;
  for (SymbolId symbol : context.model.symbolsOf(scope)) {
    if (!context.builtins.has(context.model[symbol].name) || context.model.resolve(symbol) != symbol) continue;
    for (const Reference& reference : context.model.references(symbol)) {
      NodeId method;
      for (const Definition& definition : context.model.definitions(symbol)) {
        bool is_before = ast.range(definition.owner).end <= ast.range(reference.node).begin;
        if (is_before) method = definition.kind == DefinitionKind::kFunction ? definition.owner : NodeId::none();
      }
      if (!method.valid()) continue;
      uint32_t line = context.file.lines.lineOf(ast.range(ast.as<syntax::FunctionDef>(method).name()).begin) + 1;
      context.sink.begin(Rule::kA003, ast.range(reference.node), {"method", context.model.nameOf(symbol), std::to_string(line)});
    }
  }
}

}  // namespace krait::lint
