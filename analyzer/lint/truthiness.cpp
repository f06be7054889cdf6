#include "analyzer/lint/truthiness.h"

#include "analyzer/lint/qualified_names.h"

namespace krait::lint {

using syntax::ConstantKind;

static Truth truthOfConstant(const Ast& ast, syntax::Constant constant) {
  switch (constant.constantKind()) {
    case ConstantKind::kTrue: return Truth::kTrue;
    case ConstantKind::kFalse: return Truth::kFalse;
    case ConstantKind::kNone: return Truth::kFalsy;
    case ConstantKind::kEllipsis: return Truth::kTruthy;
    case ConstantKind::kStr:
    case ConstantKind::kBytes: return ast.string(constant.payload()).empty() ? Truth::kFalsy : Truth::kTruthy;
    case ConstantKind::kInt: {
      const syntax::IntConstant& number = ast.integer(constant.payload());
      return number.fits && number.value == 0 ? Truth::kFalsy : Truth::kTruthy;
    }
    case ConstantKind::kFloat:
    case ConstantKind::kComplex: return ast.floating(constant.payload()) == 0 ? Truth::kFalsy : Truth::kTruthy;
  }
  return Truth::kUnknown;
}

static Truth truthOfElements(const Ast& ast, NodeList elements) {
  if (elements.empty()) return Truth::kFalsy;
  for (NodeId element : elements) {
    if (!ast.is(element, NodeKind::kStarred)) return Truth::kTruthy;
  }
  return Truth::kUnknown;
}

static Truth truthOfDict(syntax::Dict dict) {
  if (dict.values().empty()) return Truth::kFalsy;
  for (NodeId key : dict.keys()) {
    if (key.valid()) return Truth::kTruthy;
  }
  return Truth::kUnknown;
}

static Truth truthOfFString(const Ast& ast, syntax::JoinedStr joined) {
  bool has_field = false;
  for (NodeId part : joined.values()) {
    auto text = syntax::stringValue(ast, part);
    if (text && !text->empty()) return Truth::kTruthy;
    has_field |= !text;
  }
  return has_field ? Truth::kUnknown : Truth::kFalsy;
}

static Truth truthOfCall(const LintContext& context, syntax::Call call) {
  std::string_view name = syntax::nameText(context.ast, call.func());
  if (!isOneOf(name, {"set", "list", "tuple", "dict", "frozenset"}) || !isBuiltin(context, call.func(), name)) return Truth::kUnknown;
  if (call.args().empty()) return Truth::kFalsy;
  if (call.args().size() > 1) return Truth::kUnknown;
  NodeId arg = call.args()[0];
  switch (context.ast.kind(arg)) {
    case NodeKind::kKeyword:
    case NodeKind::kStarred:
    case NodeKind::kGeneratorExp:
    case NodeKind::kLambda: return Truth::kUnknown;
    default: break;
  }
  Truth truth = truthOf(context, arg);
  return truth == Truth::kTrue ? Truth::kTruthy : truth == Truth::kFalse ? Truth::kFalsy : truth;
}

Truth truthOf(const LintContext& context, NodeId expr) {
  const Ast& ast = context.ast;
  switch (ast.kind(expr)) {
    case NodeKind::kConstant: return truthOfConstant(ast, ast.as<syntax::Constant>(expr));
    case NodeKind::kLambda:
    case NodeKind::kTemplateStr:
    case NodeKind::kGeneratorExp: return Truth::kTruthy;
    case NodeKind::kJoinedStr: return truthOfFString(ast, ast.as<syntax::JoinedStr>(expr));
    case NodeKind::kList:
    case NodeKind::kTuple:
    case NodeKind::kSet: return truthOfElements(ast, ast.list(expr, 0));
    case NodeKind::kDict: return truthOfDict(ast.as<syntax::Dict>(expr));
    case NodeKind::kCall: return truthOfCall(context, ast.as<syntax::Call>(expr));
    default: return Truth::kUnknown;
  }
}

bool isBooleanTest(const LintContext& context, NodeId expr) {
  const Ast& ast = context.ast;
  while (true) {
    NodeId parent = ast.parent(expr);
    switch (ast.kind(parent)) {
      case NodeKind::kIf: return ast.as<syntax::If>(parent).test() == expr;
      case NodeKind::kWhile: return ast.as<syntax::While>(parent).test() == expr;
      case NodeKind::kAssert: return ast.as<syntax::Assert>(parent).test() == expr;
      case NodeKind::kIfExp: return ast.as<syntax::IfExp>(parent).test() == expr;
      case NodeKind::kMatchCase: return ast.as<syntax::MatchCase>(parent).guard() == expr;
      case NodeKind::kComprehension: {
        auto comprehension = ast.as<syntax::Comprehension>(parent);
        return comprehension.iter() != expr && comprehension.target() != expr;
      }
      case NodeKind::kUnaryOp:
        return ast.as<syntax::UnaryOp>(parent).op() == syntax::UnaryOperator::kNot;
      case NodeKind::kCall: {
        auto call = ast.as<syntax::Call>(parent);
        return !call.args().empty() && call.args()[0] == expr && isBuiltin(context, call.func(), "bool");
      }
      case NodeKind::kBoolOp: break;
      default: return false;
    }
    expr = parent;
  }
}

}  // namespace krait::lint
