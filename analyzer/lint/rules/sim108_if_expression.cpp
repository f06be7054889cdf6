// SIM108: an if-else that assigns one name. ref: flake8-simplify
#include <string>

#include "analyzer/lint/rule.h"

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
    if (kind == NodeKind::kIfExp) return;
  }
  std::string_view test = ast.text(statement.test());
  if (test.find("sys.version_info") != std::string_view::npos || test.find("sys.platform") != std::string_view::npos) return;
  if (syntax::nameText(ast, statement.test()) == "TYPE_CHECKING") return;
  if (test.find('\n') != std::string_view::npos) return;
  std::string text = std::string(ast.text(left)) + " = " + std::string(ast.text(first)) + " if " + std::string(test) +
                     " else " + std::string(ast.text(second));
  uint32_t begin = ast.range(node).begin;
  uint32_t column = begin - context.file.lines.lineStart(context.file.lines.lineOf(begin));
  bool has_comment = false;
  for (const syntax::Comment& comment : ast.comments()) {
    has_comment |= comment.begin >= begin && comment.end <= ast.range(node).end;
  }
  if (column + text.size() > context.options.line_length || text.find('\n') != std::string::npos) return;
  auto finding = context.sink.begin(Rule::kSIM108, ast.range(node), {text});
  if (!has_comment) finding.fix("Replace `if`-`else`-block", {{ast.range(node), text}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
