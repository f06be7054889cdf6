// F632: `is` with a literal. ref: pyflakes IsLiteral
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

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
      const Token* word = &context.tokens.nextCode(ast.range(left).end);
      while (word->kind != TokenKind::kKwIs && word->begin < ast.range(right).begin) word = &context.tokens.nextCode(word->end);
      if (word->kind == TokenKind::kKwIs) {
        bool is_equal = op == CompareOperator::kIs;
        TextRange range{word->begin, is_equal ? word->end : context.tokens.nextCode(word->end).end};
        builder.fix(is_equal ? "Replace `is` with `==`" : "Replace `is not` with `!=`", {{.range = range, .replacement = is_equal ? "==" : "!="}});
      }
    }
    left = right;
  }
}

}  // namespace krait::lint
