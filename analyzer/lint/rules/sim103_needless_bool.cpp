// SIM103: returning True or False by a condition. ref: flake8-simplify
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static NodeId returnedBool(const Ast& ast, NodeList body) {
  if (body.size() != 1) return NodeId::none();
  auto statement = ast.tryAs<syntax::Return>(body[0]);
  return statement && statement->value().valid() && isBool(ast, statement->value()) ? statement->value() : NodeId::none();
}

void checkNeedlessBool(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::If>(node);
  NodeList other = statement.orelse();
  NodeList body = statement.body();
  NodeId last_range = node;
  if (other.size() == 1 && ast.is(other[0], NodeKind::kIf) && ast.as<syntax::If>(other[0]).isElif()) return;
  if (other.empty()) {
    NodeList block = blockOf(ast, node);
    for (size_t i = 0; i + 1 < block.size(); ++i) {
      if (block[i] == node) other = block.subspan(i + 1, 1);
    }
    if (other.empty()) return;
    last_range = other[0];
  }
  NodeId first = returnedBool(ast, body);
  NodeId second = returnedBool(ast, other);
  if (!first.valid() || !second.valid() || ast.text(first) == ast.text(second)) return;
  context.sink.begin(Rule::kSIM103, {ast.range(node).begin, ast.range(last_range).end});
}

}  // namespace krait::lint
