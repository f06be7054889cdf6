// TRY003: a long message outside the exception class. ref: tryceratops
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// Text with blanks in it, in any of its forms.
static bool isLongText(const Ast& ast, NodeId node) {
  switch (ast.kind(node)) {
    case NodeKind::kConstant: {
      auto text = syntax::stringValue(ast, node);
      return text && text->find_first_of(" \t\n\r\f\v") != std::string_view::npos;
    }
    case NodeKind::kJoinedStr:
      for (NodeId part : ast.as<syntax::JoinedStr>(node).values()) {
        if (isLongText(ast, part)) return true;
      }
      return false;
    default: return false;
  }
}

void checkLongMessages(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(ast.as<syntax::Raise>(node).exc());
  if (!call || call->args().empty() || ast.is(call->args()[0], NodeKind::kKeyword)) return;
  if (qualifiedName(context, call->func()) == "builtins.NotImplementedError") return;
  if (isLongText(ast, call->args()[0])) context.sink.begin("TRY003"_rule, ast.range(call->id));
}

}  // namespace krait::lint
