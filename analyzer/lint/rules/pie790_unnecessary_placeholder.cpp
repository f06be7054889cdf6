// PIE790: pass or ... in a body that has other statements. ref: flake8-pie PIE790
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/visibility.h"

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

// Is the statement in an abstract function or a protocol, where `...` says that others write the rest?
static bool isOpenToOthers(const LintContext& context, NodeId statement) {
  const Ast& ast = context.ast;
  for (NodeId at = ast.parent(statement); at.valid(); at = ast.parent(at)) {
    if (ast.is(at, NodeKind::kFunctionDef) && isAbstract(context, at)) return true;
    auto cls = ast.tryAs<syntax::ClassDef>(at);
    for (size_t i = 0; cls && i < cls->args().size(); ++i) {
      auto generic = ast.tryAs<syntax::Subscript>(cls->args()[i]);
      if (typingName(context, generic ? generic->value() : cls->args()[i]) == "Protocol") return true;
    }
  }
  return false;
}

static void checkBody(LintContext& context, NodeList body) {
  const Ast& ast = context.ast;
  if (body.size() < 2) return;
  for (NodeId statement : body) {
    bool is_pass = ast.is(statement, NodeKind::kPass);
    auto expr = ast.tryAs<syntax::ExprStmt>(statement);
    bool is_ellipsis = expr && isEllipsis(ast, expr->value());
    if (!is_pass && (!is_ellipsis || isOpenToOthers(context, statement))) continue;
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
