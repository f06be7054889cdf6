// PIE790: pass or ... in a body that has other statements. ref: flake8-pie PIE790
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// A comment behind the placeholder stays.
static FixEdit withoutPlaceholder(const LintContext& context, NodeId statement) {
  TextRange range = context.ast.range(statement);
  if (hasComment(context.ast, {range.end, nextLineBegin(context, range.end)})) {
    uint32_t end = range.end;
    while (context.ast.text()[end] == ' ' || context.ast.text()[end] == '\t') ++end;
    if (context.ast.text()[end] == '#') return {{range.begin, end}, ""};
  }
  return deleteStatement(context, statement);
}

static void checkBody(LintContext& context, NodeList body) {
  const Ast& ast = context.ast;
  if (body.size() < 2) return;
  for (NodeId statement : body) {
    bool is_pass = ast.is(statement, NodeKind::kPass);
    auto expr = ast.tryAs<syntax::ExprStmt>(statement);
    bool is_ellipsis = expr && isEllipsis(ast, expr->value());
    if (!is_pass && !is_ellipsis) continue;
    context.sink.begin(is_pass ? "PIE790"_rule : "PIE790Ellipsis"_rule, ast.range(statement))
        .fix(is_pass ? "Remove unnecessary `pass`" : "Remove unnecessary `...`", {withoutPlaceholder(context, statement)});
  }
}

void checkUnnecessaryPlaceholders(LintContext& context) {
  const Ast& ast = context.ast;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    NodeKind kind = ast.kind(node);
    bool has_body = kind == NodeKind::kModule || kind == NodeKind::kExceptHandler || kind == NodeKind::kMatchCase ||
                    syntax::isStatement(ast, node);
    if (!has_body) continue;
    std::span<const syntax::FieldInfo> fields = syntax::fieldsOf(kind);
    for (uint32_t f = 0; f < fields.size(); ++f) {
      if (fields[f].kind != syntax::FieldKind::kList) continue;
      NodeList list = ast.list(node, f);
      if (!list.empty() && syntax::isStatement(ast, list[0])) checkBody(context, list);
    }
  }
}

}  // namespace krait::lint
