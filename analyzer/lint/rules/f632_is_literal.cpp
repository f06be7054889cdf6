// F632: `is` with a literal. ref: pyflakes IsLiteral
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::CompareOperator;
using syntax::ConstantKind;

// A str, bytes or number, a tuple of them, or a display of a list, dict or set.
static bool isLiteral(const Ast& ast, NodeId node) {
  switch (ast.kind(node)) {
    case NodeKind::kConstant: {
      ConstantKind kind = ast.as<syntax::Constant>(node).constantKind();
      return kind != ConstantKind::kNone && kind != ConstantKind::kTrue && kind != ConstantKind::kFalse && kind != ConstantKind::kEllipsis;
    }
    case NodeKind::kTuple:
      for (NodeId element : ast.as<syntax::Tuple>(node).elts()) {
        if (!ast.is(element, NodeKind::kConstant)) return false;
      }
      return true;
    case NodeKind::kList:
    case NodeKind::kDict:
    case NodeKind::kSet:
    case NodeKind::kListComp:
    case NodeKind::kDictComp:
    case NodeKind::kSetComp: return true;
    default: return false;
  }
}

void checkIsLiteral(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  syntax::Compare compare = ast.as<syntax::Compare>(node);
  NodeId left = compare.left();
  for (size_t i = 0; i < compare.comparators().size(); ++i) {
    NodeId right = compare.comparators()[i];
    auto op = static_cast<CompareOperator>(compare.ops()[i].value);
    bool is_identity = op == CompareOperator::kIs || op == CompareOperator::kIsNot;
    if (is_identity && (isLiteral(ast, left) || isLiteral(ast, right))) {
      Rule rule = op == CompareOperator::kIs ? "F632Is"_rule : "F632IsNot"_rule;
      DiagnosticBuilder builder = context.sink.begin(rule, ast.range(node));
      TextRange between{ast.range(left).end, ast.range(right).begin};
      size_t word = ast.text(between).find("is");
      std::string_view text = ast.text(between);
      size_t end = text.find_last_not_of(" \t(") + 1;
      if (word != std::string_view::npos && text.find('#') == std::string_view::npos) {
        TextRange range{between.begin + static_cast<uint32_t>(word), between.begin + static_cast<uint32_t>(end)};
        bool is_equal = op == CompareOperator::kIs;
        builder.fix(is_equal ? "Replace `is` with `==`" : "Replace `is not` with `!=`", {{.range = range, .replacement = is_equal ? "==" : "!="}});
      }
    }
    left = right;
  }
}

}  // namespace krait::lint
