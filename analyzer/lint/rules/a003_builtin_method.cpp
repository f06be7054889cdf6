// A003: a method or attribute named like a builtin that the class body uses afterwards as the builtin. ref: flake8-builtins
#include "analyzer/lint/builtin_names.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static void report(LintContext& context, SymbolId symbol, NodeId use, const Definition& attribute) {
  const Ast& ast = context.ast;
  bool is_method = attribute.kind == DefinitionKind::kFunction;
  bool is_variable = attribute.kind == DefinitionKind::kAssign || attribute.kind == DefinitionKind::kAnnAssign ||
                     attribute.kind == DefinitionKind::kAnnotation || attribute.kind == DefinitionKind::kAugAssign;
  if (!is_method && !is_variable) return;
  NodeId name = is_method ? ast.as<syntax::FunctionDef>(attribute.owner).name() : attribute.node;
  uint32_t line = context.file.lines.lineOf(ast.range(name).begin) + 1;
  context.sink.begin("A003"_rule, ast.range(use), {is_method ? "method" : "class attribute", context.model.nameOf(symbol), std::to_string(line)});
}

void checkBuiltinMethods(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  ScopeId scope = context.model.scopeOf(node);
  if (!scope.valid()) return;
  for (SymbolId symbol : context.model.symbolsOf(scope)) {
    if (!isShadowedBuiltin(context, context.model[symbol].name) || context.model.resolve(symbol) != symbol) continue;
    std::vector<NodeId> uses;
    for (const Reference& reference : context.model.references(symbol)) uses.push_back(reference.node);
    // `id += 1` reads what it adds to, `del id` what it takes away.
    for (const Definition& definition : context.model.definitions(symbol)) {
      bool is_use = definition.kind == DefinitionKind::kAugAssign || definition.kind == DefinitionKind::kDelete;
      if (is_use) uses.push_back(definition.node);
    }
    for (NodeId use : uses) {
      // The definition before it, and those that take its place later: they inherit its uses.
      std::vector<const Definition*> attributes;
      for (const Definition& definition : context.model.definitions(symbol)) {
        bool is_before = ast.range(definition.owner).end <= ast.range(use).begin;
        if (is_before) attributes.clear();
        if (!is_before && definition.kind == DefinitionKind::kDelete) break;
        if (is_before || !attributes.empty()) attributes.push_back(&definition);
      }
      for (size_t i = attributes.size(); i-- > 0;) report(context, symbol, use, *attributes[i]);
    }
  }
}

}  // namespace krait::lint
