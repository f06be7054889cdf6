// SIM108: an if-else that assigns one name. ref: flake8-simplify
#include <string>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/physical_lines.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

static NodeId assignedName(const Ast& ast, NodeList body, NodeId& value) {
  if (body.size() != 1) return NodeId::none();
  auto assign = ast.tryAs<syntax::Assign>(body[0]);
  if (!assign || assign->targets().size() != 1 || !ast.is(assign->targets()[0], NodeKind::kName)) return NodeId::none();
  value = assign->value();
  return assign->targets()[0];
}

void checkIfExpression(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::If>(node);
  if (statement.isElif()) return;
  NodeId first, second;
  NodeId left = assignedName(ast, statement.body(), first);
  NodeId right = assignedName(ast, statement.orelse(), second);
  if (!left.valid() || !right.valid() || syntax::nameOf(ast, left) != syntax::nameOf(ast, right)) return;
  for (NodeId part : {first, second, statement.test()}) {
    NodeKind kind = ast.kind(part);
    if (kind == NodeKind::kYield || kind == NodeKind::kYieldFrom || kind == NodeKind::kAwait) return;
  }
  std::string_view test = ast.text(statement.test());
  if (asksPlatform(context, statement.test())) return;
  if (isTypingBlock(context, node)) return;
  if (test.find('\n') != std::string_view::npos) return;
  // `x = a or b` for `x = a if a else b`, where reading `a` once is reading it twice.
  bool is_or = isSameExpr(ast, first, statement.test()) && !hasEffect(context, statement.test());
  std::string text = std::string(ast.text(left)) + " = ";
  auto part = [&](NodeId expr, Operand place) { return generatedOperand(ast, expr, place); };
  if (is_or) {
    text += part(first, Operand::kOr) + " or " + part(second, Operand::kOr);
  } else {
    text += part(first, Operand::kChoice) + " if " + part(statement.test(), Operand::kChoice) + " else " + part(second, Operand::kElse);
  }
  uint32_t begin = ast.range(node).begin;
  uint32_t tab = context.options.indent_width;
  uint32_t column = lineWidth(ast.text({lineBegin(context, begin), begin}), tab);
  uint32_t line_end = nextLineBegin(context, ast.range(node).end);
  bool has_comment = false;
  for (const syntax::Comment& comment : ast.comments()) {
    has_comment |= comment.begin >= begin && comment.begin < line_end;
  }
  if (column + lineWidth(text, tab) > context.options.line_length || text.find('\n') != std::string::npos) return;
  auto finding = context.sink.begin("SIM108"_rule, ast.range(node), {is_or ? "binary" : "ternary", text});
  if (!has_comment) finding.fix("Replace `if`-`else`-block with `" + text + "`", {{ast.range(node), text}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
