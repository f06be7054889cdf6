// TRY400: logging.error in a handler. ref: tryceratops
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkErrorLogging(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId func = ast.as<syntax::Call>(node).func();
  auto method = ast.tryAs<syntax::Attribute>(func);
  if (method && syntax::nameText(ast, method->attr()) != "error") return;
  if (!method && qualifiedName(context, func) != "logging.error") return;
  NodeId value = method ? method->value() : NodeId::none();
  std::string qualified = method ? qualifiedName(context, value) : "logging";
  bool is_logger = method ? isLogger(context, value) : true;
  NodeId info = keywordOf(ast, node, "exc_info");
  auto info_call = ast.tryAs<syntax::Call>(info);
  bool has_traceback = isConstant(ast, info, syntax::ConstantKind::kTrue) ||
                       (info_call && qualifiedName(context, info_call->func()) == "sys.exc_info");
  if (!is_logger || has_traceback) return;
  for (NodeId parent = ast.parent(node); parent.valid(); parent = ast.parent(parent)) {
    NodeKind kind = ast.kind(parent);
    if (kind != NodeKind::kExceptHandler) continue;
    auto finding = context.sink.begin("TRY400"_rule, ast.range(node));
    std::vector<FixEdit> edits;
    if (method) {
      edits.push_back({ast.range(method->attr()), "exception"});
    } else if (std::optional<ImportedName> imported = importName(context, "logging", "exception", node)) {
      edits.push_back({ast.range(func), imported->text});
      if (imported->edit) edits.push_back(*imported->edit);
    }
    if (!edits.empty()) finding.fix("Replace with `exception`", std::move(edits), qualified == "logging" ? FixSafety::kSafe : FixSafety::kUnsafe);
    return;
  }
}

}  // namespace krait::lint
