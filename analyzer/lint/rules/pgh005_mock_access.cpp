// PGH005: an assertion of a mock that is named and not called. ref: pygrep-hooks
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isAssertion(std::string_view name) {
  return isOneOf(name, {"assert_any_call", "assert_called", "assert_called_once", "assert_called_once_with", "assert_called_with",
                        "assert_has_calls", "assert_not_called", "assert_awaited", "assert_awaited_once", "assert_awaited_with",
                        "assert_awaited_once_with", "assert_any_await", "assert_has_awaits", "assert_not_awaited"});
}

void checkUncalledMock(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId value = ast.as<syntax::ExprStmt>(node).value();
  NodeId named = value;
  if (auto call = ast.tryAs<syntax::Call>(value)) named = call->func();
  if (ast.is(value, NodeKind::kCall)) return;
  auto attribute = ast.tryAs<syntax::Attribute>(named);
  if (!attribute) return;
  std::string_view name = syntax::nameText(ast, attribute->attr());
  if (isAssertion(name)) context.sink.begin("PGH005"_rule, ast.range(value), {name});
}

void checkMissingMockMethod(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId test = ast.as<syntax::Assert>(node).test();
  auto call = ast.tryAs<syntax::Call>(test);
  auto attribute = ast.tryAs<syntax::Attribute>(call ? call->func() : test);
  if (!attribute) return;
  std::string_view name = syntax::nameText(ast, attribute->attr());
  if (isOneOf(name, {"any_call", "called_once", "called_once_with", "called_with", "has_calls", "not_called"})) {
    context.sink.begin("PGH005Missing"_rule, ast.range(test), {name});
  }
}

}  // namespace krait::lint
