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
    NodeId method;
    for (const Definition& definition : context.model.definitions(symbol)) {
      if (definition.kind == DefinitionKind::kFunction) method = definition.owner;
    }
    if (!method.valid()) continue;
    uint32_t line = context.file.lines.lineOf(ast.range(ast.as<syntax::FunctionDef>(method).name()).begin) + 1;
    for (const Reference& reference : context.model.references(symbol)) {
      // Decorators and annotations of later methods are where the mistake is made.
      if (ast.range(reference.node).begin < ast.range(method).end) continue;
      std::string_view name = context.model.nameOf(symbol);
      context.sink.begin(Rule::kA003, ast.range(reference.node), {"method", name, std::to_string(line)});
    }
  }
}

}  // namespace krait::lint
