// PIE794, PIE796: class fields and enum members given twice. ref: flake8-pie
#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkDuplicateFields(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::vector<NameId> seen;
  for (NodeId statement : ast.as<syntax::ClassDef>(node).body()) {
    NodeId target, value;
    if (auto assign = ast.tryAs<syntax::Assign>(statement)) {
      if (assign->targets().size() == 1) target = assign->targets()[0];
      value = assign->value();
    } else if (auto annotated = ast.tryAs<syntax::AnnAssign>(statement)) {
      target = annotated->target();
      value = annotated->value();
    }
    if (!ast.is(target, NodeKind::kName)) continue;
    NameId name = syntax::nameOf(ast, target);
    if (ast.is(statement, NodeKind::kAssign) && mentionsName(ast, value, name)) continue;
    bool is_known = std::find(seen.begin(), seen.end(), name) != seen.end();
    if (!is_known) {
      seen.push_back(name);
      continue;
    }
    std::string text(ast.name(name));
    context.sink.begin("PIE794"_rule, ast.range(statement), {text})
        .fix("Remove duplicate field definition for `" + text + "`", {deleteStatement(context, statement)}, FixSafety::kUnsafe);
  }
}

void checkDuplicateMembers(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  bool is_enum = false;
  for (NodeId base : ast.as<syntax::ClassDef>(node).args()) {
    is_enum = is_enum || (!ast.is(base, NodeKind::kKeyword) && qualifiedName(context, base) == "enum.Enum");
  }
  if (!is_enum) return;
  std::vector<NodeId> seen;
  for (NodeId statement : ast.as<syntax::ClassDef>(node).body()) {
    auto assign = ast.tryAs<syntax::Assign>(statement);
    if (!assign) continue;
    auto call = ast.tryAs<syntax::Call>(assign->value());
    if (call && qualifiedName(context, call->func()) == "enum.auto") continue;
    bool is_known = false;
    for (NodeId value : seen) is_known = is_known || isSameExpr(ast, value, assign->value());
    if (!is_known) {
      seen.push_back(assign->value());
      continue;
    }
    std::string_view text = ast.text(assign->value());
    if (ast.is(assign->value(), NodeKind::kTuple) && text.size() > 2 && text.starts_with("(")) text = text.substr(1, text.size() - 2);
    context.sink.begin("PIE796"_rule, ast.range(statement), {text});
  }
}

}  // namespace krait::lint
