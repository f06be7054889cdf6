// A001: a variable named like a builtin. ref: flake8-builtins
#include "analyzer/lint/rule.h"
#include "analyzer/lint/builtin_names.h"

namespace krait::lint {

void checkBuiltinVariables(LintContext& context) {
  const Ast& ast = context.ast;
  for (const Definition& definition : context.model.allDefinitions()) {
    DefinitionKind kind = definition.kind;
    bool is_other = kind == DefinitionKind::kParameter || kind == DefinitionKind::kImport ||
                    kind == DefinitionKind::kImportFrom || kind == DefinitionKind::kDelete ||
                    kind == DefinitionKind::kTypeParam || kind == DefinitionKind::kPattern;
    if (is_other) continue;
    const Symbol& symbol = context.model[definition.symbol];
    // What a class body assigns or defines are its attributes: A003's business.
    bool is_attribute = kind == DefinitionKind::kAssign || kind == DefinitionKind::kAnnAssign || kind == DefinitionKind::kAnnotation || kind == DefinitionKind::kAugAssign ||
                        kind == DefinitionKind::kFunction || kind == DefinitionKind::kTypeAlias;
    if (is_attribute && context.model[symbol.scope].kind == ScopeKind::kClass) continue;
    if (!isShadowedBuiltin(context, symbol.name) || isModuleDunder(ast.name(symbol.name))) continue;
    context.sink.begin("A001"_rule, ast.range(definition.node), {ast.name(symbol.name)});
  }
}

}  // namespace krait::lint
