// PYI011, PYI014, PYI021, PYI053, PYI054: defaults, docstrings and literals of stubs; PYI056: calls that change
// `__all__`. ref: flake8-pyi
#include <string>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::ConstantKind;

void checkAllCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto method = ast.tryAs<syntax::Attribute>(ast.as<syntax::Call>(node).func());
  if (!method || !ast.is(method->value(), NodeKind::kName) || syntax::nameText(ast, method->value()) != "__all__") return;
  std::string_view name = syntax::nameText(ast, method->attr());
  if (isOneOf(name, {"append", "extend", "remove"})) context.sink.begin("PYI056"_rule, ast.range(method->id), {"." + std::string(name) + "()"});
}

static bool isNumber(const Ast& ast, NodeId expr) {
  auto constant = ast.tryAs<syntax::Constant>(expr);
  return constant && (constant->constantKind() == ConstantKind::kInt || constant->constantKind() == ConstantKind::kFloat || constant->constantKind() == ConstantKind::kComplex);
}

static bool isShownAttribute(const LintContext& context, NodeId expr) {
  return isOneOf(qualifiedName(context, expr), {"sys.base_prefix", "sys.byteorder", "sys.exec_prefix", "sys.executable", "sys.hexversion",
                                                "sys.maxsize", "sys.platform", "sys.prefix", "sys.stdin", "sys.stdout", "sys.stderr",
                                                "sys.version_info", "sys.winver"});
}

// May a stub show the default? Constants, small displays of them, negated numbers, sums of a number and a complex one.
static bool isSimpleDefault(const LintContext& context, NodeId expr, bool is_top) {
  const Ast& ast = context.ast;
  switch (ast.kind(expr)) {
    case NodeKind::kConstant: return true;
    case NodeKind::kTuple:
    case NodeKind::kList:
    case NodeKind::kSet: {
      NodeList elements = ast.list(expr, 0);
      if (!is_top || elements.size() > 10) return false;
      for (NodeId element : elements) {
        if (!isSimpleDefault(context, element, false)) return false;
      }
      return true;
    }
    case NodeKind::kDict: {
      auto dict = ast.as<syntax::Dict>(expr);
      if (!is_top || dict.values().size() > 10) return false;
      for (size_t i = 0; i < dict.values().size(); ++i) {
        NodeId key = dict.keys()[i];
        if (!key.valid() || !isSimpleDefault(context, key, false) || !isSimpleDefault(context, dict.values()[i], false)) return false;
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
      return isNumber(ast, left) && isConstant(ast, sum.right(), ConstantKind::kComplex);
    }
    case NodeKind::kAttribute:
      return isShownAttribute(context, expr) || isOneOf(qualifiedName(context, expr), {"math.inf", "math.nan", "math.e", "math.pi", "math.tau"});
    default: return false;
  }
}

void checkStubDefaults(LintContext& context, NodeId node) {
  if (!context.is_stub) return;
  const Ast& ast = context.ast;
  auto param = ast.as<syntax::Parameter>(node);
  NodeId value = param.defaultValue();
  if (!value.valid() || isSimpleDefault(context, value, true)) return;
  Rule rule = param.annotation().valid() ? "PYI011"_rule : "PYI014"_rule;
  context.sink.begin(rule, ast.range(value)).fix("Replace default value with `...`", {{ast.range(value), "..."}});
}

static void checkStubDocstring(LintContext& context, NodeId owner) {
  const Ast& ast = context.ast;
  NodeList body = syntax::bodyOf(ast, owner);
  NodeId docstring = syntax::docstringOf(ast, body);
  if (!docstring.valid()) return;
  TextRange range = ast.range(docstring);
  bool is_only = body.size() == 1 && !ast.is(owner, NodeKind::kModule);
  FixEdit edit = is_only ? FixEdit{range, "..."} : removeStatement(context, body[0]);
  context.sink.begin("PYI021"_rule, range).fix("Remove docstring", {edit}, FixSafety::kUnsafe);
}

void checkStubDocstrings(LintContext& context) {
  if (!context.is_stub) return;
  for (uint32_t i = 0; i < context.ast.nodeCount(); ++i) {
    NodeKind kind = context.ast.kind(NodeId(i));
    if (kind == NodeKind::kModule || kind == NodeKind::kClassDef || kind == NodeKind::kFunctionDef) checkStubDocstring(context, NodeId(i));
  }
}

static bool isDocstringPlace(const Ast& ast, NodeId node) {
  NodeId statement = ast.parent(node);
  return ast.is(statement, NodeKind::kExprStmt) && syntax::docstringOf(ast, blockOf(ast, statement)) == node;
}

void checkStubLiterals(LintContext& context, NodeId node) {
  if (!context.is_stub) return;
  const Ast& ast = context.ast;
  ConstantKind kind = ast.as<syntax::Constant>(node).constantKind();
  TextRange range = ast.range(node);
  if (kind == ConstantKind::kInt && range.size() > 10) {
    context.sink.begin("PYI054"_rule, range).fix("Replace with `...`", {{range, "..."}});
  } else if (kind == ConstantKind::kFloat && range.size() > 10) {
    context.sink.begin("PYI054"_rule, range).fix("Replace with `...`", {{range, "..."}});
  } else if (kind == ConstantKind::kStr || kind == ConstantKind::kBytes) {
    std::string_view text = ast.string(ast.as<syntax::Constant>(node).payload());
    size_t size = kind == ConstantKind::kBytes ? text.size() : countUnits(text, ColumnUnit::kUtf32);
    if (size <= 50 || isDocstringPlace(ast, node) || isInAnnotation(context, node)) return;
    for (NodeId at = ast.parent(node); at.valid(); at = ast.parent(at)) {
      auto call = ast.tryAs<syntax::Call>(at);
      if (call && isOneOf(qualifiedName(context, call->func()), {"warnings.deprecated", "typing_extensions.deprecated"})) return;
    }
    context.sink.begin("PYI053"_rule, range).fix("Replace with `...`", {{range, "..."}});
  }
}

}  // namespace krait::lint
