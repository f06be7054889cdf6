// SIM105: try-except-pass of one statement. ref: flake8-simplify
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isDottedName(const Ast& ast, NodeId expr) {
  while (auto attribute = ast.tryAs<syntax::Attribute>(expr)) expr = attribute->value();
  return ast.is(expr, NodeKind::kName);
}

void checkSuppressibleException(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::Try>(node);
  // Groups are suppressed since Python 3.12.
  if (statement.isStar() && context.options.target_minor < 12) return;
  if (statement.body().size() != 1 || statement.handlers().size() != 1) return;
  if (!statement.orelse().empty() || !statement.finalbody().empty()) return;
  NodeKind kind = ast.kind(statement.body()[0]);
  bool is_plain = kind == NodeKind::kDelete || kind == NodeKind::kAssign || kind == NodeKind::kAugAssign ||
                  kind == NodeKind::kAnnAssign || kind == NodeKind::kAssert || kind == NodeKind::kImport ||
                  kind == NodeKind::kImportFrom || kind == NodeKind::kExprStmt || kind == NodeKind::kPass;
  auto handler = ast.as<syntax::ExceptHandler>(statement.handlers()[0]);
  if (!is_plain || handler.body().size() != 1) return;
  auto ellipsis = ast.tryAs<syntax::ExprStmt>(handler.body()[0]);
  bool is_nothing = ast.is(handler.body()[0], NodeKind::kPass) || (ellipsis && isEllipsis(ast, ellipsis->value()));
  if (!is_nothing) return;
  std::string exception = "BaseException";
  if (handler.type().valid()) {
    auto tuple = ast.tryAs<syntax::Tuple>(handler.type());
    exception.clear();
    NodeId only[] = {handler.type()};
    for (NodeId type : tuple ? tuple->elts() : NodeList(only)) {
      if (!isDottedName(ast, type)) return;
      exception += (exception.empty() ? "" : ", ") + dottedText(ast, type);
    }
  }
  auto finding = context.sink.begin("SIM105"_rule, ast.range(node), {exception});
  TextRange range = ast.range(node);
  uint32_t handler_line = lineBegin(context, ast.range(statement.handlers()[0]).begin);
  if (hasComment(ast, {range.begin, nextLineBegin(context, range.end)})) return;
  std::optional<ImportedName> name = importName(context, "contextlib", "suppress", node, true);
  if (!name) return;
  std::vector<FixEdit> edits;
  if (name->edit) edits.push_back(*name->edit);
  edits.push_back({{range.begin, range.begin + 3}, "with " + name->text + "(" + exception + ")"});
  edits.push_back({{handler_line, nextLineBegin(context, range.end)}, ""});
  finding.fix("Replace `try`-`except`-`pass` with `with contextlib.suppress(" + exception + "): ...`", std::move(edits), FixSafety::kUnsafe);
}

}  // namespace krait::lint
