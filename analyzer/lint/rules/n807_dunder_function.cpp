// N807: a function that is named like a special method. ref: pep8-naming N807
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkDunderFunctions(LintContext& context, NodeId node) {
  std::string_view name = definedName(context.ast, node);
  if (!name.starts_with("__") || !name.ends_with("__") || isIgnoredName(context, name)) return;
  NodeId parent = context.ast.parent(node);
  while (!context.ast.is(parent, NodeKind::kModule) && !context.ast.is(parent, NodeKind::kFunctionDef)) {
    if (context.ast.is(parent, NodeKind::kClassDef)) return;
    parent = context.ast.parent(parent);
  }
  bool is_module_hook = name == "__getattr__" || name == "__dir__";
  if (is_module_hook && context.ast.is(parent, NodeKind::kModule)) return;
  context.sink.begin("N807"_rule, nameRange(context.ast, node));
}

}  // namespace krait::lint
