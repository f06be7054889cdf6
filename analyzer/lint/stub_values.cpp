#include "analyzer/lint/stub_values.h"

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"

namespace krait::lint {

using syntax::ConstantKind;

bool isNumber(const Ast& ast, NodeId expr) {
  auto constant = ast.tryAs<syntax::Constant>(expr);
  return constant && (constant->constantKind() == ConstantKind::kInt || constant->constantKind() == ConstantKind::kFloat || constant->constantKind() == ConstantKind::kComplex);
}

static bool isShownAttribute(const LintContext& context, NodeId expr) {
  return isOneOf(qualifiedName(context, expr), {"sys.base_prefix", "sys.byteorder", "sys.exec_prefix", "sys.executable", "sys.hexversion",
                                                "sys.maxsize", "sys.platform", "sys.prefix", "sys.stdin", "sys.stdout", "sys.stderr",
                                                "sys.version", "sys.version_info", "sys.winver"});
}

static bool isShownValue(const LintContext& context, NodeId expr, bool is_top) {
  const Ast& ast = context.ast;
  switch (ast.kind(expr)) {
    case NodeKind::kConstant: return true;
    case NodeKind::kTuple:
    case NodeKind::kList:
    case NodeKind::kSet: {
      NodeList elements = ast.list(expr, 0);
      if (!is_top || elements.size() > 10) return false;
      for (NodeId element : elements) {
        if (!isShownValue(context, element, false)) return false;
      }
      return true;
    }
    case NodeKind::kDict: {
      auto dict = ast.as<syntax::Dict>(expr);
      if (!is_top || dict.values().size() > 10) return false;
      for (size_t i = 0; i < dict.values().size(); ++i) {
        NodeId key = dict.keys()[i];
        if (!key.valid() || !isShownValue(context, key, false) || !isShownValue(context, dict.values()[i], false)) return false;
      }
      return true;
    }
    case NodeKind::kUnaryOp: {
      auto unary = ast.as<syntax::UnaryOp>(expr);
      if (unary.op() != syntax::UnaryOperator::kUSub) return false;
      return isNumber(ast, unary.operand()) || isOneOf(qualifiedName(context, unary.operand()), {"math.inf", "math.pi", "math.e", "math.tau"});
    }
    case NodeKind::kBinOp: {
      auto sum = ast.as<syntax::BinOp>(expr);
      if (sum.op() != syntax::BinaryOp::kAdd && sum.op() != syntax::BinaryOp::kSub) return false;
      NodeId left = sum.left();
      auto unary = ast.tryAs<syntax::UnaryOp>(left);
      if (unary && unary->op() == syntax::UnaryOperator::kUSub) left = unary->operand();
      return isNumber(ast, left) && !isConstant(ast, left, ConstantKind::kComplex) && ast.text(left).size() <= 10 &&
             isConstant(ast, sum.right(), ConstantKind::kComplex);
    }
    case NodeKind::kAttribute:
      return isShownAttribute(context, expr) || isOneOf(qualifiedName(context, expr), {"math.inf", "math.nan", "math.e", "math.pi", "math.tau"});
    default: return false;
  }
}

bool isStubValue(const LintContext& context, NodeId expr) { return isShownValue(context, expr, true); }

static bool isUnionMember(const Ast& ast, NodeId expr) {
  switch (ast.kind(expr)) {
    case NodeKind::kName:
    case NodeKind::kAttribute:
    case NodeKind::kSubscript: return true;
    case NodeKind::kBinOp: return isUnionOfNames(ast, expr);
    default: return isNone(ast, expr);
  }
}

bool isUnionOfNames(const Ast& ast, NodeId expr) {
  auto both = ast.tryAs<syntax::BinOp>(expr);
  return both && both->op() == syntax::BinaryOp::kBitOr && isUnionMember(ast, both->left()) && isUnionMember(ast, both->right());
}

}  // namespace krait::lint
