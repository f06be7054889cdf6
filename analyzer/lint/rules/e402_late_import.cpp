// E402: an import after other code. ref: pycodestyle module_imports_on_top_of_file
#include "analyzer/lint/imports/import_edits.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/cells.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

// Statements that do not begin the code proper: conditions and tries around imports, dunder assignments, changes of
// sys.path and os.environ.
static bool mayStandBefore(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  switch (ast.kind(node)) {
    case NodeKind::kIf:
    case NodeKind::kTry:
    case NodeKind::kWith:
    case NodeKind::kFor:
    case NodeKind::kWhile:
    case NodeKind::kMatch: return true;
    case NodeKind::kAssign: {
      auto assign = ast.as<syntax::Assign>(node);
      if (assign.targets().size() != 1) return false;
      NodeId target = assign.targets()[0];
      if (auto subscript = ast.tryAs<syntax::Subscript>(target)) {
        return qualifiedName(context, subscript->value()) == "os.environ";
      }
      return ast.is(target, NodeKind::kName) && isDunder(syntax::nameText(ast, target));
    }
    case NodeKind::kAnnAssign: {
      NodeId target = ast.as<syntax::AnnAssign>(node).target();
      return ast.is(target, NodeKind::kName) && isDunder(syntax::nameText(ast, target));
    }
    case NodeKind::kDelete: {
      auto targets = ast.as<syntax::Delete>(node).targets();
      auto subscript = ast.tryAs<syntax::Subscript>(targets.empty() ? NodeId::none() : targets[0]);
      return subscript && qualifiedName(context, subscript->value()) == "os.environ";
    }
    case NodeKind::kExprStmt: {
      auto call = ast.tryAs<syntax::Call>(ast.as<syntax::ExprStmt>(node).value());
      if (!call) return false;
      return isOneOf(qualifiedName(context, call->func()),
                     {"sys.path.append", "sys.path.insert", "sys.path.extend", "sys.path.remove", "sys.path.pop",
                      "sys.path.clear", "sys.path.reverse", "sys.path.sort", "os.environ.update", "os.environ.pop",
                      "os.environ.clear", "os.environ.setdefault", "os.environ.popitem", "os.putenv", "os.unsetenv",
                      "site.addsitedir", "pytest.importorskip", "matplotlib.use"});
    }
    default: return false;
  }
}

// In the preview an import that has its lines for itself is moved.
static void reportLate(LintContext& context, NodeId statement) {
  TextRange range = context.ast.range(statement);
  auto finding = context.sink.begin("E402"_rule, range);
  TextRange lines{lineBegin(context, range.begin), nextLineBegin(context, range.end)};
  bool is_alone = lines.begin == range.begin && context.tokens.nextCode(range.end).kind != TokenKind::kSemicolon;
  if (!context.options.preview || !is_alone) return;
  std::string text(context.ast.text(lines));
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  FixEdit moved = importAtStart(context, text);
  if (moved.range.begin >= lines.begin) return;
  finding.fix("Move module level imports to top of file", {std::move(moved), {lines, ""}}, FixSafety::kUnsafe);
}

void checkLateImports(LintContext& context) {
  const Ast& ast = context.ast;
  bool has_code = false;
  bool is_first = true;
  NodeId before = ast.root();
  for (NodeId statement : syntax::bodyOf(ast, ast.root())) {
    if (before != ast.root() && beginsCell(context, before, statement)) has_code = false;
    before = statement;
    if (ast.is(statement, NodeKind::kImport) || ast.is(statement, NodeKind::kImportFrom)) {
      if (has_code) reportLate(context, statement);
      is_first = false;
      continue;
    }
    auto expr = ast.tryAs<syntax::ExprStmt>(statement);
    bool is_docstring = expr && isConstant(ast, expr->value(), syntax::ConstantKind::kStr) && is_first;
    is_first = false;
    if (!is_docstring && !mayStandBefore(context, statement)) has_code = true;
  }
}

}  // namespace krait::lint
