#include "checker/declare/scope_expressions.h"

namespace krait::declare {

static const char* forbidden(const Ast& ast, NodeId node) {
  switch (ast.kind(node)) {
    case NodeKind::kYield:
    case NodeKind::kYieldFrom: return "Yield";
    case NodeKind::kAwait: return "Await";
    case NodeKind::kNamedExpr: return "Named";
    case NodeKind::kLambda: return nullptr;
    default: break;
  }
  const char* found = nullptr;
  syntax::forEachChild(ast, node, [&](NodeId child) { found = found != nullptr ? found : forbidden(ast, child); });
  return found;
}

bool rejectScopeExpression(World& w, ModuleId module, const Ast& ast, NodeId node, std::string_view where) {
  const char* kind = forbidden(ast, node);
  if (kind == nullptr) return false;
  report(w, module, node, Code::kMisc, std::string(kind) + " expression cannot be used " + std::string(where));
  return true;
}

}  // namespace krait::declare
