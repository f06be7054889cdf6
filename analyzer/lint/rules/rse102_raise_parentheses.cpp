// RSE102: empty parentheses on a raised exception. ref: flake8-raise
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkRaiseParentheses(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(ast.as<syntax::Raise>(node).exc());
  if (!call || !call->args().empty()) return;
  NodeId func = call->func();
  // What a function returns must be called for; only names that look like classes can be raised as they are.
  std::string qualified = qualifiedName(context, func);
  bool is_builtin = qualified.starts_with("builtins.");
  SymbolId owner = ast.is(func, NodeKind::kName) ? context.model.ownerAt(func) : SymbolId::none();
  bool is_class = is_builtin;
  if (owner.valid()) {
    auto definitions = context.model.definitions(owner);
    if (!definitions.empty() && definitions.back().kind == DefinitionKind::kFunction) return;
    is_class |= !definitions.empty() && definitions.back().kind == DefinitionKind::kClass;
  }
  if (auto method = ast.tryAs<syntax::Attribute>(func); method && syntax::nameText(ast, method->value()) == "self") {
    // A method of this class that makes the exception.
    NodeId function = enclosingFunction(ast, node);
    NodeId cls = function.valid() ? classOfMethod(ast, function) : NodeId::none();
    if (cls.valid() && context.model.find(context.model.scopeOf(cls), syntax::nameOf(ast, method->attr())).valid()) return;
  }
  std::string_view last = ast.is(func, NodeKind::kAttribute)
                              ? syntax::nameText(ast, ast.as<syntax::Attribute>(func).attr())
                              : syntax::nameText(ast, func);
  if (qualified.starts_with("ctypes.WinError")) return;
  TextRange parens{ast.range(func).end, ast.range(call->id).end};
  bool is_certain = is_class || (!last.empty() && last[0] >= 'A' && last[0] <= 'Z');
  context.sink.begin(Rule::kRSE102, parens)
      .fix("Remove unnecessary parentheses", {{parens, ""}}, is_certain ? FixSafety::kSafe : FixSafety::kUnsafe);
}

}  // namespace krait::lint
