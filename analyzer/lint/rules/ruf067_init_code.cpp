// RUF067: code in an `__init__.py` that is more than imports and names for others.
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isModuleName(const Ast& ast, NodeId target) {
  return ast.is(target, NodeKind::kName) && isOneOf(syntax::nameText(ast, target), {"__all__", "__path__", "__version__", "__author__"});
}

static bool isTypeCheckingBlock(const LintContext& context, NodeId node) {
  auto statement = context.ast.tryAs<syntax::If>(node);
  if (!statement) return false;
  NodeId test = statement->test();
  return syntax::nameText(context.ast, test) == "TYPE_CHECKING" || isOneOf(qualifiedName(context, test), {"typing.TYPE_CHECKING", "typing_extensions.TYPE_CHECKING"});
}

static bool isAllowed(const LintContext& context, NodeId statement) {
  const Ast& ast = context.ast;
  switch (ast.kind(statement)) {
    case NodeKind::kImport:
    case NodeKind::kImportFrom: return true;
    case NodeKind::kExprStmt: return syntax::stringValue(ast, ast.as<syntax::ExprStmt>(statement).value()).has_value();
    case NodeKind::kIf: return isTypeCheckingBlock(context, statement);
    case NodeKind::kFunctionDef: return isOneOf(syntax::nameText(ast, ast.as<syntax::FunctionDef>(statement).name()), {"__getattr__", "__dir__"});
    case NodeKind::kAugAssign: return isModuleName(ast, ast.as<syntax::AugAssign>(statement).target());
    case NodeKind::kAnnAssign: return isModuleName(ast, ast.as<syntax::AnnAssign>(statement).target());
    case NodeKind::kAssign: {
      for (NodeId target : ast.as<syntax::Assign>(statement).targets()) {
        if (!isModuleName(ast, target)) return false;
      }
      return true;
    }
    default: return false;
  }
}

void checkInitCode(LintContext& context) {
  if (!context.is_init) return;
  bool is_strict = context.options.flag("ruff.strictly-empty-init-modules");
  for (NodeId statement : context.ast.as<syntax::Module>(context.ast.root()).body()) {
    TextRange range = context.ast.range(statement);
    if (is_strict) {
      context.sink.begin("RUF067Strict"_rule, range);
    } else if (!isAllowed(context, statement)) {
      context.sink.begin("RUF067"_rule, range);
    }
  }
}

}  // namespace krait::lint
