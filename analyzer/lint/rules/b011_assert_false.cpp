// B011: assert False. ref: flake8-bugbear B011
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkAssertFalse(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::Assert>(node);
  if (!isConstant(ast, statement.test(), syntax::ConstantKind::kFalse)) return;
  std::string text = "raise AssertionError(";
  if (statement.msg().valid()) text += generatedOperand(ast, statement.msg(), Operand::kArgument);
  text += ")";
  context.sink.begin("B011"_rule, ast.range(statement.test()))
      .fix("Replace `assert False`", {{ast.range(node), text}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
