// B006: a mutable default value. ref: flake8-bugbear B006
#include <algorithm>

#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/reindent.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/immutable_types.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isMutable(const LintContext& context, NodeId node) {
  switch (context.ast.kind(node)) {
    case NodeKind::kList:
    case NodeKind::kDict:
    case NodeKind::kSet:
    case NodeKind::kListComp:
    case NodeKind::kDictComp:
    case NodeKind::kSetComp: return true;
    case NodeKind::kCall:
      return isMutableCall(context, context.ast.as<syntax::Call>(node).func());
    default: return false;
  }
}

// `None` as the default, and the value given at the body's start: after the docstring and imports.
static std::vector<FixEdit> withoutDefault(const LintContext& context, syntax::FunctionDef function, syntax::Parameter param) {
  const Ast& ast = context.ast;
  NodeList body = function.body();
  uint32_t first = syntax::fullRange(ast, body[0]).begin;
  bool is_below = lineBegin(context, first) != lineBegin(context, ast.range(function.name()).begin) &&
                  ast.text({lineBegin(context, first), first}).find_first_not_of(" \t\f") == std::string_view::npos;
  if (!is_below) return {};
  std::vector<FixEdit> edits = {{ast.range(param.defaultValue()), "None"}};
  bool is_stub = std::all_of(body.begin(), body.end(), [&](NodeId statement) {
    auto expr = ast.tryAs<syntax::ExprStmt>(statement);
    return ast.is(statement, NodeKind::kPass) || (expr && (isStr(ast, expr->value()) || isEllipsis(ast, expr->value())));
  });
  if (is_stub) return edits;
  size_t at = 0;
  auto head = ast.tryAs<syntax::ExprStmt>(body[0]);
  if (head && isStr(ast, head->value())) ++at;
  while (at < body.size() && (ast.is(body[at], NodeKind::kImport) || ast.is(body[at], NodeKind::kImportFrom))) ++at;
  uint32_t place = at < body.size() ? lineBegin(context, syntax::fullRange(ast, body[at]).begin) : nextLineBegin(context, ast.range(body.back()).end);
  std::string indent(indentationAt(context, first)), end(lineEndText(context)), name(syntax::nameText(ast, param.name()));
  std::string text = indent + "if " + name + " is None:" + end + indent + "    " + name + " = " + inOneLine(ast.text(param.defaultValue())) + end;
  edits.push_back({{place, place}, text});
  return edits;
}

void checkMutableDefaults(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  for (NodeId id : ast.as<syntax::Parameters>(function.params()).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    NodeId value = param.defaultValue();
    if (!value.valid() || !isMutable(context, value) || isImmutableAnnotation(context, param.annotation())) continue;
    auto finding = context.sink.begin("B006"_rule, ast.range(value));
    std::vector<FixEdit> edits = withoutDefault(context, function, param);
    if (!edits.empty()) finding.fix("Replace with `None`; initialize within function", std::move(edits), FixSafety::kUnsafe);
  }
}

}  // namespace krait::lint
